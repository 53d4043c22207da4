"""Dates written out: their parts, and which of them is the day where the values tell, else a question."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from irlcore.tracks.options import Options, Question
from irlcore.tracks.times.parts import Cells, days_since_1970

MONTHS = ("january jan janvier janv januar januari enero ene gennaio gen janeiro", "february feb fevrier fevr februar febrero febbraio"
          " februari fev fevereiro", "march mar mars marz maerz marzo maart mrt marts marco mrz", "april apr avril avr abril abr aprile",
          "may mai mei maj mayo maggio mag maio", "june jun juin juni junio giugno giu junho",
          "july jul juillet juil juli julio luglio lug julho", "august aug aout agosto ago augustus augusti",
          "september sep sept septembre septiembre settembre set setembro", "october oct octobre oktober okt octubre ottobre ott outubro",
          "november nov novembre noviembre novembro", "december dec decembre dezember dez diciembre dic dicembre dezembro desember des")
MONTH = {name: k + 1.0 for k, names in enumerate(MONTHS) for name in names.split()}
ACCENTS = str.maketrans("äáàâãéèêëíìîóòôöúùûüç", "aaaaaeeeeiiioooouuuuc")
TOGETHER_D, APART_D = 62.0, 700.0
TURN = 69  # a year of two digits is of this century below, of the last from here on

THREE = r"^(?P<a>\d{1,4})(?P<s>[-/.])(?P<b>\d{1,2})[-/.](?P<c>\d{1,4})$"
YEAR_FIRST = r"^(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})$"
DIGITS = r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})$"
OF_YEAR = r"^(?P<y>\d{4})-(?P<d>\d{3})$"
OF_WEEK = r"^(?P<y>\d{4})-?W(?P<w>\d{2})-?(?P<d>[1-7])$"
NAMED = (r"^(?P<d>\d{1,2})(?:st|nd|rd|th)?[-/., ]*(?P<m>[\p{L}]{3,})[-/., ]*(?P<y>\d{4}|\d{2})$",
         r"^(?P<m>[\p{L}]{3,})[-/., ]*(?P<d>\d{1,2})(?:st|nd|rd|th)?[-/, ]+(?P<y>\d{4}|\d{2})$",
         r"^(?P<y>\d{4})[-/. ]*(?P<m>[\p{L}]{3,})[-/. ]*(?P<d>\d{1,2})$")
ORDERS = {"day first": "dmy", "month first": "mdy", "year first": "ymd"}
Rows = Callable[[np.ndarray], np.ndarray]


def read_dates(texts: pa.Array, cells: Cells, options: Options, halves: bool, in_rows: Rows) -> tuple[np.ndarray, list[str]]:
    """Distinct dates written out ((n,) text) as (n,) float64 days since 1970, NaN where they cannot be read; and what was assumed.

    in_rows: of a value for each of them, those of the rows of the column, one after the other. halves: times are AM and PM.
    Raises a Question about "time" where day and month cannot be told apart.
    """
    days = np.full(len(texts), np.nan)
    said: list[str] = []
    for pattern in (YEAR_FIRST, DIGITS):
        found = _columns(texts, pattern, "ymd")
        days = np.where(np.isnan(days), days_since_1970(found[0], found[1], found[2]), days)
    year, of_year = _columns(texts, OF_YEAR, "yd")
    leap = np.isfinite(days_since_1970(year, 2.0 + 0 * year, 29.0 + 0 * year))
    days = np.where((of_year >= 1) & (of_year <= 365 + leap), days_since_1970(year, 1.0 + 0 * year, 1.0 + 0 * year) + of_year - 1, days)
    days = np.where(np.isnan(days), _of_week(*_columns(texts, OF_WEEK, "ywd")), days)
    short = np.zeros(len(texts), bool)
    for pattern in NAMED:
        fields = pc.extract_regex(texts, pattern)
        year, two = _years(_field(fields, "y"))
        named = days_since_1970(year, _months(_field(fields, "m")), _numbers(_field(fields, "d")))
        if (new := np.isnan(days) & np.isfinite(named) & two).any():
            said.append(f"The number before the month is its day ({cells.at(new)}).")
        short |= new
        days = np.where(np.isnan(days), named, days)
    others = days  # dates that are known tell which reading of the rest lies near

    def rows(values: np.ndarray) -> np.ndarray:
        return in_rows(np.where(np.isnan(others), values, others))

    three, two = _three(texts, cells, options, rows, halves, said)
    short |= np.isnan(days) & np.isfinite(three) & two
    days = np.where(np.isnan(days), three, days)
    if short.any():
        said.append(f"Years of two digits are from {1900 + TURN} to {1999 + TURN}.")
    return days, said


def _three(texts: pa.Array, cells: Cells, options: Options, rows: Rows, halves: bool, said: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Days of dates of three numbers, of which the first is no year of four digits; and where the year has two."""
    fields = pc.extract_regex(texts, THREE)
    a, b, c = (_field(fields, part) for part in "abc")
    sign = np.array(_field(fields, "s").to_pylist(), object)
    lengths = [pc.fill_null(pc.utf8_length(part), 0).to_numpy(zero_copy_only=False) for part in (a, c)]
    numbers = dict(zip("abc", (_numbers(part) for part in (a, b, c)), strict=True))
    days = np.full(len(texts), np.nan)
    two = (lengths[1] == 2) & (lengths[0] <= 2)
    for length, where_two in ((4, False), (2, True)):
        for separator in "/.-":
            group = (sign == separator) & (lengths[1] == length) & (lengths[0] <= 2)
            if group.any():
                found = {order: np.where(group, _in_order(numbers, letters, where_two), np.nan) for order, letters in ORDERS.items()
                         if where_two or order != "year first"}
                days = np.where(group, _chosen(found, group, cells, options, rows, halves, said), days)
    return days, two


def _in_order(numbers: dict[str, np.ndarray], letters: str, two: bool) -> np.ndarray:
    part = dict(zip(letters, "abc", strict=True))
    year = numbers[part["y"]]
    year = np.where(year < TURN, year + 2000, year + 1900) if two else year
    return days_since_1970(year, numbers[part["m"]], numbers[part["d"]])


def _chosen(found: dict[str, np.ndarray], group: np.ndarray, cells: Cells, options: Options, rows: Rows, halves: bool,
            said: list[str]) -> np.ndarray:
    """The days of one way of writing, by what was chosen or by the one order that fits all of them."""
    if options.time in found:
        return found[options.time]
    dates = np.logical_or.reduce([np.isfinite(days) for days in found.values()])
    if not dates.any():
        return np.full(len(group), np.nan)
    fit = [order for order, days in found.items() if np.isfinite(days[dates]).all()]
    fit = _near(fit, found, dates)
    if len(fit) == 1 or (fit and all(np.array_equal(found[fit[0]][dates], found[order][dates]) for order in fit)):
        telling = np.logical_and.reduce([np.isnan(days) | (order == fit[0]) for order, days in found.items()]) & dates
        if not all(np.array_equal(found[fit[0]][dates], days[dates]) for days in found.values()):
            if not telling.any():
                telling = np.logical_or.reduce([np.isnan(days) for days in found.values()]) & dates
            said.append(f"Dates are {fit[0]} ({cells.at(telling if telling.any() else dates)}).")
        return found[fit[0]]
    choices = sorted(fit or found, key=lambda order: (_way(rows(found[order])), order != ("month first" if halves else "day first")))
    if fit:
        example, what = dates, f"The dates of {cells.name} do not say which number is the day"
        example = dates & (np.ptp([found[order] for order in fit], axis=0) > 0)
    else:
        example, what = dates & np.isnan(found[choices[0]]), f"The dates of {cells.name} are of more than one kind"
    first = int(np.argmax(np.where(example, -cells.rows, -np.inf)))
    day = {order: _words(found[order][first]) for order in choices if np.isfinite(found[order][first])}
    raise Question(f"{what} ({cells.at(example)}).", "Choose how they read.", "time",
                   {order: f"{order.capitalize()}" + (f": {day[order]}" if order in day else "") for order in choices})


def _near(fit: list[str], found: dict[str, np.ndarray], dates: np.ndarray) -> list[str]:
    """Of orders that all fit, those by which the dates lie together, where by others their days are years apart: no one's days are the
    24th of March in a row of years. Day and month are never told apart by that."""
    if "year first" not in fit or len(fit) < 2 or dates.sum() < 3:
        return fit
    span = {order: float(np.ptp(found[order][dates])) for order in fit}
    year_first, others = span["year first"], [order for order in fit if order != "year first"]
    if year_first > APART_D and min(span[order] for order in others) < TOGETHER_D:
        return others
    return ["year first"] if year_first < TOGETHER_D and min(span[order] for order in others) > APART_D else fit


def _words(day: float) -> str:
    """5 March 2024, of days since 1970."""
    year, month, number = str(np.datetime64(int(day), "D")).split("-")
    return f"{int(number)} {MONTHS[int(month) - 1].split()[0].capitalize()} {year}"


def _way(days: np.ndarray) -> float:
    """How many days the rows go back and forth: of two readings the true one goes less."""
    known = days[np.isfinite(days)]
    return float(np.abs(np.diff(known)).sum()) if len(known) * 2 > len(days) else np.inf


def _of_week(year: np.ndarray, week: np.ndarray, day: np.ndarray) -> np.ndarray:
    fourth = days_since_1970(year, 1.0 + 0 * year, 4.0 + 0 * year)  # 4 January is always in week 1
    found = fourth - (fourth + 3) % 7 + (week - 1) * 7 + day - 1
    return np.where((week >= 1) & (week <= 53), found, np.nan)


def _columns(texts: pa.Array, pattern: str, parts: str) -> list[np.ndarray]:
    fields = pc.extract_regex(texts, pattern)
    return [_numbers(_field(fields, part)) for part in parts]


def _field(fields: pa.StructArray, name: str) -> pa.Array:
    return pc.struct_field(fields, name)


def _numbers(texts: pa.Array) -> np.ndarray:
    empty = pc.equal(texts, "")
    return pc.if_else(empty, None, texts).cast(pa.float64()).to_numpy(zero_copy_only=False)


def _years(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    year = _numbers(texts)
    two = pc.fill_null(pc.equal(pc.utf8_length(texts), 2), False).to_numpy(zero_copy_only=False)
    return np.where(two, np.where(year < TURN, year + 2000, year + 1900), year), two


def _months(texts: pa.Array) -> np.ndarray:
    coded = texts.dictionary_encode()
    known = np.array([MONTH.get(re.sub(r"[^a-z]", "", (name or "").lower().translate(ACCENTS)), np.nan) for name in
                      coded.dictionary.to_pylist()] + [np.nan])
    return known[coded.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)]

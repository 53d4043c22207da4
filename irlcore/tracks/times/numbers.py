"""Numbers as times: seconds or a smaller unit since 1970, digits of a date (20240304081000), days of a spreadsheet and their like, or
counts."""

from __future__ import annotations

from typing import NoReturn

import numpy as np

from irlcore.tracks.bounds import FAR
from irlcore.tracks.options import Options, Question
from irlcore.tracks.times.parts import (
    CLOCK,
    COUNT,
    DATE,
    DAY,
    DAY_S,
    FIRST_YEAR,
    LATEST_S,
    MOST,
    NONE,
    Cells,
    Parts,
    days_since_1970,
    parts_of,
)
from irlcore.tracks.times.serials import SERIALS, SINCE, UNTIL, likely_serials, likely_ticks, serial_parts

PER_S = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}
NAMES = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}
BY_SIZE = "by size"
HOW = "Choose how they read."
AS_COUNTS = "Seconds from a start of their own, no dates"
LEAST_DIGITS = 19_000_000
DIGITS = (8, 10, 12, 14, 17)  # of a compact date: alone, with hours, minutes, seconds, thousandths

MANY = 100  # distinct numbers, of which none fails to be digits of a time of day
LONGEST_DAY_S = 360_000.0  # as texts of times of day may go, up to 100 hours
CLOCKS = {"hhmm": "Digits without seconds, 810 is 8:10", "digits of the day": "Digits, 81000 is 8:10:00",
          "time of day": "Seconds since midnight"}


def read_numbers(numbers: np.ndarray, cells: Cells, options: Options, clock: bool = False) -> Parts:
    """Numbers ((n,) float64 or int64, NaN where none) as times. clock: they are the time of day that belongs to a column of dates.

    Raises a Question about "time" where they can be read in more than one way, or are of several units.
    """
    if numbers.dtype.kind == "f" and (beyond := ~(np.abs(numbers) <= FAR)).any():
        numbers = np.where(beyond, np.nan, numbers)
    if clock:
        return _clock(numbers, cells, options)
    if (asked := _as_asked(numbers, options.time)) is not None:
        return asked
    if len(numbers):
        low, high = float(numbers.min()), float(numbers.max())  # NaN where any is: not told so quickly
        for unit, per_s in PER_S.items():
            if low / per_s >= SINCE and high / per_s < UNTIL and (unit != "s" or high < FIRST_YEAR * 1e6):
                if ticks := likely_ticks(np.array([low, high])):
                    _ask(ticks, {unit: f"{NAMES[unit].capitalize()} since 1970"}, f"{NAMES[unit]} since 1970", cells,
                         np.ones(len(numbers), bool))
                return _since_1970(numbers, unit)
        if low > -SINCE and high < LEAST_DIGITS:
            return _counts(numbers, np.broadcast_to(True, (len(numbers),)), cells)
    return _by_share(numbers, cells)


def _since_1970(numbers: np.ndarray, unit: str, wanted: np.ndarray | None = None) -> Parts:
    value = numbers / PER_S[unit]
    said = [f"Times are {NAMES[unit]} since 1970."] if unit != "s" else []
    return parts_of(DATE, value if wanted is None else np.where(wanted, value, np.nan), 0.0, said)


def _as_asked(numbers: np.ndarray, time: str) -> Parts | None:
    """As was chosen; None where nothing was that applies to numbers like these: it may have been about another table."""
    if time in PER_S:
        value = numbers / PER_S[time]
        dates = (value >= SINCE) & (value < UNTIL)
        if dates.sum() * 2 > np.isfinite(value).sum():
            return _since_1970(numbers, time, dates)  # the others are of another unit
        if (value > LATEST_S).sum() * 2 > np.isfinite(value).sum():
            return None
        return parts_of(COUNT, value, said=[f"Times are counted {NAMES[time]}, no dates."])
    asked = _in_form(numbers, time)
    return None if asked is None or (asked.kind != NONE).sum() * 2 < np.isfinite(numbers).sum() else asked


def _in_form(numbers: np.ndarray, time: str) -> Parts | None:
    if time == BY_SIZE:
        value = np.full(len(numbers), np.nan)
        for per_s in PER_S.values():
            value = np.where((numbers / per_s >= SINCE) & (numbers / per_s < UNTIL), numbers / per_s, value)
        return parts_of(DATE, value, 0.0, ["Each time is seconds, milliseconds, microseconds or nanoseconds since 1970, by its size."])
    if time in SERIALS:
        return serial_parts(numbers, time)
    if time == "compact":
        value, days = _compact(numbers)
        return parts_of(np.where(days, DAY, DATE), value)
    if time == "digits of the day":
        return parts_of(CLOCK, _digits_of_day(numbers))
    if time == "hhmm":
        return parts_of(CLOCK, _digits_of_day(numbers * 100))
    if time == "time of day":
        return _fraction(numbers) or parts_of(CLOCK, np.where((numbers >= 0) & (numbers < LONGEST_DAY_S), numbers, np.nan))
    return parts_of(COUNT, numbers.astype(np.float64)) if time == "counted" else None


def _by_share(numbers: np.ndarray, cells: Cells) -> Parts:
    """By what most of the numbers can be: dates of one unit, dates in digits, or neither."""
    finite = np.isfinite(numbers)
    n = int(finite.sum())
    fits = {unit: finite & (numbers / per_s >= SINCE) & (numbers / per_s < UNTIL) for unit, per_s in PER_S.items()}
    value, days = _compact(numbers)
    fits["compact"] = np.isfinite(value) & (value >= SINCE) & (value < UNTIL)
    share = {name: where.sum() / n for name, where in fits.items() if n and where.any()}
    among = np.logical_or.reduce([fits[name] for name in PER_S])
    likely = [name for name in sorted(share, key=lambda one: -share[one]) if share[name] >= MOST]
    if len(likely) > 1:
        raise Question(f"The numbers of {cells.name} can be read in two ways ({cells.at(fits[likely[1]])}).", HOW, "time",
                       {"compact": "Dates in digits, 2024030408 is 4 March 2024, 8:00", "s": "Seconds since 1970"})
    if n and len(units := [u for u in PER_S if u in share]) > 1 and among.sum() >= n / 2.0:
        raise Question(f"The times of {cells.name} mix units: " + "; ".join(f"{cells.at(fits[u])} as {NAMES[u]}" for u in units) + ".",
                       "Choose whether each is read by its size, or which rows are kept.", "time",
                       {BY_SIZE: "Each by its size", **{u: f"{NAMES[u].capitalize()} since 1970; the others are left out" for u in units}})
    if likely == ["compact"]:
        said = ["Times are dates in digits, 20240304 is 4 March 2024."]
        return parts_of(np.where(days, DAY, DATE), np.where(fits["compact"], value, np.nan), said=said)
    if likely:
        if ticks := likely_ticks(numbers[fits[likely[0]]]):
            read = f"{NAMES[likely[0]]} since 1970"
            _ask(ticks, {likely[0]: read.capitalize()}, read, cells, fits[likely[0]])
        return _since_1970(numbers, likely[0], fits[likely[0]])
    best = max(share, key=lambda one: share[one], default="")
    if best and share[best] >= 0.5:
        read = "dates in digits" if best == "compact" else f"{NAMES[best]} since 1970"
        raise Question(f"{share[best]:.0%} of the numbers of {cells.name} are {read}, the others are not "
                       f"({cells.at(finite & ~fits[best])}).", HOW, "time",
                       {best: f"{read.capitalize()}; the others are left out", "counted": AS_COUNTS})
    return _counts(numbers, finite, cells)


def _ask(fits: list[str], other: dict[str, str], said: str, cells: Cells, where: np.ndarray) -> NoReturn:
    whose = " or as ".join(SERIALS[way].whose for way in fits)
    raise Question(f"The numbers of {cells.name} read as {whose}, and as {said} ({cells.at(where)}).", HOW, "time",
                   {**{way: SERIALS[way].reads for way in fits}, **other})


def _counts(numbers: np.ndarray, finite: np.ndarray, cells: Cells) -> Parts:
    """Numbers that are no dates by their size, as counted seconds; asked about where they look like something else."""
    known = numbers[finite]
    if ticks := likely_ticks(known):
        _ask(ticks, {"counted": AS_COUNTS}, "a count of their own", cells, finite)
    if (known > UNTIL).sum() * 2 > len(known):
        raise Question(f"The numbers of {cells.name} are too large for seconds ({cells.at(finite & (numbers > UNTIL))}).",
                       "Choose their unit.", "time",
                       {"ms": "Milliseconds", "us": "Microseconds", "ns": "Nanoseconds", "counted": AS_COUNTS})
    if len(known) and 10_000 <= known.max() < 240_000 and np.isfinite(_digits_of_day(known)).all() and \
            len(np.unique(known[:100_000])) >= 10 and len(np.unique(known // 10_000)) >= 2:
        raise Question(f"The numbers of {cells.name} read as times of the day in digits, and as counted seconds ({cells.at(finite)}).",
                       HOW, "time",
                       {"digits of the day": "Times of the day in digits, 81000 is 8:10:00", "counted": AS_COUNTS})
    if fits := likely_serials(known, cells.name):
        _ask(fits, {"counted": AS_COUNTS}, "counted seconds", cells, finite)
    return parts_of(COUNT, numbers.astype(np.float64))


def _compact(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Digits of dates ((n,) numbers) as (n,) float64 seconds since 1970, NaN where they are none; and where no time of day follows."""
    value, alone = np.full(len(numbers), np.nan), np.zeros(len(numbers), bool)
    for digits in DIGITS:
        more = 10 ** (digits - 8)
        where = np.flatnonzero((numbers >= LEAST_DIGITS * more) & (numbers < 21_010_000 * more))
        if not len(where):
            continue
        whole = numbers[where] if numbers.dtype.kind == "i" else np.floor(numbers[where]).astype(np.int64)
        fraction = numbers[where] - whole
        date, rest = np.divmod(whole, more)
        rest = rest * 10 ** (17 - digits)  # HHMMSS and thousandths
        hours, minutes, seconds = rest // 10_000_000, rest // 100_000 % 100, rest // 1000 % 100
        good = (hours < 24) & (minutes < 60) & (seconds < 60) & ((digits == 14) | (fraction == 0.0))
        day = days_since_1970(date // 10_000, date // 100 % 100, date % 100)
        value[where] = np.where(good, day * DAY_S + hours * 3600.0 + minutes * 60.0 + seconds + rest % 1000 / 1000.0 + fraction, np.nan)
        alone[where] = digits == 8
    return value, alone


def _digits_of_day(numbers: np.ndarray) -> np.ndarray:
    """81000 as 8:10:00, in seconds since midnight; NaN where it cannot be."""
    hours, minutes, seconds = numbers // 10_000, numbers // 100 % 100, numbers % 100
    good = (numbers >= 0) & (hours < 24) & (minutes < 60) & (seconds < 60)
    return np.where(good, hours * 3600.0 + minutes * 60.0 + seconds, np.nan)


def _fraction(numbers: np.ndarray) -> Parts | None:
    """Parts of a day, 0.5 is noon, where all numbers are such."""
    known = numbers[np.isfinite(numbers)]
    if not (len(known) and known.min() >= 0.0 and known.max() < 1.0 and (known > 0.0).any()):
        return None
    return parts_of(CLOCK, np.round(numbers * DAY_S, 3), said=["Times of the day are parts of a day, 0.5 is noon."])


def _clock(numbers: np.ndarray, cells: Cells, options: Options) -> Parts:
    """Numbers that are the time of day beside a date: digits, seconds or parts of a day."""
    known = numbers[np.isfinite(numbers)]
    ways = {"hhmm": np.where(numbers < 2400, _digits_of_day(numbers * 100), np.nan), "digits of the day": _digits_of_day(numbers),
            "time of day": np.where((numbers >= 0) & (numbers < 2 * DAY_S), numbers, np.nan)}
    if options.time in ways:
        return _fraction(numbers) or parts_of(CLOCK, ways[options.time])
    if (fraction := _fraction(numbers)) is not None:
        return fraction
    fit = [way for way, seconds in ways.items() if np.isfinite(seconds[np.isfinite(numbers)]).all()]
    if "digits of the day" in fit and "hhmm" not in fit and (known.max() >= DAY_S or len(np.unique(known)) >= MANY):
        fit = ["digits of the day"]  # of other seconds one in three would look like it
    if len(fit) > 1 and len(known) and known.max() > 0:
        raise Question(f"The times of the day in {cells.name} can be read in several ways ({cells.at(numbers == known.max())}).",
                       HOW, "time", {way: CLOCKS[way] for way in fit})
    way = fit[0] if fit else "time of day"
    return parts_of(CLOCK, ways[way], said=[f"Times of the day are {CLOCKS[way][0].lower()}{CLOCKS[way][1:]}."])

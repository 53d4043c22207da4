"""A column of times, or a column of dates and one of times of day, in seconds: as the values say, as chosen, or a question.

A time without a zone is UTC, or of the zone chosen. Numbers are dates where they all lie between 1990 and 2040 as seconds, milliseconds,
microseconds or nanoseconds since 1970; others count seconds. Dates of which day and month cannot be told apart are asked about.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from irlcore.budget import Clock
from irlcore.errors import DataError
from irlcore.tracks.attributes import MISSING, value_label
from irlcore.tracks.options import Options, Question
from irlcore.tracks.times.digits import days_of_numbers
from irlcore.tracks.times.midnight import past_midnight
from irlcore.tracks.times.numbers import CLOCKS
from irlcore.tracks.times.parts import (
    CLOCK,
    COUNT,
    DATE,
    DAY,
    DAY_S,
    EARLIEST_S,
    LATEST_S,
    MOST,
    NONE,
    Cells,
    Parts,
    cells_of,
    day_text,
)
from irlcore.tracks.times.serials import SERIALS
from irlcore.tracks.times.texts import EMPTY
from irlcore.tracks.times.values import read_values
from irlcore.tracks.times.zones import to_utc, went_back, zone_named

__all__ = ["FORMATS", "Times", "read_times", "went_back"]

FORMATS: dict[str, str] = {
    "": "As the values say",
    "day first": "Day first (31/12/2024)",
    "month first": "Month first (12/31/2024)",
    "year first": "Year first (24-12-31)",
    "s": "Seconds since 1970, or counted",
    "ms": "Milliseconds since 1970, or counted",
    "us": "Microseconds since 1970, or counted",
    "ns": "Nanoseconds since 1970, or counted",
    "by size": "Seconds to nanoseconds since 1970, each by its size",
    "counted": "Counted seconds, no dates",
    "compact": "Dates in digits (20241231235959)",
    "excel": "Serial days of a spreadsheet (45657.99)",
    "matlab": "Days since the year 0, as MATLAB has them (739617.99)",
    "julian": "Julian days (2460676.49)",
    "mjd": "Modified Julian days (60675.99)",
    "days": "Days since 1970 (20088.99)",
    "ticks": "Ticks of .NET: 100 ns since the year 1",
    "filetime": "100 ns since 1601, as Windows has them",
    "time of day": "Time of day (8:10, or seconds since midnight)",
    "digits of the day": "Time of day in digits (81000 is 8:10:00)",
    "hhmm": "Time of day in digits without seconds (810 is 8:10)",
    "min:s": "Minutes and seconds (75:30)",
}
"""Values of ``Options.time`` and how each reads. One that does not apply to a column, as an order of day and month does not to numbers,
leaves it as the values say."""

KINDS = {"dates": (DATE, DAY), "times of the day": (CLOCK,), "numbers": (COUNT,)}
KNOWN = ("Known are ISO 8601 (2024-03-04 08:10:00), dates as 04/03/2024, 4 Mar 2024 or 20240304081000, times of the day as 8:10 or "
         "8:10 PM, and numbers: seconds, milliseconds, microseconds or nanoseconds since 1970, or counted.")


@dataclass(frozen=True, slots=True)
class Times:
    """Times of n rows.

    seconds: (n,) float64; since 1970 (UTC) where ``dated``, else since an unknown start or since midnight; NaN where a cell is empty
    or cannot be read. said: sentences on what was assumed.
    """

    seconds: np.ndarray
    dated: bool
    said: tuple[str, ...] = ()


def read_times(values: pd.Series, options: Options, clock_time: pd.Series | None = None, within_track: np.ndarray | None = None,
               clock: Clock | None = None) -> Times:
    """A column of times (n,) in seconds. clock_time: (n,) the times of day, where ``values`` are dates. within_track: (n,) int codes of
    the tracks of the rows, which tell nights that pass and the two hours of one name in autumn apart. clock: what ends it.

    Raises DataError where most cells cannot be read, and Question where they can in more than one way.
    """
    clock = clock if clock is not None else Clock("Reading the times")
    cells = cells_of(values)
    of_day = clock_time is not None and options.time in CLOCKS  # then it is an answer about that column
    asked = replace(options, time="") if of_day else options
    try:
        parts = read_values(values, asked, False, clock)
    except Question as question:
        if clock_time is None or not set(question.choices) & set(SERIALS):
            raise
        parts = read_values(values, replace(asked, time="counted"), False, clock)  # days, which are settled below
    if clock_time is not None:
        parts = days_of_numbers(parts, cells, options) if (parts.kind == COUNT).any() else parts
        beside, places = read_values(clock_time, options, True, clock), cells_of(clock_time)
        _refuse_unread(parts, values, cells)
        _refuse_unread(beside, clock_time, places)
        parts = _together(parts, beside, cells, places)
    kind, parts = _one_kind(parts, cells)
    if clock_time is None:
        _refuse_unread(parts, values, cells)
    clock.check()
    said = list(parts.said)
    if kind != "dates":
        seconds = parts.value.astype(np.float64)
        if kind == "times of the day":
            east = np.where(np.isnan(parts.offset), 0.0, parts.offset)
            seconds, more = past_midnight(seconds - east, within_track)
            said += ["Times are of the day, without a date: seconds since midnight.", *more]
        return Times(seconds, False, tuple(said))
    seconds, more = _zoned(parts, options, within_track)
    seconds, odd = _usual(seconds, cells)
    if (parts.kind == DAY).sum() * 2 > (parts.kind != NONE).sum():
        said.append("The dates have no time of day.")
    return Times(seconds, True, tuple(dict.fromkeys([*said, *more, *odd])))


def told_span(times: Times) -> tuple[str, ...]:
    """From when to when times run, so that a wrong day, epoch or unit is seen at a glance; of counts that begin near 0 nothing."""
    known = times.seconds[np.isfinite(times.seconds)]
    if not len(known):
        return ()
    first, last = float(known.min()), float(known.max())
    if times.dated:
        if not (first >= EARLIEST_S and last < LATEST_S):
            return ()
        begun, ended = (str(np.datetime64(int(one), "s"))[:16].replace("T", " ") for one in (first, last))
        return (f"Times run from {begun} to {ended}, in UTC.",)
    if abs(first) <= DAY_S:
        return ()
    return (f"Times are taken for counted seconds, from {first:,.10g} to {last:,.10g}. If they count minutes or days, say how they are "
            "written or turn them into seconds.",)


def _together(dates: Parts, of_day: Parts, cells: Cells, clock_cells: Cells) -> Parts:
    """Dates and the times of day beside them."""
    day = np.isin(dates.kind, (DATE, DAY))
    if len(dates.kind) and day.sum() <= (dates.kind != NONE).sum() / 2.0:
        raise DataError(f"{cells.name} holds no dates ({cells.at((dates.kind != NONE) & ~day)}).",
                        "Pick a column of dates beside that of times of day, or one column for both.")
    whole = day & (np.where(day, dates.value, 0.0) % DAY_S == 0.0)
    if whole.sum() * 2 < day.sum():
        raise DataError(f"The dates of {cells.name} have times of day already ({cells.at(day & ~whole)}).",
                        f"Leave {clock_cells.name} away as their time of day.")
    clocks = of_day.kind == CLOCK
    full = np.isin(of_day.kind, (DATE, DAY))  # some tables write a day of their own before each time: the same, or the first they know
    time = np.where(full, of_day.value % DAY_S, of_day.value)
    same = full & ((np.floor(of_day.value / DAY_S) * DAY_S == dates.value) | (of_day.value < -2_208_816_000.0)
                   | ((of_day.value >= 0.0) & (of_day.value < DAY_S)))
    if (full & ~same & day).any():
        raise DataError(f"{clock_cells.name} holds other dates than {cells.name} ({clock_cells.at(full & ~same & day)}).",
                        "Pick a column of times of day, or that column alone.")
    if (of_day.kind != NONE).any() and not (clocks | same).any():
        raise DataError(f"{clock_cells.name} holds no times of day ({clock_cells.at(of_day.kind != NONE)}).", "Pick another column.")
    good = whole & (clocks | same)
    named = np.isfinite(of_day.offset) | (of_day.zone >= 0)
    zone = np.where(of_day.zone >= 0, of_day.zone + len(dates.zones), dates.zone)
    return Parts(np.where(good, np.uint8(DATE), np.uint8(NONE)), np.where(good, dates.value + time, np.nan),
                 np.where(named, of_day.offset, dates.offset), zone.astype(np.int32), dates.zones + of_day.zones,
                 tuple(dict.fromkeys(dates.said + of_day.said)))


def _one_kind(parts: Parts, cells: Cells) -> tuple[str, Parts]:
    """What most cells are, and the parts without those that are something else. DataError where these are not few."""
    where = {name: np.isin(parts.kind, kinds) for name, kinds in KINDS.items()}
    many = {name: int(cell.sum()) for name, cell in where.items()}
    kind = max(many, key=lambda name: many[name])
    others = [name for name in KINDS if name != kind and many[name]]
    if not others:
        return kind, parts
    if many[kind] < MOST * sum(many.values()):
        raise DataError(f"{cells.name} holds {kind} ({cells.at(where[kind])}) and {others[0]} ({cells.at(where[others[0]])}).",
                        "Bring the column into one form.")
    said = f"Cells of {cells.name} that hold no {kind}: {sum(many[name] for name in others):,} ({cells.at(where[others[0]])}); left out."
    return kind, replace(parts, kind=np.where(where[kind], parts.kind, np.uint8(NONE)), value=np.where(where[kind], parts.value, np.nan),
                         said=(*parts.said, said))


def _refuse_unread(parts: Parts, values: pd.Series, cells: Cells) -> None:
    unread = parts.kind == NONE
    if not unread.any():
        return
    rows = np.flatnonzero(unread)
    cell = values.iloc[rows]
    if cell.dtype == object:  # one by one: it may hold what is no text to others
        labels = map(value_label, cell)
        blank = np.array([label == MISSING or label.lower() in EMPTY for label in labels], bool)
    else:
        blank = cell.astype("string").str.strip().str.lower().fillna("").isin(EMPTY).to_numpy(bool)
    held = rows[~blank]
    read = int((~unread).sum())
    if len(held) > read:
        wrong = np.zeros(len(unread), bool)
        wrong[held] = True
        raise DataError(f"{len(held):,} of {len(held) + read:,} cells of {cells.name} cannot be read as times ({cells.at(wrong)}).", KNOWN)
    if not read:
        raise DataError(f"The column {cells.name} is empty: no row has a time.", "Pick another column, or none.")


def _zoned(parts: Parts, options: Options, track: np.ndarray | None) -> tuple[np.ndarray, list[str]]:
    """Seconds since 1970 in UTC, of dates in the zones that they name or that was chosen."""
    seconds, said = parts.value - np.where(np.isnan(parts.offset), 0.0, parts.offset), list[str]()
    bare = np.isnan(parts.offset) & (parts.zone < 0) & (parts.kind != NONE)
    chosen = zone_named(options.zone) if options.zone else ""
    for zone, where in [*((zone, parts.zone == k) for k, zone in enumerate(parts.zones)), (chosen, bare)]:
        if zone and where.any():
            found, more = to_utc(np.where(where, parts.value, np.nan), zone, track)
            seconds = np.where(where, found, seconds)
            said += more
    if bare.any():
        some, all_ = int(bare.sum()), int((parts.kind != NONE).sum())
        which = "Times" if some == all_ else f"{some:,} of {all_:,} times"
        said.insert(0, f"{which} name no zone: read as {chosen or 'UTC'}.")
    return seconds, said


def _usual(seconds: np.ndarray, cells: Cells) -> tuple[np.ndarray, list[str]]:
    """Without dates before 1900 or after 2100, where these are few (they stand for no date); and a sentence on them."""
    odd = (seconds < EARLIEST_S) | (seconds >= LATEST_S)
    if not odd.any():
        return seconds, []
    many = int(odd.sum())
    if many > (1.0 - MOST) * np.isfinite(seconds).sum():
        known = seconds[np.isfinite(seconds)]
        return seconds, [f"Times run from {day_text(float(known.min()))} to {day_text(float(known.max()))}."]
    return np.where(odd, np.nan, seconds), [f"Dates before 1900 or after 2100: {many:,} ({cells.at(odd)}); left out."]

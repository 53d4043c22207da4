"""Tables of points into tracks, with every row that was dropped or repaired listed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from irlcore.budget import Clock, within
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.bounds import LATEST, LONGEST_UNIT
from irlcore.tracks.cells import no_number, shown, too_long
from irlcore.tracks.columns import need, source_of
from irlcore.tracks.coordinates import Coordinates, on_plane, read_coordinates
from irlcore.tracks.memory import give_back
from irlcore.tracks.options import AS_THEY_ARE, Options
from irlcore.tracks.plain_text import plain_text
from irlcore.tracks.problems import FIRST_ROW, MOST_LISTED, TOO_LONG, Problems, in_files, left_out, more, sentences
from irlcore.tracks.problems import list_rows as _list
from irlcore.tracks.problems import runs as _runs
from irlcore.tracks.sources import DAY_FIRST, plain_name
from irlcore.tracks.steady import track_attributes
from irlcore.tracks.suspects import ORDERS, outliers, told_of_ids
from irlcore.tracks.times.reading import Times, read_times, told_span, went_back
from irlcore.tracks.tracks import LinkTracks, Tracks, problem_table
from irlcore.tracks.trips.codes import by_changes, by_file, trip_codes
from irlcore.tracks.units import seconds_in

ZONES = ("tz", "timezone", "time_zone", "utc_offset", "timezone_offset", "tz_offset", "zone_offset", "zeitzone")
A_POINT = 24  # bytes in a project that is opened: three numbers


@dataclass(frozen=True, slots=True)
class Imported:
    """Tracks read from a table, the problems found, and how much was kept. said: what was understood, sentences for the analyst.
    rows_counted: how many of the rows that were not kept are told by others, so that nothing is lost with them."""

    tracks: Tracks | LinkTracks
    problems: pd.DataFrame
    rows_kept: int
    rows_dropped: int
    tracks_kept: int
    tracks_dropped: int
    said: tuple[str, ...] = ()
    rows_counted: int = 0


def read_points(table: pd.DataFrame, columns: dict[str, str], unit: str = "m", attributes: pd.DataFrame | None = None,
                watch: Control | None = None, options: Options = AS_THEY_ARE) -> Imported:
    """Tracks of points. columns: part -> column (track, and trip where ids are of trips within it; x and y, or lon and lat, or point; t
    where there is time, and date where that is a time of day; change, where each new value begins a trip).

    Degrees are projected to a plane round their middle, in metres. Columns that do not change within a track become its attributes;
    ``attributes`` (one row a track) adds more. ``watch`` can stop it. DataError, or a ``Question`` that one of the options answers.
    """
    imported = _points(table, columns, unit, attributes, Clock("Reading the points", watch), options)
    give_back(8.0 * table.size)  # out here, where the columns that it was made with are free
    return imported


def _points(table: pd.DataFrame, columns: dict[str, str], unit: str, attributes: pd.DataFrame | None, clock: Clock,
            options: Options) -> Imported:
    need(table, columns, ("track",), "points")
    if len(unit) > LONGEST_UNIT:
        raise DataError(f"The unit of x and y is a text of {len(unit):,} characters.", f"Name one with at most {LONGEST_UNIT}, such as m.")
    within("unpacked", float(A_POINT * len(table)), f"The table of points has {len(table):,} rows.", "Read them in parts.")
    at = read_coordinates(table, columns, options, unit)
    track, ids = trip_codes(table, columns)  # a row's id is ids[track[row]]: a text a row would be most of the memory
    clock.check()
    t, dated, said = _times(table, columns, options, track)
    clock.check()
    timed = t is not None
    if t is None:
        t = np.arange(len(table), dtype=np.float64)
    elif not dated:
        track, ids, apart = by_file(table, track, ids, t)
        said += apart
    problems: Problems = []
    bad = _bad_rows(table, columns.get("t", "") if timed else "", at, track, ids, t, problems)
    for lost, what in outliers(table):
        _list(np.flatnonzero(lost & ~bad), track, ids, what, "dropped", problems)
        bad |= lost
    x, y, crs, placed = on_plane(at, ~bad)
    far = ~bad & ~(np.isfinite(x) & np.isfinite(y))
    _list(np.flatnonzero(far), track, ids, "too far from the other points to be on one map with them", "dropped", problems)
    bad |= far
    clock.check()
    order = _in_order(np.flatnonzero(~bad), track, ids, t, problems)
    clock.check()
    same_time = np.zeros(len(order), bool)
    same_time[1:] = (track[order[1:]] == track[order[:-1]]) & (t[order[1:]] == t[order[:-1]])
    _list(order[same_time], track, ids, "a second point at the same time", "dropped", problems)
    said += told_of_ids(ids, track[order], same_time, columns)
    order = order[~same_time]
    if columns.get("change") in table.columns:
        track, ids, changed = by_changes(table[columns["change"]], order, track, ids)
        said += changed
    order = _without_lonely(order, track, ids, problems)
    if not len(order):
        first = f" The first problem, row {problems[0][0]}: {problems[0][2]}." if problems else ""
        raise DataError(f"No track with at least two usable points is left.{first}",
                        "Mend such rows in the file, or pick other columns.")
    codes, offsets = _runs(track[order])
    taken = {column for part, column in columns.items() if part != "change"}  # what parts trips is the same along each
    extra = table[[c for c in table.columns if c not in taken]]
    found = track_attributes(extra, order, offsets, ids[codes], attributes, clock)
    seconds = t[order] if timed else np.arange(len(order), dtype=np.float64) - np.repeat(offsets[:-1], np.diff(offsets))
    tracks = Tracks(ids[codes], offsets, seconds, x[order], y[order], found.frame, "m" if at.geographic else plain_text(unit), crs, timed)
    return Imported(tracks, problem_table(in_files([*left_out(table), *found.problems, *problems], table)), len(order),
                    len(table) - len(order), len(codes), int((ids != "").sum()) - len(codes),
                    (*sentences(table), *placed, *said, *found.said))


def _times(table: pd.DataFrame, columns: dict[str, str], options: Options,
           track: np.ndarray) -> tuple[np.ndarray | None, bool, tuple[str, ...]]:
    """Seconds of each row (None without a column for them), whether since 1970, and what is to be told."""
    name, day = columns.get("t"), columns.get("date")
    if name not in table.columns:
        return None, False, ("There is no column of times: the rows of a track are taken in the order of the file.",)
    danish = not options.time and (source := source_of(table)) is not None and source.name == DAY_FIRST
    options = replace(options, time="day first") if danish else options
    if day in table.columns:
        times = read_times(table[day], options, table[name], track)
    else:
        times = read_times(table[name], options, None, track)
    times = replace(times, said=(*times.said, *told_span(times), *zone_beside(table, times)))
    unit = None if times.dated or (options.time and not danish) or day in table.columns else seconds_in(name)
    if not times.dated and plain_name(name) in ORDERS:
        said = f"{shown(name)} tells an order, no seconds: durations and speeds are in its steps."
        return times.seconds, False, (*times.said, said)
    if unit not in (None, 1.0) and pd.api.types.is_numeric_dtype(table[name]):
        return unit * times.seconds, False, (*times.said, f"{shown(name)} is taken in seconds, from the unit in its name.")
    back = went_back(times.seconds, track) if times.dated and not options.zone else None
    return times.seconds, times.dated, (*times.said, *((back,) if back else ()))


def zone_beside(table: pd.DataFrame, times: Times) -> tuple[str, ...]:
    """A sentence on a column that seems to tell the zone of times that name none themselves: it is not read."""
    for column in map(str, table.columns) if any("name no zone: read as UTC" in one for one in times.said) else ():
        if plain_name(column) in ZONES and len(known := table[column].dropna()):
            return (f"The column {shown(column)} ({shown(known.iloc[0])} first) may tell the zone of the times, and is not read: if they "
                    "are local, choose the time zone.",)
    return ()


def _bad_rows(table: pd.DataFrame, time: str, at: Coordinates, track: np.ndarray, ids: np.ndarray, t: np.ndarray,
              problems: Problems) -> np.ndarray:
    """(n,) bool: rows without a usable place, time or id; each is listed."""
    bad = np.zeros(len(table), bool)
    checks = at.faults()
    if time:
        checks.append((time, "", ~(np.abs(t) <= LATEST)))
    for column, what, wrong in checks:
        values = table[column]
        rows = np.flatnonzero(wrong & ~bad)
        for row in rows[:MOST_LISTED]:
            problems.append((row + FIRST_ROW, ids[track[row]], what or no_number(values, row), "dropped"))
        more(len(rows), what or f"{shown(column)} is no usable number", "dropped", problems)
        bad |= wrong
    for lost, said in ((ids == "", "no track id"), (too_long(ids), TOO_LONG)):
        _list(np.flatnonzero(lost[track] & ~bad), track, ids, said, "dropped", problems)
        bad |= lost[track]
    return bad


def _in_order(keep: np.ndarray, track: np.ndarray, ids: np.ndarray, t: np.ndarray, problems: Problems) -> np.ndarray:
    """Usable rows track by track, as the tracks first appear, and by time in each; rows that had to be moved are listed."""
    appearance = pd.factorize(track[keep])[0]
    by_track = keep if (np.diff(appearance) >= 0).all() else keep[np.argsort(appearance, kind="stable")]
    back = (track[by_track[1:]] == track[by_track[:-1]]) & (t[by_track[1:]] < t[by_track[:-1]])
    _list(by_track[1:][back], track, ids, "earlier than the row before it", "repaired: sorted by time", problems)
    return keep[np.lexsort((t[keep], appearance))] if back.any() else by_track


def _without_lonely(order: np.ndarray, track: np.ndarray, ids: np.ndarray, problems: Problems) -> np.ndarray:
    _, offsets = _runs(track[order])
    lengths = np.diff(offsets)
    _list(order[offsets[:-1][lengths < 2]], track, ids, "a track of one point", "dropped", problems)
    return order[np.repeat(lengths >= 2, lengths)]

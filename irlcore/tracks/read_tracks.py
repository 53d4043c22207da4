"""Tables of points into tracks, with every row that was dropped or repaired listed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.budget import Clock, within
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.projection import GEOGRAPHIC, moved, utm_of
from irlcore.tracks.bounds import FARTHEST_POINT, LATEST, LONGEST_UNIT
from irlcore.tracks.cells import id_codes, number_texts, numbers, shown, too_long
from irlcore.tracks.columns import need
from irlcore.tracks.memory import give_back
from irlcore.tracks.plain_text import plain_text
from irlcore.tracks.problems import FIRST_ROW, MOST_LISTED, TOO_LONG, Problems, left_out
from irlcore.tracks.problems import list_rows as _list
from irlcore.tracks.problems import runs as _runs
from irlcore.tracks.steady import track_attributes
from irlcore.tracks.tracks import LinkTracks, Tracks, problem_table

A_POINT = 24  # bytes in a project that is opened: three numbers


@dataclass(frozen=True, slots=True)
class Imported:
    """Tracks read from a table, the problems found, and how much was kept. said: what was understood, sentences for the analyst."""

    tracks: Tracks | LinkTracks
    problems: pd.DataFrame
    rows_kept: int
    rows_dropped: int
    tracks_kept: int
    tracks_dropped: int
    said: tuple[str, ...] = ()


def read_points(table: pd.DataFrame, columns: dict[str, str], unit: str = "m", attributes: pd.DataFrame | None = None,
                watch: Control | None = None) -> Imported:
    """Tracks of points. columns: part -> column (track, x and y or lon and lat, t where there is time).

    lon and lat are projected to the UTM zone of their middle, in metres. Columns that do not change within a track
    become its attributes; ``attributes`` (one row a track, a ``track`` column) adds more. ``watch`` can stop it.
    """
    imported = _points(table, columns, unit, attributes, Clock("Reading the points", watch))
    give_back(8.0 * table.size)  # out here, where the columns that it was made with are free
    return imported


def _points(table: pd.DataFrame, columns: dict[str, str], unit: str, attributes: pd.DataFrame | None, clock: Clock) -> Imported:
    geographic = "x" not in columns and "lon" in columns
    parts = ("track", "lon", "lat") if geographic else ("track", "x", "y")
    need(table, columns, parts, "points")
    if len(unit) > LONGEST_UNIT:
        raise DataError(f"The unit of x and y is a text of {len(unit):,} characters.", f"Name one with at most {LONGEST_UNIT}, such as m.")
    within("unpacked", float(A_POINT * len(table)), f"The table of points has {len(table):,} rows.", "Read them in parts.")
    track, ids = id_codes(table[columns["track"]])  # a row's id is ids[track[row]]: a text a row would be most of the memory
    clock.check()
    x, y = numbers(table, columns[parts[1]]), numbers(table, columns[parts[2]])
    timed = columns.get("t") in table.columns
    t = seconds_of(table[columns["t"]]) if timed else np.arange(len(table), dtype=np.float64)
    clock.check()
    problems: Problems = []
    bad = _bad_rows(table, columns, parts, track, ids, x, y, t, geographic, problems)
    crs = None
    if geographic and not bad.all():
        x, y, crs = _project(x, y, np.flatnonzero(~bad))
        far = ~bad & ~(np.isfinite(x) & np.isfinite(y))
        _list(np.flatnonzero(far), track, ids, "too far from the other points to be on one map with them", "dropped", problems)
        bad |= far
    clock.check()
    order = _in_order(np.flatnonzero(~bad), track, ids, t, problems)
    clock.check()
    same_time = np.zeros(len(order), bool)
    same_time[1:] = (track[order[1:]] == track[order[:-1]]) & (t[order[1:]] == t[order[:-1]])
    _list(order[same_time], track, ids, "a second point at the same time", "dropped", problems)
    order = _without_lonely(order[~same_time], track, ids, problems)
    if not len(order):
        first = f" The first problem, row {problems[0][0]}: {problems[0][2]}." if problems else ""
        raise DataError(f"No track with at least two usable points is left.{first}",
                        "Mend such rows in the file, or pick other columns.")
    codes, offsets = _runs(track[order])
    extra = table[[c for c in table.columns if c not in set(columns.values())]]
    frame, long = track_attributes(extra, order, offsets, ids[codes], attributes, clock)
    seconds = t[order] if timed else np.arange(len(order), dtype=np.float64) - np.repeat(offsets[:-1], np.diff(offsets))
    tracks = Tracks(ids[codes], offsets, seconds, x[order], y[order], frame, "m" if geographic else plain_text(unit), crs, timed)
    return Imported(tracks, problem_table([*left_out(table), *long, *problems][:MOST_LISTED]), len(order), len(table) - len(order),
                    len(codes), int((ids != "").sum()) - len(codes))


def _bad_rows(table: pd.DataFrame, columns: dict[str, str], parts: tuple[str, ...], track: np.ndarray, ids: np.ndarray, x: np.ndarray,
              y: np.ndarray, t: np.ndarray, geographic: bool, problems: Problems) -> np.ndarray:
    bad = np.zeros(len(table), bool)
    checks = [(parts[1], np.isnan(x)), (parts[2], np.isnan(y))]
    if columns.get("t") in table.columns:
        checks.append(("t", ~(np.abs(t) <= LATEST)))
    if geographic:
        checks.append(("lon", np.abs(x) > 180.0))
        checks.append(("lat", np.abs(y) > 84.0))
    else:
        checks += [(parts[1], np.abs(x) > FARTHEST_POINT), (parts[2], np.abs(y) > FARTHEST_POINT)]
    for part, wrong in checks:
        values, name = table[columns[part]], shown(columns[part])
        for row in np.flatnonzero(wrong & ~bad)[:MOST_LISTED]:
            what = "is empty" if pd.isna(values.iloc[row]) else f"is {shown(values.iloc[row])!r}, not a usable number"
            problems.append((row + FIRST_ROW, ids[track[row]], f"{name} {what}", "dropped"))
        bad |= wrong
    for wrong, said in ((ids == "", "no track id"), (too_long(ids), TOO_LONG)):
        _list(np.flatnonzero(wrong[track] & ~bad), track, ids, said, "dropped", problems)
        bad |= wrong[track]
    return bad


def seconds_of(values: pd.Series) -> np.ndarray:
    """Time in seconds, (n,) float64: numbers as they are, ISO timestamps since 1970; NaN where neither."""
    stamped = pd.api.types.is_datetime64_any_dtype(values)
    as_number = pd.to_numeric(number_texts(values), errors="coerce") if not stamped else None
    if as_number is not None and (pd.api.types.is_numeric_dtype(values) or as_number.notna().mean() > 0.5):
        found = as_number.to_numpy(np.float64, na_value=np.nan)
        return np.where(np.isfinite(found), found, np.nan)
    stamps = pd.to_datetime(number_texts(values), errors="coerce", utc=True, format="ISO8601")
    seconds: np.ndarray = (stamps - pd.Timestamp("1970-01-01", tz="UTC")).dt.total_seconds().to_numpy(np.float64)
    return seconds


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


def _project(lon: np.ndarray, lat: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, str]:
    crs = utm_of(float(np.median(lon[rows])), float(np.median(lat[rows])), "the points")
    x, y = moved(np.column_stack((lon, lat)), GEOGRAPHIC, crs).T
    return x, y, crs

"""Tables into tracks: points or link ids, with every row that was dropped or repaired listed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info

from irlcore.errors import DataError
from irlcore.tracks.attributes import plain_frame
from irlcore.tracks.readers import names, need, numbers
from irlcore.tracks.tracks import LinkTracks, Tracks, problem_table

FIRST_ROW = 2  # the header is row 1 of the file
MOST_LISTED = 2000


@dataclass(frozen=True, slots=True)
class Imported:
    """Tracks read from a table, the problems found, and how much was kept."""

    tracks: Tracks | LinkTracks
    problems: pd.DataFrame
    rows_kept: int
    rows_dropped: int
    tracks_kept: int
    tracks_dropped: int


def read_points(table: pd.DataFrame, columns: dict[str, str], unit: str = "m",
                attributes: pd.DataFrame | None = None) -> Imported:
    """Tracks of points. columns: part -> column (track, x and y or lon and lat, t where there is time).

    lon and lat are projected to the UTM zone of their middle, in metres. Columns that do not change within a track
    become its attributes; ``attributes`` (one row a track, a ``track`` column) adds more.
    """
    geographic = "x" not in columns and "lon" in columns
    parts = ("track", "lon", "lat") if geographic else ("track", "x", "y")
    need(table, columns, parts, "points")
    ids = names(table[columns["track"]])
    x, y = numbers(table, columns[parts[1]]), numbers(table, columns[parts[2]])
    timed = columns.get("t") in table.columns
    t = seconds_of(table[columns["t"]]) if timed else np.arange(len(table), dtype=np.float64)
    problems: list[tuple[object, object, str, str]] = []
    bad = _bad_rows(table, columns, parts, ids, x, y, t, geographic, problems)
    crs = None
    if geographic and not bad.all():
        x, y, crs = _project(x, y, np.flatnonzero(~bad))
        far = ~bad & ~(np.isfinite(x) & np.isfinite(y))
        problems += [(row + FIRST_ROW, ids[row], "too far from the other points to be on one map with them", "dropped")
                     for row in np.flatnonzero(far)[:MOST_LISTED]]
        bad |= far
    keep = np.flatnonzero(~bad)
    order = keep[np.lexsort((np.arange(len(keep)), t[keep], pd.factorize(ids[keep])[0]))]
    _note_unsorted(ids, t, keep, problems)
    same_time = np.zeros(len(order), bool)
    same_time[1:] = (ids[order[1:]] == ids[order[:-1]]) & (t[order[1:]] == t[order[:-1]])
    for row in order[same_time][:MOST_LISTED]:
        problems.append((row + FIRST_ROW, ids[row], "a second point at the same time", "dropped"))
    order = order[~same_time]
    order = _without_lonely(order, ids, problems)
    if not len(order):
        first = f" The first problem, row {problems[0][0]}: {problems[0][2]}." if problems else ""
        raise DataError(f"No track with at least two usable points is left.{first}",
                        "Mend such rows in the file, or pick other columns.")
    track_ids, offsets = _runs(ids[order])
    used = set(columns.values())
    extra = [c for c in table.columns if c not in used]
    frame = _attributes(table.iloc[order][extra], offsets, track_ids, attributes)
    seconds = t[order] if timed else np.arange(len(order), dtype=np.float64) - np.repeat(offsets[:-1], np.diff(offsets))
    tracks = Tracks(track_ids, offsets, seconds, x[order], y[order], frame, "m" if geographic else unit, crs, timed)
    all_tracks = len(set(ids[ids != ""]))
    return Imported(tracks, problem_table(problems[:MOST_LISTED]), len(order), len(table) - len(order),
                    len(track_ids), all_tracks - len(track_ids))


def _bad_rows(table: pd.DataFrame, columns: dict[str, str], parts: tuple[str, ...], ids: np.ndarray, x: np.ndarray,
              y: np.ndarray, t: np.ndarray, geographic: bool, problems: list[tuple[object, object, str, str]]) -> np.ndarray:
    bad = np.zeros(len(table), bool)
    checks = [(parts[1], np.isnan(x)), (parts[2], np.isnan(y))]
    if columns.get("t") in table.columns:
        checks.append(("t", np.isnan(t)))
    if geographic:
        checks.append(("lon", np.abs(x) > 180.0))
        checks.append(("lat", np.abs(y) > 84.0))
    for part, wrong in checks:
        values = table[columns[part]]
        for row in np.flatnonzero(wrong & ~bad)[:MOST_LISTED]:
            what = "is empty" if pd.isna(values.iloc[row]) else f"is {str(values.iloc[row])!r}, not a usable number"
            problems.append((row + FIRST_ROW, ids[row], f"{columns[part]} {what}", "dropped"))
        bad |= wrong
    for row in np.flatnonzero((ids == "") & ~bad)[:MOST_LISTED]:
        problems.append((row + FIRST_ROW, "", "no track id", "dropped"))
    return bad | (ids == "")


def seconds_of(values: pd.Series) -> np.ndarray:
    """Time in seconds, (n,) float64: numbers as they are, ISO timestamps since 1970; NaN where neither."""
    stamped = pd.api.types.is_datetime64_any_dtype(values)
    as_number = pd.to_numeric(values, errors="coerce") if not stamped else None
    if as_number is not None and (pd.api.types.is_numeric_dtype(values) or as_number.notna().mean() > 0.5):
        found = as_number.to_numpy(np.float64, na_value=np.nan)
        return np.where(np.isfinite(found), found, np.nan)
    stamps = pd.to_datetime(values, errors="coerce", utc=True, format="ISO8601")
    seconds: np.ndarray = (stamps - pd.Timestamp("1970-01-01", tz="UTC")).dt.total_seconds().to_numpy(np.float64)
    return seconds


def _note_unsorted(ids: np.ndarray, t: np.ndarray, keep: np.ndarray,
                   problems: list[tuple[object, object, str, str]]) -> None:
    order = keep[np.argsort(pd.factorize(ids[keep])[0], kind="stable")]
    back = (ids[order[1:]] == ids[order[:-1]]) & (t[order[1:]] < t[order[:-1]])
    for row in order[1:][back][:MOST_LISTED]:
        problems.append((row + FIRST_ROW, ids[row], "earlier than the row before it", "repaired: sorted by time"))


def _without_lonely(order: np.ndarray, ids: np.ndarray,
                    problems: list[tuple[object, object, str, str]]) -> np.ndarray:
    run_ids, offsets = _runs(ids[order])
    lengths = np.diff(offsets)
    for name, row in zip(run_ids[lengths < 2], order[offsets[:-1][lengths < 2]], strict=True):
        problems.append((row + FIRST_ROW, name, "a track of one point", "dropped"))
    return order[np.repeat(lengths >= 2, lengths)]


def _runs(ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ids and offsets of runs of the same id."""
    if not len(ids):
        return ids, np.zeros(1, np.int64)
    start = np.flatnonzero(np.concatenate(([True], ids[1:] != ids[:-1])))
    return ids[start], np.append(start, len(ids)).astype(np.int64)


def _project(lon: np.ndarray, lat: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, str]:
    crs = utm_of(float(np.median(lon[rows])), float(np.median(lat[rows])))
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon, lat)
    return np.asarray(x), np.asarray(y), crs


def utm_of(lon: float, lat: float) -> str:
    """The UTM zone around a place, as "EPSG:32631"."""
    info = query_utm_crs_info("WGS 84", AreaOfInterest(lon, lat, lon, lat))
    return f"EPSG:{CRS.from_authority(info[0].auth_name, info[0].code).to_epsg()}"


def _attributes(rows: pd.DataFrame, offsets: np.ndarray, track_ids: np.ndarray,
                more: pd.DataFrame | None) -> pd.DataFrame:
    """One row a track: columns whose known values do not change within a track, and the given table's; missing text is empty."""
    owner = np.repeat(np.arange(len(track_ids)), np.diff(offsets))
    rows = rows.reset_index(drop=True)
    first = rows.groupby(owner).first()  # the first known one: a value may stand in some rows of its track alone
    steady = [c for c in rows.columns if (rows[c].isna() | rows[c].eq(first[c].reindex(owner).reset_index(drop=True))).all()]
    frame = first[steady].copy() if steady else pd.DataFrame(index=range(len(track_ids)))
    if more is not None and len(more.columns):
        key = next((c for c in more.columns if str(c).lower() in ("track", "track_id", "traj_id", "trip", "path_id")),
                   more.columns[0])
        indexed = more.drop_duplicates(key).set_index(names(more.drop_duplicates(key)[key])).drop(columns=key)
        for column in indexed.columns:
            frame[str(column)] = indexed[column].reindex(track_ids).to_numpy()
    return plain_frame(frame)


def read_paths(table: pd.DataFrame, columns: dict[str, str], attributes: pd.DataFrame | None = None) -> Imported:
    """Tracks given as link ids: one row a track ("12_7_9", or separated by space, semicolon or comma), or one row
    a step (track, step, link)."""
    problems: list[tuple[object, object, str, str]] = []
    one_row_a_track = "path" in columns
    if one_row_a_track:
        need(table, columns, ("track", "path"), "paths")
        ids = names(table[columns["track"]])
        texts = table[columns["path"]].astype("string").fillna("").str.replace(r"[_\s;,]+", " ", regex=True)
        lists = [text.split() for text in texts]
        lengths = np.array([len(row) for row in lists], np.int64)
        links = np.array([link for row in lists for link in row], dtype=object)
        rows = np.arange(len(table)) + FIRST_ROW
        extra = table.drop(columns=[columns["track"], columns["path"]])
    else:
        need(table, columns, ("track", "step", "link"), "paths")
        step = numbers(table, columns["step"])
        all_ids = names(table[columns["track"]])
        bad = np.isnan(step) | (all_ids == "")
        for row in np.flatnonzero(bad)[:MOST_LISTED]:
            problems.append((row + FIRST_ROW, all_ids[row], "no usable step number or track id", "dropped"))
        keep = np.flatnonzero(~bad)
        order = keep[np.lexsort((step[keep], pd.factorize(all_ids[keep])[0]))]
        ids, offsets = _runs(all_ids[order])
        lengths, rows = np.diff(offsets), order[offsets[:-1]] + FIRST_ROW
        links = names(table[columns["link"]])[order]
        extra = table.iloc[order[offsets[:-1]]].drop(columns=[columns[p] for p in ("track", "step", "link")])
    repeated = pd.Series(ids).duplicated().to_numpy()
    nameless, short = ids == "", lengths < 2
    repeated = repeated & ~nameless
    for wrong, what in ((nameless, "no track id"), (repeated, "a second track of the same id"),
                        (short & ~repeated & ~nameless, "a track of one link")):
        problems += [(rows[i], ids[i], what, "dropped") for i in np.flatnonzero(wrong)]
    good = ~(nameless | repeated | short)
    if not good.any():
        raise DataError("No path with at least two links is left.", "Check the column of link ids.")
    flat = links[np.repeat(good, lengths)]
    offsets = np.concatenate(([0], np.cumsum(lengths[good]))).astype(np.int64)
    frame = _attributes(extra.iloc[np.flatnonzero(good)], np.arange(good.sum() + 1), ids[good], attributes)
    tracks = LinkTracks(ids[good], offsets, flat, frame)
    rows_kept = int(good.sum()) if one_row_a_track else len(flat)
    return Imported(tracks, problem_table(problems[:MOST_LISTED]), rows_kept, len(table) - rows_kept,
                    int(good.sum()), int((~good).sum()))

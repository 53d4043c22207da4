"""Features with coordinates as rows: the points of lines, the links of roads, single points."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from irlcore.budget import within
from irlcore.errors import DataError
from irlcore.tracks.cells import shown

TIMES = ("times", "coordtimes", "timestamps", "datetimes", "time_stamps")
"""Properties, in small letters, that hold a time for each point."""
TRACK = ("track", "track_id", "trackid", "trajectory", "trajectory_id", "traj_id", "trip", "trip_id", "tripid", "mmsi", "vessel", "vehicle",
         "vehicle_id", "individual", "animal", "user", "user_id", "id", "name")
"""Properties, in small letters, that name a track, the more telling first."""

Point = Sequence[float]


@dataclass(frozen=True, slots=True)
class Feature:
    """number: from 1, as in the file. parts: lines of points (lon, lat, height, time; the last two where there are any). times: one for
    each point of all parts, or none."""

    number: int
    name: str
    properties: dict[str, Any]
    parts: list[list[Point]]
    times: list[Any]

    @staticmethod
    def of(number: int, name: object, properties: dict[str, Any], parts: object, times: object, label: str) -> Feature:
        """A feature whose coordinates were checked. DataError names it where they are none, or its times are not as many."""
        if not isinstance(parts, list) or not all(isinstance(part, list) and all(_is_point(at) for at in part) for part in parts):
            raise DataError(f"Feature {number:,} of {label} has coordinates that are no lists of numbers.", "Mend or remove that feature.")
        more = properties.get("coordinateProperties")
        inner = more if isinstance(more, dict) else {}
        for key, value in (*properties.items(), *inner.items()):
            if times is None and key.lower() in TIMES and isinstance(value, list):
                times = value
        flat = _flat(times)
        many = sum(map(len, parts))
        if flat and len(flat) != many:
            raise DataError(f"Feature {number:,} of {label} has {many:,} points and {len(flat):,} times.", "Mend or remove that feature.")
        if not flat and all(len(at) > 3 for part in parts for at in part):
            flat = [at[3] for part in parts for at in part]  # as kepler.gl has trips
        kept = {key: value for key, value in properties.items() if key.lower() not in TIMES and key != "coordinateProperties"}
        return Feature(number, "" if name is None else str(name), kept, parts, flat)


def _is_point(at: object) -> bool:
    return isinstance(at, list) and len(at) >= 2 and all(
        isinstance(one, int | float) and not isinstance(one, bool) and abs(one) < 1e300 for one in at[:2]) and all(
        isinstance(one, int | float | str) or one is None for one in at[2:])


def _flat(times: object) -> list[Any]:
    if not isinstance(times, list):
        return []
    return [one for part in times for one in part] if times and all(isinstance(part, list) for part in times) else times


def track_rows(lines: list[Feature], degrees: bool, left_out: list[str], label: str) -> pd.DataFrame:
    """A row for each point of the lines. left_out: gets the properties that hold lists or objects."""
    name = _naming(lines)
    ids = [str(one.properties[name]) if name else one.name or str(one.number) for one in lines]
    many = np.array([sum(map(len, one.parts)) for one in lines])
    columns: dict[str, Any] = {"track": _repeated(np.array(ids, object), many)}
    if any(len(one.parts) > 1 for one in lines) or len(set(ids)) < len(ids):
        columns["segment"] = _segments(lines, ids)
    if any(one.times for one in lines):
        columns["t"] = [time for one in lines for time in (one.times or [None] * sum(map(len, one.parts)))]
    columns |= _positions([at for one in lines for part in one.parts for at in part], degrees)
    scalars = _scalars(lines, left_out, {name} if name else set(), label)
    within("cells", many.sum() * (len(columns) + len(scalars)), f"{label} has {many.sum():,} points with {len(scalars):,} properties.")
    for key, values in scalars.items():
        columns[_free(key, columns)] = _repeated(_column(values), many)
    return pd.DataFrame(columns)


def _segments(lines: list[Feature], ids: list[str]) -> np.ndarray:
    """The number of each part within its track, from 1."""
    seen, numbers, sizes = Counter[str](), [], []
    for one, track in zip(lines, ids, strict=True):
        for part in one.parts:
            seen[track] += 1
            numbers.append(seen[track])
            sizes.append(len(part))
    return np.repeat(np.array(numbers, np.int64), sizes)


def link_rows(lines: list[Feature], label: str) -> pd.DataFrame:
    """A row for each line, with its properties and its geometry in WKT; lists among the properties become text, as osmnx writes them."""
    keys = [key for key in _keys(lines, label) if key.lower() != "geometry"]
    table = pd.DataFrame({key: _column([_told(one.properties.get(key)) for one in lines]) for key in keys})
    table["geometry"] = pd.Series([_wkt(one.parts[0]) for one in lines], dtype="str")
    return table


def _wkt(line: list[Point]) -> str:
    return f"LINESTRING ({', '.join(f'{float(at[0])!r} {float(at[1])!r}' for at in line)})"


def point_rows(points: list[Feature], degrees: bool, left_out: list[str], label: str) -> pd.DataFrame:
    """A row for each point, with its properties."""
    many = np.array([len(one.parts[0]) for one in points])
    east, north = ("lon", "lat") if degrees else ("x", "y")
    scalars = _scalars(points, left_out, {key for one in points for key in one.properties if key.lower() in (east, north)}, label)
    within("cells", many.sum() * (2 + len(scalars)), f"{label} has {many.sum():,} points with {len(scalars):,} properties.")
    columns: dict[str, Any] = {key: _repeated(_column(values), many) for key, values in scalars.items()}
    for key, values in _positions([at for one in points for at in one.parts[0]], degrees).items():
        columns[key if key in (east, north) else _free(key, columns)] = values
    return pd.DataFrame(columns)


def _positions(at: list[Point], degrees: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"lon" if degrees else "x": np.array([one[0] for one in at], np.float64),
                             "lat" if degrees else "y": np.array([one[1] for one in at], np.float64)}
    if any(len(one) > 2 for one in at):
        found["ele"] = pd.to_numeric(pd.Series([one[2] if len(one) > 2 else None for one in at]), errors="coerce").astype(np.float64)
    return found


def _naming(lines: list[Feature]) -> str | None:
    """The property that names the tracks: the most telling one that all have."""
    lower = {key.lower(): key for one in lines for key in one.properties}
    for known in TRACK:
        key = lower.get(known)
        if key is not None and all(isinstance(one.properties.get(key), str | int) and one.properties[key] != "" for one in lines):
            return key
    return None


def _keys(features: list[Feature], label: str) -> list[str]:
    """All properties of the features, as often as there are any."""
    keys = list(dict.fromkeys(key for one in features for key in one.properties))
    within("columns", len(keys), f"The features of {label} have {len(keys):,} properties.", "Leave out those that are not needed.")
    within("values", len(keys) * len(features), f"{label} has {len(features):,} features of {len(keys):,} properties.", "Read it in parts.")
    return keys


def _scalars(features: list[Feature], left_out: list[str], skip: set[str], label: str) -> dict[str, list[Any]]:
    """Property -> a value for each feature, for those that hold no lists and no objects. left_out: gets the names of the others."""
    found = {}
    for key in _keys(features, label):
        if key in skip:
            continue
        values = [one.properties.get(key) for one in features]
        if any(isinstance(value, list | dict) for value in values):
            left_out.append(shown(key))
        else:
            found[key] = values
    return found


def _told(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _column(values: Iterable[object]) -> np.ndarray:
    """Values as a column: numbers, yes / no, or texts as objects; texts where they are mixed."""
    column = list(values)
    kinds = {type(one) for one in column if one is not None}
    if kinds and kinds <= {int, float}:
        whole = kinds == {int} and None not in column and all(abs(one) < 2**63 for one in column)  # type: ignore[arg-type]
        return np.array(column, np.int64 if whole else np.float64)
    if kinds == {bool} and None not in column:
        return np.array(column, bool)
    out = np.empty(len(column), object)
    out[:] = [one if one is None or isinstance(one, str) else str(one) for one in column]
    return out


def _repeated(values: np.ndarray, many: np.ndarray) -> pd.Series:
    """Each value so many times; texts as objects, for one that many points share is there once."""
    return pd.Series(np.repeat(values, many), dtype=values.dtype)


def _free(key: str, table: dict[str, Any]) -> str:
    new, n = key, 2
    while new in table:
        new, n = f"{key} ({n})", n + 1
    return new

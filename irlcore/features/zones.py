"""Zones: rings drawn with the lasso, typed, or read from GeoJSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from irlcore.bounded_json import load_json
from irlcore.budget import Clock, within
from irlcore.errors import FeatureError
from irlcore.features.refusals import as_feature_errors
from irlcore.projection import GEOGRAPHIC, moved
from irlcore.tracks.plain_text import plain_text
from irlcore.worlds.areas import Tally, begun, largest_ring, sound_area

MOST_LISTED = 20  # problems in one message
SHORTENED = 200  # characters of a name that are kept
EXPORT = "Export polygons as GeoJSON in longitude and latitude."


@as_feature_errors()
def ring_from_points(x: Sequence[float], y: Sequence[float], what: str = "the zone", tally: Tally | None = None) -> np.ndarray:
    """A closed ring (V, 2) from a lasso; where the line crosses itself the largest part is kept.

    FeatureError where it has no area, ``FeatureTooLarge`` where it has too many corners or crosses itself too often. tally: of the file
    that it comes from, where it is one of several.
    """
    xy = np.column_stack((np.asarray(x, np.float64), np.asarray(y, np.float64)))
    if len(xy) < 3 or not np.isfinite(xy).all():
        raise FeatureError(f"{begun(what)} needs at least three corners.", "Draw round the area once more.")
    return largest_ring(sound_area([[xy]], what, tally or Tally()), what)


@as_feature_errors()
def ring_from_text(text: str) -> np.ndarray:
    """A closed ring (V, 2) from typed corners: "x, y", "x y" or "x; y" a line, or "x, y; x, y; ..." on one.

    Where the line crosses itself the largest part is kept. FeatureError naming every line that cannot be read.
    """
    corners: list[list[float]] = []
    problems = []
    lines = text.splitlines()
    within("corners", len(lines), f"There are {len(lines):,} lines of corners.", "Simplify the area.")
    for number, line in enumerate(lines, 1):
        try:
            corners += _corners(line)
        except ValueError:
            problems.append(f"Line {number} of the corners is {line.strip()[:40]!r}.")
    if problems:
        raise FeatureError(listed(problems), 'Type one corner a line as "x, y", with a point for decimals.')
    return ring_from_points([x for x, _ in corners], [y for _, y in corners])


def _corners(line: str) -> list[list[float]]:
    """The corners on one line; ValueError where it is none. "1,5; 2,5" is one too: two corners or one with decimal commas?"""
    pieces = [piece.strip() for piece in line.split(";") if piece.strip()]
    if len(pieces) == 2 and all(re.fullmatch(r"[-+]?\d+,\d+", piece) for piece in pieces):
        raise ValueError("two readings")
    rows = [[float(number) for number in re.split(r"\s*,\s*|\s+", piece)] for piece in pieces]
    if len(rows) == 2 and all(len(row) == 1 for row in rows):
        rows = [[*rows[0], *rows[1]]]
    if any(len(row) != 2 for row in rows) or not np.isfinite(rows).all():
        raise ValueError("no corner")
    return rows


def listed(problems: Sequence[str]) -> str:
    """Problems as one text, the first of them where there are many."""
    more = f" And {len(problems) - MOST_LISTED:,} more." if len(problems) > MOST_LISTED else ""
    return " ".join(problem if len(problem) <= 400 else f"{problem[:400]}..." for problem in problems[:MOST_LISTED]) + more


@as_feature_errors()
def zones_from_geojson(text: str, crs: str | None) -> dict[str, np.ndarray]:
    """Zones by name from GeoJSON polygons. Where the world has a projection the file's lon / lat are projected to it.

    Of a zone in parts, or whose line crosses itself, the largest part is kept, without its holes. Lines, points and features without a
    place are left out: maps hold them among their areas. FeatureError that names the zone, or where none is left; ``FeatureTooLarge``
    where the file is over the budget.
    """
    features = _features(load_json(text, "The GeoJSON"))
    within("areas", len(features), f"The GeoJSON has {len(features):,} features.", "Leave out those that are no zones.")
    found: dict[str, np.ndarray] = {}
    tally, clock = Tally(), Clock("The GeoJSON")
    for i, feature in enumerate(features, 1):
        clock.check()
        name = _free_name(feature, i, found)
        what = f"the zone {name!r}"
        areas = [sound_area(rings, what, tally) for rings in _polygons(feature.get("geometry", feature), what)]
        if not areas:
            continue
        found[name] = largest_ring(shapely.GeometryCollection(areas), what)
    if not found:
        raise FeatureError("There is no polygon in this file.", EXPORT)
    for name, ring in (placed := _all_projected(found, GEOGRAPHIC, crs)).items():
        if not np.isfinite(ring).all():
            raise FeatureError(f"The zone {name!r} is not in longitude and latitude.", "Export it in degrees (EPSG:4326).")
    return placed


def _features(loaded: object) -> list[dict[str, Any]]:
    """The features of a collection, or a feature or bare geometry by itself."""
    if isinstance(loaded, dict):
        found = loaded.get("features") if loaded.get("type") == "FeatureCollection" else [loaded]
        if isinstance(found, list) and all(isinstance(one, dict) for one in found):
            return found
    raise FeatureError("This is not GeoJSON with polygons.", EXPORT)


def _free_name(feature: Mapping[str, Any], i: int, taken: Mapping[str, object]) -> str:
    properties = feature.get("properties")
    given = properties.get("name") if isinstance(properties, dict) else None
    known = isinstance(given, str | int | float) and not isinstance(given, bool)
    name = first = (plain_text(str(given)[:SHORTENED]) if known else "") or f"zone {i}"
    while name in taken:
        name, i = f"{first} ({i})", i + 1
    return name


def _polygons(geometry: object, what: str) -> Iterator[list[list[np.ndarray]]]:
    """The rings of each (multi)polygon of a geometry; lines and points have none, and null (RFC 7946, 3.2) is one without a place."""
    if geometry is None:
        return
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or not isinstance(kind, str):
        raise FeatureError(f"{begun(what)} has no geometry.", EXPORT)
    held = geometry.get("geometries" if kind == "GeometryCollection" else "coordinates")
    if not isinstance(held, list):
        raise FeatureError(f"{begun(what)} has no list of coordinates.", EXPORT)
    if kind == "GeometryCollection":
        for one in held:
            yield from _polygons(one, what)
    elif kind in ("Polygon", "MultiPolygon"):
        polygons = [[_corners_of(ring, what) for ring in _list(rings, what)]
                    for rings in ([held] if kind == "Polygon" else held) if rings != []]
        if polygons := [rings for rings in polygons if rings]:
            yield polygons


def _list(value: object, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise FeatureError(f"{begun(what)} has {str(value)[:40]!r} where a list of corners should be.", EXPORT)
    return value


def _corners_of(ring: object, what: str) -> np.ndarray:
    """(V, 2) float64; heights are left out."""
    listed = [_list(corner, what)[:2] for corner in _list(ring, what)]
    try:
        corners = np.array(listed)
    except (ValueError, OverflowError):  # not as many numbers in each, or lists in them
        corners = np.empty(0)
    truths = any(isinstance(number, bool) for corner in listed for number in corner)  # among numbers numpy takes true for 1
    if truths or corners.dtype.kind not in "iuf" or corners.ndim != 2 or corners.shape[1] != 2:
        raise FeatureError(f"{begun(what)} has a corner that is not two numbers.", EXPORT)
    return corners.astype(np.float64)


def zones_to_geojson(zones: Mapping[str, np.ndarray], crs: str | None) -> str:
    """GeoJSON of zones, in lon / lat where the world has a projection, else in the data's own coordinates.

    FeatureError that names a zone with a corner that has no lon / lat.
    """
    placed = _all_projected(zones, crs, GEOGRAPHIC)
    for name, ring in placed.items():
        if not np.isfinite(ring).all():
            raise FeatureError(f"The zone {name[:60]!r} reaches beyond what has a longitude and latitude in {crs}.", "Draw it smaller.")
    features = [{"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [closed(ring).tolist()]}}
                for name, ring in placed.items()]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def closed(ring: np.ndarray) -> np.ndarray:
    """The ring (V, 2) with its first corner at its end."""
    ring = np.asarray(ring, np.float64)
    return ring if np.array_equal(ring[0], ring[-1]) else np.vstack((ring, ring[:1]))


@as_feature_errors()
def projected(points: np.ndarray, source: str | None, target: str | None) -> np.ndarray:
    """Points (V, 2) from one projection to another, as they are where either is unknown; infinite where they have no image.

    FeatureError where a projection is no code of an authority, or not known.
    """
    if source is None or target is None:
        return points
    return moved(points, source, target)


def _all_projected(rings: Mapping[str, np.ndarray], source: str | None, target: str | None) -> dict[str, np.ndarray]:
    """All at once: to look a projection up takes as long as to move thousands of points."""
    if not rings:
        return {}
    together = projected(np.vstack(list(rings.values())), source, target)
    return dict(zip(rings, np.split(together, np.cumsum([len(ring) for ring in rings.values()])[:-1]), strict=True))

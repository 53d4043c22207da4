"""Zones: rings drawn with the lasso, typed, or read from GeoJSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import mapping, shape

from irlcore.errors import FeatureError

GEOGRAPHIC = "EPSG:4326"


def ring_from_points(x: Sequence[float], y: Sequence[float]) -> np.ndarray:
    """A closed ring (V, 2) from a lasso; where the line crosses itself the largest part is kept."""
    xy = np.column_stack((np.asarray(x, np.float64), np.asarray(y, np.float64)))
    if len(xy) < 3 or not np.isfinite(xy).all():
        raise FeatureError("A zone needs at least three corners.", "Draw round the area once more.")
    return _ring_of(shapely.make_valid(shapely.Polygon(xy)))


def ring_from_text(text: str) -> np.ndarray:
    """A closed ring (V, 2) from typed corners: "x, y", "x y" or "x; y" a line, or "x, y; x, y; ..." on one.

    Where the line crosses itself the largest part is kept. FeatureError naming every line that cannot be read.
    """
    corners: list[list[float]] = []
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            corners += _corners(line)
        except ValueError:
            problems.append(f"Line {number} of the corners is {line.strip()[:40]!r}.")
    if problems:
        raise FeatureError(" ".join(problems), 'Type one corner a line as "x, y", with a point for decimals.')
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


def _ring_of(area: shapely.Geometry, what: str = "The zone") -> np.ndarray:
    parts = [g for g in getattr(area, "geoms", [area]) if g.geom_type in ("Polygon", "MultiPolygon")]
    polygons = [p for g in parts for p in getattr(g, "geoms", [g])]
    if not polygons or max(p.area for p in polygons) <= 0.0:
        raise FeatureError(f"{what} has no area.", "Draw round the area once more.")
    return np.asarray(max(polygons, key=lambda p: p.area).exterior.coords)[:, :2]


def zones_from_geojson(text: str, crs: str | None) -> dict[str, np.ndarray]:
    """Zones by name from GeoJSON polygons. Where the world has a projection the file's lon / lat are projected to it."""
    try:
        loaded = json.loads(text)
        features = loaded["features"] if loaded.get("type") == "FeatureCollection" else [loaded]
        found = {}
        for i, feature in enumerate(features):
            properties = feature.get("properties") or {}
            name = str(properties.get("name") or f"zone {i + 1}")
            if name in found:
                name = f"{name} ({i + 1})"
            what = f"The zone {name!r}"
            found[name] = projected(_ring_of(shapely.make_valid(shape(feature.get("geometry", feature))), what), GEOGRAPHIC, crs)
            if not np.isfinite(found[name]).all():
                raise FeatureError(f"{what} is not in longitude and latitude.", "Export it in degrees (EPSG:4326).")
    except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        raise FeatureError(f"This is not GeoJSON with polygons ({error}).",
                           "Export polygons as GeoJSON in longitude and latitude.") from error
    if not found:
        raise FeatureError("There is no polygon in this file.", "Export polygons as GeoJSON in longitude and latitude.")
    return found


def zones_to_geojson(zones: Mapping[str, np.ndarray], crs: str | None) -> str:
    """GeoJSON of zones, in lon / lat where the world has a projection, else in the data's own coordinates."""
    features = [{"type": "Feature", "properties": {"name": name},
                 "geometry": mapping(shapely.Polygon(projected(ring, crs, GEOGRAPHIC) if crs else ring))}
                for name, ring in zones.items()]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def projected(ring: np.ndarray, source: str | None, target: str | None) -> np.ndarray:
    """Points (V, 2) from one projection to another, as they are where either is unknown; infinite where they have no image."""
    if source is None or target is None:
        return ring
    return np.column_stack(Transformer.from_crs(source, target, always_xy=True).transform(ring[:, 0], ring[:, 1]))

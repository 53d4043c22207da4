"""GeoJSON of any kind as shapes: points, lines and areas with their names (RFC 7946)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from irlcore.bounded_json import load_json
from irlcore.budget import Clock, within
from irlcore.errors import DataError
from irlcore.maps.file_shapes import NAME_FIELDS, Form, Shapes, Thing, shortened
from irlcore.maps.outlines import turned
from irlcore.projection import GEOGRAPHIC
from irlcore.tracks.bounds import FARTHEST_CORNER

MEND = "Export it once more as GeoJSON."
FORMS: dict[str, tuple[Form, int]] = {"Point": ("points", 0), "MultiPoint": ("points", 1), "LineString": ("lines", 1),
                                      "MultiLineString": ("lines", 2), "Polygon": ("areas", 2), "MultiPolygon": ("areas", 3)}
"""Kind of geometry -> what it is, and how deep its corners lie."""
BARE = {*FORMS, "GeometryCollection"}
TELLING = ("natural", "highway", "waterway", "place", "featurecla", "fclass", "landuse")
"""Fields whose values tell what a thing is."""


def geojson_shapes(text: bytes, label: str) -> Shapes:
    """The features of a GeoJSON file in longitude and latitude, or in the projection that an older file names by its code.

    label: the file's name, for sentences. DataError that names the feature; ``TooLarge`` where the file is over the budget.
    """
    loaded = load_json(text, label)
    crs = _crs(loaded, label)
    clock, things, words, points = Clock(f"Reading {label}"), [], set(), 0
    for i, feature in enumerate(_features(loaded, label), 1):
        if i % 500 == 0:
            clock.check()
        properties = feature.get("properties")
        named = {str(key).lower(): value for key, value in properties.items()} if isinstance(properties, dict) else {}
        words |= {key[:40] for key in list(named)[:50]} | {str(named[key])[:40].lower() for key in TELLING if key in named}
        name = next((found for key in NAME_FIELDS if (found := shortened(named.get(key)))), "")
        what = f"Feature {i}{f' ({name[:40]!r})' if name else ''} of {label}"
        by_form: dict[Form, list[np.ndarray]] = {}
        for form, part in _parts(feature.get("geometry", feature if feature.get("type") in BARE else None), what):
            by_form.setdefault(form, []).append(part)
            points += len(part)
            within("points", points, f"{label} has {points:,} corners or more.", "Take a part of it.")
        things += [Thing(form, tuple(parts), name, i) for form, parts in by_form.items()]
    return Shapes(label, tuple(things), crs, frozenset(words))


def _features(loaded: object, label: str) -> list[dict[str, Any]]:
    if isinstance(loaded, dict):
        found = loaded.get("features") if loaded.get("type") == "FeatureCollection" else [loaded]
        if isinstance(found, list) and all(isinstance(one, dict) for one in found):
            return found
    raise DataError(f"{label} is no GeoJSON.", MEND)


def _crs(loaded: object, label: str) -> str:
    """Degrees, unless the file is of before 2016 and names a projection."""
    named = loaded.get("crs") if isinstance(loaded, dict) else None
    properties = named.get("properties") if isinstance(named, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or name.upper().endswith("CRS84"):
        return GEOGRAPHIC
    code = re.search(r"(EPSG|ESRI)[:/]+(?:[0-9.]*[:/]+)?([0-9]{1,7})$", name, re.IGNORECASE | re.ASCII)
    if code is None:
        raise DataError(f"{label} names the projection {name[:60]!r}, which is no code.", "Export it in degrees (EPSG:4326).")
    return f"{code[1].upper()}:{code[2]}"


def _parts(geometry: object, what: str) -> Iterator[tuple[Form, np.ndarray]]:
    """Form and corners of each part of a geometry; null (RFC 7946, 3.2) is a feature without a place."""
    if geometry is None:
        return
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, Mapping) or not isinstance(kind, str):
        raise DataError(f"{what} has no geometry.", MEND)
    if kind == "GeometryCollection":
        held = geometry.get("geometries")
        if not isinstance(held, list):
            raise DataError(f"{what} has a collection of nothing.", MEND)
        for one in held:
            yield from _parts(one, what)
        return
    if kind not in FORMS:
        raise DataError(f"{what} is of the kind {kind[:40]!r}, which GeoJSON does not have.", MEND)
    form, depth = FORMS[kind]
    for corners, hole in _lists(geometry.get("coordinates"), depth, kind, what):
        found = _corners(corners, what)
        if form == "points":
            yield from (("points", one) for one in np.split(found, len(found)) if len(one))
        elif form == "lines" and len(found) > 1:
            yield form, found
        elif form == "areas" and len(found) > 2:
            closed = found if (found[0] == found[-1]).all() else np.concatenate((found, found[:1]))
            yield form, turned(closed, left=not hole)


def _lists(value: object, depth: int, kind: str, what: str) -> Iterator[tuple[list[Any], bool]]:
    """The lists of corners in nested lists, and whether each is a hole: of an area's rings all but the first."""
    if not isinstance(value, list):
        raise DataError(f"{what} has {str(value)[:40]!r} where a list of corners should be.", MEND)
    if depth == 0:
        yield [value], False
    elif depth == 1:
        yield value, False
    else:
        for k, one in enumerate(value):
            for corners, hole in _lists(one, depth - 1, kind, what):
                yield corners, hole or (depth == 2 and k > 0 and "Polygon" in kind)


def _corners(listed: list[Any], what: str) -> np.ndarray:
    """(V, 2) float64; heights are left out. DataError where one is not two numbers, or farther off than a place can be."""
    try:
        found = np.array([corner[:2] for corner in listed if isinstance(corner, list)])
        right = len(found) == len(listed) and (not len(found) or (found.dtype.kind in "iuf" and found.shape[1:] == (2,)))
    except (ValueError, OverflowError, TypeError):
        right = False
    if not right or any(isinstance(number, bool) for corner in listed for number in corner):
        raise DataError(f"{what} has a corner that is not two numbers.", MEND)
    found = found.astype(np.float64).reshape(-1, 2)
    if not (np.abs(found) <= FARTHEST_CORNER).all():
        raise DataError(f"{what} has a corner beyond {FARTHEST_CORNER:g}.", MEND)
    return found

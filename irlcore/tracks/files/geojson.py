"""GeoJSON into a table: lines are tracks (a row a point) or roads (a row a link), points are rows with their properties."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from irlcore.bounded_json import load_json
from irlcore.budget import within
from irlcore.errors import DataError
from irlcore.tracks.files.csv_text import SAID
from irlcore.tracks.files.geojson_lines import Feature, link_rows, point_rows, track_rows
from irlcore.tracks.files.json_records import records_of
from irlcore.tracks.files.named_crs import CRS, named_epsg
from irlcore.tracks.files.parquet import LEFT_OUT
from irlcore.tracks.files.roads import AreasOnly, with_lines
from irlcore.tracks.files.unpack import Source
from irlcore.tracks.plain_text import plain_text

AREAS = "GeoJSON of areas is for blocked areas, beside the grid's cells, and for zones on the Features page."
TABLE = f"Choose CSV, Parquet, GPX, or GeoJSON of lines or points. {AREAS}"
ROADS = {"u", "v", "osmid", "highway", "link", "link_id", "edge", "edge_id", "from_node", "to_node", "oneway", "maxspeed"}
DEGREES = ("crs84", "epsg:4326", "epsg::4326")
EMPTY = b'{"type": "FeatureCollection", "features": ['


@dataclass(slots=True)
class _Held:
    """The features of a file by the kind of their geometry; areas and others only counted."""

    lines: list[Feature] = field(default_factory=list)
    points: list[Feature] = field(default_factory=list)
    areas: int = 0
    without: int = 0


def read_geojson(source: Source) -> pd.DataFrame:
    """A table of points with columns track, t, lon, lat (x and y where they are no degrees) and the properties; or of links, with a column
    geometry in WKT. DataError where it is other JSON, or its features are areas."""
    label = source.label
    found = _loaded(source)
    if not (isinstance(found, dict) and isinstance(found.get("type"), str) and ("features" in found or "coordinates" in found
                                                                             or found["type"] in ("Feature", "FeatureCollection"))):
        records = records_of(found, label)
        if records is not None:
            return records
    if not isinstance(found, dict) or not isinstance(found.get("type"), str):
        raise DataError(f"{label} is JSON, not a table: it is no GeoJSON.", TABLE)
    features = found.get("features") if found["type"] == "FeatureCollection" else [found]
    if not isinstance(features, list):
        raise DataError(f"{label} is JSON, not a table: its features are no list.", TABLE)
    held = _Held()
    for k, one in enumerate(features, 1):
        _sort(one, k, held, label)
    if not held.lines and not held.points:
        what = f"its features are areas ({held.areas:,})" if held.areas else "it has no features with lines or points"
        kind, fix = (AreasOnly, AREAS) if held.areas else (DataError, TABLE)
        raise kind(f"{label} is JSON, not a table: {what}.", fix)
    said = [f"{many:,} {what}." for many, what in (
        (held.areas, "areas are left out: they are zones, not tracks"), (held.without, "features without a usable geometry are left out"),
        (len(held.points) if held.lines else 0, "single points beside the lines are left out")) if many]
    degrees, told, crs = _in_degrees(found, held)
    left_out: list[str] = []
    keys = {key.lower() for one in held.lines for key in one.properties}
    if held.lines and (keys & ROADS) and all(len(one.parts) == 1 and not one.times for one in held.lines):
        flat = [[np.array([at[:2] for at in one.parts[0]], np.float64).reshape(-1, 2)] for one in held.lines]
        table = with_lines(link_rows(held.lines, label), flat, np.array([one.number for one in held.lines]), crs or None)
        told = [*told, "The lines are taken for roads: a row for each link.", *table.attrs.get(SAID, [])]
    elif held.lines:
        table = track_rows(held.lines, degrees, left_out, label)
    else:
        table = point_rows(held.points, degrees, left_out, label)
    if said or told:
        table.attrs[SAID] = [*said, *told]
    if crs:
        table.attrs[CRS] = crs
    if left_out:
        table.attrs[LEFT_OUT] = left_out
    return table


def _loaded(source: Source) -> object:
    """The value of the file; of one with a feature in each line, all of them as one collection."""
    raw = source.whole().removeprefix(b"\xef\xbb\xbf")
    if raw.lstrip()[:1] == b"[":
        found = load_json(raw, source.label) if raw.lstrip()[1:].lstrip()[:1] == b"{" else None
        if records_of(found, source.label) is None:
            raise DataError(f"{source.label} is JSON, not a table: it is a list.", TABLE)
        return found
    first, _, rest = raw.lstrip(b"\x1e \r\n").partition(b"\n")
    if rest.strip() and first.rstrip().endswith(b"}") and rest.lstrip(b"\x1e \r\n")[:1] == b"{":
        within("unpacked", 2.0 * len(raw), f"{source.label} has {len(raw):,} bytes.")
        lines = [one for line in raw.split(b"\n") if (one := line.strip(b"\x1e \r"))]
        begun = load_json(lines[0], source.label)
        if isinstance(begun, dict) and "geometry" not in begun and "coordinates" not in begun:
            return load_json(b"[" + b",".join(lines) + b"]", source.label)
        return load_json(EMPTY + b",".join(lines) + b"]}", source.label)
    return load_json(raw, source.label)


def _sort(one: object, k: int, held: _Held, label: str) -> None:
    """Put a feature, or a bare geometry, where it belongs."""
    if not isinstance(one, dict):
        held.without += 1
        return
    feature = one.get("type") == "Feature"
    moving = one.get("temporalGeometry") if feature else None
    geometry = moving or (one.get("geometry") if feature else one)
    given = one.get("properties") if feature else None
    properties = {plain_text(key).strip() or "property": value for key, value in given.items()} if isinstance(given, dict) else {}
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    at: Any = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind in ("LineString", "MultiLineString", "MovingPoint") and at:
        times = geometry.get("datetimes") if moving and isinstance(geometry, dict) else None
        parts = at if kind == "MultiLineString" else [at]
        held.lines.append(Feature.of(k, one.get("id"), properties, parts, times, label))
    elif kind in ("Point", "MultiPoint") and at:
        held.points.append(Feature.of(k, one.get("id"), properties, [at if kind == "MultiPoint" else [at]], None, label))
    elif kind in ("Polygon", "MultiPolygon"):
        held.areas += 1
    else:
        held.without += 1


def _in_degrees(found: dict[str, Any], held: _Held) -> tuple[bool, list[str], str]:
    """Whether the coordinates are degrees, by what the file names and by their values; what to tell; and the projection that is named."""
    crs = found.get("crs")
    name = str(crs["properties"].get("name", "")) if isinstance(crs, dict) and isinstance(crs.get("properties"), dict) else ""
    if name and not name.lower().endswith(DEGREES):
        return False, [f"The file names a projection: {plain_text(name)[:60]}. Its coordinates are x and y."], named_epsg(name)
    far = any(abs(at[0]) > 360.0 or abs(at[1]) > 90.0 for one in (*held.lines, *held.points) for part in one.parts for at in part)
    return not far, ["The coordinates are no degrees: they are x and y."] if far else [], ""


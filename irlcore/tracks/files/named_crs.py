"""The projection that a file names for its coordinates: of GeoJSON (as it was before 2016) and of GeoParquet."""

from __future__ import annotations

import re

from irlcore.bounded_json import load_json
from irlcore.errors import DataError

CRS = "crs"  # the key, in ``attrs`` of a table, of the projection of x and y that its file names: "EPSG:25832"
LONGEST = 200_000  # bytes of what GeoParquet says of its columns
EPSG = re.compile(r"EPSG:(?:[\d.]*:)?(\d{4,6})$", re.IGNORECASE)
DEGREES = {"EPSG:4326", "EPSG:4979"}


def named_epsg(name: str) -> str:
    """"EPSG:25832" of any way to write it, such as urn:ogc:def:crs:EPSG::25832; empty where it is degrees or something else."""
    found = EPSG.search(name.strip())
    return f"EPSG:{found[1]}" if found and f"EPSG:{found[1]}" not in DEGREES else ""


def geoparquet_crs(said: bytes, column: str) -> str:
    """The projection of a column of GeoParquet, by the note ``geo`` of the file, as ``named_epsg``; empty where it names none that is plane
    and has a number."""
    if len(said) > LONGEST:
        return ""
    try:
        found = load_json(said, "The note of the file")
    except DataError:
        return ""
    for key in ("columns", column, "crs"):
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, dict) or found.get("type") not in ("ProjectedCRS", "BoundCRS", "CompoundCRS"):
        return ""
    about = found.get("id")
    if not isinstance(about, dict):
        return ""
    return named_epsg(f"{about.get('authority')}:{about.get('code')}")

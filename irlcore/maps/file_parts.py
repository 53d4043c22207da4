"""Which of the files that were picked belong together, and what is in each: one GeoJSON, or the parts of one shapefile, packed or loose."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from irlcore.errors import DataError
from irlcore.maps.file_shapes import Shapes
from irlcore.maps.geojson_shapes import geojson_shapes
from irlcore.maps.shapefile import shapefile_shapes
from irlcore.tracks.files.unpack import Source, open_source
from irlcore.tracks.files.zip_members import FAULTS, MOST_PACKED, unreadable
from irlcore.tracks.plain_text import plain_text

PARTS = ("shp", "dbf", "prj", "cpg", "shx")
"""Of a shapefile; the last one only says where records begin, which they say themselves."""
GEOJSON = ("geojson", "json", "gz")
ENDINGS = (*GEOJSON, "zip", *PARTS)
SHORT = 60  # characters of a file's name


def belonging(names: Iterable[str]) -> list[tuple[str, ...]]:
    """The names in groups: the parts of one shapefile together, anything else by itself."""
    groups: dict[str, list[str]] = {}
    for name in names:
        key = name[:-len(ending_of(name)) - 1].lower() + "." if ending_of(name) in PARTS else name
        groups.setdefault(key, []).append(name)
    return [tuple(group) for group in groups.values()]


def opened(files: Mapping[str, bytes]) -> Shapes:
    """The features of one group of ``belonging``. DataError where it is none of what is read here."""
    parts = {ending_of(name): content for name, content in files.items()}
    first = next(iter(files), "")
    if set(parts) & set(PARTS):
        if "shp" not in parts:
            raise DataError(f"{_said(first)} is a part of a shapefile whose .shp is not there.", "Pick its .shp, .dbf and .prj together.")
        shp = next(name for name in files if ending_of(name) == "shp")
        return shapefile_shapes(parts, _said(shp))
    content, label = files[first], _said(first)
    if content.startswith(b"PK"):
        return _packed(content, label)
    return geojson_shapes(open_source(content, label).whole(), label)


def _packed(content: bytes, label: str) -> Shapes:
    """The one map in a zip."""
    if content.count(b"PK\x01\x02") > MOST_PACKED:  # counted before the directory becomes objects
        raise DataError(f"{label} holds more than {MOST_PACKED:,} files.", "Unpack it, and choose the map.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = [one.filename for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX/")
                      and not one.flag_bits & 1 and one.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)]
    except FAULTS as error:
        raise unreadable(label, error) from error
    maps = [name for name in inside if ending_of(name) in ("shp", "geojson", "json")]
    if len(maps) != 1:
        held = f"{len(maps)} maps ({', '.join(repr(name[:SHORT]) for name in maps[:5])})" if maps else "no shapefile and no GeoJSON"
        raise DataError(f"{label} holds {held}.", "Unpack it, and pick the files of one map.")
    group = next(group for group in belonging(inside) if maps[0] in group)
    taken = {ending_of(name): Source(label, content, len(content), "zip", name).whole() for name in group if ending_of(name) != "shx"}
    if "shp" in taken:
        return shapefile_shapes(taken, _said(maps[0]))
    return geojson_shapes(next(iter(taken.values())), _said(maps[0]))


def ending_of(name: str) -> str:
    """In small letters, without the dot."""
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def _said(name: str) -> str:
    """A file's name as sentences and the legend have it."""
    return plain_text(PurePosixPath(name).name[-SHORT:]) or "the file"

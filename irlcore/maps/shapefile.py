"""Shapefiles as shapes, read here so that no library is needed (ESRI Shapefile Technical Description, 1998; dBASE III tables).

Every count in the file is asked for its sense before anything is made of it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping

import numpy as np

from irlcore.budget import Clock, within
from irlcore.errors import DataError
from irlcore.maps.file_shapes import NAME_FIELDS, Form, Shapes, Thing, shortened
from irlcore.maps.outlines import turned
from irlcore.projection import code_of_wkt
from irlcore.tracks.bounds import FARTHEST_CORNER

HEADER, RECORD = 100, 8  # bytes
CODE = 9994
FORMS: dict[int, Form] = {1: "points", 3: "lines", 5: "areas", 8: "points"}
"""Types of the plane; those with heights are 10 more, with measures 20, and begin with the same bytes."""
MEND = "Check that the file is whole, or export it again."
MOST_WKT = 20_000  # characters
ENCODING = re.compile(r"[A-Za-z0-9 _-]{1,20}", re.ASCII)


def shapefile_shapes(files: Mapping[str, bytes], label: str) -> Shapes:
    """The features of a shapefile. files: its parts by their endings, of which "shp" must be there; "dbf" has names, "prj" the projection,
    "cpg" how texts are written. label: the file's name, for sentences.

    DataError that names the record; ``TooLarge`` where it has too many corners.
    """
    shp = files["shp"]
    if len(shp) < HEADER or struct.unpack_from(">i", shp, 0)[0] != CODE:
        raise DataError(f"{label} is no shapefile.", MEND)
    names, words = _names(files["dbf"], files.get("cpg", b""), label) if "dbf" in files else ([], frozenset())
    clock, things, points = Clock(f"Reading {label}"), [], 0
    for number, content in _records(shp, label):
        if number % 500 == 0:
            clock.check()
        name = names[number - 1] if number <= len(names) else ""
        what = f"Record {number}{f' ({name[:40]!r})' if name else ''} of {label}"
        try:
            form, parts = _shape(content, what)
        except struct.error as error:
            raise DataError(f"{what} is shorter than it says.", MEND) from error
        points += sum(map(len, parts))
        within("points", points, f"{label} has {points:,} corners or more.", "Take a part of it.")
        if parts:
            things.append(Thing(form, tuple(parts), name, number))
    return Shapes(label, tuple(things), _crs(files.get("prj"), label), words)


def _records(shp: bytes, label: str) -> Iterator[tuple[int, bytes]]:
    at, number = HEADER, 0
    while at + RECORD <= len(shp):
        number += 1
        size = 2 * struct.unpack_from(">i", shp, at + 4)[0]
        if size < 4 or at + RECORD + size > len(shp):
            raise DataError(f"{label} ends in the middle of record {number}.", MEND)
        yield number, shp[at + RECORD:at + RECORD + size]
        at += RECORD + size


def _shape(content: bytes, what: str) -> tuple[Form, list[np.ndarray]]:
    kind, = struct.unpack_from("<i", content, 0)
    if kind == 0:
        return "points", []
    form = FORMS.get(kind % 10) if kind < 30 else None
    if form is None:
        raise DataError(f"{what} is of the type {kind}, which is not read here.", "Export points, lines or polygons.")
    if kind % 10 == 1:
        return form, [_corners(content, 4, 1, what)]
    if form == "points":
        count, = struct.unpack_from("<i", content, 36)
        return form, list(np.split(_corners(content, 40, count, what), max(count, 1)))
    n_parts, count = struct.unpack_from("<ii", content, 36)
    if not 0 <= n_parts <= count or 44 + 4 * n_parts > len(content):
        raise DataError(f"{what} says that it has {n_parts:,} parts of {count:,} corners.", MEND)
    begins = np.frombuffer(content, "<i4", n_parts, 44)
    xy = _corners(content, 44 + 4 * n_parts, count, what)
    if len(begins) and (begins[0] != 0 or (np.diff(begins) < 0).any() or begins[-1] > count):
        raise DataError(f"{what} has parts that begin where it has no corners.", MEND)
    parts = np.split(xy, begins[1:]) if len(begins) else []
    if form == "lines":
        return form, [part for part in parts if len(part) > 1]
    # outer rings run clockwise here, holes the other way: kept apart by running each the other way round
    rings = [part if (part[0] == part[-1]).all() else np.concatenate((part, part[:1])) for part in parts if len(part) > 2]
    alone = len(rings) == 1
    return form, [turned(ring, left=True) if alone else ring[::-1] for ring in rings]


def _corners(content: bytes, at: int, count: int, what: str) -> np.ndarray:
    if count < 0 or at + 16 * count > len(content):
        raise DataError(f"{what} says that it has {count:,} corners, which is more than it holds.", MEND)
    xy = np.frombuffer(content, "<f8", 2 * count, at).reshape(-1, 2).astype(np.float64)
    if not (np.abs(xy) <= FARTHEST_CORNER).all():
        raise DataError(f"{what} has a corner that is no place.", MEND)
    return xy


def _names(dbf: bytes, cpg: bytes, label: str) -> tuple[list[str], frozenset[str]]:
    """The name of each record, and the names of the fields in small letters."""
    if len(dbf) < 33:
        return [], frozenset()
    count, head, size = struct.unpack_from("<IHH", dbf, 4)
    if size < 1 or head < 33 or head > len(dbf):
        raise DataError(f"The table beside {label} (.dbf) cannot be read.", MEND)
    count = min(count, (len(dbf) - head) // size)
    fields: dict[str, tuple[int, int]] = {}
    at, begin = 32, 1  # a record begins with the mark of those that are deleted
    while at + 32 <= head and dbf[at] != 0x0D:
        name = dbf[at:at + 11].split(b"\0")[0].decode("latin-1").strip().lower()
        fields.setdefault(name, (begin, dbf[at + 16]))
        begin, at = begin + dbf[at + 16], at + 32
    said = cpg[:40].decode("latin-1").strip()
    found: list[str] = []
    field = next((fields[name] for name in NAME_FIELDS if name in fields), None)
    for k in range(count if field else 0):
        assert field is not None
        start = head + k * size + field[0]
        found.append(shortened(_text(dbf[start:start + field[1]], said)))
    return found, frozenset(fields)


def _text(raw: bytes, said: str) -> str:
    """In the encoding that the file names, else UTF-8, else Latin-1, which reads anything."""
    for encoding in (said if ENCODING.fullmatch(said) else "utf-8", "utf-8"):
        try:
            return raw.decode(f"cp{encoding}" if encoding.isdigit() else encoding).strip()
        except (UnicodeError, LookupError):
            continue
    return raw.decode("latin-1").strip()


def _crs(prj: bytes | None, label: str) -> str | None:
    if prj is None or not prj.strip():
        return None
    text = prj[:MOST_WKT + 1].decode("utf-8", errors="replace")
    code = code_of_wkt(text) if len(text) <= MOST_WKT else None
    if code is None:
        raise DataError(f"The projection of {label} (.prj) is none that is known by a code.", "Save it in degrees (EPSG:4326).")
    return code

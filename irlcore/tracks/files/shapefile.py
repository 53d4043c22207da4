"""Shapefiles, read here so that no library is needed (ESRI Shapefile Technical Description, 1998; dBASE III tables).

Every count in the file is asked for its sense before anything is made of it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from irlcore.errors import DataError
from irlcore.projection import code_of_wkt
from irlcore.tracks.bounds import FARTHEST_CORNER

Form = Literal["points", "lines", "areas"]
HEADER, RECORD = 100, 8  # bytes
CODE = 9994
FORMS: dict[int, Form] = {1: "points", 3: "lines", 5: "areas", 8: "points"}
"""Types of the plane; those with heights are 10 more, with measures 20, and begin with the same bytes."""
MEND = "Check that the file is whole, or export it again."
MOST_WKT = 20_000  # characters
ENCODING = re.compile(r"[A-Za-z0-9 _-]{1,20}", re.ASCII)
DRIVERS = {0x03: "cp1252", 0x57: "cp1252", 0x01: "cp437", 0x02: "cp850", 0x26: "cp866", 0x65: "cp866", 0x64: "cp852", 0xC8: "cp1250",
           0xC9: "cp1251", 0xCB: "cp1253", 0xCA: "cp1254", 0x13: "cp932", 0x4D: "cp936", 0x4F: "cp950", 0x4E: "cp949"}
"""The byte of a dBASE table that names its code page; often wrong, so it is asked last."""
DELETED = ord("*")


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a dBASE table: its name, its type ("C", "N", "F", "L", "D" ...), and where it stands in a record."""

    name: str
    kind: str
    begin: int
    size: int


@dataclass(frozen=True, slots=True)
class Dbf:
    """A dBASE table. count: how many records it has, of ``size`` bytes each from ``head`` on. said: the encoding that is named beside it,
    "" for none. driver: the one of its own code page."""

    raw: bytes
    count: int
    head: int
    size: int
    fields: tuple[Field, ...]
    said: str
    driver: str

    def text(self, record: int, field: Field) -> str:
        """What stands in a record, from 0."""
        start = self.head + record * self.size + field.begin
        return as_text(self.raw[start:start + field.size], self.said, self.driver)

    def deleted(self, record: int) -> bool:
        """Whether a record is marked as one that is gone."""
        return self.raw[self.head + record * self.size] == DELETED


def records(shp: bytes, label: str) -> Iterator[tuple[int, bytes]]:
    """The number of each record, from 1, and its content. DataError where the file is none, or is cut off."""
    if len(shp) < HEADER or struct.unpack_from(">i", shp, 0)[0] != CODE:
        raise DataError(f"{label} is no shapefile.", MEND)
    at, number = HEADER, 0
    while at + RECORD <= len(shp):
        number += 1
        size = 2 * struct.unpack_from(">i", shp, at + 4)[0]
        if size < 4 or at + RECORD + size > len(shp):
            raise DataError(f"{label} ends in the middle of record {number}.", MEND)
        yield number, shp[at + RECORD:at + RECORD + size]
        at += RECORD + size


def shape_of(content: bytes, what: str) -> tuple[Form, list[np.ndarray]]:
    """What a record is, and its parts, (V, 2) each; none where it is empty. DataError where it is shorter than it says. what: its name."""
    try:
        return _shape(content, what)
    except struct.error as error:
        raise DataError(f"{what} is shorter than it says.", MEND) from error


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
    return form, [part for part in parts if len(part) > 2]


def _corners(content: bytes, at: int, count: int, what: str) -> np.ndarray:
    if count < 0 or at + 16 * count > len(content):
        raise DataError(f"{what} says that it has {count:,} corners, which is more than it holds.", MEND)
    xy = np.frombuffer(content, "<f8", 2 * count, at).reshape(-1, 2).astype(np.float64)
    if not (np.abs(xy) <= FARTHEST_CORNER).all():
        raise DataError(f"{what} has a corner that is no place.", MEND)
    return xy


def read_dbf(dbf: bytes, cpg: bytes, label: str) -> Dbf:
    """The table beside a shapefile; one without fields where there is none. DataError where it cannot be read."""
    said = cpg[:40].decode("latin-1").strip()
    if len(dbf) < 33:
        return Dbf(b"", 0, 0, 1, (), said, "")
    count, head, size = struct.unpack_from("<IHH", dbf, 4)
    if size < 1 or head < 33 or head > len(dbf):
        raise DataError(f"The table beside {label} (.dbf) cannot be read.", MEND)
    count = min(count, (len(dbf) - head) // size)
    fields: dict[str, Field] = {}
    at, begin = 32, 1  # a record begins with the mark of those that are deleted
    while at + 32 <= head and dbf[at] != 0x0D:
        name = dbf[at:at + 11].split(b"\0")[0].decode("latin-1").strip()
        fields.setdefault(name.lower(), Field(name, chr(dbf[at + 11]), begin, dbf[at + 16]))
        begin, at = begin + dbf[at + 16], at + 32
    return Dbf(dbf, count, head, size, tuple(fields.values()), said, DRIVERS.get(dbf[29], ""))


def as_text(raw: bytes, said: str, driver: str = "") -> str:
    """In the encoding that the file names, else UTF-8, else that of its code page, else Latin-1, which reads anything."""
    for encoding in (said if ENCODING.fullmatch(said) else "utf-8", "utf-8", driver):
        try:
            return raw.decode(f"cp{encoding}" if encoding.isdigit() else encoding).strip(" \0\t\r\n")
        except (UnicodeError, LookupError):
            continue
    return raw.decode("latin-1").strip(" \0\t\r\n")


def crs_of(prj: bytes | None, label: str) -> str | None:
    """The code of the projection that a .prj describes; None where there is none. DataError where it is not known."""
    if prj is None or not prj.strip():
        return None
    text = prj[:MOST_WKT + 1].decode("utf-8", errors="replace")
    code = code_of_wkt(text) if len(text) <= MOST_WKT else None
    if code is None:
        raise DataError(f"The projection of {label} (.prj) is none that is known by a code.", "Save it in degrees (EPSG:4326).")
    return code

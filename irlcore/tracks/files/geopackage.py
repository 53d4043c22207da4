"""A GeoPackage as a table: the roads or points of one layer, read with the standard library's SQLite.

Anyone may have written the file, and a database can hold more than tables: views, triggers, columns that are worked out, tables that are
programs. So it is opened from its bytes, in memory and not to be written; only plain tables that its own register names are read, whole and
by name; SQLite is told to trust nothing in it, and calls no function for it; and it is stopped once it takes too long.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.budget import Clock, within
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.cells import shown
from irlcore.tracks.files.roads import GEOMETRY, no_lines, told, typed, with_lines, with_points
from irlcore.tracks.files.unpack import Source
from irlcore.tracks.files.wkb_lines import wkb_lines
from irlcore.tracks.files.wkb_points import layout_of
from irlcore.tracks.plain_text import plain_text

ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}  # bytes, by the number in the flags of a geometry
READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
STEPS = 100_000  # of SQLite's machine, after which a stop is heeded
LONGEST = 10_000_000  # bytes of one cell
AT_ONCE = 1000  # rows
WAL = b"\2\2"  # of a file that was written with a log beside it, which is not here: SQLite would look for it
MEND = "Check that the file is whole, or export the layer as GeoJSON."


@dataclass(frozen=True, slots=True)
class _Layer:
    """A table with geometries: its name, the column that holds them, its projection ("" where none is named)."""

    name: str
    column: str
    srs: str


def read_geopackage(source: Source, watch: Control | None = None) -> pd.DataFrame:
    """A row a feature of the layer with most lines (of most points, where there are no lines); other layers are told.

    DataError where it is another database, or holds neither; ``TooLarge``.
    """
    clock = Clock(f"Reading {source.label}", watch)
    with _opened(source.whole(), source.label, clock) as database:
        layers = _layers(database, source.label)
        found = {layer.name: _forms(database, layer) for layer in layers}
        for form in ("line", "point"):
            many = {layer: found[layer.name][1] for layer in layers if found[layer.name][0] == form}
            if many:
                layer = max(many, key=lambda one: many[one])
                table = _table(database, layer, form, clock, source.label)
                rest = [shown(one.name) for one in layers if one is not layer]
                said = [f"The layer {shown(layer.name)} is read" + (f", and not {', '.join(rest[:5])}." if rest else ".")]
                return told(table, said, None)
        raise no_lines(source.label, "areas" if layers else "no layer")


@contextmanager
def _opened(raw: bytes, label: str, clock: Clock) -> Iterator[sqlite3.Connection]:
    """The database in memory; what is wrong with it as DataError."""
    stopped: list[BaseException] = []

    def going_on() -> int:
        try:
            clock.check()
        except BaseException as error:  # raised again below: SQLite would only say that it was interrupted
            stopped.append(error)
            return 1
        return 0

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        try:
            database.deserialize(raw if raw[18:20] != WAL else raw[:18] + b"\1\1" + raw[20:])
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
            database.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, 100_000)
            for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON", "temp_store = MEMORY"):
                database.execute(f"PRAGMA {pragma}")
            database.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in READS else sqlite3.SQLITE_DENY)
            database.set_progress_handler(going_on, STEPS)
            database.text_factory = lambda text: text.decode("utf-8", errors="replace")
            yield database
        except (sqlite3.Error, UnicodeError, OverflowError, MemoryError) as error:
            if stopped:
                raise stopped[0] from error
            raise DataError(f"{label} cannot be read as a database ({str(error)[:200]}).", MEND) from error


def _layers(database: sqlite3.Connection, label: str) -> list[_Layer]:
    """The plain tables that are registered as having geometries."""
    plain = {name for name, root, sql in database.execute("SELECT name, rootpage, sql FROM sqlite_master WHERE type = 'table'")
             if isinstance(name, str) and isinstance(root, int) and root > 0 and isinstance(sql, str)}
    if not {"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"} <= plain:
        raise DataError(f"{label} is a database (SQLite), and no GeoPackage.", "Export its table as CSV, GeoParquet or GeoJSON.")
    systems = {key: f"{organization}:{number}" for key, organization, number in database.execute(
        "SELECT srs_id, organization, organization_coordsys_id FROM gpkg_spatial_ref_sys")}
    found = []
    for name, column, srs in database.execute("SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns"):
        if name in plain and not str(name).startswith(("gpkg_", "sqlite_", "rtree_")) and isinstance(column, str):
            code = str(systems.get(srs, "")).upper()
            found.append(_Layer(name, column, code if code.startswith("EPSG:") and code[5:].isdigit() else ""))
    within("columns", len(found), f"{label} has {len(found):,} layers.")
    return found


def _quoted(name: str) -> str:
    """A name of the file's as SQL has it: nothing in it is SQL. One of a column stands behind its table's: alone it would be a text where
    no column is so called."""
    return '"' + name.replace('"', '""') + '"'


def _forms(database: sqlite3.Connection, layer: _Layer) -> tuple[str, int]:
    """What the first geometries of a layer are ("line", "point", "other"), and about how many rows it has."""
    first = [row[0] for row in database.execute(
        f"SELECT it.{_quoted(layer.column)} FROM {_quoted(layer.name)} AS it WHERE it.{_quoted(layer.column)} IS NOT NULL LIMIT 20")]
    kinds = {_kind(cell) for cell in first if isinstance(cell, bytes)}
    last = database.execute(f"SELECT rowid FROM {_quoted(layer.name)} ORDER BY rowid DESC LIMIT 1").fetchone()
    return ("line" if "line" in kinds else "point" if "point" in kinds else "other"), int(last[0]) if last else 0


def _kind(cell: bytes) -> str:
    body = _wkb(cell)
    if len(body) < 5:
        return "other"
    kind, = struct.unpack_from("<I" if body[0] == 1 else ">I", body, 1)
    return {1: "point", 2: "line", 5: "line"}.get((kind & 0x0FFFFFFF) % 1000, "other")


def _wkb(cell: bytes) -> bytes:
    """The WKB in a geometry of a GeoPackage; nothing where it is none, or empty."""
    if len(cell) < 8 or cell[:2] != b"GP" or cell[3] & 0b0011_0000:  # one of an extension, or an empty one
        return b""
    return cell[8 + ENVELOPES.get(cell[3] >> 1 & 0b111, len(cell)):]


def _table(database: sqlite3.Connection, layer: _Layer, form: str, clock: Clock, label: str) -> pd.DataFrame:
    rows = database.execute(f"SELECT it.{_quoted(layer.column)}, it.* FROM {_quoted(layer.name)} AS it")
    names = [one[0] for one in rows.description]
    within("columns", len(names), f"The layer {shown(layer.name)} of {label} has {len(names):,} columns.")
    columns: list[list[object]] = [[] for _ in names]
    shapes: list[bytes] = []
    held = 0
    while some := rows.fetchmany(AT_ONCE):
        clock.check()
        for row in some:
            shapes.append(_wkb(row[0]) if isinstance(row[0], bytes) else b"")
            held += 100 + len(shapes[-1]) + sum(60 + len(one) for one in row if isinstance(one, str))
            for column, value in zip(columns, row, strict=True):
                column.append(None if isinstance(value, bytes) else plain_text(value) if isinstance(value, str) else value)
        within("cells", len(shapes) * len(names), f"{label} has {len(shapes) * len(names):,} cells or more.", "Take a part of it.")
        within("unpacked", held, f"{label} has very much text.", "Take a part of it.")
    if not shapes:
        raise no_lines(label, "an empty layer")
    made = pd.DataFrame({name if name.lower() != GEOMETRY else f"{name} (text)": typed(column)
                         for name, column in zip(map(plain_text, names), columns, strict=True) if name.lower() != layer.column.lower()})
    if form == "point":
        return with_points(made, _points(shapes), layer.srs or None)
    parts = [wkb_lines(cell) if cell else [] for cell in shapes]
    points = sum(len(part) for line in parts for part in line)
    within("points", points, f"The lines of {label} have {points:,} points.", "Simplify them, or take a part of the map.")
    return with_lines(made, parts, np.arange(1, len(parts) + 1), layer.srs or None)


def _points(shapes: list[bytes]) -> np.ndarray:
    out = np.full((len(shapes), 2), np.nan)
    for k, cell in enumerate(shapes):
        if (layout := layout_of(cell)) is not None:
            out[k] = np.frombuffer(cell, "<f8" if layout[2] else ">f8", 2, layout[1])
    return out

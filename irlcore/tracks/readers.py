"""Files into tables: what a file is, and an error that says what to do where it is none that can be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from irlcore.budget import within
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.attributes import column_names
from irlcore.tracks.cells import shown
from irlcore.tracks.columns import check_names, guess_columns, guess_role
from irlcore.tracks.files.csv_layout import MOST_ABOVE
from irlcore.tracks.files.csv_text import SAID, head_csv, read_csv
from irlcore.tracks.files.geojson import read_geojson
from irlcore.tracks.files.geopackage import read_geopackage
from irlcore.tracks.files.kinds import kind_of_file
from irlcore.tracks.files.parquet import LEFT_OUT, head_parquet, read_parquet
from irlcore.tracks.files.shapefile_table import read_shapefile
from irlcore.tracks.files.unpack import Source, open_sources
from irlcore.tracks.files.workbook import workbook_csv
from irlcore.tracks.files.xml_tables import read_xml
from irlcore.tracks.memory import give_back
from irlcore.tracks.sources import IDS

WHOLE: dict[str, Callable[[Source, Control | None], pd.DataFrame]] = {
    "json": lambda opened, watch: read_geojson(opened), "xml": lambda opened, watch: read_xml(opened, opened.track, watch),
    "shapefile": read_shapefile, "geopackage": read_geopackage}
"""Kinds of files of which no part can be read alone."""

FILE = "file"  # the column that says which table of a zip a row is from


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a file, read before the whole is. rows: how many it has, an estimate unless ``exact``."""

    table: pd.DataFrame
    rows: int
    exact: bool


def read_table(source: str | Path | BinaryIO | bytes, name: str = "", watch: Control | None = None,
               texts: Collection[str] = ()) -> pd.DataFrame:
    """A file as a table: CSV (of any separator and encoding, with lines above its header or without one), Excel, Parquet, GPX, GeoJSON,
    GeoLife's .plt; plain, gzipped, or in a zip, whose tables become one, with a column "file", where they have the same columns.

    ``name`` is used in messages. ``watch`` hears how far it is and can stop it. ``texts``: columns, by their names in the table, that stay
    text (ids: 007 is not 7), beside those that are ids by their name. ``attrs["said"]`` of the table, where it is there, is a list of
    sentences on what was understood. Columns of Parquet that are lists, records or bytes are left out, and named in
    ``attrs[LEFT_OUT]``; but the lines of links, where they are bytes (WKB), come as hexadecimal digits, and points as lon and lat. Raises
    TooLarge where the file costs more than the budget, DataError for a file that is empty or no table.
    """
    opened, left_out = open_sources(source, _label(source, name))
    table = _read(opened[0], watch, texts) if len(opened) == 1 else _together(opened, _label(source, name), watch, texts)
    give_back(table.memory_usage().sum())
    return _named(_beside(table, left_out), _label(source, name))


def preview_table(source: str | Path | BinaryIO | bytes, name: str = "", rows: int = 100, texts: Collection[str] = ()) -> Preview:
    """The first rows of a table, and about how many it has: quick and cheap whatever its size. Errors as ``read_table``."""
    opened, left_out = open_sources(source, _label(source, name))
    for first in opened:
        seen = _first(first, rows, texts)
        if len(seen.table):
            break
    table, many, exact = seen.table, seen.rows, seen.exact
    if len(opened) > 1:
        table = _from_file(table, first)
        many, exact = round(many * sum(one.unpacked() for one in opened) / max(first.unpacked(), 1.0)), False
    return Preview(_named(_beside(table, left_out), _label(source, name)), many, exact)


def _read(opened: Source, watch: Control | None, texts: Collection[str]) -> pd.DataFrame:
    kind = kind_of_file(opened)
    if kind == "parquet":
        return read_parquet(opened, _lines, watch)
    if kind in WHOLE:
        return WHOLE[kind](opened, watch)
    if kind == "workbook":
        sheet, said, _ = workbook_csv(opened, watch)
        return _also(read_csv(sheet, IDS, watch, texts), said)
    return read_csv(opened, IDS, watch, texts)


def _first(opened: Source, rows: int, texts: Collection[str]) -> Preview:
    kind = kind_of_file(opened)
    if kind == "parquet":
        table, many = head_parquet(opened, _lines, rows)
        return Preview(table, many, True)
    if kind in WHOLE:
        table = _read(opened, None, texts)
        first = table.head(rows).copy()
        first.attrs = table.attrs
        return Preview(first, len(table), True)
    said: list[str] = []
    if kind == "workbook":
        opened, said, many = workbook_csv(opened, rows=rows + MOST_ABOVE)
        if many:
            table, shape, _ = head_csv(opened, IDS, rows, texts)
            return Preview(_also(table, said), max(len(table), many - 1 - shape.layout.above), False)
    table, shape, all_rows = head_csv(opened, IDS, rows, texts)
    if all_rows:
        return Preview(_also(table, said), len(table), True)
    return Preview(_also(table, said), max(len(table), round(shape.rows * max(1.0, opened.unpacked() / shape.raw))), False)


def _together(opened: list[Source], label: str, watch: Control | None, texts: Collection[str]) -> pd.DataFrame:
    """The tables of a zip as one. DataError where their columns are not the same: they are not one kind of thing."""
    tables: list[pd.DataFrame] = []
    said: dict[str, None] = {}
    left_out: dict[str, None] = {}
    cells = 0
    for k, one in enumerate(opened):
        table = _read(one, watch.part(k, len(opened), one.label) if watch is not None else None, texts)
        if tables and list(table.columns) != list(tables[0].columns)[1:]:
            raise DataError(f"{label} holds {len(opened)} tables of different columns: {_member(opened[0])} has "
                            f"{_listed(tables[0].columns[1:])}; {_member(one)} has {_listed(table.columns)}.",
                            "Unpack it, and choose the tables (CSV or Parquet) that are inside.")
        cells += len(table) * (len(table.columns) + 1)
        within("cells", cells, f"The tables of {label} have {cells:,} cells or more.", "Read them in parts.")
        said |= dict.fromkeys(table.attrs.get(SAID, []))
        left_out |= dict.fromkeys(table.attrs.get(LEFT_OUT, []))
        table = _from_file(table, one)
        table.attrs = {}
        tables.append(table)
    joined = pd.concat(tables, ignore_index=True)
    if left_out:
        joined.attrs[LEFT_OUT] = list(left_out)
    told = f"The {len(opened)} tables of the zip are read as one; the column {joined.columns[0]!r} names them."
    return _also(joined, [told, *list(said)[:5]])


def _from_file(table: pd.DataFrame, opened: Source) -> pd.DataFrame:
    """The table with the name of its file before all else."""
    name, n = FILE, 2
    while name in table:
        name, n = f"{FILE} ({n})", n + 1
    column = np.empty(len(table), object)
    column[:] = opened.track
    table.insert(0, name, column)
    return table


def _member(opened: Source) -> str:
    return repr(shown(opened.member))


def _listed(columns: Iterable[str]) -> str:
    names = list(columns)
    return ", ".join(shown(one) for one in names[:8]) + (", ..." if len(names) > 8 else "")


def _beside(table: pd.DataFrame, left_out: list[str]) -> pd.DataFrame:
    return _also(table, [f"Left out of the zip: {_listed(left_out)}."] if left_out else [])


def _also(table: pd.DataFrame, said: list[str]) -> pd.DataFrame:
    """The table with more sentences on what was understood, before those it has."""
    if said:
        table.attrs[SAID] = [*said, *table.attrs.get(SAID, [])]
    return table


def _label(source: str | Path | BinaryIO | bytes, name: str) -> str:
    return Path(name or str(getattr(source, "name", source if isinstance(source, str | Path) else "the file"))).name


def _lines(names: Sequence[str]) -> Collection[str]:
    """The column of lines, among columns with these names, where they are of links: of anything else it would only be a long text."""
    table = pd.DataFrame(columns=[name.strip() for name in names])
    part = guess_columns(table, "links")
    drawn = {"link", "wkt"} <= set(part) and guess_role(table) in ("links", "transitions")
    return {name for name in names if name.strip() == part["wkt"]} if drawn else ()


def _named(table: pd.DataFrame, label: str) -> pd.DataFrame:
    """The table with names that are text, stripped and distinct."""
    if table.empty:
        raise DataError(f"{label} has a header but no rows.", "Choose a file with at least one row.")
    table.columns = [c.strip() for c in column_names(table)]
    check_names(table, label)
    if not table.columns.is_unique:
        raise DataError(f"{label} has two columns called {table.columns[table.columns.duplicated()][0][:60]!r}.", "Rename one of them.")
    return table

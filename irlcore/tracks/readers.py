"""Files into tables: what a file is, and an error that says what to do where it is none that can be read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.attributes import column_names
from irlcore.tracks.columns import check_names, guess_columns, guess_role
from irlcore.tracks.files.csv_text import head_csv, read_csv
from irlcore.tracks.files.parquet import head_parquet, read_parquet
from irlcore.tracks.files.unpack import Source, open_source
from irlcore.tracks.memory import give_back
from irlcore.tracks.sources import IDS


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a file, read before the whole is. rows: how many it has, an estimate unless ``exact``."""

    table: pd.DataFrame
    rows: int
    exact: bool


def read_table(source: str | Path | BinaryIO | bytes, name: str = "", watch: Control | None = None,
               texts: Collection[str] = ()) -> pd.DataFrame:
    """A CSV (comma, semicolon, tab or bar) or Parquet file as a table; plain, gzipped, or alone in a zip.

    ``name`` is used in messages and for the ending. ``watch`` hears how far it is and can stop it. Columns of Parquet that are lists,
    records or bytes are left out, and named in ``attrs[LEFT_OUT]`` of the table; but the lines of links, where they are bytes (WKB), come
    as hexadecimal digits. Raises TooLarge where the file costs more than the budget, DataError for a file that is empty or no table.
    """
    opened = open_source(source, _label(source, name))
    table = read_parquet(opened, _lines, watch) if _is_parquet(opened) else read_csv(opened, IDS, watch)
    give_back(table.memory_usage().sum())
    return _named(table, opened.label)


def preview_table(source: str | Path | BinaryIO | bytes, name: str = "", rows: int = 100) -> Preview:
    """The first rows of a table, and about how many it has: quick and cheap whatever its size. Errors as ``read_table``."""
    opened = open_source(source, _label(source, name))
    if _is_parquet(opened):
        table, many = head_parquet(opened, _lines, rows)
        return Preview(_named(table, opened.label), many, True)
    table, shape, all_rows = head_csv(opened, IDS, rows)
    table = _named(table, opened.label)
    if all_rows:
        return Preview(table, len(table), True)
    size = opened.unpacked()
    return Preview(table, max(len(table), round(shape.rows * max(1.0, size / shape.size))), False)


def _label(source: str | Path | BinaryIO | bytes, name: str) -> str:
    return Path(name or str(getattr(source, "name", source if isinstance(source, str | Path) else "the file"))).name


def _is_parquet(opened: Source) -> bool:
    return next(opened.pieces(), b"")[:4] == b"PAR1"


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

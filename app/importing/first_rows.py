"""Stands in until ``irlcore.tracks.readers`` has ``preview_table`` and a ``watch``: then import these names from there."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from typing import BinaryIO

import pandas as pd
import pyarrow.parquet as pq

from irlcore.engine import Control
from irlcore.tracks import read_tracks, readers
from irlcore.tracks.read_tracks import Imported

HEAD = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a file, read before the whole is. rows: how many it has, an estimate unless ``exact``."""

    table: pd.DataFrame
    rows: int
    exact: bool


def preview_table(source: BinaryIO | bytes, name: str, rows: int) -> Preview:
    """The first rows of a table, and about how many it has."""
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    size, head = file.seek(0, 2), b""
    file.seek(0)
    head = file.read(HEAD)
    if head[:4] == b"PAR1":
        many = pq.ParquetFile(file).metadata.num_rows
        file.seek(0)
        table = readers.read_table(file.read(), name)
        return Preview(table.head(rows), many, True)
    if head[:2] == b"\x1f\x8b":
        text = zlib.decompressobj(31).decompress(head, HEAD)
        size = max(size, len(text)) if size <= HEAD and len(text) < HEAD else size * max(1, len(text) // len(head))
        head = text
    whole = size <= len(head)
    if not whole:
        head = head[:head.rfind(b"\n") + 1]
    table = readers.read_table(head, name)
    if whole and len(table) <= rows:
        return Preview(table, len(table), True)
    return Preview(table.head(rows), round(len(table) * size / max(len(head), 1)), False)


def read_table(source: BinaryIO | bytes, name: str, watch: Control) -> pd.DataFrame:
    """A whole table."""
    watch.check()
    return readers.read_table(source, name)


def read_points(table: pd.DataFrame, columns: dict[str, str], unit: str, attributes: pd.DataFrame | None, watch: Control) -> Imported:
    """Tracks of points."""
    watch.check()
    return read_tracks.read_points(table, columns, unit, attributes)

"""Columns of Parquet that pandas has no plain type for: lines and points as bytes, durations, times of day."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from irlcore.tracks.cells import shown
from irlcore.tracks.files.wkb_points import wkb_points

AT_ONCE = 1000  # rows of lines made into digits
PLACES = {"lon", "longitude", "lng", "long", "lat", "latitude", "x", "y"}
"""Names, in small letters, of columns that say where a row is, so that its geometry need not."""


def plain_columns(table: pa.Table, lines: Collection[str]) -> tuple[pa.Table, list[str], list[str]]:
    """The table without such types; the columns that had to be left out, and what to tell.

    lines: columns of bytes that become hexadecimal digits. Other bytes are points, and become lon and lat (x and y where they are no
    degrees), or are left out. Durations become seconds, times of day text.
    """
    left_out, said = [], []
    for field in list(table.schema):
        at, column = table.schema.get_field_index(field.name), table[field.name]
        if pa.types.is_duration(field.type):
            factor = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}[field.type.unit]
            table = table.set_column(at, field.name, pc.divide(pc.cast(column.cast(pa.int64()), pa.float64(), safe=False), factor))
            said.append(f"{shown(field.name)} holds durations: they are read in seconds.")
        elif pa.types.is_time(field.type):
            table = table.set_column(at, field.name, column.cast(pa.string()))
        elif _is_bytes(field.type) and field.name in lines:
            table = table.set_column(at, field.name, _digits(column))
        elif _is_bytes(field.type):
            found = wkb_points(column)
            table = table.remove_column(at)
            if found is None:
                left_out.append(field.name)
                continue
            names = _named(*found)
            for k in (1, 0):
                table = table.add_column(at, names[k], pa.chunked_array([pa.array(found[k], pa.float64(), from_pandas=True)]))
            said.append(f"The points of {shown(field.name)} are the columns {names[0]} and {names[1]}.")
    return table, left_out, said


def _named(east: np.ndarray, north: np.ndarray) -> tuple[str, str]:
    degrees = np.all((np.abs(east) <= 360.0) | np.isnan(east)) and np.all((np.abs(north) <= 90.0) | np.isnan(north))
    return ("lon", "lat") if degrees else ("x", "y")


def _digits(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Bytes as hexadecimal digits, some at a time: as Python's own they take more."""
    parts = (column.slice(at, AT_ONCE).to_pylist() for at in range(0, len(column), AT_ONCE))
    return pa.chunked_array([pa.array([cell if cell is None else cell.hex() for cell in part], pa.large_string()) for part in parts],
                            pa.large_string())


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind))

"""Points as bytes (WKB, and EWKB as PostGIS writes it) into coordinates, all at once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

KINDS = {1: 2, 1001: 3, 2001: 3, 3001: 4, 0x80000001: 3, 0x40000001: 3, 0xC0000001: 4}
"""The number of a point's kind -> how many coordinates it has; height and measure come after east and north."""
SRID = 0x20000000  # a number of the projection stands before the coordinates
HEAD = 5  # bytes: the order of bytes, and the kind


def layout_of(cell: bytes) -> tuple[int, int, bool] | None:
    """Of a point: its bytes, where its coordinates begin, and whether small bytes come first; None of anything else."""
    if len(cell) < HEAD + 16 or cell[0] > 1:
        return None
    little = cell[0] == 1
    kind = int.from_bytes(cell[1:HEAD], "little" if little else "big")
    at = HEAD + 4 * bool(kind & SRID)
    many = KINDS.get(kind & ~SRID, 0)
    return (at + 8 * many, at, little) if many and len(cell) == at + 8 * many else None


def wkb_points(column: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray] | None:
    """East and north of a column of bytes, (n,) float64, NaN where a cell is missing or the point is empty; None unless all others are
    points written alike."""
    whole = column.cast(pa.large_binary()).combine_chunks()
    array = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    known = array.drop_null()
    found = layout_of(known[0].as_py()) if len(known) else None
    if found is None or not pc.all(pc.equal(pc.binary_length(known), found[0])).as_py():
        return None
    size, at, little = found
    offsets = np.frombuffer(known.buffers()[1], np.int64)[known.offset:known.offset + len(known) + 1]
    cells = np.frombuffer(known.buffers()[2], np.uint8)[offsets[0]:offsets[-1]].reshape(-1, size)
    if not (cells[:, :HEAD] == cells[0, :HEAD]).all():
        return None
    places = np.ascontiguousarray(cells[:, at:at + 16]).view("<f8" if little else ">f8").astype(np.float64)
    out = np.full((len(array), 2), np.nan)
    out[np.asarray(array.is_valid())] = places
    return out[:, 0].copy(), out[:, 1].copy()

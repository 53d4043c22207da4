"""Lines as bytes (WKB, and EWKB as PostGIS writes it) into coordinates; read here and not by GEOS, whose parser goes down one level of its
stack for each collection in a collection."""

from __future__ import annotations

import struct

import numpy as np

LINE, LINES = 2, 5  # types of WKB
SRID, _M, _Z = 0x20000000, 0x40000000, 0x80000000  # flags of EWKB


def wkb_lines(raw: bytes) -> list[np.ndarray]:
    """The parts of a line, (V, 2) each: one of a line, several of a line in parts; none where it is something else, or not whole."""
    try:
        kind, _, at, count = wkb_header(raw, 0)
        if kind == LINE:
            return [_points(raw, 0)[0]]
        parts = []
        for _ in range(count if kind == LINES else 0):
            part, at = _points(raw, at)
            parts.append(part)
        return parts
    except (struct.error, ValueError, IndexError):
        return []


def wkb_header(raw: bytes, at: int) -> tuple[int, int, int, int]:
    """Type, numbers to a point, where what is counted begins, and how many there are of it, of the geometry that begins at ``at``;
    ``struct.error`` or IndexError where it is shorter than that."""
    order = "<" if raw[at] == 1 else ">"
    code, = struct.unpack_from(order + "I", raw, at + 1)
    body = at + (9 if code & SRID else 5)
    count, = struct.unpack_from(order + "I", raw, body)
    plain = code & 0x0FFFFFFF
    size = 2 + bool(code & _Z or plain // 1000 in (1, 3)) + bool(code & _M or plain // 1000 in (2, 3))
    return plain % 1000, size, body + 4, count


def _points(raw: bytes, at: int) -> tuple[np.ndarray, int]:
    """The points (V, 2) of the line that begins at ``at``, and where it ends; ValueError where there is none."""
    kind, size, body, count = wkb_header(raw, at)
    if kind != LINE:
        raise ValueError("no line")
    found = np.frombuffer(raw, "<f8" if raw[at] == 1 else ">f8", count * size, body).reshape(-1, size)
    return found[:, :2].astype(np.float64), body + 8 * count * size

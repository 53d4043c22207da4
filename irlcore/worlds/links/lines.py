"""Lines of links as tables have them: WKT, EWKT, or WKB as bytes or hexadecimal digits.

What may stand in a cell is looked at before it is parsed: how many points it has, and that it is no collection, since the parsers go
down one level of their stack for each of these and end the process at some depth. WKB is read here and not by GEOS for the same reason.
"""

from __future__ import annotations

import re
import struct

import numpy as np
import pandas as pd
import shapely

from irlcore.budget import within
from irlcore.errors import DataError
from irlcore.tracks.bounds import FARTHEST_CORNER
from irlcore.tracks.cells import names
from irlcore.tracks.files.wkb_lines import LINE, SRID, wkb_header, wkb_lines
from irlcore.tracks.problems import FIRST_ROW

MOST_NAMED = 3
_WKT = re.compile(r"(?:SRID=[0-9]{1,7};)?\s*(?=(?:MULTI)?(?:LINESTRING|POINT|POLYGON)\b)", re.IGNORECASE | re.ASCII)
_SRID_FIRST = re.compile(r"SRID=([0-9]{1,7});", re.IGNORECASE | re.ASCII)
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){9,}", re.ASCII)
HEAD = 13  # bytes before the points: the order, the type, the reference system where there is one, and how many


def read_lines(column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """The points (V, 2) of all lines one after the other, and how many each row has, (n,) int64; none of a blank cell.

    Heights are left out, the parts of a line in parts joined; the reference system is told by ``srid_of``. DataError that names the first
    rows which hold no line; ``TooLarge`` where a line, or all of them, have too many points.
    """
    written = names(pd.Series([None if isinstance(cell, bytes) else cell for cell in column], dtype=object))
    cells = [cell if isinstance(cell, bytes) else text for cell, text in zip(column, written, strict=True)]
    total = 0
    for row, cell in enumerate(cells, FIRST_ROW):
        points = _most_points(cell)
        total += points
        within("corners", points, f"Row {row} of the links has a line of {points:,} points.", "Simplify it.")
        within("points", total, f"The links up to row {row} have lines of {total:,} points.", "Simplify them, or take a part of the map.")
    begins = [_WKT.match(cell) if isinstance(cell, str) else None for cell in cells]
    texts = [cell[found.end():] if found and isinstance(cell, str) else None for cell, found in zip(cells, begins, strict=True)]
    with np.errstate(invalid="ignore"):  # of "nan", which is refused below
        parsed = shapely.from_wkt(np.array(texts, object), on_invalid="ignore")
    blank = np.array([not cell for cell in cells], bool) | (shapely.is_empty(parsed) & ~shapely.is_missing(parsed))
    xy, owner = shapely.get_coordinates(parsed, return_index=True)
    counts = np.bincount(owner, minlength=len(cells))
    if any(isinstance(cell, bytes) or _is_hex(cell) for cell in cells):
        parts = [_from_wkb(cell) if isinstance(cell, bytes) or _is_hex(cell) else part
                 for cell, part in zip(cells, np.split(xy, np.cumsum(counts)[:-1]), strict=True)]
        xy, counts = np.concatenate(parts), np.array([len(part) for part in parts], np.int64)
    far = ~(np.abs(xy) <= FARTHEST_CORNER).all(axis=1)
    odd = np.bincount(np.repeat(np.arange(len(cells)), counts), far, len(cells)) > 0.0
    _check(column, np.flatnonzero(odd | ((counts == 0) & ~blank)), cells)
    return xy, counts


def srid_of(column: pd.Series) -> int:
    """The reference system that lines name (EWKT, EWKB), 0 where none does. DataError where two rows name two: they cannot be joined."""
    first, found = 0, 0
    for row, cell in enumerate(column, FIRST_ROW):
        mine = _srid(cell) if isinstance(cell, str | bytes) else 0
        if mine and found and mine != found:
            raise DataError(f"The line of row {first} of the links has the reference system {found}, that of row {row} {mine}.",
                            "Give all lines in one.")
        if mine and not found:
            first, found = row, mine
    return found


def _srid(cell: bytes | str) -> int:
    if isinstance(cell, str):
        found = _SRID_FIRST.match(cell.lstrip()[:20])
        if found or not _is_hex(cell.strip()[:2 * HEAD]):
            return int(found[1]) if found else 0
    raw = bytes.fromhex(cell.strip()[:2 * HEAD]) if isinstance(cell, str) else cell[:HEAD]
    if len(raw) < HEAD:
        return 0
    order = "<" if raw[0] == 1 else ">"
    code, srid = struct.unpack_from(order + "II", raw, 1)
    return int(srid) if code & SRID else 0


def _check(column: pd.Series, bad: np.ndarray, cells: list[bytes | str]) -> None:
    if len(bad):
        rows = ", ".join(f"row {row + FIRST_ROW} ({cells[row][:30]!r})" for row in bad[:MOST_NAMED])
        raise DataError(f"{len(bad):,} of {len(cells):,} links have something else than a line of finite numbers in the column "
                        f"{str(column.name)[:40]!r}: {rows}{', ...' if len(bad) > MOST_NAMED else ''}.",
                        "Write a line as LINESTRING (x y, x y), or leave the cell empty.")


def _is_hex(cell: str) -> bool:
    return cell[:2] in ("00", "01") and _HEX.fullmatch(cell) is not None


def _most_points(cell: bytes | str) -> int:
    """How many points a cell holds, or may hold: told before it is parsed. Those with a height take 24 bytes in WKB, else 16."""
    if isinstance(cell, str) and not _is_hex(cell):
        return cell.count(",") + 1
    raw, n_bytes = (cell[:HEAD], len(cell)) if isinstance(cell, bytes) else (bytes.fromhex(cell[:2 * HEAD]), len(cell) // 2)
    try:
        kind, size, _, _ = wkb_header(raw, 0)
    except (struct.error, IndexError):
        return 0  # shorter than a line is
    return n_bytes // (8 * size if kind == LINE else 16)  # the parts of a line in parts may say something else than the whole


def _from_wkb(cell: bytes | str) -> np.ndarray:
    """The points (V, 2) of a line, or of a line in parts; none where it is something else, or not whole."""
    parts = wkb_lines(bytes.fromhex(cell) if isinstance(cell, str) else cell)
    return np.concatenate(parts) if parts else np.empty((0, 2))

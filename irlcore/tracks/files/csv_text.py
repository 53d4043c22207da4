"""CSV into tables, chunk by chunk, so that a stop is heeded and nothing is in memory twice.

The chunks are put together so that every column is what it would be had pandas read the file at once: numbers with a fraction as soon as
one has it, text as soon as one cell is.
"""

from __future__ import annotations

import codecs
import csv
import math
from collections.abc import Collection, Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd

from irlcore.budget import Clock, limits
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.attributes import EXACT
from irlcore.tracks.files.csv_survey import Shape, survey
from irlcore.tracks.files.unpack import Source

CHUNK = 1_000_000  # cells that are read between two looks at the watch: well under a second
CHUNK_BYTES = 16_000_000  # and bytes, where cells are long
PARTS = 1000  # steps of the bar
HEAD = 4 << 20  # bytes that a preview looks at
LONG_HEAD = 16 * HEAD  # where no row ends before
STUB = b'x"\n'  # ends a row wherever a file is cut: within quotes or not, behind a separator, a quote or the end of a row
MARK = codecs.BOM_UTF8

Options = dict[str, Any]


class _Stream:
    """A file for pandas: pieces as UTF-8; each is a moment at which the reading can be stopped."""

    def __init__(self, source: Source, shape: Shape, clock: Clock, watch: Control | None, most: float = math.inf) -> None:
        self.cut = False  # whether the file went on, and its last row is a stub
        self._pieces, self._shape, self._clock, self._watch, self._most = _unmarked(source.pieces()), shape, clock, watch, most
        self._message, self._read = source.label, 0

    def read(self, size: int = -1) -> bytes:
        """The next piece, whatever ``size``; nothing at the end. After ``most`` bytes it is the end of a row, once."""
        self._clock.check()
        piece = next(self._pieces, b"") if not self.cut else b""
        if piece and self._read >= self._most:
            self.cut, piece = True, STUB
        self._read += len(piece)
        if self._watch is not None:
            self._watch.step(min(PARTS, PARTS * self._read // self._shape.size), PARTS, self._message)
        return piece if self._shape.encoding == "utf-8" else piece.decode("latin-1").encode()

    def __iter__(self) -> Iterator[bytes]:
        """By this pandas knows a file; it calls ``read``."""
        return iter(self.read, b"")


def _unmarked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces of a file, with blanks, which are skipped there, for the mark of UTF-8 that some editors put first: in Latin-1 it reads as
    three letters of a name."""
    lead = b""
    for piece in pieces:
        lead += piece
        if len(lead) >= len(MARK):
            break
    yield b" " * len(MARK) + lead[len(MARK):] if lead.startswith(MARK) else lead
    yield from pieces


def read_csv(source: Source, ids: Collection[str], watch: Control | None = None) -> pd.DataFrame:
    """The whole table. ids: columns, by their names in small letters, that are text whatever they look like: 007 and 7 are two links."""
    clock = Clock(f"Reading {source.label}", watch)
    shape = survey(source, clock)

    def frames(**options: Any) -> Iterator[pd.DataFrame]:
        chunk = max(1, min(CHUNK // len(shape.names), shape.rows * CHUNK_BYTES // shape.size))
        return _frames(source, shape, _Stream(source, shape, clock, watch), options | {"chunksize": chunk})

    columns = _columns(frames(dtype=_text(shape, ids)))
    fates = {name: _fate(parts) for name, parts in columns.items()}
    texts = [k for k, name in enumerate(columns) if fates[name] == "text"]
    if texts:  # their first cells were taken for numbers, which have lost how they were written
        columns |= _columns(frames(usecols=texts, dtype=str))
    for k, name in enumerate(columns):
        if fates[name] == "anew":
            columns[name] = [next(_frames(source, shape, _Stream(source, shape, clock, watch), {"usecols": [k]}))[name]]
    return pd.DataFrame({name: _joined(columns.pop(name)) for name in list(columns)}, copy=False)


def head_csv(source: Source, ids: Collection[str], rows: int) -> tuple[pd.DataFrame, Shape, bool]:
    """The first rows, the shape of the piece of the file that was looked at for them, and whether these are all rows.

    Where rows are long there are fewer of them, each whole. DataError where the first does not end for a long time.
    """
    clock = Clock(f"Reading {source.label}")
    for most in (HEAD, LONG_HEAD):
        shape = survey(source, clock, most)
        table, cut = _head(source, ids, shape, clock, rows)
        if not cut:
            return table, shape, len(table) < rows
        if len(table) > 1:  # once more without the stub, which makes text of numbers
            return _head(source, ids, shape, clock, len(table) - 1)[0], shape, False
    raise DataError(f"No row of {source.label} ends within its first {LONG_HEAD:,} bytes.", "Look for a quote that does not close.")


def _head(source: Source, ids: Collection[str], shape: Shape, clock: Clock, rows: int) -> tuple[pd.DataFrame, bool]:
    """The first rows within what was surveyed, and whether the last of them is a stub: there, a letter may be cut too."""
    stream = _Stream(source, shape, clock, None, shape.size)
    options = {"dtype": _text(shape, ids), "nrows": rows, "encoding_errors": "replace"}
    return next(_frames(source, shape, stream, options)), stream.cut


def _text(shape: Shape, ids: Collection[str]) -> dict[str, type]:
    return {name: str for name in shape.names if name.strip().lower() in ids}


def _frames(source: Source, shape: Shape, stream: _Stream, options: Options) -> Iterator[pd.DataFrame]:
    """The table in chunks, or at once without a ``chunksize``; DataError where pandas finds none."""
    try:
        read = pd.read_csv(stream, sep=shape.separator, encoding="utf-8", low_memory=False, quoting=csv.QUOTE_MINIMAL,  # type: ignore[call-overload]
                           skipinitialspace=True, **options)
        for frame in [read] if isinstance(read, pd.DataFrame) else read:
            if not isinstance(frame.index, pd.RangeIndex):
                raise DataError(f"The rows of {source.label}, row 2 first, have more values than the header has names.",
                                f"Name every column in the header, or remove the {shape.separator!r} at the end of each row.")
            yield frame
    except (pd.errors.ParserError, ValueError) as error:
        raise DataError(f"{source.label} is not a regular table: {str(error).strip()[:300]}.",
                        "Mend or remove that row; every row needs the same number of columns.") from error


def _columns(frames: Iterator[pd.DataFrame]) -> dict[str, list[pd.Series]]:
    """Column by column the parts of it."""
    parts: dict[str, list[pd.Series]] = {}
    for frame in frames:
        for name, column in frame.items():
            parts.setdefault(str(name), []).append(column)
    return parts


def _fate(parts: list[pd.Series]) -> Literal["joined", "text", "anew"]:
    """Whether the parts of a column are those of the whole, or are read again: as text, or at once as whatever pandas finds."""
    types = {part.dtype for part in parts}
    if len(types) == 1 and types != {np.dtype(object)}:
        return "joined"
    known = {_kind(part) for part in parts} - {"nothing"}
    if known <= {"number", "integer"} and "integer" in known:  # whole numbers beyond 64 bits, as objects
        return "text" if any(_digits(part) > limits().digits for part in parts) else "anew" if len(parts) > 1 else "joined"
    if known == {"number"}:
        exact = types <= {np.dtype(np.int64), np.dtype(np.float64)} and all(
            part.dtype != np.int64 or part.between(-EXACT, EXACT).all() for part in parts)
        return "joined" if exact else "anew"
    return "joined" if known <= {"string"} or known <= {"boolean"} else "text"


def _kind(part: pd.Series) -> str:
    """What a part of a column holds; "nothing" where all its cells are empty."""
    if pd.api.types.is_bool_dtype(part.dtype):
        return "boolean"
    if not part.notna().any():
        return "nothing"
    return "number" if pd.api.types.is_numeric_dtype(part.dtype) else pd.api.types.infer_dtype(part, skipna=True)


def _digits(part: pd.Series) -> float:
    """About how many digits the longest whole number has that stands as an object: to write it out takes the square of that."""
    if part.dtype != object:
        return 0.0
    return max((value.bit_length() * math.log10(2.0) for value in part if isinstance(value, int)), default=0.0)


def _joined(parts: list[pd.Series]) -> pd.Series:
    """The parts as one column."""
    types = {part.dtype for part in parts}
    if len(types) > 1 and not all(pd.api.types.is_numeric_dtype(one) and not pd.api.types.is_bool_dtype(one) for one in types):
        known = next((part.dtype for part in parts if _kind(part) == "string"), np.dtype(object))
        parts = [part.astype(known) for part in parts]  # an empty part came as numbers that are none
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]

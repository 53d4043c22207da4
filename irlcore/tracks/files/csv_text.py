"""CSV into tables, chunk by chunk, so that a stop is heeded and nothing is in memory twice.

The chunks are put together so that every column is what it would be had pandas read the file at once: numbers with a fraction as soon as
one has it, text as soon as one cell is.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Collection, Iterator
from typing import Any

import pandas as pd

from irlcore.budget import Clock
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.cells import shown
from irlcore.tracks.files import geolife
from irlcore.tracks.files.cell_kinds import with_points
from irlcore.tracks.files.csv_layout import BLANKS
from irlcore.tracks.files.csv_parts import fate, joined, parts_of
from irlcore.tracks.files.csv_survey import Shape, survey
from irlcore.tracks.files.letters import text_pieces, western
from irlcore.tracks.files.unpack import Source
from irlcore.tracks.sources import plain_name

CHUNK = 1_000_000  # cells that are read between two looks at the watch: well under a second
CHUNK_BYTES = 16_000_000  # and bytes, where cells are long
PARTS = 1000  # steps of the bar
HEAD = 4 << 20  # bytes that a preview looks at
LONG_HEAD = 16 * HEAD  # where no row ends before
STUB = b'x"\n'  # ends a row wherever a file is cut: within quotes or not, behind a separator, a quote or the end of a row
SAID = "said"  # the key, in ``attrs`` of a table, of the sentences on what was understood
SPARE = "\0"  # the name, which no file can give, of what stands behind a separator at the end of each row
LONGER = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")

Options = dict[str, Any]


class _Stream:
    """A file for pandas: pieces as UTF-8, from its header on; each is a moment at which the reading can be stopped."""

    def __init__(self, source: Source, shape: Shape, clock: Clock, watch: Control | None, most: float = math.inf) -> None:
        self.cut = False  # whether the file went on, and its last row is a stub
        self._pieces, self._shape, self._clock, self._watch, self._most = text_pieces(source), shape, clock, watch, most
        self._message, self._read = source.label, 0

    def read(self, size: int = -1) -> bytes:
        """The next piece, whatever ``size``; nothing at the end. After ``most`` bytes it is the end of a row, once."""
        piece, start = b"", self._shape.layout.start
        while not piece and not self.cut:
            self._clock.check()
            piece = next(self._pieces, b"")
            if not piece:
                break
            if self._read >= self._most:
                self.cut, piece = True, STUB
            before = self._read
            self._read += len(piece)
            if self._watch is not None:
                self._watch.step(min(PARTS, PARTS * self._read // self._shape.size), PARTS, self._message)
            if before < start:
                piece = piece[start - before:]
        return piece if self._shape.encoding == "utf-8" else western(piece)

    def __iter__(self) -> Iterator[bytes]:
        """By this pandas knows a file; it calls ``read``."""
        return iter(self.read, b"")


def read_csv(source: Source, ids: Collection[str], watch: Control | None = None, texts: Collection[str] = ()) -> pd.DataFrame:
    """The whole table; ``attrs["said"]`` tells what was understood.

    ids: columns, by their ``plain_name``, that are text whatever they look like: 007 and 7 are two links. texts: more of them, by
    their names as the table has them.
    """
    clock = Clock(f"Reading {source.label}", watch)
    shape = survey(source, clock)

    def frames(**options: Any) -> Iterator[pd.DataFrame]:
        chunk = max(1, min(CHUNK // len(shape.names), shape.rows * CHUNK_BYTES // shape.size))
        return _frames(source, shape, _Stream(source, shape, clock, watch), options | {"chunksize": chunk})

    columns = parts_of(frames(dtype=_text(shape, ids, texts)))
    fates = {name: fate(parts) for name, parts in columns.items()}
    worded = [k for k, name in enumerate(columns) if fates[name] == "text"]
    if worded:  # their first cells were taken for numbers, which have lost how they were written
        columns |= parts_of(frames(usecols=worded, dtype=str))
    for k, name in enumerate(columns):
        if fates[name] == "anew":
            columns[name] = [next(_frames(source, shape, _Stream(source, shape, clock, watch), {"usecols": [k]}))[name]]
    return _told(source, pd.DataFrame({name: joined(columns.pop(name)) for name in list(columns)}, copy=False), shape, ids, texts)


def head_csv(source: Source, ids: Collection[str], rows: int, texts: Collection[str] = ()) -> tuple[pd.DataFrame, Shape, bool]:
    """The first rows, the shape of the piece of the file that was looked at for them, and whether these are all rows.

    Where rows are long there are fewer of them, each whole. DataError where the first does not end for a long time.
    """
    clock = Clock(f"Reading {source.label}")
    for most in (HEAD, LONG_HEAD):
        shape = survey(source, clock, most)
        table, cut = _head(source, ids, shape, clock, rows, texts)
        if not cut:
            return _told(source, table, shape, ids, texts), shape, len(table) < rows
        if len(table) > 1:  # once more without the stub, which makes text of numbers
            return _told(source, _head(source, ids, shape, clock, len(table) - 1, texts)[0], shape, ids, texts), shape, False
    raise DataError(f"No row of {source.label} ends within its first {LONG_HEAD:,} bytes.", "Look for a quote that does not close.")


def _head(source: Source, ids: Collection[str], shape: Shape, clock: Clock, rows: int, texts: Collection[str]) -> tuple[pd.DataFrame, bool]:
    """The first rows within what was surveyed, and whether the last of them is a stub: there, a letter may be cut too."""
    stream = _Stream(source, shape, clock, None, shape.size)
    options = {"dtype": _text(shape, ids, texts), "nrows": rows, "encoding_errors": "replace"}
    return next(_frames(source, shape, stream, options)), stream.cut


def _text(shape: Shape, ids: Collection[str], texts: Collection[str]) -> dict[str, type]:
    return {name: str for name in shape.names if plain_name(name) in ids or name in texts}


def _told(source: Source, table: pd.DataFrame, shape: Shape, ids: Collection[str], texts: Collection[str]) -> pd.DataFrame:
    """The table with numbers for decimal commas, without columns that have neither a name nor a value, and with what was understood."""
    said = shape.said
    if pointed := with_points(table, shape.layout.separator, _text(shape, ids, texts)):
        said.append(f"Commas are read as decimal points in {', '.join(shown(name) for name in pointed[:5])}"
                    f"{' and others' if len(pointed) > 5 else ''}.")
    empty = [name for name in shape.layout.unnamed if table[name].isna().all()]
    if len(empty) < len(table.columns):
        table = table.drop(columns=empty) if empty else table
    if called := [name for name in shape.layout.unnamed if name in table]:
        said.append(f"A column without a name is called {', '.join(called[:5])}{' and so on' if len(called) > 5 else ''}.")
    if shape.names == geolife.NAMES:
        table = geolife.as_named(table, source.track)
    if said:
        table.attrs[SAID] = said
    return table


def _frames(source: Source, shape: Shape, stream: _Stream, options: Options) -> Iterator[pd.DataFrame]:
    """The table in chunks, or at once without a ``chunksize``; DataError where pandas finds none."""
    laid, seen = shape.layout, 0
    spare = [SPARE] if laid.spare else []
    header = 0 if laid.header and not laid.marked else None  # of what the stream begins with
    if laid.first > len(laid.names) + laid.spare:  # asked here: pandas would take what is too much for an index, and lose it
        raise _longer(source, shape, f"The rows of {source.label}, row 2 first, have more values than the header has names.")
    if "usecols" not in options:
        options = options | {"dtype": options.get("dtype", {}) | dict.fromkeys(spare, str)}
    try:
        read = pd.read_csv(stream, sep=laid.separator, encoding="utf-8", low_memory=False, quoting=csv.QUOTE_MINIMAL,  # type: ignore[call-overload]
                           skipinitialspace=True, header=header, names=[*laid.names, *spare], **options)
        for frame in [read] if isinstance(read, pd.DataFrame) else read:
            if not frame.index.equals(pd.RangeIndex(seen, seen + len(frame))):
                raise _longer(source, shape, f"The rows of {source.label}, row 2 first, have more values than the header has names.")
            if SPARE in frame:
                beyond = frame.pop(SPARE).notna().to_numpy()
                if beyond.any():
                    row = seen + int(beyond.argmax()) + 1 + laid.header
                    raise _longer(source, shape, f"Row {row:,} of {source.label} has {len(laid.names) + 1:,} values, its header "
                                  f"{len(laid.names):,} names.")
            seen += len(frame)
            yield frame
    except (pd.errors.ParserError, ValueError) as error:
        told = LONGER.search(str(error))
        if told:
            line = int(told[2]) + laid.above + laid.marked
            raise _longer(source, shape, f"{source.label} is not a regular table: line {line:,} has {int(told[3]):,} values, the header "
                          f"{len(laid.names):,} names.") from error
        raise DataError(f"{source.label} is not a regular table: {str(error).strip()[:300]}.",
                        "Mend or remove that row; every row needs the same number of columns.") from error


def _longer(source: Source, shape: Shape, what: str) -> DataError:
    sign = {BLANKS: "blank", "\t": "tab"}.get(shape.layout.separator, f"{shape.layout.separator!r}")
    comma = " Numbers with decimal commas need another separator, such as a semicolon." if sign == "','" else ""
    return DataError(what, f"Name every column in the header, or mend that row: put quotes round values that hold a {sign}.{comma}")

"""A CSV looked over before it is read: its layout, its lines and its encoding, asked of the budget piece by piece."""

from __future__ import annotations

import codecs
import math
import re
from dataclasses import dataclass, replace

import numpy as np

from irlcore.budget import Clock, within
from irlcore.errors import DataError
from irlcore.tracks.files.csv_layout import BLANKS, Layout, layout
from irlcore.tracks.files.letters import WESTERN, bytes_of_a_sign, text_pieces, western
from irlcore.tracks.files.unpack import SMALL, Source

HEADER = 1 << 20  # bytes that the line of the header may have
MOST_UNBROKEN = 5_000_000  # separators in one row, within quotes (a long geometry) or not: pandas keeps nine bytes for each


@dataclass(frozen=True, slots=True)
class Shape:
    """What a survey of a CSV found. layout: where its header is, and what its columns are called. encoding: "utf-8" or ``WESTERN``, of the
    pieces of ``text_pieces``. rows: at most so many (a line break in quotes counts as one more). size: the bytes looked at, as such
    pieces. raw: about how many they are in the file, unpacked."""

    layout: Layout
    encoding: str
    rows: int
    size: int
    raw: float

    @property
    def names(self) -> tuple[str, ...]:
        """What the columns are called, in the order of the file."""
        return self.layout.names

    @property
    def said(self) -> list[str]:
        """What was understood of the text."""
        letters = [f"The letters are read as {WESTERN} (western Europe)."] if self.encoding == WESTERN else []
        return [*letters, *self.layout.said]


def survey(source: Source, clock: Clock, most: float = math.inf) -> Shape:
    """Count the lines and the header's names and ask the budget, before anything is read; and find the encoding.

    most: bytes after which to stop, for a preview. DataError for a file that is empty, binary, or has no header.
    """
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    lead, size, lines, unbroken, blank = b"", 0, 0, 0, 0
    found: Layout | None = None
    for piece in text_pieces(source):
        clock.check()
        if b"\0" in piece:
            row = lines + _lines(piece[:piece.index(b"\0")]) + 1
            raise DataError(f"{source.label} is neither a CSV nor a Parquet file: it holds a zero byte, near row {row:,}.",
                            "Export it as CSV or Parquet.")
        decoder = _heard(decoder, piece)
        size, lines = size + len(piece), lines + _lines(piece)
        if found is None:
            before = len(lead) + len(piece)
            lead = _from_header(lead + piece)
            blank += before - len(lead)
            found = _laid(source, lead[:HEADER], decoder, blank, False) if len(lead) >= HEADER else None
        if found is not None:
            _ask_cells(source, found.names, lines, size)
            sign = b" " if found.separator == BLANKS else found.separator.encode()
            unbroken = unbroken + piece.count(sign) if b"\n" not in piece and b"\r" not in piece else 0
            if unbroken > MOST_UNBROKEN:
                raise DataError(f"A row of {source.label}, about row {lines + 1:,}, has more than {MOST_UNBROKEN:,} separators.",
                                "Mend or remove that row.")
        if size >= most:
            break
    else:
        decoder = _heard(decoder, b"", final=True)
    if not lead.strip():
        raise DataError(f"{source.label} is empty.", "Choose a file with a header line and at least one row.")
    if found is None or decoder is None:  # where a letter far down tells the encoding, the header is in it too
        found = _laid(source, lead[:HEADER], decoder, blank, size < most and len(lead) <= HEADER)
        _ask_cells(source, found.names, lines, size)
    return Shape(found, "utf-8" if decoder is not None else WESTERN, lines, size, size * bytes_of_a_sign(source))


def _heard(decoder: codecs.IncrementalDecoder | None, piece: bytes, final: bool = False) -> codecs.IncrementalDecoder | None:
    """The decoder after one more piece; None once something was not UTF-8."""
    if decoder is None or (piece.isascii() and not final and not decoder.getstate()[0]):
        return decoder
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return None
    return decoder


def _lines(piece: bytes) -> int:
    """How many lines with something in them end in a piece of a file."""
    if b"\r" in piece:
        piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    ends = np.flatnonzero(np.frombuffer(piece, np.uint8) == ord("\n"))
    return len(ends) - int(np.count_nonzero(np.diff(ends) == 1))


def _from_header(lead: bytes) -> bytes:
    """The file without the blank lines before the header, however many."""
    blank = re.match(rb"(?: *[\r\n]+)*", lead)
    return lead[blank.end():] if blank else lead


def _laid(source: Source, lead: bytes, decoder: codecs.IncrementalDecoder | None, blank: int, ended: bool) -> Layout:
    """The layout of a file that begins so, behind ``blank`` bytes of blank lines."""
    def decoded(line: bytes) -> str:
        return line.decode("utf-8", errors="ignore") if decoder is not None else western(line).decode()

    found = layout(lead, source.label, decoded, lambda columns: _ask_columns(source, columns), ended)
    _ask_columns(source, len(found.names))
    return replace(found, start=found.start + blank)


def _ask_columns(source: Source, columns: int) -> None:
    within("columns", columns, f"{source.label} has {columns:,} columns.", "Leave out those that are not needed.")


def _ask_cells(source: Source, names: tuple[str, ...], lines: int, size: int) -> None:
    cells = lines * len(names)
    within("cells", cells, f"{source.label} has {lines:,} rows or more of {len(names):,} columns.", "Read it in parts.")
    if 8 * cells > SMALL:  # rows of one sign under a wide header: bytes of the table for bytes of the file
        within("ratio", 8 * cells / size, f"{source.label} has {lines:,} rows or more of {len(names):,} columns, nearly all of them empty.",
               "Leave out the empty columns.")

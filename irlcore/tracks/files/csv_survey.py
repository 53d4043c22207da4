"""A CSV looked over before it is read: its header, its lines and its encoding, asked of the budget piece by piece."""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
from dataclasses import dataclass

import numpy as np

from irlcore.budget import Clock, within
from irlcore.errors import DataError
from irlcore.tracks.files.unpack import SMALL, Source

HEADER = 1 << 20  # bytes that the line of the header may have
MOST_UNBROKEN = 5_000_000  # separators in one row, within quotes (a long geometry) or not: pandas keeps nine bytes for each


@dataclass(frozen=True, slots=True)
class Shape:
    """What a survey of a CSV found. names: the header's, as they stand. rows: at most so many (a line break in quotes counts as one
    more). size: the bytes looked at, unpacked."""

    separator: str
    names: tuple[str, ...]
    encoding: str
    rows: int
    size: int


def survey(source: Source, clock: Clock, most: float = math.inf) -> Shape:
    """Count the lines and the header's names and ask the budget, before anything is read; and find the encoding.

    most: bytes after which to stop, for a preview. DataError for a file that is empty, binary, or has no header.
    """
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    lead, size, lines, unbroken = b"", 0, 0, 0
    found: tuple[str, tuple[str, ...]] | None = None
    for piece in source.pieces():
        clock.check()
        if b"\0" in piece:
            row = lines + _lines(piece[:piece.index(b"\0")]) + 1
            raise DataError(f"{source.label} is neither a CSV nor a Parquet file: it holds a zero byte, near row {row:,}.",
                            "Export it as CSV or Parquet.")
        decoder = _heard(decoder, piece)
        size, lines = size + len(piece), lines + _lines(piece)
        if found is None:
            lead = _from_header(lead + piece)
            found = _header(source, lead) if len(lead) >= HEADER else None
        if found is not None:
            _ask_cells(source, found[1], lines, size)
            unbroken = unbroken + piece.count(found[0].encode()) if b"\n" not in piece and b"\r" not in piece else 0
            if unbroken > MOST_UNBROKEN:
                raise DataError(f"A row of {source.label}, about row {lines + 1:,}, has more than {MOST_UNBROKEN:,} separators.",
                                "Mend or remove that row.")
        if size >= most:
            break
    else:
        decoder = _heard(decoder, b"", final=True)
    if not lead.strip():
        raise DataError(f"{source.label} is empty.", "Choose a file with a header line and at least one row.")
    if found is None:
        found = _header(source, lead)
        _ask_cells(source, found[1], lines, size)
    return Shape(*found, "utf-8" if decoder is not None else "latin-1", lines, size)


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
    """The file without its byte order mark and the blank lines before the header, however many."""
    lead = lead.removeprefix(codecs.BOM_UTF8)
    blank = re.match(rb"(?: *[\r\n]+)*", lead)
    return lead[blank.end():] if blank else lead


def _header(source: Source, lead: bytes) -> tuple[str, tuple[str, ...]]:
    """Separator and names of the columns."""
    text = lead[:HEADER].decode("utf-8", errors="ignore")
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):  # people choose all their files at once, their zones among them
        raise DataError(f"{source.label} is JSON, not a table.",
                        "Choose CSV or Parquet. GeoJSON is for blocked areas, beside the grid's cells, and for zones on the Features page.")
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    separator = max(",;\t|", key=first.count)
    if first.count(separator) == 0:
        raise DataError(f"{source.label} has one column only: {first[:60]!r}. Its separator is not a comma, semicolon, tab or "
                        "bar.", "Export it as CSV with commas.")
    _ask_columns(source, first.count(separator) + 1)
    if len(first) == len(text) >= HEADER // 4:  # four bytes a sign at most
        raise DataError(f"The first line of {source.label} does not end within {HEADER:,} bytes.",
                        "Put the columns' names in the first line.")
    try:
        names = tuple(next(csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)))
    except csv.Error as error:
        raise DataError(f"The header of {source.label} cannot be read ({error}).", "Look for a quote that does not close.") from error
    _ask_columns(source, len(names))
    return separator, names


def _ask_columns(source: Source, columns: int) -> None:
    within("columns", columns, f"{source.label} has {columns:,} columns.", "Leave out those that are not needed.")


def _ask_cells(source: Source, names: tuple[str, ...], lines: int, size: int) -> None:
    cells = lines * len(names)
    within("cells", cells, f"{source.label} has {lines:,} rows or more of {len(names):,} columns.", "Read it in parts.")
    if 8 * cells > SMALL:  # rows of one sign under a wide header: bytes of the table for bytes of the file
        within("ratio", 8 * cells / size, f"{source.label} has {lines:,} rows or more of {len(names):,} columns, nearly all of them empty.",
               "Leave out the empty columns.")

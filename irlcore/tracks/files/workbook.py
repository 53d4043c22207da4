"""An Excel workbook (.xlsx) as the text of a CSV: one sheet, its values as they stand, dates and times in ISO.

A workbook is a zip of XML. It is read here piece by piece, with nothing but the standard library: a library for it would hold the whole
sheet, or make room for every cell up to the last one that is named, and one cell may name the row 1,048,576.
"""

from __future__ import annotations

import csv
import io
import math
import posixpath
import zipfile
from collections.abc import Iterator
from pathlib import Path

from irlcore.budget import Clock, limits, within
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.cells import shown
from irlcore.tracks.files.sheet_values import Styles, cell_text, column_of
from irlcore.tracks.files.sheet_xml import Element, elements
from irlcore.tracks.files.unpack import SMALL, Source
from irlcore.tracks.files.zip_members import FAULTS

STEP = 1 << 16
PARTS = 1000
MOST_TEXTS = 1_100_000  # a sheet has 1,048,576 rows
A_TEXT = 60  # bytes of one in memory, without its letters
CSV = "Save its sheet as CSV."


class _Book:
    """The parts of a workbook, as a stream of elements each; what comes out of all of them is asked of the budget together."""

    def __init__(self, source: Source, clock: Clock) -> None:
        self.label, self._source, self._clock, self.out = source.label, source, clock, 0
        self._raw = source.raw if isinstance(source.raw, bytes) else Path(source.raw).read_bytes()
        self.size = len(self._raw)
        self._zip = zipfile.ZipFile(io.BytesIO(self._raw))
        self.names = set(self._zip.namelist())

    def pieces(self, part: str) -> Iterator[bytes]:
        with self._zip.open(part) as opened:
            while piece := opened.read(STEP):
                self._clock.check()
                self.out += len(piece)
                self._source.ask(self.out)
                yield piece

    def elements(self, part: str, wanted: frozenset[str]) -> Iterator[Element]:
        return elements(self.pieces(part), wanted, self.label)

    def size_of(self, part: str) -> int:
        return self._zip.getinfo(part).file_size

    def has(self, part: str) -> bool:
        return part in self.names


def workbook_csv(source: Source, watch: Control | None = None, rows: float = math.inf) -> tuple[Source, list[str], int]:
    """The first sheet that has rows, as a CSV; what is told of it; and about how many rows it has where only the first ``rows`` were read,
    else 0. DataError where the workbook is damaged or empty."""
    clock = Clock(f"Reading {source.label}", watch)
    try:
        book = _Book(source, clock)
        sheets = _sheets(book)
        if not sheets:
            raise DataError(f"{source.label} is an Excel workbook that names no sheets, so it is damaged or made by hand.", CSV)
        texts, styles = _texts(book), _styles(book)
        for k, (name, part) in enumerate(sheets):
            if watch is not None:
                watch.step(0, PARTS, source.label)
            lines, many = _lines(book, part, texts, styles, rows)
            if lines:
                raw = b"".join(lines)
                rest = [shown(other) for other, _ in sheets[k + 1:]]
                said = [f"The sheet {shown(name)!r} is read"
                        + (f", not {', '.join(rest[:5])}{' and so on' if len(rest) > 5 else ''}." if rest else ".")]
                return Source(source.label, raw, len(raw)), said if len(sheets) > 1 else [], many
    except FAULTS as error:
        raise DataError(f"{source.label} is an Excel workbook that is damaged ({str(error)[:200]}).", CSV) from error
    raise DataError(f"{source.label} is an Excel workbook whose sheets are empty.", CSV)


def _sheets(book: _Book) -> list[tuple[str, str]]:
    """Name and part of each sheet that is not hidden, in their order; sheets that are charts have no part here."""
    if not book.has("xl/workbook.xml"):
        return []
    found = list(book.elements("xl/workbook.xml", frozenset({"sheet"})))
    if not book.has("xl/_rels/workbook.xml.rels"):
        return []
    ties = book.elements("xl/_rels/workbook.xml.rels", frozenset({"Relationship"}))
    parts = {one.attributes.get("Id", ""): one.attributes for one in ties}
    out = []
    for sheet in found:
        about = parts.get(sheet.attributes.get("id", ""), {})
        part = posixpath.normpath(posixpath.join("/xl", about.get("Target", ""))).lstrip("/")
        if about.get("Type", "").endswith("/worksheet") and book.has(part) and sheet.attributes.get("state", "visible") == "visible":
            out.append((sheet.attributes.get("name", ""), part))
    return out


def _texts(book: _Book) -> list[str]:
    """The texts that cells refer to by number."""
    if not book.has("xl/sharedStrings.xml"):
        return []
    texts, size = [], 0
    for one in book.elements("xl/sharedStrings.xml", frozenset({"si"})):
        texts.append(one.text)
        size += A_TEXT + one.size
        if not len(texts) % 1000:
            within("unpacked", size, f"{book.label} has {len(texts):,} texts or more.", "Read it in parts.")
        if len(texts) > MOST_TEXTS:
            raise DataError(f"{book.label} has more than {MOST_TEXTS:,} different texts.", CSV)
    return texts


def _styles(book: _Book) -> Styles:
    """Which styles of cells are dates, and from when days are counted."""
    styles = Styles()
    for one in book.elements("xl/workbook.xml", frozenset({"workbookPr"})):
        styles.since_1904 = one.attributes.get("date1904", "0") in ("1", "true")
    if book.has("xl/styles.xml"):
        for one in book.elements("xl/styles.xml", frozenset({"numFmt", "xf"})):
            if one.name == "numFmt":
                styles.formats[one.attributes.get("numFmtId", "")] = one.attributes.get("formatCode", "")
            elif one.within == "cellXfs":
                styles.of_cells.append(one.attributes.get("numFmtId", "0"))
    return styles


def _lines(book: _Book, part: str, texts: list[str], styles: Styles, rows: float) -> tuple[list[bytes], int]:
    """The first rows of a sheet as lines of a CSV, each as long as the longest; and about how many there are where there are more."""
    lines: list[bytes] = []
    counts: list[int] = []
    row: list[str] = []
    most = limits().columns
    size, widest, asked, before, enough, many = 0, 0, 0, book.out, book.out, 0

    def written() -> None:
        nonlocal size, widest, asked
        while row and not row[-1]:
            row.pop()
        if not row:
            return
        lines.append(_line(row))
        counts.append(len(row))
        size, widest = size + len(lines[-1]) + 1, max(widest, len(row))
        if size > asked + STEP:
            asked = size
            _ask(book, size)
        row.clear()

    for one in book.elements(part, frozenset({"row", "c"})):
        if one.name == "row":
            written()
            if len(lines) <= rows:
                enough = book.out
            elif book.out > enough:  # the piece that held them has been used up, so that its bytes tell how long a row is
                many = round(len(lines) * max(1.0, book.size_of(part) / max(enough - before, 1)))
                break
            continue
        at = column_of(one.attributes.get("r", ""), len(row))
        if at >= most:
            within("columns", at + 1, f"{book.label} has a cell in column {at + 1:,}.", "Leave out the columns that are not needed.")
        text = cell_text(one, texts, styles)
        if at >= len(row):
            row.extend([""] * (at - len(row)))
            row.append(text)
        else:
            row[at] = text
    written()
    _ask(book, size + sum(widest - one for one in counts))
    return [line + b"," * (widest - one) + b"\n" for line, one in zip(lines, counts, strict=True)], many


def _line(row: list[str]) -> bytes:
    """A row as a line of a CSV without its end."""
    text = ",".join(row)
    if '"' in text or "\n" in text or "\r" in text or text.count(",") >= len(row) or row[0][:1].isspace():
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow(row)
        text = out.getvalue()
    return text.encode()


def _ask(book: _Book, size: int) -> None:
    within("unpacked", size, f"The sheet of {book.label} has {size:,} bytes as a table.", "Read it in parts.")
    if size > SMALL:
        within("ratio", size / max(book.size, 1), f"The sheet of {book.label} becomes more than {limits().ratio:,.10g} times its size.",
               "No table of observations is so regular: check where it comes from.")

"""How a text is laid out as a table: its separator, the line of its header, and the names of its columns.

The first line is the header unless the lines tell otherwise: remarks and titles may stand above it, and a file may have none. Found by the
line from which on the number of fields is steady, tried with each separator.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from irlcore.errors import DataError
from irlcore.tracks.files import geolife
from irlcore.tracks.files.cell_kinds import has_fraction, kind_of
from irlcore.tracks.files.csv_names import named

BLANKS = r"\s+"  # the separator of columns that stand apart by blanks, as pandas writes it
SEPARATORS = ",;\t|"
MOST_LINES = 300  # that are looked at, blank ones too
MOST_ABOVE = 60  # lines above a header
REMARKS = ("#", "//", "%")
LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
WORDS = re.compile(r'"(?:[^"]|"")*"|\S+')
TOLD = re.compile(r"sep=([,;\t|])\s*", re.IGNORECASE)  # what Excel reads and writes in the first line

Row = tuple[int, list[str]]
"""The line that a row begins in, and its fields."""


@dataclass(frozen=True, slots=True)
class Layout:
    """separator: a sign, or ``BLANKS``. names: distinct, not empty. unnamed: those of columns that have none in the file. start: bytes
    before the header, or before the first row where there is no ``header`` or it is ``marked`` as a remark. above: lines before it. spare:
    whether rows end in one more separator than the header has. first: the fields of the first row below the header, 0 where it was not
    looked at. said: what was understood, for the analyst."""

    separator: str
    names: tuple[str, ...]
    unnamed: tuple[str, ...]
    start: int
    above: int
    header: bool
    marked: bool
    spare: bool
    first: int
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Try:
    """The table as one separator would have it. at: its first row. sure: 2 where all fits, 1 where rows are shorter or longer, 0 where they
    are not steady."""

    separator: str
    rows: list[Row]
    at: int
    header: bool
    sure: int
    spare: bool = False

    @property
    def rank(self) -> tuple[int, bool, int]:
        """The better the greater: first what fits, then where no other separator stands in the names, then more columns."""
        first = self.rows[self.at][1]
        return self.sure, not any(sign in name for name in first for sign in SEPARATORS), len(first)


def layout(lead: bytes, label: str, decoded: Callable[[bytes], str], ask: Callable[[int], None], ended: bool) -> Layout:
    """How the table is laid out whose first bytes these are.

    decoded: makes text of bytes. ask: is told how many columns there would be before they are looked at one by one. ended: whether the
    file ends there. DataError where there is no table, or a line is longer than all that is looked at.
    """
    raw = [m.group() for m in islice(LINE.finditer(lead), MOST_LINES) if m.group()]
    if len(raw) > 1 and not ended and raw[-1][-1:] not in b"\r\n":
        raw.pop()
    lines = [decoded(line) for line in raw]
    if lines[0].strip().lower() == geolife.FIRST and len(lines) > geolife.LINES:
        return Layout(",", geolife.NAMES, (), sum(map(len, raw[:geolife.LINES])), geolife.LINES, False, False, False, 0, geolife.SAID)
    skip = next((k for k, line in enumerate(lines) if line.strip()), 0)
    forced = TOLD.fullmatch(lines[skip])
    if forced and len(lines) > skip + 1:
        skip += 1
    begun = skip
    while begun < len(lines) and (not lines[begun].strip() or lines[begun].lstrip().lstrip('"').startswith(REMARKS)):
        begun += 1
    if begun == len(lines):
        begun = skip
    remark = next((k for k in range(begun - 1, skip - 1, -1) if lines[k].strip()), None)
    signs = forced[1] if forced else SEPARATORS
    ask(max(lines[begun].count(sign) for sign in signs) + 1)
    tried = [one for sign in signs if (one := _tried(sign, _rows(lines, begun, sign, label))) is not None]
    if not any(one.sure for one in tried):
        apart = _tried(BLANKS, _words(lines, begun))
        if apart is not None and apart.sure == 2:
            tried = [apart]
    if not tried:
        raise DataError(f"{label} has one column only: {lines[begun].strip()[:60]!r}. Its separator is not a comma, semicolon, tab or "
                        "bar, nor are there blanks between as many values in each row.", "Export it as CSV with commas.")
    best = max(tried, key=lambda one: one.rank)
    if len(raw) == 1 and raw[0][-1:] not in b"\r\n" and not ended:
        raise DataError(f"The first line of {label} does not end within {len(lead):,} bytes.", "Put the columns' names in the first line.")
    return _laid(best, lines, raw, remark)


def _laid(best: _Try, lines: list[str], raw: list[bytes], remark: int | None) -> Layout:
    line, names = best.rows[best.at]
    header, marked = best.header, False
    follows = best.rows[best.at][1]
    if remark is not None and best.at == 0 and best.sure == 2 and (not header or not set(":=") & set(lines[remark])):
        if best.separator == BLANKS:
            fields = WORDS.findall(lines[remark].lstrip(" \t#/%"))
        else:
            found = _rows(lines[:remark + 1], remark, best.separator, "")
            fields = _unmarked(found[0][1]) if found else []
        data = not header or any(kind_of(cell) in "nd" for cell in follows)
        alone = not any(one.strip() for one in lines[:remark])
        if len(fields) == len(names) and not any(kind_of(one) in "nd" for one in fields) and (data or alone):
            line, names, header, marked = remark, fields, True, True
    above = sum(1 for one in lines[:line] if one.strip() and not TOLD.fullmatch(one))
    said = []
    if above:
        where = "the header" if header else "the first row"
        said.append(f"The line above {where} is left out." if above == 1 else f"The {above} lines above {where} are left out.")
    if best.separator == BLANKS:
        said.append("Columns are separated by blanks.")
    if header:
        called, unnamed, told = named(names)
        said += told
    else:
        called, unnamed = tuple(f"column {k + 1}" for k in range(len(names))), ()
        said.append("The file has no header: its columns are called column 1, column 2 and so on.")
    start = sum(map(len, raw[:line + marked]))
    return Layout(best.separator, called, unnamed, start, line, header, marked, best.spare, _below(best, header), tuple(said))


def _below(best: _Try, header: bool) -> int:
    rows = best.rows[best.at + 1:] if header and best.header else best.rows[best.at:]
    return len(rows[0][1]) if rows else 0


def _unmarked(fields: list[str]) -> list[str]:
    """A header that begins as a remark does, without that sign where a name follows."""
    bare = fields[0].strip().lstrip("#/%").strip()
    if not bare and len(fields) > 1 and fields[0].strip() in REMARKS and fields[1:] and len(fields[0].strip()) <= 2:
        return fields
    return [bare, *fields[1:]]


def _rows(lines: Sequence[str], begun: int, separator: str, label: str) -> list[Row]:
    reader = csv.reader(lines[begun:], delimiter=separator, skipinitialspace=True)
    rows: list[Row] = []
    before, first = begun, 0
    try:
        for fields in reader:
            if fields:
                rows.append((before, fields))
            before, first = begun + reader.line_num, first or reader.line_num
    except csv.Error as error:
        if not rows and lines[begun].count(separator):
            raise DataError(f"The header of {label} cannot be read ({error}).", "Look for a quote that does not close.") from error
    if len(rows) == 1 and first == reader.line_num > 1 and lines[begun].count(separator):
        raise DataError(f"The header of {label} does not end within {reader.line_num:,} lines.", "Look for a quote that does not close.")
    return rows


def _words(lines: Sequence[str], begun: int) -> list[Row]:
    return [(k, words) for k in range(begun, len(lines)) if (words := WORDS.findall(lines[k]))]


def _tried(separator: str, rows: list[Row]) -> _Try | None:
    """The table that a separator makes of the rows; None where it makes none."""
    if not rows:
        return None
    counts = [len(fields) for _, fields in rows]
    first = counts[0]
    late, often = Counter(counts[len(counts) // 2:]), Counter(counts)
    width = max(late, key=lambda n: (late[n], often[n], n))
    ends = [fields for _, fields in rows[1:] if len(fields) == width]
    if width >= 2 and (first != width or _padded(rows[0][1])):
        at = next((k for k in range(1, min(len(rows), MOST_ABOVE)) if counts[k] == width and _names(rows[k][1])
                   and all(n == width for n in counts[k + 1:][:20])), None)
        if at is not None and all(_title(fields, width) for _, fields in rows[:at]):
            return _Try(separator, rows, at, True, 2)
    if first < 2:
        return None
    if first == width:
        return _Try(separator, rows, 0, not _values([fields for _, fields in rows]), 2 if len(rows) > 1 else 1)
    if first == width - 1 and all(not fields[-1].strip() for fields in ends):
        return _Try(separator, rows, 0, True, 2, spare=True)
    if first == width - 1 and ends and _numbered([fields[0] for fields in ends]):  # as R writes the numbers of its rows
        return _Try(separator, [(rows[0][0], ["", *rows[0][1]]), *rows[1:]], 0, True, 2)
    return _Try(separator, rows, 0, True, 1 if first > width else 0)


def _numbered(cells: list[str]) -> bool:
    return any([cell.strip() for cell in cells] == [str(k + start) for k in range(len(cells))] for start in (0, 1))


def _names(fields: list[str]) -> bool:
    """Whether a row can be a header below other lines: texts, none missing but the first (an index) or the last (a separator at the
    end)."""
    inner = fields[1:-1] if len(fields) > 2 else fields
    return all(kind_of(one) == "t" for one in inner) and not any(kind_of(one) in "nd" for one in fields) and any(map(str.strip, fields))


def _title(fields: list[str], width: int) -> bool:
    """Whether a row above a header can be a title, or a key with its value: much shorter than the table, or filled up with blanks."""
    return 2 * len(fields) <= width or len(fields) == 1 or _padded(fields) or bool(re.search(r"[:=]", fields[0]))


def _padded(fields: list[str]) -> bool:
    return len(fields) > 2 and 2 * sum(1 for one in fields if not one.strip()) >= len(fields)


def _values(rows: list[list[str]]) -> bool:
    """Whether the first row holds values as the rows below it do, and no names."""
    first, below = rows[0], [row for row in rows[1:40] if len(row) == len(rows[0])]
    kinds = [kind_of(one) for one in first]
    told = [k for k, kind in enumerate(kinds) if kind in "nd"]
    if not below or len(told) < 2 or any(kind_of(row[k]) not in (kinds[k], "") for row in below for k in told):
        return False
    if any(kinds[k] == "d" or has_fraction(first[k]) or len(first[k].strip()) >= 9 for k in told):
        return True
    numbered = [[str(k + start) for k in range(len(first))] for start in (0, 1)]
    return len(told) == len(first) and [one.strip() for one in first] not in numbered

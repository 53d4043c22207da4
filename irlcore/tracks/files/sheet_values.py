"""The value of a cell of a workbook as text: numbers as they stand, days and times in ISO, as the cell's style says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from irlcore.tracks.files.sheet_xml import Element

DATES = {*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)}  # formats that every workbook knows by their numbers
TIMES = {18, 19, 20, 21, 45, 46, 47}
CELL = re.compile(r"([A-Za-z]{1,3})\d*")
QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
EXACT = 1e15  # whole numbers are written out up to here


@dataclass(slots=True)
class Styles:
    """formats: number of a format -> how it is written. of_cells: the format of each style."""

    formats: dict[str, str] = field(default_factory=dict)
    of_cells: list[str] = field(default_factory=list)
    since_1904: bool = False

    def moment(self, style: str) -> str:
        """"date", "time", "span" (hours beyond 24) or "" for what is no moment."""
        number = self.of_cells[int(style)] if style.isdecimal() and int(style) < len(self.of_cells) else "0"
        return _moment(number, self.formats.get(number, ""))


@lru_cache(maxsize=1000)
def _moment(number: str, code: str) -> str:
    if code:
        bare = QUOTED.sub("", code.split(";", 1)[0]).lower()
        if "[" in bare:
            return "span"
        if "general" in bare:
            return ""
        if "y" in bare or "d" in bare:
            return "date"
        return "time" if "h" in bare or "s" in bare else "date" if "m" in bare else ""
    known = int(number) if number.isdecimal() and len(number) < 6 else 0
    return "span" if known == 46 else "time" if known in TIMES else "date" if known in DATES else ""


def column_of(reference: str, after: int) -> int:
    """The column, from 0, of a cell called "B7"; the next one where it has no name."""
    found = CELL.fullmatch(reference)
    if found is None:
        return after
    column = 0
    for letter in found[1].upper():
        column = 26 * column + ord(letter) - 64
    return column - 1


def cell_text(cell: Element, texts: list[str], styles: Styles) -> str:
    """What a cell shows, without blanks for looks: the text, the number, the date; empty where it has none."""
    kind, text = cell.attributes.get("t", "n"), cell.text
    if kind == "s":
        return texts[int(text)] if text.strip().isdecimal() and len(text) < 10 and int(text) < len(texts) else ""
    if kind == "b":
        return {"1": "True", "0": "False"}.get(text.strip(), text)
    if kind != "n" or not text.strip():
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    moment = styles.moment(cell.attributes.get("s", "0"))
    if moment and 0.0 <= number < 2_958_466.0:
        return _told(number, moment, styles.since_1904)
    if number.is_integer() and abs(number) < EXACT:
        return str(int(number))
    return text.strip()


def _told(days: float, moment: str, since_1904: bool) -> str:
    """Days since the beginning, whose fraction is the time of day, to the millisecond."""
    ms = round(days * 86_400_000)
    if moment == "span" or days < 1.0:
        hours, rest = divmod(ms, 3_600_000)
        return f"{hours:02d}:{rest // 60_000:02d}:{rest // 1000 % 60:02d}" + (f".{rest % 1000:03d}" if rest % 1000 else "")
    begin = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30) if days >= 61.0 else datetime(1899, 12, 31)
    at = begin + timedelta(milliseconds=ms)
    if not ms % 86_400_000 and moment == "date":
        return at.date().isoformat()
    return at.isoformat(timespec="milliseconds" if ms % 1000 else "seconds")

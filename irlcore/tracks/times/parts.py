"""What a cell of a time column holds, before zones are applied: a date with a time, a date alone, a time of day alone or a number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.tracks.cells import shown
from irlcore.tracks.problems import FIRST_ROW

NONE, DATE, DAY, CLOCK, COUNT = range(5)
DAY_S = 86_400.0
FIRST_YEAR, LAST_YEAR = 1990, 2040
"""Numbers are taken for dates where they lie between these years, all of them: other counts reach as far only by chance."""

EARLIEST_S, LATEST_S = -2_208_988_800.0, 4_133_980_800.0  # 1900-01-01 and 2101-01-01, in seconds since 1970
MOST = 0.9  # of the cells that hold anything: what fewer of them are is not what the column is


@dataclass(frozen=True, slots=True)
class Parts:
    """n cells as they read.

    kind: (n,) uint8, one of NONE, DATE (with a time of day), DAY (without), CLOCK, COUNT. value: (n,) float64, seconds: since 1970 in
    the zone of the cell (DATE, DAY), since midnight (CLOCK), or the number itself (COUNT); NaN for NONE. offset: (n,) float64, seconds
    east of UTC, NaN where the cell names no zone by which it is known. zone: (n,) int32, place in ``zones`` of the named zone, -1 for
    none. said: sentences on what was assumed.
    """

    kind: np.ndarray
    value: np.ndarray
    offset: np.ndarray
    zone: np.ndarray
    zones: tuple[str, ...] = ()
    said: tuple[str, ...] = ()

    def take(self, codes: np.ndarray) -> Parts:
        """The cells at ``codes`` ((m,) int), NONE where that is -1."""
        known = codes >= 0
        return Parts(np.where(known, self.kind[codes], np.uint8(NONE)), np.where(known, self.value[codes], np.nan),
                     np.where(known, self.offset[codes], np.nan), np.where(known, self.zone[codes], -1), self.zones, self.said)


@dataclass(frozen=True, slots=True)
class Cells:
    """Where values stand, for messages. name: the column. rows: (n,) int, place in the column (from 0) of value k; text: what stands
    at a place of the column."""

    name: str
    rows: np.ndarray
    text: Callable[[int], str]

    def at(self, wanted: np.ndarray) -> str:
        """The first of the values that are ``wanted`` ((n,) bool, at least one), for a message: row 7: '03/04/2024'."""
        row = int(self.rows[wanted].min())
        return f"row {row + FIRST_ROW}: {self.text(row)!r}"

    def of(self, places: np.ndarray) -> Cells:
        """The same for the values at ``places`` ((m,) int or (n,) bool)."""
        return Cells(self.name, self.rows[places], self.text)


def cells_of(values: pd.Series) -> Cells:
    """The cells of a whole column."""
    return Cells("the column" if values.name is None else shown(values.name), np.arange(len(values)), lambda row: shown(values.iloc[row]))


def parts_of(kind: int | np.ndarray, value: np.ndarray, offset: float | np.ndarray = np.nan, said: Sequence[str] = ()) -> Parts:
    """Parts of values ((n,) float64, NaN where a cell cannot be read) that are all of one kind, or of the kinds given."""
    n = len(value)
    kinds = np.where(np.isfinite(value), np.uint8(kind) if isinstance(kind, int) else kind, np.uint8(NONE)).astype(np.uint8)
    return Parts(kinds, value, np.broadcast_to(np.asarray(offset, np.float64), (n,)), np.broadcast_to(np.int32(-1), (n,)), (), tuple(said))


def joined(n: int, pieces: Sequence[tuple[np.ndarray, Parts]]) -> Parts:
    """One of n cells from pieces (where they stand: (m,) int or (n,) bool, what they hold)."""
    if len(pieces) == 1 and pieces[0][0].dtype != bool and len(pieces[0][0]) == n:
        return pieces[0][1]
    kind, value = np.zeros(n, np.uint8), np.full(n, np.nan)
    offset, zone = np.full(n, np.nan), np.full(n, -1, np.int32)
    zones: list[str] = []
    for where, part in pieces:
        kind[where], value[where], offset[where] = part.kind, part.value, part.offset
        zone[where] = np.where(part.zone >= 0, part.zone + len(zones), -1)
        zones += part.zones
    return Parts(kind, value, offset, zone, tuple(zones), tuple(dict.fromkeys(s for _, part in pieces for s in part.said)))


def days_since_1970(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """(n,) float64 whole days of dates of the calendar ((n,) float64 each); NaN where there is no such day."""
    known = (year >= 1) & (year <= 9999) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = np.where(known, (year - 1970) * 12 + month - 1, 0).astype(np.int64)
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    after = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    found = first + np.where(known, day, 1) - 1
    return np.where(known & (found < after), found, np.nan)


def day_text(seconds: float) -> str:
    """A day for a sentence, 2024-03-04, of seconds since 1970."""
    return str(np.datetime64(int(np.floor(seconds)), "s").astype("datetime64[D]"))

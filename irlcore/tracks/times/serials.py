"""Numbers that count from another day than 1970: days of spreadsheets, of MATLAB, of astronomers, and ticks of Windows.

None of these can be told from counted seconds, or from nanoseconds since 1970, by its size alone: where one fits, the analyst is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.tracks.times.parts import DATE, DAY_S, EARLIEST_S, LATEST_S, Parts, parts_of

SINCE, UNTIL = 631_152_000.0, 2_240_611_200.0  # 1990-01-01 and 2041-01-01, in seconds since 1970


@dataclass(frozen=True, slots=True)
class Serial:
    """at_1970: what stands for 1970-01-01. size_s: seconds in one. whose: in a question. reads: the choice. step: the largest step between
    two numbers, in the count's own unit, at which it is asked about without a name that says so."""

    at_1970: float
    size_s: float
    whose: str
    reads: str
    step: float = 0.1

    def fits(self, numbers: np.ndarray) -> np.ndarray:
        """(n,) bool: which of (n,) numbers are dates from 1990 to 2040."""
        return (numbers >= self.at_1970 + SINCE / self.size_s) & (numbers < self.at_1970 + UNTIL / self.size_s)


SERIALS = {
    "excel": Serial(25_569.0, DAY_S, "dates of a spreadsheet", "Serial days of a spreadsheet (45355.34 is 4 March 2024, 8:10)"),
    "matlab": Serial(719_529.0, DAY_S, "dates of MATLAB (datenum)", "Days since the year 0, as MATLAB has them (739315.34)"),
    "julian": Serial(2_440_587.5, DAY_S, "Julian days", "Julian days (2460373.84)"),
    "mjd": Serial(40_587.0, DAY_S, "modified Julian days", "Modified Julian days (60373.34)"),
    "days": Serial(0.0, DAY_S, "days since 1970", "Days since 1970 (19786.34)", 0.02),
    "ticks": Serial(621_355_968_000_000_000.0, 1e-7, "ticks of .NET", "Ticks of .NET: 100 ns since the year 1"),
    "filetime": Serial(116_444_736_000_000_000.0, 1e-7, "times of Windows files", "100 ns since 1601, as Windows has them")}
"""Value of ``Options.time`` -> how it counts. A spreadsheet's days before 2041 and modified Julian days after 1990 meet: both are asked."""

DAY_WORDS = ("date", "datum", "fecha", "datenum", "serial", "julian")  # in the name of a column, whole days are dates


def serial_parts(numbers: np.ndarray, way: str) -> Parts:
    """Numbers (n,) as dates, counted in one of ``SERIALS``."""
    serial = SERIALS[way]
    value = np.round((numbers - serial.at_1970) * serial.size_s, 3)
    return parts_of(DATE, np.where((value >= EARLIEST_S) & (value < LATEST_S), value, np.nan),
                    said=[f"Times are {serial.whose.replace('dates', 'serial days')}."])


def likely_serials(known: np.ndarray, name: str) -> list[str]:
    """Which of ``SERIALS`` counts of days all ``known`` (n,) numbers could be, and not only by chance: most have a part of a day and
    follow closely, or the column's name says that they are dates."""
    if not len(known):
        return []
    named = any(word in name.lower() for word in DAY_WORDS)
    step = float(np.median(np.abs(np.diff(known)))) if len(known) > 1 and (known % 1.0 != 0.0).mean() > 0.5 else np.inf
    return [way for way, serial in SERIALS.items() if serial.size_s == DAY_S and serial.fits(known).all()
            and ((named and way != "days") or step < serial.step)]


def likely_ticks(known: np.ndarray) -> list[str]:
    """Which counts of 100 ns all ``known`` (n,) numbers could be."""
    return [way for way in ("ticks", "filetime") if len(known) and SERIALS[way].fits(known).all()]

"""KML as points: tracks with times (gx:Track), lines, and single points with a time, each under the name of its place mark."""

from __future__ import annotations

from array import array

import numpy as np
import pandas as pd

from irlcore.budget import within
from irlcore.errors import DataError
from irlcore.tracks.files.csv_text import SAID
from irlcore.tracks.files.gpx import A_POINT, LONGEST, distinct_names, number_of
from irlcore.tracks.plain_text import plain_text

LINES = ("Track", "LineString")
TEXTS = ("name", "when", "coord", "coordinates")
PIECE = 1 << 16  # letters of coordinates that are taken apart at once


class KmlReader:
    """What has been read of a file so far."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.names: list[str] = []  # of each place mark
        self.line, self.segment = array("q"), array("q")
        self.lon, self.lat, self.ele = array("d"), array("d"), array("d")
        self.single = array("b")  # whether a point stands alone
        self.time: list[str | None] = []
        self.text: list[str] | None = None
        self.letters, self.parts, self.areas, self.begun, self.whens = 0, 0, 0, 0, 0
        self.stamp, self.first, self.alone = "", 0, False

    def begin(self, name: str, attributes: dict[str, str], path: list[str]) -> None:
        """A place mark, a line of it, or a value begins."""
        if name == "Placemark":
            self.names.append("")
            self.parts, self.stamp, self.first = 0, "", len(self.line)
        elif name in LINES or name == "Point":
            self.parts += 1
            self.begun, self.whens, self.alone = len(self.line), len(self.line), name == "Point"
        elif name == "Polygon":
            self.areas += 1
        elif name in TEXTS and self.names:
            self.text, self.letters = [], 0

    def hear(self, text: str, path: list[str]) -> None:
        """A piece of a value; coordinates are taken as they come."""
        if self.text is None:
            return
        self.text.append(text)
        self.letters += len(text)
        if self.letters > PIECE:
            if path[-1] == "coordinates" and _inside(path):
                whole, _, rest = "".join(self.text).rpartition(" " if " " in self.text[-1] else "\n")
                self._coordinates(whole)
                self.text, self.letters = [rest], len(rest)
                if len(rest) <= PIECE:
                    return
            raise DataError(f"A value of {self.label} is too long.", "Export it again.")

    def end(self, name: str, path: list[str]) -> None:
        """A value is whole."""
        if name in LINES or name == "Point":
            self._even()
        elif name == "Placemark" and self.stamp:
            for p in range(self.first, len(self.line)):
                self.time[p] = self.stamp if self.single[p] else self.time[p]
        if self.text is None or name not in TEXTS:
            return
        text, self.text = plain_text("".join(self.text)).strip(), None
        if name == "name" and path[-2] == "Placemark":
            self.names[-1] = text[:LONGEST]
        elif name == "when" and path[-2] == "Track":  # all times of a track come before its coordinates, or between them
            while self.whens >= len(self.time):
                self.time.append(None)
            self.time[self.whens] = text[:LONGEST] or None
            self.whens += 1
        elif name == "when":
            self.stamp = text[:LONGEST]
        elif name == "coord" and path[-2] == "Track":
            self._point(text.split())
        elif name == "coordinates" and _inside(path):
            self._coordinates(text)

    def _coordinates(self, text: str) -> None:
        for one in text.split():
            self._point(one.split(","))

    def _point(self, parts: list[str]) -> None:
        numbers = [number_of(one) for one in (*parts, "", "", "")[:3]]
        self.line.append(len(self.names) - 1)
        self.segment.append(max(1, self.parts))
        self.single.append(self.alone)
        for values, number in zip((self.lon, self.lat, self.ele), numbers, strict=True):
            values.append(number)
        if len(self.line) % 10_000 == 0:
            within("unpacked", float(A_POINT * len(self.line)), f"{self.label} has {len(self.line):,} points or more.", "Read it in parts.")

    def _even(self) -> None:
        """At the end of a line: as many times as points."""
        if len(self.time) > len(self.line):
            times, points = (len(held) - self.begun for held in (self.time, self.line))
            raise DataError(f"A track of {self.label} has {times:,} times and {points:,} points.", "Export it again.")
        self.time += [None] * (len(self.line) - len(self.time))

    def table(self, track: str) -> pd.DataFrame:
        """Columns track, segment, t, lon, lat and ele, the last and t only where there are any. DataError where there is no line, and no
        points that have times."""
        line, single = np.array(self.line, np.int64), np.array(self.single, bool)
        timed = np.array([one is not None for one in self.time], bool)
        said = [f"{self.areas:,} areas are left out: they are zones, not tracks."] if self.areas else []
        kept = ~single
        if kept.any() and single.any():
            said.append(f"{single.sum():,} single points beside the lines are left out.")
        elif timed.any():
            kept = timed  # points with a time each, and names that are none of a track's
            said.append(f"{timed.sum():,} single points with times are one track.")
        if not kept.any():
            held = f" It has {self.areas:,} areas: they are zones." if self.areas else \
                f" It has {len(line):,} single points without times." if len(line) else ""
            raise DataError(f"{self.label} holds no track and no line.{held}", "Export the recorded tracks as GPX, KML or CSV.")
        names = np.array(distinct_names(self.names, track), object)[line] if (~single).any() else np.full(len(line), track, object)
        table = pd.DataFrame({"track": pd.Series(names, dtype="str"), "segment": np.where(single, 1, np.array(self.segment))})
        if timed.any():
            table["t"] = pd.Series(self.time, dtype="str")
        table["lon"], table["lat"] = np.array(self.lon), np.array(self.lat)
        if (np.nan_to_num(ele := np.array(self.ele)) != 0.0).any():
            table["ele"] = ele
        table = table[kept].reset_index(drop=True)
        if said:
            table.attrs[SAID] = said
        return table


def _inside(path: list[str]) -> bool:
    return "LineString" in path or "Point" in path

"""GPX as points: tracks with their segments, and routes. Waypoints belong to no track and are left out."""

from __future__ import annotations

from array import array
from collections import Counter

import numpy as np
import pandas as pd

from irlcore.budget import within
from irlcore.errors import DataError
from irlcore.tracks.files.csv_text import SAID
from irlcore.tracks.plain_text import plain_text

A_POINT = 200  # bytes of one in memory, with the text of its time
LONGEST = 1000  # letters of a name or a time
LINES = ("trk", "rte")
POINTS = {"trkpt": "trk", "rtept": "rte"}
TEXTS = {"name", "time", "ele"}


class GpxReader:
    """What has been read of a file so far. Coordinates that are no numbers are NaN: the row is listed later, like any other."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.lines: list[str] = []  # the name of each track and route, empty where it has none
        self.line, self.segment = array("q"), array("q")
        self.lon, self.lat, self.ele = array("d"), array("d"), array("d")
        self.time: list[str | None] = []
        self.text: list[str] | None = None
        self.waypoints, self.segments = 0, 0

    def begin(self, name: str, attributes: dict[str, str], path: list[str]) -> None:
        """A track, a segment, a point or a value of it begins."""
        if name in LINES:
            self.lines.append("")
            self.segments = int(name == "rte")
        elif name == "trkseg":
            self.segments += 1
        elif name == "wpt":
            self.waypoints += 1
        elif name in POINTS and POINTS[name] in path:
            self._point(attributes)
        elif name in TEXTS and len(path) > 1 and path[-2] in (*LINES, *POINTS):
            self.text = []

    def _point(self, attributes: dict[str, str]) -> None:
        self.line.append(len(self.lines) - 1)
        self.segment.append(max(1, self.segments))
        self.lon.append(number_of(attributes.get("lon", "")))
        self.lat.append(number_of(attributes.get("lat", "")))
        self.ele.append(np.nan)
        self.time.append(None)
        if len(self.line) % 10_000 == 0:
            within("unpacked", float(A_POINT * len(self.line)), f"{self.label} has {len(self.line):,} points or more.", "Read it in parts.")

    def hear(self, text: str, path: list[str]) -> None:
        """A piece of a value."""
        if self.text is not None and len(self.text) < LONGEST:
            self.text.append(text[:LONGEST])

    def end(self, name: str, path: list[str]) -> None:
        """A value is whole."""
        if self.text is None or name not in TEXTS or len(path) < 2:
            return
        text, above = plain_text("".join(self.text)).strip()[:LONGEST], path[-2]
        self.text = None
        if name == "name" and above in LINES:
            self.lines[-1] = text
        elif name == "time" and above in POINTS and self.time:
            self.time[-1] = text or None
        elif name == "ele" and above in POINTS and len(self.ele):
            self.ele[-1] = number_of(text)

    def table(self, track: str) -> pd.DataFrame:
        """The points with columns track, segment, t, lon, lat and ele; t and ele only where the file has any. track: what tracks without a
        name are called. DataError where there are no points."""
        more = f" It has {self.waypoints:,} waypoints, which belong to no track." if self.waypoints else ""
        if not len(self.line):
            raise DataError(f"{self.label} holds no track and no route.{more}", "Export the recorded track as GPX.")
        line = np.array(self.line, np.int64)
        names = np.array(distinct_names(self.lines, track), object)
        table = pd.DataFrame({"track": pd.Series(names[line], dtype="str"), "segment": np.array(self.segment, np.int64)})
        if any(one is not None for one in self.time):
            table["t"] = pd.Series(self.time, dtype="str")
        table["lon"], table["lat"] = np.array(self.lon), np.array(self.lat)
        if not np.isnan(ele := np.array(self.ele)).all():
            table["ele"] = ele
        if self.waypoints:
            table.attrs[SAID] = [f"{self.waypoints:,} waypoints are left out: they belong to no track." if self.waypoints > 1 else
                                 "One waypoint is left out: it belongs to no track."]
        return table


def distinct_names(given: list[str], track: str) -> list[str]:
    """Distinct names for lines that have these, or none (then ``track``): a recorder calls all its tracks alike."""
    bare = [name or (track if len(given) == 1 else f"{track} {k + 1}") for k, name in enumerate(given)]
    taken, seen, out = set(bare), Counter[str](), []
    for name in bare:
        seen[name] += 1
        new = name
        if seen[name] > 1:
            new = f"{name} ({seen[name]})"
            while new in taken:
                seen[name] += 1
                new = f"{name} ({seen[name]})"
            taken.add(new)
        out.append(new)
    return out


def number_of(text: str) -> float:
    """A text as a number; NaN where it is no finite one."""
    try:
        number = float(text[:60])
    except ValueError:
        return np.nan
    return number if np.isfinite(number) else np.nan

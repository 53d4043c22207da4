"""TCX of sports watches as points: each activity or course with its laps is a track, each lap a segment."""

from __future__ import annotations

from array import array

import numpy as np
import pandas as pd

from irlcore.budget import within
from irlcore.errors import DataError
from irlcore.tracks.files.gpx import A_POINT, LONGEST, distinct_names, number_of
from irlcore.tracks.plain_text import plain_text

TRACKS = ("Activity", "Course")
PARTS = {"Time": "Trackpoint", "LatitudeDegrees": "Position", "LongitudeDegrees": "Position", "AltitudeMeters": "Trackpoint",
         "Value": "HeartRateBpm", "Id": "Activity", "Name": "Course"}
"""Element with a value -> the one that it stands in."""
COLUMNS = {"LongitudeDegrees": "lon", "LatitudeDegrees": "lat", "AltitudeMeters": "ele", "Value": "heart_rate"}


class TcxReader:
    """What has been read of a file so far."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.lines: list[str] = []
        self.sports: list[str] = []
        self.line, self.segment = array("q"), array("q")
        self.numbers = {name: array("d") for name in COLUMNS}
        self.time: list[str | None] = []
        self.text: list[str] | None = None
        self.laps = 0

    def begin(self, name: str, attributes: dict[str, str], path: list[str]) -> None:
        """A track, a lap, a point or a value of it begins."""
        if name in TRACKS:
            self.lines.append("")
            self.sports.append(plain_text(attributes.get("Sport", ""))[:LONGEST])
            self.laps = 0
        elif name in ("Lap", "Track"):
            self.laps += 1
        elif name == "Trackpoint" and self.lines:
            self.line.append(len(self.lines) - 1)
            self.segment.append(max(1, self.laps))
            self.time.append(None)
            for values in self.numbers.values():
                values.append(np.nan)
            if len(self.line) % 10_000 == 0:
                within("unpacked", float(A_POINT * len(self.line)), f"{self.label} has {len(self.line):,} points or more.",
                       "Read it in parts.")
        elif name in PARTS and len(path) > 1 and path[-2] == PARTS[name]:
            self.text = []

    def hear(self, text: str, path: list[str]) -> None:
        """A piece of a value."""
        if self.text is not None and len(self.text) < LONGEST:
            self.text.append(text[:LONGEST])

    def end(self, name: str, path: list[str]) -> None:
        """A value is whole."""
        if self.text is None or name not in PARTS:
            return
        text, self.text = plain_text("".join(self.text)).strip()[:LONGEST], None
        if name in ("Id", "Name"):
            self.lines[-1] = self.lines[-1] or text
        elif not len(self.line) or "Trackpoint" not in path:
            return
        elif name == "Time":
            self.time[-1] = text or None
        else:
            self.numbers[name][-1] = number_of(text)

    def table(self, track: str) -> pd.DataFrame:
        """Columns track, segment, sport, t, lon, lat, and heights and heart rates where there are any; points without a place (of a
        watch indoors) stay rows without one. DataError where no point has a place."""
        lon, lat = (np.array(self.numbers[name]) for name in ("LongitudeDegrees", "LatitudeDegrees"))
        if not (np.isfinite(lon) & np.isfinite(lat)).any():
            raise DataError(f"{self.label} holds no point with a place.", "Export an activity that was recorded out of doors.")
        line = np.array(self.line, np.int64)
        table = pd.DataFrame({"track": pd.Series(np.array(distinct_names(self.lines, track), object)[line], dtype="str"),
                              "segment": np.array(self.segment, np.int64)})
        if any(self.sports):
            table["sport"] = pd.Series(np.array(self.sports, object)[line], dtype="str")
        if any(one is not None for one in self.time):
            table["t"] = pd.Series(self.time, dtype="str")
        for name, column in COLUMNS.items():
            if np.isfinite(values := np.array(self.numbers[name])).any():
                table[column] = values
        return table

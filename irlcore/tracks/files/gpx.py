"""GPX into a table of points: tracks with their segments, and routes. Waypoints belong to no track and are left out."""

from __future__ import annotations

from array import array
from collections import Counter

import numpy as np
import pandas as pd

from irlcore.budget import Clock, within
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.files.csv_text import SAID
from irlcore.tracks.files.safe_xml import XmlDamaged, listened
from irlcore.tracks.files.unpack import Source
from irlcore.tracks.plain_text import plain_text

A_POINT = 200  # bytes of one in memory, with the text of its time
LONGEST = 1000  # letters of a name or a time
LINES = ("trk", "rte")
POINTS = {"trkpt": "trk", "rtept": "rte"}
TEXTS = {"name", "time", "ele"}
PARTS = 1000


OTHERS = {"kml": "KML holds drawings: export the tracks as GPX or CSV.", "TrainingCenterDatabase": "Export the activity as GPX.",
          "html": "It is a page of the web: the download may have failed, or asked for a password.",
          "osm": "Export its roads as GeoJSON or CSV (links with a geometry).", "graphml": "Export its edges as CSV or GeoJSON."}


class _Reader:
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
        if len(path) == 1 and name != "gpx":
            raise DataError(f"{self.label} is XML ({plain_text(name)[:40]}), not GPX.", OTHERS.get(name, "Export it as GPX or CSV."))
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
        self.lon.append(_number(attributes.get("lon", "")))
        self.lat.append(_number(attributes.get("lat", "")))
        self.ele.append(np.nan)
        self.time.append(None)
        if len(self.line) % 10_000 == 0:
            within("unpacked", float(A_POINT * len(self.line)), f"{self.label} has {len(self.line):,} points or more.", "Read it in parts.")

    def hear(self, text: str, path: list[str]) -> None:
        if self.text is not None and len(self.text) < LONGEST:
            self.text.append(text[:LONGEST])

    def end(self, name: str, path: list[str]) -> None:
        if self.text is None or name not in TEXTS or len(path) < 2:
            return
        text, above = plain_text("".join(self.text)).strip()[:LONGEST], path[-2]
        self.text = None
        if name == "name" and above in LINES:
            self.lines[-1] = text
        elif name == "time" and above in POINTS and self.time:
            self.time[-1] = text or None
        elif name == "ele" and above in POINTS and len(self.ele):
            self.ele[-1] = _number(text)


def read_gpx(source: Source, track: str, watch: Control | None = None) -> pd.DataFrame:
    """The points with columns track, segment, t, lon, lat and ele; t and ele only where the file has any.

    track: what tracks without a name are called. DataError where the XML is damaged, declares entities, is no GPX, or has no points.
    """
    clock, found = Clock(f"Reading {source.label}", watch), _Reader(source.label)
    read, whole = 0, max(1.0, source.unpacked())
    try:
        for size in listened(source.pieces(), found, source.label):
            clock.check()
            read += size
            if watch is not None:
                watch.step(min(PARTS, int(PARTS * read / whole)), PARTS, source.label)
    except XmlDamaged as error:
        raise DataError(f"{source.label} is damaged or cut off: {error}.", "Export it again.") from error
    return _table(found, track)


def _table(found: _Reader, track: str) -> pd.DataFrame:
    more = f" It has {found.waypoints:,} waypoints, which belong to no track." if found.waypoints else ""
    if not len(found.line):
        raise DataError(f"{found.label} holds no track and no route.{more}", "Export the recorded track as GPX.")
    line = np.array(found.line, np.int64)
    names = np.array(_names(found.lines, track), object)
    table = pd.DataFrame({"track": pd.Series(names[line], dtype="str"), "segment": np.array(found.segment, np.int64)})
    if any(one is not None for one in found.time):
        table["t"] = pd.Series(found.time, dtype="str")
    table["lon"], table["lat"] = np.array(found.lon), np.array(found.lat)
    if not np.isnan(ele := np.array(found.ele)).all():
        table["ele"] = ele
    if found.waypoints:
        table.attrs[SAID] = [f"{found.waypoints:,} waypoints are left out: they belong to no track." if found.waypoints > 1 else
                             "One waypoint is left out: it belongs to no track."]
    return table


def _names(given: list[str], track: str) -> list[str]:
    """Distinct names: a recorder calls all its tracks alike."""
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


def _number(text: str) -> float:
    try:
        number = float(text[:60])
    except ValueError:
        return np.nan
    return number if np.isfinite(number) else np.nan

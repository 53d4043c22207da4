"""XML into a table, by what its first element says it is: tracks of GPX, KML or TCX, event logs of XES, or roads of GraphML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pandas as pd

from irlcore.budget import Clock
from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.tracks.files.gpx import GpxReader
from irlcore.tracks.files.graphml import GraphReader
from irlcore.tracks.files.kml import KmlReader
from irlcore.tracks.files.safe_xml import Listener, XmlDamaged, listened
from irlcore.tracks.files.tcx import TcxReader
from irlcore.tracks.files.unpack import Source
from irlcore.tracks.files.xes import XesReader
from irlcore.tracks.plain_text import plain_text

PARTS = 1000  # of the file, as progress is told
OTHERS = {"html": "It is a page of the web: the download may have failed, or asked for a password.",
          "osm": "Export its roads as GeoJSON or CSV (links with a geometry), or with osmnx as GraphML."}


class Reader(Listener, Protocol):
    """A listener that ends as a table."""

    def table(self, track: str) -> pd.DataFrame:
        """What was read. track: what tracks without a name are called."""


READERS: dict[str, Callable[[str], Reader]] = {"gpx": GpxReader, "graphml": GraphReader, "kml": KmlReader,
                                               "TrainingCenterDatabase": TcxReader, "log": XesReader}


class _ByRoot:
    """Hands everything on to the reader that the first element asks for."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.reader: Reader | None = None

    def begin(self, name: str, attributes: dict[str, str], path: list[str]) -> None:
        if self.reader is None:
            if name not in READERS:
                raise DataError(f"{self.label} is XML ({plain_text(name)[:40]}), not GPX.", OTHERS.get(name, "Export it as GPX or CSV."))
            self.reader = READERS[name](self.label)
        self.reader.begin(name, attributes, path)

    def hear(self, text: str, path: list[str]) -> None:
        if self.reader is not None:
            self.reader.hear(text, path)

    def end(self, name: str, path: list[str]) -> None:
        if self.reader is not None:
            self.reader.end(name, path)


def read_xml(source: Source, track: str, watch: Control | None = None) -> pd.DataFrame:
    """Points with columns track, t, lon and lat; or events, with columns as pm4py calls them; or links, with a column geometry in WKT.

    track: what tracks without a name are called. DataError where the XML is damaged, declares entities, is of another kind, or has nothing
    to read.
    """
    clock, found = Clock(f"Reading {source.label}", watch), _ByRoot(source.label)
    read, whole = 0, max(1.0, source.unpacked())
    try:
        for size in listened(source.pieces(), found, source.label):
            clock.check()
            read += size
            if watch is not None:
                watch.step(min(PARTS, int(PARTS * read / whole)), PARTS, source.label)
    except XmlDamaged as error:
        raise DataError(f"{source.label} is damaged or cut off: {error}.", "Export it again.") from error
    assert found.reader is not None  # a text without an element is damaged
    return found.reader.table(track)

"""GraphML as a table of links: what osmnx saves, and any other graph whose nodes have x and y.

A row an edge: its nodes as u and v, its key among parallel edges, its data, and its line in WKT, which is the straight one between its
nodes where it has none of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from irlcore.budget import limits, within
from irlcore.errors import DataError
from irlcore.tracks.cells import number_texts
from irlcore.tracks.columns import is_id
from irlcore.tracks.files.csv_text import SAID
from irlcore.tracks.files.gpx import number_of
from irlcore.tracks.files.named_crs import CRS, named_epsg
from irlcore.tracks.plain_text import plain_text

A_CELL = 60.0  # bytes of a short text in memory
LONGEST = 1_000_000  # letters of one value: a line of a road
LON, LAT = ("x", "lon", "longitude"), ("y", "lat", "latitude")
GEOMETRY = "geometry"


class _Table:
    """Rows of named values, column by column; what a row does not have is None."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.rows = 0
        self.columns: dict[str, list[str | None]] = {}

    def put(self, name: str, value: str) -> None:
        """A value of the newest row."""
        if name not in self.columns:
            within("columns", len(self.columns) + 1.0, f"{self.label} has very many kinds of values.", "Export fewer.")
        column = self.columns.setdefault(name, [])
        column.extend([None] * (self.rows - len(column)))
        column[self.rows - 1] = value

    def column(self, name: str) -> list[str | None]:
        """All rows of a column."""
        held = self.columns.get(name, [])
        return held + [None] * (self.rows - len(held))


class GraphReader:
    """What has been read of a file so far."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.nodes, self.edges = _Table(label), _Table(label)
        self.names: dict[str, str] = {}  # key of the file -> the name of what it holds
        self.defaults: dict[tuple[str, str], str] = {}
        self.key, self.owner = "", ""
        self.text: list[str] | None = None
        self.letters, self.bytes, self.crs = 0, 0.0, ""
        self.undirected = False

    def begin(self, name: str, attributes: dict[str, str], path: list[str]) -> None:
        """A key, a node, an edge, or a value of one of them begins."""
        if name == "key":
            self.key, self.owner = attributes.get("id", ""), attributes.get("for", "all")
            self.names[self.key] = plain_text(attributes.get("attr.name", "") or self.key).strip()[:1000] or "value"
            within("columns", len(self.names), f"{self.label} names {len(self.names):,} keys.")
        elif name == "graph":
            self.undirected = attributes.get("edgedefault") == "undirected"
        elif name == "hyperedge":
            raise DataError(f"{self.label} has edges that join more than two nodes.", "Export a graph of links that join two each.")
        elif name == "node":
            self._row(self.nodes)
            self.nodes.put("id", plain_text(attributes.get("id", "")))
        elif name == "edge":
            self._row(self.edges)
            for column, key in (("u", "source"), ("v", "target"), ("key", "id"), ("directed", "directed")):
                if key in attributes:
                    self.edges.put(column, plain_text(attributes[key]))
        elif name == "data" and len(path) > 1 and path[-2] in ("node", "edge", "graph"):
            self.key, self.text, self.letters = attributes.get("key", ""), [], 0
        elif name == "default":
            self.text, self.letters = [], 0

    def _row(self, table: _Table) -> None:
        table.rows += 1
        if table.rows % 1000 == 0:
            cells = sum(len(one.columns) * one.rows for one in (self.nodes, self.edges))
            within("cells", cells, f"{self.label} has {cells:,} values or more.", "Take a part of the map.")

    def hear(self, text: str, path: list[str]) -> None:
        """A piece of a value."""
        if self.text is not None and path[-1] in ("data", "default"):
            self.letters += len(text)
            self.bytes += A_CELL + len(text)
            if self.letters > LONGEST:
                raise DataError(f"A value of {self.label} has more than {LONGEST:,} characters.", "Simplify it, or leave it out.")
            self.text.append(text)

    def end(self, name: str, path: list[str]) -> None:
        """A value is whole."""
        if self.text is None or name not in ("data", "default"):
            return
        value, self.text = plain_text("".join(self.text)).strip(), None
        within("unpacked", 2.0 * self.bytes, f"The values of {self.label} take very many bytes.", "Take a part of the map.")
        column = self.names.get(self.key, self.key[:100] or "value")
        if name == "default":
            self.defaults[self.owner, column] = value
        elif path[-2] == "graph":
            self.crs = value if column.lower() == "crs" else self.crs
        else:
            (self.nodes if path[-2] == "node" else self.edges).put(column if column not in ("id", "u", "v") else f"{column} (value)", value)

    def table(self, track: str) -> pd.DataFrame:
        """The links. DataError where the graph has no edges, or no edge has nodes that are there."""
        if not self.edges.rows:
            raise DataError(f"{self.label} is a graph without edges.", "Export the roads themselves.")
        cells = sum(len(one.columns) * one.rows for one in (self.nodes, self.edges))
        within("cells", cells, f"{self.label} has {cells:,} values.", "Take a part of the map.")
        for (owner, column), value in self.defaults.items():
            for held, of in ((self.nodes, "node"), (self.edges, "edge")):
                if owner in (of, "all") and (column in held.columns or owner == of):
                    held.columns[column] = [value if one is None else one for one in held.column(column)]
        table = pd.DataFrame({name: _typed(name, self.edges.column(name)) for name in self.edges.columns if name != "directed"})
        for end in ("u", "v"):
            if end not in table:
                raise DataError(f"The edges of {self.label} do not say which nodes they join.", "Export it again.")
        table[GEOMETRY], straight = self._lines()
        said = [f"A graph of {self.nodes.rows:,} nodes and {self.edges.rows:,} edges: a row for each edge."]
        if straight:
            said.append(f"{straight:,} edges have no line of their own: they are straight between their nodes.")
        self._ways(table, said)
        table.attrs[SAID] = said
        if named := named_epsg(self.crs):
            table.attrs[CRS] = named
        return table

    def _ways(self, table: pd.DataFrame, said: list[str]) -> None:
        """Edges of an undirected graph lead both ways, unless a column says which ways they lead."""
        own = self.edges.column("directed")
        both = [one == "false" or (one is None and self.undirected) for one in own]
        if any(both) and not any(name.lower() in ("oneway", "one_way") for name in map(str, table.columns)):
            table["oneway"] = ["no" if one else "yes" for one in both]
            said.append(f"{sum(both):,} edges have no direction: they lead both ways.")

    def _lines(self) -> tuple[pd.Series, int]:
        """A line in WKT for each edge, None where nothing tells where it lies; and how many are straight between their nodes."""
        place = {}
        columns = {name.lower(): name for name in self.nodes.columns}
        east, north = (next((columns[one] for one in names if one in columns), "") for names in (LON, LAT))
        for id_, x, y in zip(self.nodes.column("id"), self.nodes.column(east), self.nodes.column(north), strict=True):
            a, b = number_of(x or ""), number_of(y or "")
            if np.isfinite(a) and np.isfinite(b):
                place[id_] = f"{a!r} {b!r}"
        own = next((name for name in self.edges.columns if name.lower() in (GEOMETRY, "wkt", "geom")), "")
        out: list[str | None] = []
        straight = 0
        for line, u, v in zip(self.edges.column(own), self.edges.column("u"), self.edges.column("v"), strict=True):
            if not line and u in place and v in place:
                line, straight = f"LINESTRING ({place[u]}, {place[v]})", straight + 1
            out.append(line or None)
        return pd.Series(out, dtype="str"), straight


def _typed(name: str, values: list[str | None]) -> Any:
    """Numbers where all values are such, whatever the file calls them (osmnx calls all text); ids stay text."""
    texts = pd.Series(values, dtype="str")
    if is_id(name) or name in ("u", "v", "key") or (texts.str.len() > limits().digits).any():
        return texts
    numbers = pd.to_numeric(number_texts(texts), errors="coerce")
    known = texts.notna() & (texts != "")
    return numbers if known.any() and bool(numbers[known].notna().all()) else texts

"""Which column is what, and what a table holds, by the names that its columns have."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.tracks.bounds import LONGEST_NAME
from irlcore.tracks.cells import shown

Role = Literal["points", "links", "transitions", "paths", "nodes", "attributes", "unknown"]

SYNONYMS: dict[str, tuple[str, ...]] = {
    "track": ("track", "track_id", "traj_id", "trajectory", "trip", "trip_id", "path_id", "obs_id", "vessel", "mmsi",
              "vehicle", "id"),
    "t": ("t", "time", "timestamp", "datetime", "seconds", "date_time", "frame"),
    "x": ("x", "easting", "x_m", "px"),
    "y": ("y", "northing", "y_m", "py"),
    "lon": ("lon", "longitude", "lng", "long"),
    "lat": ("lat", "latitude"),
    "path": ("path", "links", "edges", "route", "sequence"),
    "step": ("step", "seq", "order", "position"),
    "link": ("link", "link_id", "edge", "edge_id"),
    "from_link": ("from_link", "from", "link_from", "source_link"),
    "to_link": ("to_link", "to", "link_to", "target_link"),
    "u": ("u", "from_node", "source", "start_node"),
    "v": ("v", "to_node", "target", "end_node"),
    "length": ("length", "length_m", "len", "distance"),
    "wkt": ("wkt", "geometry", "geom"),
    "node": ("node", "node_id", "osmid"),
    "lon0": ("lon0",), "lat0": ("lat0",), "lon1": ("lon1",), "lat1": ("lat1",),
    "x0": ("x0",), "y0": ("y0",), "x1": ("x1",), "y1": ("y1",),
    "turn": ("turn_angle", "turn_deg"),
}
WANTED: dict[str, tuple[str, ...]] = {
    "points": ("track", "t", "x", "y", "lon", "lat"),
    "paths": ("track", "path", "step", "link"),
    "links": ("link", "u", "v", "length", "wkt", "lon0", "lat0", "lon1", "lat1", "x0", "y0", "x1", "y1"),
    "transitions": ("from_link", "to_link", "turn"),
    "nodes": ("node", "x", "y", "lon", "lat"),
    "attributes": ("track",),
    "unknown": (),
}
MOST_NAMED = 40  # columns in a message
IDS = {name for part in ("track", "link", "from_link", "to_link", "u", "v", "node", "path") for name in SYNONYMS[part]}


def guess_columns(table: pd.DataFrame, role: Role) -> dict[str, str]:
    """Which column plays which part, by name; parts that no column plays are left out."""
    lower = {str(c).lower(): str(c) for c in table.columns}
    found = {}
    for part in WANTED[role]:
        match = next((lower[name] for name in SYNONYMS[part] if name in lower), None)
        if match is not None:
            found[part] = match
    return found


def guess_role(table: pd.DataFrame) -> Role:
    """What a table holds, by its columns' names."""
    def has(role: Role, *parts: str) -> bool:
        guessed = guess_columns(table, role)
        return all(part in guessed for part in parts)

    if has("transitions", "from_link", "to_link"):
        return "transitions"
    if has("paths", "track", "path") or has("paths", "track", "step", "link"):
        return "paths"
    if has("nodes", "node") and (has("nodes", "x", "y") or has("nodes", "lon", "lat")):
        return "nodes"
    if has("links", "link"):
        return "links"
    if has("points", "track") and (has("points", "x", "y") or has("points", "lon", "lat")):
        return "points"
    return "attributes" if has("attributes", "track") else "unknown"


def need(table: pd.DataFrame, columns: dict[str, str], parts: tuple[str, ...], what: str) -> None:
    """DataError naming every part that no column plays, or whose column is not in the table."""
    check_names(table, f"the table of {what}")
    missing = [part for part in parts if columns.get(part) not in table.columns]
    if missing:
        held = ", ".join(shown(c) for c in table.columns[:MOST_NAMED]) + (", ..." if len(table.columns) > MOST_NAMED else "")
        raise DataError(f"The table of {what} has no column for {', '.join(missing)} (it has {held}).",
                        "Name the column, or pick it in the list.")


def check_names(table: pd.DataFrame, what: str) -> None:
    """DataError where a column has a name that is longer than a project keeps them."""
    lengths = [len(str(c)) for c in table.columns]
    if max(lengths, default=0) > LONGEST_NAME:
        k = int(np.argmax(lengths))
        raise DataError(f"Column {k + 1} of {what} has a name of {lengths[k]:,} characters, {shown(table.columns[k])}.",
                        f"Give it a name of at most {LONGEST_NAME:,}.")

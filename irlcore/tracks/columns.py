"""Which column is what, and what a table holds: by the names that its columns have, and where two would do, by their first values."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.tracks.bounds import LONGEST_NAME
from irlcore.tracks.cells import shown
from irlcore.tracks.first_values import LOOKED_AT, has_clock, numbers_rows, part_of_a_date, tells_apart
from irlcore.tracks.logs.guess import columns_of_log, is_log
from irlcore.tracks.sources import IDS, PARTS, SOURCES, WANTED, Role, Source, plain_name

MOST_NAMED = 40  # columns in a message
SAME_TIME = 0.05  # of the rows of one track, some recorders write two in one second
ROWS = ("id",)  # names of columns that number rows where each has another value, and then name no track
UNNAMED = re.compile(r"column \d+")  # what a column is called that has no name
PROJECTED = {"utm_x", "utm_easting", "easting"}
TRIPS = {"trip", "trip_id", "traj_id", "trajectory", "trajectory_id", "journey_id", "track", "track_id", "path_id"}
WHO = {"vehicle", "vehicle_id", "taxi_id", "bus_id", "user", "user_id", "uid", "mmsi", "vessel", "vessel_id", "ship", "ship_id", "device",
       "device_id", "deviceid", "animal_id", "person_id", "individual_local_identifier", "agent_id"}
DATED = r"^\s*\d{4}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{2}"


def is_id(name: object) -> bool:
    """Whether a column of this name holds ids, which are text whatever they look like."""
    return plain_name(name) in IDS


def source_of(table: pd.DataFrame) -> Source | None:
    """Where a table comes from, as far as its columns' names tell; None where they do not."""
    known = set(map(plain_name, table.columns))
    return next((source for source in SOURCES if source.marks <= known), None)


def guess_columns(table: pd.DataFrame, role: Role) -> dict[str, str]:
    """Which column plays which part; parts that no column plays are left out."""
    by_name: dict[str, str] = {}
    for column in table.columns:
        by_name.setdefault(plain_name(column), str(column))
    if role == "events":
        return columns_of_log(table, by_name)
    source = source_of(table)
    own = dict(source.parts) if source is not None and source.role == role else {}
    found: dict[str, str] = {}
    for part in WANTED[role]:
        there = [by_name[name] for name in ((own[part],) if part in own else PARTS[part]) if name in by_name]
        there = [column for column in there if column not in found.values()] if part != "date" else there
        if part == "link" and not there and role == "links" and "id" in by_name and {"u", "v"} <= {
                end for end in ("u", "v") if any(name in by_name for name in PARTS[end])}:
            there = [by_name["id"]] if numbers_rows(table, by_name["id"]) else []
        if part == "track" and role == "points" and there:
            there = [column for column in there if not numbers_rows(table, column)] or [c for c in there if plain_name(c) not in ROWS]
        if there:
            found[part] = there[0]
    if role == "paths" and "step" not in found and {"track", "link"} <= set(found) and "path" not in found:
        times = [by_name[name] for name in PARTS["t"] if name in by_name and by_name[name] not in found.values()]
        found |= {"step": times[0]} if times else {}
    if not found and role == "points" and all(UNNAMED.fullmatch(str(column)) for column in table.columns):
        return _by_values(table)
    return _as_points(table, found) if role == "points" else found


def _as_points(table: pd.DataFrame, found: dict[str, str]) -> dict[str, str]:
    """Of the parts of points those that go together: a date only beside a time of day, a point only where there are no numbers for it."""
    if found.get("track") and "trip" not in found and (whose := _whose(table, found)):
        found["track"], found["trip"] = whose, found["track"]
    if found.get("date") is not None:
        times = [str(c) for c in table.columns if plain_name(c) in PARTS["t"] and str(c) != found["date"] and has_clock(table, str(c))]
        if times:
            found["t"] = times[0]
        else:
            if not part_of_a_date(table, found["date"]):
                found.setdefault("t", found["date"])
            del found["date"]
    if {"lon", "lat", "x", "y"} <= set(found) and plain_name(found["x"]) in PROJECTED:  # in zones, which differ from place to place
        del found["x"], found["y"]
    if {"lon", "lat"} <= set(found) or {"x", "y"} <= set(found):
        found.pop("point", None)
    return found


def _by_values(table: pd.DataFrame) -> dict[str, str]:
    """The parts of points in a table without a header, by its first values: a date and time, degrees, an id. Of two columns of degrees the
    longitude is known where one goes beyond 90."""
    first = table.iloc[:LOOKED_AT]
    found: dict[str, str] = {}
    degrees: list[str] = []
    for column in map(str, first.columns):
        values = first[column]
        number = pd.to_numeric(values, errors="coerce")
        if number.isna().all() and values.astype("string").str.match(DATED).mean() > 0.9:
            found.setdefault("t", column)
        elif number.notna().all() and (number % 1.0 != 0.0).mean() > 0.5 and number.abs().max() <= 360.0:
            degrees.append(column)
        elif not numbers_rows(table, column) or len(first) < 3:
            found.setdefault("track", column)
    if len(degrees) >= 2:
        far = [float(pd.to_numeric(first[column]).abs().max()) > 90.0 for column in degrees[:2]]
        if far[0] != far[1]:
            found["lon"], found["lat"] = degrees[:2] if far[0] else degrees[1::-1]
    return found


def _whose(table: pd.DataFrame, found: Mapping[str, str]) -> str:
    """The column of those who make the trips, where the trips of each have numbers of their own: trip 1 of one, trip 1 of another; else
    ""."""
    trip = found["track"]
    if plain_name(trip) not in TRIPS:
        return ""
    first = table.iloc[:LOOKED_AT]
    for column in map(str, table.columns):
        if plain_name(column) in WHO and column not in found.values() and not numbers_rows(table, column):
            several = first.groupby(first[trip].astype("string"))[column].nunique()
            if len(several) and (several > 1).mean() >= 0.5 and first[column].nunique() < len(first) / 2:
                return column
    return ""


def guess_role(table: pd.DataFrame) -> Role:
    """What a table holds, by its columns' names."""
    source = source_of(table)
    if source is not None:
        return source.role

    def has(role: Role, *parts: str) -> bool:
        return set(parts) <= set(guess_columns(table, role))

    placed = has("points", "x", "y") or has("points", "lon", "lat")
    if has("choices", "track", "state", "choice") and not placed and not has("outcomes", "probability"):
        return "choices"
    if has("outcomes", "state", "choice", "next_state") and not placed:
        return "outcomes"
    if has("transitions", "from_link", "to_link") and not _are_ends(table):
        return "transitions"
    if has("paths", "track", "path") or (has("paths", "track", "step", "link") and
                                              plain_name(guess_columns(table, "paths")["step"]) in PARTS["step"]):
        return "paths"
    if has("nodes", "node") and (has("nodes", "x", "y") or has("nodes", "lon", "lat")):
        return "nodes"
    if has("points", "track") and not has("links", "u", "v") and (has("points", "x", "y") or has("points", "lon", "lat")):
        return "points"
    if has("paths", "track", "link") and not has("links", "u", "v") and _repeats(table, guess_columns(table, "paths")):
        return "paths"
    if not has("links", "u", "v") and is_log(table, guess_columns(table, "events")):
        return "events"
    if has("links", "link") or has("links", "u", "v"):
        return "links"
    if has("points", "track", "point"):
        return "points"
    if has("states", "state") and not has("attributes", "track") and numbers_rows(table, guess_columns(table, "states")["state"]):
        return "states"
    if has("points", "t") and (has("points", "x", "y") or has("points", "lon", "lat")) and _one_by_one(table):
        return "points"
    return "attributes" if has("attributes", "track") else "unknown"


def _one_by_one(table: pd.DataFrame) -> bool:
    """Whether a table without ids may be one track: hardly two rows have the same time, and no other column looks as if it told agents
    apart, by words or large whole numbers that come again and again and take turns, or in blocks whose times begin anew."""
    part = guess_columns(table, "points")
    when = [part[name] for name in ("date", "t") if name in part]
    first = table[[*when, *(c for c in table.columns if c not in part.values())]].iloc[:LOOKED_AT].dropna(subset=when)
    if len(first) < 2 or "track" in part or first[when].duplicated().mean() >= SAME_TIME:
        return False
    return not any(tells_apart(first[column], first[when[-1]]) for column in first.columns[len(when):])


def _are_ends(table: pd.DataFrame) -> bool:
    """Whether "from" and "to" are the nodes of links that have an id or a length, and not links."""
    names = set(map(plain_name, table.columns))
    return "from" in names and "to" in names and "from_link" not in names and bool(
        names & {"id", "length", "length_m", "geometry", "geom", "wkt", *PARTS["link"]})


def _repeats(table: pd.DataFrame, part: Mapping[str, str]) -> bool:
    """Whether tracks have several rows each, and several links: a table of steps, and no table of links that names whose they are."""
    first = table[[part["track"], part["link"]]].iloc[:LOOKED_AT].dropna()
    return len(first) > 1 and first[part["track"]].nunique() <= 0.7 * len(first) and first[part["link"]].nunique() > 1


def need(table: pd.DataFrame, columns: Mapping[str, str], parts: Collection[str], what: str) -> None:
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

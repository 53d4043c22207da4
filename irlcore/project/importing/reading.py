"""The whole of an import's files into tracks, and tracks into a project: work for a thread, or at once where there is little."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from irlcore.engine import Control
from irlcore.errors import DataError, MotiveError
from irlcore.features.zones import zones_from_geojson
from irlcore.project.importing.sources import Source
from irlcore.project.loading import with_world
from irlcore.project.project import ClassAim, MapFile, Project
from irlcore.project.project_file import check_savable
from irlcore.tracks.folder import by_role
from irlcore.tracks.logs.read_events import read_events
from irlcore.tracks.many_tables import read_tables
from irlcore.tracks.options import AS_THEY_ARE, Options
from irlcore.tracks.read_choices import read_choices
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.read_tracks import Imported, read_points
from irlcore.tracks.sources import ID_PARTS, Role
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.tracks.trips.by_class import class_columns
from irlcore.tracks.trips.cleaning import AS_READ, NO_COUNTS, Cleaning, Counts, counted, suggested_cleaning
from irlcore.tracks.trips.histogram import Histogram, histogram
from irlcore.tracks.trips.splitting import gaps
from irlcore.worlds.cells.kinds import Cells
from irlcore.worlds.grid import cells_across, grid_over, suggest_cell
from irlcore.worlds.matching.matching import match
from irlcore.worlds.matching.roads import has_lines
from irlcore.worlds.network import Built, build
from irlcore.worlds.observed import built_from
from irlcore.worlds.tables.build import built_table
from irlcore.worlds.world import World

SMALL = 10e6  # bytes of all files together, unpacked: about half a second to read
PACKED = 8.0  # times smaller than its text, about, for a table
PACKED_ENDINGS = (".gz", ".zip", ".parquet", ".xlsx")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be read: which files, what each holds (role by name), which column of each role's table is what, and how values are read.
    role: what the tracks are read as: points, paths, events or choices."""

    sources: tuple[Source, ...]
    roles: tuple[tuple[str, Role], ...]
    role: Role
    columns: tuple[tuple[Role, tuple[tuple[str, str], ...]], ...]
    unit: str = "m"
    options: Options = AS_THEY_ARE

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from other plans: the files' own keys, not what is in them."""
        return tuple(source.key for source in self.sources), self.roles, self.role, self.columns, self.unit, self.options

    @property
    def picked(self) -> dict[str, dict[str, str]]:
        """Which column of each role's table is what."""
        return {role: dict(parts) for role, parts in self.columns}

    @property
    def texts(self) -> tuple[str, ...]:
        """The columns that hold ids: text, whatever it looks like."""
        return tuple(column for _, parts in self.columns for part, column in parts if part in ID_PARTS)

    @property
    def small(self) -> bool:
        """Whether it is so little, as it looks, that it need not be asked for."""
        return sum(s.size * (PACKED if s.name.lower().endswith(PACKED_ENDINGS) else 1.0) for s in self.sources) <= SMALL


def fixed(columns: Mapping[Role, Mapping[str, str]]) -> tuple[tuple[Role, tuple[tuple[str, str], ...]], ...]:
    """Which column is what, role by role, as a plan keeps it."""
    return tuple((role, tuple(parts.items())) for role, parts in columns.items())


@dataclass(frozen=True, slots=True)
class Read:
    """Tracks, and what a world is made from: for points a cell size that suits them, how far they reach east and north and what could be
    cleaned, and the network that they may be matched to; for paths the world itself.

    gaps: of times and of distances, as pictures. classes: attributes that may tell classes. ready: the same, cleaned as suggested, None
    where nothing would be left of it. counts: what the cleaning came to.
    """

    imported: Imported
    cell: float = 0.0
    extent: tuple[float, float] = (0.0, 0.0)
    suggested: Cleaning = AS_READ
    world: World | None = None
    gaps: tuple[Histogram | None, Histogram | None] = (None, None)
    classes: tuple[str, ...] = ()
    ready: Read | None = None
    counts: Counts = NO_COUNTS
    network: Built | None = None


def read(plan: Plan, watch: Control) -> Read:
    """All files, whole and once. DataError names what is wrong in them."""
    pieces = len(plan.sources) + 1
    read_each = read_tables(plan.sources, watch.part(0, pieces, "", pieces - 1), plan.texts)
    tables = {source.name: table for source, table in zip(plan.sources, read_each, strict=True)}
    del read_each
    found = by_role(tables, dict(plan.roles))
    tables.clear()
    return put_together(plan, found, watch.part(pieces - 1, pieces, "tracks" if plan.role == "points" else plan.role))


def put_together(plan: Plan, found: dict[Role, pd.DataFrame], watch: Control, made: Built | None = None) -> Read:
    """Tables by what they hold, as tracks. made: the world that they are to be put in, where it is there. DataError as of ``read``."""
    if plan.role == "paths":
        return _of_paths(plan, found, watch, made)
    if plan.role == "events":
        table = found["events" if "events" in found else "paths"]
        events = read_events(table, plan.picked["events"], found.get("attributes"), watch, plan.options)
        return Read(events, world=made.world if made is not None else None)
    if plan.role == "choices":
        return _of_choices(plan, found, watch, made)
    points = read_points(found.pop("points"), plan.picked["points"], plan.unit, found.get("attributes"), watch, plan.options)
    if made is not None:
        return of_points(points, watch, made if has_lines(made.world) else None)
    network, said = _network_beside(plan, found)
    return of_points(replace(points, said=(*said, *points.said)), watch, network)


def _network_beside(plan: Plan, found: Mapping[Role, pd.DataFrame]) -> tuple[Built | None, tuple[str, ...]]:
    """The network that points may be matched to, where one is there, or what is to be told where it cannot be used."""
    beside = [role for role in ("links", "transitions", "nodes") if role in found]
    if not beside:
        return None, ()
    why = "there is no table of links"
    if "links" in found:
        try:
            built = build(found["links"], found.get("transitions"), found.get("nodes"), plan.picked, plan.options)
            if has_lines(built.world):
                return built, ()
            why = "its links have no coordinates to match points to"
        except MotiveError as error:  # the points can be used all the same
            why = f"{error.what} {error.fix}".strip().removesuffix(".")
    return None, (f"The table of {' and '.join(beside)} is not used, and points go on a grid: {why}.",)


def _of_paths(plan: Plan, found: dict[Role, pd.DataFrame], watch: Control, built: Built | None) -> Read:
    """Paths and their network, or that of what was observed where there is no table of links."""
    if built is None and "links" in found:
        built = build(found["links"], found.get("transitions"), found.get("nodes"), plan.picked, plan.options)
    known = built.world.place_names if built is not None else ()
    table = found["paths" if "paths" in found else "events"]
    imported = read_paths(table, plan.picked["paths"], found.get("attributes"), watch, known, plan.options)
    assert isinstance(imported.tracks, LinkTracks)
    return _in_world(imported, built or built_from(imported.tracks))


def _of_choices(plan: Plan, found: dict[Role, pd.DataFrame], watch: Control, built: Built | None) -> Read:
    """Observed choices and the world of a table that they were made in."""
    built = built or built_table(found["outcomes"], found.get("states"), plan.picked)
    imported = read_choices(found["choices"], plan.picked["choices"], found.get("attributes"), watch, plan.options)
    return _in_world(imported, built)


def _in_world(imported: Imported, built: Built) -> Read:
    """Tracks and their world, what is to be told of it first."""
    problems = pd.concat([built.problems, imported.problems], ignore_index=True)
    return Read(replace(imported, problems=problems, said=(*built.said, *imported.said)), world=built.world)


def of_points(imported: Imported, watch: Control, network: Built | None = None) -> Read:
    """Points with what could be cleaned, and cleaned so. network: what they may be matched to."""
    tracks = imported.tracks
    assert isinstance(tracks, Tracks)
    watch.step(0, 3, "looking for gaps and stops")
    times, distances = gaps(tracks)
    pictures = histogram(times) if tracks.timed else None, histogram(distances)
    watch.step(1, 3, "looking for gaps and stops")
    found = replace(_sized(imported), suggested=suggested_cleaning(tracks), gaps=pictures, classes=tuple(class_columns(tracks)),
                    network=network)
    try:
        return replace(found, ready=clean(found, found.suggested, watch.part(2, 3, "")))
    except DataError:  # the page says so beside the boxes in which something else can be chosen
        return found


def clean(found: Read, cleaning: Cleaning, watch: Control | None = None) -> Read:
    """What was read, cleaned. DataError where nothing is left."""
    if found.ready is not None and cleaning == found.suggested:
        return found.ready
    made, counts = counted(found.imported, cleaning, watch)
    return replace(_sized(made), counts=counts, network=found.network)


def on_roads(found: Read, watch: Control) -> Read:
    """Points matched to the network beside them: paths on it; what is doubtful is among the problems. DataError where they are apart."""
    tracks, network = found.imported.tracks, found.network
    assert isinstance(tracks, Tracks) and network is not None
    matched = match(network.world, tracks, watch=watch)
    problems = pd.concat([found.imported.problems, network.problems, matched.problems], ignore_index=True)
    lost = len(tracks) - len(np.unique(matched.of))
    made = replace(found.imported, tracks=matched.tracks, problems=problems, said=(*matched.said, *network.said, *found.imported.said),
                   tracks_kept=len(matched.tracks), tracks_dropped=found.imported.tracks_dropped + lost)
    return Read(made, world=network.world)


def _sized(imported: Imported) -> Read:
    """Points with the cell size that suits them and their extent."""
    tracks = imported.tracks
    assert isinstance(tracks, Tracks)
    return Read(imported, suggest_cell(tracks), (float(np.ptp(tracks.x)), float(np.ptp(tracks.y))))


def on_network(found: Read, watch: Control, aims: Mapping[str, ClassAim] | None = None) -> Project:
    """A project of paths on their network, or in a world of a table. aims: class -> what its tracks are after. ProjectError where it could
    not be kept."""
    watch.step(0, 1, "putting the tracks on the network")
    assert found.world is not None
    name = "My world" if found.world.kind == "table" else "My network"
    return check_savable(with_world(Project(name=name), found.imported, found.world, aims))


def on_grid(found: Read, cell: float, heading: bool, slip: float, shapes: bytes, watch: Control, cells: Cells = "squares",
            aims: Mapping[str, ClassAim] | None = None, under: tuple[MapFile, ...] = (), rings: Sequence[np.ndarray] = (),
            made: World | None = None) -> Project:
    """A project of points on a grid. shapes: GeoJSON of blocked areas, empty where there are none. aims: class -> what its tracks are
    after. under: files under its map. rings: outlines of land (``build_grid``). made: the grid, where it is there already. ProjectError
    where it could not be kept."""
    tracks = found.imported.tracks
    assert isinstance(tracks, Tracks)
    watch.step(0, 3, "reading the blocked areas")
    blocked = list(zones_from_geojson(shapes.decode("utf-8", errors="replace"), tracks.crs).values()) if shapes else []
    watch.step(1, 3, "building the grid")
    world = made or grid_over(tracks, cell, heading=heading, slip=slip, blocked=blocked, cells=cells, land=rings)
    watch.step(2, 3, "putting the tracks on it")
    return check_savable(replace(with_world(Project(name="My tracks"), found.imported, world, aims), map_files=under))


def cells_of(found: Read, cell: float, cells: Cells = "squares") -> tuple[int, int]:
    """Columns and rows of a grid over the points."""
    return cells_across(*found.extent, cell, cells)

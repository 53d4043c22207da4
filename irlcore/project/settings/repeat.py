"""Files and settings into a project: what the import and the pages after it did, done again; as the app suggests where nothing is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from irlcore.engine import Control
from irlcore.errors import DataError
from irlcore.features.log_memory import chosen_memory, held_out_orders
from irlcore.project.importing.ends import suggested_aims, ways_of_links, ways_of_points
from irlcore.project.importing.log_project import Log, log_name, on_log
from irlcore.project.importing.reading import Plan, Read, cells_of, clean, fixed, on_grid, on_network, on_roads, read
from irlcore.project.importing.sources import Source
from irlcore.project.importing.understood import understood
from irlcore.project.loading import mapped_again, with_time_bands
from irlcore.project.project import ClassAim, Project
from irlcore.project.project_file import check_savable
from irlcore.project.settings.of_project import reading_of, reading_text
from irlcore.project.settings.settings import Clock, Grid, Reading, Settings, Study
from irlcore.tracks.logs.endings import guessed as guessed_endings
from irlcore.tracks.logs.rare import rare_together, usual_fewest
from irlcore.tracks.options import Options
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.tracks.trips.cleaning import AS_READ
from irlcore.worlds.clock import Bands
from irlcore.worlds.grid import build_grid
from irlcore.worlds.staying import with_staying
from irlcore.worlds.world import World


@dataclass(frozen=True, slots=True)
class Made:
    """A project made from files. said: what was understood of them and what was assumed, a sentence each."""

    project: Project
    said: tuple[str, ...]


def plan_of(sources: Sequence[Source], reading: Reading) -> Plan:
    """What is to be read, as settings say. DataError where one of the files is not among the sources."""
    by_name = {source.name: source for source in sources}
    if missing := [name for name in reading.files if name not in by_name]:
        there = ", ".join(sorted(by_name)[:8]) or "none"
        raise DataError(f"{missing[0]} is not among the files.", f"Name the folder that it is in. Files found: {there}.")
    columns: Any = reading.columns
    return Plan(tuple(by_name[name] for name in reading.files), tuple(reading.files.items()), reading.read_as, fixed(columns),
                reading.unit, Options(reading.time, reading.zone, reading.crs))


def made_from(sources: Sequence[Source], settings: Settings, watch: Control | None = None) -> Made:
    """A project of files, read and put into a world as the settings say, and as the app suggests where they say nothing."""
    watch = watch or Control()
    said: list[str] = []
    asked = settings.reading
    if asked is None:
        plan, said = understood(sources)
    else:
        plan = plan_of(sources, asked)
    found = read(plan, watch.part(0, 3, "reading"))
    world = settings.world
    if plan.role == "events":
        project, how = _log(plan, found, asked, settings.study, watch.part(2, 3, ""), said)
    else:
        cleaning = AS_READ
        matched = found.network is not None if asked is None else asked.matched
        if plan.role == "points":
            cleaning = found.suggested if asked is None else asked.cleaning
            found = clean(found, cleaning, watch.part(1, 3, "trips"))
            if matched and found.network is None:
                raise DataError("These points were matched to a network, and none is among the files.", "Add the table of links.")
            if matched:
                said.append("Points are matched to the network beside them.")
                found = on_roads(found, watch.part(1, 3, "matching"))
        grid = world.grid if world is not None else None
        aims = dict(settings.study.class_aims) if settings.study is not None else _aims(found, grid, plan.role != "choices", said)
        project = _on_ground(found, grid, aims, watch.part(2, 3, ""), said)
        how = reading_of(plan, cleaning, matched and plan.role == "points")
    project = replace(project, reading=reading_text(how))
    project = with_settings(project, settings, world.clock if world is not None else None)
    return Made(check_savable(project), (*found.imported.said, *said))


def _log(plan: Plan, found: Read, asked: Reading | None, study: Study | None, watch: Control, said: list[str]) -> tuple[Project, Reading]:
    tracks = found.imported.tracks
    assert isinstance(tracks, LinkTracks)
    if asked is not None and asked.log is not None:
        log = Log(asked.log.memory, asked.log.fewest, asked.log.one_spelling)
    else:
        fewest = usual_fewest(tracks)
        together = rare_together(tracks, fewest).tracks
        held_out, guess = held_out_orders(together), guessed_endings(together)
        log = Log(chosen_memory(together, held_out=held_out), fewest, False, guess.endings)
        said += [held_out.said, guess.said]
    if study is not None:
        log = replace(log, endings=study.endings)
    name = log_name(next((source.name for source in plan.sources if dict(plan.roles).get(source.name) in ("events", "paths")), ""))
    return on_log(found, watch, log, name), reading_of(plan, log=log)


def _aims(found: Read, grid: Grid | None, asked: bool, said: list[str]) -> dict[str, ClassAim]:
    """What the tracks of each class seem to be after."""
    tracks = found.imported.tracks
    if not asked:
        return {}
    if isinstance(tracks, Tracks):
        cell = grid.cell if grid is not None and grid.cell else found.cell
        cells = grid.cells if grid is not None else "squares"
        ways, _ = ways_of_points(tracks, cell, cells, cells_of(found, cell, cells))
    else:
        assert found.world is not None
        ways, _ = ways_of_links(found.world, tracks)
    aims = {}
    for label, (suggested, _) in suggested_aims(tracks, ways, None).items():
        aims[label] = suggested.aim
        said.append(f"{label}: {suggested.said}" if label else suggested.said)
    return aims


def _on_ground(found: Read, grid: Grid | None, aims: dict[str, ClassAim], watch: Control, said: list[str]) -> Project:
    """On its network or in the world of its table; else on a grid."""
    if found.world is not None:
        return on_network(found, watch, aims)
    tracks = found.imported.tracks
    assert isinstance(tracks, Tracks)
    grid = grid or Grid()
    if not grid.cell:
        grid = replace(grid, cell=found.cell)
        said.append(f"Points are put on a grid of {grid.cell:g} {tracks.unit} cells, the size that suits these tracks.")
    if grid.x1 > grid.x0 or grid.y1 > grid.y0 or grid.stay_s or grid.y_down is not None or grid.blocked:
        return on_grid(found, grid.cell, grid.heading, grid.slip, b"", watch, grid.cells, aims, made=_grid(grid, tracks))
    return on_grid(found, grid.cell, grid.heading, grid.slip, b"", watch, grid.cells, aims, rings=grid.land)


def _grid(grid: Grid, tracks: Tracks) -> World:
    """The very grid that settings say; over all points where they say no rectangle."""
    x0, y0, x1, y1 = grid.x0, grid.y0, grid.x1, grid.y1
    if not (x1 > x0 or y1 > y0):
        x0, y0 = float(tracks.x.min()), float(tracks.y.min())
        x1, y1 = max(float(tracks.x.max()), x0 + grid.cell), max(float(tracks.y.max()), y0 + grid.cell)
    world = build_grid(x0, y0, x1, y1, grid.cell, tracks.unit, blocked=grid.blocked, heading=grid.heading, slip=grid.slip, crs=tracks.crs,
                       cells=grid.cells, land=grid.land, passed=tracks)
    if grid.y_down is not None:
        world = replace(world, settings={**world.settings, "y_down": grid.y_down})
    return with_staying(world, grid.stay_s) if grid.stay_s else world


def with_settings(project: Project, settings: Settings, clock: Clock | None = None) -> Project:
    """The project with what the settings say beside its files and its world: class, aims, zones, features. Its tracks are mapped again
    where what they are after has changed, and then its fits are dropped. clock: with which it is to be."""
    study, report = settings.study, settings.report
    changed: dict[str, Any] = {}
    if settings.zones:
        changed["zones"] = {**project.zones, **settings.zones}
    if settings.spots:
        changed["spots"] = {**project.spots, **settings.spots}
    if settings.goals:
        changed["goals"] = dict(settings.goals)
    if settings.features is not None:
        changed["features"] = settings.features
    if settings.silencing:
        changed["silencing"] = settings.silencing
    if settings.fit is not None and settings.fit.settings:
        changed["settings"] = {**project.settings, **settings.fit.settings}
    if report is not None:
        changed |= {name: value for name, value in (("name", report.title), ("author", report.author), ("region", report.region),
                                                    ("notes", report.notes)) if value}
    if study is not None:
        changed |= {name: getattr(study, name) for name in (
            "class_column", "agent_class", "period_column", "reference_value", "agent_column")}
        changed |= {"class_aims": dict(study.class_aims), "track_aims": dict(study.track_aims), "heeded": dict(study.heeded)}
        if project.world is not None and project.world.kind == "log":
            changed["endings"] = study.endings
    made = replace(project, **changed)
    if _maps_otherwise(project, made):
        made, _ = mapped_again(made)
    if clock is not None:
        made = with_time_bands(made, Bands(clock.edges, clock.days), clock.column, clock.shift_h)
        made = replace(made, features=settings.features if settings.features is not None else made.features)
    return made


def _maps_otherwise(before: Project, after: Project) -> bool:
    """Whether tracks may be after something else now; known stops are zones and spots too."""
    if any(getattr(before, name) != getattr(after, name) for name in ("class_aims", "track_aims", "endings")):
        return True
    told = bool(after.class_aims)
    moved = any(len(getattr(before, name)) != len(getattr(after, name)) or any(
        name_ not in getattr(before, name) or not np.array_equal(ring, getattr(before, name)[name_])
        for name_, ring in getattr(after, name).items()) for name in ("zones", "spots"))
    return told and (before.class_column != after.class_column or moved or before.goals != after.goals)

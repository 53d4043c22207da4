"""Tracks and a world into a project: paths, the list of what could not be mapped, a start set of features, a clock where wanted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.features.feature_set import suggest_features
from irlcore.project.laid_over import with_known_ends
from irlcore.project.project import Project, remember
from irlcore.project.split import FEWEST_NORMAL
from irlcore.tracks.attributes import column_names, column_of, has_label, label_counts
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import LinkTracks, Tracks, find_ids, problem_table
from irlcore.worlds.cells.kinds import Cells, cells_of
from irlcore.worlds.clock import HOUR_S, Bands, clock_of, with_band, with_clock, without_clock
from irlcore.worlds.grid import build_grid, map_tracks
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.mapping import Mapped
from irlcore.worlds.start_times import start_times, time_sources
from irlcore.worlds.tables.observed import map_choices
from irlcore.worlds.world import World


def with_world(project: Project, imported: Imported, world: World) -> Project:
    """The project with new tracks in a new world and a start set of features; class and reference are guessed."""
    tracks, mapped = imported.tracks, _mapped(world, imported.tracks)
    problems = pd.concat([imported.problems, mapped.problems], ignore_index=True)
    named = column_names(tracks.attributes)
    class_column = next((c for c in named if c.lower() in ("class", "type", "kind", "agent_class", "cluster")), "")
    period = next((c for c in named if c.lower() == "period"), "")
    rows = tracks.attributes.iloc[find_ids(tracks.ids, [str(i) for i in mapped.paths.ids])]
    classes, periods = column_of(rows, class_column), column_of(rows, period)
    first = next(iter(label_counts(classes)), "") if classes is not None else ""
    mine = has_label(classes, first) if classes is not None else np.ones(len(rows), bool)
    normal = int((has_label(periods, "reference") & mine).sum()) if periods is not None else 0
    reference = "reference" if normal >= FEWEST_NORMAL else ""
    made = replace(project, tracks=tracks, world=world, paths=mapped.paths, problems=problems, class_column=class_column,
                   agent_class=first, period_column=period if reference else "", reference_value=reference,
                   features=tuple(suggest_features(world)), zones={}, spots={}, fits=(), verdicts={}, map_files=(), goals={})
    return remember(made, f"Loaded {len(tracks)} tracks; {len(mapped.paths)} are paths in a {world.kind} of "
                          f"{world.n_places} places")


def with_grid(project: Project, cell: float, heading: bool, slip: float, blocked: list[np.ndarray], cells: Cells | None = None) -> Project:
    """The same points on another grid, with the clock of the old one; fits of the old one are dropped. blocked: rings (V, 2). cells: their
    shape, that of the old one where None."""
    tracks, old = project.tracks, project.world
    if not isinstance(tracks, Tracks) or old is None:
        raise DataError("These tracks are link ids, not points.", "Only points can be put on another grid.")
    at = old.settings
    shape = cells or cells_of(at)
    world = build_grid(at["x0"], at["y0"], at["x1"], at["y1"], cell, old.unit, heading=heading, slip=slip, crs=old.crs, blocked=blocked,
                       cells=shape)
    world = replace(world, settings={**world.settings, **{name: at[name] for name in ("y_down",) if name in at}})  # as the analyst set it
    mapped, bands = _mapped(world, tracks), clock_of(old)
    project = replace(project, goals={})  # its ends are cells of the old one, and a new one may have their names
    made = remember(_in_world(project, world, mapped), f"Built a grid of {world.n_places} {'hexagonal ' if shape == 'hexagons' else ''}"
                                                       f"cells of {cell:g} {world.unit}; "
                                                       f"{len(mapped.paths)} tracks are paths in it")
    if bands is None:
        return made
    return with_time_bands(made, bands, at["clock"].get("column", ""), at["clock"].get("shift_h", 0.0))


def with_time_bands(project: Project, bands: Bands, column: str = "", shift_h: float = 0.0) -> Project:
    """The project in a world with a clock: each track in the copy of the band in which it starts; fits are dropped.

    column: where start times come from, one of ``start_times.time_sources``; a guess where empty. shift_h: hours added to them
    (a file in UTC, a class that lives by local time). A clock that was there before is taken away first. Tracks without a start
    time are listed and left out. DataError where there are no usable times; WorldError where the bands make too large a world.
    """
    tracks, world = _need_tracks(project)
    times = start_times(tracks, column)
    if isinstance(times, str):
        raise DataError(times, "Choose another column, or add one that tells when each track starts.")
    if bands.days != "all" and not times.dated:
        raise DataError("These start times have no date, so days of the week cannot be told apart.", "Tell hours apart alone.")
    ground = without_clock(world)
    clocked = with_clock(ground, bands)
    read_from = {"column": column or time_sources(tracks)[0], "shift_h": shift_h}
    clocked = replace(clocked, settings={**clocked.settings, "clock": {**clocked.settings["clock"], **read_from}})
    mapped = _mapped(ground, tracks)
    band = bands.band_of(times.seconds + HOUR_S * shift_h)[find_ids(tracks.ids, [str(i) for i in mapped.paths.ids])]
    known = np.flatnonzero(band >= 0)
    if not len(known):
        raise DataError("No track that can be mapped has a start time.", "Choose another column.")
    lost = problem_table([("", name, "no usable start time", "dropped") for name in mapped.paths.ids[band < 0]])
    paths = with_band(mapped.paths.take(known), ground.mdp, bands.n_bands, band[known])
    made = _in_world(project, clocked, Mapped(paths, pd.concat([mapped.problems, lost], ignore_index=True)))
    shifted = f" Hours added: {shift_h:g}." if shift_h else ""
    return remember(made, f"Let time matter: {bands.name}. {times.source}{shifted} {len(paths)} tracks are paths")


def without_time_bands(project: Project) -> Project:
    """The project with no clock; fits are dropped. One without a clock stays as it is."""
    tracks, world = _need_tracks(project)
    if world.n_bands == 1:
        return project
    ground = without_clock(world)
    return remember(_in_world(project, ground, _mapped(ground, tracks)), "Time of day no longer matters")


def _need_tracks(project: Project) -> tuple[Tracks | LinkTracks, World]:
    if project.tracks is None or project.world is None:
        raise DataError("There are no tracks in a world yet.", "Open a sample, or load tracks on the Tracks page.")
    return project.tracks, project.world


def _mapped(world: World, tracks: Tracks | LinkTracks) -> Mapped:
    if isinstance(tracks, LinkTracks) and tracks.choices is not None:
        return map_choices(world, tracks)
    return map_link_tracks(world, tracks) if isinstance(tracks, LinkTracks) else map_tracks(world, tracks)


def _in_world(project: Project, world: World, mapped: Mapped) -> Project:
    """The project's tracks as paths of another world; fits of the old one are dropped."""
    of_the_file = project.problems[project.problems["row"].astype(str) != ""]  # what mapping finds has no row
    return replace(project, world=world, paths=mapped.paths, fits=(), goals=with_known_ends(project.goals, mapped.paths),
                   problems=pd.concat([of_the_file, mapped.problems], ignore_index=True))

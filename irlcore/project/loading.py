"""Tracks and a world into a project: paths, the list of what could not be mapped, a start set of features, a clock where wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.features.feature_set import suggest_features
from irlcore.project.aims import aim_of_class, aims_in
from irlcore.project.as_read import guessed_class, loaded, only_what_tells
from irlcore.project.laid_over import with_known_ends
from irlcore.project.project import ClassAim, Project, TrackAim, remember
from irlcore.project.split import FEWEST_NORMAL
from irlcore.tracks.attributes import column_names, column_of, has_label, label_counts
from irlcore.tracks.logs.endings import ALL_ENDED, Endings, told
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import LinkTracks, Tracks, find_ids, problem_table
from irlcore.worlds.cells.kinds import Cells, cells_of
from irlcore.worlds.clock import HOUR_S, Bands, clock_of, with_band, with_clock, without_clock
from irlcore.worlds.grid import LAND, build_grid, map_tracks
from irlcore.worlds.history.observed import map_log
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.mapping import Mapped
from irlcore.worlds.mdp import Paths
from irlcore.worlds.start_times import StartTimes, start_times, time_sources
from irlcore.worlds.staying import stay_seconds, with_staying
from irlcore.worlds.tables.observed import map_choices
from irlcore.worlds.world import World

TOLD = {"ends": "the last place of each is its goal", "nowhere": "no destination",
        "stops": "known stops and exits are goals, others are unfinished",
        "end": "where it ends is its goal", "unfinished": "unfinished", "rule": "as its class"}
OF_LOG = {"end": "has ended", "unfinished": "still running", "rule": "as the others"}
"""What is said in the history; of sequences of a log."""
MOST_SAID = 20  # tracks by name, in one line of the history


def with_world(project: Project, imported: Imported, world: World, class_aims: Mapping[str, ClassAim] | None = None,
               endings: Endings = ALL_ENDED) -> Project:
    """The project with new tracks in a new world and a start set of features; class and reference are guessed. class_aims: what the tracks
    of each class are after ("" for all), their ends where None; nothing is said of observed choices, whose world says where trips end.
    endings: which sequences of a log have ended."""
    tracks = only_what_tells(imported.tracks, world)
    named, class_column = column_names(tracks.attributes), guessed_class(tracks)
    class_aims = {} if world.kind == "log" or _tells_choices(tracks) else _said(class_aims or {})
    project = replace(project, class_column=class_column, class_aims=class_aims, track_aims={}, zones={}, spots={}, goals={},
                      endings=endings if world.kind == "log" else ALL_ENDED)
    mapped = _mapped(project, world, tracks)
    problems = pd.concat([imported.problems, mapped.problems], ignore_index=True)
    period = next((c for c in named if c.lower() == "period"), "")
    rows = tracks.attributes.iloc[find_ids(tracks.ids, [str(i) for i in mapped.paths.ids])]
    classes, periods = column_of(rows, class_column), column_of(rows, period)
    first = next(iter(label_counts(classes)), "") if classes is not None else ""
    mine = has_label(classes, first) if classes is not None else np.ones(len(rows), bool)
    normal = int((has_label(periods, "reference") & mine).sum()) if periods is not None else 0
    reference = "reference" if normal >= FEWEST_NORMAL else ""
    # nothing ends the walk of who has no destination, so all their ways are of as many steps and tell nothing of what a step costs
    roams = aim_of_class(project.class_aims, first) == "nowhere"
    features = tuple(replace(s, enabled=s.enabled and not (roams and s.kind == "step")) for s in suggest_features(world))
    made = replace(project, tracks=tracks, world=world, paths=mapped.paths, problems=problems, agent_class=first,
                   period_column=period if reference else "", reference_value=reference,
                   features=features, fits=(), verdicts={}, map_files=(), track_notes={}, silencing=(), heeded={}, labels={})
    return remember(made, loaded(world, len(tracks), len(mapped.paths), int((mapped.paths.goal < 0).sum())))


def with_aims(project: Project, class_aims: Mapping[str, ClassAim], track_aims: Mapping[str, TrackAim], again: bool = False) -> Project:
    """The project with other aims of its classes and tracks: the tracks are mapped again, in the world and with the clock that there are,
    and fits are dropped. Aims that say nothing new leave it as it is, unless ``again``: known stops may have been drawn since. DataError
    where a track is not there, WorldError where none would be left."""
    class_aims, track_aims = _said(class_aims), dict(track_aims)
    if not again and (class_aims, track_aims) == (dict(project.class_aims), dict(project.track_aims)):
        return project
    tracks, world = _need_tracks(project)
    if world.kind == "log" and (class_aims or "nowhere" in track_aims.values()):
        raise DataError("In an event log every sequence goes to its end, so there is nothing to say of what it is after.",
                        "Say which sequences have ended, and which are still running.")
    if _tells_choices(tracks):
        raise DataError("In a world of a table the states without a choice are the one goal, and where there are none nothing ends.",
                        "Change the table of outcomes: an end is a state without a choice.")
    known = set(tracks.ids.tolist())
    unknown = next((track for track in track_aims if track not in known), None)
    if unknown is not None:
        raise DataError(f"There is no track called {unknown!r}.", "Choose one of the tracks in the table.")
    made, paths = mapped_again(replace(project, class_aims=class_aims, track_aims=track_aims))
    of_track = OF_LOG if world.kind == "log" else TOLD
    said = [f"{label or 'all tracks'}: {TOLD[aim]}" for label, aim in class_aims.items() if project.class_aims.get(label, "ends") != aim]
    said += [f"{label or 'all tracks'}: {TOLD['ends']}" for label in project.class_aims if label not in class_aims]
    changed = [track for track in {**track_aims, **project.track_aims} if track_aims.get(track) != project.track_aims.get(track)]
    said += [f"{track}: {of_track[track_aims.get(track, 'rule')]}" for track in changed[:MOST_SAID]]
    said += [f"{len(changed) - MOST_SAID} more tracks"] if len(changed) > MOST_SAID else []
    unfinished = int((paths.goal < 0).sum())
    if world.kind == "log":
        return remember(made, f"Where sequences end. {'; '.join([*said, f'{unfinished} of {len(paths)} still running'])}")
    said += [f"{unfinished} {'track is' if unfinished == 1 else 'tracks are'} unfinished"] if unfinished else []
    return remember(made, f"What tracks are after. {'; '.join([*said, f'{len(paths)} tracks are paths'])}")


def with_endings(project: Project, endings: Endings) -> Project:
    """The project of a log where sequences end otherwise: they are followed again, and fits are dropped. Endings that say nothing new leave
    it as it is. DataError where the world is no log, or it does not tell who has ended."""
    if endings == project.endings:
        return project
    tracks, world = _need_tracks(project)
    if world.kind != "log" or not isinstance(tracks, LinkTracks):
        raise DataError("Only the sequences of an event log end with an event.", "Say what tracks are after.")
    made, paths = mapped_again(replace(project, endings=endings))
    return remember(made, f"Where sequences end. {told(endings, int((paths.goal < 0).sum()), len(paths))}")


def with_class(project: Project, class_column: str, agent_class: str, period_column: str, reference: str) -> Project:
    """The project with another class under study, and other tracks that are normal. What classes are after was said of those of the old
    column: under another one only what was said of all holds, and the tracks are mapped again where that changes what they are after."""
    made = replace(project, class_column=class_column, agent_class=agent_class, period_column=period_column, reference_value=reference)
    if class_column != project.class_column and set(project.class_aims) - {""}:
        made, _ = mapped_again(replace(made, class_aims={k: aim for k, aim in project.class_aims.items() if k == ""}))
    return remember(made, f"Class under study: {agent_class or 'all'}")


def _said(class_aims: Mapping[str, ClassAim]) -> dict[str, ClassAim]:
    """Without those that say what holds anyway."""
    of_all = class_aims.get("", "ends")
    return {label: aim for label, aim in class_aims.items() if aim != ("ends" if label == "" else of_all)}


def mapped_again(project: Project) -> tuple[Project, Paths]:
    """The project's tracks mapped with its aims, in its world with its clock, and the paths; fits are dropped."""
    tracks, world = _need_tracks(project)
    bands = clock_of(world)
    if bands is not None:
        at = world.settings["clock"]
        mapped = _in_bands(project, tracks, without_clock(world), bands, at.get("column", ""), at.get("shift_h", 0.0))[0]
    else:
        mapped = _mapped(project, world, tracks)
    return _in_world(project, world, mapped), mapped.paths


def with_grid(project: Project, cell: float, heading: bool, slip: float, blocked: list[np.ndarray], cells: Cells | None = None) -> Project:
    """The same points on another grid, with the clock and the stays of the old one; its fits are dropped.

    blocked: rings (V, 2). cells: their shape, that of the old one where None.
    """
    tracks, old = project.tracks, project.world
    if not isinstance(tracks, Tracks) or old is None:
        raise DataError("These tracks are link ids, not points.", "Only points can be put on another grid.")
    at = old.settings
    shape = cells or cells_of(at)
    world = build_grid(at["x0"], at["y0"], at["x1"], at["y1"], cell, old.unit, heading=heading, slip=slip, crs=old.crs, blocked=blocked,
                       cells=shape, land=[np.asarray(ring) for ring in at.get(LAND, [])], passed=tracks)
    world = replace(world, settings={**world.settings, **{name: at[name] for name in ("y_down",) if name in at}})  # as the analyst set it
    world = with_staying(world, stay_seconds(old)) if stay_seconds(old) > 0.0 else world
    project = replace(project, goals={})  # its ends are cells of the old one, and a new one may have their names
    mapped, bands = _mapped(project, world, tracks), clock_of(old)
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
    if world.kind == "log":
        raise DataError("In an event log what comes next hangs on the events before, and not on the time of day.",
                        "Bring the hour in as part of the events, such as \"login at night\".")
    ground = without_clock(world)
    mapped, times = _in_bands(project, tracks, ground, bands, column, shift_h)
    clocked = with_clock(ground, bands)
    read_from = {"column": column or time_sources(tracks)[0], "shift_h": shift_h}
    clocked = replace(clocked, settings={**clocked.settings, "clock": {**clocked.settings["clock"], **read_from}})
    made = _in_world(project, clocked, mapped)
    shifted = f" Hours added: {shift_h:g}." if shift_h else ""
    return remember(made, f"Let time matter: {bands.name}. {times.source}{shifted} {len(mapped.paths)} tracks are paths")


def _in_bands(project: Project, tracks: Tracks | LinkTracks, ground: World, bands: Bands, column: str,
              shift_h: float) -> tuple[Mapped, StartTimes]:
    """The tracks as paths of the ground's copies in which they start, and when that is. DataError where there are no usable times."""
    times = start_times(tracks, column)
    if isinstance(times, str):
        raise DataError(times, "Choose another column, or add one that tells when each track starts.")
    if bands.days != "all" and not times.dated:
        raise DataError("These start times have no date, so days of the week cannot be told apart.", "Tell hours apart alone.")
    mapped = _mapped(project, ground, tracks)
    band = bands.band_of(times.seconds + HOUR_S * shift_h)[find_ids(tracks.ids, [str(i) for i in mapped.paths.ids])]
    known = np.flatnonzero(band >= 0)
    if not len(known):
        raise DataError("No track that can be mapped has a start time.", "Choose another column.")
    lost = problem_table([("", name, "no usable start time", "dropped") for name in mapped.paths.ids[band < 0]])
    paths = with_band(mapped.paths.take(known), ground.mdp, bands.n_bands, band[known])
    return Mapped(paths, pd.concat([mapped.problems, lost], ignore_index=True)), times


def without_time_bands(project: Project) -> Project:
    """The project with no clock; fits are dropped. One without a clock stays as it is."""
    tracks, world = _need_tracks(project)
    if world.n_bands == 1:
        return project
    ground = without_clock(world)
    return remember(_in_world(project, ground, _mapped(project, ground, tracks)), "Time of day no longer matters")


def _need_tracks(project: Project) -> tuple[Tracks | LinkTracks, World]:
    if project.tracks is None or project.world is None:
        raise DataError("There are no tracks in a world yet.", "Open a sample, or load tracks on the Tracks page.")
    return project.tracks, project.world


def _tells_choices(tracks: Tracks | LinkTracks) -> bool:
    """Whether tracks are observed choices in a world of a table, which itself says where trips end."""
    return isinstance(tracks, LinkTracks) and tracks.choices is not None


def _mapped(project: Project, world: World, tracks: Tracks | LinkTracks) -> Mapped:
    """The tracks as paths of a world without a clock, each after what the project says."""
    if isinstance(tracks, LinkTracks) and world.kind == "log":
        return map_log(world, tracks, aims_in(project, world, tracks))
    if isinstance(tracks, LinkTracks) and _tells_choices(tracks):
        return map_choices(world, tracks)
    aims = aims_in(project, world, tracks)
    return map_link_tracks(world, tracks, aims) if isinstance(tracks, LinkTracks) else map_tracks(world, tracks, aims)


def _in_world(project: Project, world: World, mapped: Mapped) -> Project:
    """The project's tracks as paths of another world; fits of the old one are dropped."""
    of_the_file = project.problems[project.problems["row"].astype(str) != ""]  # what mapping finds has no row
    return replace(project, world=world, paths=mapped.paths, fits=(), goals=with_known_ends(project.goals, mapped.paths),
                   problems=pd.concat([of_the_file, mapped.problems], ignore_index=True))

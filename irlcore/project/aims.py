"""What each track of a project is after: by the rule of its class, and by what the analyst corrected by hand.

A track that was cut off is not told from one that arrived by its points. The rule "stops" goes by where it ends: at the edge of what was
observed, where there is no way on, or where the analyst or many other tracks have their goals, it has arrived; elsewhere it was still on
its way to a goal that nobody saw. A sequence of a log has ended, or was still running, as ``tracks.logs.endings`` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from irlcore.project.project import ClassAim, Project
from irlcore.tracks.attributes import column_of, known_counts, value_labels
from irlcore.tracks.logs.endings import still_running
from irlcore.tracks.tracks import LinkTracks, Tracks, find_ids
from irlcore.worlds.aims import NOWHERE, TO_ITS_END, UNFINISHED
from irlcore.worlds.cells.kinds import lattice_of
from irlcore.worlds.grid import map_tracks
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.staying import without_staying
from irlcore.worlds.world import World

FEWEST_ENDS, SHARE_OF_ENDS = 5, 1.0 / 50.0
"""A place is a known stop where so many tracks of the class end, and so large a share of them: ends that were cut off at random rarely
meet in one place."""
OF_TRACK = {"end": TO_ITS_END, "nowhere": NOWHERE, "unfinished": UNFINISHED}


@dataclass(frozen=True, slots=True)
class Ways:
    """Where n tracks go in a world, each taken whole.

    index: (n,) int64, which track of the project each is. end: (n,), the place where it ends. first: (n,) int64, the step at which
    it is there first. steps: (n,) int64, how many it has.
    """

    index: np.ndarray
    end: np.ndarray
    first: np.ndarray
    steps: np.ndarray


def whole_ways(world: World, tracks: Tracks | LinkTracks) -> Ways:
    """Where the tracks go that can be mapped; how long they stay anywhere does not count. WorldError where none can. world: without a
    clock."""
    world = without_staying(world)
    aims = np.full(len(tracks), NOWHERE, np.int8)
    paths = (map_link_tracks(world, tracks, aims) if isinstance(tracks, LinkTracks) else map_tracks(world, tracks, aims)).paths
    end = world.place_of_state[paths.last_state]
    return Ways(find_ids(tracks.ids, [str(name) for name in paths.ids]), end,
                _first_at(world.place_of_state[world.mdp.choice_state[paths.choices]], paths.offsets, end), paths.lengths)


def ways_of_places(places: np.ndarray, offsets: np.ndarray) -> Ways:
    """The same of tracks given as the places that they pass one after the other, (P,) of whatever names them; offsets (N + 1,), each track
    of one place or more. Those that stay in one place are left out."""
    known, codes = np.unique(places, return_inverse=True)
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    moved = np.ones(len(codes), bool)
    moved[1:] = (codes[1:] != codes[:-1]) | (owner[1:] != owner[:-1])
    codes, owner = codes[moved], owner[moved]
    many = np.bincount(owner, minlength=len(offsets) - 1)
    some = np.flatnonzero(many > 1)
    begin = np.concatenate(([0], np.cumsum(many)))
    end = codes[begin[some + 1] - 1]
    return Ways(some, known[end], _first_at(codes[np.isin(owner, some)], np.concatenate(([0], np.cumsum(many[some]))), end), many[some] - 1)


def _first_at(places: np.ndarray, offsets: np.ndarray, end: np.ndarray) -> np.ndarray:
    """(n,) the first step at which each track is where it ends; ``places`` (P,) at its steps, each track's own from ``offsets`` on."""
    many = np.diff(offsets)
    at = np.flatnonzero(places == np.repeat(end, many))
    first = many.copy()
    np.minimum.at(first, np.repeat(np.arange(len(many)), many)[at], at - np.repeat(offsets[:-1], many)[at])
    return np.asarray(first)


def labels_of(tracks: Tracks | LinkTracks, class_column: str) -> np.ndarray:
    """(N,) str, the class of each track; "" where no column names it."""
    values = column_of(tracks.attributes, class_column) if class_column else None
    return np.full(len(tracks), "", object) if values is None else value_labels(values)


def classes_of(tracks: Tracks | LinkTracks, class_column: str) -> dict[str, int]:
    """Class -> how many tracks it has, the commonest first; "" for all where no column names it."""
    values = column_of(tracks.attributes, class_column) if class_column else None
    return {"": len(tracks)} if values is None else known_counts(values)


def aim_of_class(class_aims: Mapping[str, ClassAim], label: str) -> ClassAim:
    """What the tracks of a class are after: as said of it, else as said of all."""
    return class_aims.get(label, class_aims.get("", "ends"))


def aims_in(project: Project, world: World, tracks: Tracks | LinkTracks) -> np.ndarray | None:
    """(N,) int8, what each of the tracks is after in this world (without a clock), by the project's ``class_column``, ``class_aims`` and
    ``track_aims``; of a log by its ``endings`` in place of the first two. None where all go to their ends. WorldError where a rule asks
    where they end, and none can be mapped, DataError where a log does not tell who has ended."""
    if world.kind == "log":
        if not project.endings.says and not project.track_aims:
            return None
        assert isinstance(tracks, LinkTracks)
        return _corrected(project, tracks, np.where(still_running(tracks, project.endings), UNFINISHED, TO_ITS_END).astype(np.int8))
    if not any(aim != "ends" for aim in project.class_aims.values()) and not project.track_aims:
        return None
    labels = labels_of(tracks, project.class_column)
    aims = np.zeros(len(tracks), np.int8)
    ways: Ways | None = None
    for label in dict.fromkeys(labels.tolist()):
        aim = aim_of_class(project.class_aims, label)
        if aim == "nowhere":
            aims[labels == label] = NOWHERE
        elif aim == "stops":
            ways = ways or whole_ways(world, tracks)
            mine = labels[ways.index] == label
            aims[ways.index[mine & ~arrived(project, world, ways, mine, label)]] = UNFINISHED
    return _corrected(project, tracks, aims)


def _corrected(project: Project, tracks: Tracks | LinkTracks, aims: np.ndarray) -> np.ndarray:
    """The aims (N,) of tracks with what was said of single ones."""
    row = {str(name): k for k, name in enumerate(tracks.ids)} if project.track_aims else {}
    for track, said in project.track_aims.items():
        if track in row:
            aims[row[track]] = OF_TRACK[said]
    return aims


def arrived(project: Project, world: World, ways: Ways, mine: np.ndarray, label: str) -> np.ndarray:
    """(n,) bool: whether each track ends at an exit or at a known stop of the class ``label``, whose tracks are ``mine`` (n,) bool."""
    return np.asarray((exits(world) | known_stops(project, world, ways.end[mine], label))[ways.end])


def exits(world: World) -> np.ndarray:
    """(L,) bool: places where what is observed ends. Of a grid the cells along its border; of a network links from which no way leads on,
    except back along the link itself."""
    if world.kind == "grid":
        column, row = lattice_of(world.settings).cells_at(*world.place_xy.T)
        across, up = int(world.settings["columns"]) - 1, int(world.settings["rows"]) - 1
        return np.asarray((column <= 0) | (row <= 0) | (column >= across) | (row >= up))
    before, after = world.place_of_state[world.mdp.choice_state[world.mdp.outcome_choice]], world.place_of_state[world.mdp.successors]
    n = np.int64(world.n_places)
    back = np.isin(before * n + after, after * n + before) | (before == after)  # what leads here from there, too, is the way back
    on = np.zeros(world.n_places, bool)
    on[before[~back]] = True
    return ~on


def common_ends(ends: np.ndarray) -> np.ndarray:
    """The places where many tracks of a class end, of all those where they do, (n,): ``FEWEST_ENDS`` or more, and ``SHARE_OF_ENDS`` of
    them."""
    places, many = np.unique(ends, return_counts=True)
    return np.asarray(places[many >= max(FEWEST_ENDS, np.ceil(SHARE_OF_ENDS * len(ends)))])


def known_stops(project: Project, world: World, ends: np.ndarray, label: str) -> np.ndarray:
    """(L,) bool: places in a zone, at a spot or in a goal that the analyst drew or named, and those where many tracks of the class end
    (``ends`` (n,), the places)."""
    stop = np.zeros(world.n_places, bool)
    stop[common_ends(ends)] = True
    known = np.isfinite(world.place_xy).all(axis=1)
    for ring in project.zones.values():
        stop[known] |= shapely.contains_xy(shapely.Polygon(ring), *world.place_xy[known].T)
    spots = np.array([spot for spot in project.spots.values() if np.isfinite(spot).all()], np.float64).reshape(-1, 2)
    if len(spots) and known.any():
        reach = float(world.settings["cell"]) if world.kind == "grid" else np.inf  # of a grid the cell that it is in
        far, nearest = cKDTree(world.place_xy[known]).query(spots)
        stop[np.flatnonzero(known)[nearest[far <= reach]]] = True
    groups = (*project.goals.get(label, ()), *project.goals.get("", ()))
    return stop | np.isin(world.place_names.astype(str), [end for group in groups for end in group.ends])

"""Whether the world, the tracks and the paths of a loaded project fit together: compiled kernels trust every index.

What a world, its goals and paths hold is looked through as they are made (``worlds.limits``), here what they ask of each other.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from irlcore.budget import within
from irlcore.errors import MotiveError
from irlcore.features.checks import is_number
from irlcore.project.damage import damaged, need
from irlcore.project.log_ground import check_log
from irlcore.project.rules import short
from irlcore.tracks.bounds import FAR, LEAST_CELL, MOST_EDGES, MOST_SHIFT_H, MOST_SLIP
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.cells.kinds import CELLS, SETTING, lattice_of
from irlcore.worlds.clock import clock_of
from irlcore.worlds.grid import LAND, MOST_CELLS
from irlcore.worlds.limits import check_offsets
from irlcore.worlds.mdp import Paths
from irlcore.worlds.staying import LEAST_S, MOST_S
from irlcore.worlds.tables.build import CHOICE
from irlcore.worlds.tables.observed import goals_of
from irlcore.worlds.world import World


def check_tracks(tracks: Tracks | LinkTracks) -> None:
    """Offsets, ids each once, a row of attributes for every track, times that rise. ProjectError or WorldError."""
    points = tracks.t if isinstance(tracks, Tracks) else tracks.links
    check_offsets("tracks' offsets", tracks.offsets, len(points), "points of tracks", least=1)
    need(len(tracks) > 0, "tracks", "are none")
    _each_once(tracks.ids, "tracks.ids")
    rows, n = len(tracks.attributes), len(tracks)
    need(rows == n, "tracks.attributes", f"has {rows:,} rows, and there are {n:,} tracks")
    if isinstance(tracks, Tracks):
        falls = np.diff(tracks.t) <= 0.0
        falls[tracks.offsets[1:-1] - 1] = False
        if falls.any():
            at = int(np.argmax(falls)) + 1
            raise damaged("tracks.t", f"does not rise at point {at}, of the track {short(str(tracks.ids[_owner(tracks.offsets, at)]))}")
        return
    events = tracks.of_events
    need(events is None or len(events) == len(points), "tracks.of_events", f"has not a row for each of the {len(points):,} events")
    if tracks.times is not None:
        falls = np.diff(tracks.times) < 0.0
        falls[tracks.offsets[1:-1] - 1] = False
        if falls.any():
            at = int(np.argmax(falls)) + 1
            raise damaged("tracks.times", f"falls at link {at}, of the track {short(str(tracks.ids[_owner(tracks.offsets, at)]))}")


def check_world(world: World) -> None:
    """Places of states, shapes, names each once, what the grid was built with, the clock. ProjectError or WorldError."""
    places = world.n_places
    need(not len(world.place_of_state) or int(world.place_of_state.max()) < places, "world.place_of_state",
         f"names a place that is none of the {places:,}")
    check_offsets("offsets of places' shapes", world.shape_offsets, len(world.shape_xy), "corners of places")
    _each_once(world.place_names, "world.place_names")
    need(places > 0, "world.place_names", "is empty")
    drawn = world.shape_xy if len(world.shape_xy) else world.place_xy
    known = not world.has_coordinates or bool(np.isfinite(drawn).any(axis=0).all())
    need(known, "world.shape_xy" if drawn is world.shape_xy else "world.place_xy", "has nothing along one axis, and some places are known")
    _check_clock(world)
    _check_staying(world)
    if world.kind == "grid":
        _check_grid(world)
    else:
        need(not set(world.settings) & {"cell", "columns", "rows", "heading", SETTING}, "world.settings",
             f"are a grid's, and the world is a {world.kind}")
    if world.kind == "table":
        _check_table(world)
    if world.kind == "log":
        check_log(world)


def check_paths(paths: Paths, world: World, tracks: Tracks | LinkTracks) -> None:
    """Ids of tracks, ends within goals, and steps that the world has: each choice is made where the one before may lead. ProjectError or
    WorldError."""
    mdp = world.mdp
    paths.check_within(mdp)
    need(len(paths) > 0, "paths", "are none")
    _each_once(paths.ids, "paths.ids")
    unknown = set(paths.ids.tolist()).difference(tracks.ids.tolist())
    if unknown:
        raise damaged("paths.ids", f"names {short(min(unknown))}, which is no track")
    if isinstance(tracks, LinkTracks) and tracks.choices is not None:
        _check_choices(paths, world)
    else:
        _check_goals(paths, world)
    after = np.empty(len(paths.choices), np.int64)
    after[:-1] = mdp.choice_state[paths.choices[1:]]
    after[paths.offsets[1:] - 1] = paths.last_state
    leads = mdp.successors[paths.choices] == after if mdp.deterministic else _may_lead(world, paths.choices, after)
    if not leads.all():
        at = int(np.argmin(leads))
        path = str(paths.ids[_owner(paths.offsets, at)])
        raise damaged(f"paths.choices[{at}]", f"is a step of the path {short(path)} that does not lead where the next one begins")


def _check_goals(paths: Paths, world: World) -> None:
    """Each goal is all states of a place of its own, and each path ends in its goal: so no path counts towards two. One goal may have no
    state, that of paths with no destination, and a path may have no goal (-1): it was cut off before."""
    goals, none = paths.goals, paths.goals.nowhere
    need(int(none.sum()) <= 1, "paths.goals", "have two without a state, and all paths with no destination share one")
    at, size = world.place_of_state[goals.states], np.diff(goals.offsets)[~none]
    place = at[goals.offsets[:-1][~none]]
    whole = np.bincount(world.place_of_state, minlength=world.n_places)[place]
    sound = (np.array_equal(at, np.repeat(place, size)) and np.array_equal(whole, size)
             and all(len(np.unique(one)) == len(one) for one in (place, goals.states)))
    need(sound, "paths.goals", "are not places, each once and with all its states")
    place_of_goal = np.full(len(goals) + 1, -1)  # the last for paths whose goal is -1
    place_of_goal[:-1][~none] = place
    wanted = place_of_goal[paths.goal]
    missed = (wanted >= 0) & (wanted != world.place_of_state[paths.last_state])
    if missed.any():
        raise damaged(f"paths.goal[{int(np.argmax(missed))}]", f"is not where the path {short(str(paths.ids[np.argmax(missed)]))} ends")


def _check_table(world: World) -> None:
    """A place for each state, and names of choices, each once in a state."""
    names = world.choice_attributes.get(str(world.settings.get(CHOICE)), np.zeros(0))
    need(names.dtype.kind in "OU", "world.settings", "do not name the attribute that says what choices are called")
    in_turn = np.array_equal(world.place_of_state, np.tile(np.arange(world.n_places), world.n_bands))
    need(in_turn, "world.place_of_state", "does not go through the states in turn")
    once = len(set(zip(world.mdp.choice_state.tolist(), names.tolist(), strict=True))) == world.mdp.n_choices
    need(once, "world.choice_attributes", "name two choices of a state alike")


def _check_choices(paths: Paths, world: World) -> None:
    """Of tracks that tell choices: a world that has them, and its one goal."""
    need(world.kind == "table" and world.mdp.choices_seen, "tracks.choices", f"tell choices, and the world is a {world.kind} that does not")
    known = goals_of(world)
    need(np.array_equal(paths.goals.states, known.states) and np.array_equal(paths.goals.offsets, known.offsets), "paths.goals",
         "are not the states without a choice, which are the one goal of such a world")


def _may_lead(world: World, choices: np.ndarray, after: np.ndarray) -> np.ndarray:
    """(C,) bool: whether each choice has a chance to lead to the state ``after`` it."""
    mdp = world.mdp
    steps, again = np.unique(choices.astype(np.int64) * mdp.n_states + after, return_inverse=True)
    made, to = np.divmod(steps, mdp.n_states)
    begin = mdp.successor_offsets[made]
    many = mdp.successor_offsets[made + 1] - begin
    first = np.cumsum(many) - many
    each = np.repeat(begin - first, many) + np.arange(int(many.sum()))
    hit = (mdp.successors[each] == np.repeat(to, many)) & (mdp.probabilities[each] > 0.0)
    return np.asarray(np.logical_or.reduceat(hit, first)[again]) if len(first) else np.ones(0, bool)


def _each_once(names: np.ndarray, where: str) -> None:
    if len(set(names.tolist())) < len(names):
        raise damaged(where, f"names {short(Counter(names.tolist()).most_common(1)[0][0])} twice")


def _owner(offsets: np.ndarray, at: int) -> int:
    return int(np.searchsorted(offsets, at, side="right")) - 1


def _check_grid(world: World) -> None:
    """Cells where the settings say that they are: another grid, the map and new tracks all go by the settings."""
    s = world.settings
    x0, y0, x1, y1, cell = (_number(s, name) for name in ("x0", "y0", "x1", "y1", "cell"))
    slip = _number(s, "slip")
    need(0.0 <= slip <= MOST_SLIP, "world.settings['slip']", f"is {slip:g}, not a number from 0 to {MOST_SLIP:g}")
    need(type(s.get("heading")) is bool, "world.settings['heading']", f"is {short(s.get('heading'))}, not true or false")
    need(cell >= LEAST_CELL and x1 > x0 and y1 > y0 and (x1 - x0) / cell * ((y1 - y0) / cell) < 4.0 * MOST_CELLS, "world.settings",
         "make no grid: its cell, or its corners, are not possible")
    need(SETTING not in s or s[SETTING] in CELLS, f"world.settings[{SETTING!r}]", f"is {short(s.get(SETTING))}, not a shape of cells")
    columns, rows, lattice = s.get("columns"), s.get("rows"), lattice_of(s)
    across = lattice.across(x1 - x0, y1 - y0)
    need(type(columns) is int and type(rows) is int and (columns, rows) == across and columns * rows <= MOST_CELLS, "world.settings",
         f"name {short(columns)} columns and {short(rows)} rows, and cells of {cell:g} make {across[0]:,} and {across[1]:,}")
    _check_rings(s.get("blocked", []), "blocked")
    _check_rings(s.get(LAND, []), LAND)
    known = np.where(np.isfinite(world.place_xy), world.place_xy, x0 - 9.0 * cell)  # which is none
    near = np.clip(known, np.array([x0, y0]) - 2.0 * cell, np.array([x1, y1]) + 2.0 * cell)
    column, row = lattice.cells_at(near[:, 0], near[:, 1])
    need(bool(((column >= 0) & (row >= 0) & (column < columns) & (row < rows)).all()) and
         bool((np.abs(lattice.middles(column, row) - world.place_xy) <= 1e-6 * cell + 1e-9 * np.abs(world.place_xy)).all()),
         "world.place_xy", "are not the middles of the cells")
    names = [f"{c},{r}" for c, r in zip(column.tolist(), row.tolist(), strict=True)]
    need(names == world.place_names.tolist(), "world.place_names", "are not the columns and rows of the cells")
    each = np.repeat(np.arange(world.n_places), lattice.n_moves if s["heading"] else 1)
    in_turn = np.array_equal(world.place_of_state, np.tile(each, world.n_bands))
    need(in_turn, "world.place_of_state", "does not go through the cells in turn")


def _check_staying(world: World) -> None:
    """A duration that can be, and in every state a last choice that stays there."""
    if "stay_s" not in world.settings:
        return
    mdp, seconds = world.mdp, _number(world.settings, "stay_s")
    need(LEAST_S <= seconds <= MOST_S, "world.settings['stay_s']", f"is {seconds:g}, not a duration in seconds")
    last = mdp.choice_offsets[1:] - 1
    sound = bool((np.diff(mdp.choice_offsets) > 0).all()) and bool((np.diff(mdp.successor_offsets)[last] == 1).all())
    need(sound and np.array_equal(mdp.successors[mdp.successor_offsets[last]], np.arange(mdp.n_states)), "world.mdp.successors",
         "hold no choice to stay as the last one of every state, and the settings say that there is")


def _check_rings(rings: object, name: str) -> None:
    need(isinstance(rings, list | tuple), f"world.settings[{name!r}]", "is not a list of rings")
    assert isinstance(rings, list | tuple)
    corners = 0
    for ring in rings:
        good = isinstance(ring, list | tuple) and len(ring) >= 4 and all(
            isinstance(one, list | tuple) and len(one) == 2 and is_number(one[0]) and is_number(one[1]) for one in ring)
        need(good, f"world.settings[{name!r}]", "holds a ring that is not four corners or more")
        corners += len(ring)
    within("corners", corners, f"The project file's blocked areas have {corners:,} corners.")


def _number(settings: Any, name: str) -> float:
    value = settings.get(name)
    need(is_number(value) and abs(value) <= FAR, f"world.settings[{name!r}]", f"is {short(value)}, not a number")
    return float(value)


def _check_clock(world: World) -> None:
    """Bands that are sound, as many copies as there are bands, and no choice that leads from one copy into another."""
    mdp, clock = world.mdp, world.settings.get("clock")
    sound = clock is None or _is_clock(clock)
    try:
        bands, n = (clock_of(world), world.n_bands) if sound else (None, 1)
        sound = sound and n == (len(bands.labels) if bands is not None else 1)
    except MotiveError:
        sound = False
    need(sound and mdp.n_states % n == mdp.n_choices % n == 0, "world.settings['clock']", "does not fit the world's time bands")
    copies = world.place_of_state.reshape(n, -1)
    need(bool((copies == copies[0]).all()), "world.place_of_state", "differs between time bands")
    if n > 1:
        copy = np.arange(mdp.n_states) // max(mdp.n_states // n, 1)
        need(bool((copy[mdp.successors] == copy[mdp.choice_state[mdp.outcome_choice]]).all()), "world.mdp.successors",
             "lead from one time band into another")


def _is_clock(clock: object) -> bool:
    """Whether a value has the parts of a clock and each of its type."""
    if not isinstance(clock, dict) or not {"edges", "days", "n_bands"} <= set(clock) <= {"edges", "days", "n_bands", "column", "shift_h"}:
        return False
    edges, shift = clock["edges"], clock.get("shift_h", 0.0)
    return (isinstance(edges, list | tuple) and len(edges) <= MOST_EDGES and all(map(is_number, edges)) and isinstance(clock["days"], str)
            and type(clock["n_bands"]) is int and isinstance(clock.get("column", ""), str) and is_number(shift)
            and abs(shift) <= MOST_SHIFT_H)

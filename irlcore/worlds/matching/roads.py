"""A network made ready for matching: its links in the order of their names, what follows what, and which lie near a place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import reverse_cuthill_mckee

from irlcore.errors import WorldError
from irlcore.worlds.mdp import MDP
from irlcore.worlds.world import World

CELL_M = 50.0
MOST_PIECES = 4_000_000  # of segments, over which the index is laid


@dataclass(frozen=True, slots=True)
class Roads:
    """L links with a line, numbered by their names and who follows whom, so that nothing hangs on the order of a table.

    state: (L,) int64, the state of the world. length: (L,) metres. out_offsets (L + 1,), out_to and out_choice (E,): the links that follow,
    and the choice of the world that it is. out_turn: (E,) radians, NaN where unknown. turned: (L,) int32, the same link the other way,
    where turning is allowed, -1 elsewhere. turned_choice: (L,) that choice. dull: (L,) bool, where turning back at the end leads nowhere
    that turning back before would not. end_xy: (L, 2). straight: at least so many metres of a link go
    for each metre in a straight line. segment_*: the segments of lines: link, ends (x, y, x, y), from where to where along it.
    corner, cell, columns, rows, cell_keys, cell_segments: a grid of cells, and the segments in each, by key row * columns + column.
    """

    state: np.ndarray
    length: np.ndarray
    out_offsets: np.ndarray
    out_to: np.ndarray
    out_choice: np.ndarray
    out_turn: np.ndarray
    turned: np.ndarray
    turned_choice: np.ndarray
    dull: np.ndarray
    end_xy: np.ndarray
    straight: float
    segment_link: np.ndarray
    segment_xy: np.ndarray
    segment_span: np.ndarray
    corner: np.ndarray
    cell: float
    columns: int
    rows: int
    cell_keys: np.ndarray
    cell_segments: np.ndarray

    def __len__(self) -> int:
        return len(self.state)


def has_lines(world: World) -> bool:
    """Whether it is a network that points can be matched to."""
    drawn = bool((np.diff(world.shape_offsets) > 1).any())
    return world.kind == "network" and drawn and bool(np.isfinite(world.shape_xy).all(axis=1).any())


def prepare(world: World) -> Roads:
    """A network made ready: a second for a hundred thousand links. Once for each world is enough.

    WorldError where it is no network, or has no lines.
    """
    if not has_lines(world):
        raise WorldError("There are no lines of links to match points to.",
                         "Give the links shapes (WKT) or their ends' coordinates, or a table of nodes with coordinates.")
    ground = world.ground_state == np.arange(world.mdp.n_states)
    drawn = np.diff(world.shape_offsets) > 1
    places = np.flatnonzero(drawn)
    vertex_ok = np.isfinite(world.shape_xy).all(axis=1)
    bad = np.unique(np.searchsorted(world.shape_offsets, np.flatnonzero(~vertex_ok), side="right") - 1)
    places = np.setdiff1d(places, bad)
    if not len(places):
        raise WorldError("No link has a line to match points to.",
                         "Give the links shapes (WKT) or their ends' coordinates, or a table of nodes with coordinates.")
    state_of_place = np.full(world.n_places, -1)
    state_of_place[world.place_of_state[ground]] = np.flatnonzero(ground)
    places = places[state_of_place[places] >= 0]
    places = places[np.argsort(world.place_names[places].astype(str), kind="stable")]
    places = places[_neighbours_first(world.mdp, state_of_place[places])]
    state = state_of_place[places]
    number = _numbers(world.mdp, state)
    out = _follows(world.mdp, number, len(state))
    turn = world.choice_turn[out[2]]
    start, end = world.shape_offsets[places], world.shape_offsets[places + 1]
    link, at = _segments(start, end)
    xy = np.column_stack((world.shape_xy[at], world.shape_xy[at + 1]))
    steps = np.hypot(xy[:, 2] - xy[:, 0], xy[:, 3] - xy[:, 1])
    drawn_m = np.bincount(link, steps, len(state))
    length = _lengths(world, number, state, drawn_m)
    before = np.cumsum(steps) - steps
    before -= before[np.searchsorted(link, np.arange(len(state)))][link]
    scale = (length / np.maximum(drawn_m, 1e-9))[link]
    span = np.column_stack((before, before + steps)) * scale[:, None]
    end_xy = world.shape_xy[end - 1]
    chord = np.hypot(*(end_xy - world.shape_xy[start]).T)
    ratio = float(min(np.min(length[chord > 1.0] / chord[chord > 1.0], initial=1.0), 1.0))
    turned, choice = _turned(world, out, start, end)
    corner, cell, columns, rows, keys, segments = _cells(xy, steps)
    return Roads(state, length, *out, turn, turned, choice, _dull(out, turned), np.ascontiguousarray(end_xy), max(ratio * 0.999, 0.0),
                 link.astype(np.int32), np.ascontiguousarray(xy), np.ascontiguousarray(span), corner, cell, columns, rows, keys, segments)


def _numbers(mdp: MDP, state: np.ndarray) -> np.ndarray:
    """Which of the links each state is, -1 where none."""
    number = np.full(mdp.n_states, -1)
    number[state] = np.arange(len(state))
    return number


def _neighbours_first(mdp: MDP, state: np.ndarray) -> np.ndarray:
    """An order in which links that follow each other stand close together, so that a search stays in the fast part of memory; like names,
    it hangs neither on the order of a table nor on where the network lies."""
    offsets, to, _ = _follows(mdp, _numbers(mdp, state), len(state))
    return np.asarray(reverse_cuthill_mckee(csr_array((np.ones(len(to)), to, offsets), shape=(len(state), len(state)))))


def _follows(mdp: MDP, number: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """out_offsets, out_to and out_choice, of choices between links that have a line, in their order."""
    before, after = number[mdp.choice_state], number[mdp.likeliest]
    choice = np.flatnonzero((before >= 0) & (after >= 0))
    choice = choice[np.lexsort((after[choice], before[choice]))]
    offsets = np.concatenate(([0], np.cumsum(np.bincount(before[choice], minlength=n)))).astype(np.int64)
    return offsets, after[choice].astype(np.int32), choice


def _segments(start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The link of each segment, and its first vertex."""
    many = end - start - 1
    link = np.repeat(np.arange(len(start)), many)
    return link, np.arange(len(link)) - np.repeat(np.cumsum(many) - many, many) + np.repeat(start, many)


def _lengths(world: World, number: np.ndarray, state: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """(L,) metres: as the world has them of choices that lead to a link, else as drawn; never less than a centimetre."""
    out = drawn.copy()
    after = number[world.mdp.likeliest]
    known = (after >= 0) & np.isfinite(world.choice_length)
    out[after[known]] = world.choice_length[known]
    return np.maximum(np.where(out > 0.0, out, drawn), 0.01)


def _turned(world: World, out: tuple[np.ndarray, np.ndarray, np.ndarray], start: np.ndarray,
            end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which link has the same line the other way round and may follow, and the choice that it is."""
    offsets, to, choice = out
    n = len(start)
    before = np.repeat(np.arange(n), np.diff(offsets))
    xy, many = world.shape_xy, end - start
    alike = many[before] == many[to]
    alike &= (xy[start[before]] == xy[end[to] - 1]).all(axis=1) & (xy[end[before] - 1] == xy[start[to]]).all(axis=1)
    pairs = np.flatnonzero(alike)
    same = [bool((xy[start[before[k]]:end[before[k]]] == xy[start[to[k]]:end[to[k]]][::-1]).all()) for k in pairs]
    pairs = pairs[np.asarray(same, bool)][::-1]  # of several the first stands
    turned, which = np.full(n, -1, np.int32), np.full(n, -1)
    turned[before[pairs]], which[before[pairs]] = to[pairs], choice[pairs]
    return turned, which


def _dull(out: tuple[np.ndarray, np.ndarray, np.ndarray], turned: np.ndarray) -> np.ndarray:
    """Links where nothing but the link before, the other way, follows once one has turned: there one could have turned before."""
    offsets, to, _ = out
    n = len(turned)
    before = np.repeat(np.arange(n), np.diff(offsets))
    on = to != turned[before]
    ways = np.bincount(before[on], minlength=n)
    only = np.full(n, -1)
    only[before[on]] = to[on]
    back = np.maximum(turned, 0)
    after = np.maximum(only[back], 0)
    return np.asarray((turned >= 0) & (turned[back] == np.arange(n)) & (ways[back] == 1) & (turned[after] >= 0))


def _cells(xy: np.ndarray, steps: np.ndarray) -> tuple[np.ndarray, float, int, int, np.ndarray, np.ndarray]:
    """The grid: cells as wide as is usual between points and road, wider where links are so long that there would be too many pieces."""
    cell = max(CELL_M, float(steps.sum()) / MOST_PIECES)
    corner = xy.reshape(-1, 2).min(axis=0)
    columns, rows = (int(v) + 1 for v in np.floor((xy.reshape(-1, 2).max(axis=0) - corner) / cell))
    parts = np.maximum(np.ceil(steps / cell), 1.0).astype(np.int64)
    segment = np.repeat(np.arange(len(xy)), parts)
    k = np.arange(len(segment)) - np.repeat(np.cumsum(parts) - parts, parts)
    low, high = k / parts[segment], (k + 1) / parts[segment]
    d = xy[segment, 2:] - xy[segment, :2]
    a, b = (xy[segment, :2] + d * u[:, None] for u in (low, high))
    least, most = (np.floor((f(a, b) - corner) / cell).astype(np.int64) for f in (np.minimum, np.maximum))
    keys, of = [], []
    for i in range(2):
        for j in range(2):
            column, row = least[:, 0] + i, least[:, 1] + j
            inside = (column <= most[:, 0]) & (row <= most[:, 1])
            keys.append((row * columns + column)[inside])
            of.append(segment[inside])
    key, segments = np.concatenate(keys), np.concatenate(of)
    order = np.lexsort((segments, key))
    key, segments = key[order], segments[order]
    first = np.append(True, (key[1:] != key[:-1]) | (segments[1:] != segments[:-1]))
    return corner, cell, columns, rows, key[first], segments[first]

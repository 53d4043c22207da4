"""Neighbouring ends as one goal: a terminal is one place to go to, however many cells or links trips to it end in.

Leader clustering (Hartigan, *Clustering Algorithms*, 1975, chapter 3) with the leaders taken by density (the cut-off kernel of Rodriguez
and Laio, "Clustering by fast search and find of density peaks", 2014, equation 1): the density of an end is the number of trips that ended
within ``reach`` of it; going down by density, an end leads a group of its own where no leader is within reach; at last every end joins the
nearest leader. So no end is farther than ``reach`` from the end that its group is named after.

The reach is a share of how far these trips go, so it follows the data, and no unit. Densities are whole numbers and distances are compared
as shares of the reach, to six digits; what is equal goes by the number of trips, then by the name of the end: neither the order of ends nor
the last bit of a distance counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from irlcore.worlds.mdp import MDP, Paths
from irlcore.worlds.world import World

SHARE = 0.05  # of how far a usual trip goes: goals closer than this to each other are one
CELLS = 1.5  # of a grid, at least: neighbouring cells, corner to corner too, are within reach
STEPS = 2.0  # without coordinates, at least
DIGITS = 6
CHUNK = 128  # ends whose ways are searched together


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """group: (E,) int64, the group of each end, numbered from the most used one on. peak: (n,) int64, the end that leads each group.
    reach: in the world's unit, or in steps where it has no coordinates."""

    group: np.ndarray
    peak: np.ndarray
    reach: float


def group_ends(world: World, paths: Paths, ends: np.ndarray, counts: np.ndarray, names: np.ndarray) -> Grouping:
    """Groups of the places ``ends`` (E,) where ``counts`` (E,) of ``paths`` ended; names (E,) str, each once."""
    reach = reach_of(world, paths)
    rows, columns, far = _pairs(world, ends, reach)
    near = sp.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(ends),) * 2)
    density = np.rint(near @ counts.astype(np.float64)).astype(np.int64)
    order = np.lexsort((np.asarray(names).astype(str), -counts, -density))
    rank = np.empty(len(ends), np.int64)
    rank[order] = np.arange(len(ends))
    leads = _leaders(order, near, len(ends))
    led = leads[columns]
    best = np.lexsort((rank[columns[led]], far[led], rows[led]))
    first = best[np.unique(rows[led][best], return_index=True)[1]]
    leader = columns[led][first]
    used = np.zeros(len(ends), np.int64)
    np.add.at(used, leader, counts.astype(np.int64))
    peaks = np.flatnonzero(leads)
    peaks = peaks[np.lexsort((rank[peaks], -used[peaks]))]
    number = np.full(len(ends), -1)
    number[peaks] = np.arange(len(peaks))
    return Grouping(number[leader], peaks, reach)


def reach_of(world: World, paths: Paths) -> float:
    """A share of the median size of the paths' bounding boxes, in the world's unit; of their steps without coordinates."""
    states = np.insert(world.mdp.choice_state[paths.choices], paths.offsets[1:], paths.last_state)
    starts = paths.offsets[:-1] + np.arange(len(paths))
    xy = world.place_xy[world.place_of_state[states]]
    if not world.has_coordinates or not len(paths):
        return max(STEPS, SHARE * float(np.median(paths.lengths)) if len(paths) else 0.0)
    high = np.fmax.reduceat(xy, starts)
    size = np.hypot(*(high - np.fmin.reduceat(xy, starts)).T)
    usual = float(np.nanmedian(size)) if np.isfinite(size).any() else 0.0
    cell = float(world.settings.get("cell", 0.0)) if world.kind == "grid" else 0.0
    return max(SHARE * usual, CELLS * cell)


def _leaders(order: np.ndarray, near: sp.csr_array, n: int) -> np.ndarray:
    """(E,) bool: which ends lead, going down by density."""
    leads, covered = np.zeros(n, bool), np.zeros(n, bool)
    for end in order.tolist():
        if not covered[end]:
            leads[end] = True
            covered[near.indices[near.indptr[end]:near.indptr[end + 1]]] = True
    return leads


def _pairs(world: World, ends: np.ndarray, reach: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All pairs of ends within reach, each both ways and with itself: rows, columns, and the distance as a share of the reach."""
    own = np.arange(len(ends))
    xy = world.place_xy[ends]
    known = np.flatnonzero(np.isfinite(xy).all(axis=1))
    if world.has_coordinates:
        scaled = (xy - xy[known].min(axis=0, initial=np.inf)) / max(reach, 1e-300)
        wide = 1.0 + 2.0 * 10.0**-DIGITS  # what is just within is not lost by its last bit
        pairs = known[cKDTree(scaled[known]).query_pairs(wide, output_type="ndarray")] if len(known) else np.zeros((0, 2), np.int64)
        far = np.hypot(*(scaled[pairs[:, 0]] - scaled[pairs[:, 1]]).T)
    else:
        pairs, far = _pairs_by_steps(world.mdp, _states_of(world, ends), reach)
    far = np.round(far, DIGITS)
    pairs, far = pairs[far <= 1.0], far[far <= 1.0]
    return (np.concatenate((own, pairs[:, 0], pairs[:, 1])), np.concatenate((own, pairs[:, 1], pairs[:, 0])),
            np.concatenate((np.zeros(len(own)), far, far)))


def _states_of(world: World, places: np.ndarray) -> np.ndarray:
    """One state of each place; without coordinates nothing but a clock makes several, which are alike."""
    first = np.full(world.n_places, -1)
    first[world.place_of_state[::-1]] = np.arange(world.mdp.n_states)[::-1]
    found: np.ndarray = first[places]
    return found


def _pairs_by_steps(mdp: MDP, states: np.ndarray, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (n, 2) of ends and how many steps, in either direction, lead from the one to the other, as a share of the reach."""
    steps = sp.csr_array((np.ones(len(mdp.successors)), (mdp.choice_state[mdp.outcome_choice], mdp.successors)), shape=(mdp.n_states,) * 2)
    pairs, far = [np.zeros((0, 2), np.int64)], [np.zeros(0)]
    for begin in range(0, len(states), CHUNK):
        found = dijkstra(steps, directed=False, indices=states[begin:begin + CHUNK], unweighted=True, limit=reach)[:, states]
        row, column = np.nonzero(np.isfinite(found))
        later = column > row + begin
        pairs.append(np.column_stack((row + begin, column))[later])
        far.append(found[row, column][later] / reach)
    return np.concatenate(pairs), np.concatenate(far)

"""MaxEnt's values towards a few goals side by side, by sweeps.

In a deterministic world at gamma = 1, e^V towards goal g is the least z >= 0 with z = 1 at g and z = W z elsewhere, W[s, s'] the sum of e^r
over the choices from s to s'. Gauss-Seidel from z = 0, in the order of the steps to the goal, comes to it from below: a sweep carries all
ways on that lead nearer, so each takes up one more step away from the goal, and those are dear. One sweep in logarithms first gives a
potential p, and all later ones are of e^(V - p), which is near 1 however far the goal: nothing underflows, and nothing is slower far away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.planning.graph import Graph
from irlcore.rationality.sweeps import kernels
from irlcore.rationality.sweeps.near import SIDE_BY_SIDE

MOST_SWEEPS, FIRST_SWEEPS = 500, 64
SLOW = 1e-2  # of z: what still moves by that after the first sweeps takes more of them than elimination costs
SETTLED = 1e-15  # of z: the last sweep moved it by no more than rounding
SMALLEST, LARGEST = 1e-250, 1e250  # of z: beyond, products leave floating point


@dataclass(frozen=True, slots=True)
class Outwards:
    """States by rank, n of them. rank: (S,) uint32, S where no goal can be reached. offsets (n + 1,), after and choice (E,): steps,
    uint32. weight: (E,) e^(r + p[after] - p[here]). potential: (n,) p. ends: (n_goals, B) bool, which goal states are whose. z: (n, B)
    e^(V - p)."""

    rank: np.ndarray
    offsets: np.ndarray
    after: np.ndarray
    choice: np.ndarray
    weight: np.ndarray
    potential: np.ndarray
    ends: np.ndarray
    z: np.ndarray

    def value(self, column: int, states: np.ndarray) -> np.ndarray | None:
        """V (k,) of ``states`` towards one of the goals; None where one cannot come there, or e^(V - p) is too far from 1."""
        ranks = self.rank[states]
        if (ranks == len(self.rank)).any():
            return None
        z = self.z[ranks, column]
        return np.log(z) + self.potential[ranks] if z.min(initial=1.0) >= SMALLEST else None


def values_outwards(graph: Graph, reward: np.ndarray, goals: list[np.ndarray], within: np.ndarray | None) -> Outwards | None:
    """Soft values towards at most ``SIDE_BY_SIDE`` goals (arrays of states) of rewards (M,); None where sweeps do not settle.

    within: (S,) bool, the states that trips can come to, from which no way leads elsewhere.
    """
    n_states = graph.n_states
    order, rank = np.empty(n_states, np.uint32), np.empty(n_states, np.uint32)
    kept = np.ones(n_states, np.bool_) if within is None else within
    n = kernels.order_outwards(graph.into_offsets, graph.into_state, np.concatenate(goals).astype(np.uint32), kept, order, rank)
    offsets, after, choice = np.empty(n + 1, np.uint32), np.empty(graph.n_choices, np.uint32), np.empty(graph.n_choices, np.uint32)
    count = kernels.steps_by_rank(order[:n], rank, graph.choice_offsets, graph.successors, offsets, after, choice)
    after, choice = after[:count].copy(), choice[:count].copy()
    ends = np.zeros((len(np.unique(np.concatenate(goals))), SIDE_BY_SIDE), np.bool_)
    for column, states in enumerate(goals):
        ends[rank[states], column] = True
    weight, potential, z = np.empty(count), np.empty(n), np.zeros((n, SIDE_BY_SIDE))
    kernels.weigh(offsets, after, choice, reward, len(ends), weight, potential)
    if not _settled(offsets, after, weight, ends, z) or not z.max(initial=0.0) <= LARGEST:
        return None
    return Outwards(rank, offsets, after, choice, weight, potential, ends, z)


def _settled(offsets: np.ndarray, after: np.ndarray, weight: np.ndarray, ends: np.ndarray, z: np.ndarray) -> bool:
    """Sweep z (n, B) until it is."""
    if kernels.sweep_eight(offsets, after, weight, ends, FIRST_SWEEPS, SETTLED, z) <= FIRST_SWEEPS:
        return True
    if kernels.sweep_eight(offsets, after, weight, ends, 1, SLOW, z) > 1:
        return False
    return bool(kernels.sweep_eight(offsets, after, weight, ends, MOST_SWEEPS, SETTLED, z) <= MOST_SWEEPS)

"""MaxEnt's values towards a few goals side by side, by sweeps.

In a deterministic world at gamma = 1, e^V towards goal g is the least z >= 0 with z = 1 at g and z = W z elsewhere, W[s, s'] the sum of e^r
over the choices from s to s'. Gauss-Seidel from z = 0, in the order of the steps to the goal, comes to it from below: a sweep carries all
ways on that lead nearer, so each takes up one more step away from the goal, and those are dear. One sweep in logarithms first gives a
potential p, and all later ones are of e^(V - p), which is near 1 however far the goal: nothing underflows, and nothing is slower far away.

In a large world most states lie far behind all starts, and are left out. Every way from there to a goal comes back through states at the
rim, so what e^V(s) lacks is at most the sum over the steps out of F(s, b) e^r e^V(rim) h: F(s, b) the sum of e^r over the ways from s to b,
which expected visits tell, and h how many more steps walks discounted by e^r make from one state than from another, some dozens where
sweeps settle. It is summed up for every goal (``Outwards.lost``); where it is more than rounding the goal is judged in the whole world.
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
ROOM = 24.0  # nats below all starts, by the potential, that states are still gone back from
LARGEST_EXPONENT = 300.0
SMALLEST, LARGEST = 1e-250, 1e250  # of z: beyond, products leave floating point


@dataclass(frozen=True, slots=True)
class Rim:
    """What lies around the states that are kept. exits: (k,) ranks from which a step leads to states that are left out. away: (k,) log of
    the sum of e^r over these steps. back: (B,) the highest V of states through which every way leads back."""

    exits: np.ndarray
    away: np.ndarray
    back: np.ndarray


@dataclass(frozen=True, slots=True)
class Outwards:
    """States by rank, n of them. rank: (S,) uint32, S where no goal can be reached, or only at much cost. offsets (n + 1,), after and
    choice (E,): steps, uint32. weight: (E,) e^(r + p[after] - p[here]). potential: (n,) p. ends: (n_goals, B) bool, which goal states are
    whose. z: (n, B) e^(V - p). rim: None where no state is left out from which a goal can be reached."""

    rank: np.ndarray
    offsets: np.ndarray
    after: np.ndarray
    choice: np.ndarray
    weight: np.ndarray
    potential: np.ndarray
    ends: np.ndarray
    z: np.ndarray
    rim: Rim | None = None

    def value(self, column: int, states: np.ndarray) -> np.ndarray | None:
        """V (k,) of ``states`` towards one of the goals; None where one cannot come there, or e^(V - p) is too far from 1."""
        ranks = self.rank[states]
        if (ranks == len(self.rank)).any():
            return None
        z = self.z[ranks, column]
        return np.log(z) + self.potential[ranks] if z.min(initial=1.0) >= SMALLEST else None

    def lost(self, column: int, visits: np.ndarray) -> float:
        """How many of the trips that make ``visits`` (n,) on their way to one of the goals may go by what is left out, next to none."""
        if self.rim is None:
            return 0.0
        met = np.flatnonzero(visits[self.rim.exits])
        exits = self.rim.exits[met]
        value = np.log(self.z[exits, column]) + self.potential[exits]
        return float(visits[exits] @ np.exp(np.minimum(self.rim.away[met] + self.rim.back[column] - value, LARGEST_EXPONENT)))


def values_outwards(graph: Graph, reward: np.ndarray, goals: list[np.ndarray], within: np.ndarray | None,
                    starts: np.ndarray | None = None) -> Outwards | None:
    """Soft values towards at most ``SIDE_BY_SIDE`` goals (arrays of states) of rewards (M,); None where sweeps do not settle.

    within: (S,) bool, the states that trips can come to, from which no way leads elsewhere. starts: (k,), the states from which values are
    asked for; where they are told, states from which it is much dearer to come to a goal are left out.
    """
    n_states = graph.n_states
    order, rank, potential = np.empty(n_states, np.uint32), np.empty(n_states, np.uint32), np.empty(n_states)
    kept, begun = np.ones(n_states, np.bool_) if within is None else within, np.zeros(0, np.uint32) if starts is None else starts
    n, first, floor = kernels.order_outwards(graph.into_offsets, graph.into_state, graph.choice_offsets, graph.successors, reward,
                                             np.concatenate(goals).astype(np.uint32), kept, begun.astype(np.uint32), ROOM, order, rank,
                                             potential)
    potential, most = potential[:n].copy(), graph.n_choices
    offsets, before, away = np.empty(n + 1, np.uint32), np.empty(n, np.uint32), np.empty(n)
    after, choice, weight = np.empty(most, np.uint32), np.empty(most, np.uint32), np.empty(most)
    count = kernels.steps_by_rank(order[:n], rank, graph.choice_offsets, graph.successors, reward, potential, offsets, after, choice,
                                  weight, before, away)
    after, choice, weight = after[:count].copy(), choice[:count].copy(), weight[:count].copy()
    ends = np.zeros((len(np.unique(np.concatenate(goals))), SIDE_BY_SIDE), np.bool_)
    for column, states in enumerate(goals):
        ends[rank[states], column] = True
    z = np.zeros((n, SIDE_BY_SIDE))
    if not _settled(offsets, after, weight, before, ends, z) or not z.max(initial=0.0) <= LARGEST:
        return None
    rim = first + np.flatnonzero(potential[first:] < floor)
    return Outwards(rank, offsets, after, choice, weight, potential, ends, z, _rim(rim, away, potential, z) if len(rim) else None)


def _rim(rim: np.ndarray, away: np.ndarray, potential: np.ndarray, z: np.ndarray) -> Rim:
    exits = np.flatnonzero(away > 0.0)
    with np.errstate(divide="ignore"):
        return Rim(exits, np.log(away[exits]), (np.log(z[rim]) + potential[rim, None]).max(axis=0))


def _settled(offsets: np.ndarray, after: np.ndarray, weight: np.ndarray, before: np.ndarray, ends: np.ndarray, z: np.ndarray) -> bool:
    """Sweep z (n, B) until it is."""
    if kernels.sweep_eight(offsets, after, weight, before, ends, FIRST_SWEEPS, SETTLED, z) <= FIRST_SWEEPS:
        return True
    if kernels.sweep_eight(offsets, after, weight, before, ends, 1, SLOW, z) > 1:
        return False
    return bool(kernels.sweep_eight(offsets, after, weight, before, ends, MOST_SWEEPS, SETTLED, z) <= MOST_SWEEPS)

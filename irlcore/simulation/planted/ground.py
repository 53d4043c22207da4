"""The world as planted ways need it: shortest ways that keep off some places, and ways pieced together from a track's own and others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from irlcore.worlds.world import World

NO_WAY = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A deterministic world. steps: (S, S), the length of the step from one state to another."""

    world: World
    steps: sp.csr_array

    @property
    def n_states(self) -> int:
        """S, the number of states."""
        return int(self.steps.shape[0])

    def places(self, states: np.ndarray) -> np.ndarray:
        """The place of each state."""
        return np.asarray(self.world.place_of_state[states])

    def others(self, states: np.ndarray, but: np.ndarray) -> np.ndarray:
        """All states of the places of ``states``, those ``but`` left out: what a way has to keep off to be another one."""
        if self.world.n_places == self.n_states:
            return np.setdiff1d(states, but)
        inside = np.zeros(self.world.n_places, bool)
        inside[self.places(states)] = True
        return np.setdiff1d(np.flatnonzero(inside[self.world.place_of_state]), but)

    def states_of(self, states: np.ndarray) -> np.ndarray:
        """All states of the places of ``states``."""
        return self.others(states, NO_WAY) if self.world.n_places < self.n_states else np.unique(states)

    def onward(self, state: int) -> np.ndarray:
        """The states one step on, itself left out."""
        mdp = self.world.mdp
        found = np.unique(mdp.likeliest[mdp.choice_offsets[state]:mdp.choice_offsets[state + 1]])
        return np.asarray(found[found != state])

    def beside(self, states: np.ndarray) -> np.ndarray:
        """The places one step on from any of ``states``."""
        mdp = self.world.mdp
        mine = np.zeros(self.n_states, bool)
        mine[states] = True
        return np.unique(self.places(mdp.likeliest[mine[mdp.choice_state]]))

    def shortest(self, start: int, end: int, avoided: np.ndarray) -> np.ndarray:
        """States of the shortest way (by length) that enters none of ``avoided``; empty where there is none."""
        return shortest_way(self.steps, start, end, avoided)


def ground_of(world: World) -> Ground:
    """The ground of a world; where lengths are not known, or there are none, every step is as long as any."""
    length = world.choice_length
    length = np.ones(len(length)) if not np.isfinite(length).all() or not length.max(initial=0.0) > 0.0 else np.maximum(length, 1e-6)
    return Ground(world, step_lengths(world, length))


def step_lengths(world: World, length: np.ndarray) -> sp.csr_array:
    """(S, S): ``length`` (M,) of the step from state to state; of several the shortest."""
    mdp = world.mdp
    n, m = mdp.n_states, mdp.n_choices
    order = np.lexsort((length, mdp.likeliest, mdp.choice_state))
    before, after = mdp.choice_state[order], mdp.likeliest[order]
    first = np.ones(m, bool)
    first[1:] = (np.diff(before) != 0) | (np.diff(after) != 0)
    return sp.csr_array((length[order][first], (before[first], after[first])), shape=(n, n))


def shortest_way(steps: sp.csr_array, start: int, end: int, avoided: np.ndarray) -> np.ndarray:
    """States of the shortest way that enters none of ``avoided``; empty where there is none."""
    open_ = np.ones(steps.shape[0])
    open_[avoided] = 0.0
    graph = steps @ sp.dia_array((open_[None], [0]), shape=steps.shape)
    graph.eliminate_zeros()
    distance, before = dijkstra(graph, indices=start, return_predecessors=True)
    if not np.isfinite(distance[end]):
        return NO_WAY
    way = [end]
    while way[-1] != start:
        way.append(int(before[way[-1]]))
    return np.array(way[::-1], np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A planted way. states: (n + 1,) int64. own: (n,) int64, which choice of the track it was made of each step is, -1 where it is
    none."""

    states: np.ndarray
    own: np.ndarray


def pieced(states: np.ndarray, pieces: Sequence[tuple[int, int] | np.ndarray]) -> Way:
    """One way of pieces that each begin where the last one ended: (a, b) for the track's own way from its state a to its state b, states
    for any other."""
    all_states, own = [], []
    for k, piece in enumerate(pieces):
        if isinstance(piece, tuple):
            way, taken = states[piece[0]:piece[1] + 1], np.arange(piece[0], piece[1])
        else:
            way, taken = piece, np.full(len(piece) - 1, -1)
        all_states.append(way if k == 0 else way[1:])
        own.append(taken)
    return Way(np.concatenate(all_states).astype(np.int64), np.concatenate(own).astype(np.int64))

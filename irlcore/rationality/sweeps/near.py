"""Which goals are swept side by side: those few steps apart, as then one order of the states goes outwards from all of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from irlcore.planning.graph import Graph, graph_of
from irlcore.rationality.sweeps import kernels
from irlcore.worlds.mdp import MDP

SIDE_BY_SIDE = 8  # goals: a row of z is a line of the cache
NEAR = 32  # steps from the first goal: farther ones take as many more sweeps as are saved
KEPT = 4


def near_goals(mdp: MDP, goals: Sequence[np.ndarray]) -> list[list[int]]:
    """Numbers of the ``goals`` (arrays of states), each once, in lists of at most ``SIDE_BY_SIDE``. The same for the same goals in the same
    order, whatever was asked before."""
    memory, key = mdp.derived(_last_asked), tuple(map(bytes, goals))
    if key not in memory:
        if len(memory) >= KEPT:
            memory.pop(next(iter(memory), key), None)
        memory[key] = _find(graph_of(mdp), goals)
    return memory.get(key) or _find(graph_of(mdp), goals)


def _last_asked(mdp: MDP) -> dict[tuple[bytes, ...], list[list[int]]]:
    """Goals asked about last, and how they go together: asked for again at every evaluation."""
    return {}


def _find(graph: Graph, goals: Sequence[np.ndarray]) -> list[list[int]]:
    steps, left, found = np.empty(graph.n_states, np.uint32), np.ones(len(goals), bool), []
    first_state = np.array([states[0] for states in goals], np.int64)
    for k, states in enumerate(goals):
        if left[k]:
            left[k] = False
            kernels.steps_away(graph.into_offsets, graph.into_state, states.astype(np.uint32), NEAR, steps)
            away = steps[first_state]
            others = np.flatnonzero(left & (away <= NEAR))
            others = others[np.argsort(away[others], kind="stable")][:SIDE_BY_SIDE - 1]
            left[others] = False
            found.append([k, *others.tolist()])
    return found

"""Abnormal trips injected among real ones: a stretch of each trip is cut out and the gap is closed by another way."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import dijkstra

from irlcore.worlds.mdp import Paths, choices_between
from irlcore.worlds.world import World

CUT = 0.3
TRIES = 10


def rerouted(world: World, paths: Paths, rng: np.random.Generator, cut: float = CUT) -> Paths:
    """Every path with a stretch of ``cut`` of its places taken by the shortest way (by length) that uses none of the path's own.

    The stretch is drawn at random; where there is no other way another one is drawn, and a path without any is left out. A way by no other
    place (a loop left out, a longer way made direct) is no detour.
    """
    mdp = world.mdp
    steps = sp.csr_array((np.maximum(world.choice_length, 1e-6), (mdp.choice_state, mdp.successors)), shape=(mdp.n_states,) * 2)
    kept, routes = [], []
    for i in range(len(paths)):
        route = _rerouted(steps, paths.states(mdp, i), rng, cut)
        if len(route):
            kept.append(i)
            routes.append(route)
    offsets = np.concatenate(([0], np.cumsum([len(r) - 1 for r in routes]))).astype(np.int64)
    nothing = np.zeros(0, np.int64)
    before, after = (np.concatenate([nothing, *(r[part] for r in routes)]) for part in (slice(None, -1), slice(1, None)))
    index = np.array(kept, np.int64)
    last = np.array([r[-1] for r in routes], np.int64)
    return Paths(paths.ids[index], offsets, choices_between(mdp, before, after), last, paths.goal[index], paths.goals)


def _rerouted(steps: sp.csr_array, states: np.ndarray, rng: np.random.Generator, cut: float) -> np.ndarray:
    n = len(states)
    width = max(2, round(cut * n))
    for _ in range(TRIES if n > width else 0):
        start = int(rng.integers(0, n - width))
        end = start + width
        avoided = np.setdiff1d(states, states[[start, end]])
        way = _shortest(steps, int(states[start]), int(states[end]), avoided)
        if len(way) > 2:
            return np.concatenate((states[:start], way, states[end + 1:]))
    return np.zeros(0, np.int64)


def _shortest(steps: sp.csr_array, start: int, end: int, avoided: np.ndarray) -> np.ndarray:
    """States of the shortest way that enters none of ``avoided``; empty where there is none."""
    open_ = np.ones(steps.shape[0])
    open_[avoided] = 0.0
    graph = steps @ sp.dia_array((open_[None], [0]), shape=steps.shape)
    graph.eliminate_zeros()
    distance, before = dijkstra(graph, indices=start, return_predecessors=True)
    if not np.isfinite(distance[end]):
        return np.zeros(0, np.int64)
    way = [end]
    while way[-1] != start:
        way.append(int(before[way[-1]]))
    return np.array(way[::-1])


def false_alarms(normal: np.ndarray, abnormal: np.ndarray, detected: float = 0.8) -> float:
    """Share of normal scores at least as high as the threshold that detects this share of the abnormal ones."""
    return float((normal >= np.quantile(abnormal, 1.0 - detected)).mean())

"""Detours planted among ordinary trips: a stretch of each trip is cut out and the gap is closed by another way."""

from __future__ import annotations

import numpy as np

from irlcore.simulation.planted.ground import NO_WAY, Ground, Way, pieced, shortest_way, step_lengths
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
    ground = Ground(world, step_lengths(world, np.maximum(world.choice_length, 1e-6)))
    kept, routes = [], []
    for i in range(len(paths)):
        way = detoured(ground, paths.states(mdp, i), rng, cut)
        if way is not None:
            kept.append(i)
            routes.append(way.states)
    offsets = np.concatenate(([0], np.cumsum([len(r) - 1 for r in routes]))).astype(np.int64)
    before, after = (np.concatenate([NO_WAY, *(r[part] for r in routes)]) for part in (slice(None, -1), slice(1, None)))
    index = np.array(kept, np.int64)
    last = np.array([r[-1] for r in routes], np.int64)
    return Paths(paths.ids[index], offsets, choices_between(mdp, before, after), last, paths.goal[index], paths.goals)


def detoured(ground: Ground, states: np.ndarray, rng: np.random.Generator, cut: float = CUT, barred: np.ndarray = NO_WAY,
             beside: np.ndarray = NO_WAY) -> Way | None:
    """One way with a stretch of ``cut`` of it taken another way; None where there is none. That keeps off the states ``barred``, and off
    those of the places ``beside`` that are not next to where it begins or ends."""
    n = len(states)
    width = max(2, round(cut * n))
    headed = ground.world.n_places < ground.n_states  # a place is come to in another state from elsewhere, and left to the same one
    for _ in range(TRIES if n > width + headed else 0):
        start = int(rng.integers(0, n - width - headed))
        end = start + width
        ends, joins = states[[start, end]], end + headed
        open_ = np.append(states[[start, joins]], ground.states_of(ends[1:])) if headed else ends
        avoided = np.union1d(ground.others(states, open_), np.setdiff1d(barred, ends))
        if len(beside):
            apart = np.setdiff1d(beside, np.concatenate((ground.beside(ends), ground.places(ends))))
            avoided = np.union1d(avoided, np.setdiff1d(np.flatnonzero(np.isin(ground.world.place_of_state, apart)), open_))
        other = shortest_way(ground.steps, int(states[start]), int(states[joins]), avoided)
        if len(other) > 2 + headed and not np.isin(ground.places(other), ground.places(states)).all():
            return pieced(states, [(0, start), other, (joins, n - 1)])
    return None

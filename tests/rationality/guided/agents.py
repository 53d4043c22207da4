"""Made-up agents who go by value features beside their plan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.guided.guided import Guided
from irlcore.rationality.guided.value_features import ValueSpec
from irlcore.worlds.grid import build_grid
from irlcore.worlds.world import World
from tests.rationality.worlds import walk

THETA = np.array([-2.2, -0.8])
NAMES = ("step", "rough")
HEADING, STRAIGHT, WAY = ValueSpec("heading"), ValueSpec("straight", unit="km"), ValueSpec("way", unit="km")
STEPS, ZONE, MUD = ValueSpec("steps"), ValueSpec("zone", "yard", "km"), ValueSpec("ahead", "mud")
YARD = np.array([[0.0, 0.0], [900.0, 0.0], [900.0, 900.0], [0.0, 900.0], [0.0, 0.0]])


def ground(slip: float = 0.0, wide: int = 6) -> World:
    """A square of cells of 500 m."""
    return build_grid(0, 0, 500 * wide, 500 * wide, 500, "m", slip=slip)


def features(world: World) -> np.ndarray:
    rng = np.random.default_rng(3)
    return np.column_stack((np.ones(world.mdp.n_choices), rng.random(world.n_places)[world.choice_place]))


def mud(world: World) -> np.ndarray:
    return (np.random.default_rng(4).random(world.n_places) < 0.4)[world.choice_place].astype(np.float64)


def guided(plan: Rationality, specs: Sequence[ValueSpec], world: World) -> Guided:
    return Guided(plan, specs).on(world, {"yard": YARD}, {"mud": mud(world)})


def problem_of(plan: Rationality, specs: Sequence[ValueSpec], own: Sequence[float], n: int = 60, seed: int = 1, slip: float = 0.0,
               gamma: float = 1.0, world: World | None = None) -> Problem:
    """Trips that the model itself makes, to three goals."""
    world = ground(slip) if world is None else world
    model, phi, rng, s = guided(plan, specs, world), features(world), np.random.default_rng(seed), world.mdp.n_states
    prepared = model.prepare(world.mdp, phi @ THETA, gamma, np.asarray(own, float))
    at = [s - 1, s // 2, 3]
    policies = {g: model.solve(prepared, np.array([g])).log_policy for g in at}
    starts = rng.choice(np.setdiff1d(np.arange(s), at), n)
    paths = walk(world.mdp, policies, starts, rng.choice(at, n), rng)
    return Problem(world.mdp, phi, NAMES, paths, model, gamma)

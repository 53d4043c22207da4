"""A small grid, and trips of a made-up class in it, for the tests of elicitation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from irlcore.elicitation.expected_use import expected
from irlcore.elicitation.suggestions import Unexplained
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_matrix, recounts
from irlcore.fitting.likelihood import residual_matrix
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult
from irlcore.rationality.base import Rationality
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.grid import build_grid
from irlcore.worlds.mdp import MDP, Paths
from irlcore.worlds.world import World
from tests.rationality.worlds import walk

LENGTH = FeatureSpec("length", "length", {"per": 100.0})
COST = -2.5
"""Utility of 100 m: eight ways on from a cell, so less would not hold at gamma = 1."""


def grid(side: int = 8, slip: float = 0.0) -> World:
    """Cells of 100 m."""
    return build_grid(0.0, 0.0, 100.0 * side, 100.0 * side, 100.0, "m", slip=slip)


def square(x: float, y: float, half: float) -> np.ndarray:
    return np.array([[x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half], [x - half, y - half]])


def drawn(mdp: MDP, reward: np.ndarray, n: int, seed: int, model: Rationality | None = None, gamma: float = 1.0,
          n_goals: int = 4) -> Paths:
    """Trips of the model (MaxEnt where none is given), from anywhere to one of a few goals."""
    model, rng = model or MaxEnt(), np.random.default_rng(seed)
    goals = rng.choice(mdp.n_states, n_goals, replace=False)
    prepared = model.prepare(mdp, reward, gamma)
    policies = {int(g): model.solve(prepared, np.array([g])).log_policy for g in goals}
    ends = rng.choice(goals, n)
    starts = rng.integers(0, mdp.n_states, n)
    return walk(mdp, policies, np.where(starts == ends, (starts + 1) % mdp.n_states, starts), ends, rng)


def context_with(paths: Paths, zones: dict[str, np.ndarray] | None = None) -> Context:
    return Context(zones or {}, {}, paths, expected)


def fitted(world: World, context: Context, specs: Sequence[FeatureSpec], model: Rationality | None = None) -> tuple[FitResult, Unexplained]:
    """A fit to the training paths, and what it leaves unexplained on them."""
    assert context.training is not None
    paths, matrix = context.training, feature_matrix(specs, world, context)
    problem = Problem(world.mdp, matrix.values, matrix.names, paths, model or MaxEnt(), 1.0, recounts(specs, world, context, paths))
    result = fit(problem)
    point = np.append(result.theta, result.own)
    residuals = np.zeros((len(paths), world.mdp.n_choices), np.float32)
    for part in problem.batches():
        residual_matrix(problem.model, problem.prepare(point, part.phi), paths.take(part.index), residuals, part.index)
    return result, Unexplained(problem, point, np.ones(len(point), bool), residuals, result.scores)

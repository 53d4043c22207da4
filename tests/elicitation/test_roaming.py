"""What a fit of agents without a destination misses is found as with goals."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from irlcore.elicitation.expected_use import described, expected
from irlcore.elicitation.library import single_candidates
from irlcore.elicitation.score_test import examine
from irlcore.elicitation.suggestions import Unexplained, candidate_problem, suggest
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.feature_set import feature_column, feature_matrix, recounts
from irlcore.fitting.compare import compare_models
from irlcore.fitting.likelihood import residual_matrix
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.staying import with_staying
from irlcore.worlds.world import World
from tests.elicitation.worlds import LENGTH, grid, square
from tests.rationality.roamers import NO_GOAL, roam

ZONES = {"marsh": square(400.0, 450.0, 160.0), "harbour": square(150.0, 150.0, 110.0)}
MARSH, STAYING = FeatureSpec("in marsh", "zone", {"zone": "marsh"}), FeatureSpec("staying", "staying")
GAMMA = 0.9


@cache
def planted(missing: str) -> tuple[World, Context, FitResult, Unexplained, tuple[FeatureSpec, ...]]:
    """Walks of agents who mind the length, like to stay and keep off the marsh, and a fit that leaves one of the two out."""
    world, rng = with_staying(grid(), 600.0), np.random.default_rng(1)
    marsh, stays = (feature_column(spec, world, Context(ZONES)) for spec in (MARSH, STAYING))
    log_pi = MaxEnt().solve(MaxEnt().prepare(world.mdp, -0.4 * world.choice_length / 100.0 - 1.0 * marsh + 1.5 * stays, GAMMA), NO_GOAL)
    paths = roam(world.mdp, log_pi.log_policy, rng.integers(0, world.mdp.n_states, 80), rng.integers(15, 40, 80), rng)
    context = Context(ZONES, {}, paths, expected)
    basis = (LENGTH, STAYING if missing == "in marsh" else MARSH)
    matrix = feature_matrix(basis, world, context)
    problem = Problem(world.mdp, matrix.values, matrix.names, paths, MaxEnt(), GAMMA, recounts(basis, world, context, paths))
    result = fit(problem)
    point, residuals = np.append(result.theta, result.own), np.zeros((len(paths), world.mdp.n_choices), np.float32)
    residual_matrix(problem.model, problem.prepare(point), paths, residuals, np.arange(len(paths)))
    return world, context, result, Unexplained(problem, point, np.ones(len(point), bool), residuals, result.scores), basis


@pytest.mark.parametrize("missing", ["in marsh", "staying"])
def test_what_is_missing_is_the_first_suggestion(missing: str) -> None:
    """Over eight seeds the root of LM was 8.2 +- .1 (marsh) and 5.8 +- .6 (staying, which length stands in for in part): 4 is asked for."""
    world, context, result, left, basis = planted(missing)
    everything = single_candidates(world, context, described(result, basis))
    library = [spec for spec in everything if spec.kind not in ("bump", "traffic", "habit")]
    best = suggest(left, world, context, library, basis).best[0]
    assert best.spec.name == missing and best.lm > 16.0
    assert (best.weight > 0.0) == (missing == "staying")


def test_habits_and_traffic_are_counted_on_walks() -> None:
    world, context, result, left, basis = planted("in marsh")
    for spec in single_candidates(world, context, described(result, basis)):
        if spec.kind in ("traffic", "habit"):
            tested = examine(left.problem, candidate_problem(left.problem, [spec], world, context), left.point, left.free)
            assert np.isfinite(tested.lm).all()


def test_models_are_compared_on_walks_that_were_held_out() -> None:
    _, _, _, left, _ = planted("in marsh")
    found = compare_models(left.problem, [MaxEnt(), Boltzmann()], folds=3)
    assert np.isfinite(found.loglik).all() and found.loglik.shape == (2, 80)

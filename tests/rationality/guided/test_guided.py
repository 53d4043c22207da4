"""A model that goes by value features: probabilities, derivatives both ways round, and the plan's own model where their weights are 0."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.errors import FeatureError, FitError
from irlcore.fitting.likelihood import evaluate, path_logliks, residual_blocks
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.conditional_logit import ConditionalLogit
from irlcore.rationality.guided.guided import Guided
from irlcore.rationality.guided.value_features import ValueSpec
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.solution import group_by_goal
from tests.rationality.guided.agents import HEADING, MUD, STRAIGHT, THETA, ZONE, ground, problem_of

pytestmark = pytest.mark.kernels

PLANS = [Boltzmann(), MaxEnt(), NoisyValue("independent"), Replanned()]
SHAPES = [(0.0, 1.0), (0.0, 0.9), (0.2, 0.9)]
SPECS = (HEADING, STRAIGHT, ZONE, MUD)
U = (-0.7, -0.4, 0.3, -0.5)
STEP = 1e-6

every_plan = pytest.mark.parametrize("plan", PLANS, ids=lambda m: m.name)
every_shape = pytest.mark.parametrize(("slip", "gamma"), SHAPES)


def own_of(plan: Rationality) -> list[float]:
    return [0.3] * len(plan.parameters)


@every_plan
@every_shape
def test_it_is_the_plans_policy_tilted_by_what_the_features_weigh(plan: Rationality, slip: float, gamma: float) -> None:
    problem = problem_of(plan, SPECS, [*own_of(plan), *U], 8, slip=slip, gamma=gamma)
    model, point, goals = problem.model, np.append(THETA, [*own_of(plan), *U]), problem.paths.goals.of(0)
    found = model.solve(problem.prepare(point), goals).policy
    bare = replace(problem, model=plan)
    before = plan.solve(bare.prepare(point[:2 + len(plan.parameters)]), goals).policy
    columns = model.columns(np.arange(problem.mdp.n_choices), goals)  # type: ignore[attr-defined]
    state = problem.mdp.choice_state
    slow = before * np.exp(columns @ np.array(U))
    total = np.bincount(state, slow, problem.mdp.n_states)
    np.testing.assert_allclose(found, slow / np.where(total > 0.0, total, 1.0)[state], atol=1e-12)


@every_plan
@every_shape
def test_scores_and_residuals_are_the_derivatives(plan: Rationality, slip: float, gamma: float) -> None:
    own = [*own_of(plan), *U]
    problem, point = problem_of(plan, SPECS, own, 12, slip=slip, gamma=gamma), np.append(THETA, own)
    found = evaluate(problem.model, problem.prepare(point), problem.phi, problem.paths, group_by_goal(problem.paths))

    def at(x: np.ndarray) -> np.ndarray:
        return path_logliks(problem.model, problem.prepare(x), problem.paths)

    np.testing.assert_allclose(found.loglik, at(point), atol=1e-10)
    for k, step in enumerate(np.eye(len(point)) * STEP):
        np.testing.assert_allclose(found.scores[:, k], (at(point + step) - at(point - step)) / (2 * STEP), atol=2e-6)
    blocks = list(residual_blocks(problem.model, problem.prepare(point), problem.paths, 5))
    rows = np.concatenate([index for index, _ in blocks])
    pulled = np.concatenate([block for _, block in blocks]) @ problem.phi
    if not plan.parameters:
        np.testing.assert_allclose(pulled, found.scores[rows, :2], atol=1e-8)


@every_plan
@every_shape
def test_weights_of_0_are_the_plans_own_model_to_the_last_bit(plan: Rationality, slip: float, gamma: float) -> None:
    problem = problem_of(plan, SPECS, [*own_of(plan), *U], 12, slip=slip, gamma=gamma)
    bare, short = replace(problem, model=plan), np.append(THETA, own_of(plan))
    point, goals = np.append(short, np.zeros(len(U))), problem.paths.goals.of(0)
    assert (problem.model.solve(problem.prepare(point), goals).log_policy == plan.solve(bare.prepare(short), goals).log_policy).all()
    found, plain = problem.evaluate(point, problem.groups()), bare.evaluate(short, bare.groups())
    assert (found.loglik == plain.loglik).all()
    assert (found.scores[:, :len(short)] == plain.scores).all()
    first, other = (next(residual_blocks(p.model, p.prepare(x), p.paths, 100))[1] for p, x in ((problem, point), (bare, short)))
    assert (first == other).all()
    for k in range(len(short), len(point)):
        step = np.eye(len(point))[k] * STEP
        moved = [path_logliks(problem.model, problem.prepare(point + s), problem.paths) for s in (step, -step)]
        np.testing.assert_allclose(found.scores[:, k], (moved[0] - moved[1]) / (2 * STEP), atol=2e-6)


@pytest.mark.parametrize("plan", [NoisyValue(persistent=True), Replanned(persistent=True), ConditionalLogit(),
                                  Guided(Boltzmann(), [HEADING])], ids=lambda m: m.name)
def test_models_that_it_cannot_stand_beside_are_refused(plan: Rationality) -> None:
    with pytest.raises(FitError, match="Value features cannot stand beside"):
        Guided(plan, [HEADING])


def test_what_is_asked_of_no_world_or_twice_is_refused() -> None:
    with pytest.raises(FitError, match="once each"):
        Guided(Boltzmann(), [HEADING, HEADING])
    with pytest.raises(FitError, match="none was named"):
        Guided(Boltzmann(), [HEADING]).columns(np.arange(3), np.array([0]))
    with pytest.raises(FeatureError, match="no goal"):
        Guided(MaxEnt(), [HEADING]).on(ground()).columns(np.arange(3), np.zeros(0, np.int64))
    with pytest.raises(FeatureError, match="no feature 'mud'"):
        Guided(Boltzmann(), [ValueSpec("ahead", "mud")]).on(ground())

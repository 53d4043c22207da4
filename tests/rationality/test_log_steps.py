"""Steps judged at the states of trips alone, against the same where every state is solved."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.intent.goals import goal_posteriors
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.models import MODELS
from irlcore.rationality.solution import group_by_goal
from tests.fitting.value_basis.problems import problem_of

pytestmark = pytest.mark.kernels

WHERE = {"tree": (0.0, 1.0), "slippery": (0.1, 1.0), "discounted": (0.0, 0.9)}


@pytest.mark.parametrize("where", list(WHERE))
@pytest.mark.parametrize("name", ["boltzmann", "noisy_value", "maxent"])
def test_steps_at_the_trips_own_states_are_those_of_all_states(name: str, where: str) -> None:
    slip, gamma = WHERE[where]
    problem = problem_of(Boltzmann(), slip=slip, gamma=gamma, n=15)
    model = MODELS[name]
    prepared = model.prepare(problem.mdp, problem.phi @ np.array([-1.5, -1.0, -0.5]), gamma)
    for group in group_by_goal(problem.paths):
        found = model.log_steps(prepared, group)
        np.testing.assert_allclose(found, model.steps(prepared, model.solve(prepared, group.goal_states), group), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", ["boltzmann", "noisy_value"])
def test_posteriors_are_those_of_all_states_where_trips_pass_goals_too(name: str) -> None:
    problem, model = problem_of(Boltzmann(), n=10), MODELS[name]
    prepared = model.prepare(problem.mdp, problem.phi @ np.array([-1.5, -1.0, -0.5]))
    paths, goals = problem.paths, problem.paths.goals
    found = goal_posteriors(model, prepared, paths, goals, np.full(len(goals), 1.0 / len(goals)))
    steps = []
    for g in range(len(goals)):
        solved = model.solve(prepared, goals.of(g))
        steps.append(solved.log_policy[paths.choices])
    for i, (a, b) in enumerate(zip(paths.offsets[:-1], paths.offsets[1:], strict=True)):
        joint = np.vstack((np.zeros(len(goals)), np.cumsum(np.array(steps)[:, a:b], axis=1).T))
        share = np.exp(joint - joint.max(axis=1, keepdims=True))
        np.testing.assert_allclose(found[i].probability, share / share.sum(axis=1, keepdims=True), rtol=1e-11, atol=1e-14)

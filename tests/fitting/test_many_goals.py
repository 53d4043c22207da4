"""A fit to many goals: first steps on a sample of them, exact second derivatives, and the same bits on any number of threads."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.engine import Control
from irlcore.fitting import search
from irlcore.fitting.likelihood import evaluate
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.point import Optimum, Point
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import Status
from irlcore.fitting.uncertainty import curvature
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.solution import group_by_goal
from tests.draws import errors_agree
from tests.rationality.worlds import grid_mdp, walk

WEIGHTS = np.array([-1.8, -0.6, -0.3])


def many_goals(seed: int = 8) -> Problem:
    rng = np.random.default_rng(seed)
    mdp = grid_mdp(9, 9)
    phi = np.column_stack((np.ones(mdp.n_choices), rng.random((mdp.n_choices, 2))))
    goals = rng.permutation(np.repeat(np.arange(0, 81), 3))
    starts = (goals + rng.integers(1, 81, len(goals))) % 81
    prepared = MaxEnt().prepare(mdp, phi @ WEIGHTS)
    policies = {int(g): MaxEnt().solve(prepared, np.array([g])).log_policy for g in np.unique(goals)}
    return Problem(mdp, phi, ("step", "one", "other"), walk(mdp, policies, starts, goals, rng), MaxEnt())


def test_a_sample_of_goals_first_ends_at_the_same_maximum(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = many_goals()
    sampled = fit(problem)
    with monkeypatch.context() as patch:
        patch.setattr(search, "MANY_GOALS", 10**6)
        plain = fit(problem)
    assert sampled.evaluations < plain.evaluations
    assert sampled.loglik == pytest.approx(plain.loglik, abs=1e-6)
    np.testing.assert_allclose(sampled.theta, plain.theta, atol=1e-3 * plain.se_hessian.min())
    others = [sampled, *(fit(many_goals(seed)) for seed in range(4))]
    assert errors_agree(np.array([(found.theta - WEIGHTS) / found.se_robust for found in others]))


def test_the_number_of_threads_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, found = many_goals(), []
    for count in ("1", "3"):
        monkeypatch.setenv("MOTIVE_WORKERS", count)
        found.append(fit(problem))
    for name in ("theta", "se_robust", "covariance", "scores"):
        assert np.array_equal(getattr(found[0], name), getattr(found[1], name)), name


def test_the_exact_second_derivative_is_that_of_finite_differences() -> None:
    problem = many_goals()
    groups = group_by_goal(problem.paths)

    def objective(theta: np.ndarray) -> Point:
        found = evaluate(problem.model, problem.prepare(theta), problem.phi, problem.paths, groups)
        assert found.exact
        return Point(theta, float(found.loglik.sum()), found.scores.sum(axis=0), found.information)

    point = objective(WEIGHTS)
    rough = curvature(objective, Optimum(point, Status.CONVERGED, 0, 0), np.ones(3, bool), Control())
    np.testing.assert_allclose(point.information, rough, rtol=2e-2, atol=1e-3 * np.abs(rough).max())

"""Weights are recovered from simulated agents; gradients, bounds, errors and the residual matrix hold."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.engine import Control
from irlcore.errors import Cancelled, FitError
from irlcore.fitting.likelihood import evaluate, path_logliks, residual_blocks, residual_map
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import Status
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.solution import group_by_goal
from tests.draws import errors_agree
from tests.rationality.worlds import grid_mdp, walk

MODELS: list[Rationality] = [Boltzmann(), MaxEnt()]
TRUTH = np.array([-2.0, -1.0])


def simulated(model: Rationality, slip: float = 0.0, gamma: float = 1.0, n: int = 300, seed: int = 3) -> Problem:
    mdp = grid_mdp(6, 6, slip)
    rng = np.random.default_rng(seed)
    phi = np.column_stack((np.ones(mdp.n_choices), (rng.random(mdp.n_states) < 0.3)[mdp.likeliest].astype(float)))
    prepared = model.prepare(mdp, phi @ TRUTH, gamma)
    goals = rng.choice([35, 5, 20], n)
    starts = rng.choice([0, 12, 30, 16], n)
    policies = {g: model.solve(prepared, np.array([g])).log_policy for g in (5, 20, 35)}
    return Problem(mdp, phi, ("step", "mud"), walk(mdp, policies, starts, goals, rng), model, gamma)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
@pytest.mark.parametrize(("slip", "gamma"), [(0.0, 1.0), (0.2, 0.95)])
def test_weights_are_recovered_within_their_standard_errors(model: Rationality, slip: float, gamma: float) -> None:
    """Errors of both kinds are alike on the whole: their ratio is 1 +- .08 on one sample."""
    found = [fit(simulated(model, slip, gamma, 200, seed)) for seed in range(8)]
    assert all(result.status in (Status.CONVERGED, Status.STALLED) for result in found)
    assert errors_agree(np.array([(result.theta - TRUTH) / result.se_robust for result in found]))
    assert all((result.se_robust < 0.8).all() for result in found)
    np.testing.assert_allclose(np.mean([result.se_hessian / result.se_opg for result in found], axis=0), 1.0, atol=0.2)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
@pytest.mark.parametrize("slip", [0.0, 0.2])
def test_scores_and_residuals_agree_with_finite_differences(model: Rationality, slip: float) -> None:
    problem = simulated(model, slip, n=40)
    groups = group_by_goal(problem.paths)

    def at(theta: np.ndarray) -> np.ndarray:
        return path_logliks(model, model.prepare(problem.mdp, problem.phi @ theta), problem.paths)

    theta = np.array([-1.7, -0.83])
    prepared = model.prepare(problem.mdp, problem.phi @ theta)
    found = evaluate(model, prepared, problem.phi, problem.paths, groups)
    np.testing.assert_allclose(found.loglik, at(theta))
    for k, step in enumerate(np.eye(2) * 1e-6):
        np.testing.assert_allclose(found.scores[:, k], (at(theta + step) - at(theta - step)) / 2e-6, atol=1e-4)
    total = np.zeros(problem.mdp.n_choices)
    for index, block in residual_blocks(model, prepared, problem.paths, block=7):
        np.testing.assert_allclose(block @ problem.phi, found.scores[index], atol=1e-9)
        total += block.sum(axis=0)
    np.testing.assert_allclose(residual_map(model, prepared, problem.paths), total, atol=1e-9)


def test_a_sign_constraint_holds_the_weight_at_zero_and_says_so() -> None:
    problem = simulated(MaxEnt())
    result = fit(problem, signs=["free", "positive"])
    assert result.theta[1] == 0.0
    assert np.isnan(result.se_robust[1])
    assert any("held at 0" in w.details for w in result.warnings)
    assert fit(problem).loglik > result.loglik


def test_equal_features_are_named() -> None:
    problem = simulated(MaxEnt(), n=60)
    twice = Problem(problem.mdp, problem.phi[:, [0, 1, 1]], ("step", "mud", "dirt"), problem.paths, problem.model)
    result = fit(twice)
    assert any("mud and dirt" in w.what for w in result.warnings)
    assert result.theta[1] + result.theta[2] == pytest.approx(fit(problem).theta[1], abs=1e-3)


def test_what_cannot_be_fitted_is_refused_with_advice() -> None:
    problem = simulated(Boltzmann(), n=20)
    with pytest.raises(FitError, match="every step cost"):
        fit(Problem(problem.mdp, -problem.phi, ("a", "b"), problem.paths, problem.model), signs=["positive", "negative"],
            start=np.array([0.0, -1.0]))
    with pytest.raises(FitError, match="at least one feature"):
        fit(Problem(problem.mdp, problem.phi[:, :0], (), problem.paths, problem.model))
    with pytest.raises(FitError, match="'b' has values"):
        fit(Problem(problem.mdp, problem.phi * [1.0, np.nan], ("a", "b"), problem.paths, problem.model))


def test_a_fit_can_be_cancelled() -> None:
    control = Control(lambda done, total, message: control.cancel.set())
    with pytest.raises(Cancelled):
        fit(simulated(MaxEnt(), n=30), control=control)


def test_the_number_of_workers_does_not_change_a_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = simulated(MaxEnt(), n=60)
    results = []
    for count in ("1", "2"):
        monkeypatch.setenv("MOTIVE_WORKERS", count)
        results.append(fit(problem))
    assert (results[0].theta == results[1].theta).all()
    assert results[0].loglik == results[1].loglik

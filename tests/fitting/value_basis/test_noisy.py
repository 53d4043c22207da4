"""Models whose agents err beside single slips: their likelihood and slope at the weights of the plan, their maximum at the fixed point."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.errors import FitError
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.value_basis.decisions import decisions_of
from irlcore.fitting.value_basis.design import design_of
from irlcore.fitting.value_basis.estimate import check_terms, fit_value_basis
from irlcore.fitting.value_basis.held_out import choose_lam
from irlcore.fitting.value_basis.likelihood import Term, evaluate_rows
from irlcore.rationality.base import Rationality
from irlcore.rationality.noisy_value import UNSURE, NoisyValue
from irlcore.rationality.replanned import Replanned
from tests.fitting.value_basis.problems import THETA, problem_of

pytestmark = pytest.mark.kernels

FRESH = [*(NoisyValue(covariance) for covariance in UNSURE), Replanned()]
KEPT = [*(NoisyValue(covariance, persistent=True) for covariance in UNSURE), Replanned(persistent=True)]
WORLDS = [(0.0, 1.0), (0.0, 0.9), (0.2, 0.95)]
SIGMA2 = 0.3
STEP = 1e-6


@pytest.mark.parametrize(("slip", "gamma"), WORLDS)
@pytest.mark.parametrize("model", FRESH, ids=lambda m: m.name)
def test_at_the_weights_of_the_plan_it_is_the_model_itself(model: Rationality, slip: float, gamma: float) -> None:
    problem, point = problem_of(model, slip, gamma, 20), np.append(THETA, SIGMA2)
    design = design_of(problem, decisions_of(problem), point)
    found, own = evaluate_rows(design, point, Term()), problem.evaluate(point, problem.groups())
    assert found.value == pytest.approx(own.loglik.sum(), rel=1e-10)
    np.testing.assert_allclose(found.gradient, own.scores.sum(axis=0), rtol=1e-6, atol=1e-7)
    for k, step in enumerate(np.eye(4) * STEP):
        ends = [evaluate_rows(design, point + s, Term()).value for s in (step, -step)]
        assert found.gradient[k] == pytest.approx((ends[0] - ends[1]) / (2.0 * STEP), rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
@pytest.mark.parametrize("model", [NoisyValue("independent"), Replanned()], ids=lambda m: m.name)
def test_planned_anew_until_nothing_changes_it_is_a_maximum_of_the_model(model: Rationality, seed: int) -> None:
    """Both likelihoods have kinks, so a top may be one of its piece: the likelihood is held against the other's."""
    problem = problem_of(model, n=150, seed=seed)
    once, settled, best = fit_value_basis(problem), fit_value_basis(problem, replannings=20), fit(problem)
    assert settled.loglik >= best.loglik - 0.2
    assert best.loglik - once.loglik < 0.5
    assert settled.own_names == ("sigma2",) and 0.0 <= settled.own[0] <= 100.0
    assert settled.scores.shape == (150, 4) and settled.theta.shape == (3,)
    if settled.own[0] > 1e-3:
        assert 0.0 < settled.own_se[0] < 100.0 * settled.own[0]
        assert np.isfinite(settled.own_interval()).all()
    else:
        assert np.isnan(settled.own_se[0])
    assert (settled.se > 0.0).all()
    if model.name == "noisy_value_independent":  # smooth but for ties
        np.testing.assert_allclose(settled.theta, best.theta, atol=0.1 * float(best.se.min()))


def test_errors_of_own_parameters_are_those_of_maximum_likelihood() -> None:
    problem = problem_of(NoisyValue("weights"), n=150, seed=1)
    settled, best = fit_value_basis(problem, replannings=20), fit(problem)
    np.testing.assert_allclose(settled.own_se, best.own_se, rtol=0.1)
    np.testing.assert_allclose(settled.se, best.se, rtol=0.1)


@pytest.mark.parametrize("model", KEPT, ids=lambda m: m.name)
def test_errors_that_last_for_a_trip_are_refused_with_the_cause(model: Rationality) -> None:
    problem = problem_of(FRESH[0], n=5)
    with pytest.raises(FitError, match="keep one error for a whole trip"):
        check_terms(type(problem)(problem.mdp, problem.phi, problem.names, problem.paths, model), 0.0, 0.0)


def test_the_term_of_rewards_needs_one_value_a_choice() -> None:
    problem = problem_of(NoisyValue("independent"), n=30)
    with pytest.raises(FitError, match="temporal-difference term needs the value"):
        fit_value_basis(problem, lam=0.1)
    found = choose_lam(problem, lams=(0.0,), gammas=(1.0, 0.9))
    assert found.lam == 0.0 and np.isfinite(found.held_out).all()

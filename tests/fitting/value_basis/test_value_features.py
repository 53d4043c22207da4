"""Value features in a fit: found again by both estimators, told apart from none, and the base model where they are held at 0."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.result import FitResult
from irlcore.fitting.value_basis.decisions import decisions_of
from irlcore.fitting.value_basis.design import design_of
from irlcore.fitting.value_basis.estimate import fit_value_basis
from irlcore.fitting.value_basis.likelihood import Term, evaluate_rows
from irlcore.fitting.value_basis.rewards import rewards_of
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue
from tests.rationality.guided.agents import HEADING, STRAIGHT, THETA, ZONE, problem_of

pytestmark = pytest.mark.kernels

SPECS, U = (HEADING, ZONE), (-0.8, 0.5)
PLANS = [Boltzmann(), MaxEnt()]
every_plan = pytest.mark.parametrize("plan", PLANS, ids=lambda m: m.name)


@every_plan
@pytest.mark.parametrize(("slip", "gamma"), [(0.0, 1.0), (0.0, 0.9), (0.2, 0.95)])
def test_at_the_weights_of_the_plan_it_is_the_model_itself(plan: Rationality, slip: float, gamma: float) -> None:
    problem, point = problem_of(plan, SPECS, U, 30, slip=slip, gamma=gamma), np.append(THETA, U)
    found = evaluate_rows(design_of(problem, decisions_of(problem), point), point, Term())
    own = problem.evaluate(point, problem.groups())
    assert found.value == pytest.approx(own.loglik.sum(), rel=1e-10)
    np.testing.assert_allclose(found.gradient, own.scores.sum(axis=0), rtol=1e-6, atol=1e-7)


@every_plan
def test_rows_are_those_of_the_plan_with_columns_beside(plan: Rationality) -> None:
    """To the last bit, whatever the value features weigh: they have no part in the plan."""
    problem = problem_of(plan, SPECS, U, 30)
    decisions = decisions_of(problem)
    found = design_of(problem, decisions, np.append(THETA, U))
    bare = design_of(replace(problem, model=plan), decisions, THETA)
    assert (found.psi[:, :2] == bare.psi).all() and (found.offset == bare.offset).all()


@every_plan
@pytest.mark.parametrize("estimator", [fit, fit_value_basis], ids=["maximum likelihood", "value basis"])
def test_agents_who_go_by_them_are_told_by_what_they_were_made_with(plan: Rationality, estimator: Callable[..., FitResult]) -> None:
    """Over eight seeds, four numbers each: all within 4 standard errors and most within 2 (fails by chance once in 300)."""
    z, gains = [], []
    for seed in range(8):
        problem = problem_of(plan, SPECS, U, 300, seed)
        found = (fit_value_basis(problem, replannings=3) if estimator is fit_value_basis else fit(problem))
        plain = fit_value_basis(replace(problem, model=plan), replannings=3)
        z.append((np.append(found.theta, found.own) - np.append(THETA, U)) / np.append(found.se, found.own_se))
        gains.append(found.loglik - plain.loglik)
    assert np.abs(z).max() < 4.0 and (np.abs(z) < 2.0).mean() > 0.8, np.round(z, 1)
    assert min(gains) > 6.9  # nats, half of what chi-squared has once in a thousand: without them the model does not fit


def test_both_estimators_find_the_same() -> None:
    problem = problem_of(MaxEnt(), SPECS, U, 200)
    best, settled = fit(problem), fit_value_basis(problem, replannings=40)
    assert settled.loglik == pytest.approx(best.loglik, abs=1e-3)
    np.testing.assert_allclose(settled.own, best.own, atol=0.02 * float(best.own_se.min()))
    np.testing.assert_allclose(settled.own_se, best.own_se, rtol=0.3)  # there the plan is taken as given


def test_agents_who_plan_alone_are_told_so() -> None:
    """What plans alone do has a weight of 0 within 4 standard errors, over six seeds and two features."""
    for seed in range(6):
        found = fit_value_basis(problem_of(Boltzmann(), (HEADING, STRAIGHT), (0.0, 0.0), 200, seed), replannings=3)
        assert (np.abs(found.own) < 4.0 * found.own_se).all()


def test_they_stand_beside_agents_who_misjudge_what_comes_next() -> None:
    problem = problem_of(NoisyValue("independent"), SPECS, (0.5, *U), 200)
    once, settled = fit_value_basis(problem), fit_value_basis(problem, replannings=10)
    assert settled.loglik >= once.loglik - 1e-6
    assert settled.own_names == ("sigma2", "heading", "zone:yard@km")
    assert (np.abs(settled.own[1:] - U) < 4.0 * settled.own_se[1:]).all()


def test_a_temporal_difference_term_takes_the_value_with_what_is_beside_the_plan() -> None:
    problem = problem_of(MaxEnt(), SPECS, U, 60)
    plain, held = fit_value_basis(problem), fit_value_basis(problem, lam=0.05)
    assert np.abs(held.own).sum() < np.abs(plain.own).sum() + 1.0 and held.loglik < plain.loglik
    rewards = rewards_of(problem, np.append(plain.theta, np.zeros(2)))
    np.testing.assert_allclose(rewards[np.isfinite(rewards)], (problem.phi @ plain.theta)[np.isfinite(rewards)], atol=1e-8)

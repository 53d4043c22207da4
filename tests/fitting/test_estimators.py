"""One contract for every way to fit, on trips to several goals, by agents who plan well and seldom slip."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from irlcore.engine import Control
from irlcore.errors import Cancelled, FitError
from irlcore.fitting.demonstrations import demonstrations_of, planned_features, random_choice
from irlcore.fitting.estimators import ESTIMATORS, Estimator
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.linear_programme import advantage
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.observed_choices import compare_choices, stacked, weights_of_choices
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import Status
from irlcore.fitting.reward_limits import signed_limits
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.solution import ModelParameter, Prepared, Solution
from tests.rationality.worlds import grid_mdp, walk

TRUTH = np.array([-4.0, -6.0])
GOALS = (7, 20, 63)
EVERY = list(ESTIMATORS.values())
DIRECTIONS = [one for one in EVERY if not one.intervals]
MODELS = [Boltzmann(), MaxEnt()]
WORLDS = [(0.0, 1.0), (0.2, 0.95)]


def trips(slip: float = 0.0, gamma: float = 1.0, model: Rationality | None = None, truth: np.ndarray = TRUTH, n: int = 150,
          seed: int = 3) -> Problem:
    mdp = grid_mdp(8, 8, slip)
    rng = np.random.default_rng(3)
    phi = np.column_stack((np.ones(mdp.n_choices), (rng.random(mdp.n_states) < 0.3)[mdp.likeliest].astype(float)))
    rng, model = np.random.default_rng(seed), model or Boltzmann()
    prepared = model.prepare(mdp, phi @ truth, gamma)
    goals, starts = rng.choice(GOALS, n), rng.choice([0, 12, 30, 16, 56, 44], n)
    policies = {g: model.solve(prepared, np.array([g])).log_policy for g in GOALS}
    return Problem(mdp, phi, ("step", "mud"), walk(mdp, policies, starts, goals, rng), model, gamma)


def fitted(one: Estimator, problem: Problem, signs: list[str] | None = None):  # type: ignore[no-untyped-def]
    return one.fit(problem, signs, None, None, "abc")


@cache
def likelihoods(slip: float, gamma: float, model: Rationality) -> tuple[float, float]:
    """Greatest log-likelihood by steps alone, and with mud."""
    problem = trips(slip, gamma, model)
    blind = replace(problem, phi=problem.phi[:, :1], names=("step",))
    return fit(blind).loglik, fit(problem).loglik


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)
@pytest.mark.parametrize(("slip", "gamma"), WORLDS)
@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_every_estimator_finds_what_agents_avoid_and_how_sharply(one: Estimator, slip: float, gamma: float, model: Rationality) -> None:
    """Half of what blindness to mud loses is far from any of them: of 1.9 to 3.2 nats a trip in 24 samples, the worst one lost .31."""
    problem = trips(slip, gamma, model)
    result = fitted(one, problem)
    prepared = model.prepare(problem.mdp, problem.phi @ result.theta, gamma)
    np.testing.assert_allclose(result.loglik_paths, path_logliks(model, prepared, problem.paths), atol=1e-6)
    assert result.loglik == pytest.approx(result.loglik_paths.sum())
    assert (result.estimator, result.rationality, result.gamma, result.data_hash) == (one.name, model.name, gamma, "abc")
    assert result.scores.shape == (150, 2) and result.status in Status
    assert result.theta[0] < 0.0 and result.theta[1] < 0.0
    blind, best = likelihoods(slip, gamma, model)
    assert result.loglik > blind
    assert -0.15 < best - result.loglik < 0.5 * (best - blind)
    assert one.intervals == np.isfinite(result.se_robust).all() == np.isfinite(result.covariance).all()
    assert one.intervals or any("no intervals" in warning.what for warning in result.warnings)


@pytest.mark.parametrize("one", DIRECTIONS, ids=lambda one: one.name)
def test_the_size_of_the_weights_is_that_of_greatest_likelihood(one: Estimator) -> None:
    problem = trips()
    result = fitted(one, problem)
    near = [path_logliks(problem.model, problem.model.prepare(problem.mdp, problem.phi @ result.theta * share), problem.paths).sum()
            for share in (0.97, 1.03)]
    assert result.loglik > max(near)
    assert float(result.scores.sum(axis=0) @ result.theta) == pytest.approx(0.0, abs=0.1)
    assert result.loglik <= fit(problem).loglik + 1e-6


@pytest.mark.parametrize("one", DIRECTIONS, ids=lambda one: one.name)
def test_agents_who_never_slip_are_explained_by_their_own_plans(one: Estimator) -> None:
    """With no slips at all the weights found must leave next to nothing lost against the best trips."""
    problem = trips(truth=40.0 * TRUTH)
    d = demonstrations_of(problem)
    w = fitted(one, problem).theta * d.scale
    unit = float(random_choice(d, w) @ w)
    assert unit < 0.0
    assert -1e-9 < float(w @ (planned_features(d, w) - d.expert)) / -unit < 0.01


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)
def test_signs_are_kept(one: Estimator) -> None:
    result = fitted(one, trips(), ["negative", "positive"])
    assert result.theta[0] < 0.0 and result.theta[1] == 0.0
    assert any(w.feature == "mud" and "held at 0" in w.details for w in result.warnings)


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)
def test_the_unit_of_a_feature_changes_nothing_but_its_weight(one: Estimator) -> None:
    problem = trips()
    plain, other = fitted(one, problem), fitted(one, replace(problem, phi=problem.phi * [1.0, 1000.0]))
    np.testing.assert_allclose(other.theta * [1.0, 1000.0], plain.theta, rtol=0.02)


@pytest.mark.parametrize("one", DIRECTIONS, ids=lambda one: one.name)
def test_a_feature_that_is_zero_everywhere_weighs_nothing(one: Estimator) -> None:
    problem = trips(n=40)
    result = fitted(one, replace(problem, phi=np.column_stack((problem.phi, np.zeros(len(problem.phi)))), names=("step", "mud", "none")))
    assert result.theta[2] == 0.0
    assert any(w.feature == "none" for w in result.warnings)


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)
def test_every_step_must_cost_at_gamma_1(one: Estimator) -> None:
    problem = trips()
    result = fitted(one, replace(problem, phi=problem.phi * [1.0, -1.0]))
    assert ((problem.phi * [1.0, -1.0]) @ result.theta < 0.0).all()
    with pytest.raises(FitError, match="every step cost"):
        fitted(one, problem, ["positive", "positive"])


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)
def test_what_cannot_be_fitted_is_refused_with_advice(one: Estimator) -> None:
    problem = trips(n=20)
    with pytest.raises(FitError, match="at least one feature"):
        fitted(one, replace(problem, phi=problem.phi[:, :0], names=()))
    with pytest.raises(FitError, match="'mud' has values"):
        fitted(one, replace(problem, phi=problem.phi * [1.0, np.nan]))
    with pytest.raises(FitError, match="no track"):
        fitted(one, replace(problem, paths=problem.paths.take(np.empty(0, np.int64))))


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)
def test_every_estimator_can_be_cancelled(one: Estimator) -> None:
    control = Control(lambda done, total, message: control.cancel.set())
    with pytest.raises(Cancelled):
        one.fit(trips(n=30), None, None, control, "")


class Idle(MaxEnt):
    """MaxEnt with a parameter of its own that changes nothing."""

    parameters = (ModelParameter("idle", "Idle", "Nothing.", 0.5, 0.0),)

    def own_jvp(self, prepared: Prepared, solution: Solution) -> np.ndarray:
        return np.zeros((prepared.mdp.n_choices, 1))


@pytest.mark.parametrize("one", DIRECTIONS, ids=lambda one: one.name)
def test_a_models_own_parameters_are_kept_with_the_weights(one: Estimator) -> None:
    problem = trips(model=MaxEnt(), n=40)
    result, plain = fitted(one, replace(problem, model=Idle())), fitted(one, problem)
    assert result.own_names == ("idle",) and result.own.tolist() == [0.5] and np.isnan(result.own_se).all()
    # how far along the direction is settled to 1e-6 nats, which is no close limit where these trips are nearly certain
    np.testing.assert_allclose(result.theta / result.theta[0], plain.theta / plain.theta[0], rtol=1e-4)
    assert result.loglik == pytest.approx(plain.loglik, abs=1e-4)
    assert result.scores.shape == (40, 3) and plain.own_names == ()


def test_every_estimator_says_in_one_sentence_when_and_when_not() -> None:
    assert next(iter(ESTIMATORS)) == "maximum_likelihood"
    for name, one in ESTIMATORS.items():
        assert one.name == name and one.title
        for sentence in (one.when, one.when_not):
            assert sentence.endswith(".") and sentence.count(". ") == 0
    assert len({one.title for one in EVERY}) == len(EVERY)


def test_no_weights_put_the_choices_seen_further_ahead_under_their_own_plans() -> None:
    """Cutting planes against a scan of all weights <= 0 of the unit: what follows a choice not seen hangs on the weights."""
    problem = trips(truth=0.3 * TRUTH, n=12)
    d = demonstrations_of(problem)
    limits = signed_limits(d.phi, 1.0, np.full(2, -np.inf), np.zeros(2))
    first = limits.nearest(np.array([-1.0, -1e-3]))
    limits = replace(limits, unit=random_choice(d, first))
    w, rounds, settled = weights_of_choices(d, limits, limits.nearest(first))
    assert settled and rounds > 1

    def ahead(w: np.ndarray) -> float:
        found = stacked(compare_choices(d, w))
        return advantage(found.ahead, found.term, found.passes / found.passes.sum(), w)

    assert limits.unit is not None
    ends = [-np.eye(2)[k] / limits.unit[k] for k in (0, 1)]
    every = [ahead(share * ends[0] + (1.0 - share) * ends[1]) for share in np.linspace(0.01, 0.99, 99)]
    assert max(every) - 0.002 < ahead(w) < max(every) + 0.02


def test_recorded_choices_are_told_from_those_meant() -> None:
    """Where steps slip, the features of what was meant come out right on average, those of what was recorded do not."""
    problem = trips(0.3, 0.95, truth=40.0 * TRUTH, n=2000)
    d = demonstrations_of(problem)
    meant = planned_features(d, TRUTH * d.scale)
    recorded = np.zeros(2)
    for trip in d.trips:
        recorded += trip.discount @ d.phi[trip.choices]
    recorded /= d.n_paths * d.steps
    assert abs(d.expert[1] - meant[1]) < 0.02 < abs(recorded[1] - meant[1])

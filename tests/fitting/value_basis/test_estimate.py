"""The estimator: its fixed point, where it may begin, what it refuses, and how sure it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.errors import FitError
from irlcore.features.feature_set import PathFeatures
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.value_basis.decisions import decisions_of
from irlcore.fitting.value_basis.design import design_of
from irlcore.fitting.value_basis.estimate import fit_value_basis
from irlcore.fitting.value_basis.likelihood import Term, evaluate_rows
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.conditional_logit import ConditionalLogit
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.models import MODELS
from irlcore.simulation.simulate import walks
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.observed import map_log
from irlcore.worlds.mdp import build_mdp
from tests.fitting.value_basis.problems import THETA, features, problem_of
from tests.rationality.worlds import grid_mdp
from tests.worlds.history.test_contexts import log_of, random_log

pytestmark = pytest.mark.kernels

WORLDS = [(0.0, 1.0), (0.0, 0.9), (0.2, 0.95)]
KINDS = [Boltzmann(), MaxEnt()]


@pytest.mark.parametrize(("slip", "gamma"), WORLDS)
@pytest.mark.parametrize("model", KINDS, ids=lambda m: m.name)
def test_at_the_weights_of_the_plan_it_is_the_model_itself(model: Rationality, slip: float, gamma: float) -> None:
    """Likelihood and slope of the rows are the model's own there."""
    problem = problem_of(model, slip, gamma)
    found = evaluate_rows(design_of(problem, decisions_of(problem), THETA), THETA, Term())
    own = problem.evaluate(THETA, problem.groups())
    assert found.value == pytest.approx(own.loglik.sum(), rel=1e-10)
    np.testing.assert_allclose(found.gradient, own.scores.sum(axis=0), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(("slip", "gamma"), WORLDS)
@pytest.mark.parametrize("model", KINDS, ids=lambda m: m.name)
def test_planned_anew_until_nothing_changes_it_is_the_maximum_of_the_model(model: Rationality, slip: float, gamma: float) -> None:
    """Hard values have kinks, at which neither has to stop at the same place: there only the likelihood is held against the other's."""
    problem = problem_of(model, slip, gamma, n=150)
    once, settled, best = fit_value_basis(problem), fit_value_basis(problem, replannings=40), fit(problem)
    assert settled.loglik >= best.loglik - (1e-4 if model.smooth else 0.05)
    assert best.loglik - once.loglik < 1.0
    if model.smooth:
        np.testing.assert_allclose(settled.theta, best.theta, atol=0.01 * float(best.se.min()))
    prepared = problem.prepare(once.theta)
    np.testing.assert_allclose(once.loglik_paths, path_logliks(model, prepared, problem.paths), atol=1e-8)
    assert once.loglik == pytest.approx(float(once.loglik_paths.sum()))


@pytest.mark.parametrize("model", KINDS, ids=lambda m: m.name)
def test_units_and_the_order_of_tracks_and_states_change_nothing(model: Rationality) -> None:
    problem = problem_of(model)
    plain = fit_value_basis(problem)
    unit = fit_value_basis(replace(problem, phi=problem.phi * [1.0, 1e3, 1.0]))
    np.testing.assert_allclose(unit.theta * [1.0, 1e3, 1.0], plain.theta, rtol=1e-6)
    order = np.random.default_rng(0).permutation(len(problem.paths))
    shuffled = fit_value_basis(replace(problem, paths=problem.paths.take(order)))
    np.testing.assert_allclose(shuffled.theta, plain.theta, rtol=1e-8)
    np.testing.assert_allclose(shuffled.loglik_paths, plain.loglik_paths[order], rtol=1e-8)
    mdp, paths = problem.mdp, problem.paths
    turned = np.random.default_rng(1).permutation(mdp.n_states)
    other, row = build_mdp(mdp.n_states, turned[mdp.choice_state], turned[mdp.successors])
    goals = replace(paths.goals, states=turned[paths.goals.states])
    moved = replace(paths, choices=np.argsort(row)[paths.choices], last_state=turned[paths.last_state], goals=goals)
    again = fit_value_basis(replace(problem, mdp=other, phi=problem.phi[row], paths=moved))
    np.testing.assert_allclose(again.theta, plain.theta, rtol=1e-6)
    np.testing.assert_allclose(again.se, plain.se, rtol=1e-5)


def test_signs_are_kept_and_their_weights_have_no_interval() -> None:
    found = fit_value_basis(problem_of(Boltzmann()), ["negative", "positive", "free"])
    assert found.theta[1] == 0.0 and np.isnan(found.se_robust[1]) and np.isfinite(found.se_robust[[0, 2]]).all()
    assert any("sign" in w.what for w in found.warnings)


def test_what_no_track_does_has_no_limit_and_is_named() -> None:
    problem = problem_of(Boltzmann())
    state = problem.mdp.choice_state
    never = np.zeros(problem.mdp.n_choices)
    unused = np.setdiff1d(np.flatnonzero(np.isin(state, state[problem.paths.choices])), problem.paths.choices)
    never[unused[:3]] = 1.0
    with_it = replace(problem, phi=np.column_stack((problem.phi, never, 0.0 * never)), names=(*problem.names, "never", "nowhere"))
    found = fit_value_basis(with_it)
    assert np.isinf(found.se[3]) and found.theta[3] < -3.0 and np.isfinite(found.se[:3]).all()
    assert {w.feature for w in found.warnings} >= {"never", "nowhere"}
    held = fit_value_basis(with_it, l2=1e-3)
    assert np.isfinite(held.se[:4]).all() and abs(held.theta[3]) < abs(found.theta[3])


def test_tracks_are_judged_by_features_of_their_own() -> None:
    """Two folds with other features: the same as two problems side by side."""
    problem, half = problem_of(MaxEnt()), np.arange(30)
    other = problem.phi * [1.0, 0.5, 1.0]
    mixed = replace(problem, recounts=(PathFeatures(half, other),))
    found = design_of(mixed, decisions_of(mixed), THETA)
    value = evaluate_rows(found, THETA, Term()).value
    parts = [replace(problem, paths=problem.paths.take(half), phi=other), replace(problem, paths=problem.paths.take(np.arange(30, 60)))]
    assert value == pytest.approx(sum(p.evaluate(THETA, p.groups()).loglik.sum() for p in parts), rel=1e-10)
    assert fit_value_basis(mixed, replannings=30).loglik == pytest.approx(fit(mixed).loglik, abs=1e-3)


def test_tracks_without_a_destination_are_fitted_too() -> None:
    mdp, model = grid_mdp(5, 5), MaxEnt()
    phi, rng = features(mdp), np.random.default_rng(3)
    prepared = model.prepare(mdp, phi @ THETA, 0.9)
    paths = walks(model, prepared, rng.integers(0, 25, 40), rng.integers(5, 15, 40), rng)
    problem = Problem(mdp, phi[:, 1:], ("rough", "mud"), paths, model, 0.9)
    settled, best = fit_value_basis(problem, replannings=30), fit(problem)
    np.testing.assert_allclose(settled.theta, best.theta, atol=0.01 * float(best.se.min()))
    assert np.isfinite(fit_value_basis(problem, lam=0.1).theta).all()


def test_tracks_that_were_cut_off_have_no_say_and_that_is_said() -> None:
    problem = problem_of(MaxEnt())
    cut = replace(problem.paths, goal=np.where(np.arange(60) < 5, -1, problem.paths.goal))
    found = fit_value_basis(replace(problem, paths=cut))
    rest = fit_value_basis(replace(problem, paths=problem.paths.take(np.arange(5, 60))))
    np.testing.assert_allclose(found.theta, rest.theta, rtol=1e-9)
    assert len(found.loglik_paths) == len(found.scores) == 60
    assert any("5 of 60 tracks were cut off" in w.what for w in found.warnings)
    with pytest.raises(FitError, match="Every track was cut off"):
        fit_value_basis(replace(problem, paths=replace(problem.paths, goal=np.full(60, -1))))


def test_what_cannot_be_is_refused_with_advice() -> None:
    problem = problem_of(Boltzmann())
    with pytest.raises(FitError, match="keep one error for a whole trip"):
        fit_value_basis(replace(problem, model=MODELS["noisy_value_persistent"]))
    for wrong in ({"lam": -1.0}, {"lam": np.nan}, {"l2": np.inf}, {"replannings": -1}):
        with pytest.raises(FitError):
            fit_value_basis(problem, **wrong)  # type: ignore[arg-type]
    with pytest.raises(FitError, match="temporal-difference"):
        fit_value_basis(problem_of(Boltzmann(), slip=0.2, gamma=0.95), lam=0.1)


def test_weights_from_elsewhere_may_begin_it() -> None:
    problem = problem_of(MaxEnt())
    best = fit(problem)
    near = fit_value_basis(problem, start=best.theta, replannings=0)
    np.testing.assert_allclose(near.theta, best.theta, atol=0.01 * float(best.se.min()))


@pytest.mark.parametrize("model", KINDS, ids=lambda m: m.name)
def test_intervals_hold_the_truth_as_often_as_they_say(model: Rationality) -> None:
    """Planned anew twice, on 60 samples of 40 trips: 180 intervals of 95 %, of which fewer than 158 hold less than once in 1e4 runs."""
    held = 0
    for seed in range(60):
        found = fit_value_basis(problem_of(model, n=40, seed=100 + seed), replannings=2)
        low, high = found.interval().T
        held += int(((low <= THETA) & (high >= THETA)).sum())
    assert held >= 158, held


def test_in_an_event_log_it_is_the_conditional_logit_of_the_next_event() -> None:
    """Four events, contexts of two: weights of the first, of the end, and of the same event again; with a term as without one."""
    log = log_of(random_log(3, 60, "abcd"))
    world = build_history(log, Memory(2, 1))
    mdp, paths = world.mdp, map_log(world, log).paths
    event, before = np.arange(mdp.n_choices) % 5, world.place_of_state[mdp.choice_state]
    phi = np.column_stack((event == 0, event == 4, event == before)).astype(float)
    problem = Problem(mdp, phi, ("a", "end", "again"), paths, ConditionalLogit())
    one, other = fit_value_basis(problem), fit(problem)
    np.testing.assert_allclose(one.theta, other.theta, atol=1e-3 * float(other.se.min()))
    assert one.loglik == pytest.approx(other.loglik, abs=1e-6) and one.evaluations == 1
    held = fit_value_basis(problem, lam=0.05)
    assert held.loglik < one.loglik and np.isfinite(held.se).all()

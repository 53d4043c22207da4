"""Trimmed likelihood: clean tracks are fitted as by maximum likelihood, strange ones among them teach nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.features.feature_set import PathFeatures
from irlcore.fitting import trimmed
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.own_trips import Losses, losses, own_trips, taken
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult
from irlcore.fitting.trimmed import fit_trimmed, too_many
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.worlds.mdp import Paths
from tests.rationality.worlds import grid_mdp, walk

pytestmark = pytest.mark.kernels
TRUTH, LOST = np.array([-1.5, -2.0]), np.array([-0.25, -0.1])
GOALS = (7, 20, 63)
N = 300


def joined(one: Paths, other: Paths) -> Paths:
    n = len(one) + len(other)
    return Paths(np.array([str(i) for i in range(n)], object), np.concatenate((one.offsets, other.offsets[1:] + one.offsets[-1])),
                 np.concatenate((one.choices, other.choices)), np.concatenate((one.last_state, other.last_state)),
                 np.concatenate((one.goal, other.goal)), one.goals)


def planted(seed: int, strange: int, model: Rationality | None = None) -> Problem:
    """Trips of agents who mind steps and mud; the last ``strange`` of them wander to the same goals, minding next to nothing."""
    mdp, model = grid_mdp(8, 8), model or MaxEnt()
    mud = np.random.default_rng(3).random(mdp.n_states) < 0.3
    phi = np.column_stack((np.ones(mdp.n_choices), mud[mdp.likeliest].astype(float)))
    rng = np.random.default_rng(seed)
    goals, starts = rng.choice(GOALS, N), rng.choice([0, 12, 30, 16, 56, 44], N)
    parts = []
    agents = ((model, TRUTH, slice(0, N - strange)), (Boltzmann(), LOST, slice(N - strange, N)))
    for who, wants, some in agents if strange else agents[:1]:
        prepared = who.prepare(mdp, phi @ wants, 1.0)
        policies = {g: who.solve(prepared, np.array([g])).log_policy for g in GOALS}
        parts.append(walk(mdp, policies, starts[some], goals[some], rng))
    return Problem(mdp, phi, ("step", "mud"), joined(*parts) if strange else parts[0], model)


@pytest.mark.parametrize("model", [MaxEnt(), Boltzmann()], ids=lambda m: m.name)
@pytest.mark.parametrize("share", [0.05, 0.1])
def test_planted_tracks_move_maximum_likelihood_and_not_the_trimmed_one(model: Rationality, share: float) -> None:
    """Over 40 seeds at 10 % under MaxEnt the two weights of maximum likelihood were off by 8.8 and 7.8 standard errors on average, those
    of the trimmed likelihood by .3 and 1.0, with a spread of about 1.1: the mean of six is beyond 2 once in 100 times at most."""
    plain, other_way = [], []
    for seed in range(6):
        problem = planted(seed, round(share * N), model)
        one, other = fit(problem), fit_trimmed(problem)
        plain.append((one.theta - TRUTH) / one.se)
        other_way.append((other.theta - TRUTH) / one.se)  # a fit that left tracks out tells none of its own
        assert len(other.left_out) > 0 and np.isnan(other.se).all() and np.isnan(other.interval()).all()
    assert np.abs(np.mean(plain, axis=0)).max() > 3.0
    assert (np.abs(np.mean(other_way, axis=0)) < 2.0).all()
    assert np.square(other_way).mean() < 0.25 * np.square(plain).mean()


def test_clean_tracks_are_fitted_as_by_maximum_likelihood_and_intervals_cover() -> None:
    """Of 2 x 30 intervals of 95 % at most, 9 or more miss once in 500 times (binomial)."""
    missed, told, apart = 0, 0, []
    for seed in range(30):
        problem = planted(seed, 0)
        found = fit_trimmed(problem)
        low, high = found.interval().T
        missed, told = missed + int(((low > TRUTH) | (high < TRUTH)).sum()), told + int(np.isfinite(low).all())
        assert bool(found.left_out) == bool(np.isnan(low).all())
        plain = fit(problem)
        apart.append(np.abs(found.theta - plain.theta) / plain.se)
    assert missed < 9 and told > 15
    assert np.median(np.max(apart, axis=1)) < 1e-3  # most of them are the very same fit
    assert np.mean(apart) < 0.25


def test_what_is_left_out_is_what_was_planted_and_is_said() -> None:
    problem = planted(1, 30)
    found = fit_trimmed(problem)
    left = np.isin(problem.paths.ids.astype(str), found.left_out)
    assert left[-30:].sum() >= 15 and left[:-30].sum() <= 15
    said = found.warnings[0]
    assert f"{len(found.left_out)} of 300 tracks were left out" in said.what and found.left_out[0] in said.what
    assert found.n_paths == 300 and found.estimator == "trimmed_likelihood"
    prepared = problem.prepare(found.theta)
    np.testing.assert_allclose(found.loglik_paths, path_logliks(problem.model, prepared, problem.paths), atol=1e-8)
    kept = fit(taken(problem, ~left))
    np.testing.assert_allclose(found.theta, kept.theta, atol=1e-4)
    assert kept.se.all() and np.isnan(found.se).all() and "How sure its weights are is not told" in said.what
    assert FitResult.table(found)["low"].isna().all()


def test_where_there_are_many_goals_a_part_of_the_tracks_finds_who_is_left_out_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = planted(1, 30)
    whole = fit_trimmed(problem)
    monkeypatch.setattr(trimmed, "MANY_GROUPS", 2)
    assert trimmed.sampled(problem).sum() < N
    found = fit_trimmed(problem)
    assert len(set(found.left_out) & set(whole.left_out)) > 0.7 * max(len(found.left_out), len(whole.left_out))
    left = np.isin(problem.paths.ids.astype(str), found.left_out)
    np.testing.assert_allclose(found.theta, fit(taken(problem, ~left)).theta, atol=1e-4)
    clean = planted(7, 0)
    found = fit_trimmed(clean)
    assert found.left_out == () and len(found.loglik_paths) == N
    np.testing.assert_allclose(found.theta, fit(clean).theta, atol=1e-6)


def test_the_order_of_tracks_changes_nothing() -> None:
    problem = planted(2, 30)
    order = np.random.default_rng(0).permutation(N)
    one, other = fit_trimmed(problem), fit_trimmed(replace(problem, paths=problem.paths.take(order)))
    assert set(one.left_out) == set(other.left_out)
    np.testing.assert_allclose(one.theta, other.theta, atol=1e-4)


def test_few_tracks_are_fitted_whole() -> None:
    problem = planted(4, 3)
    few = replace(problem, paths=problem.paths.take(np.arange(N - 15, N)))
    assert fit_trimmed(few).left_out == ()


@pytest.mark.parametrize("model", [MaxEnt(), Boltzmann(), NoisyValue()], ids=lambda m: m.name)
def test_the_models_own_trips_are_drawn_from_it(model: Rationality) -> None:
    """A score has mean 0 under the model that trips were drawn from: beyond 4.5 standard errors twice in 1e5 times, over six means."""
    problem = replace(planted(5, 0), model=model)
    point = np.append(TRUTH, [p.start for p in model.parameters])
    own = own_trips(problem, point)
    scores = own.evaluate(point, own.groups()).scores[:, :2]
    assert len(own.paths) >= 1000
    assert (np.abs(scores.mean(axis=0)) < 4.5 * scores.std(axis=0) / np.sqrt(len(scores))).all()
    found = losses(problem, point)
    assert 0.9 < np.sqrt((found.own**2).mean()) < 1.1


def test_a_loss_is_what_a_trip_paid_above_what_the_model_expects() -> None:
    """Under MaxEnt -theta's of a trip is its -log P less the entropy of trips from its start: against the mean over many drawn ones."""
    problem = planted(6, 0)
    problem = replace(problem, paths=problem.paths.take(np.flatnonzero(problem.paths.goal == 0)[:1]))
    found = problem.evaluate(TRUTH, problem.groups())
    lost = -float(found.scores[0] @ TRUTH)
    own = own_trips(problem, TRUTH)
    drawn = -own.evaluate(TRUTH, own.groups()).loglik
    assert lost == pytest.approx(-float(found.loglik[0]) - drawn.mean(), abs=5.0 * drawn.std() / np.sqrt(len(drawn)))


def test_a_tail_with_no_more_than_the_models_own_keeps_all() -> None:
    own = np.sort(np.random.default_rng(0).exponential(size=2000))
    kept = np.ones(400, bool)
    seen = np.quantile(own, (np.arange(400) + 0.5) / 400)
    assert not too_many(Losses(seen, own), kept).any()
    strange = np.append(seen, np.full(40, 12.0))
    assert too_many(Losses(strange, own), np.ones(440, bool))[400:].mean() > 0.7
    assert not too_many(Losses(np.append(3.0 * seen, 8.0), own), np.ones(401, bool)).any()  # who vary three times as much are no strangers


@pytest.mark.parametrize("strange", [0, 20])
def test_that_counts_leave_nothing_out_is_said_whether_or_not_tracks_are_left_out(strange: int) -> None:
    problem = planted(1, strange)
    counted = PathFeatures(np.arange(40), problem.phi + np.array([0.0, 0.01]))  # as if mud were counted without these
    for one, said in ((problem, 0), (replace(problem, recounts=(counted,)), 1)):
        found = fit_trimmed(one)
        warnings = [w for w in found.warnings if "counted on all of these tracks" in w.what]
        assert len(warnings) == said and bool(found.left_out) == bool(strange)
        assert not said or (warnings[0].feature == "mud" and warnings[0].what.startswith('"mud" is counted'))


def test_it_is_offered() -> None:
    assert ESTIMATORS["trimmed_likelihood"].intervals

"""The slope of a likelihood in total, pulled back once, against the scores of the trips one by one, and what a search makes of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.fitting import lean, search
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.noise import kernels
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.solution import group_by_goal
from irlcore.worlds.mdp import MDP
from tests.rationality.worlds import grid_mdp, walk

pytestmark = pytest.mark.kernels

WEIGHTS = np.array([-1.8, -0.6, -0.3])


def some_trips(mdp: MDP, goals: int, each: int, seed: int, model: Rationality | None = None) -> Problem:
    """Trips to some goals by ``Boltzmann``, features of which one is the same for all choices: many ways tie."""
    rng = np.random.default_rng(seed)
    phi = np.column_stack((np.ones(mdp.n_choices), (rng.random((mdp.n_choices, 2)) < 0.3)))
    ends = np.repeat(rng.choice(mdp.n_states, goals, replace=False), each)
    starts = (ends + rng.integers(1, mdp.n_states, len(ends))) % mdp.n_states
    prepared = Boltzmann().prepare(mdp, phi @ WEIGHTS)
    policies = {int(g): Boltzmann().solve(prepared, np.array([g])).log_policy for g in np.unique(ends)}
    return Problem(mdp, phi, ("step", "one", "other"), walk(mdp, policies, starts, ends, rng), model or NoisyValue())


@pytest.mark.parametrize("size", [1.0, 60.0, 400.0])  # the last is so sure that chances underflow
@pytest.mark.parametrize("sigma2", [0.0, 0.3, 4.0])
@pytest.mark.parametrize("model", [NoisyValue(), NoisyValue(draws=10), NoisyValue("weights"), NoisyValue(persistent=True), Boltzmann(),
                                   Replanned()], ids=lambda model: f"{model.name} {getattr(model, 'draws', '')}")
def test_the_slope_in_total_is_the_sum_of_the_scores(model: Rationality, sigma2: float, size: float) -> None:
    problem = some_trips(grid_mdp(7, 5), 4, 6, 3)
    own = np.full(len(model.parameters), sigma2)
    prepared = model.prepare(problem.mdp, problem.phi @ (size * WEIGHTS), 1.0, own, problem.phi * (size * WEIGHTS))
    rng = np.random.default_rng(7)
    for group in group_by_goal(problem.paths):
        counts = rng.integers(1, 5, len(group.index)) if model.counts_alike else None
        counted = replace(group, counts=counts)
        found = model.trips(prepared, counted, problem.phi)
        times = np.ones(len(group.index)) if counts is None else counts
        value, slope = model.slope(prepared, counted, problem.phi)
        assert value == pytest.approx(float(times @ found.loglik), rel=1e-11)
        np.testing.assert_allclose(slope, times @ found.scores, rtol=1e-9, atol=1e-9 * (1.0 + np.abs(found.scores).max()))


def test_a_step_that_cannot_be_made_has_no_chance_in_total() -> None:
    offsets, at, fields = np.array([0, 2, 4], np.uint32), np.array([0, 1, 2, 1], np.uint32), np.ones((3, 4))
    for q, given in (([-1.0, -np.inf, -1.0, -2.0], [1.0, 1.0, 1.0, 0.0]), ([-np.inf, -np.inf, -1.0, -2.0], [0.0, 1.0, 1.0, 0.0])):
        assert kernels.judge(offsets, np.array(q), np.array(given), at, fields, 0.3, np.zeros(4), np.zeros((3, 4)))[0] == -np.inf
    possible = kernels.judge(offsets, np.array([-1.0, -np.inf, -1.0, -2.0]), np.array([2.0, 0.0, 0.0, 0.0]), at, fields, 0.3, np.zeros(4),
                             np.zeros((3, 4)))
    assert possible == (0.0, 0.0)  # the one way that there is


def test_a_search_by_slopes_ends_on_a_top_of_the_likelihood(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = some_trips(grid_mdp(9, 9), 70, 3, 8)
    monkeypatch.setattr(search, "LARGE", 80)
    by_slopes = fit(problem)
    with monkeypatch.context() as patch:
        patch.setattr(NoisyValue, "has_slope", lambda self, mdp, gamma: False)
        plain = fit(problem)
    assert by_slopes.loglik == pytest.approx(plain.loglik, abs=0.5)  # kinks: tops differ by less than a standard error
    evaluated = problem.evaluate(np.append(by_slopes.theta, by_slopes.own), problem.counted_groups())
    assert by_slopes.loglik == pytest.approx(float(evaluated.loglik.sum()), abs=1e-9)
    np.testing.assert_array_equal(by_slopes.scores, evaluated.scores)


@pytest.mark.parametrize("near", [0.0, np.inf])
def test_many_goals_never_end_below_the_fit_without_noise(near: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether that is asked for in full or not."""
    problem = some_trips(grid_mdp(9, 9), 70, 3, 9)
    monkeypatch.setattr(search, "LARGE", 80)
    monkeypatch.setattr(lean, "NEAR", near)
    assert fit(problem).loglik >= fit(replace(problem, model=Boltzmann())).loglik - 1e-6

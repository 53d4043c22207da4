"""Scores against the list of all paths, and against paths drawn from the model itself."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.review.scores import Arrivals, score_paths, surprise_moments
from irlcore.worlds.mdp import MDP, build_mdp
from tests.draws import mean_agrees
from tests.rationality.worlds import grid_mdp, recorded, walk
from tests.review.worlds import all_paths, make_paths, one_way_mdp

MODELS: list[Rationality] = [Boltzmann(), MaxEnt()]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
@pytest.mark.parametrize("slip", [0.0, 0.3])
def test_moments_equal_those_of_all_paths(model: Rationality, slip: float) -> None:
    mdp = one_way_mdp(4, 3, slip)
    rng = np.random.default_rng(0)
    prepared = model.prepare(mdp, -rng.uniform(0.2, 2.0, mdp.n_choices))
    solution = model.solve(prepared, np.array([11]))
    mean, variance = surprise_moments(prepared, solution)
    amounts = rng.normal(size=(mdp.n_choices, 2))
    totals = Arrivals(mdp, solution).moments(amounts)
    for start in (0, 1, 5):
        listed = list(all_paths(mdp, solution, start))
        chance = np.array([c for c, _ in listed])
        assert chance.sum() == pytest.approx(1.0)
        surprise = -np.log(chance)
        assert mean[start] == pytest.approx(chance @ surprise)
        assert variance[start] == pytest.approx(chance @ (surprise - chance @ surprise) ** 2)
        used = np.array([amounts[m].sum(axis=0) for _, m in listed])
        np.testing.assert_allclose(totals[0][start], chance @ used)
        np.testing.assert_allclose(totals[1][start], chance @ (used - chance @ used) ** 2)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
@pytest.mark.parametrize("slip", [0.0, 0.3])
def test_uses_of_choices_equal_those_of_all_paths(model: Rationality, slip: float) -> None:
    mdp = one_way_mdp(4, 3, slip)
    solution = model.solve(model.prepare(mdp, -np.random.default_rng(0).uniform(0.2, 2.0, mdp.n_choices)), np.array([11]))
    starts = np.zeros(mdp.n_states)
    starts[[0, 1, 5, 11]] = 3.0, 1.0, 0.5, 7.0  # who starts at the goal makes no choice
    listed = np.zeros(mdp.n_choices)
    for start in np.flatnonzero(starts):
        for chance, taken in all_paths(mdp, solution, int(start)):
            np.add.at(listed, taken, starts[start] * chance)
    np.testing.assert_allclose(Arrivals(mdp, solution).uses(starts), listed, atol=1e-12)


def test_moments_are_those_of_the_paths_that_arrive() -> None:
    # 0 -> 1 -> 3 and 0 -> 2 -> 3 arrive; 1 and 2 also lead to 4, which only leads back to itself
    state, after = np.array([0, 0, 1, 1, 2, 2, 4]), np.array([1, 2, 3, 4, 3, 4, 4])
    mdp, order = build_mdp(5, state, after)
    reward = -np.array([1.0, 0.5, 0.3, 1.0, 2.0, 0.1, 0.2])[order]
    prepared = Boltzmann().prepare(mdp, reward, 0.9)
    solution = Boltzmann().solve(prepared, np.array([3]))
    ways = [[0, 2], [1, 4]]
    logs = np.array([solution.log_policy[w].sum() for w in ways])
    assert np.exp(logs).sum() < 0.99
    chance = np.exp(logs) / np.exp(logs).sum()
    mean, variance = surprise_moments(prepared, solution)
    assert mean[0] == pytest.approx(-chance @ logs)
    assert variance[0] == pytest.approx(chance @ (logs - chance @ logs) ** 2)
    assert np.isnan(mean[4])
    assert mean[3] == 0.0


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
@pytest.mark.parametrize(("slip", "gamma"), [(0.0, 1.0), (0.2, 1.0), (0.2, 0.95)])
def test_moments_in_a_world_with_ways_back_solve_their_equations(model: Rationality, slip: float, gamma: float) -> None:
    """With c the chance of a step as it can be seen: m = sum c (-log c + m'), q = sum c (log^2 c - 2 log c m' + q'), variance q - m^2."""
    mdp, goal = grid_mdp(4, 4, slip), 15
    prepared = model.prepare(mdp, -np.random.default_rng(3).uniform(1.5, 2.5, mdp.n_choices), gamma)
    solution = model.solve(prepared, np.array([goal]))
    chance = np.zeros((16, 16))
    for m in np.flatnonzero(mdp.choice_state != goal):
        for k in range(mdp.successor_offsets[m], mdp.successor_offsets[m + 1]):
            after = mdp.likeliest[recorded(mdp, int(m), int(mdp.successors[k]))]
            chance[mdp.choice_state[m], after] += solution.policy[m] * mdp.probabilities[k]
    log = np.log(np.where(chance > 0.0, chance, 1.0))
    mean = np.linalg.solve(np.eye(16) - chance, -(chance * log).sum(axis=1))
    square = np.linalg.solve(np.eye(16) - chance, (chance * (log**2 - 2.0 * log * mean)).sum(axis=1))
    found = surprise_moments(prepared, solution)
    np.testing.assert_allclose(found[0], mean, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(found[1], square - mean**2, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
@pytest.mark.parametrize(("slip", "gamma"), [(0.0, 1.0), (0.2, 1.0), (0.2, 0.95)])
def test_paths_of_the_model_itself_have_surprise_0_on_average(model: Rationality, slip: float, gamma: float) -> None:
    mdp = grid_mdp(4, 4, slip)
    rng = np.random.default_rng(3)
    prepared = model.prepare(mdp, -rng.uniform(1.5, 2.5, mdp.n_choices), gamma)
    policies = {g: model.solve(prepared, np.array([g])).log_policy for g in (15, 10)}
    n = 1500
    paths = walk(mdp, policies, np.zeros(n, np.int64), rng.choice([15, 10], n), rng)
    scores = score_paths(model, prepared, paths)
    assert mean_agrees(scores.surprise, 0.0)
    np.testing.assert_allclose(scores.surprise, (-scores.loglik - scores.expected) / scores.deviation)


def test_each_path_scores_the_same_alone_as_among_others() -> None:
    mdp = grid_mdp(4, 4)
    rng = np.random.default_rng(4)
    model = MaxEnt()
    prepared = model.prepare(mdp, -rng.uniform(1.5, 2.5, mdp.n_choices))
    policies = {g: model.solve(prepared, np.array([g])).log_policy for g in (15, 12, 3)}
    paths = walk(mdp, policies, rng.integers(4, 12, 12), rng.choice([15, 12, 3], 12), rng)
    every = score_paths(model, prepared, paths)
    for i in range(12):
        alone = score_paths(model, prepared, paths.take(np.array([i])))
        for name in ("surprise", "utility_gap", "worst_stretch", "worst_start", "worst_end", "loglik", "expected"):
            assert getattr(alone, name)[0] == pytest.approx(getattr(every, name)[i]), name
        np.testing.assert_allclose(alone.step_surprise, every.step_surprise[paths.offsets[i]:paths.offsets[i + 1]])


@pytest.mark.parametrize("gamma", [1.0, 0.8])
def test_utility_gap_is_the_loss_against_the_best_of_all_paths(gamma: float) -> None:
    mdp = one_way_mdp(4, 3)
    reward = -np.random.default_rng(5).uniform(0.2, 2.0, mdp.n_choices)
    model = MaxEnt()
    prepared = model.prepare(mdp, reward, gamma)
    ways = [m for _, m in all_paths(mdp, model.solve(prepared, np.array([11])), 0)]
    returns = np.array([sum(gamma**t * reward[m] for t, m in enumerate(way)) for way in ways])
    scores = score_paths(model, prepared, make_paths(mdp, ways, [11] * len(ways)))
    np.testing.assert_allclose(scores.utility_gap, returns.max() - returns, atol=1e-10)


def test_no_hard_value_gives_no_gap() -> None:
    """A step that pays .1 has a value where it is made once; where chance may bring one back to it none is promised."""
    mdp = one_way_mdp(3, 2)
    prepared = MaxEnt().prepare(mdp, np.full(mdp.n_choices, 0.1))
    scores = score_paths(MaxEnt(), prepared, make_paths(mdp, [[0, 2, 4]], [5]))
    assert scores.utility_gap[0] == pytest.approx(0.0, abs=1e-12)
    trial = MDP(np.array([0, 1, 1]), np.array([0, 2]), np.array([0, 1]), np.array([0.1, 0.9]), np.array([0]))
    again = score_paths(MaxEnt(), MaxEnt().prepare(trial, np.array([0.1])), make_paths(trial, [[0]], [1]))
    assert np.isnan(again.utility_gap[0])
    assert np.isfinite(again.improbability[0])


def test_forced_way_is_no_surprise_and_impossible_one_is_endless() -> None:
    mdp, _ = build_mdp(4, np.array([0, 1, 3]), np.array([1, 2, 3]))
    prepared = Boltzmann().prepare(mdp, -np.ones(3))
    scores = score_paths(Boltzmann(), prepared, make_paths(mdp, [[0, 1], [2]], [2, 1]))
    assert scores.surprise.tolist() == [0.0, np.inf]
    assert scores.utility_gap.tolist() == [0.0, np.inf]
    assert np.isnan(scores.expected[1])


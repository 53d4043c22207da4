"""Agents with beliefs: sure ones are Boltzmann's, beliefs follow the normal-normal rule, doubt leads astray and looking helps."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy.stats import chi2

from irlcore.rationality.boltzmann import Boltzmann
from irlcore.simulation.beliefs import Belief, Uncertainty, UnsureAgents, draw_beliefs
from irlcore.worlds.mdp import MDP, build_mdp, choices_between
from tests.rationality.worlds import grid_mdp
from tests.review.worlds import all_paths, one_way_mdp

ALONE = np.arange(16)


def chi_square(mdp: MDP, uncertainty: Uncertainty, n: int) -> tuple[float, int]:
    """Of n drawn trips against Boltzmann's chance of every path, and its degrees of freedom."""
    cost = np.random.default_rng(1).uniform(0.5, 2.0, mdp.n_choices)
    solution = Boltzmann().solve(Boltzmann().prepare(mdp, -cost), np.array([8]))
    chance = {(*mdp.choice_state[list(way)].tolist(), 8): p for p, way in all_paths(mdp, solution, 0)}
    agents, rng = UnsureAgents(mdp, cost, np.arange(9), uncertainty), np.random.default_rng(2)
    drawn = Counter(tuple(agents.sample(0, np.array([8]), rng)) for _ in range(n))
    return sum((drawn[way] - n * p) ** 2 / (n * p) for way, p in chance.items()), len(chance) - 1


@pytest.mark.parametrize("look", [np.inf, 0.3, 0.0])
def test_an_agent_that_knows_every_cost_is_boltzmann_s_however_it_looks(look: float) -> None:
    distance, freedom = chi_square(one_way_mdp(3, 3), Uncertainty(0.0, look), 1000)
    assert distance < chi2.ppf(0.999, freedom)


def test_an_unsure_agent_is_not_boltzmann_s() -> None:
    distance, freedom = chi_square(one_way_mdp(3, 3), Uncertainty(1.0), 1000)
    assert distance > 2.0 * chi2.ppf(0.999, freedom)


def test_doubt_goes_where_the_way_ahead_is_seen_whole() -> None:
    # three goals one step away: an exact look shows every cost that matters, so the choice is Boltzmann's again
    fan, _ = build_mdp(4, np.zeros(3, np.int64), np.array([1, 2, 3]))
    cost, n, rng = np.array([1.0, 1.5, 3.0]), 2000, np.random.default_rng(10)
    chance = np.exp(-cost) / np.exp(-cost).sum()

    def distance(look: float) -> float:
        agents = UnsureAgents(fan, cost, np.arange(4), Uncertainty(1.5, look))
        ends = [agents.sample(0, np.array([1, 2, 3]), rng)[1] for _ in range(n)]
        return float(((np.bincount(ends, minlength=4)[1:] - n * chance) ** 2 / (n * chance)).sum())

    assert distance(0.0) < chi2.ppf(0.999, 2)
    assert distance(np.inf) > 2.0 * chi2.ppf(0.999, 2)


def test_a_belief_follows_the_normal_normal_rule() -> None:
    prior, noise, seen = 2.0, 0.5, [3.1, 2.2, 2.9]
    belief = Belief(np.array([[1.0, 7.0]]), [np.array([0]), np.array([1])], [np.array([[prior]]), np.array([[4.0]])])
    for y in seen:
        belief.learn(0, np.array([y]), noise)
    precision = 1.0 / prior + len(seen) / noise
    assert belief.variance(0) == pytest.approx(1.0 / precision)
    assert belief.mean[0, 0] == pytest.approx((1.0 / prior * 1.0 + sum(seen) / noise) / precision)
    assert belief.mean[0, 1] == 7.0 and belief.variance(1) == 4.0


def test_looks_taken_one_by_one_are_the_joint_gaussian_update() -> None:
    rng = np.random.default_rng(3)
    half = rng.normal(size=(4, 4))
    covariance, mean, noise = half @ half.T, rng.normal(size=4), np.array([0.3, 0.7])
    looked, seen = [2, 0], np.array([1.4, -0.6])
    belief = Belief(np.array([mean, mean + 1.0]), [np.arange(4)], [covariance.copy()])
    for choice, y, w in zip(looked, seen, noise, strict=True):
        belief.learn(choice, np.array([y, y + 1.0]), float(w))
    gain = covariance[:, looked] @ np.linalg.inv(covariance[np.ix_(looked, looked)] + np.diag(noise))
    np.testing.assert_allclose(belief.mean, (mean + gain @ (seen - mean[looked])) + np.array([[0.0], [1.0]]))
    after = covariance - gain @ covariance[looked]
    np.testing.assert_allclose([belief.variance(i) for i in range(4)], np.diag(after))


def test_beliefs_converge_to_the_truth() -> None:
    rng = np.random.default_rng(4)
    cost = rng.uniform(0.5, 4.0, 6)
    belief = draw_beliefs(cost, np.array([0, 0, 1, 1, 2, 2]), Uncertainty(2.0, 0.5, 0.4), 3, rng)
    assert np.abs(belief.mean - cost).max() > 1.0
    for _ in range(2000):
        for choice in range(6):
            belief.learn(choice, cost[choice] + 0.5 * np.sqrt(cost[choice]) * rng.standard_normal(3), 0.25 * float(cost[choice]))
    np.testing.assert_allclose(belief.mean, [cost] * 3, atol=5 * 0.5 * 2.0 / np.sqrt(2000))
    assert max(belief.variance(i) for i in range(6)) < 1.001 * 0.25 * 4.0 / 2000


def test_an_exact_look_settles_a_cost_once_and_for_all() -> None:
    belief = draw_beliefs(np.array([2.0]), np.array([0]), Uncertainty(1.0), 1, np.random.default_rng(5))
    for y in (2.0, 99.0):
        belief.learn(0, np.array([y]), 0.0)
    assert belief.mean[0, 0] == 2.0 and belief.variance(0) == 0.0


def test_beliefs_are_calibrated_before_and_after_looking_and_correlate_among_neighbours_alone() -> None:
    rng, cost = np.random.default_rng(6), np.array([1.0, 4.0, 2.0])
    doubt = Uncertainty(0.7, 0.4, 0.6)
    belief = draw_beliefs(cost, np.array([0, 0, 1]), doubt, 4000, rng)
    before = (belief.mean - cost) / (doubt.tau * np.sqrt(cost))
    belief.learn(0, cost[0] + doubt.look * rng.standard_normal(4000), doubt.look**2)
    after = (belief.mean - cost) / np.sqrt([belief.variance(i) for i in range(3)])
    np.testing.assert_allclose(np.cov(np.transpose(before)), [[1, 0.6, 0], [0.6, 1, 0], [0, 0, 1]], atol=0.08)
    np.testing.assert_allclose(np.var(after, axis=0), 1.0, atol=0.08)
    np.testing.assert_allclose(np.mean(after, axis=0), 0.0, atol=0.06)


def test_doubt_makes_trips_dearer_and_looking_around_makes_up_for_some_of_it() -> None:
    mdp, rng = grid_mdp(4, 4), np.random.default_rng(7)
    cost = 4.0 * rng.uniform(0.4, 1.6, mdp.n_choices)

    def mean_cost(doubt: Uncertainty) -> float:
        agents, total = UnsureAgents(mdp, cost, ALONE, doubt), 0.0
        for _ in range(500):
            states = np.array(agents.sample(0, np.array([15]), rng))
            total += cost[choices_between(mdp, states[:-1], states[1:])].sum()
        return total / 500

    sure, looking, blind = (mean_cost(u) for u in (Uncertainty(0.0), Uncertainty(1.0, 0.2), Uncertainty(1.0)))
    assert sure + 0.4 < looking < blind - 0.4, (sure, looking, blind)


def test_a_trip_ends_at_its_goal_by_steps_of_the_world_and_equal_seeds_make_equal_trips() -> None:
    mdp = grid_mdp(4, 4)
    agents = UnsureAgents(mdp, np.full(mdp.n_choices, 1.5), ALONE // 4, Uncertainty(1.0, 0.5, 0.5))
    one, two = ([agents.sample(0, np.array([3, 15]), rng) for _ in range(20)]
                for rng in (np.random.default_rng(8), np.random.default_rng(8)))
    assert one == two
    for states in one:
        assert states[0] == 0 and states[-1] in (3, 15) and not set(states[:-1]) & {3, 15}
        assert (choices_between(mdp, np.array(states[:-1]), np.array(states[1:])) >= 0).all()


def test_a_trip_that_leads_nowhere_or_takes_too_long_is_empty() -> None:
    circle, _ = build_mdp(3, np.array([0, 1]), np.array([1, 0]))
    rng = np.random.default_rng(9)
    assert UnsureAgents(circle, np.ones(2), np.arange(3), Uncertainty(0.5, 0.5)).sample(0, np.array([2]), rng) == []
    street = grid_mdp(6, 1)
    assert UnsureAgents(street, np.ones(10), np.arange(6), Uncertainty(0.0)).sample(0, np.array([5]), rng, longest=3) == []
    assert UnsureAgents(circle, np.ones(2), np.arange(3), Uncertainty(0.5)).loglik(np.array([0]), np.array([2]), 4, rng) == -np.inf


def test_the_likelihood_of_sure_agents_is_boltzmann_s() -> None:
    mdp, rng = one_way_mdp(3, 3), np.random.default_rng(11)
    cost = rng.uniform(0.5, 2.0, mdp.n_choices)
    solution = Boltzmann().solve(Boltzmann().prepare(mdp, -cost), np.array([8]))
    agents = UnsureAgents(mdp, cost, np.arange(9), Uncertainty(0.0, 0.3))
    for chance, way in all_paths(mdp, solution, 0):
        assert agents.loglik(np.array(way), np.array([8]), 3, rng) == pytest.approx(np.log(chance))


def test_the_likelihood_of_unsure_agents_is_how_often_their_trips_are_drawn() -> None:
    mdp, rng = one_way_mdp(3, 3), np.random.default_rng(12)
    cost = rng.uniform(0.5, 2.0, mdp.n_choices)
    agents = UnsureAgents(mdp, cost, np.arange(9) // 3, Uncertainty(1.0, 0.5, 0.5))
    solution = Boltzmann().solve(Boltzmann().prepare(mdp, -cost), np.array([8]))
    ways = [way for _, way in all_paths(mdp, solution, 0)]
    chance = np.exp([agents.loglik(np.array(way), np.array([8]), 3000, rng) for way in ways])
    assert chance.sum() == pytest.approx(1.0, abs=0.03)
    n = 2000
    drawn = Counter(tuple(agents.sample(0, np.array([8]), rng)) for _ in range(n))
    seen = np.array([drawn[(*mdp.choice_state[way].tolist(), 8)] for way in ways])
    assert seen.sum() == n
    assert ((seen - n * chance) ** 2 / (n * chance)).sum() < chi2.ppf(0.999, len(ways))

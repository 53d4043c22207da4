"""Agents with beliefs: sure ones are Boltzmann's, beliefs follow the normal-normal rule, doubt leads astray and looking helps."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from irlcore.rationality.boltzmann import Boltzmann
from irlcore.simulation.beliefs import Belief, Uncertainty, UnsureAgents, draw_beliefs
from irlcore.worlds.mdp import MDP, build_mdp, choices_between
from tests.draws import counts_agree
from tests.rationality.worlds import grid_mdp
from tests.review.worlds import all_paths, one_way_mdp

ALONE = np.arange(16)


each_seed = pytest.mark.parametrize("seed", [2, 20, 200])


def as_boltzmann(mdp: MDP, uncertainty: Uncertainty, n: int, seed: int) -> bool:
    """Whether n drawn trips take every path as often as Boltzmann would."""
    cost = np.random.default_rng(1).uniform(0.5, 2.0, mdp.n_choices)
    solution = Boltzmann().solve(Boltzmann().prepare(mdp, -cost), np.array([8]))
    chance = {(*mdp.choice_state[list(way)].tolist(), 8): p for p, way in all_paths(mdp, solution, 0)}
    agents, rng = UnsureAgents(mdp, cost, np.arange(9), uncertainty), np.random.default_rng(seed)
    drawn = Counter(tuple(agents.sample(0, np.array([8]), rng)) for _ in range(n))
    return counts_agree(drawn, chance, n)


@each_seed
@pytest.mark.parametrize("look", [np.inf, 0.3, 0.0])
def test_an_agent_that_knows_every_cost_is_boltzmann_s_however_it_looks(look: float, seed: int) -> None:
    assert as_boltzmann(one_way_mdp(3, 3), Uncertainty(0.0, look), 1000, seed)


@each_seed
def test_an_unsure_agent_is_not_boltzmann_s(seed: int) -> None:
    """It takes the commonest way in 0.426 of 20,000 trips, Boltzmann in 0.614: more than 6 of its standard errors beyond the bound."""
    assert not as_boltzmann(one_way_mdp(3, 3), Uncertainty(1.0), 1000, seed)


@each_seed
def test_doubt_goes_where_the_way_ahead_is_seen_whole(seed: int) -> None:
    # three goals one step away: an exact look shows every cost that matters, so the choice is Boltzmann's again
    fan, _ = build_mdp(4, np.zeros(3, np.int64), np.array([1, 2, 3]))
    cost, n, rng = np.array([1.0, 1.5, 3.0]), 2000, np.random.default_rng(seed)
    chance = dict(enumerate(np.exp(-cost) / np.exp(-cost).sum(), 1))

    def ends(look: float) -> Counter[int]:
        agents = UnsureAgents(fan, cost, np.arange(4), Uncertainty(1.5, look))
        return Counter(agents.sample(0, np.array([1, 2, 3]), rng)[1] for _ in range(n))

    assert counts_agree(ends(0.0), chance, n)
    assert not counts_agree(ends(np.inf), chance, n)  # the dearest in 0.183 of 20,000 instead of 0.078: 8 standard errors beyond


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
    np.testing.assert_allclose(belief.mean, [cost] * 3, atol=7 * 0.5 * 2.0 / np.sqrt(2000))  # 18 normal means: 5e-11
    assert max(belief.variance(i) for i in range(6)) < 1.001 * 0.25 * 4.0 / 2000


def test_an_exact_look_settles_a_cost_once_and_for_all() -> None:
    belief = draw_beliefs(np.array([2.0]), np.array([0]), Uncertainty(1.0), 1, np.random.default_rng(5))
    for y in (2.0, 99.0):
        belief.learn(0, np.array([y]), 0.0)
    assert belief.mean[0, 0] == 2.0 and belief.variance(0) == 0.0


@each_seed
def test_beliefs_are_calibrated_before_and_after_looking_and_correlate_among_neighbours_alone(seed: int) -> None:
    """Normal draws: of 16,000 a variance is off by 0.08, and a mean by 0.06, in less than 1e-11 of samples (7 standard errors)."""
    rng, cost, n = np.random.default_rng(seed), np.array([1.0, 4.0, 2.0]), 16_000
    doubt = Uncertainty(0.7, 0.4, 0.6)
    belief = draw_beliefs(cost, np.array([0, 0, 1]), doubt, n, rng)
    before = (belief.mean - cost) / (doubt.tau * np.sqrt(cost))
    belief.learn(0, cost[0] + doubt.look * rng.standard_normal(n), doubt.look**2)
    after = (belief.mean - cost) / np.sqrt([belief.variance(i) for i in range(3)])
    np.testing.assert_allclose(np.cov(np.transpose(before)), [[1, 0.6, 0], [0.6, 1, 0], [0, 0, 1]], atol=0.08)
    np.testing.assert_allclose(np.var(after, axis=0), 1.0, atol=0.08)
    np.testing.assert_allclose(np.mean(after, axis=0), 0.0, atol=0.06)


@pytest.mark.parametrize("seed", [7, 70])
def test_doubt_makes_trips_dearer_and_looking_around_makes_up_for_some_of_it(seed: int) -> None:
    """23.7, 24.7 and 25.8 (of 3,000 trips each, standard deviations 1.2, 1.8 and 3.6): 7 standard errors apart and more."""
    mdp, rng, n = grid_mdp(4, 4), np.random.default_rng(seed), 700
    cost = 4.0 * np.random.default_rng(7).uniform(0.4, 1.6, mdp.n_choices)

    def mean_cost(doubt: Uncertainty) -> float:
        agents, total = UnsureAgents(mdp, cost, ALONE, doubt), 0.0
        for _ in range(n):
            states = np.array(agents.sample(0, np.array([15]), rng))
            total += cost[choices_between(mdp, states[:-1], states[1:])].sum()
        return total / n

    sure, looking, blind = (mean_cost(u) for u in (Uncertainty(0.0), Uncertainty(1.0, 0.2), Uncertainty(1.0)))
    assert sure < looking < blind


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


@each_seed
def test_the_likelihood_of_unsure_agents_is_how_often_their_trips_are_drawn(seed: int) -> None:
    mdp, rng = one_way_mdp(3, 3), np.random.default_rng(seed)
    cost = np.random.default_rng(12).uniform(0.5, 2.0, mdp.n_choices)
    agents = UnsureAgents(mdp, cost, np.arange(9) // 3, Uncertainty(1.0, 0.5, 0.5))
    solution = Boltzmann().solve(Boltzmann().prepare(mdp, -cost), np.array([8]))
    ways = [way for _, way in all_paths(mdp, solution, 0)]
    # 40 estimates of each chance, 120 particles each: their mean, over its standard error, is off by 8 in 1e-9 of samples (Student's t)
    each = np.exp([[agents.loglik(np.array(way), np.array([8]), 120, rng) for _ in range(40)] for way in ways])
    chance, error = each.mean(axis=1), each.std(axis=1, ddof=1) / np.sqrt(40)
    assert abs(chance.sum() - 1.0) < 8.0 * np.sqrt((error**2).sum())
    n = 2000
    drawn = Counter(tuple(agents.sample(0, np.array([8]), rng)) for _ in range(n))
    seen = np.array([drawn[(*mdp.choice_state[way].tolist(), 8)] for way in ways])
    assert seen.sum() == n
    assert (np.abs(seen / n - chance) < 8.0 * np.sqrt(error**2 + chance * (1.0 - chance) / n)).all()

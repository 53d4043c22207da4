"""The score test against plain formulas, its p-values against chance, and how agents are found to differ."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import binom, chi2

from benchmarks.prices_agents import trips
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.replanned import Replanned
from irlcore.review.prices.against import FEWEST, against_normal, comparable, random_order, step_down, thinned
from irlcore.review.prices.evidence import Evidence
from irlcore.review.prices.score_test import score_agents
from irlcore.review.prices.spread import ClassPrices, spread_among
from tests.draws import LUCK
from tests.review.prices.agents import GRID, judged, known_class, problem_of

K = 3


def made(n: int, rng: np.random.Generator, spread: float = 0.0) -> Evidence:
    """Scores by the law that the test is made for: informations of random size, weights spread by ``spread`` (variance)."""
    root = rng.standard_normal((n, K, K + 2))
    informations = np.einsum("aij,akj->aik", root, root)
    away = np.sqrt(spread) * rng.standard_normal((n, K))
    noise = np.einsum("aij,aj->ai", root, rng.standard_normal((n, K + 2)))
    return Evidence(np.einsum("aij,aj->ai", informations, away) + noise, informations, np.ones(n, bool))


@pytest.mark.kernels
@pytest.mark.parametrize("model", [None, Boltzmann(), Replanned(persistent=True, draws=8)], ids=["maxent", "boltzmann", "replanned"])
def test_what_tracks_say_adds_up_to_the_likelihoods_own_derivative(model: Boltzmann | Replanned | None) -> None:
    problem = problem_of(12, 1, 1)
    problem = problem if model is None else replace(problem, model=model)
    point = np.append(GRID.theta, [p.start for p in problem.model.parameters])
    found, whole = judged(problem, point), problem.evaluate(point, problem.groups())
    np.testing.assert_allclose(found.scores, whole.scores[:, :K], rtol=1e-9, atol=1e-9)
    assert (np.linalg.eigvalsh(found.informations) > -1e-9).all() and found.possible.all()
    if isinstance(model, Boltzmann):
        np.testing.assert_allclose(found.informations.sum(axis=0), whole.information, rtol=1e-9)
    back = np.arange(len(problem.paths))[::-1]
    turned = judged(replace(problem, paths=problem.paths.take(back)), point)
    np.testing.assert_allclose(turned.scores[back], found.scores, rtol=1e-9, atol=1e-9)


@pytest.mark.kernels
def test_the_information_is_the_variance_of_the_score() -> None:
    problem, prices = problem_of(400, 1, 2), known_class()
    own = trips(GRID, GRID.theta, 300, np.random.default_rng(5))  # the agents of this test are all alike
    offsets = np.concatenate(([0], np.cumsum([len(c) for c, _, _ in own])))
    paths = replace(problem.paths, ids=np.array([str(i) for i in range(300)], object), offsets=offsets,
                    choices=np.concatenate([c for c, _, _ in own]), last_state=np.array([e for _, e, _ in own]),
                    goal=np.array([g for _, _, g in own]))
    found = judged(replace(problem, paths=paths), prices.theta)
    scores, informations = found.scores, found.informations.mean(axis=0)
    z = scores.mean(axis=0) / np.sqrt(np.diag(informations) / 300)
    assert (np.abs(z) < 6.5).all()
    np.testing.assert_allclose(np.diag(scores.T @ scores / 300), np.diag(informations), rtol=0.6)


def test_the_score_test_is_that_of_the_plain_formulas() -> None:
    agents, prices = made(20, np.random.default_rng(3), 0.2), replace(known_class(0.2), units=np.array([1.0, 0.1, 10.0]))
    found = score_agents(agents, prices)
    for a in range(20):
        information, score = agents.informations[a], agents.scores[a]
        W = np.linalg.inv(np.linalg.inv(information) + prices.prior)
        w = W @ np.linalg.solve(information, score)
        np.testing.assert_allclose(found.z[a], w / np.sqrt(np.diag(W)), rtol=1e-6)
        np.testing.assert_allclose(found.away[a], w / np.diag(W), rtol=1e-6)
        np.testing.assert_allclose(found.normal_p[a], chi2.sf(w @ np.linalg.solve(W, w), K), rtol=1e-6)


def test_a_weight_left_free_is_one_that_the_prior_says_nothing_of() -> None:
    agents, prices = made(10, np.random.default_rng(4), 0.2), known_class(0.2)
    wide = replace(prices, spread=np.array([1e9, 0.2, 0.2]))
    found, other = score_agents(agents, prices, np.array([True, False, False])), score_agents(agents, wide)
    np.testing.assert_allclose(found.z[:, 1:], other.z[:, 1:], rtol=1e-4, atol=1e-6)
    assert not found.told[:, 0].any() and (found.z[:, 0] == 0.0).all()


def test_units_change_nothing_and_what_is_not_told_is_not_said() -> None:
    agents, prices = made(10, np.random.default_rng(5)), known_class(0.1)
    size = np.array([1000.0, 1.0, 0.01])
    other = Evidence(agents.scores * size, agents.informations * size[:, None] * size, agents.possible)
    scaled = ClassPrices(prices.theta / size, prices.own, prices.lower, prices.upper, prices.units / size, prices.spread / size**2,
                         prices.covariance, 100)
    np.testing.assert_allclose(score_agents(other, scaled).z, score_agents(agents, prices).z, rtol=1e-8)
    np.testing.assert_allclose(score_agents(other, scaled).joint, score_agents(agents, prices).joint, rtol=1e-8)
    blind = Evidence(agents.scores * [1, 0, 1], agents.informations * np.outer([1, 0, 1], [1, 0, 1]), agents.possible)
    found = score_agents(blind, prices)
    assert not found.told[:, 1].any() and found.told[:, [0, 2]].all() and np.isinf(found.error[:, 1]).all()


@pytest.mark.parametrize("spread", [0.0, 0.05, 0.4])
def test_how_agents_differ_is_found_from_their_scores(spread: float) -> None:
    found = spread_among(made(4000, np.random.default_rng(6), spread), np.ones(K), np.zeros((K, K)))
    np.testing.assert_allclose(found, spread, atol=0.02 + 0.15 * spread)


def test_who_is_as_normal_as_the_others_is_called_unlike_them_no_more_often_than_asked() -> None:
    rng, prices, runs, said = np.random.default_rng(7), known_class(0.1), 400, np.zeros(2)
    for _ in range(runs):  # agents of 1 to 4 tracks, and a class that is another than is believed
        sizes = rng.integers(1, 5, 41)
        tracks, first = made(int(sizes.sum()), rng, 0.6), np.concatenate(([0], np.cumsum(sizes)))
        own = [np.arange(a, b) for a, b in pairwise(first)]
        found = against_normal(own[:1], own[1:], tracks, prices, rng.permutation(int(sizes.sum())))
        said += (found.joint[0] <= 0.05, found.each[0, 1] <= 0.05)
    assert (said <= binom.isf(LUCK, runs, 0.05)).all()
    assert (said > 0).all()


def test_like_is_held_against_like() -> None:
    sizes = np.array([1] * 30 + [3] * FEWEST + [9])
    assert [comparable(sizes, m) for m in (1, 2, 3, 9)] == [1, 2, 3, 3]
    assert comparable(sizes[:5], 4) == 1
    rank = random_order(np.array(["c", "a", "b"], object))
    back = random_order(np.array(["b", "a", "c"], object))
    assert rank[0] == back[2] and rank[1] == back[1] and sorted(rank) == [0, 1, 2]
    np.testing.assert_array_equal(thinned(np.array([4, 5, 6]), 2, np.array([0, 0, 0, 0, 2, 0, 1])), [5, 6])


def test_p_values_are_adjusted_as_holm_does() -> None:
    p = step_down(np.array([0.01, 0.04, 0.03, 0.005, 0.2]), np.array([True, True, True, True, False]))
    np.testing.assert_allclose(p, [0.03, 0.06, 0.06, 0.02, 1.0])


@pytest.mark.kernels
def test_nobody_is_held_against_itself() -> None:
    prices, problem = known_class(), problem_of(40, 2, 31)
    tracks, rank = judged(problem, prices.theta), random_order(np.arange(80).astype(str))
    agents = [np.array([2 * a, 2 * a + 1]) for a in range(40)]
    mine, normal = agents[:3], agents[3:]
    found = against_normal(mine, normal, tracks, prices, rank, itself=np.array([-1, 4, 36]))
    for a, at in enumerate([-1, 4, 36]):
        plain = against_normal([mine[a]], [one for j, one in enumerate(normal) if j != at], tracks, prices, rank)
        assert found.joint[a] == plain.joint[0] and found.agents[a] == plain.agents[0]
        np.testing.assert_array_equal(found.each[a], plain.each[0])
    alone = against_normal(mine[:1], normal[:1], tracks, prices, rank, itself=np.array([0]))
    assert alone.joint[0] == 1.0 and alone.agents[0] == 0

"""One agent's weights and intervals against plain searches, and drawn agents of the class."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import chi2

from benchmarks.prices_agents import agents
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.problem import Problem
from irlcore.rationality.models import MODELS
from irlcore.review.calibration.p_values import conformal_p
from irlcore.review.prices import coverage
from irlcore.review.prices.agent_prices import WeightTest, normal_test, prices_of, simulated_test, which_differ
from irlcore.review.prices.coverage import level_of
from irlcore.review.prices.null_trips import can_simulate, simulated
from irlcore.review.prices.score_test import score_agents
from irlcore.review.prices.spread import ClassPrices
from tests.review.prices.agents import GRID, judged, known_class, one_agent, problem_of

pytestmark = pytest.mark.kernels
K = 3
NONE = np.zeros(K, bool)


def posterior(problem: Problem, prices: ClassPrices, theta: np.ndarray, free: np.ndarray) -> float:
    """By the likelihood of paths and the prior, in plain words."""
    held = ~free
    away = (theta - prices.theta)[held]
    prior = 0.5 * away @ np.linalg.solve(prices.prior[np.ix_(held, held)], away) if held.any() else 0.0
    return float(path_logliks(problem.model, problem.prepare(theta), problem.paths).sum() - prior)


def test_the_most_probable_weights_are_those_of_a_plain_search() -> None:
    problem, prices = problem_of(1, 6, 11, 3.0), known_class(0.3)
    found = one_agent(problem, prices).most_probable(NONE)
    assert found is not None
    plain = minimize(lambda x: -posterior(problem, prices, x, NONE), prices.theta, method="Nelder-Mead",
                     options={"xatol": 1e-5, "fatol": 1e-9})
    np.testing.assert_allclose(found.theta, plain.x, atol=5e-3)
    assert abs(found.value + plain.fun) < 1e-3


def test_a_class_that_is_all_alike_leaves_an_agent_its_weights() -> None:
    found = one_agent(problem_of(1, 6, 11, 3.0), known_class(0.0)).most_probable(NONE)
    assert found is not None
    np.testing.assert_allclose(found.theta, GRID.theta, atol=1e-3)


def test_the_ends_of_an_interval_are_where_the_profile_has_fallen_by_chi_squared() -> None:
    problem, prices = problem_of(1, 8, 12), known_class(0.05)
    agent, free = one_agent(problem, prices), np.array([False, True, False])
    best = agent.most_probable(free)
    assert best is not None
    found = agent.interval(1, free, best)
    for end in found.ends:
        def fallen(x: np.ndarray, end: float = float(end)) -> float:
            return -posterior(problem, prices, np.array([x[0], end, x[1]]), free)

        plain = minimize(fallen, prices.theta[[0, 2]], method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-8})
        assert abs(2.0 * (best.value + plain.fun) - chi2.ppf(0.95, 1)) < 0.05
    assert found.ends[0] < found.best < found.ends[1] and not found.edge.any()


def test_signs_are_kept_of_weights_that_are_as_usual_and_not_of_the_one_that_is_told() -> None:
    """Of 25 told intervals 28 % held where the class may only avoid what some agents like, and 26 of 26 since signs bind no told weight."""
    problem = problem_of(1, 8, 13, -1.0)  # it likes what the class avoids
    bound, prices = replace(known_class(0.05), upper=np.array([np.inf, 0.0, np.inf])), known_class(0.05)
    usual = one_agent(problem, bound).most_probable(NONE)
    assert usual is not None and usual.theta[1] <= 0.0
    free, found = np.array([False, True, False]), []
    for one in (bound, prices):
        agent = one_agent(problem, one)
        best = agent.most_probable(free)
        assert best is not None
        found.append(agent.interval(1, free, best))
    assert found[0].best == found[1].best and (found[0].ends == found[1].ends).all() and found[0].ends[1] > 0.0


def test_where_signs_bind_the_class_intervals_hold_the_weights_of_agents_who_break_them() -> None:
    """Of 20 intervals of 95 %, 5 or more miss less than 3 times in 1,000."""
    missed = 0
    for seed in range(20):
        problem = problem_of(1, 5, 300 + seed, -1.0)
        truth = agents(GRID, 1, 5, -1.0, np.random.default_rng(300 + seed))[1][0, 1]
        prices = replace(known_class(0.1), upper=np.zeros(K))
        free, agent = np.array([False, True, False]), one_agent(problem, prices)
        best = agent.most_probable(free)
        assert best is not None and truth > 0.0
        low, high = agent.interval(1, free, best).ends
        missed += not low <= truth <= high
    assert missed < 5


def test_where_the_fit_tells_no_errors_no_interval_is_told() -> None:
    problem, prices = problem_of(1, 25, 15, -1.0), replace(known_class(0.02), errors=np.full(K, np.nan))
    own = judged(problem, prices.theta).summed([np.arange(25)])
    found = prices_of("one", np.arange(25), problem, np.ones(25, bool), prices, normal_test(own, prices, 25))
    assert found.differs and not found.sure and not found.known and np.isnan(found.class_se).all() and np.isnan(found.interval).all()


def test_drawn_agents_of_the_class_are_as_the_class() -> None:
    problem, prices = problem_of(1, 4, 14), known_class(0.0)
    null = simulated(problem, prices, 150, 1)
    z = score_agents(null, prices).z
    assert len(null) == 150 and can_simulate(problem)
    assert (np.abs(z.mean(axis=0)) < 6.5 / np.sqrt(150)).all() and (z.std(axis=0) > 0.5).all() and (z.std(axis=0) < 1.6).all()
    again = simulated(problem, prices, 150, 1)
    np.testing.assert_array_equal(null.scores, again.scores)
    assert float(conformal_p(score_agents(null, prices).joint, score_agents(null, prices).joint).min()) == pytest.approx(2 / 151)


def test_an_agent_with_one_other_price_is_found_and_its_price_is_within_the_interval() -> None:
    problem, prices = problem_of(1, 25, 15, -1.0), known_class(0.02)
    own = judged(problem, prices.theta).summed([np.arange(25)])
    tester = simulated_test(own, simulated(problem, prices, 99, 2), prices, 25)
    found = prices_of("one", np.arange(25), problem, np.ones(25, bool), prices, tester)
    assert found.differs[:1] == (1,) and found.test.joint <= 0.05 and found.test.how == "simulated agents"
    low, high = found.interval[1]
    assert low < found.own[1] < high and low > GRID.theta[1]
    assert found.theta[1] < found.weights[1], "the most probable weights move the same way"


def test_a_track_that_the_model_cannot_make_says_nothing_of_weights() -> None:
    problem, prices = problem_of(1, 2, 16), known_class()
    own = judged(problem, prices.theta).summed([np.arange(2)])
    found = prices_of("one", np.arange(2), problem, np.array([True, False]), prices, normal_test(own, prices, 2))
    assert found.impossible == 1 and np.isnan(found.weights).all()


def test_features_are_looked_at_again_once_one_is_known_to_differ() -> None:
    def tester(free: np.ndarray) -> WeightTest:
        each = np.array([0.001, 0.004, 0.9]) if not free.any() else np.array([1.0, 0.3, 0.9])
        return WeightTest(0.002, each, np.array([3.5, 3.1, 0.1]), ~free, "normal agents", 99, 1)

    first, p, adjusted, differs = which_differ(tester, 3)
    assert differs == (0,) and first.joint == 0.002
    np.testing.assert_allclose(p, [0.001, 0.3, 0.9])
    np.testing.assert_allclose(adjusted, [0.003, 0.6, 0.9])
    assert which_differ(tester, 3, lambda free: float(free[1]))[3] == (1,), "of those that are sure, the one that explains most"


def test_the_error_is_that_of_the_curvature() -> None:
    problem, prices = problem_of(1, 60, 21), known_class(0.05)
    agent, free = one_agent(problem, prices), np.array([False, True, False])
    best = agent.most_probable(free)
    assert best is not None
    error = agent.error(1, best)
    assert error == pytest.approx(np.sqrt(np.linalg.inv(best.information)[1, 1]))
    assert agent.error(1, replace(best, information=np.zeros((K, K)))) == np.inf


def test_only_weights_that_differ_have_an_interval_and_only_under_models_whose_intervals_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, prices = problem_of(1, 25, 15, -1.0), known_class(0.02)
    own = judged(problem, prices.theta).summed([np.arange(25)])
    tester = normal_test(own, prices, 25)
    found = prices_of("one", np.arange(25), problem, np.ones(25, bool), prices, tester)
    assert found.sure and found.differs
    for j in range(K):
        assert np.isfinite(found.own[j]) == (j in found.differs) and np.isnan(found.interval[j]).all() == (j not in found.differs)
    monkeypatch.setattr(coverage, "HOLD", ())
    about = prices_of("one", np.arange(25), problem, np.ones(25, bool), prices, tester)
    assert not about.sure and np.isnan(about.interval).all() and about.differs == found.differs
    assert about.own[1] == pytest.approx(found.own[1], abs=0.05)


def test_intervals_that_are_told_of_few_of_many_weights_are_wider() -> None:
    assert level_of(1, 5) == pytest.approx(0.99) and level_of(5, 5) == pytest.approx(0.95) and level_of(2, 0) == pytest.approx(0.95)
    assert set(coverage.HOLD) <= set(MODELS) and not coverage.intervals_hold(MODELS["noisy_value"])

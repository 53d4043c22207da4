"""Few tracks, few agents: CR2 against its own definition, degrees of freedom against arithmetic, and equal trips of one driver."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t as student

from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.small_samples import MANY, agents_of, information_of_agents, robust
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.models import MODELS
from irlcore.rationality.solution import Prepared, Solution
from irlcore.worlds.mdp import build_goals
from tests.fitting.test_maximum_likelihood import simulated


def shares(rng: np.random.Generator, agents: int, k: int) -> np.ndarray:
    """Informations (G, K, K) of agents who differ in how much they tell."""
    root = rng.normal(size=(agents, k, k)) * rng.uniform(0.3, 2.0, agents)[:, None, None]
    return np.asarray(root @ root.transpose(0, 2, 1))


def test_the_mean_over_samples_is_the_true_variance_whatever_agents_tell() -> None:
    """Scores at the maximum, s_g - I_g J sum s: their expected CR2 is J, which the plain sandwich falls short of by a quarter and more.

    Exactly so in expectation; over 20,000 samples the standard error of a variance's mean is below .01.
    """
    rng = np.random.default_rng(4)
    parts = shares(rng, 6, 2)
    inverse = np.linalg.inv(parts.sum(axis=0))
    roots = np.linalg.cholesky(parts)
    found, plain = np.zeros((2, 2)), np.zeros((2, 2))
    for _ in range(20_000):
        s = np.einsum("gij,gj->gi", roots, rng.standard_normal((6, 2)))
        s -= (parts @ inverse) @ s.sum(axis=0)
        found += robust(inverse, s, np.arange(6), parts, np.eye(2)).covariance / 20_000
        plain += inverse @ s.T @ s @ inverse / 20_000
    np.testing.assert_allclose(np.diag(found) / np.diag(inverse), 1.0, atol=0.06)
    assert (np.diag(plain) / np.diag(inverse) < 0.85).all()


def test_equal_agents_have_one_degree_of_freedom_less_than_there_are() -> None:
    """G agents who tell as much, one weight: V is the variance of a mean, G - 1 degrees of freedom, as in a t test of one sample."""
    for g in (3, 10, 40):
        scores = np.random.default_rng(g).normal(size=(g, 1))
        scores -= scores.mean()
        found = robust(np.array([[1.0 / g]]), scores, np.arange(g), np.ones((g, 1, 1)), np.eye(1))
        assert found.freedom[0] == pytest.approx(g - 1.0)
        assert found.covariance[0, 0] == pytest.approx(scores.var(ddof=1) / g)


def test_one_agent_who_tells_nearly_all_leaves_hardly_a_degree_of_freedom() -> None:
    parts = np.ones((10, 1, 1))
    parts[0] = 1000.0
    found = robust(np.linalg.inv(parts.sum(axis=0)), np.zeros((10, 1)), np.arange(10), parts, np.eye(1))
    assert 1.0 <= found.freedom[0] < 1.2


def test_where_agents_are_many_the_corrections_agree() -> None:
    problem = simulated(MaxEnt(), n=MANY)
    found = fit(problem)
    one = information_of_agents(problem, found.theta)
    assert one is not None
    np.testing.assert_allclose(one.sum(axis=0), problem.evaluate(found.theta, problem.groups()).information, rtol=1e-8)
    inverse = np.linalg.inv(one.sum(axis=0))
    exact, rough = (robust(inverse, found.scores, np.arange(MANY), part, np.eye(2)) for part in (one, None))
    np.testing.assert_allclose(exact.covariance, rough.covariance, rtol=0.03)
    np.testing.assert_allclose(exact.covariance, found.covariance, rtol=1e-6)
    assert information_of_agents(simulated(MaxEnt(), n=MANY + 1), found.theta) is None


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("gamma", [1.0, 0.9])
def test_agents_tell_together_what_each_tells_alone(name: str, gamma: float) -> None:
    """The agents of one goal share its values, and what each of them tells is what it would tell alone."""
    problem = replace(simulated(MaxEnt(), n=12), model=MODELS[name], gamma=gamma, clusters=np.arange(12) // 2)
    point = np.append([-1.2, -0.6], MODELS[name].own_start(None))
    found = information_of_agents(problem, point)
    assert found is not None and len(found) == 6
    for g, information in enumerate(found):
        alone = replace(problem, paths=problem.paths.take(np.flatnonzero(problem.clusters == g)), clusters=None)
        np.testing.assert_allclose(information, alone.evaluate(point, alone.groups()).observed, rtol=1e-7, atol=1e-9)


def test_a_world_without_goals_is_solved_once_for_all_its_agents(monkeypatch: pytest.MonkeyPatch) -> None:
    """43 solutions, one an agent, were 2 of the 2.5 s that a fit of the fishing ground took."""
    simple = simulated(MaxEnt(), n=12)
    nowhere = build_goals([np.zeros(0, np.int64)], ["nowhere"])
    roaming = replace(simple, paths=replace(simple.paths, goal=np.zeros(12, np.int64), goals=nowhere), gamma=0.9)
    solved: list[int] = []
    real = MaxEnt.solve

    def counted(self: MaxEnt, prepared: Prepared, goal_states: np.ndarray) -> Solution:
        solved.append(1)
        return real(self, prepared, goal_states)

    monkeypatch.setattr(MaxEnt, "solve", counted)
    found = information_of_agents(roaming, np.array([-1.2, -0.6]))
    assert found is not None and len(found) == 12 and len(solved) == 1


def repeated(problem: Problem, times: int, labels: bool = True) -> Problem:
    """Every path ``times`` over, and whose it is."""
    n = len(problem.paths)
    paths = problem.paths.take(np.repeat(np.arange(n), times))
    return replace(problem, paths=paths, clusters=np.repeat(np.arange(n), times).astype(str) if labels else None)


@pytest.mark.parametrize("model", [MaxEnt(), Boltzmann()], ids=lambda m: m.name)
def test_twenty_equal_trips_of_a_driver_say_as_much_as_one(model: MaxEnt | Boltzmann) -> None:
    once = replace(simulated(MaxEnt(), n=10), model=model)
    one, named, blind = fit(once), fit(repeated(once, 20)), fit(repeated(once, 20, labels=False))
    np.testing.assert_allclose(named.theta, one.theta, rtol=1e-2)
    np.testing.assert_allclose(named.se_robust, one.se_robust, rtol=0.03)
    np.testing.assert_allclose(named.freedom, one.freedom, rtol=0.03)
    assert (named.agents, one.agents, blind.agents) == (10, 0, 0)
    assert (blind.se_robust < 0.3 * one.se_robust).all()
    np.testing.assert_allclose(np.diff(named.interval(), axis=1)[:, 0], 2.0 * student.ppf(0.975, named.freedom) * named.se_robust)


def test_labels_group_paths_whatever_they_are_and_in_whatever_order() -> None:
    problem = simulated(MaxEnt(), n=12)
    names = np.array(["b", "a", "b", "c"] * 3)
    agent, count = agents_of(replace(problem, clusters=names))
    assert count == 3 and (agent == np.array([1, 0, 1, 2] * 3)).all()
    assert agents_of(problem)[1] == 12
    turned = np.random.default_rng(0).permutation(12)
    one = fit(replace(problem, clusters=names))
    other = fit(replace(problem, paths=problem.paths.take(turned), clusters=names[turned]))
    np.testing.assert_allclose(one.se_robust, other.se_robust, rtol=1e-4)


def test_five_tracks_are_said_to_be_few() -> None:
    few, more = fit(simulated(MaxEnt(), n=5)), fit(simulated(MaxEnt(), n=40))
    assert any("unsure themselves" in w.details and "5 independent" in w.details for w in few.warnings)
    assert not any("unsure themselves" in w.details for w in more.warnings)
    assert any("unsure themselves" in w.details for w in fit(replace(simulated(MaxEnt(), n=40), clusters=np.arange(40) % 4)).warnings)

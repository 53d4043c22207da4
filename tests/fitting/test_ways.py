"""Flat directions: what nothing can tell is found from data and features alone, in any unit, held, named, and given no interval."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.errors import FitError
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.ways import compare_ways
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.models import DEFAULT, MODELS
from irlcore.worlds.mdp import build_mdp
from tests.fitting.test_maximum_likelihood import simulated
from tests.rationality.worlds import walk

SMOOTH: list[Rationality] = [MaxEnt(), Boltzmann()]
ALL: list[Rationality] = [*SMOOTH, MODELS[DEFAULT]]
by_name = pytest.mark.parametrize("model", ALL, ids=lambda m: m.name)


def layers(trips: int = 60, seed: int = 0, gamma: float = 1.0) -> Problem:
    """Six layers of three places, from a start through all of them to a goal: every way has seven steps. What a step costs is drawn."""
    n, width = 6, 3
    rng, last = np.random.default_rng(seed), 1 + n * width
    pairs = [(0, 1 + a) for a in range(width)] + [(last - width + a, last) for a in range(width)]
    pairs += [(1 + k * width + a, 1 + (k + 1) * width + b) for k in range(n - 1) for a in range(width) for b in range(width)]
    mdp, _ = build_mdp(last + 1, *np.array(pairs).T)
    phi = np.column_stack((rng.random(mdp.n_choices), np.ones(mdp.n_choices)))
    solution = MaxEnt().solve(MaxEnt().prepare(mdp, phi @ [-3.0, -1.0], gamma), np.array([last]))
    paths = walk(mdp, {last: solution.log_policy}, np.zeros(trips, np.int64), np.full(trips, last), rng)
    return Problem(mdp, phi, ("cost", "each step"), paths, MaxEnt(), gamma)


@by_name
@pytest.mark.parametrize("gamma", [1.0, 0.95])
def test_a_step_where_all_ways_have_as_many_is_held_named_and_has_no_interval(model: Rationality, gamma: float) -> None:
    found = fit(replace(layers(gamma=gamma), model=model))
    assert abs(found.theta[1]) <= 16.0  # where the search began
    assert np.isinf(found.se[1]) and np.isinf(found.interval()[1]).all()
    assert np.isfinite(found.se[0]) and found.se[0] < 1.0
    [said] = [w for w in found.warnings if w.feature == "each step"]
    assert "Nothing tells the weight of each step" in said.details and f"{found.theta[1]:.3g}" in said.details and said.fix
    assert not any("set no limit" in w.details for w in found.warnings)


@pytest.mark.parametrize("model", SMOOTH, ids=lambda m: m.name)
def test_a_flat_feature_changes_nothing_of_the_others(model: Rationality) -> None:
    problem = replace(layers(), model=model)
    alone = fit(replace(problem, phi=problem.phi[:, :1], names=("cost",)))
    both = fit(problem)
    assert both.theta[0] == pytest.approx(alone.theta[0], rel=1e-3)
    assert both.se[0] == pytest.approx(alone.se[0], rel=1e-2)
    np.testing.assert_allclose(both.loglik, alone.loglik, atol=1e-4)


@by_name
@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_what_says_the_same_is_as_unsure_as_the_ignorance(model: Rationality, unit: float) -> None:
    """b = 2 a: neither has a limit, in whatever unit; their sum is as sure as one of them alone was."""
    problem = replace(simulated(MaxEnt(), n=60), model=model)
    twice = replace(problem, phi=problem.phi[:, [0, 1, 1]] * [1.0, 1.0, 2.0 * unit], names=("step", "a", "b"))
    found, alone = fit(twice), fit(problem)
    assert np.isinf(found.se[1:]).all() and np.isinf(found.interval()[1:]).all()
    assert found.theta[1] + 2.0 * unit * found.theta[2] == pytest.approx(alone.theta[1], abs=0.05)
    if model.smooth:  # where a kink stops a search depends on its way there
        assert found.se[0] == pytest.approx(alone.se[0], rel=1e-3)
    assert any("a and b" in w.what and "cannot be told apart" in w.details for w in found.warnings)


def test_length_and_step_together_are_flat_on_a_grid_of_equal_steps() -> None:
    problem = simulated(MaxEnt(), n=40)
    ways = compare_ways(replace(problem, phi=problem.phi[:, [0, 1, 0]] * [1.0, 1.0, 1e-6], names=("step", "mud", "km")))
    assert ways.flat.shape == (3, 1)
    weights = ways.flat[:, 0] / ways.scale
    assert weights[1] == pytest.approx(0.0, abs=1e-6) and weights[0] == pytest.approx(-1e-6 * weights[2], rel=1e-6)


@pytest.mark.parametrize(("slip", "gamma"), [(0.0, 1.0), (0.0, 0.9), (0.2, 1.0), (0.2, 0.9)])
def test_potentials_are_flat_in_every_kind_of_world_and_nothing_else_is(slip: float, gamma: float) -> None:
    """phi d = h(state) - gamma E h(next) for any h that is 0 at the goals: no policy can tell it (Ng, Harada and Russell 1999)."""
    problem = simulated(MaxEnt(), slip, gamma, n=30)
    h = np.random.default_rng(1).normal(size=problem.mdp.n_states)
    h[[5, 20, 35]] = 0.0
    shaped = h[problem.mdp.choice_state] - gamma * problem.mdp.transition_matrix() @ h
    for unit in (1e-6, 1.0, 1e6):
        ways = compare_ways(replace(problem, phi=np.column_stack((problem.phi, unit * shaped)), names=("step", "mud", "shaped")))
        assert ways.flat.shape == (3, 1)
        np.testing.assert_allclose(np.abs(ways.flat[:, 0]), [0.0, 0.0, 1.0], atol=1e-9)
    assert compare_ways(problem).flat.shape == (2, 0)


def test_directions_do_not_depend_on_the_numbering_of_states() -> None:
    problem = layers()
    order = np.random.default_rng(3).permutation(problem.mdp.n_states)
    mdp, at = build_mdp(problem.mdp.n_states, order[problem.mdp.choice_state], order[problem.mdp.successors])
    where = np.argsort(at)
    paths = replace(problem.paths, choices=where[problem.paths.choices], last_state=order[problem.paths.last_state],
                    goals=replace(problem.paths.goals, states=order[problem.paths.goals.states]))
    one, other = compare_ways(problem), compare_ways(replace(problem, mdp=mdp, phi=problem.phi[at], paths=paths))
    np.testing.assert_allclose(np.abs(other.flat), np.abs(one.flat), atol=1e-9)
    np.testing.assert_allclose(other.spread * np.outer(other.scale, other.scale), one.spread * np.outer(one.scale, one.scale), atol=1e-8)
    assert other.decisions == one.decisions


@by_name
def test_nothing_to_choose_is_said_instead_of_where_the_search_began(model: Rationality) -> None:
    mdp, _ = build_mdp(4, np.arange(3), np.arange(1, 4))
    paths = walk(mdp, {3: np.zeros(3)}, np.array([0, 1, 0]), np.array([3, 3, 3]), np.random.default_rng(0))
    with pytest.raises(FitError, match="only one way on"):
        fit(Problem(mdp, np.array([[1.0], [2.0], [1.0]]), ("length",), paths, model))
    problem = layers()
    with pytest.raises(FitError, match="as much of each step") as error:
        fit(replace(problem, phi=problem.phi[:, 1:], names=("each step",), model=model))
    assert "in which the ways differ" in error.value.fix


def test_a_goal_out_of_reach_is_the_search_s_to_tell() -> None:
    mdp, _ = build_mdp(4, np.array([0, 1, 0, 1]), np.array([1, 0, 1, 0]))
    paths = replace(walk(mdp, {1: np.log(np.full(4, 0.5))}, np.zeros(3, np.int64), np.ones(3, np.int64), np.random.default_rng(0)))
    away = replace(paths, goals=replace(paths.goals, states=np.array([3])))
    with pytest.raises(FitError, match="finite likelihood"):
        fit(Problem(mdp, np.ones((4, 1)), ("step",), away, Boltzmann()))

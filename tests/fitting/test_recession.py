"""The cone of directions without a limit, against every simple way and every cycle of small worlds counted out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.recession import LARGE, programme, rising_directions
from irlcore.fitting.separation import find_limits
from irlcore.fitting.trust_region import Point
from irlcore.fitting.ways import compare_ways
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.mdp import MDP
from tests.rationality.worlds import grid_mdp, walk

SIDE = 3


def few_trips(seed: int) -> Problem:
    """2 to 9 trips in a square of nine cells, by one to three features beside the step."""
    rng = np.random.default_rng(seed)
    mdp, k, n = grid_mdp(SIDE, SIDE), int(rng.integers(1, 4)), int(rng.integers(2, 10))
    phi = np.column_stack([np.ones(mdp.n_choices), *((rng.random(mdp.n_states) < 0.35)[mdp.likeliest].astype(float) for _ in range(k))])
    theta = np.append(-2.5, np.minimum(rng.normal(0.0, 1.5, k), 0.8 / k))
    goals = rng.choice(mdp.n_states, 2, replace=False)
    prepared = MaxEnt().prepare(mdp, phi @ theta)
    policies = {int(g): MaxEnt().solve(prepared, np.array([g])).log_policy for g in goals}
    ends, starts = rng.choice(goals, n), rng.integers(0, mdp.n_states, n)
    paths = walk(mdp, policies, np.where(starts == ends, (starts + 1) % mdp.n_states, starts), ends, rng)
    return Problem(mdp, phi, tuple("abcd"[:k + 1]), paths, MaxEnt())


def simple_ways(mdp: MDP, here: int, end: int, gone: tuple[int, ...] = ()) -> Iterator[list[int]]:
    """Every way from one state to another that meets no state twice (a cycle where both are the same), as choices."""
    for m in range(mdp.choice_offsets[here], mdp.choice_offsets[here + 1]):
        after = int(mdp.successors[m])
        if after == end:
            yield [m]
        elif after not in gone and after != here:
            yield from ([m, *rest] for rest in simple_ways(mdp, after, end, (*gone, here)))


def unlimited_by_counting(problem: Problem) -> np.ndarray:
    """(K,) bool: whether some d with d_k != 0 makes every trip a best way: none is better, and no cycle that avoids the goal pays."""
    mdp, paths, rows = problem.mdp, problem.paths, []
    for i in range(len(paths)):
        made, goal = paths.choices[paths.offsets[i]:paths.offsets[i + 1]], int(paths.last_state[i])
        total, start = problem.phi[made].sum(axis=0), int(mdp.choice_state[made[0]])
        rows += [problem.phi[way].sum(axis=0) - total for way in simple_ways(mdp, start, goal)]
        rows += [problem.phi[way].sum(axis=0) for s in range(mdp.n_states) if s != goal for way in simple_ways(mdp, s, s, (goal,))]
    k, below = problem.phi.shape[1], np.unique(np.array(rows), axis=0)
    return np.array([max(-linprog(sign * np.eye(k)[j], A_ub=below, b_ub=np.zeros(len(below)), bounds=[(-1, 1)] * k).fun
                         for sign in (1.0, -1.0)) > 1e-6 for j in range(k)])


@pytest.mark.parametrize("model", [MaxEnt(), Boltzmann()], ids=lambda m: m.name)
def test_weights_without_a_limit_are_those_of_counting_ways(model: MaxEnt | Boltzmann) -> None:
    seen = 0
    for seed in range(25):
        problem = replace(few_trips(seed), model=model)
        ways = compare_ways(problem)
        rows = programme(problem, ways, LARGE)
        assert rows is not None and rows.complete
        k = len(problem.names)
        found = rising_directions(rows, ways, np.full(k, -np.inf), np.full(k, np.inf), np.ones(k, bool))
        unlimited = (np.abs(np.column_stack((found, ways.flat))) > 1e-6).any(axis=1)
        np.testing.assert_array_equal(unlimited, unlimited_by_counting(problem), err_msg=str(seed))
        seen += int(0 < unlimited.sum() < k)
    assert seen >= 3  # some weights have a limit beside others that have none


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_cone_is_the_same_in_any_unit(unit: float) -> None:
    for seed in range(10):
        problem = few_trips(seed)
        scaled = replace(problem, phi=problem.phi * np.where(np.arange(len(problem.names)) == 1, unit, 1.0))
        k, spans = len(problem.names), []
        for one in (problem, scaled):
            ways = compare_ways(one)
            rows = programme(one, ways, LARGE)
            assert rows is not None
            spans.append(rising_directions(rows, ways, np.full(k, -np.inf), np.full(k, np.inf), np.ones(k, bool)))
        ranks = [np.linalg.matrix_rank(span, tol=1e-5) if span.size else 0 for span in (*spans, np.column_stack(spans))]
        assert len(set(ranks)) == 1, (seed, ranks)


def test_a_weight_whose_sign_is_held_cannot_grow_through_nought() -> None:
    seed = next(s for s in range(40) if unlimited_by_counting(few_trips(s)).any())
    problem = few_trips(seed)
    ways = compare_ways(problem)
    rows, k = programme(problem, ways, LARGE), len(problem.names)
    assert rows is not None
    free = rising_directions(rows, ways, np.full(k, -np.inf), np.full(k, np.inf), np.ones(k, bool))
    positive = rising_directions(rows, ways, np.zeros(k), np.full(k, np.inf), np.ones(k, bool))
    assert free.shape[1] > 0 and (positive > -1e-9).all()
    assert not rising_directions(rows, ways, np.full(k, -np.inf), np.full(k, np.inf), np.zeros(k, bool)).shape[1]


@pytest.mark.parametrize("model", [MaxEnt(), Boltzmann()], ids=lambda m: m.name)
def test_where_programmes_are_too_large_the_likelihood_decides(model: MaxEnt | Boltzmann, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one goal of two, and with none: what has a limit keeps it, and what is named has none."""
    missed = named = 0
    for seed in range(12):
        problem = replace(few_trips(seed), model=model)
        truth = unlimited_by_counting(problem)
        for most in (30, 1):
            monkeypatch.setattr("irlcore.fitting.separation.SMALL", most)
            monkeypatch.setattr("irlcore.fitting.separation.LARGE", most)
            found = fit(problem)
            if np.isnan(found.se).any():  # held by the rule that steps must cost
                continue
            assert not (np.isinf(found.se) & ~truth).any(), seed
            named, missed = named + int(np.isinf(found.se).sum()), missed + int((truth & np.isfinite(found.se)).sum())
            if model.smooth:  # what is not named is at least very unsure
                assert (found.se[truth] > 5.0).all(), seed
    assert named > missed


def test_a_quick_fit_asks_for_flat_directions_alone() -> None:
    problem = few_trips(0)
    ways, k = compare_ways(problem), len(problem.names)
    point = Point(np.append(-2.0, np.zeros(k - 1)), 0.0, np.zeros(k), np.eye(k))
    found = find_limits(problem, ways, point, (np.full(k, -np.inf), np.full(k, np.inf)), None)
    assert not found.rising.any() and found.basis.shape == (k, k - ways.flat.shape[1])

"""Trips that go the same way are judged once and counted: the same numbers as one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.features.feature_set import PathFeatures
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.worlds import alike
from irlcore.worlds.alike import alike_paths
from irlcore.worlds.mdp import MDP, Paths, build_goals, build_mdp

pytestmark = pytest.mark.kernels
SIDE = 5


def square() -> tuple[MDP, np.ndarray]:
    """A grid without diagonals, and two features of its steps: one, and a cost drawn for each."""
    cells = [(x, y) for y in range(SIDE) for x in range(SIDE)]
    pairs = [(y * SIDE + x, (y + dy) * SIDE + x + dx) for x, y in cells for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))
             if 0 <= x + dx < SIDE and 0 <= y + dy < SIDE]
    mdp, _ = build_mdp(SIDE**2, *np.array(pairs).T)
    return mdp, np.column_stack((np.ones(mdp.n_choices), np.random.default_rng(1).uniform(0.0, 1.0, mdp.n_choices)))


def trips(mdp: MDP, n: int, different: int, seed: int = 0) -> Paths:
    """n walks to the last cell or the one in the corner before it, of at most ``different`` ways, in no order."""
    rng = np.random.default_rng(seed)
    ends = [SIDE**2 - 1, SIDE - 1]
    ways: list[tuple[list[int], int]] = []
    while len(ways) < different:
        goal = int(rng.integers(2))
        at, made = int(rng.integers(SIDE**2)), list[int]()
        while at != ends[goal] and len(made) < 40:
            made.append(int(rng.integers(mdp.choice_offsets[at], mdp.choice_offsets[at + 1])))
            at = int(mdp.successors[made[-1]])
        if made and at == ends[goal]:
            ways.append((made, goal))
    drawn = [ways[k] for k in rng.integers(0, different, n)]
    offsets = np.concatenate(([0], np.cumsum([len(made) for made, _ in drawn]))).astype(np.int64)
    to = np.array([goal for _, goal in drawn])
    return Paths(np.array([f"t{k}" for k in range(n)], object), offsets, np.concatenate([made for made, _ in drawn]).astype(np.int64),
                 np.array(ends)[to], to, build_goals([np.array([end]) for end in ends], ["a", "b"]))


def one_by_one(paths: Paths) -> np.ndarray:
    seen: dict[tuple[int, bytes], int] = {}
    return np.array([seen.setdefault((int(paths.goal[i]), paths.choices[paths.offsets[i]:paths.offsets[i + 1]].tobytes()), i)
                     for i in range(len(paths))])


@pytest.mark.parametrize("block", [1, 100, 1 << 20])
def test_alike_are_those_of_the_same_way_and_goal(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "BLOCK", block)
    mdp, _ = square()
    paths = trips(mdp, 1500, 200)
    found = alike_paths(paths)
    assert found is not None and np.array_equal(found, one_by_one(paths))


def test_few_trips_or_mostly_different_ones_or_cut_ones_are_left_as_they_are() -> None:
    mdp, _ = square()
    many = trips(mdp, 1500, 200)
    assert alike_paths(many.take(np.arange(alike.FEWEST - 1))) is None
    assert alike_paths(trips(mdp, 1500, 6000)) is None
    assert alike_paths(replace(many, goal=np.append(many.goal[:-1], -1))) is None


def test_ways_that_come_to_one_number_are_not_taken_for_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    mdp, _ = square()
    monkeypatch.setattr(alike, "_numbers", lambda paths, i, j: paths.goal[i:j].astype(np.uint64))
    assert alike_paths(trips(mdp, 1500, 200)) is None


def problem_of(model: Rationality, n: int = 1400, different: int = 150) -> Problem:
    mdp, phi = square()
    return Problem(mdp, phi, ("step", "cost"), trips(mdp, n, different), model)


@pytest.mark.parametrize("model", [MaxEnt(), Boltzmann(), NoisyValue(draws=16), NoisyValue(persistent=True, draws=16), Replanned()],
                         ids=lambda model: model.name)
def test_an_evaluation_is_the_same_as_of_every_trip(model: Rationality) -> None:
    problem = problem_of(model)
    phi = problem.phi * [1.0, 1.3]
    apart = replace(problem, recounts=(PathFeatures(np.arange(3, 1400, 5), phi),))  # some trips by features of their own
    for asked in (problem, apart):
        counted, whole = asked.counted_groups(), asked.groups()
        assert all(batch.same is not None for batch in counted[:1]) == model.counts_alike
        point = np.append([-1.6, -0.4], [0.2] * len(model.parameters))
        once, every = asked.evaluate(point, counted), asked.evaluate(point, whole)
        assert np.allclose(once.loglik, every.loglik, rtol=1e-12, atol=0.0)
        assert np.allclose(once.scores, every.scores, rtol=1e-12, atol=1e-12)
        assert np.allclose(once.information, every.information, rtol=1e-12)
        assert once.exact == every.exact


@pytest.mark.parametrize("model", [MaxEnt(), Boltzmann()], ids=lambda model: model.name)
def test_a_fit_is_the_same_as_of_every_trip(model: Rationality, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = problem_of(model)
    once = fit(problem)
    monkeypatch.setattr(Problem, "counted_groups", Problem.groups)
    every = fit(problem)
    assert np.allclose(once.theta, every.theta, rtol=1e-9) and np.isclose(once.loglik, every.loglik, rtol=1e-12)
    assert np.allclose(once.se_robust, every.se_robust, rtol=1e-6)


def test_agents_and_unfinished_trips_are_not_put_together() -> None:
    problem = problem_of(MaxEnt())
    assert problem.counted_groups()[0].same is not None
    assert replace(problem, clusters=np.arange(1400) % 7).counted_groups()[0].same is None

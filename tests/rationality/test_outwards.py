"""MaxEnt by sweeps, several goals side by side, against elimination goal by goal: near and far, cheap and dear, in any order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.fit_problem import WEIGHTS
from benchmarks.scale.problems import far_grid, metro
from irlcore.fitting.likelihood import evaluate
from irlcore.fitting.problem import Problem
from irlcore.linear.elimination import eliminate, surely_below_one
from irlcore.planning.graph import graph_of
from irlcore.rationality import maxent
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.soft_linear import log_radius, pattern_in
from irlcore.rationality.solution import Trips
from irlcore.rationality.sweeps import outwards
from irlcore.rationality.sweeps.near import NEAR, SIDE_BY_SIDE, near_goals
from irlcore.rationality.sweeps.outwards import values_outwards
from irlcore.rationality.sweeps.visits import kernels
from irlcore.worlds.mdp import MDP, Paths, build_goals

pytestmark = pytest.mark.kernels
METRO = np.array([-1.6, 0.1, -1.1, -1.12, -2.6, -0.1])


def judged(problem: Problem, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log-likelihood, scores and information, side by side."""
    found = evaluate(problem.model, problem.prepare(theta), problem.phi, problem.paths, problem.groups()[0].groups)
    assert found.exact
    return found.loglik, found.scores, found.information


def of_short_trips(links: int, goals: int) -> Problem:
    problem = metro(links, 300, goals, MaxEnt())
    return replace(problem, paths=problem.paths.take(np.flatnonzero(np.diff(problem.paths.offsets) <= 12)))


def by_elimination(problem: Problem, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The slow reference: one goal after the other, solved whole."""
    prepared, k = problem.prepare(theta), problem.phi.shape[1]
    loglik, scores, information = np.zeros(len(problem.paths)), np.zeros((len(problem.paths), k)), np.zeros((k, k))
    for group in problem.groups()[0].groups:
        found = problem.model.trips(prepared, group, problem.phi)
        loglik[group.index], scores[group.index] = found.loglik, found.scores
        information += found.information
    return loglik, scores, information


@pytest.fixture(autouse=True)
def in_small_worlds_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maxent, "FEW", 0)


@pytest.fixture
def swept(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many goals were left to elimination, counted."""
    left: list[int] = []
    usual = MaxEnt.trips

    def counted(self: MaxEnt, prepared, group, columns) -> Trips:  # type: ignore[no-untyped-def]
        left.append(1)
        return usual(self, prepared, group, columns)

    monkeypatch.setattr(MaxEnt, "trips", counted)
    return left


@pytest.mark.parametrize("share", [3.0, 1.0, 0.7])
def test_a_network_s_trips_are_judged_as_by_elimination(share: float, swept: list[int]) -> None:
    problem = metro(1_000, 150, 20, MaxEnt())
    found = judged(problem, share * METRO)
    assert not swept
    for one, other in zip(found, by_elimination(problem, share * METRO), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-10)


def test_a_small_world_is_left_to_elimination(swept: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maxent, "FEW", 960)
    problem = metro(1_000, 150, 20, MaxEnt())
    assert problem.mdp.n_states == 960
    judged(problem, METRO)
    assert len(swept) == 20
    monkeypatch.setattr(maxent, "FEW", 959)
    judged(problem, METRO)
    assert len(swept) == 20


@pytest.mark.parametrize("share", [1.0, 2.0])
def test_states_far_behind_all_starts_are_left_out(share: float, swept: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    problem, kept = of_short_trips(6_000, 12), []
    usual = maxent.values_outwards

    def counted(*asked):  # type: ignore[no-untyped-def]
        found = usual(*asked)
        kept.append(len(found.potential))
        return found

    monkeypatch.setattr(maxent, "values_outwards", counted)
    found = judged(problem, share * METRO)
    assert not swept and min(kept) < 0.6 * problem.mdp.n_states
    for one, other in zip(found, by_elimination(problem, share * METRO), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)


def test_where_trips_may_go_by_what_is_left_out_the_whole_world_is_swept(swept: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    problem, whole = of_short_trips(3_000, 12), []
    usual = maxent.swept_trips
    monkeypatch.setattr(outwards, "ROOM", 0.5)

    def counted(*asked):  # type: ignore[no-untyped-def]
        whole.append(asked[3:] == (True,))
        return usual(*asked)

    monkeypatch.setattr(maxent, "swept_trips", counted)
    found = judged(problem, METRO)
    assert not swept and sum(whole) > 5
    for one, other in zip(found, by_elimination(problem, METRO), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)


def test_what_is_lost_is_no_less_than_what_values_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = of_short_trips(3_000, 6)
    graph, reward, short = graph_of(problem.mdp), problem.phi @ METRO, []
    for room in (4.0, 8.0, 16.0):
        monkeypatch.setattr(outwards, "ROOM", room)
        for group in problem.groups()[0].groups:
            starts = problem.mdp.choice_state[group.choices[group.offsets[:-1]]]
            part, all_of_it = (values_outwards(graph, reward, [group.goal_states], None, some) for some in (starts, None))
            assert part is not None and all_of_it is not None
            value, true = part.value(0, starts), all_of_it.value(0, starts)
            assert value is not None and true is not None
            visits = np.zeros(len(part.potential))
            kernels.push_visits(part.offsets, part.after, part.weight, part.z, 0, part.ends[:, 0].copy(), part.rank[starts], 0.0, 500,
                                visits)
            lack = -np.expm1(value - true).min(initial=0.0), float((-np.expm1(value - true)).sum())
            assert lack[0] >= -1e-12
            assert lack[1] <= part.lost(0, visits) * 1.001 + 1e-12
            short.append(lack[1])
    assert max(short) > 1e-6


def test_far_goals_cost_no_digits(swept: list[int]) -> None:
    """e^V is below 1e-300 for many trips; elimination then takes a system of each goal's own."""
    problem, theta = far_grid(40, MaxEnt()), 8.0 * WEIGHTS
    found = judged(problem, theta)
    assert not swept
    prepared = problem.prepare(theta)
    values = [prepared.reward[problem.paths.choices[a:b]].sum() - value for a, b, value
              in zip(problem.paths.offsets, problem.paths.offsets[1:], found[0], strict=False)]
    assert min(values) < -700.0
    for one, other in zip(found, by_elimination(problem, theta), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)


def test_near_the_edge_elimination_takes_over_with_the_same_answer(swept: list[int]) -> None:
    """Where wandering costs next to nothing, sweeps come to no end in time."""
    problem = metro(200, 40, 6, MaxEnt())
    radius = log_radius(problem.mdp, problem.phi @ METRO)
    assert radius is not None
    dearer = np.column_stack((problem.phi, np.ones(len(problem.phi))))
    problem = replace(problem, phi=dearer, names=(*problem.names, "every step"))
    for room, by_sweeps in ((0.5, True), (1e-4, False)):
        swept.clear()
        theta = np.append(METRO, -radius[0] - room)
        found = judged(problem, theta)
        assert (not swept) == by_sweeps
        for one, other in zip(found, by_elimination(problem, theta), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-6 if room < 0.1 else 1e-10)


def test_goals_side_by_side_are_judged_as_alone() -> None:
    problem = metro(1_000, 150, 20, MaxEnt())
    prepared, groups = problem.prepare(METRO), problem.groups()[0].groups
    together = near_goals(problem.mdp, [group.goal_states for group in groups])
    assert max(map(len, together)) == SIDE_BY_SIDE and sorted(k for mine in together for k in mine) == list(range(len(groups)))
    mine = [groups[k] for k in together[0]]
    for group, one in zip(mine, problem.model.trips_of_all(prepared, mine, problem.phi), strict=True):
        alone = problem.model.trips_of_all(prepared, [group], problem.phi)[0]
        np.testing.assert_allclose(one.loglik, alone.loglik, rtol=0.0, atol=1e-12)
        np.testing.assert_allclose(one.scores, alone.scores, rtol=0.0, atol=1e-11)
        np.testing.assert_allclose(one.information, alone.information, rtol=1e-11, atol=1e-11)


def test_any_number_of_workers_gives_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, found = metro(600, 80, 15, MaxEnt()), []
    for workers in ("1", "3"):
        monkeypatch.setenv("MOTIVE_WORKERS", workers)
        found.append(judged(problem, METRO))
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)


def test_states_may_come_in_any_order() -> None:
    problem = metro(400, 60, 8, MaxEnt())
    mdp, paths, n = problem.mdp, problem.paths, problem.mdp.n_states
    place = np.random.default_rng(3).permutation(n)
    order = np.argsort(place[mdp.choice_state], kind="stable")
    place_of_choice = np.argsort(order)
    counts = np.bincount(place[mdp.choice_state], minlength=n)
    other = MDP(np.concatenate(([0], np.cumsum(counts))).astype(np.int64), np.arange(mdp.n_choices + 1), place[mdp.successors[order]],
                np.ones(mdp.n_choices), np.repeat(np.arange(n), counts))
    goals = build_goals([place[paths.goals.of(g)] for g in range(len(paths.goals))], list(map(str, range(len(paths.goals)))))
    moved = Paths(paths.ids, paths.offsets, place_of_choice[paths.choices], place[paths.last_state], paths.goal, goals)
    turned = replace(problem, mdp=other, phi=problem.phi[order], paths=moved)
    for one, another in zip(judged(problem, METRO), judged(turned, METRO), strict=True):
        np.testing.assert_allclose(one, another, rtol=1e-10, atol=1e-11)


def test_values_hold_what_they_must() -> None:
    """Each state's e^V is the sum over its choices, and the goal's is 1, also where a goal has two states."""
    problem = metro(300, 30, 5, MaxEnt())
    graph, reward = graph_of(problem.mdp), problem.phi @ METRO
    goals = [np.array([3, 8]), np.array([11])]
    found = values_outwards(graph, reward, goals, None)
    assert found is not None
    for column, states in enumerate(goals):
        value = found.value(column, np.arange(graph.n_states))
        assert value is not None
        sums = np.log(np.bincount(graph.choice_state, np.exp(reward + value[graph.successors]), graph.n_states))
        sums[states] = 0.0
        np.testing.assert_allclose(value, sums, rtol=0.0, atol=1e-12)


def test_goals_that_lie_far_apart_are_swept_apart() -> None:
    problem = far_grid(60, MaxEnt())
    goals = [np.array([0]), np.array([60 * 60 - 1]), np.array([1])]
    assert NEAR < 100 and near_goals(problem.mdp, goals) == [[0, 2], [1]]


def test_a_radius_that_is_surely_below_one_is() -> None:
    problem = metro(300, 20, 3, MaxEnt())
    graph, pattern = graph_of(problem.mdp), pattern_in(problem.mdp)
    radius = log_radius(problem.mdp, problem.phi @ METRO)
    assert radius is not None
    told = []
    for off in (-1.0, -0.2, -1e-3, 1e-3, 1.0):
        weight = np.exp(problem.phi @ METRO - radius[0] + off)
        told.append(surely_below_one(graph.choice_offsets, graph.successors, weight))
        assert not told[-1] or eliminate(pattern, weight) is not None
    assert told[0] and not any(told[3:])

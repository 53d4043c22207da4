"""What gamma = 1 allows, against values found by trying every way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.errors import Infeasible
from irlcore.fitting.likelihood import evaluate, path_logliks
from irlcore.planning.costs import check_costs, costs_everywhere
from irlcore.planning.graph import graph_of
from irlcore.planning.solver import solve_mdp
from irlcore.planning.values import settled_plan
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.solution import group_by_goal
from irlcore.worlds.mdp import MDP, build_mdp
from tests.review.worlds import make_paths

HARD: list[Rationality] = [Boltzmann(), NoisyValue(), Replanned(draws=8)]

# name -> (state -> successor and its reward, goal, V*)
SOUND: dict[str, tuple[list[tuple[int, int, float]], int, list[float]]] = {
    "a goal with a free self loop": ([(0, 1, -1.0), (1, 1, 0.0)], 1, [-1.0, 0.0]),
    "a goal with a free self loop and a way on": ([(0, 1, -1.0), (1, 1, 0.0), (1, 0, -1.0)], 1, [-1.0, 0.0]),
    "a free cycle that cannot reach the goal": ([(0, 1, -1.0), (0, 2, -1.0), (2, 3, 0.0), (3, 2, 0.0)], 1, [-1.0, 0.0, -np.inf, -np.inf]),
    "a cycle that pays and cannot reach the goal": ([(0, 1, -1.0), (0, 2, -1.0), (2, 3, 2.0), (3, 2, 0.0)], 1,
                                                    [-1.0, 0.0, -np.inf, -np.inf]),
    "a goal's own choice that pays": ([(0, 1, -1.0), (1, 0, 5.0)], 1, [-1.0, 0.0]),
    "a goal's own free choice back": ([(0, 1, 0.0), (1, 0, 0.0)], 1, [0.0, 0.0]),
    "one paying choice without a cycle": ([(0, 1, 3.0), (1, 2, -1.0), (0, 2, -1.0)], 2, [2.0, -1.0, 0.0]),
    "the last step pays": ([(0, 1, -1.0), (1, 0, -1.0), (1, 2, 4.0)], 2, [3.0, 4.0, 0.0]),
    "a paying choice on a cycle that costs": ([(0, 1, 1.0), (1, 0, -2.0), (1, 2, -1.0), (0, 2, -3.0)], 2, [0.0, -1.0, 0.0]),
}


def world(choices: list[tuple[int, int, float]]) -> tuple[MDP, np.ndarray]:
    before, after, reward = (np.array(column) for column in zip(*choices, strict=True))
    mdp, order = build_mdp(int(max(before.max(), after.max())) + 1, before, after)
    return mdp, reward[order]


@pytest.mark.parametrize("model", HARD, ids=lambda model: model.name)
@pytest.mark.parametrize("name", SOUND)
def test_values_that_are_finite_are_found(name: str, model: Rationality) -> None:
    choices, goal, value = SOUND[name]
    mdp, reward = world(choices)
    prepared = model.prepare(mdp, reward, own=np.zeros(len(model.parameters)))
    solution = model.solve(prepared, np.array([goal]))
    np.testing.assert_allclose(solution.value, value)
    q = reward + np.array(value)[mdp.successors]
    q[mdp.choice_state == goal] = -np.inf
    for state in range(mdp.n_states):
        here = slice(mdp.choice_offsets[state], mdp.choice_offsets[state + 1])
        if np.isfinite(q[here]).any():
            np.testing.assert_allclose(solution.policy[here], np.exp(q[here]) / np.exp(q[here]).sum(), atol=1e-12)
    way = make_paths(mdp, [[int(np.argmax(np.where(mdp.choice_state == 0, q, -np.inf)))]], [goal])
    trips = evaluate(model, prepared, reward[:, None], way, group_by_goal(way))
    np.testing.assert_allclose(trips.loglik, path_logliks(model, prepared, way), atol=1e-12)


@pytest.mark.parametrize("name", SOUND)
def test_soft_values_that_are_finite_are_found(name: str) -> None:
    """e^V = sum of e^(r + V'), written out for all states at once, the goal's own choices left out."""
    choices, goal, hard = SOUND[name]
    mdp, reward = world(choices)
    live = np.isfinite(hard)
    W = np.zeros((mdp.n_states, mdp.n_states))
    kept = live[mdp.choice_state] & live[mdp.successors] & (mdp.choice_state != goal)
    np.add.at(W, (mdp.choice_state[kept], mdp.successors[kept]), np.exp(reward[kept]))
    z = np.linalg.solve(np.eye(mdp.n_states) - W, np.eye(mdp.n_states)[goal])
    prepared = MaxEnt().prepare(mdp, reward)
    solution = MaxEnt().solve(prepared, np.array([goal]))
    np.testing.assert_allclose(solution.value[live], np.log(z[live]), atol=1e-10)
    first = int(np.argmax(np.where(kept & (mdp.choice_state == 0), z[mdp.successors] * np.exp(reward), -1.0)))
    way = make_paths(mdp, [[first]], [goal])
    columns = np.column_stack((reward, mdp.successors == goal)).astype(float)
    group = group_by_goal(way)[0]
    fast, slow = MaxEnt().trips(prepared, group, columns), Rationality.trips(MaxEnt(), prepared, group, columns)
    np.testing.assert_allclose(fast.loglik, slow.loglik, atol=1e-10)
    np.testing.assert_allclose(fast.scores, slow.scores, atol=1e-10)
    for way_ in np.eye(mdp.n_choices):
        up, down = (MaxEnt().solve(MaxEnt().prepare(mdp, reward + s * way_), np.array([goal])).log_policy for s in (1e-6, -1e-6))
        found = MaxEnt().jvp(prepared, solution, way_[:, None])[:, 0]
        np.testing.assert_allclose(found[kept], (up[kept] - down[kept]) / 2e-6, atol=1e-6)


@pytest.mark.parametrize("choices", [[(0, 0, 0.0), (0, 1, -1.0)], [(0, 2, 1.5), (2, 0, -1.0), (0, 1, -1.0)]])
def test_soft_values_that_are_not_finite_are_refused(choices: list[tuple[int, int, float]]) -> None:
    mdp, reward = world(choices)
    with pytest.raises(Infeasible, match="spectral radius"):
        MaxEnt().solve(MaxEnt().prepare(mdp, reward), np.array([1]))


def test_slopes_follow_the_plan_where_choices_pay() -> None:
    """dV by each reward is 1 along the best way; the order of values, 2 before -1, is not that of steps to the goal."""
    for name in ("one paying choice without a cycle", "a paying choice on a cycle that costs", "the last step pays"):
        mdp, reward = world(SOUND[name][0])
        prepared, step = Boltzmann().prepare(mdp, reward), 1e-6
        solution = Boltzmann().solve(prepared, np.array([2]))
        found = Boltzmann().jvp(prepared, solution, np.eye(mdp.n_choices))
        for m, way in enumerate(np.eye(mdp.n_choices)):
            up, down = (Boltzmann().solve(Boltzmann().prepare(mdp, reward + s * way), np.array([2])).log_policy for s in (step, -step))
            live = np.isfinite(up)
            np.testing.assert_allclose(found[live, m], (up[live] - down[live]) / (2 * step), atol=1e-6)


@pytest.mark.parametrize(("choices", "words"), [
    ([(0, 0, 0.0), (0, 1, -1.0)], "costs nothing"), ([(0, 0, 0.5), (0, 1, -1.0)], "pays"),
    ([(0, 1, -1.0), (0, 2, -1.0), (2, 3, 0.0), (3, 2, 0.0), (2, 1, -1.0)], "State [23] lies on a cycle that costs nothing"),
    ([(0, 2, 1.5), (2, 0, -1.0), (0, 1, -1.0)], "lies on a cycle that costs nothing or pays"),
    ([(0, 2, 1.0), (2, 0, -1.0), (0, 1, -1.0)], "lies on a cycle that costs nothing or pays"),
    ([(0, 2, 0.1 + 0.2), (2, 0, -0.3), (0, 1, -1.0)], "lies on a cycle that costs nothing or pays")])
@pytest.mark.parametrize("model", HARD, ids=lambda model: model.name)
def test_what_pays_or_is_free_for_ever_is_refused(model: Rationality, choices: list[tuple[int, int, float]], words: str) -> None:
    """The last two are the same sum but for rounding."""
    mdp, reward = world(choices)
    way = make_paths(mdp, [[int(np.flatnonzero((mdp.choice_state == 0) & (mdp.successors == 1))[0])]], [1])
    prepared = model.prepare(mdp, reward)
    with pytest.raises(Infeasible, match=words):
        model.solve(prepared, np.array([1]))
    with pytest.raises(Infeasible, match=words):
        evaluate(model, prepared, reward[:, None], way, group_by_goal(way))


def test_beliefs_under_which_a_way_round_pays_are_refused_and_do_not_hang() -> None:
    mdp, reward = world(SOUND["a paying choice on a cycle that costs"][0])
    with pytest.raises(Infeasible, match=r"rise without end|lies on a cycle|go in a circle"):
        Replanned(draws=64).solve(Replanned(draws=64).prepare(mdp, reward, own=np.array([9.0])), np.array([2]))


def test_bounds_of_the_solver_hold_where_what_pays_does_not_matter() -> None:
    for name in ("a goal with a free self loop", "a goal's own choice that pays", "a cycle that pays and cannot reach the goal"):
        choices, goal, value = SOUND[name]
        mdp, reward = world(choices)
        np.testing.assert_allclose(solve_mdp(mdp, reward, 1.0, np.array([goal])).value, value)
    for name in ("one paying choice without a cycle", "the last step pays"):
        with pytest.raises(Infeasible, match="proven for costs"):
            solve_mdp(*world(SOUND[name][0]), 1.0, np.array([2]))


def test_where_chance_moves_what_pays_may_not_come_again() -> None:
    """0 pays 2 and leads to the goal or to 1; from 1 only the goal follows. With a way back from 1 it might be had again."""
    once = MDP(np.array([0, 1, 2, 2]), np.array([0, 2, 3]), np.array([1, 2, 2]), np.array([0.5, 0.5, 1.0]), np.array([0, 1]))
    prepared = Boltzmann().prepare(once, np.array([2.0, -1.0]))
    np.testing.assert_allclose(Boltzmann().solve(prepared, np.array([2])).value, [1.5, -1.0, 0.0])
    again = replace(once, successors=np.array([1, 2, 0]))
    with pytest.raises(Infeasible, match="again and again"):
        Boltzmann().solve(Boltzmann().prepare(again, np.array([2.0, -9.0])), np.array([2]))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6))
def test_what_is_refused_is_what_goes_round(seed: int) -> None:
    """Against V* by S rounds of Bellman's equation from -inf: one more round raises it, or a free way round is found, or it is sound."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 7))
    m = int(rng.integers(1, 3 * n))
    mdp, _ = build_mdp(n, rng.integers(0, n, m), rng.integers(0, n, m))
    reward, goal = rng.integers(-4, 3, m).astype(float), int(rng.integers(n))
    usable = mdp.choice_state != goal

    def rounds(bonus: float) -> tuple[np.ndarray, bool]:
        value = np.full(n, -np.inf)
        value[goal] = 0.0
        for _ in range(n + 1):
            before, q = value.copy(), reward + bonus + value[mdp.successors]
            np.maximum.at(value, mdp.choice_state[usable], q[usable])
        return value, bool((value > before).any())

    value, _ = rounds(0.0)
    endless = rounds(0.01)[1]  # whole numbers: a way round of total 0 pays once each of its steps has a hundredth more
    graph = graph_of(mdp)
    if endless:
        with pytest.raises(Infeasible):
            check_costs(graph, reward, np.array([goal]))
    else:
        check_costs(graph, reward, np.array([goal]))
        plan = settled_plan(graph, reward, np.array([goal]))
        np.testing.assert_array_equal(plan.value, value)
        live = plan.order[1:].astype(np.int64)
        assert plan.order[0] == goal and np.isfinite(value[plan.order]).all()
        place = np.argsort(plan.order)
        after = mdp.successors[plan.choice[live]]
        rank = dict(zip(plan.order.tolist(), range(len(place)), strict=True))
        if (reward > 0.0).any():
            assert all(rank[int(a)] < rank[int(b)] for a, b in zip(after, live, strict=True))


@pytest.mark.parametrize("seed", range(40))
def test_what_costs_everywhere_costs_on_the_way_to_any_goal(seed: int) -> None:
    """Rewards that are differences of heights pay on some steps and on no way round; one step more or less tips that."""
    rng = np.random.default_rng(seed)
    before, after = rng.integers(0, 8, 24), rng.integers(0, 8, 24)
    pairs = np.unique(np.column_stack((before, after))[before != after], axis=0)
    mdp, order = build_mdp(8, pairs[:, 0], pairs[:, 1])
    height = rng.integers(0, 6, 8).astype(np.float64)
    reward = (height[pairs[:, 1]] - height[pairs[:, 0]] - (0.5 if seed % 2 else 0.0))[order]
    if seed % 4 == 3:
        reward[rng.integers(len(reward))] += 4.0
    graph, allowed = graph_of(mdp), []
    for goal in range(8):
        try:
            check_costs(graph, reward, np.array([goal]))
            allowed.append(True)
        except Infeasible:
            allowed.append(False)
    if costs_everywhere(graph, reward):
        assert all(allowed) and seed % 2
    if seed % 4 == 1:  # every way round sums to less than 0
        assert costs_everywhere(graph, reward)

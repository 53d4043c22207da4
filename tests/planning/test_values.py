"""Shortest plans, by search and by passes over an old order, against each other and closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.planning.graph import graph_of
from irlcore.planning.values import settled_plan, shortest_plan
from irlcore.rationality.spread.plan import spread_plan
from irlcore.worlds.mdp import build_mdp
from tests.rationality.worlds import grid_mdp


def test_several_goals_come_first_whatever_free_steps_lead_to_them() -> None:
    """States 1 and 2 reach goal 0 for nothing; goal 4 has a way on that pays less than to stop there."""
    mdp, order = build_mdp(5, np.array([1, 2, 3, 4, 3]), np.array([0, 0, 4, 3, 1]))
    reward = np.array([0.0, 0.0, -1.0, -5.0, -3.0])[order]
    goals = np.array([0, 4])
    plan = shortest_plan(graph_of(mdp), reward, goals)
    np.testing.assert_array_equal(np.sort(plan.order[:2]), goals)
    for found in (plan, settled_plan(graph_of(mdp), reward, goals)):
        np.testing.assert_array_equal(found.value, [0.0, 0.0, 0.0, -1.0, 0.0])


@pytest.mark.parametrize("goal", [[0], [35], [7, 8, 20]])
def test_passes_over_an_old_order_find_the_plan_of_a_new_search(goal: list[int]) -> None:
    mdp, rng, order = grid_mdp(6, 6), np.random.default_rng(0), None
    graph, goals = graph_of(mdp), np.array(goal)
    reward = -rng.uniform(0.1, 2.0, mdp.n_choices)
    for drift in (0.0, 0.05, 0.5, 3.0):
        reward = reward * np.exp(drift * rng.normal(size=mdp.n_choices))
        found, expected = settled_plan(graph, reward, goals, order), shortest_plan(graph, reward, goals)
        np.testing.assert_array_equal(found.value, expected.value)
        np.testing.assert_array_equal(np.delete(found.choice, goal), np.delete(expected.choice, goal))
        order = found.order
        assert len(order) == 36


def test_states_out_of_reach_stay_so_in_passes_too() -> None:
    mdp, _ = build_mdp(4, np.array([0, 0, 2]), np.array([1, 2, 3]))
    for _ in range(2):
        np.testing.assert_array_equal(settled_plan(graph_of(mdp), -np.ones(3), np.array([1])).value, [-1.0, 0.0, -np.inf, -np.inf])


def test_a_circle_that_costs_next_to_nothing_is_not_planned() -> None:
    """1e-20 on top of 5 is lost to rounding, so both states of the circle tie: the way out must win."""
    mdp, order = build_mdp(3, np.array([0, 0, 1]), np.array([1, 2, 0]))
    reward = np.array([-1e-20, -5.0, -1e-20])[order]
    plan = settled_plan(graph_of(mdp), reward, np.array([2]))
    assert mdp.successors[plan.choice[:2]].tolist() == [2, 0]
    to_go = spread_plan(graph_of(mdp), reward, plan, np.array([2]), np.arange(3, dtype=np.uint32), 0.02).push(np.ones((3, 1)))[:, 0]
    np.testing.assert_array_equal(to_go, [1.0, 2.0, 0.0])

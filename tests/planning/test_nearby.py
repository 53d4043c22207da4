"""Searches that go as far as their targets need, against searches that go everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.planning.graph import graph_of
from irlcore.planning.nearby import Costs, costs_of, nearby_plan, searched
from irlcore.planning.values import settled_plan, shortest_plan
from irlcore.worlds.mdp import build_mdp
from tests.rationality.worlds import grid_mdp

REWARDS = {"costs": lambda rng, n: -rng.uniform(0.1, 2.0, n), "ties": lambda rng, n: -rng.integers(1, 3, n).astype(float),
           "free steps": lambda rng, n: -rng.integers(0, 3, n).astype(float), "far apart": lambda rng, n: -np.exp(rng.normal(0.0, 6.0, n)),
           "all free": lambda rng, n: np.zeros(n)}


@pytest.mark.parametrize("name", list(REWARDS))
@pytest.mark.parametrize("goal", [[0], [35], [7, 8, 20], [7, 7]])
def test_a_search_everywhere_finds_the_values_of_dijkstra_to_the_last_bit(goal: list[int], name: str) -> None:
    mdp, rng = grid_mdp(6, 6), np.random.default_rng(0)
    graph, goals = graph_of(mdp), np.array(goal)
    for _ in range(5):
        reward = REWARDS[name](rng, mdp.n_choices)
        found, expected = nearby_plan(graph, costs_of(graph, reward), goals), shortest_plan(graph, reward, goals)
        np.testing.assert_array_equal(found.value, expected.value)
        planned = settled_plan(graph, reward, goals)
        if name == "costs":
            np.testing.assert_array_equal(np.delete(found.choice, goal), np.delete(planned.choice, goal))
        others = np.delete(np.arange(mdp.n_states), goal)
        through = reward[found.choice[others]] + found.value[mdp.successors[found.choice[others]]]
        np.testing.assert_array_equal(through, found.value[others])


@pytest.mark.parametrize("name", list(REWARDS))
def test_a_search_for_targets_finds_all_that_is_as_near_and_leaves_the_rest(name: str) -> None:
    mdp, rng = grid_mdp(9, 9), np.random.default_rng(1)
    graph = graph_of(mdp)
    for goal in rng.integers(0, 81, 12):
        reward = REWARDS[name](rng, mdp.n_choices)
        costs, whole = costs_of(graph, reward), shortest_plan(graph, reward, np.array([goal])).value
        targets = rng.integers(0, 81, 3).astype(np.uint32)
        found = nearby_plan(graph, costs, np.array([goal]), targets).value
        near = whole >= whole[targets].min()
        np.testing.assert_array_equal(found[near], whole[near])
        assert (np.isneginf(found) | (found == whole)).all()
        alone = nearby_plan(graph, costs, np.array([goal]), np.array([goal], np.uint32)).value
        assert alone[goal] == 0.0


def test_it_touches_what_it_needs_and_leaves_its_arrays_clean() -> None:
    line = np.arange(399)
    graph = graph_of(build_mdp(400, np.concatenate((line, line + 1)), np.concatenate((line + 1, line)))[0])
    costs = costs_of(graph, -np.ones(graph.n_choices))
    with searched(graph, costs, np.array([100]), np.array([103, 98], np.uint32)) as (space, count):
        assert count < 12
        np.testing.assert_array_equal(space.value[98:104], [-2.0, -1.0, 0.0, -1.0, -2.0, -3.0])
    assert graph.spaces == [space]
    assert np.isneginf(space.value).all() and not space.mark.any() and not space.row.any() and (space.heads == 2**32 - 1).all()
    for _ in range(2):  # a target out of reach: everything is searched, and cleared
        apart = graph_of(build_mdp(3, np.array([0, 1]), np.array([1, 0]))[0])
        plan = nearby_plan(apart, costs_of(apart, -np.ones(2)), np.array([0]), np.array([2, 1], np.uint32))
        np.testing.assert_array_equal(plan.value, [0.0, -1.0, -np.inf])
        assert not apart.spaces[0].mark.any()


def test_choices_that_cannot_be_made_are_not_made_and_costs_say_whether_one_pays() -> None:
    graph = graph_of(build_mdp(3, np.array([0, 0, 1]), np.array([2, 1, 2]))[0])
    plan = nearby_plan(graph, costs_of(graph, np.array([-np.inf, -5.0, -1.0])), np.array([2]))
    np.testing.assert_array_equal(plan.value, [-6.0, -1.0, 0.0])
    kinds: list[Costs] = [costs_of(graph, np.array(reward)) for reward in ([-1.0, -1.0, -1.0], [-1.0, 2.0, -1.0])]
    assert [costs.pays for costs in kinds] == [False, True]
    round_about = graph_of(build_mdp(3, np.array([0, 1, 1]), np.array([1, 0, 2]))[0])
    assert costs_of(round_about, np.array([0.0, -1.0, 0.0])).sure and not costs_of(round_about, np.array([0.0, 0.0, -1.0])).sure

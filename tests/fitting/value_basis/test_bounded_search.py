"""The search that stops, against one that goes everywhere; ties, free steps, and arrays that are clean afterwards."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.fitting.value_basis.bounded_search import BoundedSearch, searchable
from irlcore.fitting.value_basis.decisions import decisions_of
from irlcore.fitting.value_basis.design import design_of
from irlcore.planning.graph import graph_of
from irlcore.rationality.ahead import rows_of, tree_ahead
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.solution import Rows, group_by_goal
from irlcore.worlds.mdp import build_mdp
from tests.fitting.value_basis.problems import features, problem_of
from tests.rationality.roamers import network_mdp

pytestmark = pytest.mark.kernels

WEIGHTS = {"one way": np.array([-1.5, -1.0, -0.5]), "ties": np.array([-1.0, 0.0, 0.0]), "some ties": np.array([-1.0, 0.0, -2.0])}


@pytest.mark.parametrize("weights", WEIGHTS.values(), ids=list(WEIGHTS))
def test_it_finds_what_the_full_search_finds(weights: np.ndarray) -> None:
    problem, model = problem_of(Boltzmann(), n=25), Boltzmann()
    graph, prepared = graph_of(problem.mdp), problem.prepare(weights)
    search = BoundedSearch(graph, problem.phi @ weights, problem.phi)
    for group in group_by_goal(problem.paths):
        full = tree_ahead(prepared, group, problem.phi)
        q, psi = search.rows(rows_of(problem.mdp, group), group.goal_states)
        np.testing.assert_allclose(q, full.q, rtol=1e-12)
        possible = q > -np.inf
        np.testing.assert_allclose(psi[possible], full.slopes[possible], rtol=1e-12, atol=1e-12)
        solved = model.solve(prepared, group.goal_states)
        np.testing.assert_allclose(q, solved.q[full.rows.choices], rtol=1e-12)


def test_it_clears_what_it_touched_and_touches_no_more_than_it_needs() -> None:
    n = 400
    line = np.arange(n - 1)
    mdp, _ = build_mdp(n, np.concatenate((line, line + 1)), np.concatenate((line + 1, line)))
    graph, phi = graph_of(mdp), np.ones((mdp.n_choices, 1))
    search = BoundedSearch(graph, -phi[:, 0], phi)
    problem = problem_of(Boltzmann(), n=1)
    paths = replace(problem.paths, offsets=np.array([0, 1]), choices=np.array([mdp.choice_offsets[101]]), goal=np.array([0]),
                    last_state=np.array([100]))
    group = replace(group_by_goal(paths)[0], goal_states=np.array([100]))
    first = search.rows(rows_of(mdp, group), group.goal_states)
    space = graph.spaces[0]
    assert np.isinf(space.value).all() and not space.mark.any() and not space.row.any()
    space.planned[:] = 77
    again = search.rows(rows_of(mdp, group), group.goal_states)
    assert (space.planned != 77).sum() < 12  # of 400 states
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_order_of_states_and_choices_changes_nothing() -> None:
    """Also where ways tie: psi is the mean over all of them."""
    mdp, rng = network_mdp(np.random.default_rng(8)), np.random.default_rng(4)
    phi, weights = features(mdp), WEIGHTS["ties"]
    order, shuffle = rng.permutation(mdp.n_states), rng.permutation(mdp.n_choices)
    other, kept = build_mdp(mdp.n_states, order[mdp.choice_state][shuffle], order[mdp.successors][shuffle])
    row = shuffle[kept]  # choice m of the other is choice row[m] of this
    found = BoundedSearch(graph_of(mdp), phi @ weights, phi)
    again = BoundedSearch(graph_of(other), phi[row] @ weights, phi[row])
    for goal in range(mdp.n_states):
        q, psi = rows_everywhere(found, goal)
        q_other, psi_other = rows_everywhere(again, int(order[goal]))
        np.testing.assert_allclose(q_other, q[row], rtol=1e-12)
        np.testing.assert_allclose(psi_other, psi[row], rtol=1e-12, atol=1e-12)


def rows_everywhere(search: BoundedSearch, goal: int) -> tuple[np.ndarray, np.ndarray]:
    graph = search.graph
    every = np.arange(graph.n_choices, dtype=np.uint32)
    rows = Rows(np.arange(graph.n_states), graph.choice_offsets, every, np.zeros(0, np.int64), np.unique(graph.successors))
    return search.rows(rows, np.array([goal]))


def test_free_steps_are_walked_and_free_circles_are_left_to_others() -> None:
    state, after = np.array([0, 0, 1, 2, 3]), np.array([1, 2, 3, 3, 4])
    mdp, _ = build_mdp(5, state, after)
    graph, phi = graph_of(mdp), np.column_stack((np.array([1.0, 1.0, 0.0, 0.0, 2.0]), np.array([0.0, 4.0, 1.0, 3.0, 0.0])))
    reward = phi @ np.array([-1.0, 0.0])
    assert searchable(graph, reward) is reward
    q, psi = rows_everywhere(BoundedSearch(graph, reward, phi), 4)
    np.testing.assert_allclose(q, [-3.0, -3.0, -2.0, -2.0, -2.0])
    np.testing.assert_allclose(psi[:, 1], [1.0, 7.0, 1.0, 3.0, 0.0])
    round_about, _ = build_mdp(3, np.array([0, 1, 1]), np.array([1, 0, 2]))
    for free in ([0.0, 0.0, -1.0], [2.0, -2.0, -1.0], [2.0, -1.0, -1.0]):
        assert searchable(graph_of(round_about), np.array(free)) is None
    for costs in ([0.0, -1.0, -1.0], [2.0, -3.0, 0.5]):
        assert searchable(graph_of(round_about), np.array(costs)) is not None


@pytest.mark.parametrize("spread", [0.0, 0.4], ids=["ties", "one way"])
def test_where_some_step_pays_the_rows_are_the_same(spread: float) -> None:
    """Steps east pay and steps back cost more, so that no way round pays."""
    problem, weights = problem_of(Boltzmann(), n=25), np.array([-1.0, 1.5, 0.5])
    mdp, rng = problem.mdp, np.random.default_rng(2)
    east = (mdp.successors - mdp.choice_state == 1).astype(float)
    problem = replace(problem, phi=np.column_stack((1.0 + spread * rng.random(len(east)), east, 0.0 * east)))
    assert (problem.phi @ weights).max() > 0.0 and searchable(graph_of(mdp), problem.phi @ weights) is not None
    design, prepared = design_of(problem, decisions_of(problem), weights), problem.prepare(weights)
    first = 0
    for group in group_by_goal(problem.paths):
        full = tree_ahead(prepared, group, problem.phi)
        mine, possible = design.psi[first:first + len(full.q)], full.q > -np.inf
        np.testing.assert_array_equal(design.offset[first:first + len(full.q)] == 0.0, possible)
        np.testing.assert_allclose(mine[possible], full.slopes[possible], atol=1e-12)
        first += len(full.q)

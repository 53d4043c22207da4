"""Factors and solves against dense linear algebra, on grids, rings, trees and random links."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.linear.elimination import Pattern, eliminate, pattern_of
from irlcore.planning.graph import graph_of
from irlcore.worlds.mdp import MDP, build_mdp
from tests.rationality.worlds import grid_mdp


def random_mdp(n: int, links: int, seed: int) -> MDP:
    """Links between states drawn at random: loops, links beside each other and states without any among them."""
    rng = np.random.default_rng(seed)
    return build_mdp(n, rng.integers(n, size=links), rng.integers(n, size=links))[0]


def pattern(mdp: MDP) -> Pattern:
    graph = graph_of(mdp)
    return pattern_of(graph.choice_offsets, graph.choice_state, graph.successors)


def dense(mdp: MDP, weight: np.ndarray) -> np.ndarray:
    """I - W by state."""
    A = np.eye(mdp.n_states)
    np.subtract.at(A, (mdp.choice_state, mdp.successors), weight)
    return A


def check(mdp: MDP, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weight = rng.uniform(0.0, 1.0, mdp.n_choices) / np.maximum(np.diff(mdp.choice_offsets), 1)[mdp.choice_state]
    weight *= 0.99
    found, A = pattern(mdp), dense(mdp, weight)
    factors = eliminate(found, weight)
    assert factors is not None
    sides = rng.normal(size=(mdp.n_states, 8))
    x = factors.solve_in_place(sides[found.state_at].copy())[found.place_of]
    np.testing.assert_allclose(A @ x, sides, atol=1e-11)
    one = factors.solve_in_place(sides[found.state_at, 0].copy())[found.place_of]
    np.testing.assert_allclose(A @ one, sides[:, 0], atol=1e-11)
    back = factors.solve_transposed(sides[found.state_at, 1])[found.place_of]
    np.testing.assert_allclose(A.T @ back, sides[:, 1], atol=1e-11)


@pytest.mark.parametrize("mdp", [grid_mdp(7, 5), grid_mdp(1, 6), build_mdp(3, np.arange(3), np.array([1, 2, 0]))[0],
                                 build_mdp(4, np.array([0, 0]), np.array([0, 1]))[0]], ids=["grid", "line", "ring", "loop and islands"])
def test_solves_equal_dense_ones(mdp: MDP) -> None:
    check(mdp, 0)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 30), st.integers(1, 90), st.integers(0, 10_000))
def test_solves_equal_dense_ones_for_random_links(n: int, links: int, seed: int) -> None:
    check(random_mdp(n, links, seed), seed)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 20), st.integers(0, 10_000), st.floats(0.5, 1.5))
def test_elimination_ends_where_the_spectral_radius_is_not_below_one(n: int, seed: int, size: float) -> None:
    mdp = random_mdp(n, 4 * n, seed)
    weight = np.random.default_rng(seed).uniform(0.1, 1.0, mdp.n_choices)
    radius = np.abs(np.linalg.eigvals(np.eye(n) - dense(mdp, weight))).max()
    if radius < 1e-6 or abs(size - 1.0) < 1e-6:
        return
    assert (eliminate(pattern(mdp), weight * size / radius) is not None) == (size < 1.0)

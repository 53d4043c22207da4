"""One contract over every rationality model and shape of world, against a slow dense reference."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logsumexp

from irlcore.errors import Infeasible
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.mdp import MDP, build_mdp
from tests.rationality.worlds import grid_mdp

MODELS: list[Rationality] = [Boltzmann(), MaxEnt()]
SHAPES = [(0.0, 1.0), (0.0, 0.9), (0.2, 1.0), (0.2, 0.9)]


def dense_values(mdp: MDP, reward: np.ndarray, gamma: float, goal: np.ndarray, soft: bool) -> np.ndarray:
    """Plain value iteration, the definition itself."""
    P = mdp.transition_matrix().toarray()
    value = np.zeros(mdp.n_states)
    for _ in range(20_000):
        q = reward + gamma * P @ value
        new = np.array([logsumexp(q[a:b]) if soft else q[a:b].max()
                        for a, b in zip(mdp.choice_offsets[:-1], mdp.choice_offsets[1:], strict=True)])
        new[goal] = 0.0
        if np.abs(new - value).max() < 1e-13:
            break
        value = new
    return value


def costs(mdp: MDP, seed: int = 0) -> np.ndarray:
    return -np.random.default_rng(seed).uniform(1.6, 3.0, mdp.n_choices)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
@pytest.mark.parametrize(("slip", "gamma"), SHAPES)
@pytest.mark.parametrize("goal", [[24], [3, 4]])
def test_values_equal_plain_value_iteration(model: Rationality, slip: float, gamma: float, goal: list[int]) -> None:
    mdp = grid_mdp(5, 5, slip)
    reward = costs(mdp)
    solution = model.solve(model.prepare(mdp, reward, gamma), np.array(goal))
    expected = dense_values(mdp, reward, gamma, np.array(goal), soft=model.name == "maxent")
    np.testing.assert_allclose(solution.value, expected, atol=1e-8)
    sums = np.add.reduceat(solution.policy, mdp.choice_offsets[:-1])
    np.testing.assert_allclose(np.delete(sums, goal), 1.0, atol=1e-12)
    assert (sums[goal] == 0.0).all()


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
@pytest.mark.parametrize(("slip", "gamma"), SHAPES)
def test_derivatives_equal_finite_differences(model: Rationality, slip: float, gamma: float) -> None:
    mdp = grid_mdp(4, 4, slip)
    reward, goal = costs(mdp), np.array([5])
    rng = np.random.default_rng(1)
    columns, weights = rng.normal(size=(mdp.n_choices, 3)), rng.normal(size=(2, mdp.n_choices))
    prepared = model.prepare(mdp, reward, gamma)
    solution = model.solve(prepared, goal)
    live = np.isfinite(solution.log_policy)
    weights[:, ~live] = 0.0
    forward = model.jvp(prepared, solution, columns)
    step = 1e-6
    for k in range(3):
        up, down = (model.solve(model.prepare(mdp, reward + s * columns[:, k], gamma), goal).log_policy
                    for s in (step, -step))
        np.testing.assert_allclose(forward[live, k], (up[live] - down[live]) / (2 * step), atol=2e-5)
    backward = model.vjp(prepared, solution, weights)
    np.testing.assert_allclose(backward @ columns, weights[:, live] @ forward[live], atol=1e-9)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_relabelling_states_permutes_values(model: Rationality) -> None:
    mdp = grid_mdp(4, 3)
    reward = costs(mdp)
    shuffle = np.random.default_rng(2).permutation(12)
    other, order = build_mdp(12, shuffle[mdp.choice_state], shuffle[mdp.successors])
    value = model.solve(model.prepare(mdp, reward), np.array([7])).value
    again = model.solve(model.prepare(other, reward[order]), np.array([shuffle[7]])).value
    np.testing.assert_allclose(again[shuffle], value, atol=1e-10)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_states_that_cannot_reach_the_goal_are_minus_infinity(model: Rationality) -> None:
    mdp, _ = build_mdp(4, np.array([0, 0, 2]), np.array([1, 2, 3]))  # 2 -> 3 leads away from goal 1
    solution = model.solve(model.prepare(mdp, -np.ones(3)), np.array([1]))
    np.testing.assert_allclose(solution.value, [-1.0, 0.0, -np.inf, -np.inf])
    np.testing.assert_allclose(solution.policy, [1.0, 0.0, 0.0])


def test_recursive_logit_on_one_loop_has_its_closed_form() -> None:
    """State 0 may loop (r = -1) or leave (r = 0): e^V = 1 / (1 - e^-1)."""
    mdp, _ = build_mdp(2, np.array([0, 0]), np.array([0, 1]))
    solution = MaxEnt().solve(MaxEnt().prepare(mdp, np.array([-1.0, 0.0])), np.array([1]))
    assert solution.value[0] == pytest.approx(-np.log(1 - np.exp(-1)), abs=1e-12)
    assert solution.policy[1] == pytest.approx(1 - np.exp(-1), abs=1e-12)


def test_soft_values_survive_where_their_exponentials_underflow() -> None:
    n = 1200
    mdp, _ = build_mdp(n, np.repeat(np.arange(1, n), 2), np.repeat(np.arange(n - 1), 2))
    value = MaxEnt().solve(MaxEnt().prepare(mdp, np.full(2 * n - 2, -2.0)), np.array([0])).value
    np.testing.assert_allclose(value, (np.log(2.0) - 2.0) * np.arange(n), atol=1e-6)


@pytest.mark.parametrize(("model", "reward", "words"), [
    (Boltzmann(), [0.5, -1.0], "pays"), (Boltzmann(), [0.0, -1.0], "costs nothing"),
    (MaxEnt(), [0.0, -1.0], "spectral radius"), (MaxEnt(), [np.nan, -1.0], "finite")])
def test_gamma_one_that_cannot_hold_is_refused(model: Rationality, reward: list[float], words: str) -> None:
    mdp, _ = build_mdp(2, np.array([0, 0]), np.array([0, 1]))
    with pytest.raises(Infeasible, match=words):
        model.solve(model.prepare(mdp, np.array(reward)), np.array([1]))

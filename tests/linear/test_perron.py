"""The spectral radius and its derivative against dense eigenvalues, on random links, rings and blocks that do not hang together."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.linear import perron
from irlcore.rationality.soft_linear import log_radius
from irlcore.worlds.mdp import MDP, build_mdp
from tests.linear.test_elimination import random_mdp
from tests.rationality.worlds import grid_mdp


def dense_log_radius(mdp: MDP, reward: np.ndarray) -> float:
    W = np.zeros((mdp.n_states,) * 2)
    np.add.at(W, (mdp.choice_state, mdp.successors), np.exp(reward))
    return float(np.log(np.abs(np.linalg.eigvals(W)).max()))


@pytest.mark.parametrize("seed", range(12))
def test_it_is_that_of_dense_eigenvalues(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mdp = random_mdp(20, 60, seed)
    reward = rng.normal(size=mdp.n_choices)
    found = log_radius(mdp, reward)
    assert found is not None
    assert found[0] == pytest.approx(dense_log_radius(mdp, reward), abs=1e-9)
    assert found[1].min() >= 0.0 and found[1].sum() == pytest.approx(1.0)
    way = rng.normal(size=mdp.n_choices)
    slope = (dense_log_radius(mdp, reward + 1e-5 * way) - dense_log_radius(mdp, reward - 1e-5 * way)) / 2e-5
    assert found[1] @ way == pytest.approx(slope, abs=1e-6)


@pytest.mark.parametrize("cost", [0.0, 3.0, 200.0, -500.0])
def test_a_ring_goes_round_by_its_mean_reward(cost: float) -> None:
    ring = build_mdp(7, np.arange(7), (np.arange(7) + 1) % 7)[0]
    reward = np.linspace(-1.0, 1.0, 7) - cost
    found = log_radius(ring, reward)
    assert found is not None
    assert found[0] == pytest.approx(-cost, abs=1e-9)
    np.testing.assert_allclose(found[1], 1.0 / 7.0)


def test_an_even_grid_and_a_tree_without_any_way_back() -> None:
    torus = np.arange(25).reshape(5, 5)
    after = np.stack([np.roll(torus, shift, axis) for shift in (1, -1) for axis in (0, 1)], axis=-1).reshape(-1)
    mdp = build_mdp(25, np.repeat(np.arange(25), 4), after)[0]
    found = log_radius(mdp, np.full(mdp.n_choices, -1.0))
    assert found is not None and found[0] == pytest.approx(np.log(4.0) - 1.0)
    tree = build_mdp(7, np.repeat(np.arange(3), 2), np.arange(1, 7))[0]
    assert log_radius(tree, np.full(6, 5.0)) is None


def test_it_is_convex_along_a_line_of_weights() -> None:
    rng = np.random.default_rng(4)
    mdp = grid_mdp(6, 6)
    one, two = rng.normal(size=(2, mdp.n_choices))
    values = []
    for share in np.linspace(0.0, 1.0, 9):
        found = log_radius(mdp, (1.0 - share) * one + share * two)
        assert found is not None
        values.append(found[0])
    assert (np.diff(values, 2) > -1e-9).all()


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_guess_first_ends_at_the_same_root(share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    mdp = grid_mdp(20, 20)
    reward = -share * np.random.default_rng(5).uniform(0.5, 3.0, mdp.n_choices)
    usual = log_radius(mdp, reward)
    monkeypatch.setattr(perron, "MANY", 10)
    asked, eliminate = [], perron.eliminate
    monkeypatch.setattr(perron, "eliminate", lambda *given: asked.append(1) or eliminate(*given))
    guessed = log_radius(mdp, reward)
    assert usual is not None and guessed is not None and len(asked) == 1
    assert guessed[0] == pytest.approx(usual[0], abs=1e-12)
    np.testing.assert_allclose(guessed[1], usual[1], rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("guess", [0.0, 0.1, 1e9])
def test_a_guess_that_is_wrong_changes_nothing(guess: float, monkeypatch: pytest.MonkeyPatch) -> None:
    mdp = random_mdp(20, 60, 3)
    reward = np.random.default_rng(3).normal(size=mdp.n_choices)
    monkeypatch.setattr(perron, "MANY", 10)
    monkeypatch.setattr(perron, "_guess", lambda steps: guess)
    found = log_radius(mdp, reward)
    assert found is not None and found[0] == pytest.approx(dense_log_radius(mdp, reward), abs=1e-9)

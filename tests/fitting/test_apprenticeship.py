"""The grid world of Abbeel and Ng (2004), section 5.1, smaller, and both searches' arithmetic."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from irlcore.engine import Control
from irlcore.errors import Cancelled, FitError
from irlcore.fitting.apprenticeship import Apprenticeship, max_margin, nearest_mixture, projection
from irlcore.fitting.reward_limits import Limits, free_limits
from tests.fitting.worlds import expectations, macrocells, noisy_grid, sparse_rewards

GAMMA, WIDTH, SIDE = 0.99, 32, 4
K = (WIDTH // SIDE) ** 2
SEARCHES = [max_margin, projection]
Search = Callable[..., Apprenticeship]


class Gridworld:
    """32 x 32 cells in 64 macrocells; the paper's is 128 x 128 in 64. One given world, no sample of one: weights moved by 1e-13, which
    settle ties otherwise, change no margin."""

    def __init__(self) -> None:
        rng = np.random.default_rng(5)
        self.mdp, self.features = noisy_grid(WIDTH), macrocells(WIDTH, SIDE)
        self.truth = sparse_rewards(K, rng)
        self.expert = self.best(self.truth)
        self.first = rng.standard_normal(K)
        self.found = {search.__name__: search(self.expert, self.best, free_limits(K), self.first, tolerance=1.0, most_rounds=40)
                      for search in SEARCHES}

    def best(self, w: np.ndarray) -> np.ndarray:
        return expectations(self.mdp, self.features, w, GAMMA)


@pytest.fixture(scope="module")
def grid() -> Gridworld:
    return Gridworld()


@pytest.mark.parametrize("name", ["max_margin", "projection"])
def test_the_mixture_has_the_experts_features_and_nearly_its_value(grid: Gridworld, name: str) -> None:
    found = grid.found[name]
    assert found.converged and found.margins[-1] <= 1.0 < found.margins[0]
    mixture = found.mixture @ found.found
    assert np.linalg.norm(mixture - grid.expert) <= found.margins[-1] + 1e-3
    assert abs(grid.truth @ (mixture - grid.expert)) <= 1.0
    assert found.mixture.sum() == pytest.approx(1.0) and (found.mixture >= 0.0).all()
    assert grid.truth @ grid.best(grid.first) < 0.7 * grid.truth @ grid.expert


@pytest.mark.parametrize("name", ["max_margin", "projection"])
def test_the_margin_never_grows(grid: Gridworld, name: str) -> None:
    margins = grid.found[name].margins
    assert (np.diff(margins) <= 1e-6 * margins[0]).all()
    assert len(margins) >= 3


@pytest.mark.parametrize("name", ["max_margin", "projection"])
def test_the_weights_kept_make_a_policy_as_good_as_the_experts(grid: Gridworld, name: str) -> None:
    found = grid.found[name]
    assert grid.truth @ grid.best(found.weights) > 0.97 * grid.truth @ grid.expert
    assert found.losses.min() == pytest.approx(float(found.weights @ (grid.best(found.weights) - grid.expert)), abs=1e-6)
    assert (np.linalg.norm(found.tried, axis=1) <= 1.0 + 1e-6).all()


def test_the_widest_margin_is_no_narrower_than_the_projections(grid: Gridworld) -> None:
    """Both begin with the same two policies; from there the quadratic programme is at least as near in each round."""
    first, second = grid.found["max_margin"].margins, grid.found["projection"].margins
    np.testing.assert_allclose(first[0], second[0], rtol=1e-5)
    assert len(first) <= len(second)


def disc(w: np.ndarray) -> np.ndarray:
    """Policies of a made-up world with the unit disc as feature expectations."""
    return np.asarray(w / max(float(np.linalg.norm(w)), 1e-300))


@pytest.mark.parametrize("search", SEARCHES)
def test_the_first_margin_is_the_distance_to_the_first_policy(search: Search) -> None:
    found = search(np.array([0.6, 0.8]), disc, free_limits(2), np.array([1.0, 0.0]), most_rounds=1)
    assert found.margins[0] == pytest.approx(np.hypot(0.4, 0.8), rel=1e-5)
    np.testing.assert_allclose(found.tried[0], np.array([-0.4, 0.8]) / np.hypot(0.4, 0.8), atol=1e-4)
    assert not found.converged


@pytest.mark.parametrize("search", SEARCHES)
def test_an_expert_among_the_best_is_told_by_its_own_weights(search: Search) -> None:
    expert = np.array([0.6, 0.8])
    found = search(expert, disc, free_limits(2), np.array([-1.0, 0.2]), tolerance=1e-3, most_rounds=200)
    assert found.converged
    np.testing.assert_allclose(disc(found.weights), expert, atol=0.05)


@pytest.mark.parametrize("search", SEARCHES)
def test_limits_are_kept_and_the_least_loss_is_proven(search: Search) -> None:
    """The expert errs: it gets only half of what can be had. With weights >= 0 whose unit is fixed the search must still end."""
    limits = Limits(np.zeros(2), np.full(2, np.inf), np.empty((0, 2)), np.array([-1.0, -1.0]), 10.0)
    found = search(np.array([0.4, 0.2]), disc, limits, np.array([1.0, 1.0]), tolerance=0.01)
    assert found.converged
    assert (found.tried >= 0.0).all()
    np.testing.assert_allclose(found.tried.sum(axis=1), 1.0, atol=1e-6)
    share = np.linspace(0.0, 1.0, 2001)
    every = np.column_stack((share, 1.0 - share))
    size = np.linalg.norm(every, axis=1)
    least = (size - every @ [0.4, 0.2] + found.ridge * size**2).min()
    assert found.losses.min() + found.ridge * found.weights @ found.weights <= least + 0.011


def test_the_nearest_mixture_of_two_is_arithmetic() -> None:
    found = np.array([[0.0, 0.0], [1.0, 0.0], [5.0, 5.0]])
    np.testing.assert_allclose(nearest_mixture(np.array([0.25, -1.0]), found), [0.75, 0.25, 0.0], atol=1e-4)


def test_an_expert_that_the_first_policy_equals_says_nothing() -> None:
    with pytest.raises(FitError, match="nothing to tell weights by"):
        projection(np.array([1.0, 0.0]), disc, free_limits(2), np.array([1.0, 0.0]))


@pytest.mark.parametrize("search", SEARCHES)
def test_a_search_can_be_cancelled(search: Search) -> None:
    control = Control(lambda done, total, message: control.cancel.set())
    with pytest.raises(Cancelled):
        search(np.array([0.6, 0.8]), disc, free_limits(2), np.array([1.0, 0.0]), control=control)

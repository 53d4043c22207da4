"""The 5 x 5 grid world of Ng and Russell (2000), section 6, and the programmes' arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.errors import FitError
from irlcore.fitting.linear_programme import advantage, programme, state_rewards, transition_penalty
from irlcore.fitting.reward_limits import free_limits
from irlcore.fitting.trajectory_programme import weights_of_trips
from irlcore.worlds.mdp import MDP
from tests.fitting.worlds import best_choices, expectations, noisy_grid

GAMMA, CORNER = 0.9, 24
TRUE = np.eye(25)[CORNER]


@pytest.fixture(scope="module")
def world() -> MDP:
    return noisy_grid(5, 0.3, absorbing=CORNER)


@pytest.fixture(scope="module")
def chosen(world: MDP) -> np.ndarray:
    return np.arange(25) * 4 + best_choices(world, TRUE, GAMMA).argmax(axis=1)


@pytest.mark.parametrize("penalty", [0.0, 1.0, 5.0, None])
def test_the_policy_seen_is_best_under_the_rewards_found(world: MDP, chosen: np.ndarray, penalty: float | None) -> None:
    found = best_choices(world, state_rewards(world, chosen, GAMMA, penalty), GAMMA)
    assert found[np.arange(25), chosen % 4].all()


def test_below_the_transition_only_the_corner_has_a_reward_and_all_best_policies_agree(world: MDP, chosen: np.ndarray) -> None:
    found = state_rewards(world, chosen, GAMMA)
    np.testing.assert_allclose(found, TRUE, atol=1e-9)
    assert (best_choices(world, found, GAMMA) == best_choices(world, TRUE, GAMMA)).all()


def test_without_a_penalty_the_rewards_are_at_their_limits_all_over_the_grid(world: MDP, chosen: np.ndarray) -> None:
    plain = state_rewards(world, chosen, GAMMA, 0.0)
    assert (np.abs(plain) > 0.99).sum() > 12
    np.testing.assert_allclose(state_rewards(world, chosen, GAMMA, 0.0, largest=3.0), 3.0 * plain, atol=1e-6)


def test_at_the_transition_the_rewards_vanish(world: MDP, chosen: np.ndarray) -> None:
    """Where equation 11 has no answer but 0 is found by one programme, and is where it says."""
    low, high = 0.0, 20.0
    for _ in range(12):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if state_rewards(world, chosen, GAMMA, middle).any() else (low, middle)
    rewarded = state_rewards(world, chosen, GAMMA)
    assert rewarded.any() and not state_rewards(world, chosen, GAMMA, high + 0.01).any()
    assert 5.0 < low < 10.0
    # lambda_0 is the objective of the corner alone, per unit of reward: bisection and programme agree
    ahead, term = np.array([[2.0, -1.0], [1.0, 3.0], [4.0, 0.5]]), np.array([0, 0, 1])
    exact = transition_penalty(ahead, term, np.ones(2), free_limits(2))
    at = [programme(ahead, term, np.ones(2), free_limits(2), exact + side, steepness=None).any() for side in (-1e-3, 1e-3)]
    assert at == [True, False]


def test_another_policy_has_other_rewards(world: MDP) -> None:
    """Always east is what rewards in the east make best; the corner alone would not."""
    east = np.arange(25) * 4
    found = state_rewards(world, east, GAMMA, 1.0)
    assert best_choices(world, found, GAMMA)[:, 0].all()
    assert not best_choices(world, TRUE, GAMMA)[:, 0].all()
    assert found.reshape(5, 5)[:, 4].sum() > found.reshape(5, 5)[:, :4].sum() and found.any()


def test_choices_that_no_rewards_explain_get_none() -> None:
    """The same features ahead at one state and behind at another: only 0 puts neither choice behind."""
    ahead = np.array([[1.0, 0.2], [-1.0, -0.2]])
    np.testing.assert_allclose(programme(ahead, np.arange(2), np.ones(2), free_limits(2), 0.01, steepness=None), 0.0, atol=1e-9)


def test_what_is_no_policy_is_refused(world: MDP, chosen: np.ndarray) -> None:
    with pytest.raises(FitError, match="one choice of every state"):
        state_rewards(world, chosen[::-1], GAMMA)
    with pytest.raises(FitError, match="gamma = 1"):
        state_rewards(world, chosen, 1.0)


def test_a_programme_weighs_what_it_loses_twice() -> None:
    """Two terms that pull one weight apart: x and -1.5 x. p makes the second cost 3 x, so 0 is best; steepness 1 takes 1 x less
    .5 x the other way."""
    ahead, term, share = np.array([[1.0], [-1.5]]), np.arange(2), np.ones(2)
    assert programme(ahead, term, share, free_limits(1))[0] == pytest.approx(0.0, abs=1e-9)
    assert programme(ahead, term, share, free_limits(1), steepness=1.0)[0] == pytest.approx(-1.0)
    assert advantage(ahead, term, share, np.ones(1)) == pytest.approx(1.0 - 3.0)
    assert programme(ahead[:1], term[:1], share[:1], free_limits(1), penalty=0.9)[0] == pytest.approx(1.0)
    assert programme(ahead[:1], term[:1], share[:1], free_limits(1), penalty=1.1)[0] == pytest.approx(0.0, abs=1e-9)


def test_trajectories_alone_recover_rewards_with_the_same_value() -> None:
    """Section 5 with one feature a row and one a column: the agent wants east most, and a little south."""
    grid = noisy_grid(5)
    features = np.hstack((np.repeat(np.eye(5), 5, axis=0), np.tile(np.eye(5), (5, 1))))
    truth = np.concatenate((np.linspace(0.4, 0.0, 5), np.linspace(0.0, 1.0, 5)))

    def best(w: np.ndarray) -> np.ndarray:
        return expectations(grid, features, w, GAMMA)

    expert, first = best(truth), np.eye(10)[2]
    found, _, settled = weights_of_trips(expert, best, free_limits(10), first)
    assert settled and (np.abs(found) <= 1.0 + 1e-9).all()
    assert found @ (best(found) - expert) < 1e-3  # what was seen is best under these weights
    assert truth @ best(found) > 0.97 * truth @ expert
    assert truth @ best(first) < 0.92 * truth @ expert

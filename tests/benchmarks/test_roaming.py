"""The benchmark of agents without a destination, in small."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from benchmarks.roaming import recovered
from benchmarks.roaming_walks import draw_walks, ranges, small_world
from irlcore.review.separation import auc


def test_a_small_run_recovers_weights_and_keeps_to_the_rate() -> None:
    """Eight weights of two seeds, each within two standard errors with a chance of .95: fewer than five happens once in 2,700 runs."""
    found = recovered(range(2))
    assert found["of"] == 8 and binom.cdf(4, 8, 0.95) < 4e-4 and found["within_two_se"] >= 5
    assert found["false_alarms"] < 0.2 and found["auc"]["surprise"] > 0.7


def test_walks_are_of_the_world_and_of_the_lengths_asked() -> None:
    world, phi = small_world()
    paths = draw_walks(world.mdp, phi @ np.array([-0.3, 0.5, 0.8, -1.2]), 0.9, 5, np.random.default_rng(0))
    paths.check_within(world.mdp)
    assert paths.goals.nowhere.tolist() == [True] and ((paths.lengths >= 30) & (paths.lengths < 80)).all()
    after = np.append(world.mdp.choice_state[paths.choices[1:]], -1)
    after[paths.offsets[1:] - 1] = paths.last_state
    np.testing.assert_array_equal(world.mdp.successors[paths.choices], after)


def test_the_area_under_the_curve() -> None:
    assert auc(np.array([0.0, 1.0, 2.0]), np.array([3.0, 4.0])) == 1.0
    assert auc(np.array([1.0, 1.0]), np.array([1.0])) == 0.5
    assert auc(np.array([0.0, 2.0]), np.array([1.0])) == 0.5


def test_the_interval_is_that_of_split_conformal_flags() -> None:
    """Drawn: thresholds from calibration scores, flags on others."""
    rng, runs = np.random.default_rng(3), 4000
    calibration, review = rng.random((runs, 39)), rng.random((runs, 50))
    larger = (calibration[:, None, :] >= review[:, :, None]).sum(axis=2)
    share = ((1.0 + larger) / 40.0 <= 0.05).mean(axis=1)
    low, high = ranges(1, 39, 50, 0.05)
    assert (high + low) / 2 == pytest.approx(share.mean(), abs=0.004)
    assert (high - low) / (2 * 1.96) == pytest.approx(share.std(), rel=0.06)

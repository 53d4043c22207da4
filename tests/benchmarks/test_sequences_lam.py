"""The parts of the study of the temporal-difference term, on a log of a few sequences."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.sequences.judged import wants_of
from benchmarks.sequences.lam import MIXED, rank_correlation, seconds_of_a_step, share_of_roads, summed_rewards, with_samples
from benchmarks.sequences.trips import distinct_share, policy_of, samples_of
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.observed import map_log
from tests.worlds.history.test_contexts import log_of, random_log

pytestmark = pytest.mark.kernels
LOG = log_of(random_log(0, 60))
WORLD = build_history(LOG, Memory(2, 1))
WANTS = wants_of(WORLD, map_log(WORLD, LOG).paths)


def test_a_log_keeps_its_own_samples_beside_its_sequences() -> None:
    both = with_samples(WANTS, WANTS.result.theta, np.random.default_rng(0))
    n = len(WANTS.train)
    assert 0.5 * MIXED < 1.0 - n / len(both) <= MIXED + 1e-9
    both.check_within(WORLD.mdp)
    for k in range(n, len(both)):
        states = both.states(WORLD.mdp, k)
        np.testing.assert_array_equal(WORLD.mdp.successors[both.choices[both.offsets[k]:both.offsets[k + 1]]], states[1:])
        assert states[-1] == WORLD.mdp.n_states - 1


def test_samples_end_and_rewards_add_up_to_the_chance_of_a_sequence() -> None:
    drawn = samples_of(WORLD, policy_of(WANTS, WANTS.result.theta), 50, np.random.default_rng(1))
    assert all(one[-1] == WORLD.mdp.n_states - 1 for one in drawn if one)
    assert distinct_share([[1, 2], [1, 2], [], [3]]) == 0.5
    paths = WANTS.train
    summed = summed_rewards(WANTS, WANTS.result.theta, paths)
    # at gamma = 1 summed rewards are the log chance of the sequence and the value of its start, which all share
    np.testing.assert_allclose(summed - WANTS.logliks(paths), (summed - WANTS.logliks(paths))[0], atol=1e-6)
    assert seconds_of_a_step(WANTS, WANTS.result.theta, 0.1) > 0.0


def test_measures_are_what_they_say() -> None:
    assert rank_correlation(np.array([3.0, 4.0]), np.array([1.0, 2.0])) == pytest.approx(2.0 / np.sqrt(5.0))
    roads = np.zeros((4, 4), bool)
    roads[0, 1] = True
    a_then_b = next(s for s in range(WORLD.mdp.n_states) if WORLD.place_of_state[s] == 0)
    b = next(s for s in range(WORLD.mdp.n_states) if WORLD.place_of_state[s] == 1)
    assert share_of_roads(WORLD, roads, [[0, a_then_b, b, WORLD.mdp.n_states - 1], [0, b, a_then_b, WORLD.mdp.n_states - 1]]) == 0.5

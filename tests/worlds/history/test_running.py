"""Sequences that had not ended when the log was taken: as paths, in what is counted of them, and in scores."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from irlcore.errors import WorldError
from irlcore.features.ngrams.counts import count_ngrams
from irlcore.features.ngrams.kneser_ney import KneserNey
from irlcore.worlds.aims import NOWHERE, TO_ITS_END, UNFINISHED
from irlcore.worlds.goal_prior import unfinished
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.observed import map_log
from tests.worlds.history.test_contexts import log_of

TEXTS = ["abc", "ab", "b", "abca", "c"]
AIMS = np.array([TO_ITS_END, UNFINISHED, UNFINISHED, TO_ITS_END, TO_ITS_END], np.int8)


def test_a_running_sequence_makes_the_same_choices_and_none_of_the_end() -> None:
    log = log_of(TEXTS)
    world = build_history(log, Memory(2, 1))
    whole, cut = map_log(world, log).paths, map_log(world, log, AIMS).paths
    assert unfinished(cut).tolist() == [False, True, True, False, False]
    for k, text in enumerate(TEXTS):
        own, other = (p.choices[p.offsets[k]:p.offsets[k + 1]] for p in (cut, whole))
        ended = AIMS[k] == TO_ITS_END
        assert own.tolist() == other[:len(text) + ended].tolist()
        assert cut.last_state[k] == (world.mdp.n_states - 1 if ended else world.mdp.choice_state[other[-1]])
    cut.check_within(world.mdp)


def test_times_are_those_of_the_events_and_that_of_the_last_for_the_end() -> None:
    log = log_of(TEXTS)
    log = type(log)(log.ids, log.offsets, log.links, log.attributes, times=np.arange(len(log.links), dtype=float))
    cut = map_log(build_history(log), log, AIMS).paths
    assert cut.times is not None and cut.times.tolist() == [0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 9, 10, 10]


def test_a_sequence_without_an_end_is_refused() -> None:
    log = log_of(TEXTS)
    with pytest.raises(WorldError, match="ended or is still running"):
        map_log(build_history(log), log, np.full(5, NOWHERE, np.int8))


def test_the_end_is_counted_where_it_came_alone() -> None:
    offsets, events = np.array([0, 3, 5, 6, 10, 11]), np.array([0, 1, 2, 0, 1, 1, 0, 1, 2, 0, 2])
    ended = AIMS == TO_ITS_END
    counts = count_ngrams(offsets, events, 3, 1, ended)
    followers = Counter(dict(zip(counts.levels[0].follower.tolist(), counts.levels[0].times.tolist(), strict=True)))
    assert followers == Counter({0: 4, 1: 4, 2: 3, 3: 3})
    grams = KneserNey(counts, 1)
    steps, every = grams.log_steps(offsets, events, ended), grams.log_steps(offsets, events)
    kept = np.ones(len(every), bool)
    kept[(offsets[1:] + np.arange(5))[~ended]] = False
    np.testing.assert_array_equal(steps, every[kept])
    after_b = grams.chances(np.array([[1]]))[0]
    assert after_b[3] < KneserNey(count_ngrams(offsets, events, 3, 1), 1).chances(np.array([[1]]))[0, 3]

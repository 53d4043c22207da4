"""Oddities of event sequences: each is what it says, of the track it was made of, and the same every time."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from irlcore.contracts.grounds import town
from irlcore.features.log_events import event_sequences
from irlcore.simulation.planted.plant import HELD_BACK, PLANTED, Planted, kinds_in, plant
from irlcore.simulation.planted.sources import Ordinary
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.classes import class_of_choice
from irlcore.worlds.history.observed import map_log
from irlcore.worlds.mdp import MDP
from tests.worlds.history.test_classifier import PARTS, timed
from tests.worlds.history.test_contexts import log_of, random_log

pytestmark = pytest.mark.kernels
TEXTS = [*random_log(4, 60), "a", "ab"]
LOG = log_of(TEXTS, times=True)
WORLD = build_history(LOG, Memory(2, 1))
PATHS = map_log(WORLD, LOG).paths
FOUND = plant(Ordinary(WORLD, PATHS, np.full(len(PATHS), np.nan)), np.arange(len(PATHS)))


def told(found: Planted, mdp: MDP) -> list[str]:
    offsets, events = event_sequences(WORLD, found.paths)
    return ["".join("abcd"[e] for e in events[a:b]) for a, b in itertools.pairwise(offsets)]


def test_a_log_has_kinds_of_its_own_and_no_other_world_has_them() -> None:
    assert set(FOUND.kind) == set(kinds_in(WORLD)) and HELD_BACK not in kinds_in(WORLD)
    others = {HELD_BACK, "other kinds"}
    assert not set(kinds_in(WORLD)) & set(kinds_in(town())) and set(kinds_in(WORLD)) | set(kinds_in(town())) | others == set(PLANTED)


def test_other_kinds_are_the_same_events_in_the_same_order() -> None:
    log = timed(4, 60)
    world = build_history(log, Memory(2, 1, (), 1, PARTS[:2]))
    paths = map_log(world, log).paths
    found = plant(Ordinary(world, paths, np.full(len(paths), np.nan)), np.arange(len(paths)))
    assert "other kinds" in kinds_in(world) and set(found.kind) == set(kinds_in(world))
    event, kind = world.choice_place, class_of_choice(world, np.arange(world.mdp.n_choices))
    for k in np.flatnonzero(found.kind == "other kinds").tolist():
        own, mine = (one.choices[one.offsets[i]:one.offsets[i + 1]] for one, i in ((paths, int(found.of[k])), (found.paths, k)))
        changed = int((kind[own] != kind[mine]).sum())
        assert np.array_equal(event[own], event[mine]) and 1 <= changed <= max(1, round(0.3 * (len(own) - 1)))
    rows = [found.paths.take(np.array([k])) for k in range(len(found))]
    assert all(np.array_equal(one.states(world.mdp, 0)[1:], world.mdp.successors[one.choices]) for one in rows)


def test_each_ends_is_walked_in_the_world_and_differs_from_its_own() -> None:
    mdp = WORLD.mdp
    for k, (kind, text) in enumerate(zip(FOUND.kind, told(FOUND, mdp), strict=True)):
        own = TEXTS[FOUND.of[k]]
        assert text != own and FOUND.paths.states(mdp, k)[-1] == mdp.n_states - 1
        if kind == "shuffled stretch":
            assert sorted(text) == sorted(own)
        elif kind == "left out":
            assert len(text) == len(own) - max(2, round(0.3 * len(own)))
        elif kind == "gone over again":
            assert len(text) == len(own) + max(2, round(0.3 * len(own)))
        elif kind == "foreign stretch":
            assert abs(len(text) - len(own)) <= max(2, round(0.3 * len(own)))
        elif kind == "stray events":
            assert len(text) == len(own) + max(1, round(0.1 * len(own)))
        elif kind == "one by one":
            pairs = {one[j:j + 2] for one in TEXTS for j in range(len(one) - 1)}
            assert text[0] == own[0] and all(text[j:j + 2] in pairs for j in range(len(text) - 1))


def test_choices_that_are_said_to_be_its_own_are() -> None:
    for k in range(len(FOUND)):
        part = slice(*FOUND.paths.offsets[k:k + 2])
        kept = FOUND.own[part]
        theirs = PATHS.choices[PATHS.offsets[FOUND.of[k]]:PATHS.offsets[FOUND.of[k] + 1]]
        np.testing.assert_array_equal(FOUND.paths.choices[part][kept >= 0], theirs[kept[kept >= 0]])


def test_they_are_the_same_every_time() -> None:
    again = plant(Ordinary(WORLD, PATHS, np.full(len(PATHS), np.nan)), np.arange(len(PATHS)))
    np.testing.assert_array_equal(again.paths.choices, FOUND.paths.choices)

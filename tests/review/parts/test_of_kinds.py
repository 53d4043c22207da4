"""How unusual the kinds of a sequence's events are, against counting them; and what is said of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.review.parts.base import Material
from irlcore.review.parts.sequences.of_kinds import RareKinds
from irlcore.review.words.events import rarer_kind
from irlcore.review.words.sequences import rare_kind
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.clock import Bands
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.classifier import HourOf, ValueOf
from irlcore.worlds.history.observed import map_log
from tests.worlds.history.test_contexts import log_of

NOON = 1.7e9 - 1.7e9 % 86_400 + 12 * 3600.0


def office(n: int, at_night: tuple[int, ...] = (), seed: int = 1) -> LinkTracks:
    """Sequences by day, each done by Ann or Ben; those named have their event "b" at night."""
    rng = np.random.default_rng(seed)
    log = log_of(["abc"] * n)
    times = np.concatenate([NOON + 86_400.0 * k + np.array([0.0, 60.0, 120.0]) for k in range(n)])
    for k in at_night:
        times[3 * k + 1:3 * k + 3] += 11 * 3600.0
    who = rng.choice(np.array(["Ann", "Ben"], object), len(times))
    return replace(log, times=times, of_events=pd.DataFrame({"who": who}))


def material(log: LinkTracks, parts: int = 2) -> Material:
    told_apart = (HourOf(Bands((6.0, 22.0)), ("day", "night")), ValueOf("who", ("Ann", "Ben")))[:parts]
    world = build_history(log, Memory(1, 1, (), 1, told_apart))
    paths = map_log(world, log).paths
    return Material(world, paths, np.full(len(paths), np.nan))


def test_values_are_those_of_a_slow_count() -> None:
    found = RareKinds().measure(material(office(40, (3, 39)), 1), np.arange(30), np.arange(30, 40)).values
    # of b and c one was at night of 30, two kinds of each; a was always by day, one kind
    day, night = (29 + 2 * 0.5) / 32, (1 + 2 * 0.5) / 32
    np.testing.assert_allclose(found, [-2 * np.log(night if k == 39 else day) / 3 for k in range(30, 40)], atol=1e-8)


def test_the_kind_that_counts_most_is_told() -> None:
    found = RareKinds().measure(material(office(60, (59,))), np.arange(50), np.arange(50, 60))
    assert int(np.argmax(found.values)) == 9
    # by day 50 of 50: a half of one kind is left, of 51
    assert found.words(9) == 'When {place:1} came, its hour was "night"; normally it is so 1 in 102 times.'
    ordinary = RareKinds().measure(material(office(60)), np.arange(50), np.arange(50, 60))
    assert {ordinary.words(k) for k in range(10)} == {""}
    said = '4 of the 5 times that x came, its who was "Ann"; normally it is so 37 % of the times.'
    assert rare_kind("x", "who", "Ann", 4, 5, 0.37) == said


def test_whose_events_are_told_apart_by_nothing_has_no_kinds() -> None:
    log = office(10)
    world = build_history(log, Memory(1, 1))
    paths = map_log(world, log).paths
    assert "Nothing tells the events" in RareKinds().missing(Material(world, paths, np.full(len(paths), np.nan)))
    assert not RareKinds().missing(material(log))


@pytest.mark.parametrize(("nats", "other", "said"), [
    (np.log(300.0), np.log(10.0 / 9.0), '"export" comes here, hour "night" is 270 times rarer than hour "day" (1 in 300 against 90 %).'),
    (1.0, 0.9, ""), (np.inf, 0.1, '"export" cannot be of hour "night" there')])
def test_how_much_rarer_a_kind_is(nats: float, other: float, said: str) -> None:
    told = rarer_kind("export", [("hour", "night")], float(nats), [("hour", "day")], other)
    assert (said in told) if said else not told
    assert rarer_kind("a", [("wait", "(unknown time)"), ("who", "Ann")], 5.0, [("wait", "1 h or more"), ("who", "Ben")], 0.1).startswith(
        'Where "a" comes here, wait unknown time and who "Ann" is 130 times rarer')

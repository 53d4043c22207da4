"""Stops in seconds: waits of the class, what is a wait and what a rest, and a class of which hardly anything is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.review.parts.base import Material
from irlcore.review.parts.durations.learned import against
from irlcore.review.parts.durations.stops import longer, stops, wait, waits_of
from irlcore.review.parts.kinds import KINDS
from tests.review.parts.paced import field, made, paths_by, way

pytestmark = pytest.mark.kernels
LEARN, ASKED = np.arange(150), np.arange(150, 200)
QUICK_S, SLOW_S, WAIT_S = 5.0, 150.0, 20.0


def lights(seed: int) -> tuple[Material, np.ndarray]:
    """200 tracks through cells that take 5 s and cells that take 150, at three in ten of them a wait beside; and (C,) which are slow."""
    world, rng = field(), np.random.default_rng(seed)
    paths = paths_by(world, [way(rng) for _ in range(200)])
    slow = (np.random.default_rng(1).random(world.n_places) < 0.3)[world.choice_from[paths.choices]]
    many = len(slow)
    spent = np.where(slow, SLOW_S, QUICK_S) * np.exp(rng.normal(0.0, 0.2, many))
    spent += np.where(rng.random(many) < 0.3, rng.exponential(WAIT_S, many), 0.0)
    return Material(world, paths, np.full(200, np.nan), spent), slow


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_in_twenty_visits_lasts_longer_than_a_wait_where_little_and_where_much_is_expected(seed: int) -> None:
    """Of about 900 and 400 visits of tracks that were not learned from: a share of .05 has a spread of .011 at most, and what is expected
    of a cell is known from some seven visits."""
    material, _ = lights(seed)
    waits, found = waits_of(material, LEARN), against(material, LEARN, ASKED)
    assert waits is not None and found is not None
    took, expected = longer(material, found)
    late = took > waits.of(expected)
    for some in (expected < 50.0, expected > 50.0):
        assert some.sum() > 100 and 0.01 < late[some].mean() < 0.12


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_rest_where_much_is_expected_is_no_less_strange_than_a_wait_where_little_is(seed: int) -> None:
    """Ten minutes more are five times as long as usual on the one, and two minutes of waiting some twenty times on the other: in shares
    that would be the stop."""
    material, slow = lights(seed)
    assert material.spent is not None
    first, spent = material.paths.offsets, material.spent.copy()
    for track, where, more in ((150, slow, 600.0), (151, ~slow, 120.0)):
        spent[first[track] + np.flatnonzero(where[first[track]:first[track + 1] - 1])[0]] += more
    values = KINDS["stop"].measure(replace(material, spent=spent), LEARN, ASKED).values
    assert int(np.argmax(values)) == 0 and values[0] > values[1] + 1.0 and values[0] > 5.0


def test_how_rare_the_longest_of_a_track_is() -> None:
    """-log of 1 - (1 - p)^n, p of the longest of its n visits."""
    material, _ = lights(4)
    found, waits = against(material, LEARN, ASKED), waits_of(material, LEARN)
    assert found is not None and waits is not None
    each, values = stops(material, LEARN, found)
    for track in range(10):
        mine = each[found.track == track]
        p = float(np.exp(-waits.tail.nats(np.array([mine.max()]))[0]))
        assert values[track] == pytest.approx(-np.log(1.0 - (1.0 - p) ** len(mine)), rel=1e-9)


def test_a_class_of_one_visit_and_one_of_equal_times_have_waits_all_the_same() -> None:
    world = field()
    one = Material(world, paths_by(world, [[(0, 0), (1, 0)]] * 3), np.full(3, np.nan), np.array([60.0, 60.0, 6000.0]))
    few = waits_of(one, np.array([0]))
    assert few is not None and 0.0 < few.of(np.array([60.0]))[0] < 600.0
    material = made(40, 3)
    alike = replace(material, spent=np.full(len(material.paths.choices), 60.0))
    same = waits_of(alike, np.arange(30))
    assert same is not None and (wait(same.fixed, same.share, same.usual, np.array([0.0, 60.0])) > 0.0).all()
    assert waits_of(replace(material, spent=np.full(len(material.paths.choices), np.nan)), np.arange(30)) is None

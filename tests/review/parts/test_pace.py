"""Scores of pace hang on no unit and no order, break on nothing, and what they say is true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.review.parts.base import Material
from irlcore.review.parts.kinds import KINDS
from irlcore.review.parts.pace import ALL_ALIKE, NO_CLOCK, NO_TIMES, NONE_KNOWN, PACE
from irlcore.review.words.places import with_places
from irlcore.worlds.mdp import Paths
from tests.review.parts.paced import field, made, paths_by, ring, slowed, timed, way


def every(material: Material, learn: np.ndarray, index: np.ndarray) -> np.ndarray:
    """(n, kinds) all scores of pace."""
    return np.column_stack([kind.measure(material, learn, index).values for kind in PACE])


@pytest.mark.parametrize("unit", [1000.0, 1.0 / 3600.0])
def test_the_unit_of_time_does_not_matter(unit: float) -> None:
    material = made(80, 4)
    assert material.spent is not None
    nowhere = replace(material, began=np.full(80, np.nan))  # hours of the day are told in seconds
    scaled = replace(nowhere, spent=material.spent * unit)
    learn, index = np.arange(50), np.arange(50, 80)
    assert every(scaled, learn, index) == pytest.approx(every(nowhere, learn, index), rel=1e-6, abs=1e-6)


def test_the_order_of_tracks_does_not_matter() -> None:
    material = made(80, 6)
    assert material.spent is not None
    order = np.random.default_rng(1).permutation(80)
    where = np.argsort(order)
    paths = material.paths.take(order)
    flat = np.concatenate([np.arange(*material.paths.offsets[i:i + 2]) for i in order])
    shuffled = Material(material.world, paths, material.began[order], material.spent[flat])
    learn, index = np.arange(50), np.arange(50, 80)
    assert every(shuffled, np.sort(where[learn]), where[index]) == pytest.approx(every(material, learn, index), rel=1e-6, abs=1e-6)


def few(material: Material, n: int) -> Material:
    """The first ``n`` tracks."""
    assert material.spent is not None
    return Material(material.world, material.paths.take(np.arange(n)), material.began[:n], material.spent[:material.paths.offsets[n]])


def test_one_track_of_one_step_teaches_little_but_something() -> None:
    """Nothing is infinite; what takes a hundred times as long is stranger than what takes as long."""
    world = field()
    paths = paths_by(world, [[(0, 0), (1, 0)]] * 3)
    material = Material(world, paths, np.full(3, np.nan), np.array([60.0, 60.0, 6000.0]))
    found = every(material, np.array([0]), np.array([1, 2]))
    assert np.isfinite(found).all()
    for name in ("too_slow", "stop"):
        column = [one.name for one in PACE].index(name)
        assert found[1, column] > found[0, column]


def test_times_that_are_all_alike_or_nothing_tell_nothing() -> None:
    material = few(made(30, 2), 30)
    steps = len(material.paths.choices)
    by_name = {one.name: one for one in PACE}
    alike = replace(material, spent=np.full(steps, 60.0))
    assert by_name["stop"].missing(alike) == ALL_ALIKE and not by_name["loiter"].missing(alike)
    assert by_name["loiter"].missing(replace(material, spent=np.zeros(steps))) == NO_CLOCK
    assert by_name["stop"].missing(replace(material, spent=None)) == NO_TIMES
    assert by_name["stop"].missing(replace(material, spent=np.full(steps, np.nan))) == NONE_KNOWN
    assert all(not kind.missing(material) for kind in PACE)
    # and if they are asked all the same, or one track alone is otherwise, nothing breaks
    odd = replace(alike, spent=np.where(material.paths.owner == 29, 90.0, 60.0))
    assert not by_name["too_slow"].missing(odd)
    found = every(odd, np.arange(20), np.arange(20, 30))
    assert np.isfinite(found).all() and found[-1, 0] > 3.0 and (found[:-1, 0] == 0.0).all()


def test_zeros_and_times_that_are_not_known() -> None:
    """A clock too coarse gives zeros: they count as short. A track without any known time has no score and no words."""
    material = made(60, 9)
    assert material.spent is not None
    rng = np.random.default_rng(0)
    spent = np.where(rng.random(len(material.spent)) < 0.3, 0.0, material.spent)
    spent[rng.random(len(spent)) < 0.2] = np.nan
    spent[material.paths.owner == 59] = np.nan
    holed = replace(material, spent=spent)
    found = every(holed, np.arange(40), np.arange(40, 60))
    assert np.isfinite(found[:-1]).all() and np.isnan(found[-1]).all()
    for kind in PACE:
        told = kind.measure(holed, np.arange(40), np.arange(40, 60))
        assert told.words(19) == "" and all(isinstance(told.words(k), str) for k in range(20))
    unknown = replace(material, spent=np.where(material.paths.owner < 40, np.nan, material.spent))
    assert np.isnan(every(unknown, np.arange(40), np.arange(40, 60))).all()


def test_words_say_what_was_planted() -> None:
    """A stop of 23 min where some 40 s are usual; a track twice as slow; a stretch; rounds."""
    material = made(120, 12)
    learn, index = np.arange(110), np.arange(110, 120)
    begin = material.paths.offsets
    assert material.spent is not None
    spent = material.spent.copy()
    spent[begin[110] + 4] = 23.0 * 60.0
    spent[begin[111]:begin[112]] *= 2.5
    material = slowed(replace(material, spent=spent), 112, 3.0, 2, 7)
    said = {kind.name: kind.measure(material, learn, index) for kind in PACE}
    place = material.world.place_names[material.world.choice_from[material.paths.choices[begin[110] + 4]]]
    stop = with_places(said["stop"].words(0), lambda at: f"cell {material.world.place_names[at]}")
    assert stop.startswith(f"It spent 23 min at cell {place}; ") and stop.endswith(" is usual there.")
    assert "times as long as is usual there, all along." in said["too_slow"].words(1) and said["too_fast"].words(1) == ""
    assert " for " in said["slow_stretch"].words(2) and " steps between " in with_places(said["slow_stretch"].words(2), str)
    counted = replace(material, clock="samples")
    assert " samples " in PACE[4].measure(counted, learn, index).words(0)


def test_rounds_are_told_with_the_time_that_passing_takes() -> None:
    rng = np.random.default_rng(3)
    ways = [way(rng) for _ in range(61)]
    world = field()
    ways[60] = ring(ways[60], 6)
    material = timed(world, paths_by(world, ways), 5)
    told = KINDS["loiter"].measure(material, np.arange(60), np.array([60]))
    assert " visits to " in told.words(0) and told.words(0).endswith("is usual for passing there and back.")


def test_several_kinds_learn_once() -> None:
    """What is learned is kept with the material, by the tracks that it was learned from."""
    calls: list[int] = []

    def counted(material: Material, learn: np.ndarray) -> int:
        calls.append(len(learn))
        return len(material.paths)

    material = made(12, 1)
    assert material.derived(counted, np.arange(5)) == material.derived(counted, np.arange(5)) == 12
    assert material.derived(counted, np.arange(6)) == 12 and calls == [5, 6]


def test_paths_are_what_they_were() -> None:
    """Scores read the material and leave it alone."""
    material = made(40, 2)
    assert material.spent is not None
    before, paths = material.spent.copy(), material.paths
    every(material, np.arange(30), np.arange(30, 40))
    assert isinstance(paths, Paths) and (material.spent == before).all()

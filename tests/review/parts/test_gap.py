"""Scores of dark gaps: a gap among those that have none, sizes among sizes, and the speed that it takes to get over one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.review.calibration.p_values import conformal_p
from irlcore.review.parts.base import Material
from irlcore.review.parts.gap import GAP, DarkGap, GapSpeed, sizes_of
from irlcore.review.parts.kinds import KINDS
from irlcore.review.parts.table import measured
from irlcore.tracks.trips.dark_gaps import BEFORE_H, LONGEST_H, MANY
from tests.review.parts.paced import made

KM = "gap before (km)"
LEARN, INDEX = np.arange(100), np.arange(100, 160)


def with_gaps(seed: int, share: float = 0.3) -> Material:
    """160 tracks of which some have a gap before them, of 12 min and 2 km as a rule, or within."""
    rng = np.random.default_rng(seed)
    material = made(160, seed)
    before, within = rng.random(160) < share, rng.random(160) < share
    hours = np.where(before, 0.2 * np.exp(rng.normal(0.0, 0.5, 160)), np.nan)
    facts = {BEFORE_H: hours, KM: hours * 10.0 * np.exp(rng.normal(0.0, 0.3, 160)), MANY: np.where(within, rng.integers(1, 4, 160), 0.0),
             LONGEST_H: np.where(within, 0.1 * np.exp(rng.normal(0.0, 0.5, 160)), np.nan)}
    return replace(material, facts=facts)


def changed(material: Material, name: str, track: int, value: float) -> Material:
    column = np.array(material.facts[name])
    column[track] = value
    return replace(material, facts={**material.facts, name: column})


@pytest.mark.parametrize(("name", "value"), [(BEFORE_H, 5.2), (KM, 200.0), (LONGEST_H, 4.0), (MANY, 40.0)])
def test_a_gap_far_beyond_the_usual_is_the_strangest(name: str, value: float) -> None:
    for seed in range(5):
        material = changed(with_gaps(seed), name, 130, value)
        values = KINDS["gap"].measure(material, LEARN, INDEX).values
        assert int(np.argmax(values)) == 30


def test_no_gap_is_nothing_strange_and_a_longer_one_is_stranger() -> None:
    material = with_gaps(1)
    values = KINDS["gap"].measure(material, LEARN, INDEX).values
    none = np.isnan(material.facts[BEFORE_H][INDEX]) & (material.facts[MANY][INDEX] == 0.0)
    assert none.any() and (values[none] == 0.0).all() and np.isfinite(values).all()
    found = [KINDS["gap"].measure(changed(material, BEFORE_H, 130, hours), LEARN, INDEX).values[30] for hours in (1.0, 2.0, 8.0, 800.0)]
    assert (np.diff(found) > 0.0).all()


def test_where_the_class_has_no_gap_one_alone_is_strange() -> None:
    """1 in 100 or so by the hurdle alone, and more for a longer one."""
    material = replace(made(160, 2), facts={BEFORE_H: np.full(160, np.nan), KM: np.full(160, np.nan)})
    for hours, least in ((0.5, np.log(100.0)), (50.0, np.log(1000.0))):
        one = changed(changed(material, BEFORE_H, 130, hours), KM, 130, 3.0)
        told = KINDS["gap"].measure(one, LEARN, INDEX)
        assert int(np.argmax(told.values)) == 30 and told.values[30] > least and (np.delete(told.values, 30) == 0.0).all()
        assert "none of the 100 tracks that it is held against has such a gap." in told.words(30)


def test_sizes_are_as_rare_as_they_are() -> None:
    """Of lognormal sizes the nats of one are those of its tail and of having a gap at all; what t tails add is known."""
    rng = np.random.default_rng(0)
    sizes = np.where(rng.random(4000) < 0.25, np.exp(rng.normal(1.0, 0.6, 4000)), 0.0)
    usual = sizes_of(sizes, 1.0)
    fresh = np.exp(rng.normal(1.0, 0.6, 20_000))
    chance = np.exp(-usual.nats(fresh))
    assert usual.middle == pytest.approx(1.0, abs=0.1)
    for rate in (0.125, 0.05, 0.025):  # of all tracks; a quarter of them has a gap
        assert 0.25 * np.mean(chance <= rate) == pytest.approx(rate, rel=0.25)


def test_strange_sizes_teach_little_and_few_are_never_sure() -> None:
    rng = np.random.default_rng(1)
    sizes = np.exp(rng.normal(0.0, 0.5, 200))
    spoilt = sizes.copy()
    spoilt[:10] = 1e4
    assert abs(sizes_of(spoilt, 1.0).middle - sizes_of(sizes, 1.0).middle) < 0.15
    for few in (np.empty(0), np.zeros(5), np.array([2.0]), np.full(50, 3.0)):
        one = sizes_of(few, 1.0)
        assert np.isfinite(one.nats(np.array([0.0, 1e-9, 1.0, 1e9]))).all() and one.spread > 0.15
    assert sizes_of(np.array([2.0]), 1.0).spread > 0.8  # hardly less than what is believed before


def test_p_values_of_ordinary_tracks_are_no_smaller_than_they_should_be() -> None:
    """Twenty seeds: tracks that are apart from those learned from. Most have no gap, and are tied with p = 1."""
    rates = []
    for seed in range(20):
        values = measured(KINDS["gap"], with_gaps(100 + seed), np.arange(60)).values
        rates.append(float(np.mean(conformal_p(values[60:110], values[110:]) <= 0.1)))
    assert 0.03 < np.mean(rates) < 0.1 + 5.0 * 0.06 / np.sqrt(20)


def test_the_order_of_tracks_does_not_matter() -> None:
    material = with_gaps(3)
    order = np.random.default_rng(0).permutation(160)
    where = np.argsort(order)
    assert material.spent is not None
    flat = np.concatenate([np.arange(*material.paths.offsets[i:i + 2]) for i in order])
    other = Material(material.world, material.paths.take(order), material.began[order], material.spent[flat],
                     {name: one[order] for name, one in material.facts.items()})
    for kind in GAP:
        assert kind.measure(other, where[LEARN], where[INDEX]).values == pytest.approx(kind.measure(material, LEARN, INDEX).values)


def test_a_speed_that_its_class_cannot_go_is_the_strangest() -> None:
    """Cells of 100 m in a minute are 6 km/h; 300 km in an hour are not."""
    material = changed(changed(with_gaps(4), BEFORE_H, 130, 1.0), KM, 130, 300.0)
    told = GapSpeed().measure(material, LEARN, INDEX)
    assert int(np.argmax(told.values)) == 30
    assert told.words(30).startswith("It must have gone at 300 km/h or more over the gap before it; ")
    assert (told.values[np.isnan(material.facts[BEFORE_H][INDEX])] == 0.0).all()
    slow = changed(changed(material, BEFORE_H, 131, 10.0), KM, 131, 0.5)
    assert GapSpeed().measure(slow, LEARN, INDEX).words(31) == ""


def test_words_tell_the_strangest_of_its_gaps() -> None:
    material = changed(changed(with_gaps(5), BEFORE_H, 130, 5.2), KM, 130, 40.0)
    said = DarkGap().measure(material, LEARN, INDEX).words(30)
    assert said.startswith("Nothing was heard for 5.2 h before it, 40 km away; ")
    assert "of the 100 tracks" in said and said.endswith(" as a rule.")
    inside = DarkGap().measure(changed(material, LONGEST_H, 131, 30.0), LEARN, INDEX).words(31)
    assert inside.startswith("Nothing was heard for 30 h on its way; ")
    often = DarkGap().measure(changed(material, MANY, 132, 99.0), LEARN, INDEX).words(32)
    assert often.startswith("It fell silent 99 times on its way; ")
    none = int(np.flatnonzero(np.isnan(material.facts[BEFORE_H][INDEX]) & (material.facts[MANY][INDEX] == 0.0))[0])
    assert DarkGap().measure(material, LEARN, INDEX).words(none) == ""


def test_what_is_missing_is_told() -> None:
    bare = made(20, 1)
    assert "No track has a gap" in DarkGap().missing(bare) and "No track has a gap" in GapSpeed().missing(bare)
    known = with_gaps(1)
    assert not DarkGap().missing(known) and not GapSpeed().missing(known)
    assert "so no speed is" in GapSpeed().missing(replace(known, spent=None))
    assert "No track has a gap" in DarkGap().missing(replace(bare, facts={MANY: np.zeros(20)}))

"""What is unusual of a track, family by family: the strangest of its scores, a conformal p-value, and both in words."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from irlcore.review.parts.base import Family
from irlcore.review.parts.table import PartTable
from irlcore.review.parts.unusual import Unusual, by_family, sentence

NAMES = ("surprise", "worst_stretch", "stop")
FAMILIES: dict[str, Family] = {"surprise": "route", "worst_stretch": "route", "stop": "pace"}


def test_a_family_is_as_strange_as_its_strangest_score() -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(size=(400, 3)) * (1.0, 1000.0, 1.0)
    values[399] = 0.0, 9000.0, np.nan
    table = by_family(PartTable(NAMES, values), np.arange(200), FAMILIES)
    assert table.families == ("route", "pace")
    route, pace = table.of(399, np.arange(200, 398))
    assert route.score == "worst_stretch" and route.lowest and route.p == route.floor == pytest.approx(1.0 / 199.0)
    assert not pace.measured and pace.words == "not measured" and pace.ordinary
    assert table.of(398, np.zeros(0, np.int64)) == []


def test_p_is_the_share_of_those_at_least_as_strange() -> None:
    values = np.random.default_rng(6).normal(size=(300, 3))
    table = by_family(PartTable(NAMES, values), np.arange(100), FAMILIES)
    for index in range(200, 300):
        for k, one in enumerate(table.of(index, np.arange(100, 200))):
            assert one.p == pytest.approx((1 + (table.nats[100:200, k] >= table.nats[index, k]).sum()) / 101.0)


def test_units_change_nothing() -> None:
    values = np.random.default_rng(7).normal(size=(300, 3))
    plain, scaled = (by_family(PartTable(NAMES, values * unit), np.arange(100), FAMILIES).of(250, np.arange(100, 200))
                     for unit in (1.0, np.array([1e-6, 60.0, 1e5])))
    assert [(one.p, one.score) for one in plain] == [(one.p, one.score) for one in scaled]


def test_of_ordinary_tracks_as_many_are_unusual_as_p_says_however_many_scores_a_family_has() -> None:
    """200 draws of 20 ordinary tracks held against 99 others, by 1 score and by 8: P(p <= .05) = .05; 5 standard errors of draws that share
    the same others, from the spread over draws, are allowed."""
    rng = np.random.default_rng(8)
    names = tuple(f"score {k}" for k in range(9))
    families = {name: cast("Family", "pace" if k else "route") for k, name in enumerate(names)}
    shares = []
    for _ in range(200):
        table = by_family(PartTable(names, rng.exponential(size=(169, 9))), np.arange(50), families)
        found = [table.of(i, np.arange(50, 149)) for i in range(149, 169)]
        shares.append(np.mean([[one.p <= 0.05 for one in of] for of in found], axis=0))
    error = np.std(shares, axis=0) / np.sqrt(len(shares))
    assert (np.abs(np.mean(shares, axis=0) - 0.05) < 5.0 * error).all() and (error < 0.01).all()


@pytest.mark.parametrize(("p", "words"), [
    ([0.2, 1.0 / 2000.0], "Route ordinary, pace 1 in 2,000."), ([0.002, np.nan], "Route 1 in 500."),
    ([0.06, 0.5], "Route ordinary, pace ordinary."), ([1.0 / 5000.0, 0.049], "Route fewer than 1 in 5,000, pace 1 in 20."),
    ([np.nan, np.nan], "")])
def test_families_are_told_in_words(p: list[float], words: str) -> None:
    """Held against 4,999 tracks: no p is below 1 in 5,000."""
    families: tuple[Family, Family] = ("route", "pace")
    found = [Unusual(family, 1.0 if np.isnan(one) else one, 1.0 / 5000.0, "", 0.0, not np.isnan(one), family.capitalize())
             for family, one in zip(families, p, strict=True)]
    assert sentence(found) == words

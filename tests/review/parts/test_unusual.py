"""What is unusual of a track, family by family: the smallest p, for the number of scores that had a chance, and the floor, in words."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.review.parts.table import PartTable
from irlcore.review.parts.unusual import p_of_columns, sentence, unusual_of

NAMES = ("surprise", "worst_stretch", "stop")
FAMILIES = {"surprise": "route", "worst_stretch": "route", "stop": "pace"}


def test_p_values_are_those_of_counting_against_the_calibration_tracks() -> None:
    values = np.column_stack((np.arange(20.0), np.arange(20.0)[::-1], np.where(np.arange(20) % 2, np.nan, np.arange(20.0))))
    calibration = np.arange(9)
    found = p_of_columns(PartTable(NAMES, values), NAMES, calibration)
    assert found[15, 0] == 0.1 and found[4, 0] == pytest.approx((1 + 5) / 10)
    assert np.isnan(found[15, 2]) and found[16, 2] == 0.1
    assert found[2, 2] == pytest.approx((1 + 4) / 10)  # those that give nothing to measure are as ordinary as can be
    assert np.isnan(p_of_columns(PartTable(NAMES, values), NAMES, calibration[:0])).all()


@pytest.mark.parametrize(("p", "words"), [
    ([0.2, 0.3, 1.0 / 2000.0], "Route ordinary, pace 1 in 2,000."),
    ([0.001, 0.3, np.nan], "Route 1 in 500."),
    ([0.026, 0.9, 0.5], "Route ordinary, pace ordinary."),
    ([1.0 / 5000.0, 0.9, 0.049], "Route fewer than 1 in 2,500, pace 1 in 20."),
    ([np.nan, np.nan, np.nan], ""),
])
def test_families_are_told_in_words(p: list[float], words: str) -> None:
    """4,999 calibration tracks: no p is below 1 in 5,000, and of two scores none below 1 in 2,500."""
    assert sentence(unusual_of(np.array(p), NAMES, FAMILIES, 4999)) == words


def test_many_scores_are_no_more_often_unusual_than_one() -> None:
    """Of ordinary tracks the family's p is at most .05 for at most that share: 4,000 draws of 5 scores, standard error .0034."""
    rng = np.random.default_rng(1)
    names = tuple(f"score {k}" for k in range(5))
    least = [unusual_of(p, names, dict.fromkeys(names, "route"), 10**6)[0].p for p in rng.random((4000, 5))]
    assert np.mean(np.array(least) <= 0.05) < 0.05 + 4 * 0.0035

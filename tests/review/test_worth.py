"""What is worth a look: strange tracks, each way of being strange once before any comes twice."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.errors import DataError
from irlcore.review.worth import rarities, worth_a_look

TITLES = ("Surprise", "Pace", "Gap")


def oddities() -> tuple[np.ndarray, np.ndarray]:
    """500 ordinary tracks, then ten that are slow, three with gaps and one with a strange way; value, scores."""
    scores = np.random.default_rng(0).random((514, 3))
    scores[500:510, 1] = 5.0 + np.arange(10)
    scores[510:513, 2] = 4.0 + np.arange(3)
    scores[513, 0] = 9.0
    scores[500:510, [0, 2]] = scores[510:513, :2] = scores[513, 1:] = 0.5
    return scores.max(axis=1), scores


def test_ten_of_one_oddity_do_not_come_before_the_first_of_another() -> None:
    values, scores = oddities()
    found = worth_a_look(np.arange(500, 514), values, scores, TITLES)
    assert found.order[:3].tolist() == [509, 513, 512]
    assert sorted(found.order.tolist()) == list(range(500, 514))
    assert [len(one.members) for one in found.groups] == [10, 1, 3]
    assert found.groups[0].said.startswith("Pace as in 1 of") and found.groups[2].said.startswith("Gap as in 1 of")
    assert "14 tracks are strange in 3 ways" in found.sentence


def test_neither_order_nor_unit_changes_the_list() -> None:
    values, scores = oddities()
    one = worth_a_look(np.arange(500, 514), values, scores, TITLES)
    other = worth_a_look(np.arange(513, 499, -1), values, scores * [1000.0, 0.001, 7.0], TITLES)
    assert one.order.tolist() == other.order.tolist() and one.sentence == other.sentence


def test_what_was_not_measured_says_nothing() -> None:
    scores = np.array([[1.0, np.nan], [2.0, np.nan], [3.0, np.inf], [np.nan, np.nan]])
    np.testing.assert_allclose(np.exp(-rarities(scores)), [[1.0, 1.0], [2 / 3, 1.0], [1 / 3, 1.0], [1.0, 1.0]])
    assert worth_a_look(np.arange(0), np.zeros(4), scores, TITLES[:2]).sentence.startswith("No track")
    with pytest.raises(DataError, match="Track 3"):
        worth_a_look(np.array([3]), np.array([0.0, 0.0, 0.0, np.nan]), scores, TITLES[:2])

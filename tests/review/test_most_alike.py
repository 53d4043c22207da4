"""The ordinary tracks that a track is most like are told with the street that they kept to and by how much they are shorter."""

from __future__ import annotations

import numpy as np

from irlcore.review.most_alike import most_alike
from irlcore.review.nearest import nearest_tracks
from irlcore.review.parts.base import Material
from tests.review.streets import drives, town

TOWN = town()
ROW_A, ROUND = [0, 1, 2, 3, 4, 5], [0, 1, 2, 8, 14, 15, 16, 10, 4, 5]


def said(place: int) -> str:
    return str(TOWN.place_attributes["name"][place])


def material(ways: list[list[int]]) -> Material:
    return Material(TOWN, drives(TOWN, ways), np.full(len(ways), np.nan))


def test_the_nearest_are_told_with_what_they_did_otherwise() -> None:
    own = material([ROUND, ROW_A, ROW_A, [30, 31, 32, 33]])
    found = most_alike(own, np.arange(4), 0, "ordinary track", said)
    assert found.index.tolist() == [1, 2] == nearest_tracks(own, np.arange(4), 0, 2)[0].tolist()
    assert found.sentence == "Most like it among ordinary tracks: drive 1 and drive 2, which both kept to row a and are 400 m shorter."


def test_of_the_same_way_nothing_more_is_said() -> None:
    found = most_alike(material([ROW_A, ROW_A]), np.array([1]), 0, "ordinary track", said)
    assert found.sentence == "Most like it among ordinary tracks: drive 1."


def test_who_shares_nothing_is_like_nobody() -> None:
    found = most_alike(material([[30, 31, 32], ROW_A]), np.array([1]), 0, "other track", said)
    assert not len(found.index) and found.sentence == "No other track shares any of its way."
    crossed = most_alike(material([[0, 1, 7], [0, 1, 2]]), np.array([1]), 0, "other track", said)  # one link, no turn
    assert not len(crossed.index)
    assert most_alike(material([ROW_A]), np.array([0]), 0, "other track", said).sentence == ""


def test_the_order_of_the_others_changes_nothing() -> None:
    own = material([ROUND, ROW_A, [0, 1, 2, 8, 9, 3, 4, 5], [0, 1, 2, 8, 14, 15, 9, 3, 4, 5]])
    one, other = (most_alike(own, np.array(order), 0, "ordinary track", said) for order in ([1, 2, 3], [3, 1, 2]))
    assert one.index.tolist() == other.index.tolist() == [3, 2] and one.sentence == other.sentence

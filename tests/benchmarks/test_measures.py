"""Edit distance and BLEU against counts made by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.routes import bleu, edit_distance
from benchmarks.shanghai import count_ranks
from irlcore.tracks.read_paths import read_paths
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.mdp import Paths
from irlcore.worlds.network import build_network

routes = st.lists(st.integers(0, 4), min_size=1, max_size=7)
short_routes = st.lists(st.integers(0, 2), min_size=1, max_size=5)


def slow_distance(a: list[int], b: list[int]) -> int:
    """Levenshtein's recursion as it is written down."""
    if not a or not b:
        return len(a) + len(b)
    return min(slow_distance(a[1:], b) + 1, slow_distance(a, b[1:]) + 1, slow_distance(a[1:], b[1:]) + (a[0] != b[0]))


@pytest.mark.parametrize(("route", "reference", "distance"), [
    ([1, 2, 3, 4], [1, 2, 3, 4], 0.0),
    ([1, 2, 9, 4], [1, 2, 3, 4], 0.25),          # one link replaced
    ([1, 2, 4], [1, 2, 3, 4], 0.25),             # one left out
    ([1, 2, 3, 9, 4], [1, 2, 3, 4], 0.25),       # one added
    ([4, 3, 2, 1], [1, 2, 3, 4], 1.0),
    ([5, 6, 7, 8, 9, 10], [1, 2], 1.0),          # 6 edits on 2 links, held at 1
    ([1, 2, 3], [1, 2, 3, 4, 5, 6], 0.5),        # over the reference's length, not the route's
])
def test_edit_distance_of_routes_that_can_be_counted(route: list[int], reference: list[int], distance: float) -> None:
    assert edit_distance(route, [reference]) == pytest.approx(distance)


def test_the_nearest_reference_counts() -> None:
    assert edit_distance([1, 2, 3], [[7, 8, 9], [1, 2, 4], [1, 5, 6]]) == pytest.approx(1 / 3)
    # two edits on ten links are nearer than one edit on three
    assert edit_distance([1, 2, 3, 4, 5, 6, 7, 8], [[1, 2, 9], list(range(1, 11))]) == pytest.approx(0.2)


@settings(max_examples=40, deadline=None)
@given(short_routes, short_routes)
def test_edit_distance_equals_the_plain_recursion(route: list[int], reference: list[int]) -> None:
    share = slow_distance(route, reference) / len(reference)
    assert edit_distance(route, [reference]) == pytest.approx(min(1.0, share))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=4, max_size=12), routes)
def test_a_route_that_is_among_the_references_is_perfect(route: list[int], other: list[int]) -> None:
    assert edit_distance(route, [other, route]) == 0.0
    assert bleu(route, [other, route]) == pytest.approx(1.0)


def test_bleu_of_a_route_whose_grams_can_be_counted() -> None:
    # of 1-grams 4 of 5 occur in the reference, of 2-grams 3 of 4, of 3-grams 2 of 3, of 4-grams 1 of 2
    assert bleu([1, 2, 3, 4, 9], [[1, 2, 3, 4, 5]]) == pytest.approx((4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25)


def test_a_repeated_link_counts_no_more_often_than_in_a_reference() -> None:
    assert bleu([1, 1, 1, 2], [[1, 2, 3, 4]], longest=1) == pytest.approx(2 / 4)
    assert bleu([1, 1, 1, 2], [[1, 2, 3, 4], [1, 1, 5, 6]], longest=1) == pytest.approx(3 / 4)


def test_grams_may_come_from_different_references() -> None:
    assert bleu([1, 2, 3, 4], [[1, 2, 8, 9], [7, 2, 3, 4]], longest=2) == pytest.approx(1.0)
    assert bleu([1, 2, 3, 4], [[1, 2, 8, 9]], longest=2) == pytest.approx(math.sqrt(2 / 4 * 1 / 3))


def test_a_route_that_is_too_short_is_penalised_and_one_too_long_is_not() -> None:
    assert bleu([1, 2, 3, 4], [[1, 2, 3, 4, 5, 6]]) == pytest.approx(math.exp(1 - 6 / 4))
    assert bleu([1, 2, 3, 4, 5, 6], [[1, 2, 3, 4]]) == pytest.approx((4 / 6 * 3 / 5 * 2 / 4 * 1 / 3) ** 0.25)


def test_the_penalty_looks_at_the_reference_of_the_nearest_length() -> None:
    assert bleu([1, 2, 3, 4], [[1, 2, 3, 4, 5, 6, 7], [9, 9, 9, 9]]) == pytest.approx(1.0)
    # 3 and 5 are equally near to 4: the shorter one counts, so there is no penalty
    assert bleu([1, 2, 3, 4], [[1, 2, 3, 4, 5], [9, 9, 9]]) == pytest.approx(1.0)


@pytest.mark.parametrize("route", [[7, 8, 9, 10], [1, 2, 3], [1, 3, 2, 4]])
def test_without_a_common_gram_of_some_length_bleu_is_zero(route: list[int]) -> None:
    assert bleu(route, [[1, 2, 3, 4]]) == 0.0


@settings(max_examples=60, deadline=None)
@given(routes, st.lists(routes, min_size=1, max_size=3))
def test_both_measures_lie_between_zero_and_one(route: list[int], references: list[list[int]]) -> None:
    assert 0.0 <= edit_distance(route, references) <= 1.0
    assert 0.0 <= bleu(route, references) <= 1.0 + 1e-12


def test_the_control_ranks_goals_by_past_trips_through_the_present_link() -> None:
    """A street a-b-c-d with exits: two past trips from a end at d, one at c; from b on, c is left behind."""
    links = pd.DataFrame({"link": list("abcd"), "u": [0, 1, 2, 3], "v": [1, 2, 3, 4], "length": 1.0})
    world = build_network(links)

    def trips(*ways: str) -> Paths:
        table = pd.DataFrame({"track": [f"t{i}" for i in range(len(ways))], "path": [" ".join(w) for w in ways]})
        return map_link_tracks(world, read_paths(table, {"track": "track", "path": "path"}).tracks).paths

    past, test = trips("abcd", "bcd", "abc"), trips("abcd", "abc")
    ranks = count_ranks(world, past, test)
    assert ranks[:, 0].tolist() == [1, 2]  # at a: d once, c once; ties by all ends, of which d has two
    assert ranks[0, -1] == 1  # at c of a-b-c-d: only d is left

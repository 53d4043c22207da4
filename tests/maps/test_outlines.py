"""Cutting, thinning and joining of lines and rings, against shapely."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.maps.outlines import bridged, clipped_line, clipped_ring, thinned, turned, unbridged

BOX = (0.0, 0.0, 10.0, 10.0)
SQUARE = np.array([[1, 1], [4, 1], [4, 4], [1, 4], [1, 1.0]])
corner = st.tuples(st.integers(-8, 18), st.integers(-8, 18))


@settings(max_examples=100, deadline=None)
@given(st.lists(corner, min_size=3, max_size=9))
def test_a_ring_cut_to_a_box_covers_what_it_covered_in_it(listed: list[tuple[int, int]]) -> None:
    ring = np.array([*listed, listed[0]], np.float64)
    whole = shapely.Polygon(ring)
    if not whole.is_valid:
        whole = shapely.convex_hull(whole)
        if whole.geom_type != "Polygon":
            return
        ring = shapely.get_coordinates(whole)
    found = clipped_ring(ring, BOX)
    area = shapely.Polygon(found).buffer(0).area if len(found) > 3 else 0.0
    assert area == pytest.approx(whole.intersection(shapely.box(*BOX)).area, abs=1e-6)


def test_a_ring_round_the_box_becomes_the_box() -> None:
    around = np.array([[-5, -5], [20, -5], [20, 20], [-5, 20], [-5, -5.0]])
    assert shapely.Polygon(clipped_ring(around, BOX)).equals(shapely.box(*BOX))


@settings(max_examples=100, deadline=None)
@given(st.lists(corner, min_size=2, max_size=9, unique=True))
def test_a_line_cut_to_a_box_is_what_lay_in_it(listed: list[tuple[int, int]]) -> None:
    line = np.array(listed, np.float64)
    pieces = clipped_line(line, BOX)
    parts = [shapely.LineString(line[k:k + 2]).intersection(shapely.box(*BOX)).length for k in range(len(line) - 1)]
    assert sum(shapely.LineString(piece).length for piece in pieces) == pytest.approx(sum(parts), abs=1e-5)  # over itself: each time
    assert all((piece >= -1e-9).all() and (piece <= 10.0 + 1e-9).all() for piece in pieces)


def test_a_line_that_comes_back_is_two_pieces() -> None:
    pieces = clipped_line(np.array([[1, 1], [12, 1], [12, 3], [1, 3.0]]), BOX)
    assert [piece.tolist() for piece in pieces] == [[[1, 1], [10, 1]], [[10, 3], [1, 3]]]


def test_rings_that_are_joined_come_apart_again() -> None:
    rings = [SQUARE, SQUARE[::-1] * 0.5 + 1.0, SQUARE + 20.0]
    joined = bridged(rings)
    assert (joined[0] == joined[-1]).all()
    assert [ring.tolist() for ring in unbridged(joined)] == [ring.tolist() for ring in rings]
    middle = joined - joined[0]
    area = 0.5 * float((middle[:-1, 0] * middle[1:, 1] - middle[1:, 0] * middle[:-1, 1]).sum())
    assert area == pytest.approx(9.0 - 2.25 + 9.0)  # the hole open, and nothing between


def test_a_line_that_is_not_closed_stays_whole() -> None:
    line = np.array([[0, 0], [1, 0], [2, 1.0]])
    assert [part.tolist() for part in unbridged(line)] == [line.tolist()]


def test_rings_run_as_they_are_told_to() -> None:
    assert turned(SQUARE, left=True) is SQUARE and turned(SQUARE, left=False).tolist() == SQUARE[::-1].tolist()


def test_corners_in_one_square_are_one_and_the_ends_stay() -> None:
    line = np.column_stack((np.linspace(0.0, 10.0, 1001), np.zeros(1001)))
    found = thinned(line, 1.0)
    assert 11 <= len(found) <= 12 and found[0].tolist() == [0, 0] and found[-1].tolist() == [10, 0]
    assert thinned(SQUARE[:3], 100.0) is not None and len(thinned(SQUARE[:3], 100.0)) == 3

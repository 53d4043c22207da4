"""Tracks as lines: points at equal ways, turning, stretches, each against its definition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from irlcore.review.shapes.lines import Lines, lines_of
from irlcore.review.shapes.stretches import POINTS, RUNGS, farthest
from tests.review.parts.classes import in_kilometres, in_town, lanes, on_grid, tracks_of, without_coordinates

pytestmark = pytest.mark.kernels


def of_points(own: list[np.ndarray]) -> Lines:
    made = on_grid(lanes(2, 0))
    return lines_of(replace(made, points=tracks_of(own)), np.arange(len(own)))  # what the cells are does not count


def plain_at(xy: np.ndarray, along: float) -> np.ndarray:
    way = np.append(0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T)))
    return np.array([np.interp(along, way, xy[:, axis]) for axis in (0, 1)])


def test_points_at_equal_ways() -> None:
    own = [np.array([[1.0, 1.0], [1.0, 1.0], [31.0, 1.0], [31.0, 41.0]]), np.array([[5.0, 5.0], [5.0, 25.0]]), lanes(1, 3)[0]]
    lines = of_points(own)
    np.testing.assert_allclose(lines.length[:2], [70.0, 20.0])
    np.testing.assert_allclose(lines.size[:2], [50.0, 20.0])
    found = lines.resampled(8)
    for k, xy in enumerate(own):
        np.testing.assert_allclose(found[k], [plain_at(xy, a) for a in np.linspace(0.0, lines.length[k], 8)], atol=1e-9)


def test_a_track_that_stays_where_it_is_has_one_corner_and_no_turning() -> None:
    lines = of_points([np.full((3, 2), 5.0), np.array([[5.0, 5.0], [25.0, 5.0], [25.0, 25.0]])])
    assert lines.length.tolist() == [0.0, 40.0]
    np.testing.assert_allclose(lines.resampled(3)[0], 5.0)
    turning = lines.turning(10.0)
    assert np.isnan(turning[0]) and turning[1] == pytest.approx(np.pi / 2.0)


def test_turning_is_the_sum_to_either_side_and_a_shiver_is_none() -> None:
    x = np.arange(5.0, 95.0, 0.5)
    shiver = np.column_stack((x, 50.0 + 0.1 * (np.arange(len(x)) % 2)))
    zigzag = np.array([[5.0, 5.0], [25.0, 25.0], [45.0, 5.0], [65.0, 25.0]])
    found = of_points([shiver, zigzag]).turning(np.sqrt(800.0) / 2.0)
    assert found[0] < 0.1 and found[1] == pytest.approx(np.pi)


def test_no_coordinates_no_lines() -> None:
    town = in_town([[0, 1, 2], [3, 4, 5]])
    blind = replace(town, world=without_coordinates(town.world))
    lines = lines_of(blind, np.arange(2))
    assert lines.length.tolist() == [0.0, 0.0] and lines.reach(np.arange(2)) == 0.0
    assert np.isnan(lines.resampled(4)).all() and np.isnan(lines.turning(1.0)).all()
    assert np.isnan(farthest(lines, np.array([0]), np.array([1])).distance).all()


def brute(lines: Lines, known: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """(n,): of tracks that are all long enough for one length of stretch."""
    length = lines.reach(known)
    usual = np.concatenate([plain_stretches(lines, k, length) for k in known])
    out = []
    for k in asked:
        own = plain_stretches(lines, k, length)
        out.append(cdist(own, usual).min(axis=1).max() / np.sqrt(POINTS))
    return np.array(out)


def plain_stretches(lines: Lines, k: int, length: float) -> np.ndarray:
    xy = lines.xy[lines.offsets[k]:lines.offsets[k + 1]]
    begin = np.arange(0.0, lines.length[k] - length, length / ((POINTS - 1) * RUNGS))
    begin = np.append(begin[begin < lines.length[k] - length - 1e-6 * length], lines.length[k] - length)
    return np.array([np.concatenate([plain_at(xy, a + length * s) for s in np.linspace(0.0, 1.0, POINTS)]) for a in begin])


def with_bump(own: list[np.ndarray]) -> list[np.ndarray]:
    """The last track leaves its lane by 3 m for a while, within its cells."""
    odd = own[-1].copy()
    odd[20:26, 1] += 3.0
    return [*own[:-1], odd]


def test_the_farthest_stretch_is_found_as_by_looking_at_all() -> None:
    own = with_bump(lanes(12, 1))
    lines, known, asked = of_points(own), np.arange(8), np.arange(8, 12)
    found = farthest(lines, known, asked)
    np.testing.assert_allclose(found.distance, brute(lines, known, asked), atol=1e-4)
    assert np.argmax(found.distance) == 3 and found.distance[3] > 3.0 * np.sort(found.distance)[-2]
    assert abs(found.middle[3, 0] - own[-1][23, 0]) < 10.0 and found.nearest[3] % 2 == 1


def test_direction_counts() -> None:
    own = [*lanes(10, 1), lanes(10, 1)[1][::-1]]
    found = farthest(of_points(own), np.arange(10), np.array([10])).distance
    assert found[0] > 3.0  # on the very same ground


def test_a_short_track_is_held_against_short_stretches() -> None:
    own = [*lanes(10, 1), *(lanes(10, 2)[1][10:10 + n] for n in (10, 4, 3, 2))]
    found = farthest(of_points(own), np.arange(10), np.arange(10, 14))
    assert (found.distance[:3] < 1.0).all() and np.isnan(found.distance[3])
    assert (np.diff(found.length[:3]) <= 0.0).all() and found.length[2] < found.length[0]


def test_tracks_over_the_same_links_have_the_same_stretches() -> None:
    """Their corners are the links' ends, so the nearest stretch of who passes the same ones is at no distance at all."""
    way = [0, 1, 2, 8, 14, 20, 26, 27]
    own = in_town([way, [6, 0, 1, 2, 8, 14, 20, 26, 27, 28], [30, 31, 32, 33]])
    lines = lines_of(own, np.arange(3))
    assert farthest(lines, np.array([1, 2]), np.array([0])).distance[0] == 0.0
    assert farthest(lines, np.array([0, 2]), np.array([1])).distance[0] > 0.0


def test_the_unit_does_not_count() -> None:
    own = in_town([[0, 1, 2, 8, 14, 20], [0, 6, 12, 18, 19, 20], [5, 4, 3, 9]])
    two = [farthest(lines_of(one, np.arange(3)), np.arange(2), np.array([2])).distance for one in (
        own, replace(own, world=in_kilometres(own.world)))]
    np.testing.assert_allclose(two[0], 1000.0 * two[1], rtol=1e-4)

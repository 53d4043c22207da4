"""Matched tracks know when they came to each link, and so do their paths."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.analysis.times_spent import spent_of
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.matching.matching import match
from irlcore.worlds.world import World
from tests.worlds.matching.streets import of_points, streets, track

NODES = {"A": (0.0, 0.0), "B": (200.0, 0.0), "C": (400.0, 0.0), "D": (600.0, 0.0), "E": (800.0, 0.0), "F": (1000.0, 0.0)}


def along() -> World:
    return streets(NODES, ["AB", "BC", "CD"])


@pytest.mark.parametrize("a_second", [1.0, 1000.0])
def test_links_are_come_to_as_even_speed_between_points_has_it(a_second: float) -> None:
    """10 m/s from 10 m on: 200 m are come to after 19 s, 400 m after 39 s, whether or not a point lies there; also in milliseconds."""
    tracks = track((10, 0), (590, 0), spacing=40.0)
    tracks = replace(tracks, t=(1.7e9 + 4.0 * tracks.t) * a_second)
    last = tracks.t.copy()
    last[-1] = last[-2] + 2.0 * a_second  # 20 m are left of 580 m in steps of 40
    found = match(along(), replace(tracks, t=last), sigma=5.0).tracks
    assert found.links.tolist() == ["AB", "BC", "CD"] and found.times is not None
    assert found.times - 1.7e9 == pytest.approx([0.0, 19.0, 39.0], abs=1.5)  # places lie a few metres apart


def test_a_halt_is_spent_on_the_link_where_it_was_made() -> None:
    tracks = track((10, 0), (590, 0), spacing=20.0)
    late = tracks.t + np.where(tracks.x > 301.0, 600.0, 0.0)  # ten minutes at 290 to 310 m
    world = along()
    found = match(world, replace(tracks, t=late), sigma=5.0).tracks
    paths = map_link_tracks(world, found).paths
    assert paths.times is not None
    spent, clock = spent_of(world, found, paths)
    assert clock == "s" and spent is not None and spent == pytest.approx([9.5, 610.0], abs=1.5)


def test_each_part_has_its_own_times_and_tracks_without_times_have_none() -> None:
    world = streets(NODES, ["AB", "BC", "DE", "EF"])
    one, other = (np.column_stack((t.x, t.y)) for t in (track((10, 0), (390, 0)), track((610, 0), (990, 0))))
    tracks = of_points([one, np.concatenate((one, other))])
    found = match(world, replace(tracks, t=tracks.t + np.repeat([0.0, 5000.0], [20, 40])), sigma=5.0).tracks
    assert found.times is not None and found.ids.tolist() == ["0", "1 #1", "1 #2"]
    assert found.times == pytest.approx([0.0, 9.5, 5000.0, 5009.5, 5020.0, 5029.5], abs=1.0)
    assert found.take(np.array([2])).times == pytest.approx([5020.0, 5029.5], abs=1.0)
    assert match(world, replace(tracks, timed=False), sigma=5.0).tracks.times is None


def test_times_never_fall_with_noise() -> None:
    world = along()
    rng = np.random.default_rng(3)
    tracks: Tracks = of_points([np.column_stack((np.sort(rng.uniform(5.0, 595.0, 30)), np.zeros(30))) + rng.normal(0.0, 8.0, (30, 2))
                                for _ in range(20)])
    found = match(world, tracks, sigma=8.0).tracks
    assert found.times is not None
    falls = np.diff(found.times) < 0.0
    falls[found.offsets[1:-1] - 1] = False
    assert not falls.any()

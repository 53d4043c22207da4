"""What a track of links keeps of the points that it was matched from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.errors import DataError
from irlcore.project.loading import with_time_bands, with_world
from irlcore.project.project import Project
from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import LinkTracks, Tracks, problem_table
from irlcore.worlds.clock import Bands
from irlcore.worlds.matching.attributes import DURATION, POINTS
from irlcore.worlds.matching.matching import match
from irlcore.worlds.start_times import SECONDS, SINCE_MIDNIGHT, START, start_times, time_sources
from irlcore.worlds.world import World
from tests.worlds.matching.streets import of_points, streets, track

NIGHT, NOON = 1_709_510_400.25, 1_709_553_600.0  # 2024-03-04, 00:00:00.25 and 12:00
NODES = {"A": (0.0, 0.0), "B": (200.0, 0.0), "C": (400.0, 0.0), "D": (600.0, 0.0), "E": (800.0, 0.0), "F": (1000.0, 0.0)}


def world() -> World:
    return streets(NODES, ["AB", "BC", "DE", "EF"])


def two(*starts: float, a_second: float = 1.0) -> Tracks:
    """A point each two seconds: 20 along the first half; 20 along each half, between which no street leads."""
    one, other = (np.column_stack((t.x, t.y)) for t in (track((10, 0), (390, 0)), track((610, 0), (990, 0))))
    tracks = of_points([one, np.concatenate((one, other))])
    return replace(tracks, t=(2.0 * tracks.t + np.repeat(starts, [20, 40])) * a_second)


def matched(tracks: Tracks) -> LinkTracks:
    return match(world(), tracks, sigma=5.0).tracks


@pytest.mark.parametrize("a_second", [1.0, 1000.0])
def test_each_part_keeps_when_it_starts_how_long_it_takes_and_its_points(a_second: float) -> None:
    found = matched(two(NIGHT, NOON, a_second=a_second))
    assert found.ids.tolist() == ["0", "1 #1", "1 #2"]
    assert found.attributes[START].tolist() == ["2024-03-04T00:00:00.250", "2024-03-04T12:00:00.000", "2024-03-04T12:00:40.000"]
    assert found.attributes[DURATION].tolist() == [38.0, 38.0, 38.0] and found.attributes[POINTS].tolist() == [20, 20, 20]
    times = start_times(found)
    assert not isinstance(times, str) and times.dated and time_sources(found) == [START]
    np.testing.assert_allclose(times.seconds, [NIGHT, NOON, NOON + 40.0], atol=1e-6)


def test_the_start_goes_before_other_columns() -> None:
    tracks = two(NIGHT, NOON)
    assert time_sources(matched(replace(tracks, attributes=tracks.attributes.assign(hour=[3, 4])))) == [START, "hour"]


def test_seconds_without_a_date_stay_seconds_and_count_from_midnight_only_where_the_analyst_says_so() -> None:
    found = matched(two(5.0, 9.0))  # small numbers are no hours
    assert found.attributes[SECONDS].tolist() == [5.0, 9.0, 49.0] and START not in found.attributes
    assert time_sources(found) == [SINCE_MIDNIGHT] and isinstance(start_times(found), str)
    times = start_times(found, SINCE_MIDNIGHT)
    assert not isinstance(times, str) and times.seconds.tolist() == [5.0, 9.0, 49.0] and not times.dated


def test_points_without_times_have_no_start() -> None:
    found = matched(replace(two(0.0, 0.0), timed=False))
    assert time_sources(found) == [] and not {START, SECONDS, DURATION} & set(found.attributes.columns)


def test_time_of_day_can_matter_to_what_was_matched() -> None:
    found = match(world(), two(NIGHT, NOON), sigma=5.0)
    imported = Imported(found.tracks, problem_table([]), 60, 60, 3, 0, "")
    made = with_time_bands(with_world(Project(), imported, world()), Bands((6.0, 18.0)))
    assert made.world is not None and made.world.settings["clock"]["column"] == START and made.paths is not None
    copy = [made.world.ground_state[s] == s for s in (made.paths.states(made.world.mdp, k)[0] for k in range(3))]
    assert made.world.n_bands == 2 and copy[0] != copy[1] == copy[2]  # one at night, two at noon
    bare = replace(imported, tracks=matched(replace(two(0.0, 0.0), timed=False)))
    with pytest.raises(DataError):
        with_time_bands(with_world(Project(), bare, world()), Bands((6.0, 18.0)))

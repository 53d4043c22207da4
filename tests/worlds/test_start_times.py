"""When tracks start: points with dates, columns of dates, hours and clock times, and what is none of these."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.start_times import POINTS, SINCE_MIDNIGHT, StartTimes, start_times, time_sources

MONDAY = datetime(2024, 3, 4, tzinfo=UTC).timestamp()


def links(**columns: list[object]) -> LinkTracks:
    n = len(next(iter(columns.values()), [0, 0]))
    ids = np.array([f"t{i}" for i in range(n)], object)
    return LinkTracks(ids, 2 * np.arange(n + 1), np.array(["a", "b"] * n, object), pd.DataFrame(columns, index=range(n)))


def points(first: list[float], timed: bool = True, **columns: list[object]) -> Tracks:
    n = len(first)
    t = np.column_stack((first, np.add(first, 60.0))).ravel()
    ids = np.array([f"t{i}" for i in range(n)], object)
    return Tracks(ids, 2 * np.arange(n + 1), t, t, t, pd.DataFrame(columns, index=range(n)), timed=timed)


def found(tracks: Tracks | LinkTracks, source: str = "") -> StartTimes:
    times = start_times(tracks, source)
    assert isinstance(times, StartTimes), times
    return times


def why(tracks: Tracks | LinkTracks, source: str = "") -> str:
    times = start_times(tracks, source)
    assert isinstance(times, str)
    return times


@pytest.mark.parametrize("per_second", [1.0, 1000.0])
def test_points_with_dates_start_at_their_first(per_second: float) -> None:
    tracks = points([MONDAY * per_second, (MONDAY + 3600) * per_second])
    assert time_sources(tracks) == [POINTS]
    times = found(tracks)
    np.testing.assert_allclose(times.seconds, [MONDAY, MONDAY + 3600])
    assert times.dated and "first point" in times.source


def test_seconds_without_a_date_count_from_midnight_only_where_the_analyst_says_so() -> None:
    tracks = points([0.0, 30_000.0, 90_000.0])
    assert time_sources(tracks) == [SINCE_MIDNIGHT]
    assert "no dates" in why(tracks)
    times = found(tracks, SINCE_MIDNIGHT)
    np.testing.assert_allclose(times.seconds, [0.0, 30_000.0, 3_600.0])
    assert not times.dated


def test_seconds_since_each_track_s_own_start_are_no_time_of_day() -> None:
    assert time_sources(points([0.0, 0.0])) == []
    assert "carry no time" in why(points([0.0, 1.0], timed=False))


@pytest.mark.parametrize(("name", "values", "seconds", "dated"), [
    ("start", ["2024-03-04 08:30:00", "2024-03-05T00:00:00Z", ""], [MONDAY + 30_600, MONDAY + 86_400, np.nan], True),
    ("departure_time", [MONDAY + 60, MONDAY, np.nan], [MONDAY + 60, MONDAY, np.nan], True),
    ("timestamp", [1000 * MONDAY, 1000 * MONDAY + 60_000], [MONDAY, MONDAY + 60], True),
    ("hour", [0, 8.5, 24, 25], [0.0, 30_600.0, 0.0, np.nan], False),
    ("Start Time", ["8:30", "08:30:15", "noon", "25:00", "23:59"], [30_600.0, 30_615.0, np.nan, np.nan, 86_340.0], False),
    ("begin", ["04.03.2024 08:30", "25.03.2024 09:00"], [MONDAY + 30_600, MONDAY + 21 * 86_400 + 32_400], True),
    ("start", ["3/4/2024 8:30 AM", "3/25/2024 1:00 PM"], [MONDAY + 30_600, MONDAY + 21 * 86_400 + 46_800], True),
    ("when", ["2024-03-04T08:30:00", "2024-03-04T09:00:00"], [MONDAY + 30_600, MONDAY + 32_400], True),
])
def test_a_column_tells_when_tracks_start(name: str, values: list[object], seconds: list[float], dated: bool) -> None:
    tracks = links(length=[1.5] * len(values), **{name: values})
    assert time_sources(tracks) == [name]
    times = found(tracks)
    np.testing.assert_allclose(times.seconds, seconds)
    assert times.dated == dated and name in times.source


@pytest.mark.parametrize(("name", "values"), [
    ("travel_time", [3.0, 4.0]), ("end", ["08:30", "09:30"]), ("class", ["taxi", "bus"]), ("mmsi", ["234567890", "345678901"]),
    ("date", ["2024-03-04", "2024-03-05"]), ("start", [1000, 2000]), ("start", ["x", "y"]), ("axles", [2, 3])])
def test_what_only_looks_like_a_start_is_none(name: str, values: list[object]) -> None:
    tracks = links(**{name: values})
    assert time_sources(tracks) == []
    assert "tells when they start" in why(tracks)


def test_points_go_before_columns_and_a_column_can_be_chosen() -> None:
    tracks = points([MONDAY, MONDAY + 60], departure=["07:00", "08:00"])
    assert time_sources(tracks) == [POINTS, "departure"]
    np.testing.assert_allclose(found(tracks, "departure").seconds, [25_200.0, 28_800.0])


@pytest.mark.parametrize(("source", "said"), [("nowhere", "nowhere"), ("class", "neither"), (POINTS, "points"), ("many", "hours")])
def test_a_source_that_gives_no_times_says_why(source: str, said: str) -> None:
    assert said in why(links(**{"class": ["taxi", "bus"], "many": [100, 200]}), source)

"""Dark gaps are kept as facts of tracks: before them, and within."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.tracks.trips.cleaning import AS_READ, Cleaning, cleaned
from irlcore.tracks.trips.dark_gaps import dark, gap_words
from irlcore.tracks.trips.stops import find_stops
from irlcore.tracks.trips.trips import Rules, into_trips
from irlcore.worlds.grid import grid_over, map_tracks
from tests.tracks.trips.made_up import imported, scaled, tracks


def sail(n: int, silent: dict[int, float], every: float = 60.0, speed: float = 5.0) -> np.ndarray:
    """n points of a straight voyage; silent: after these points nothing is heard for so many seconds."""
    t = np.cumsum([0.0, *(silent.get(k, every) for k in range(n - 1))])
    return np.column_stack((t, speed * t, np.zeros(n)))


def test_a_gap_that_parts_an_id_is_a_fact_of_the_trip_behind_it() -> None:
    made = tracks(("a", sail(40, {19: 31_320.0})), ("b", sail(40, {})))
    after = cleaned(imported(made), Cleaning(gap=3600.0)).tracks
    assert isinstance(after, Tracks) and after.ids.tolist() == ["a #1", "a #2", "b"]
    hours, km = (after.attributes[name].to_numpy() for name in ("gap before (h)", "gap before (km)"))
    assert np.isnan(hours[[0, 2]]).all() and hours[1] == pytest.approx(8.7) and km[1] == pytest.approx(156.6)
    assert after.attributes["name"].tolist() == ["name of a", "name of a", "name of b"] and "gaps" not in after.attributes
    assert gap_words(after, 1) == "A gap of 8.7 h and 157 km before this track." and gap_words(after, 0) == gap_words(after, 2) == ""


def test_the_line_of_a_gap_tells_where_it_begins_and_ends() -> None:
    after = cleaned(imported(tracks(("a", sail(40, {19: 31_320.0})))), Cleaning(gap=3600.0))
    assert after.problems["row"].tolist() == ["point 20"] and after.problems["done"].tolist() == ["split"]
    assert after.problems["what"][0] == "a gap of 8.7 h and 1.57e+05 m behind it, from (5700, 0) to (162300, 0)"


def test_long_gaps_that_part_nothing_are_counted_within_their_track() -> None:
    made = tracks(("a", sail(40, {9: 7200.0, 29: 3600.0})), ("b", sail(40, {})))
    after = cleaned(imported(made), AS_READ)
    left = after.tracks
    assert isinstance(left, Tracks) and left.attributes["gaps"].tolist() == [2, 0]
    assert left.attributes["longest gap (h)"][0] == pytest.approx(2.0) and np.isnan(left.attributes["longest gap (h)"][1])
    assert gap_words(left, 0) == "Nothing was heard for up to 2 h within it (2 gaps)." and gap_words(left, 1) == ""
    assert np.array_equal(left.t, made.t) and "2 gaps within tracks are much longer than usual" in after.said[0]


def test_a_gap_is_long_for_its_own_track() -> None:
    slow = sail(40, {}, every=3600.0)
    made = tracks(("slow", slow), ("fast", sail(40, {20: 3600.0})), ("few", sail(5, {2: 1e6})))
    assert dark(made).tolist() == [40 + 20]
    assert dark(scaled(made, 1e-3, 1.0 / 60.0)).tolist() == [60]
    assert not len(dark(tracks(("a", slow), timed=False)))


@pytest.mark.parametrize("seed", range(5))
def test_reports_at_irregular_times_have_hardly_a_long_gap(seed: int) -> None:
    t = np.cumsum(np.random.default_rng(seed).exponential(60.0, 5000))
    assert len(dark(tracks(("a", np.column_stack((t, t, t)))))) <= 1  # beyond 5 x 2.3 means: one in 1e5


def test_gaps_at_rest_between_two_trips_are_in_neither() -> None:
    rest = np.column_stack((np.concatenate((30.0 * np.arange(20), 20_000.0 + 30.0 * np.arange(20))), np.full(40, 1e4), np.zeros(40)))
    there, back = sail(40, {}, 30.0), sail(40, {}, 30.0)
    back[:, 1] = 1e4 - back[:, 1] - 500.0
    there[:, 1] += 1e4 - 500.0 - there[-1, 1]
    rest[:, 0] += there[-1, 0] + 30.0
    back[:, 0] += rest[-1, 0] + 30.0
    made = tracks(("a", np.concatenate((there, rest, back))))
    split = into_trips(made, Rules(np.inf, np.inf, 50.0, 600.0, True))
    assert len(split.tracks) == 2 and "gaps" not in split.tracks.attributes and split.tracks.attributes["stop before (h)"][1] > 5.0
    whole = into_trips(made, Rules(np.inf, np.inf, 50.0, 600.0, False))
    assert whole.tracks.attributes["gaps"].tolist() == [1] and len(find_stops(made, 50.0, 600.0)) == 1


def test_without_time_a_far_step_is_told_by_its_length() -> None:
    rows = sail(40, {})
    rows[20:, 1] += 5e5
    after = cleaned(imported(tracks(("a", rows), timed=False)), Cleaning(distance=1e5)).tracks
    assert list(after.attributes.columns) == ["name", "gap before (km)"] and "500 km before" in gap_words(after, 1)
    plane = cleaned(imported(Tracks(**{**{f: getattr(tracks(("a", rows)), f) for f in Tracks.__slots__}, "unit": "px"})),
                    Cleaning(distance=1e5)).tracks
    assert "gap before (px)" in plane.attributes and "5e+05 px before" in gap_words(plane, 1)


def test_link_tracks_have_no_gaps() -> None:
    assert gap_words(LinkTracks(np.array(["a"], object), np.array([0, 1]), np.array(["1"], object), tracks(("a", sail(2, {}))).attributes),
                     0) == ""


def test_cells_that_a_straight_line_fills_over_a_silence_are_told_with_its_length() -> None:
    made = tracks(("a", sail(40, {19: 7200.0})), ("b", sail(40, {})))
    problems = map_tracks(grid_over(made, 1000.0), made).problems
    assert problems["what"][problems["track"] == "a"].tolist() == [
        "a gap of 2 h over 35 cells that nobody saw it cross", "jumps over 35 cells"]
    assert problems["what"][problems["track"] == "b"].tolist() == []

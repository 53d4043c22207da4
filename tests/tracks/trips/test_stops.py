"""Stops against a slow and obvious reference, what the data suggests of them, and what becomes of points at rest."""

from __future__ import annotations

import time

import numpy as np
import pytest

from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.cleaning import Cleaning, cleaned, suggested_cleaning
from irlcore.tracks.trips.rest import NO_REST, suggested_rest
from irlcore.tracks.trips.splitting import gap_cuts
from irlcore.tracks.trips.stops import find_stops, held
from irlcore.tracks.trips.trips import starts_behind
from tests.tracks.trips.made_up import fleet, imported, scaled, shuttle, tracks


def slowly(made: Tracks, diameter: float, duration: float) -> list[tuple[int, int]]:
    """The definition, point by point: the first window that lasts; of those that begin in it the longest; and on behind that one."""
    def last_of(low: int, end: int) -> int:
        high = low
        while high + 1 < end and np.hypot(np.ptp(made.x[low:high + 2]), np.ptp(made.y[low:high + 2])) <= diameter:
            high += 1
        return high

    found = []
    for a, b in zip(made.offsets[:-1].tolist(), made.offsets[1:].tolist(), strict=True):
        low = a
        while low < b:
            high = last_of(low, b)
            if high > low and made.t[high] - made.t[low] >= duration:
                windows = [(k, last_of(k, b)) for k in range(low, high + 1)]
                best = max(windows, key=lambda one: (made.t[one[1]] - made.t[one[0]], -one[0]))
                found.append(best)
                low = best[1] + 1
            else:
                low += 1
    return found


@pytest.mark.parametrize("seed", range(12))
def test_stops_are_those_of_the_slow_reference(seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts = []
    for k in range(6):
        n = int(rng.integers(2, 120))
        step = rng.normal(0.0, 1.0, (n, 2)) * rng.choice([0.0, 0.1, 1.0, 8.0], (n, 1))
        parts.append((f"v{k}", np.column_stack((np.cumsum(rng.exponential(10.0, n) + 0.1), np.cumsum(step, axis=0)))))
    made = tracks(*parts)
    for diameter, duration in ((0.5, 30.0), (3.0, 30.0), (3.0, 200.0), (20.0, 0.0), (1e9, 50.0)):
        found = find_stops(made, diameter, duration)
        assert list(zip(found.first.tolist(), found.last.tolist(), strict=True)) == slowly(made, diameter, duration)
        for a, b, x, spread in zip(found.first, found.last, found.x, found.spread, strict=True):
            assert x == pytest.approx(made.x[a:b + 1].mean()) and spread <= diameter * (1.0 + 1e-12)


def test_no_stop_reaches_over_a_gap_that_parts_a_track(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.column_stack((np.concatenate((np.arange(10.0), 1e5 + np.arange(10.0))), np.zeros(20), np.zeros(20)))
    made = tracks(("a", rows), ("b", rows))
    assert find_stops(made, 1.0, 5.0).last.tolist() == [19, 39]
    pieces = starts_behind(made, gap_cuts(made, 60.0, np.inf))
    whole = find_stops(made, 1.0, 5.0, pieces)
    assert whole.first.tolist() == [0, 10, 20, 30] and whole.last.tolist() == [9, 19, 29, 39]
    monkeypatch.setattr("irlcore.tracks.trips.stops.AT_ONCE", 7)
    assert find_stops(made, 1.0, 5.0, pieces).first.tolist() == whole.first.tolist()


@pytest.mark.parametrize("seed", range(5))
def test_what_is_suggested_finds_each_rest_and_no_more(seed: int) -> None:
    made = fleet(seed)
    rest = suggested_rest(made)
    assert 10.0 < rest.jitter < 60.0 and rest.jitter < rest.max_diameter < 240.0  # between the jitter and a step
    assert 600.0 <= rest.min_duration <= 2400.0
    found = find_stops(made, rest.max_diameter, rest.min_duration)
    assert len(found) == 6 * 4
    assert (np.abs(found.end - found.begin - 2400.0) <= 120.0).all()


def test_between_halts_and_stays_is_the_suggested_duration() -> None:
    rng = np.random.default_rng(3)
    parts = []
    for k in range(6):
        rows, at = [], 0.0
        for rest in (4.0, 60.0, 5.0, 70.0, 4.0, 50.0):
            one = shuttle(rng, 1, rest_min=rest, every=10.0, drive_min=20.0)
            one[:, 0] += at
            at = one[-1, 0] + 10.0
            rows.append(one)
        parts.append((f"v{k}", np.concatenate(rows)))
    assert 6.0 * 60.0 < suggested_rest(tracks(*parts)).min_duration < 45.0 * 60.0


@pytest.mark.parametrize("seed", range(5))
def test_where_nothing_rests_nothing_is_suggested(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert suggested_rest(fleet(seed, stays=0, drive_min=500.0)) == NO_REST
    walks = [(f"w{k}", np.column_stack((10.0 * np.arange(400), np.cumsum(rng.normal(0.0, 5.0, (400, 2)), axis=0)))) for k in range(6)]
    assert suggested_rest(tracks(*walks)) == NO_REST
    heavy = [(f"h{k}", np.column_stack((10.0 * np.arange(900), np.cumsum(rng.standard_t(1.5, (900, 2)), axis=0)))) for k in range(6)]
    assert suggested_rest(tracks(*heavy)) == NO_REST
    slow = [(f"s{k}", shuttle(rng, 0, drive_min=300.0, speed=0.3 if k % 2 else 30.0)) for k in range(8)]
    assert suggested_rest(tracks(*slow)) == NO_REST  # pedestrians beside cars do not rest
    assert suggested_rest(tracks(("a", shuttle(rng, 1)[:9]))) == NO_REST


@pytest.mark.parametrize(("length", "time"), [(1e-3, 1.0), (1.0, 1.0 / 60.0), (3.28, 1e3), (1e-3, 1.0 / 3600.0)])
def test_suggestions_hang_on_no_unit(length: float, time: float) -> None:
    made = fleet(1)
    here, there = suggested_rest(made), suggested_rest(scaled(made, length, time))
    assert there.jitter == pytest.approx(length * here.jitter)
    assert 0.5 < there.max_diameter / (length * here.max_diameter) < 2.0  # both are rounded
    assert 0.5 < there.min_duration / (time * here.min_duration) < 2.0
    mine = find_stops(made, here.max_diameter, here.min_duration)
    theirs = find_stops(scaled(made, length, time), there.max_diameter, there.min_duration)
    assert len(mine) == len(theirs) == 24


def test_a_stop_becomes_one_position_held_from_start_to_end() -> None:
    made = fleet(2, agents=2, stays=1)
    stops = find_stops(made, 100.0, 600.0)
    moved, kept = held(made, stops)
    assert kept.sum() == len(made.t) - sum(b - a - 1 for a, b in zip(stops.first, stops.last, strict=True))
    after = cleaned(imported(made), Cleaning(at_stop="dwell", max_diameter=100.0, min_duration=600.0))
    left = after.tracks
    assert isinstance(left, Tracks) and left.ids.tolist() == made.ids.tolist() and np.array_equal(left.t, made.t[kept])
    at = np.flatnonzero(np.diff(left.t) > 600.0)
    assert len(at) == 2 and (left.x[at] == left.x[at + 1]).all() and (left.y[at] == left.y[at + 1]).all()
    assert after.rows_dropped == (~kept).sum() and (after.problems["done"] == "repaired: held in one place").all()
    assert "2 stops of 2 ids (within 100 m for at least 10 min" in after.said[0] and "became one position" in after.said[0]
    assert np.array_equal(moved.x[~kept], made.x[~kept]) and len(made.x) == len(moved.x)


def test_each_trip_ends_at_the_stop_and_the_next_begins_there() -> None:
    made = fleet(2, agents=2, stays=2)
    after = cleaned(imported(made), Cleaning(at_stop="split", max_diameter=100.0, min_duration=600.0))
    left = after.tracks
    assert isinstance(left, Tracks) and left.ids.tolist() == [f"v{i} #{k}" for i in range(2) for k in (1, 2, 3)]
    ends, begins = left.offsets[1:3] - 1, left.offsets[1:3]
    assert (left.x[ends] == left.x[begins]).all() and (left.t[begins] - left.t[ends] > 2000.0).all()
    stay = left.attributes["stop before (h)"].to_numpy()
    assert np.isnan(stay[[0, 3]]).all() and stay[[1, 2, 4, 5]] == pytest.approx(2.0 / 3.0, abs=0.05)
    assert "2 ids were split into 6 trips at stops." in after.said and (after.problems["done"] == "split").all()


def test_a_track_that_only_rests_is_told_of_when_it_goes() -> None:
    rest = np.column_stack((30.0 * np.arange(60), np.random.default_rng(0).normal(0.0, 2.0, (60, 2))))
    made = tracks(("moored", rest), ("v", shuttle(np.random.default_rng(1), 1)))
    after = cleaned(imported(made), Cleaning(at_stop="split", max_diameter=100.0, min_duration=600.0))
    assert "moored" not in after.tracks.ids
    lost = after.problems[after.problems["track"] == "moored"]
    assert lost["what"].tolist()[-1] == "nothing is left of it but stops" and lost["done"].tolist()[-1] == "dropped"


def test_stops_are_suggested_as_dwell_and_leave_what_never_rests_alone() -> None:
    assert suggested_cleaning(fleet(0)).at_stop == "dwell"
    still = fleet(0, stays=0, drive_min=500.0)
    assert suggested_cleaning(still).at_stop == "" and cleaned(imported(still), suggested_cleaning(still)).tracks is still


def test_the_work_grows_with_the_points_and_not_with_the_stops() -> None:
    """One track of a million points that rests for ever, and one that wanders within the diameter most of the time."""
    rng = np.random.default_rng(5)
    n = 1_000_000
    rest = np.column_stack((np.arange(float(n)), rng.normal(0.0, 1.0, (n, 2))))
    wander = np.column_stack((np.arange(float(n)), np.cumsum(rng.normal(0.0, 0.3, (n, 2)), axis=0)))
    made = tracks(("rest", rest), ("wander", wander))
    find_stops(fleet(0, agents=1), 1.0, 1.0)  # compiled
    begun = time.process_time()
    found = find_stops(made, 100.0, 60.0)
    assert time.process_time() - begun < 5.0  # a window looked through anew at each point would take hours
    assert found.first[0] == 0 and found.last[0] == n - 1 and len(found) > 10

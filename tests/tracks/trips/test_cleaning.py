"""Jumps are left out, agents under one id told apart, ids split at gaps; and what is sound stays as it is."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from irlcore.tracks.read_tracks import Imported
from irlcore.tracks.tracks import Tracks, problem_table
from irlcore.tracks.trips import speed_check
from irlcore.tracks.trips.by_class import checked_classes, class_columns, guessed_class, limits_of_tracks, suggested_limits
from irlcore.tracks.trips.cleaning import AS_READ, Cleaning, cleaned, suggested_cleaning
from irlcore.tracks.trips.regroup import regrouped
from irlcore.tracks.trips.speed_check import suggested_limit, without_jumps
from irlcore.tracks.trips.splitting import gaps, split_at_gaps, suggested_gap, told

CRS = "EPSG:32632"


def tracks(*parts: tuple[str, np.ndarray], crs: str | None = CRS, timed: bool = True) -> Tracks:
    """parts: id and rows of (t, x, y)."""
    flat = np.concatenate([rows for _, rows in parts])
    offsets = np.concatenate(([0], np.cumsum([len(rows) for _, rows in parts]))).astype(np.int64)
    ids = np.array([name for name, _ in parts], dtype=object)
    frame = pd.DataFrame({"class": [f"class of {name}" for name in ids]})
    t = flat[:, 0] if timed else np.concatenate([np.arange(len(rows)) for _, rows in parts]).astype(float)
    return Tracks(ids, offsets, t, flat[:, 1], flat[:, 2], frame, "m", crs, timed)


def drive(n: int, start: float = 0.0, x: float = 0.0, speed: float = 8.0, every: float = 60.0) -> np.ndarray:
    t = start + every * np.arange(n)
    return np.column_stack((t, x + speed * every * np.arange(n), 100.0 * np.sin(np.arange(n))))


def imported(made: Tracks) -> Imported:
    return Imported(made, problem_table([]), len(made.t), 0, len(made), 0)


def after(made: Tracks) -> Imported:
    return cleaned(imported(made), suggested_cleaning(made))


def test_what_is_sound_stays_as_it_is() -> None:
    made = tracks(*((f"v{k}", drive(30, speed=2.0 + k)) for k in range(10)))
    assert after(made).tracks is made
    assert cleaned(imported(made), AS_READ).tracks is made


@pytest.mark.parametrize("away", [[(3e5, 4e5)], [(3e5, 4e5)] * 2, [(3e5, 4e5), (-9e5, 0.0)]], ids=["one", "two together", "two apart"])
@pytest.mark.parametrize("at", [0, 7, 18])
def test_fixes_far_off_are_left_out_and_listed(away: list[tuple[float, float]], at: int) -> None:
    rows = drive(20)
    rows[at:at + len(away), 1:] = away
    made = tracks(("odd", rows), *((f"v{k}", drive(20)) for k in range(4)))
    found = after(made)
    assert np.diff(found.tracks.offsets).tolist() == [20 - len(away), 20, 20, 20, 20]
    assert found.tracks.ids.tolist() == made.ids.tolist()
    assert found.rows_dropped == len(away) and found.problems["track"].tolist() == ["odd"]
    assert "out of reach" in found.problems["what"].iloc[0] and f"{len(away)} point" in found.problems["what"].iloc[0]
    assert any("cannot be reached" in one for one in found.said)


def test_two_agents_under_one_id_are_told_apart() -> None:
    both = np.concatenate((drive(20), drive(20, start=30.0, x=2e5)))
    made = tracks(("two", both[np.argsort(both[:, 0])]), ("one", drive(20)))
    found = after(made)
    assert found.tracks.ids.tolist() == ["two (1)", "two (2)", "one"] and np.diff(found.tracks.offsets).tolist() == [20, 20, 20]
    assert found.tracks.attributes["class"].tolist() == ["class of two"] * 2 + ["class of one"]
    assert np.ptp(found.tracks.x[:20]) < 1e4 and found.rows_dropped == 0


def test_one_fast_kind_among_slow_ones_is_no_jump() -> None:
    made = tracks(("jet", drive(50, speed=250.0)), *((f"v{k}", drive(50, speed=5.0)) for k in range(60)))
    kept = after(made)
    assert np.diff(kept.tracks.offsets).tolist() == [50] * 61
    assert kept.problems.empty or kept.problems["done"].tolist() == ["kept as it is"]


@pytest.mark.parametrize("crs", [CRS, None])
def test_moored_vessels_that_set_out_are_no_jump(crs: str | None) -> None:
    rng = np.random.default_rng(0)
    rest = [np.column_stack((10.0 * np.arange(200), rng.normal(0.0, 0.2, (200, 2)))) for _ in range(30)]
    rest[3][150:, 1] += 7.0 * 10.0 * np.arange(50)
    made = tracks(*((f"v{k}", rows) for k, rows in enumerate(rest)), crs=crs)
    assert np.diff(after(made).tracks.offsets).tolist() == [200] * 30


def test_a_plane_of_unknown_units_has_jumps_only_far_beyond_what_is_usual() -> None:
    rows = drive(20, speed=1.0, every=1.0)
    sprint = rows.copy()
    sprint[10:, 1] += 9.0
    others = [(f"v{k}", rows) for k in range(5)]
    made = tracks(("sprint", sprint), *others, crs=None)
    assert after(made).tracks is made
    sprint[10, 1] += 1e4
    assert len(after(tracks(("sprint", sprint), *others, crs=None)).tracks.t) == len(made.t) - 1


@pytest.mark.parametrize("order", range(3))
def test_the_limit_hangs_on_no_order_of_tracks(order: int) -> None:
    parts = [(f"v{k}", drive(10 + k, speed=1.0 + 0.3 * k)) for k in range(20)]
    turned = [parts[k] for k in np.random.default_rng(order).permutation(20)]
    assert suggested_limit(tracks(*turned)) == suggested_limit(tracks(*parts))
    assert suggested_limit(tracks(*parts, timed=False)) == np.inf


def test_without_a_limit_nothing_is_a_jump() -> None:
    made = tracks(("a", drive(9)))
    assert without_jumps(made, np.inf) == (made, [])


def test_five_days_under_one_id_are_five_trips() -> None:
    week = np.concatenate([drive(20, start=86_400.0 * day) for day in range(5)])
    made = tracks(("bus", week), ("car", drive(20)))
    cut = suggested_gap(gaps(made)[0])
    assert 60.0 < cut < 86_400.0 - 20 * 60.0
    found = after(made)
    assert found.tracks.ids.tolist() == [f"bus #{k}" for k in range(1, 6)] + ["car"]
    assert (np.diff(found.tracks.offsets) == 20).all() and found.tracks.attributes["class"].iloc[4] == "class of bus"
    assert len(found.problems) == 4 and (found.problems["done"] == "split").all() and "23.7 h" in found.problems["what"].iloc[0]
    assert any("5 trips" in one or "6 trips" in one for one in found.said)


def test_gaps_that_grow_step_by_step_suggest_no_cut() -> None:
    every = np.cumsum(np.random.default_rng(1).lognormal(3.0, 1.0, 5000))
    made = tracks(("a", np.column_stack((every, every, every))), crs=None)
    assert suggested_gap(gaps(made)[0]) == np.inf


@pytest.mark.parametrize("far", [2e5, 2e6])
def test_without_time_a_far_step_ends_a_trip(far: float) -> None:
    rows = np.concatenate((drive(30), drive(30, x=far)))
    made = tracks(("a", rows), timed=False)
    found = after(made)
    assert found.tracks.ids.tolist() == ["a #1", "a #2"]  # type: ignore[union-attr]
    assert found.tracks.t.tolist() == [*range(30), *range(30)]  # type: ignore[union-attr]


def test_trips_of_one_point_are_told_and_go() -> None:
    made = tracks(("a", np.concatenate((drive(5), drive(1, start=9e4), drive(5, start=2e5)))))
    split, problems = split_at_gaps(made, 3600.0, np.inf)
    assert split.ids.tolist() == ["a #1", "a #3"] and len(split.t) == 10
    assert ("points", "", "1 trip of one point", "dropped") in problems


def test_names_of_pieces_never_meet_other_names() -> None:
    made = tracks(("a", drive(4)), ("a #2", drive(2)))
    split, _ = regrouped(made, np.array([0, 0, 1, 1, 0, 0]), "{id} #{k}")
    assert len(set(split.ids)) == 3 and split.ids[0] == "a #1"


def test_the_analyst_may_say_otherwise() -> None:
    made = tracks(("a", np.concatenate((drive(5), drive(5, start=9e4)))))
    assert len(cleaned(imported(made), Cleaning(gap=1e6)).tracks) == 1
    assert len(cleaned(imported(made), Cleaning(gap=3600.0)).tracks) == 2


@pytest.mark.parametrize(("seconds", "words"), [(5.0, "5 s"), (119.0, "119 s"), (1500.0, "25 min"), (30_600.0, "8.5 h"),
                                               (276_480.0, "3.2 days")])
def test_lengths_of_time_read_as_people_say_them(seconds: float, words: str) -> None:
    assert told(seconds) == words


def test_a_wrong_fix_takes_no_points_of_a_track_that_goes_on_for_long() -> None:
    rows = drive(2000)  # the fix is far enough off for 250 km to be a slow journey from it, in the end
    rows[50, 1:] = (-2.5e5, 0.0)
    found = after(tracks(("odd", rows), *((f"v{k}", drive(2000)) for k in range(4))))
    assert np.diff(found.tracks.offsets).tolist() == [1999, 2000, 2000, 2000, 2000]


@pytest.mark.parametrize("seed", range(4))
def test_whose_a_point_is_hangs_not_on_how_many_are_looked_at_at_once(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(seed)
    rows = drive(3000, every=10.0)
    rows[1200:1260:2, 1:] += 3e5  # another agent for a while
    wrong = rng.choice(3000, 5 * seed, replace=False)
    rows[wrong, 1:] += rng.uniform(-5e6, 5e6, (len(wrong), 2))
    made = tracks(("a", rows))
    quick = without_jumps(made, 40.0)
    monkeypatch.setattr("irlcore.tracks.trips.speed_check.STEADY", 10**9)
    slow = without_jumps(made, 40.0)
    assert quick[1] == slow[1] and 2900 < len(quick[0].t) < 3000
    assert np.array_equal(quick[0].t, slow[0].t) and np.array_equal(quick[0].offsets, slow[0].offsets)


def test_a_long_track_full_of_wrong_fixes_takes_no_square_of_their_number() -> None:
    rng = np.random.default_rng(3)
    rows = drive(100_000, every=1.0)
    wrong = rng.random(len(rows)) < 0.1
    rows[wrong, 1:] += rng.uniform(-5e9, 5e9, (int(wrong.sum()), 2))
    made = tracks(("a", rows))
    begun = time.process_time()
    found, listed = without_jumps(made, 200.0)
    assert time.process_time() - begun < 10.0  # with the square it would be minutes
    assert found.t.tolist() == rows[~wrong, 0].tolist() and len(listed) == 1


def test_of_very_many_gaps_the_first_are_listed_and_the_rest_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("irlcore.tracks.trips.splitting.MOST_LISTED", 3)
    monkeypatch.setattr("irlcore.tracks.problems.MOST_LISTED", 3)
    rows = drive(40)
    rows[:, 0] += 1e5 * (np.arange(40) // 4)
    _, listed = split_at_gaps(tracks(("a", rows)), 1e4, np.inf)
    assert len(listed) == 4 and listed[-1] == ("more", "", "a gap: 6 more rows", "split")


@pytest.mark.parametrize("at_once", [1, 7, 40, 10**6])
def test_the_limit_hangs_not_on_how_many_points_are_sorted_at_once(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    lengths = rng.integers(2, 60, 50)
    made = tracks(*((f"v{k}", drive(n, start=1e5 * k, speed=rng.uniform(5.0, 50.0))) for k, n in enumerate(lengths)))
    values = rng.random(len(made.t))
    monkeypatch.setattr("irlcore.tracks.trips.speed_check.AT_ONCE", at_once)
    wanted = np.concatenate([np.sort(values[a:b]) for a, b in pairwise(made.offsets)])
    assert np.array_equal(speed_check.sorted_within(values, made.offsets), wanted)
    assert suggested_limit(made) == pytest.approx(suggested_limit(made.take(np.arange(50)[::-1])))


def test_what_alone_is_left_of_an_id_keeps_its_name_and_the_count_is_of_ids_that_were_split() -> None:
    made = tracks(("a", np.concatenate((drive(1, start=-9e7), drive(15)))), ("b", drive(15)), ("c", drive(15)))
    split, problems = split_at_gaps(made, 3600.0, np.inf)
    assert split.ids.tolist() == ["a", "b", "c"] and ("points", "", "1 trip of one point", "dropped") in problems
    several = tracks(*((name, np.concatenate((drive(1, start=-9e7), drive(15)))) for name in "abc"))
    assert ("points", "", "3 trips of one point", "dropped") in split_at_gaps(several, 3600.0, np.inf)[1]
    found = cleaned(Imported(made, problem_table([]), len(made.t), 0, 3, 0), Cleaning(gap=3600.0))
    assert found.said[0].startswith("1 id of 3 was split") and "3 trips in all" in found.said[0]


def test_each_class_is_held_to_its_own_limit_and_those_of_none_to_that_of_all() -> None:
    rows = drive(20, speed=40.0)
    made = tracks(*((f"v{k}", rows) for k in range(4)))
    frame = pd.DataFrame({"class": ["ferry", "boat", "", "boat"]})
    made = Tracks(made.ids, made.offsets, made.t, made.x, made.y, frame, made.unit, made.crs, made.timed)
    limits = (("boat", 20.0), ("ferry", 50.0))
    assert np.array(limits_of_tracks(made, "class", limits, 30.0)).tolist() == [50.0, 20.0, 30.0, 20.0]
    assert limits_of_tracks(made, "no such column", limits, 30.0) == 30.0
    assert [(one.name, one.tracks, one.jumps) for one in checked_classes(made, "class", limits, 30.0)] == [
        ("boat", 2, 38), ("ferry", 1, 0), ("(missing)", 1, 19)]
    assert class_columns(made) == ["class"] == [guessed_class(made)]
    assert suggested_limits(made, "class", 33.0) == (("boat", 33.0), ("ferry", 33.0))  # too few tracks to tell
    many = tracks(*((f"v{k}", drive(30, speed=40.0 if k < 5 else 4.0)) for k in range(10)))
    many = Tracks(many.ids, many.offsets, many.t, many.x, many.y, pd.DataFrame({"kind": ["ferry"] * 5 + ["boat"] * 5}), "m", CRS, True)
    assert dict(suggested_limits(many, "kind", 1e3)) == {"ferry": pytest.approx(200.0, rel=0.1), "boat": 30.0}

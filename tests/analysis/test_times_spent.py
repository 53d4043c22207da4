"""How long each choice took, from the points of tracks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis.times_spent import facts_within, spent_of
from irlcore.review.parts.base import Material
from irlcore.review.parts.durations.visits import visits_of
from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.tracks.trips.dark_gaps import LONGEST_H, MANY
from irlcore.worlds.clock import Bands, with_band, with_clock
from irlcore.worlds.grid import build_grid, map_tracks
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.observed import map_log
from irlcore.worlds.mdp import Paths
from irlcore.worlds.staying import with_staying
from irlcore.worlds.world import World

NOWHERE = np.array([1])


def line(cells: list[tuple[int, float]], shift: float = 0.0) -> Tracks:
    """One track along the middle of a row of cells of 100 m, by (cell, time)."""
    x = np.array([100.0 * cell + 50.0 + shift for cell, _ in cells])
    return Tracks(np.array(["a"], object), np.array([0, len(cells)]), np.array([time for _, time in cells]), x, np.full(len(cells), 50.0),
                  pd.DataFrame(index=[0]))


def water() -> World:
    return build_grid(0.0, 0.0, 1000.0, 100.0, 100.0, "m")


def mapped(world: World, tracks: Tracks, aims: np.ndarray | None = None) -> Paths:
    return map_tracks(world, tracks, aims).paths


def test_each_step_takes_until_the_next_cell_is_come_to_and_the_last_until_the_end_is() -> None:
    tracks = line([(0, 0.0), (0, 30.0), (1, 60.0), (2, 90.0), (2, 120.0), (4, 200.0), (4, 500.0)])
    world = water()
    spent, clock = spent_of(world, tracks, mapped(world, tracks))
    assert clock == "s" and spent is not None and spent.tolist() == [60.0, 30.0, 70.0, 40.0]


def test_a_track_cut_at_its_goal_came_there_when_it_first_did() -> None:
    tracks = line([(0, 0.0), (1, 60.0), (2, 90.0), (3, 120.0), (2, 150.0)])
    world = water()
    paths = mapped(world, tracks)
    assert paths.lengths.tolist() == [2]
    spent, _ = spent_of(world, tracks, paths)
    assert spent is not None and spent.tolist() == [60.0, 30.0]


def test_who_stays_to_the_end_was_there_as_long_as_it_was_seen() -> None:
    tracks = line([(0, 0.0), (1, 60.0), (1, 200.0), (1, 330.0), (1, 370.0)])
    world = with_staying(water(), 100.0)
    paths = mapped(world, tracks, NOWHERE)
    assert paths.lengths.tolist() == [4]  # a step and three stays
    spent, _ = spent_of(world, tracks, paths)
    assert spent is not None and spent.tolist() == [60.0, 100.0, 100.0, 110.0]


def test_milliseconds_are_told_as_seconds() -> None:
    seconds = line([(0, 1.7e9), (1, 1.7e9 + 60.0), (2, 1.7e9 + 90.0)])
    world = water()
    for tracks in (seconds, replace(seconds, t=seconds.t * 1000.0)):
        spent, clock = spent_of(world, tracks, mapped(world, tracks))
        assert clock == "s" and spent == pytest.approx([60.0, 30.0])


@pytest.mark.parametrize("world", [water(), with_clock(water(), Bands((6.0, 18.0))), with_staying(water(), 2.0)],
                         ids=["plain", "with a clock", "staying"])
def test_points_without_times_tell_samples(world: World) -> None:
    """As many as lie in a cell; those of a jump are shared."""
    tracks = replace(line([(0, 0.0), (0, 1.0), (0, 2.0), (1, 3.0), (3, 4.0), (3, 5.0)]), timed=False)
    paths = mapped(water(), tracks)
    if world.n_bands > 1:
        paths = with_band(paths, water().mdp, world.n_bands, np.array([1]))
    elif world.settings.get("stay_s"):
        paths = mapped(world, tracks)
    spent, clock = spent_of(world, tracks, paths)
    assert clock == "samples" and spent is not None and spent.tolist() == [3.0, 0.5, 0.5]


def test_in_a_world_with_a_clock_times_are_the_same() -> None:
    tracks = line([(0, 0.0), (1, 60.0), (2, 90.0)])
    paths = with_band(mapped(water(), tracks), water().mdp, 2, np.array([1]))
    spent, _ = spent_of(with_clock(water(), Bands((6.0, 18.0))), tracks, paths)
    assert spent is not None and spent.tolist() == [60.0, 30.0]


def gapped(shift: float) -> Tracks:
    """Heard every 10 s but for half an hour in cell 3, where it is seen again ``shift`` metres on."""
    at = [(k // 3, 10.0 * k) for k in range(12)]
    after = [(3 + k // 3, 1910.0 + 10.0 * k) for k in range(12)]
    tracks = line(at + after)
    x = tracks.x.copy()
    x[12] += shift
    return replace(tracks, x=x)


def test_what_lies_in_a_dark_gap_is_not_known() -> None:
    world, tracks = water(), gapped(20.0)
    spent, _ = spent_of(world, tracks, mapped(world, tracks))
    assert spent is not None
    assert np.isnan(spent).tolist() == [False, False, False, True, False, False]
    facts = facts_within(tracks)
    assert facts[MANY].tolist() == [1] and facts[LONGEST_H] == pytest.approx([0.5])


def test_where_it_was_held_in_its_place_it_stood() -> None:
    """The same place to the last digit: a stop, of which nothing was sent; half a minute of driving comes with it."""
    world, tracks = water(), gapped(0.0)
    spent, _ = spent_of(world, tracks, mapped(world, tracks))
    assert spent is not None and np.isfinite(spent).all() and spent[3] == pytest.approx(1850.0)


def test_several_tracks_do_not_mix() -> None:
    one, two = line([(0, 0.0), (1, 60.0), (2, 90.0)]), line([(5, 10.0), (4, 25.0), (3, 33.0), (3, 50.0)])
    tracks = Tracks(np.array(["a", "b"], object), np.array([0, 3, 7]), np.concatenate((one.t, two.t)), np.concatenate((one.x, two.x)),
                    np.concatenate((one.y, two.y)), pd.DataFrame(index=[0, 1]))
    world = water()
    spent, _ = spent_of(world, tracks, mapped(world, tracks))
    assert spent is not None and spent.tolist() == [60.0, 30.0, 15.0, 8.0]
    samples, clock = spent_of(world, replace(tracks, timed=False), mapped(world, replace(tracks, timed=False)))
    assert clock == "samples" and samples is not None and len(samples) == 4


def test_what_an_event_of_a_log_took_is_the_time_since_the_one_before() -> None:
    """An event is told when it happens: a, at 0, then b after 5, b again after 60 and the end, whose time nobody knows."""
    log = LinkTracks(np.array(["x", "y"], object), np.array([0, 3, 4]), np.array(["a", "b", "b", "a"], object),
                     pd.DataFrame(index=[0, 1]), times=np.array([0.0, 5.0, 65.0, 7.0]))
    world = build_history(log, Memory(1, 1))
    paths = map_log(world, log).paths
    spent, clock = spent_of(world, log, paths)
    assert clock == "s" and spent is not None
    np.testing.assert_array_equal(spent, [np.nan, 5.0, 60.0, np.nan, np.nan, np.nan])
    visits = visits_of(Material(world, paths, np.array([0.0, 7.0]), spent))
    assert [str(world.place_names[k]) for k in visits.place] == ["a", "b"]  # b again is a wait of its own
    np.testing.assert_array_equal(visits.spent, [5.0, 60.0])
    assert spent_of(world, replace(log, times=None), replace(paths, times=None))[0] is None

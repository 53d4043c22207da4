"""How long each choice of a track took, as far as its points tell, and the dark gaps between them."""

from __future__ import annotations

from typing import Literal

import numpy as np

from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.tracks.trips.dark_gaps import dark, gap_facts
from irlcore.tracks.trips.regroup import owners
from irlcore.worlds.cells.filling import filled
from irlcore.worlds.cells.kinds import lattice_of
from irlcore.worlds.clock import without_clock
from irlcore.worlds.dwell import departures, points_in_cells, visits_of
from irlcore.worlds.matching.times import seconds_of
from irlcore.worlds.mdp import Paths
from irlcore.worlds.staying import stay_seconds, without_staying
from irlcore.worlds.world import World

Clock = Literal["s", "samples"]


def spent_of(world: World, tracks: Tracks | LinkTracks, paths: Paths) -> tuple[np.ndarray | None, Clock]:
    """(C,) float64, how long each choice took, from when it was made until the next one was, or the path came to its last state; NaN where
    that is not known; None where nothing is. And what it counts: seconds, or samples where points have an order and no time. Of a log: from
    the event before until this one, since an event is told when it happens, and what passes is the wait for the next.

    tracks: those of the paths, in their order. What lies in a dark gap is not known: nobody saw the agent take that time there.
    """
    if world.kind == "log":
        return _since_the_one_before(paths), "s"
    if not isinstance(tracks, Tracks):
        return _between(paths, _came_to_link(world, tracks, paths)), "s"
    if world.kind != "grid":
        return None, "s"
    if not tracks.timed:
        return _in_order(world, tracks, paths), "samples"
    if stay_seconds(world) > 0.0:
        spent = _between(paths, _came(world, tracks, paths))
    else:
        spent = _in_order(world, tracks, paths)
    if spent is None or paths.times is None:
        return None, "s"
    return np.where(_unseen(tracks, paths), np.nan, spent) / seconds_of(tracks), "s"


def facts_within(tracks: Tracks | LinkTracks) -> dict[str, np.ndarray]:
    """What dark gaps within tracks are known of by their points, (N,) each, as ``dark_gaps.gap_facts`` tells it; none where there is none.

    For tracks that were not looked through for gaps when they were read.
    """
    if not isinstance(tracks, Tracks) or not tracks.timed:
        return {}
    at, unknown = dark(tracks), np.full(len(tracks), np.nan)
    return gap_facts(tracks, unknown, unknown, owners(tracks)[at], (tracks.t[at + 1] - tracks.t[at]) / seconds_of(tracks))


def _between(paths: Paths, came: np.ndarray) -> np.ndarray | None:
    """(C,) from each choice to the next; came: (N,) when each path came to its last state."""
    if paths.times is None:
        return None
    after = np.append(paths.times[1:], np.nan)
    after[paths.offsets[1:] - 1] = came
    spent = after - paths.times
    return np.where(spent >= 0.0, spent, np.nan)


def _since_the_one_before(paths: Paths) -> np.ndarray | None:
    """(C,) from the event before to the one that is chosen; NaN of the first, before which nothing was seen, and of the end, whose time
    nobody knows."""
    if paths.times is None:
        return None
    spent = np.diff(paths.times, prepend=np.nan)
    spent[paths.offsets[:-1]] = np.nan
    spent[paths.offsets[1:] - 1] = np.nan
    return np.where(spent >= 0.0, spent, np.nan)


def _passed(world: World, tracks: Tracks) -> tuple[np.ndarray, ...]:
    """Place (-1 outside), track, when it was come to and when it was left, of every cell that tracks pass, filled in as on their paths."""
    lattice, s = lattice_of(world.settings), world.settings
    column, row = points_in_cells(s, tracks)
    owner = owners(tracks)
    first = visits_of(column, row, owner)
    column, row, owner, times, left, _ = filled(lattice, column[first], row[first], owner[first], tracks.t[first],
                                                departures(first, tracks.t), tracks.ids, [])
    known = np.array([name.split(",") for name in world.place_names], np.int64)
    number = np.full((int(s["rows"]) + 2, int(s["columns"]) + 2), -1)
    number[known[:, 1] + 1, known[:, 0] + 1] = np.arange(len(known))
    inside = number[np.clip(row + 1, 0, len(number) - 1), np.clip(column + 1, 0, number.shape[1] - 1)]
    return inside, owner, times, left


def _came(world: World, tracks: Tracks, paths: Paths) -> np.ndarray:
    """(N,) when each path came to its last state, in the tracks' units; when it was last seen there where it was there already, having
    stayed. NaN where that is another place than points come to next."""
    assert paths.times is not None
    place, owner, times, left = _passed(without_clock(world), tracks)
    end, made = paths.offsets[1:] - 1, paths.times[paths.offsets[1:] - 1]
    last = world.place_of_state[paths.last_state]
    stayed = world.choice_from[paths.choices[end]] == last
    first = np.searchsorted(owner, np.arange(len(paths) + 1))
    # times rise within a track: those of all tracks before it count as earlier
    earlier = np.bincount(owner[times <= made[owner]], minlength=len(paths))
    at = first[:-1] + np.where(stayed, earlier - 1, earlier)
    there = (at < first[1:]) & (at >= first[:-1])
    at = np.where(there, at, 0)
    there &= place[at] == last
    return np.where(there, np.where(stayed, left[at], times[at]), np.nan)


def _came_to_link(world: World, tracks: LinkTracks, paths: Paths) -> np.ndarray:
    """(N,) when each path came to its last link: the first time after its last choice, at another link. NaN where it has none."""
    came = np.full(len(paths), np.nan)
    if paths.times is None or tracks.times is None:
        return came
    ends = paths.offsets[1:] - 1
    here = world.place_names[world.choice_from[paths.choices[ends]]]
    owner = owners(tracks)
    later = np.flatnonzero((tracks.times > paths.times[ends][owner]) & (tracks.links != here[owner]))
    track, first = np.unique(owner[later], return_index=True)
    came[track] = tracks.times[later[first]]
    return came


def _in_order(world: World, tracks: Tracks, paths: Paths) -> np.ndarray | None:
    """(C,) float64, from each cell that is come to until the next is, where no choice is a stay. Points without times are taken to be as
    far apart in time as one another. None where the cells are not those of the paths.

    A jump over cells begins when the agent is last seen in the one before: what it stayed there is not shared with those it jumped over.
    """
    place, owner, times, _ = _passed(without_staying(without_clock(world)), tracks)
    first = np.searchsorted(owner, np.arange(len(paths) + 1))
    lengths = paths.lengths
    if (np.diff(first) <= lengths).any():
        return None
    at = np.arange(len(paths.choices)) + np.repeat(first[:-1] - paths.offsets[:-1], lengths)
    if not np.array_equal(place[at], world.choice_from[paths.choices]):
        return None
    return np.asarray(times[at + 1] - times[at])


def _unseen(tracks: Tracks, paths: Paths) -> np.ndarray:
    """(C,) bool: choices that fall into a dark gap of their track, as far as its ends are not one place where it was held."""
    assert paths.times is not None
    found = np.zeros(len(paths.choices), bool)
    at = dark(tracks)
    at = at[(tracks.x[at] != tracks.x[at + 1]) | (tracks.y[at] != tracks.y[at + 1])]
    for point, track in zip(at.tolist(), owners(tracks)[at].tolist(), strict=True):
        a, b = paths.offsets[track:track + 2]
        made = paths.times[a:b]
        ends = np.append(made[1:], np.inf)
        found[a:b] |= (made < tracks.t[point + 1]) & (ends > tracks.t[point])
    return found

"""Tracks in time: what the time bar plays, and when each track began."""

from __future__ import annotations

import numpy as np

from irlcore.maps.kept import digest, of_paths, once
from irlcore.maps.lines import path_places, place_lines
from irlcore.maps.scene import Moves, Style
from irlcore.project.project import Project
from irlcore.tracks.tracks import Tracks, find_ids, take_flat
from irlcore.worlds.mdp import Paths
from irlcore.worlds.start_times import FROM_MILLISECONDS, StartTimes, start_times
from irlcore.worlds.world import World

MOST_MOVING = 120_000  # points: what a page can be sent, and plays, without a pause
MOVING = Style("selected", 2.5, 1.0, halo=True)
MANY = Style("flagged", 2.0, 0.9)


def moves(project: Project, paths: Paths, indices: np.ndarray) -> Moves | None:
    """The tracks of the paths at ``indices`` (n,), to be played; None where there is nothing to play.

    Points move along what was read, at the times that were read: seconds, since 1970 where they are dates. Where there are no times a step
    of the reading is one of the play. Tracks of links move along their path, all at one speed, and so do not say when they were where:
    a step is as long as the middle one of the world's links. Where they would have more than 120,000 points every k-th track is played.
    """
    world = project.world
    if world is None or project.tracks is None or not world.has_coordinates or not len(indices):
        return None
    indices = np.asarray(indices, np.int64)
    anchors = (*of_paths(world, paths), project.tracks.ids, project.tracks.offsets)
    return once("moves", anchors, digest(indices), lambda: _moves(project, world, paths, indices))


def _moves(project: Project, world: World, paths: Paths, indices: np.ndarray) -> Moves | None:
    tracks = project.tracks
    style = MOVING if len(indices) == 1 else MANY
    if not isinstance(tracks, Tracks):
        return _along(world, paths, indices, style)
    rows = find_ids(tracks.ids, [str(name) for name in paths.ids[indices]])
    total = int((tracks.offsets[rows + 1] - tracks.offsets[rows]).sum())
    rows = rows[::max(1, -(-total // MOST_MOVING))]
    offsets, flat = take_flat(tracks.offsets, rows)
    t = tracks.t[flat]
    milliseconds = tracks.timed and float(np.median(tracks.t[tracks.offsets[:-1]])) > FROM_MILLISECONDS
    return Moves("moves", np.column_stack((tracks.x[flat], tracks.y[flat])), t / 1000.0 if milliseconds else t, offsets,
                 tuple(map(str, tracks.ids[rows])), style, tracks.timed)


def _along(world: World, paths: Paths, indices: np.ndarray, style: Style) -> Moves | None:
    """Along the lines of the paths' links, by their length; by the times of the choices where the data has them."""
    chosen = paths.take(indices)
    places, path = path_places(world, chosen)
    count = np.diff(world.shape_offsets)[places] if len(world.shape_xy) else np.ones(len(places), np.int64)
    step = max(1, -(-int(count.sum()) // MOST_MOVING))
    if step > 1:
        return _along(world, paths, indices[::step], style)
    xy, place = place_lines(world, places)
    known = np.isfinite(xy).all(axis=1)
    xy, place = xy[known], place[known]
    owner = path[place]
    if not len(xy):
        return None
    length = np.append(0.0, np.hypot(*np.diff(xy, axis=0).T))
    length[np.append(True, np.diff(owner) > 0)] = 0.0
    along = np.cumsum(length)
    some, first, many = np.unique(owner, return_index=True, return_counts=True)
    along -= np.repeat(along[first], many)
    offsets = np.append(first, len(xy)).astype(np.int64)
    ids = tuple(map(str, chosen.ids[some]))
    if chosen.times is not None:
        return Moves("moves", xy, _by_times(chosen, place, along), offsets, ids, style, True)
    usual = float(np.median(world.choice_length[np.isfinite(world.choice_length) & (world.choice_length > 0.0)])) if (
        (world.choice_length > 0.0).any()) else 1.0
    return Moves("moves", xy, along / usual, offsets, ids, style, False)


def _by_times(chosen: Paths, place: np.ndarray, along: np.ndarray) -> np.ndarray:
    """(V,) seconds at each vertex: a link begins at the time of the choice made in it, even speed within; the last one goes as the one
    before it."""
    assert chosen.times is not None
    ends = chosen.offsets[1:]
    last_step = np.where(chosen.lengths > 1, chosen.times[ends - 1] - chosen.times[np.maximum(ends - 2, 0)], 0.0)
    at = np.insert(chosen.times, ends, chosen.times[ends - 1] + last_step)  # of each place that is visited
    new = np.append(True, np.diff(place) > 0)
    begin = along[new]
    into = np.searchsorted(np.flatnonzero(new), np.arange(len(place)), side="right") - 1
    here = place[new]
    following = np.minimum(here + 1, len(at) - 1)
    span = np.maximum(np.append(begin[1:], along[-1:]) - begin, 1e-12)
    gap = np.maximum(at[following] - at[here], 0.0)
    same = np.isin(here, np.cumsum(chosen.lengths + 1) - 1, invert=True)
    share = np.clip((along - begin[into]) / span[into], 0.0, 1.0)
    return np.asarray(at[here][into] + np.where(same, gap, 0.0)[into] * share)


def began(project: Project, paths: Paths, source: str = "") -> np.ndarray:
    """(N,) seconds at which each path's track began, since 1970 where they are dates, else of the day; empty where no time is known.

    source: of ``start_times.time_sources``, the best guess where empty. NaN where a track has none.
    """
    tracks = project.tracks
    if tracks is None or not len(paths):
        return np.zeros(0)
    anchors = (tracks.ids, tracks.offsets, paths.ids)

    def make() -> np.ndarray:
        found = start_times(tracks, source)
        if not isinstance(found, StartTimes):
            return np.zeros(0)
        return found.seconds[find_ids(tracks.ids, [str(name) for name in paths.ids])]

    return once("began", anchors, source, make)

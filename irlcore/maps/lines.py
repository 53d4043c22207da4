"""Places and paths as lines: the vertices that maps, thumbnails and exports draw."""

from __future__ import annotations

import numpy as np

from irlcore.tracks.tracks import take_flat
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

MOST_VERTICES = 30_000


def gapped(xy: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x and y of lines (V, 2) with a NaN between vertices of different owners (V,)."""
    where = np.flatnonzero(np.diff(owner)) + 1
    return np.insert(xy[:, 0], where, np.nan), np.insert(xy[:, 1], where, np.nan)


def place_lines(world: World, places: np.ndarray, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Vertices (V, 2) of the places (n,) one after the other, and which of them each belongs to (V,).

    A link gives its line, a cell its middle. shift: how far to the right of its own direction a link is drawn, as a share
    of the map's width, so that the two directions of a road do not hide each other.
    """
    places = np.asarray(places, np.int64)
    if not _has_lines(world):
        return world.place_xy[places], np.arange(len(places))
    offsets, flat = take_flat(world.shape_offsets, places)
    owner = np.repeat(np.arange(len(places)), np.diff(offsets))
    xy = world.shape_xy[flat]
    if shift and len(xy) > 1:
        step = np.diff(xy, axis=0, append=xy[-1:])
        last = np.append(np.diff(owner) > 0, True)
        step[last] = np.roll(step, 1, axis=0)[last]
        size = np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-12)[:, None]
        xy = xy + shift * np.ptp(world.shape_xy[:, 0]) * np.column_stack((step[:, 1], -step[:, 0])) / size
    return xy, owner


def path_places(world: World, paths: Paths) -> tuple[np.ndarray, np.ndarray]:
    """Places (P,) that all of ``paths`` visit, one path after the other, and the path of each (P,)."""
    states = np.insert(world.mdp.choice_state[paths.choices], paths.offsets[1:], paths.last_state)
    return world.place_of_state[states], np.repeat(np.arange(len(paths)), paths.lengths + 1)


def path_lines(world: World, paths: Paths, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vertices (V, 2) of the paths at ``indices`` (n,), and which of them (0 to n - 1) each belongs to."""
    places, path = path_places(world, paths.take(np.asarray(indices, np.int64)))
    xy, place = place_lines(world, places)
    known = np.isfinite(xy).all(axis=1)
    return xy[known], path[place][known]


def thin_out(world: World, paths: Paths, indices: np.ndarray, most: int) -> np.ndarray:
    """The indices (n,), or every k-th of them where their lines have more than ``most`` vertices."""
    if not world.has_coordinates or not len(indices):
        return indices[:0]
    places, _ = path_places(world, paths.take(indices))
    weight = np.diff(world.shape_offsets)[places] if _has_lines(world) else np.ones(len(places))
    step = max(1, int(np.ceil(float(weight.sum()) / most)))
    return indices[::step]


def heading_marks(xy: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Points (n, 2) spread evenly along a line (V, 2) and its bearing there (n,), degrees clockwise from north."""
    step = np.diff(xy, axis=0)
    length = np.hypot(step[:, 0], step[:, 1])
    along = np.concatenate(([0.0], np.cumsum(length)))
    wanted = along[-1] * (np.arange(count) + 0.5) / count
    at = np.clip(np.searchsorted(along, wanted, side="right") - 1, 0, len(step) - 1)
    share = (wanted - along[at]) / np.maximum(length[at], 1e-12)
    return xy[at] + share[:, None] * step[at], np.rad2deg(np.arctan2(step[at, 0], step[at, 1]))


def _has_lines(world: World) -> bool:
    return world.kind == "network" and len(world.shape_xy) > 0

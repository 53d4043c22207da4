"""Places and paths as lines: the vertices that maps, thumbnails and exports draw."""

from __future__ import annotations

import numpy as np

from irlcore.tracks.tracks import take_flat
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World


def place_lines(world: World, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vertices (V, 2) of the places (n,) one after the other, and which of them each belongs to (V,).

    A link gives its line, a cell its middle.
    """
    places = np.asarray(places, np.int64)
    if not _has_lines(world):
        return world.place_xy[places], np.arange(len(places))
    offsets, flat = take_flat(world.shape_offsets, places)
    owner = np.repeat(np.arange(len(places)), np.diff(offsets))
    return world.shape_xy[flat], owner


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


def _has_lines(world: World) -> bool:
    return world.kind == "network" and len(world.shape_xy) > 0

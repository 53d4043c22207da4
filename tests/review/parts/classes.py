"""Made-up classes of tracks for the kinds of scores: drives through a town, lanes over a grid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from irlcore.review.parts.base import Material
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.grid import build_grid, map_tracks
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World
from tests.review.streets import SIDE, drives, town

TOWN = town()


def shortest(a: int, b: int, rng: np.random.Generator) -> list[int]:
    """Crossings of a drive from one to another by one of the shortest ways."""
    at, out = [a % SIDE, a // SIDE], [a]
    while out[-1] != b:
        open_ = [axis for axis, goal in enumerate((b % SIDE, b // SIDE)) if at[axis] != goal]
        axis = int(rng.choice(open_))
        at[axis] += 1 if (b % SIDE, b // SIDE)[axis] > at[axis] else -1
        out.append(at[1] * SIDE + at[0])
    return out


def commuters(n: int, seed: int) -> list[list[int]]:
    """Drives from the crossings of the first row to those of the last two."""
    rng = np.random.default_rng(seed)
    return [shortest(int(rng.integers(0, SIDE)), int(rng.integers(4 * SIDE, SIDE * SIDE)), rng) for _ in range(n)]


def material(world: World, paths: Paths, points: Tracks | None = None) -> Material:
    """Without times."""
    return Material(world, paths, np.full(len(paths), np.nan), points=points)


def in_town(crossings: list[list[int]], world: World = TOWN) -> Material:
    """Drives as material."""
    return material(world, drives(TOWN, crossings))


def without_coordinates(world: World) -> World:
    """The same links, and turns from one to the next, with nothing known of where they are."""
    return replace(world, place_xy=np.full_like(world.place_xy, np.nan), shape_xy=np.zeros((0, 2)),
                   shape_offsets=np.zeros(world.n_places + 1, np.int64))


def in_kilometres(world: World) -> World:
    """The same world, told in kilometres."""
    return replace(world, unit="km", place_xy=world.place_xy / 1000.0, shape_xy=world.shape_xy / 1000.0,
                   choice_length=world.choice_length / 1000.0)


def tracks_of(lines: list[np.ndarray], unit: str = "m") -> Tracks:
    """Tracks by their points (n, 2)."""
    offsets = np.append(0, np.cumsum([len(one) for one in lines])).astype(np.int64)
    flat = np.concatenate(lines)
    ids = np.array([f"track {k:03d}" for k in range(len(lines))], object)
    return Tracks(ids, offsets, np.arange(len(flat), dtype=np.float64), flat[:, 0], flat[:, 1], pd.DataFrame(index=range(len(lines))), unit)


def lanes(n: int, seed: int) -> list[np.ndarray]:
    """Tracks along two lanes that cross, 1 m wide, a point every 2 m."""
    rng = np.random.default_rng(seed)
    way = np.arange(2.0, 98.0, 2.0)
    out = []
    for k in range(n):
        across = np.full(len(way), 50.0 + rng.normal(0.0, 0.5)) + rng.normal(0.0, 0.05, len(way))
        out.append(np.column_stack((way, across) if k % 2 else (across, way)))
    return out


def on_grid(lines: list[np.ndarray], cell: float = 10.0) -> Material:
    """Tracks with their points on a grid."""
    tracks = tracks_of(lines)
    world = build_grid(0.0, 0.0, 100.0, 100.0, cell, "m")
    paths = map_tracks(world, tracks).paths
    assert len(paths) == len(tracks)
    return material(world, paths, tracks)


def shuffled(one: Material, order: np.ndarray) -> Material:
    """The same tracks in another order."""
    points = None if one.points is None else one.points.take(order)
    return replace(one, paths=one.paths.take(order), began=one.began[order], points=points)

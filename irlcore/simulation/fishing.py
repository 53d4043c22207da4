"""A made-up fishing ground: vessels that roam among three grounds, stop there to fish, and keep off a reserve; some go into it.

Vessels have no destination. Each is an agent (``MaxEnt`` at gamma < 1) of a grid in which staying is a choice, after what it wants: to be
on the grounds, most of all to lie there and fish, not to steam far for nothing, and not to be in the reserve, which poachers do not mind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.sampling import draw_path
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.dwell import visits_of
from irlcore.worlds.grid import build_grid
from irlcore.worlds.staying import stays_of, with_staying
from irlcore.worlds.world import World

SIDE, CELL_M = 24, 500.0
STAY_S, SPEED_MPS = 600.0, 3.0
GAMMA = 0.95
GROUNDS: Mapping[str, tuple[float, float, float]] = {
    "north bank": (3000.0, 9200.0, 1500.0), "east bank": (9300.0, 7400.0, 1300.0), "south bank": (5200.0, 2600.0, 1600.0)}
"""Middle and half the side of each ground, metres."""
RESERVE = (6300.0, 7000.0, 1500.0)
WANTS: Mapping[str, float] = {"length": -0.5, "staying": -0.7, "ground": 0.4, "fishing": 1.1, "reserve": -2.5}
"""Of a kilometre, a stay, a step on a ground, a stay there beside that, and a step in the reserve."""
POACHING = 0.6
"""What a poacher's step in the reserve brings instead."""


@dataclass(frozen=True, slots=True)
class FishingGround:
    """N vessels' tracks, timed, in metres; the rings (V, 2) of the zones "north bank", "east bank", "south bank" and "reserve"; and which
    vessels poach, (N,) bool (also the column ``label``: "poacher" or "vessel")."""

    tracks: Tracks
    zones: Mapping[str, np.ndarray]
    poacher: np.ndarray


def fishing_ground(vessels: int, poachers: int, rng: np.random.Generator, steps: tuple[int, int] = (80, 160)) -> FishingGround:
    """Tracks of so many vessels and poachers, mixed, each of as many choices as drawn between ``steps``."""
    world = with_staying(build_grid(0.0, 0.0, SIDE * CELL_M, SIDE * CELL_M, CELL_M, "m"), STAY_S)
    zones = {name: square(*of) for name, of in {**GROUNDS, "reserve": RESERVE}.items()}
    policies = [_policy(world, {**WANTS, "reserve": wish}) for wish in (WANTS["reserve"], POACHING)]
    poacher = rng.permutation(np.arange(vessels + poachers) < poachers)
    open_water = np.flatnonzero(~_within(world.place_xy, RESERVE))
    points, lengths = [], []
    for bad in poacher.tolist():
        start, n = int(rng.choice(open_water)), int(rng.integers(*steps))
        states = draw_path(world.mdp, policies[bad], start, np.zeros(0, np.int64), rng, n)
        points.append(_sailed(world.place_xy[np.array(states)], rng))
        lengths.append(len(points[-1]))
    t, x, y = np.concatenate(points).T
    ids = np.array([f"vessel {i + 1}" for i in range(len(poacher))], object)
    labels = pd.DataFrame({"label": np.where(poacher, "poacher", "vessel").astype(object)})
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    return FishingGround(Tracks(ids, offsets, t, x, y, labels, "m"), zones, poacher)


def square(x: float, y: float, half: float) -> np.ndarray:
    """A closed ring (5, 2) round a middle."""
    return np.array([x, y]) + half * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]])


def _within(xy: np.ndarray, area: tuple[float, float, float]) -> np.ndarray:
    return np.asarray((np.abs(xy - np.array(area[:2])) <= area[2]).all(axis=1))


def _policy(world: World, wants: Mapping[str, float]) -> np.ndarray:
    """(M,) choice probabilities."""
    fished = np.any([_within(world.place_xy, of) for of in GROUNDS.values()], axis=0)[world.choice_place]
    stays, closed = stays_of(world), _within(world.place_xy, RESERVE)[world.choice_place]
    columns = {"length": world.choice_length / 1000.0, "staying": stays, "ground": fished, "fishing": stays & fished, "reserve": closed}
    reward = np.sum([wants[name] * column for name, column in columns.items()], axis=0)
    return MaxEnt().solve(MaxEnt().prepare(world.mdp, reward, GAMMA), np.zeros(0, np.int64)).policy


def _sailed(middles: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Points (n, 3) t, x, y of a vessel that was in these cells (n, 2), one after the other: somewhere near their middles, at rest a little
    adrift; a stay takes ``STAY_S``, and a move as long as its way at ``SPEED_MPS``."""
    column, row = (middles / CELL_M).astype(np.int64).T
    first = visits_of(column, row, np.zeros(len(middles), np.int64))
    way = np.hypot(*np.diff(middles, axis=0).T)
    took = np.where(way > 0.0, way / SPEED_MPS * rng.uniform(0.9, 1.2, len(way)), STAY_S)
    t = np.concatenate(([0.0], np.cumsum(took)))
    berth = (middles + rng.uniform(-0.3, 0.3, middles.shape) * CELL_M)[np.flatnonzero(first)[np.cumsum(first) - 1]]
    adrift = rng.normal(0.0, 0.03 * CELL_M, middles.shape) * ~first[:, None]
    return np.column_stack((t + rng.uniform(0.0, 1e5), berth + adrift))

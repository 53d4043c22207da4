"""Points for planted tracks on a grid: where a track keeps its way its own, and along the new way cell by cell, corners rounded off.

Scores that look at points and not at cells would else tell a planted track from an ordinary one by its lying on the middles of cells.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.review.parts.base import Material
from irlcore.simulation.planted.plant import Planted
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.dwell import points_in_cells
from irlcore.worlds.world import World


def joined_points(material: Material, planted: Planted) -> Tracks | None:
    """The points of the material's tracks and behind them those of the planted ones; None where points play no part, or are not known."""
    world, points = material.world, material.points
    if points is None or world.kind != "grid":
        return None
    place = _places(world, points)
    xy = []
    shares: dict[int, list[tuple[int, int]]] = {}
    for k in range(len(planted)):
        track = int(planted.of[k])
        a, b = points.offsets[track:track + 2]
        source = np.column_stack((points.x[a:b], points.y[a:b]))
        if track not in shares:
            shares[track] = _own(world.place_of_state[material.paths.states(world.mdp, track)], place[a:b])
        xy.append(_way(world.place_xy, world.place_of_state[planted.paths.states(world.mdp, k)], _kept(planted, k), source, shares[track]))
    lengths = [len(way) for way in xy]
    flat = np.concatenate(xy) if xy else np.zeros((0, 2))
    offsets = np.concatenate((points.offsets, points.offsets[-1] + np.cumsum(lengths))).astype(np.int64)
    clock = np.concatenate([np.arange(n, dtype=np.float64) for n in lengths]) if lengths else np.zeros(0)
    blank = points.attributes.iloc[:0].reindex(range(len(planted)))
    return Tracks(np.concatenate((points.ids, planted.paths.ids)), offsets, np.concatenate((points.t, clock)),
                  np.concatenate((points.x, flat[:, 0])), np.concatenate((points.y, flat[:, 1])),
                  pd.concat((points.attributes, blank), ignore_index=True), points.unit, points.crs, points.timed)


def _kept(planted: Planted, k: int) -> np.ndarray:
    """(n + 1,) int64: which of its source's states each state of a planted track is, -1 where it is none."""
    a, b = planted.paths.offsets[k:k + 2]
    own = planted.own[a:b]
    last = own[-1] + 1 if own[-1] >= 0 else -1
    return np.append(own, last)


def _places(world: World, points: Tracks) -> np.ndarray:
    """(P,) int64: the place that each point lies in, -1 outside all."""
    s = world.settings
    column, row = points_in_cells(s, points)
    known = np.array([name.split(",") for name in world.place_names], np.int64)
    number = np.full((int(s["rows"]) + 2, int(s["columns"]) + 2), -1)
    number[known[:, 1] + 1, known[:, 0] + 1] = np.arange(len(known))
    return np.asarray(number[np.clip(row + 1, 0, len(number) - 1), np.clip(column + 1, 0, number.shape[1] - 1)])


def _own(states: np.ndarray, place: np.ndarray) -> list[tuple[int, int]]:
    """For each of a track's states, in places (n + 1,), its points from a to before b: those in its place, from where the last ones ended.
    None for cells that it jumped over."""
    found: list[tuple[int, int]] = []
    at = 0
    for here in states.tolist():
        ahead = np.flatnonzero(place[at:] == here)
        if not len(ahead) or (place[at:at + ahead[0]] >= 0).any():
            found.append((at, at))
            continue
        begin = at + int(ahead[0])
        other = np.flatnonzero(place[begin:] != here)
        at = begin + int(other[0]) if len(other) else len(place)
        found.append((begin, at))
    return found


def _way(middles: np.ndarray, places: np.ndarray, kept: np.ndarray, source: np.ndarray, own: list[tuple[int, int]]) -> np.ndarray:
    """(m, 2): a planted track's points, over its places, of which ``kept`` (n + 1,) says which state of its source each is."""
    new = kept < 0
    xy = middles[places]
    inner = np.flatnonzero(new[1:-1] & new[:-2] & new[2:]) + 1
    rounded = xy.copy()
    rounded[inner] = (xy[inner - 1] + xy[inner] + xy[inner + 1]) / 3.0
    way = np.concatenate([rounded[at:at + 1] if new[at] else source[slice(*own[int(kept[at])])] for at in range(len(places))])
    return np.asarray(way if len(way) else xy)

"""What tracks took time for: their visits to places, one after the other, with what may matter to how long each takes.

A visit is all that a track spends in one place until it goes on: where staying is a choice (``worlds.staying``), its stays belong to it.
Of a log it is the wait from one event to the next, which may be the same event again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.review.parts.base import Material
from irlcore.worlds.clock import DAY_S, HOUR_S
from irlcore.worlds.staying import stays_of
from irlcore.worlds.world import World

STRAIGHT, SHARP = np.pi / 6.0, 2.0 * np.pi / 3.0
"""Turns by less are straight on, by more sharp."""

BANDS = 4.0  # bands of length in a doubling: steps of one band are at most 19 % longer than its shortest
MOST_BANDS = 40
LONG_HOURS = 4  # hours in the bands that a place's own rush is told in: it needs more visits than the class's


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """V visits of N tracks, in order, all of them with a known time.

    track: (V,) int64. place: (V,) int64, where. spent: (V,) float64, in the material's clock, >= 0. first, last: (V,) int64, the visit's
    first choice and the one behind its last. sure: (V,) bool, not cut off by the end of what was seen, after which it may have gone on.
    way: (V,) float64, how far it goes, in usual steps, NaN where that is not known. codes: name -> (V,) int64, groups whose visits may take
    alike (length and turn of the step, hour, place, move, place by hour), -1 where it is not known which one it is in. sizes: name -> how
    many groups there are.
    """

    track: np.ndarray
    place: np.ndarray
    spent: np.ndarray
    first: np.ndarray
    last: np.ndarray
    sure: np.ndarray
    way: np.ndarray
    codes: dict[str, np.ndarray]
    sizes: dict[str, int]


def visits_of(material: Material) -> Visits:
    """All visits of the material's tracks whose time is known; it needs ``spent``."""
    world, paths, spent = material.world, material.paths, material.spent
    assert spent is not None
    owner, place = paths.owner, world.choice_from[paths.choices]
    begins = np.ones(len(place), bool)
    begins[1:] = (np.diff(owner) != 0) | (np.diff(place) != 0) | (world.kind == "log")
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(place))
    known = np.isfinite(spent) & (spent >= 0.0)
    took = np.add.reduceat(np.where(known, spent, 0.0), first) if len(first) else np.empty(0)
    whole = np.logical_and.reduceat(known, first) if len(first) else np.empty(0, bool)
    out = paths.choices[last - 1]  # by which it left, unless it stayed until nothing more was seen
    ended = np.append(np.diff(owner[first]) != 0, True)[:len(first)]
    sure = ~(ended & (stays_of(world)[out] | (world.place_of_state[paths.last_state[owner[first]]] == place[first])))
    use = whole | (~sure & (took > 0.0))
    begins = np.append(True, np.diff(owner[first]) != 0)[:len(first)]
    way = _ways(world, place[first], out, begins)
    codes = {"length": _bands(way), "turn": _bends(world, place[first], out, begins), "hour": _hours(material, owner, spent, known)[first],
             "place": place[first], "move": world.ground_choice[out]}
    rush = np.where(codes["hour"] >= 0, place[first] * np.int64(24 // LONG_HOURS) + codes["hour"] // LONG_HOURS, -1)
    codes = {name: one[use] for name, one in {**codes, "rush": rush}.items()}
    sizes = {}
    for name, one in codes.items():
        told = one >= 0
        groups, codes[name][told] = np.unique(one[told], return_inverse=True)
        sizes[name] = len(groups)
    return Visits(owner[first][use], place[first][use], took[use], first[use], last[use], sure[use], way[use], codes, sizes)


def _hours(material: Material, owner: np.ndarray, spent: np.ndarray, known: np.ndarray) -> np.ndarray:
    """(C,) int64: the hour of the day in which each choice is made, -1 where that is not known."""
    if material.clock != "s":
        return np.full(len(owner), -1)
    since = pd.Series(np.where(known, spent, 0.0)).groupby(owner).cumsum().to_numpy() - np.where(known, spent, 0.0)
    time = material.began[owner] + since
    return np.where(np.isfinite(time), np.nan_to_num(time) % DAY_S // HOUR_S, -1.0).astype(np.int64)


def _ways(world: World, place: np.ndarray, out: np.ndarray, begins: np.ndarray) -> np.ndarray:
    """(V,) float64: how far each visit goes, in usual steps; NaN where that is not known, or no way.

    place: (V,) of each visit, out: (V,) the choice it left by, begins: (V,) bool, whether a track begins with it.
    """
    if world.kind == "network":  # the link that is left, not the one come to
        led_there = np.flatnonzero(world.choice_length > 0.0)
        of_place = np.full(world.n_places, np.nan)
        of_place[world.choice_place[led_there]] = world.choice_length[led_there]
        way = of_place[place]
    else:  # half of the step that led there, half of the one that led on
        onward = world.choice_length[out]
        way = 0.5 * (onward + np.where(begins, onward, np.append(np.nan, onward[:-1])[:len(onward)]))
    told = np.isfinite(way) & (way > 0.0)
    return np.where(told, way, np.nan) / (float(np.median(way[told])) if told.any() else 1.0)


def _bands(way: np.ndarray) -> np.ndarray:
    """(V,) int64: bands of how far visits go, -1 where that is not known."""
    told = np.isfinite(way)
    band = np.clip(np.round(np.log2(np.where(told, way, 1.0)) * BANDS - 1e-9), -MOST_BANDS, MOST_BANDS)
    return np.where(told, MOST_BANDS + band, -1.0).astype(np.int64)


def _bends(world: World, place: np.ndarray, out: np.ndarray, begins: np.ndarray) -> np.ndarray:
    """(V,) int64: 0 where a track begins, in the midst of a place; then straight on, bent or sharp; -1 where that is not known."""
    turn = world.choice_turn[out]
    if world.has_coordinates and not np.isfinite(turn).any():
        turn = _turns(world, place, out, begins)
    bent = np.abs(np.nan_to_num(turn))
    sharp = 1 + (bent > STRAIGHT - 1e-9).astype(np.int64) + (bent > SHARP - 1e-9)
    return np.where(begins, 0, np.where(np.isfinite(turn), sharp, -1))


def _turns(world: World, place: np.ndarray, out: np.ndarray, begins: np.ndarray) -> np.ndarray:
    """(V,) float64: the angle between the step that led to a place and the one that led on; NaN at the beginning of a track."""
    here, onward = world.place_xy[place], world.place_xy[world.choice_place[out]]
    dx, dy = (onward - here).T
    led = np.roll(np.arctan2(dy, dx), 1)
    turn = (np.arctan2(dy, dx) - led + np.pi) % (2.0 * np.pi) - np.pi
    return np.where(begins | ((dx == 0.0) & (dy == 0.0)), np.nan, turn)

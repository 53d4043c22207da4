"""Time spent in a neighbourhood against what passing through it usually takes: who goes round and round in it takes many times that.

A neighbourhood is a square of ``ACROSS`` usual steps, cut four times, each half a square farther, so that a small area lies whole in one of
them; where places have no coordinates, a place alone. Whoever makes a detour passes other places, there and perhaps back again, and takes
what that usually takes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.review.parts.base import Material
from irlcore.review.parts.durations.learned import Against, against, rare
from irlcore.review.parts.durations.pooling import Pooled, pool
from irlcore.review.parts.durations.visits import visits_of
from irlcore.worlds.world import World

ACROSS = 5.0
PASSES = 2
"""So many visits to a place are passing it, there and back; more are going round. With one, the turning point of a detour counted as
loitering: 12 % of made-up detours at an ordinary pace were among the 5 % strangest, against 4 % with two."""

MOST_OF_ONE = 2.0
"""Spreads above its usual time at which one visit is cut off: a single long stop is no loitering."""


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """E times that n tracks spent in areas. track: (E,) int64, of the n. area: (E,) int64. log: (E,) float64, of time over what
    passing its places takes, both from ``started`` on. time, passing: (E,) float64, in the material's clock."""

    track: np.ndarray
    area: np.ndarray
    log: np.ndarray
    time: np.ndarray
    passing: np.ndarray


def areas_of(material: Material) -> list[np.ndarray]:
    """The area of each visit (V,), once for each cut of the ground into areas; all numbers are distinct."""
    visits, world = material.derived(visits_of), material.world
    codes = _squares(world)
    out, first = [], 0
    for code in codes or [np.arange(world.n_places)]:
        groups, inverse = np.unique(code, return_inverse=True)
        out.append((inverse + first)[visits.place])
        first += len(groups)
    return out


def _squares(world: World) -> list[np.ndarray]:
    """(L,) the square of each place, once for each of four cuts; none where places have no coordinates."""
    xy = world.place_xy
    hop = np.hypot(*(xy[world.choice_place] - xy[world.choice_from]).T) if world.has_coordinates else np.empty(0)
    hop = hop[np.isfinite(hop) & (hop > 0.0)]
    if not len(hop):
        return []
    side, low = ACROSS * float(np.median(hop)), np.nanmin(xy, axis=0)
    known = np.isfinite(xy).all(axis=1)
    alone = -1 - np.arange(len(xy))  # a place nobody knows where is an area of its own
    out = []
    for right in (0.0, 0.5):
        for up in (0.0, 0.5):
            column, row = (np.floor(np.where(known, (xy[:, k] - low[k]) / side + part + 1e-9, 0.0)).astype(np.int64)
                           for k, part in ((0, right), (1, up)))
            out.append(np.where(known, column + row * (column.max() + 1), alone))
    return out


def times_in(material: Material, found: Against, started: float | None = None) -> tuple[Areas, float]:
    """What the tracks of ``found`` spent in each area, and from what time on logarithms are taken: what crossing one usually takes."""
    visits = material.derived(visits_of)
    usual = found.times(found.at_its_pace)
    most = found.times(found.at_its_pace + MOST_OF_ONE * np.sqrt(found.variance))
    time = np.minimum(visits.spent[found.visits], most)
    places = np.int64(material.world.n_places)
    came = pd.Series(found.track * places + visits.place[found.visits])
    through = (came.groupby(came.to_numpy(), sort=False).cumcount() < PASSES).to_numpy()
    parts = []
    for area in material.derived(areas_of):
        code = area[found.visits]
        codes = np.int64(code.max(initial=0) + 1)
        inverse, key = pd.factorize(found.track * codes + code)
        parts.append((key // codes, key % codes, *(np.bincount(inverse, one, len(key)) for one in (time, np.where(through, usual, 0.0)))))
    track, area, time, passing = (np.concatenate(one) for one in zip(*parts, strict=True))
    started = max(float(np.median(passing)), found.usual.started) if started is None else started
    from_there = started * np.exp(found.pace)[track]  # who is slow takes as much longer to cross one
    return Areas(track, area, np.round(np.log((time + from_there) / (passing + from_there)), 9), time, passing), started


def usual_in(material: Material, learn: np.ndarray) -> tuple[Pooled, float] | None:
    """What the tracks ``learn`` usually take of a neighbourhood, and from what time on logarithms are taken."""
    found = material.derived(against, learn, learn)
    if found is None:
        return None
    areas, started = times_in(material, found)
    groups = max(int(one.max(initial=0)) for one in material.derived(areas_of)) + 1
    return pool(areas.log, {"area": areas.area}, {"area": groups}, ("area",)), started


def loitering(material: Material, learn: np.ndarray, found: Against) -> tuple[Areas, np.ndarray, np.ndarray]:
    """The areas of the tracks of ``found``, how far each is above the usual (E,), in spreads, and how rare each track's most is (n,)."""
    learned = material.derived(usual_in, learn)
    assert learned is not None  # as there is something to hold against
    pooled, started = learned
    areas, _ = times_in(material, found, started)
    codes = {"area": areas.area}
    above = (areas.log - pooled.mean(codes)) / np.sqrt(pooled.variance(codes))
    n = len(found.own)
    most = np.full(n, -np.inf)
    np.maximum.at(most, areas.track, above)
    return areas, above, rare(most, pooled.tails, np.bincount(areas.track, minlength=n))

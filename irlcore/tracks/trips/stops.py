"""Stops: where an agent stays within ``max_diameter`` for at least ``min_duration``, in the words of movingpandas' TrajectoryStopDetector.

The diameter of a few points is the diagonal of the box round them (east-west and north-south), which is theirs or up to 1.4 times it. From
the first point of a track on, the first window of points that the diameter allows and that lasts for long enough is looked for; of it and
of those that begin in it, the one that lasts longest is the stop. The next is looked for behind it. (Without the second step a stop would
begin where the agent comes near, which leaves the diameter no room for the jitter of the stay.)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from irlcore.engine import Control
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.kernels import sweep_stops

AT_ONCE = 2_000_000  # points between two looks whether the work is to stop


@dataclass(frozen=True, slots=True)
class Stops:
    """S stops in the order of the points. first, last: (S,) int64, points of the tracks. begin, end: (S,) float64, as their times. x, y:
    (S,) float64, the middle (mean) of the positions. spread: (S,) float64, the diagonal of the box round the points."""

    first: np.ndarray
    last: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    x: np.ndarray
    y: np.ndarray
    spread: np.ndarray

    def __len__(self) -> int:
        return len(self.first)

    def rests(self, points: int) -> np.ndarray:
        """(points,) bool: behind which of the tracks' points the agent stays where it is until the next."""
        change = np.zeros(points + 1, np.int64)
        np.add.at(change, self.first, 1)
        np.add.at(change, self.last, -1)
        return np.asarray(np.cumsum(change)[:-1] > 0)


def find_stops(tracks: Tracks, max_diameter: float, min_duration: float, starts: np.ndarray | None = None,
               watch: Control | None = None) -> Stops:
    """All stops. max_diameter in the tracks' unit, above 0; min_duration in seconds (steps where there is no time). starts: (K + 1,) int64,
    where pieces begin that no stop reaches over (and the end of all); the tracks where None."""
    starts = tracks.offsets if starts is None else starts
    firsts, lasts = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    if max_diameter > 0.0 and np.isfinite(min_duration) and len(tracks.t):
        wanted = np.arange(0, starts[-1] + AT_ONCE, AT_ONCE).clip(max=starts[-1])
        for a, b in pairwise(np.unique(np.searchsorted(starts, wanted)).tolist()):
            if watch is not None:
                watch.check()
            points = slice(starts[a], starts[b])
            n = int(starts[b] - starts[a])
            first, last = np.empty((2, n // 2 + 1), np.uint32)
            many = sweep_stops(tracks.t[points], tracks.x[points], tracks.y[points], (starts[a:b + 1] - starts[a]).astype(np.uint32),
                               float(max_diameter), float(min_duration), first, last)
            firsts.append(first[:many].astype(np.int64) + starts[a])
            lasts.append(last[:many].astype(np.int64) + starts[a])
    return _stops(tracks, np.concatenate(firsts), np.concatenate(lasts))


def _stops(tracks: Tracks, first: np.ndarray, last: np.ndarray) -> Stops:
    if not len(first):
        none = np.empty(0)
        return Stops(first, last, none, none, none, none, none)
    x, wide = _middle(tracks.x, first, last)
    y, tall = _middle(tracks.y, first, last)
    return Stops(first, last, tracks.t[first], tracks.t[last], x, y, np.hypot(wide, tall))


def _middle(values: np.ndarray, first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and range of the values of each stop, (S,) both; counted from its first, so that coordinates far from 0 lose no digits."""
    many = last - first + 1
    begin = np.concatenate(([0], np.cumsum(many)))[:-1]
    flat = np.arange(int(many.sum())) + np.repeat(first - begin, many)
    own = values[flat] - np.repeat(values[first], many)
    span = np.maximum.reduceat(own, begin) - np.minimum.reduceat(own, begin)
    return values[first] + np.add.reduceat(own, begin) / many, span


def held(tracks: Tracks, stops: Stops) -> tuple[Tracks, np.ndarray]:
    """The tracks with each stop's first and last point at its middle; and (P,) bool, the points that are left when it has only those two:
    one position, held from its start to its end."""
    x, y = tracks.x.copy(), tracks.y.copy()
    for ends in (stops.first, stops.last):
        x[ends], y[ends] = stops.x, stops.y
    inner = np.zeros(len(tracks.t) + 1, np.int64)
    np.add.at(inner, stops.first + 1, 1)
    np.add.at(inner, stops.last, -1)
    moved = Tracks(tracks.ids, tracks.offsets, tracks.t, x, y, tracks.attributes, tracks.unit, tracks.crs, tracks.timed)
    return moved, np.cumsum(inner)[:-1] == 0

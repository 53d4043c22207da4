"""What the data itself says of stops: how far positions spread at rest, and for how long agents stay.

Tracks are cut into tiles of a few intervals between points. Where agents rest and move, the boxes round tiles are of two sizes with hardly
any between: those of the first size are jitter. They must be of agents that also move (slow agents beside fast ones are none at rest), and
wander about instead of leading on. How long such rests last tells what is a stop.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.stops import find_stops

SLOW, FEWER = 0.9, 4.5  # nine in ten intervals are shorter; a tile in them, where that is longer: the least that tells
TILE, FEWEST_IN_TILE = 8.0, 4  # a tile in intervals between points; and the points that it must have to tell
FEWEST_TILES, FEWEST_STOPS = 40, 3  # before anything is suggested
LEAST_SHARE = 0.01  # of the tiles, at rest and on the way
APART = 6.0  # the usual tile on the way is so many times as large as nine in ten of those at rest
VALLEY = 0.2  # of tiles in between there are at most so many, for each of the smaller kind
ROOM = 3.0  # the diameter, in tiles at rest: a long rest strays further than a short one
EXACT = 0.02  # of a tile on the way: the least diameter, for positions that do not jitter at all
TILES_LONG = 2.0  # the shortest stop that is looked at
STRAIGHT = 0.75  # of the way in a tile leads from its first point to its last, where an agent moves; at rest it is half of that
BOTH = 0.05  # of the tracks that rest, at least, also move
CLEAR = 4.0  # stays are so many times longer than short halts, where both occur
OFTEN = 0.1  # and each of the two kinds is at least such a share of all
LENGTHS = tuple(size * many for size in (1.0, 60.0, 3600.0) for many in (1, 2, 3, 5, 10, 15, 20, 30, 45) if size < 3600.0 or many < 10)


@dataclass(frozen=True, slots=True)
class Rest:
    """max_diameter and min_duration of stops as the data suggests them, 0 and infinite where there are none. jitter: how far positions at
    rest spread in a tile, nine in ten of them; 0 where nothing is suggested."""

    max_diameter: float = 0.0
    min_duration: float = np.inf
    jitter: float = 0.0


NO_REST = Rest()


def suggested_rest(tracks: Tracks, starts: np.ndarray | None = None) -> Rest:
    """What is suggested, in the unit of the tracks and in seconds (steps where there is no time). starts: as in ``find_stops``."""
    starts = tracks.offsets if starts is None else starts
    for length in _lengths(tracks.t, starts):
        found = _rest(tracks, starts, length)
        if found.max_diameter:
            return found
    return NO_REST


def _rest(tracks: Tracks, starts: np.ndarray, length: float) -> Rest:
    """What is suggested by tiles of such a length."""
    tiles = _tiles(tracks, starts, length)
    found = _two_kinds(np.sort(tiles.size))
    if found is None or not _of_one_agent(tiles, found[0]):
        return NO_REST
    jitter, way = found
    diameter = _round_up(max(ROOM * jitter, EXACT * way))
    stops = find_stops(tracks, diameter, TILES_LONG * length, starts)
    if len(stops) < FEWEST_STOPS:
        return NO_REST
    usual = _usual_stay(np.sort(stops.end - stops.begin))
    return Rest(diameter, _as_people_say(usual) if tracks.timed else _round_up(usual), jitter)


def _lengths(t: np.ndarray, starts: np.ndarray) -> list[float]:
    """How long tiles are: so many usual times from one point to the next; and, where these tell nothing, so long that agents which are
    heard less often at rest than under way (vessels in port) have enough points there too."""
    inside = np.ones(max(len(t) - 1, 0), bool)
    inside[starts[1:-1] - 1] = False
    steps = np.sort(np.diff(t)[inside])
    if not len(steps) or not np.median(steps) > 0.0:
        return []
    usual, slow = TILE * float(np.median(steps)), FEWER * float(steps[int(SLOW * (len(steps) - 1))])
    return [usual, slow] if slow > usual else [usual]


@dataclass(frozen=True, slots=True)
class _Tiles:
    """size: (T,) float64, diagonals of boxes. straight: (T,) float64, how much of the way leads on, 0 where there is none. track: (T,)."""

    size: np.ndarray
    straight: np.ndarray
    track: np.ndarray


def _tiles(tracks: Tracks, starts: np.ndarray, length: float) -> _Tiles:
    """The tiles that have enough points."""
    many = np.diff(starts)
    tile = np.floor((tracks.t - np.repeat(tracks.t[starts[:-1]], many)) / length)
    new = np.concatenate(([True], np.diff(tile) != 0.0))
    new[starts[:-1]] = True
    begin = np.flatnonzero(new)
    end = np.append(begin[1:], len(tile)) - 1
    enough = end - begin + 1 >= FEWEST_IN_TILE
    wide, tall = (np.maximum.reduceat(v, begin) - np.minimum.reduceat(v, begin) for v in (tracks.x, tracks.y))
    step = np.append(np.hypot(np.diff(tracks.x), np.diff(tracks.y)), 0.0)
    step[end] = 0.0
    way, on = np.add.reduceat(step, begin), np.hypot(tracks.x[end] - tracks.x[begin], tracks.y[end] - tracks.y[begin])
    straight = on / np.where(way > 0.0, way, np.inf)
    track = np.searchsorted(tracks.offsets, begin, side="right") - 1
    return _Tiles(np.hypot(wide, tall)[enough], straight[enough], track[enough])


def _of_one_agent(tiles: _Tiles, jitter: float) -> bool:
    """Whether the small tiles are of agents that also move, and wander about."""
    rest = tiles.size <= jitter
    on_way = np.unique(tiles.track[tiles.size > APART * jitter])
    resting = np.unique(tiles.track[rest])
    return bool(np.isin(resting, on_way).mean() >= BOTH and np.median(tiles.straight[rest]) <= STRAIGHT)


def _two_kinds(sizes: np.ndarray) -> tuple[float, float] | None:
    """Of sorted sizes of tiles: nine in ten at rest are at most so large, and the usual one on the way; None where there are no two kinds.

    The cut between them is Otsu's, of logarithms: the one that explains most of their variance. What lies between the kinds must be little.
    """
    if len(sizes) < FEWEST_TILES or not sizes[-1] > 0.0:
        return None
    logs = np.log(np.maximum(sizes, 1e-6 * sizes[-1]))
    n = len(logs)
    left = np.arange(1, n)
    below = np.cumsum(logs)[:-1]
    between = left * (n - left) * (below / left - (logs.sum() - below) / (n - left)) ** 2
    k = int(np.argmax(np.where(np.diff(logs) > 0.0, between, -1.0))) + 1  # the first so many are at rest
    if not LEAST_SHARE * n <= k <= (1.0 - LEAST_SHARE) * n:
        return None
    jitter, way = float(sizes[int(0.9 * (k - 1))]), float(np.median(sizes[k:]))
    if not way >= APART * jitter:
        return None
    low, high = max(2.0 * jitter, EXACT * way), way / 2.0
    inside = int(np.searchsorted(sizes, high)) - int(np.searchsorted(sizes, low, side="right"))
    return (jitter, way) if inside <= VALLEY * min(k, n - k) else None


def _usual_stay(lengths: np.ndarray) -> float:
    """The least duration of a stop, of the sorted lengths of rests: between short halts and stays, where both occur, else half of what nine
    in ten last."""
    n = len(lengths)
    first, last = max(int(np.ceil(OFTEN * n)), 1), int(np.floor((1.0 - OFTEN) * n))
    if last > first:
        ratio = lengths[first:last + 1] / lengths[first - 1:last]
        k = int(np.argmax(ratio))
        if ratio[k] >= CLEAR:
            return float(np.sqrt(lengths[first + k] * lengths[first + k - 1]))
    return 0.5 * float(lengths[int(0.1 * (n - 1))])


def _as_people_say(seconds: float) -> float:
    """The nearest length of time that clocks and people have: 20 s, 15 min, 2 h."""
    if not LENGTHS[0] <= seconds <= LENGTHS[-1]:
        return _round_up(seconds)
    return float(min(LENGTHS, key=lambda one: abs(np.log(one / seconds))))


def _round_up(value: float) -> float:
    """The next number with one digit: a suggestion must not hang on the last bit of a sum."""
    scale = 10.0 ** np.floor(np.log10(value))
    return float(np.ceil(value / scale - 1e-9) * scale)

"""Whether agents go to and fro between a few places where they stay, as vessels do between ports: then a trip ends at each.

Buses halt at the same places too, and animals rest wherever they are. So stays must be long beside the ways between them, lie far apart,
and be at few of the places that the agents pass.
"""

from __future__ import annotations

import numpy as np

from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.regroup import owners
from irlcore.tracks.trips.stops import Stops

FEWEST = 30  # stops, before anything is said of them
FAR = 10.0  # diameters of a stop, at least, from one to the next
LONG = 1.0 / 3.0  # of the time to the next stop, at least, an agent stays
PLACE = 0.1  # of the way to the next stop: how large a place is
MOST = 0.8  # of the stops are at the places that count
OFTEN = 5.0  # stops at each of them
FEW = 0.2  # of the places that are passed, at most


def between_ports(tracks: Tracks, stops: Stops, max_diameter: float) -> bool:
    """Whether the stops (of that diameter, in the tracks' unit) are at a few places between which the agents go."""
    if not tracks.timed or len(stops) < FEWEST:
        return False
    own = np.diff(owners(tracks)[stops.first]) == 0
    way = np.hypot(np.diff(stops.x), np.diff(stops.y))[own]
    time = (stops.begin[1:] - stops.end[:-1])[own]
    if 2 * len(way) < FEWEST:
        return False
    usual = float(np.median(way))
    if usual < FAR * max_diameter or np.median(stops.end - stops.begin) < LONG * np.median(time):
        return False
    size = PLACE * usual
    many = np.sort(np.unique(_places(stops.x, stops.y, size), axis=0, return_counts=True)[1])[::-1]
    needed = int(np.searchsorted(np.cumsum(many), MOST * len(stops))) + 1
    passed = len(np.unique(_places(tracks.x, tracks.y, size), axis=0))
    return needed * OFTEN <= len(stops) and needed <= FEW * passed


def _places(x: np.ndarray, y: np.ndarray, size: float) -> np.ndarray:
    return np.column_stack((np.floor(x / size), np.floor(y / size)))

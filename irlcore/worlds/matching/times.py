"""When a matched track came to each of its links: between two points it goes at an even speed along the way that was found."""

from __future__ import annotations

import numpy as np

from irlcore.tracks.tracks import Tracks
from irlcore.worlds.matching.decoding import Decoded
from irlcore.worlds.matching.roads import Roads
from irlcore.worlds.start_times import seconds_since_1970

A_SECOND_MS = 1000.0


def seconds_of(tracks: Tracks) -> float:
    """How many of the tracks' units of time are a second: 1,000 where they are dates in milliseconds."""
    first = tracks.t[tracks.offsets[:-1]]
    since = seconds_since_1970(first)
    return 1.0 if since is None or np.array_equal(since, first) else A_SECOND_MS


def entered(tracks: Tracks, found: Decoded, roads: Roads) -> np.ndarray | None:
    """(L,) float64 seconds, when each link of ``found.links`` was come to; None where points have no times. The first link of a part was
    come to before its first point: from then on it was seen there."""
    at = np.flatnonzero(found.placed)
    if not tracks.timed or not len(at):
        return None
    driven = np.concatenate(([0.0], np.cumsum(roads.length[found.links])))  # metres before each link, one part after the other
    last = found.link_offsets[1:][at] - 1
    place = np.maximum.accumulate(driven[last] + np.minimum(found.along[at], roads.length[found.links[last]]))
    begin = driven[:-1]
    link = np.arange(len(begin))
    after = np.minimum(np.searchsorted(last, link, side="left"), len(at) - 1)  # the first point on this link or a later one
    before = np.maximum(after - 1, 0)
    t = tracks.t[at] / seconds_of(tracks)
    part = np.cumsum(found.begins)[at]
    way = place[after] - place[before]
    share = np.where(way > 0.0, (begin - place[before]) / np.where(way > 0.0, way, 1.0), 1.0)
    between = t[before] + np.clip(share, 0.0, 1.0) * (t[after] - t[before])
    return np.where(part[before] == part[after], np.where(after > before, between, t[after]), t[after])

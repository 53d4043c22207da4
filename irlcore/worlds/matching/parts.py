"""The parts of matched tracks that are ways of two links or more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.regroup import distinct_ids, owners
from irlcore.worlds.matching.decoding import Decoded


@dataclass(frozen=True, slots=True)
class Parts:
    """N parts. ids: (N,) str. of: (N,) int64, the track of each. offsets: (N + 1,) and links: their links; whole: which of all links these
    are, (L,) bool. sure: (N,) the mean over points.
    first, last: (N,) its first and last point with a place; count: (N,) how many have one. owner: (P,) the track of each point. short: (n,)
    points at which parts begin that are of one link, and left out."""

    ids: np.ndarray
    of: np.ndarray
    offsets: np.ndarray
    links: np.ndarray
    whole: np.ndarray
    sure: np.ndarray
    first: np.ndarray
    last: np.ndarray
    count: np.ndarray
    owner: np.ndarray
    short: np.ndarray


def parts_of(tracks: Tracks, found: Decoded) -> Parts:
    """Parts of tracks, called "a #1", "a #2" where several are left of a track "a"."""
    owner = owners(tracks)
    points = np.flatnonzero(found.begins)
    part = np.cumsum(found.begins) - 1  # of each point with a place
    many = np.bincount(part[found.placed], np.diff(found.link_offsets)[found.placed], len(points)).astype(np.int64)
    at = np.flatnonzero(found.placed)
    total, count = np.bincount(part[at], found.sure[at], len(points)), np.bincount(part[at], minlength=len(points))
    kept = many >= 2
    of = owner[points[kept]]
    several = np.bincount(of, minlength=len(tracks)) > 1
    first = np.searchsorted(of, of)
    ids = np.empty(len(of), dtype=object)
    ids[:] = [f"{tracks.ids[i]} #{k - a + 1}" if several[i] else tracks.ids[i] for k, (i, a) in enumerate(zip(of, first, strict=True))]
    offsets = np.concatenate(([0], np.cumsum(many[kept]))).astype(np.int64)
    whole = np.repeat(kept, many)
    last = points.copy()
    last[part[at]] = at  # of several the last stands
    sure = (total / np.maximum(count, 1))[kept]
    return Parts(distinct_ids(ids), of, offsets, found.links[whole], whole, sure, points[kept], last[kept], count[kept], owner,
                 points[~kept])

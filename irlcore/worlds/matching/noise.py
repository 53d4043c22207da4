"""How large the noise of points is, by how far they lie from where they are matched to."""

from __future__ import annotations

import numpy as np

from irlcore.tracks.tracks import Tracks
from irlcore.worlds.matching.decoding import Decoded, decoded, model_of
from irlcore.worlds.matching.roads import Roads

START_M = 10.0
LEAST_M, MOST_M = 2.0, 100.0
SAMPLE = 300  # points: the estimate is then within some 7 per cent, and takes no time
OF_ONE_TRACK = 200
ROUNDS = 3
LOOSE = 1.0 / 3.0
"""Nats a metre in units of 1 / sigma while the noise is estimated: fewer than for the match, so that short ways do not pull points off."""

NORMAL = 1.4826  # the standard deviation in units of the median distance, along one axis
FEW = 30


def estimated_sigma(roads: Roads, tracks: Tracks, most_gap: float) -> float:
    """Metres: the standard deviation of one coordinate of a point, from the median distance to the matched way, across it (Newson and
    Krumm 2009, eq. 7), matched again with what was found. Points without a road within reach count as far off; with hardly any points it
    is at least 5 m.

    The same whatever the order of the tracks.
    """
    offsets, x, y = _sample(tracks)
    sigma = START_M
    for _ in range(ROUNDS):
        found = decoded(roads, model_of(roads, sigma, per_metre=LOOSE / sigma), offsets, x, y, most_gap, narrow=True)
        off = np.full(len(x), np.inf)
        off[found.placed] = _across(roads, found, x, y)
        sigma = float(np.clip(NORMAL * np.median(off), LEAST_M, MOST_M if found.placed.any() else sigma))
    return sigma if len(x) >= FEW else max(sigma, 5.0)


def _across(roads: Roads, found: Decoded, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(n,) metres from each point with a place to the line of the link it is on, at right angles: where points are close together, what is
    left along it is the noise of several of them."""
    link = found.links[found.link_offsets[1:][found.placed] - 1]
    before = np.cumsum(roads.length) - roads.length
    ends = before[roads.segment_link] + roads.segment_span[:, 1]
    here = before[link] + np.minimum(found.along[found.placed], roads.length[link] * (1.0 - 1e-9))
    at = np.minimum(np.searchsorted(ends, here), len(ends) - 1)
    ax, ay, bx, by = roads.segment_xy[at].T
    long = np.maximum(np.hypot(bx - ax, by - ay), 1e-9)
    return np.asarray(np.abs((bx - ax) * (y[found.placed] - ay) - (by - ay) * (x[found.placed] - ax)) / long)


def _sample(tracks: Tracks) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Offsets, x and y of the first points of some tracks, spread over all in the order of their names."""
    order = np.argsort(tracks.ids.astype(str), kind="stable")
    lengths = np.minimum(np.diff(tracks.offsets), OF_ONE_TRACK)
    most = max(SAMPLE // max(int(np.median(lengths)), 1), 1)
    picked = order[np.unique(np.linspace(0, len(order) - 1, min(most, len(order))).astype(np.int64))]
    offsets = np.concatenate(([0], np.cumsum(lengths[picked]))).astype(np.int64)
    flat = np.concatenate([np.arange(tracks.offsets[i], tracks.offsets[i] + lengths[i]) for i in picked])
    return offsets, tracks.x[flat], tracks.y[flat]

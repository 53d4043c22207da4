"""Controls that know no wants: how far a track is from its nearest neighbours, as detectors of strange tracks have long been made.

Tracks come as points, and each is held against all others: unsupervised, whatever the share of strange ones. By the mean distance of points
at equal ways (the control of the labelled vehicles), and by the similarity based nearest neighbour conformal anomaly detector of Laxhammar
and Falkman ("Sequential conformal anomaly detection in trajectories based on Hausdorff distance", 2011; "Online learning and sequential
anomaly detection in trajectories", 2014, algorithm 2): the sum of the k least directed Hausdorff distances, ranked among those of all.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.spatial.distance import cdist

MEAN_POINTS, HAUSDORFF_POINTS = 12, 24


def at_equal_ways(track: np.ndarray, count: int) -> np.ndarray:
    """(count, 2): points at equal ways along a track (n, 2)."""
    along = np.append(0.0, np.cumsum(np.hypot(*np.diff(track, axis=0).T)))
    way = np.linspace(0.0, along[-1], count)
    return np.column_stack([np.interp(way, along, track[:, axis]) for axis in (0, 1)])


def mean_distances(tracks: Sequence[np.ndarray], k: int = 1) -> np.ndarray:
    """(N,) float64: the k-th least mean distance of each track to another, by ``MEAN_POINTS`` points taken in order."""
    points = np.array([at_equal_ways(one, MEAN_POINTS) for one in tracks])
    apart = sum(cdist(points[:, j], points[:, j]) for j in range(MEAN_POINTS)) / MEAN_POINTS
    return _least(apart, k)[:, k - 1]


def directed_hausdorff(tracks: Sequence[np.ndarray]) -> np.ndarray:
    """(N, N) float64: how far the point of track i that is farthest from track j is from it, by ``HAUSDORFF_POINTS`` points of each."""
    points = np.array([at_equal_ways(one, HAUSDORFF_POINTS) for one in tracks])
    n = len(points)
    every = points.reshape(-1, 2)
    return np.array([cdist(one, every).reshape(HAUSDORFF_POINTS, n, HAUSDORFF_POINTS).min(axis=2).max(axis=0) for one in points])


def conformal_neighbours(tracks: Sequence[np.ndarray], k: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """The detector's nonconformity (N,), and its p-value (N,): the share of all tracks that are as far from their neighbours or farther."""
    far = _least(directed_hausdorff(tracks), k).sum(axis=1)
    p = 1.0 - np.searchsorted(np.sort(far), far, side="left") / len(far)
    return far, p


def _least(apart: np.ndarray, k: int) -> np.ndarray:
    """(N, k): the k least distances to others, ascending."""
    apart = np.array(apart, np.float64)
    np.fill_diagonal(apart, np.inf)
    least: np.ndarray = np.sort(np.partition(apart, k - 1, axis=1)[:, :k], axis=1)
    return least

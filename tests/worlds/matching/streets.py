"""Small made-up streets, and tracks along them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from irlcore.tracks.tracks import LinkTracks, Tracks
from irlcore.worlds.matching.matching import Matched
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World

Place = tuple[float, float]


def streets(nodes: dict[str, Place], links: Sequence[str], twoway: Sequence[str] = (), transitions: pd.DataFrame | None = None) -> World:
    """Straight links "AB" from node A to node B; those of ``twoway`` also "BA"."""
    names = [*links, *(pair for one in twoway for pair in (one, one[::-1]))]
    table = pd.DataFrame({"link": names, "u": [name[0] for name in names], "v": [name[1] for name in names]})
    ends = pd.DataFrame({"node": list(nodes), "x": [xy[0] for xy in nodes.values()], "y": [xy[1] for xy in nodes.values()]})
    return build_network(table, transitions, ends)


def track(*stops: Place, spacing: float = 20.0, sigma: float = 0.0, seed: int = 0) -> Tracks:
    """One track, a point every ``spacing`` metres along straight lines from stop to stop."""
    xy = np.array(stops, np.float64)
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))))
    at = np.append(np.arange(0.0, along[-1], spacing), along[-1])
    noise = np.random.default_rng(seed).normal(0.0, sigma, (2, len(at))) if sigma else np.zeros((2, len(at)))
    return of_points([np.column_stack([np.interp(at, along, xy[:, k]) + noise[k] for k in range(2)])])


def of_points(tracks: Sequence[np.ndarray]) -> Tracks:
    """Tracks "0", "1" ... of points (n, 2), one a second."""
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in tracks]))).astype(np.int64)
    xy = np.concatenate(tracks)
    t = np.arange(len(xy)) - np.repeat(offsets[:-1], np.diff(offsets)).astype(np.float64)
    ids = np.array([str(k) for k in range(len(tracks))], dtype=object)
    return Tracks(ids, offsets, t, xy[:, 0].copy(), xy[:, 1].copy(), pd.DataFrame(index=range(len(tracks))))


def ways(found: Matched | LinkTracks) -> list[list[str]]:
    """The links of each part."""
    tracks = found.tracks if isinstance(found, Matched) else found
    return [tracks.links[a:b].tolist() for a, b in zip(tracks.offsets[:-1], tracks.offsets[1:], strict=True)]


def town(rng: np.random.Generator, n: int = 4, side: float = 60.0) -> World:
    """A crooked grid of n x n crossings, in which some streets lead one way alone, and some are two links with a bend between."""
    xy = np.stack(np.meshgrid(np.arange(n), np.arange(n)), axis=-1).reshape(-1, 2) * side + rng.uniform(-12.0, 12.0, (n * n, 2))
    rows = []
    for a in range(n * n):
        for b in ((a + 1) if a % n < n - 1 else -1, a + n if a + n < n * n else -1):
            if b >= 0:
                kind = rng.integers(4)  # both ways are twice as common as either
                line = [a, b]
                if rng.random() < 0.5:
                    line = [a, len(xy), b]
                    xy = np.vstack((xy, 0.5 * (xy[a] + xy[b]) + rng.uniform(-8.0, 8.0, 2)))
                rows += list(pairwise(line)) if kind != 1 else []
                rows += list(pairwise(line[::-1])) if kind != 0 else []
    table = pd.DataFrame({"link": [f"{a}-{b}" for a, b in rows], "u": [a for a, _ in rows], "v": [b for _, b in rows]})
    return build_network(table, None, pd.DataFrame({"node": np.arange(len(xy)), "x": xy[:, 0], "y": xy[:, 1]}))

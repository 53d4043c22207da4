"""The stretch of a track that was the slowest, or the fastest, for its own pace: over all windows, and over small and large changes.

Of a window with standard normal errors e_1 ... e_n the evidence for a mean of d in place of 0 is sum(d e - d^2 / 2) nats (Page 1954). The
largest over all windows is found in one pass, for each d of a few; that times about its n places is how often chance alone does so much
(Lorden 1971), so log n is taken off and long tracks are not strange for being long.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.review.parts.durations.learned import Against
from irlcore.review.parts.durations.pooling import CLIP

NONE = -10.0
"""Nats for a track no step of which is above 0, however short it is."""

CHANGES = (0.35, 0.7, 1.4)
"""Means, in spreads, that stretches are looked through for: a long stretch a little slow, a short one much."""


def errors_in(found: Against) -> np.ndarray:
    """(V,) float64: each visit against its track's own pace, in spreads, none more than ``CLIP``: one alone is a stop and no stretch."""
    left = (found.log - found.expected - found.pace[found.track]) / np.sqrt(found.variance)
    return np.asarray(np.clip(left, -CLIP, CLIP) / np.sqrt(found.usual.pooled.carry))


def worst_stretch(errors: np.ndarray, track: np.ndarray, n: int) -> np.ndarray:
    """(n,) float64 nats: the evidence for the window of each track that is the farthest above 0; NaN where it has no visit.

    errors: (V,) float64, track: (V,) int64 sorted.
    """
    best, most_of = np.full(n, -np.inf), pd.Series(errors).groupby(track).max()
    for change in CHANGES:
        gain = pd.Series(change * errors - 0.5 * change**2).groupby(track)
        total = gain.cumsum()
        before = (total - gain.obj).groupby(track).cummin()
        most = (total - before).groupby(track).max()
        at = most.index.to_numpy()
        best[at] = np.maximum(best[at], most.to_numpy())
    steps, above = np.bincount(track, minlength=n), most_of.reindex(range(n)).to_numpy() > 0.0
    return np.where(steps > 0, np.where(above, best - np.log(np.maximum(steps, 1)), NONE), np.nan)


def where_worst(errors: np.ndarray) -> tuple[int, int]:
    """[first, end) of the window of one track (n,), at least one, that ``worst_stretch`` is of."""
    best, found = -np.inf, (0, 1)
    for change in CHANGES:
        total = np.concatenate(([0.0], np.cumsum(change * errors - 0.5 * change**2)))
        least = np.minimum.accumulate(total[:-1])
        end = int(np.argmax(total[1:] - least))
        if total[end + 1] - least[end] > best + 1e-9:
            best = float(total[end + 1] - least[end])
            found = (int(np.flatnonzero(total[:end + 1] <= least[end])[-1]), end + 1)
    return found

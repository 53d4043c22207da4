"""How likely each event is after the last k: modified Kneser-Ney smoothing (Chen and Goodman 1998, *An empirical study of smoothing
techniques for language modeling*, equations 23 to 27), interpolated.

    p(e | c) = (count(c, e) - D(count)) / count(c) + lambda(c) p(e | c without its oldest event)

D is one of three discounts, for what was seen once, twice, or more often, from how many n-grams were seen 1, 2, 3 and 4 times; lambda
gives what was taken off to shorter contexts, down to an equal share of each event and the end. Counts are those of occurrences in the
longest contexts and in those that begin with the start of a sequence, and of different events before in shorter ones. So every event has a
chance above 0 everywhere, and all of them sum to 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.features.ngrams import kernels
from irlcore.features.ngrams.counts import Counts, Level, with_ends

LEAST_DISCOUNT = 0.05
"""Of a count: something is always left to what was not seen, be there too few n-grams to say how much."""
USUAL_DISCOUNT = (0.5, 0.75, 0.9)
"""Of counts of 1, 2, and more, where there are too few n-grams to estimate one."""


@dataclass(frozen=True, slots=True, eq=False)
class _Smoothed:
    """A level as it is used: level; total (U,), what was counted there; left (U,), lambda; share (R,), of each follower, discounted."""

    level: Level
    left: np.ndarray
    share: np.ndarray


class KneserNey:
    """The chances of all events after up to ``order`` last ones, from what was counted of a log at least as far back."""

    def __init__(self, counts: Counts, order: int) -> None:
        self.n_events, self.order = counts.n_events, order
        self.levels = [_smoothed(level, level.times if k == order else level.kinds) for k, level in enumerate(counts.levels[:order + 1])]

    def chances(self, recent: np.ndarray) -> np.ndarray:
        """(C, A + 1) float64, of each event and, last, of the end, in contexts ``recent`` (C, n) int: their events in order at the end of
        the row, A for the start, -1 before them. A longer context than was seen is as good as the longest that was."""
        width = self.n_events + 1
        out = np.full((len(recent), width), 1.0 / width)
        context = np.zeros(len(recent), np.int64)
        for k, one in enumerate(self.levels):
            if k:
                oldest = recent[:, -k].astype(np.int64) if k <= recent.shape[1] else np.full(len(recent), -1)
                context = one.level.find(context, oldest, self.n_events)
            if len(one.left):
                kernels.interpolate(context, one.left, one.level.offsets, one.level.follower, one.share, out)
        return out

    def log_steps(self, offsets: np.ndarray, events: np.ndarray, ended: np.ndarray | None = None) -> np.ndarray:
        """(P + number ended,) float64, log of the chance of each event of N sequences, offsets (N + 1,), and of their ends, each sequence's
        last, of those that ``ended`` (N,) bool; all where None."""
        follower, before = with_ends(offsets, events, self.n_events, ended)
        out = np.full(len(follower), 1.0 / (self.n_events + 1))
        context = np.zeros(len(follower), np.int64)
        for k, one in enumerate(self.levels):
            if k:
                context = one.level.find(context, before(k), self.n_events)
            known = np.flatnonzero((context >= 0) & (len(one.left) > 0))
            at = one.level.find_follower(context[known], follower[known], self.n_events)
            out[known] = one.left[context[known]] * out[known] + np.where(at >= 0, one.share[at] if len(one.share) else 0.0, 0.0)
        return np.log(out)


def _smoothed(level: Level, count: np.ndarray) -> _Smoothed:
    owner = np.repeat(np.arange(len(level.codes)), np.diff(level.offsets))
    taken = discounts(count)[np.minimum(count, 3) - 1] if len(count) else np.zeros(0)
    total = np.bincount(owner, count, len(level.codes))
    seen = total > 0
    left = np.where(seen, np.bincount(owner, taken, len(level.codes)) / np.where(seen, total, 1.0), 1.0)
    return _Smoothed(level, left, (count - taken) / total[owner] if len(count) else np.zeros(0))


def discounts(count: np.ndarray) -> np.ndarray:
    """(3,) float64: what is taken off counts of 1, of 2, and of 3 or more, from counts (R,) of n-grams."""
    n = np.bincount(np.minimum(count, 5), minlength=6)[1:5].astype(np.float64)
    out = np.array(USUAL_DISCOUNT)
    if n[0] > 0.0:
        share = n[0] / (n[0] + 2.0 * n[1])
        for k in range(3):
            if n[k] > 0.0 and n[k + 1] > 0.0:
                out[k] = k + 1 - (k + 2) * share * n[k + 1] / n[k]
    return np.clip(out, LEAST_DISCOUNT, np.arange(1, 4) - LEAST_DISCOUNT)

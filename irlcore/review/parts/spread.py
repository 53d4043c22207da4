"""What is usual of an amount among tracks of a size, and how far from it another track's amount is.

Tracks are put in order of size and cut into bins; each has its median and its spread, the mean distance from the median, which is above
0 as soon as anybody does anything of the sort (the median distance is 0 where most do nothing). Between bins both are interpolated.
"""

from __future__ import annotations

import numpy as np

IN_A_BIN, MOST_BINS = 50, 20
LEAST = 0.01  # of the median amount or size, whichever is larger: no spread is smaller, be all tracks the same
DIGITS = 9  # of a spread, that count


class Usual:
    """Learned from tracks of ``size`` (m,) with ``amount`` (m,), both in the same unit where ``least`` is 0; least: the smallest spread.
    in_order: whether they rise by size, those of a size by amount."""

    def __init__(self, size: np.ndarray, amount: np.ndarray, least: float = 0.0, in_order: bool = False) -> None:
        known = np.isfinite(size) & np.isfinite(amount)
        size, amount = size[known], amount[known]
        order = np.arange(len(size)) if in_order else np.lexsort((amount, size))
        bins = np.array_split(order, int(np.clip(len(order) // IN_A_BIN, 1, MOST_BINS))) if len(order) else []
        at = np.array([np.median(size[one]) for one in bins])
        middle = np.array([np.median(amount[one]) for one in bins])
        spread = np.array([np.abs(amount[one] - np.median(amount[one])).mean() for one in bins])
        self._at, back = np.unique(at, return_inverse=True)
        many = np.bincount(back)
        self._middle, self._spread = (np.bincount(back, one) / many for one in (middle, spread))
        self._least = least or LEAST * max(float(np.median(size)), float(np.median(amount))) if len(order) else np.nan

    def middle(self, size: np.ndarray) -> np.ndarray:
        """(n,) float64: the usual amount of tracks of ``size`` (n,); NaN where nothing was learned."""
        return np.interp(size, self._at, self._middle) if len(self._at) else np.full(len(size), np.nan)

    def distance(self, size: np.ndarray, amount: np.ndarray) -> np.ndarray:
        """(n,) float64: how many spreads above the usual one each ``amount`` (n,) is; NaN where nothing was learned."""
        if not len(self._at) or not self._least > 0.0:
            return np.full(len(size), np.nan)
        spread = np.maximum(np.interp(size, self._at, self._spread), self._least)
        return np.round((amount - self.middle(size)) / spread, DIGITS)

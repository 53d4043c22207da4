"""The part of each path with the largest sum, compiled."""

from __future__ import annotations

import numpy as np
from numba import njit

SAME = 1e-9
"""Sums nearer than this share of themselves are equal: what rounding leaves decides nothing."""


@njit(cache=True, nogil=True)
def largest_sums(values, offsets, out, out_first, out_last):  # type: ignore[no-untyped-def]
    """Largest sum of neighbouring ``values`` (C,) of each path, at least one, into out (N,), with its first and past-the-last step; of
    equal ones the one that ends first, and of those the shortest (Kadane; Bentley, *Programming pearls*, CACM 1984). A value of inf is a
    part by itself."""
    for i in range(len(offsets) - 1):
        best, so_far, begun = -np.inf, 0.0, 0
        for t in range(offsets[i], offsets[i + 1]):
            if values[t] == np.inf:
                best, out_first[i], out_last[i] = np.inf, t - offsets[i], t - offsets[i] + 1
                break
            if so_far <= SAME or t == offsets[i]:
                so_far, begun = 0.0, t
            so_far += values[t]
            if best == -np.inf or so_far > best + SAME * (1.0 + abs(best)):
                best, out_first[i], out_last[i] = so_far, begun - offsets[i], t - offsets[i] + 1
        out[i] = best

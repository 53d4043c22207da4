"""Scores of trips by candidate features that most choices have nothing of, compiled: only what is there is multiplied.

Some trips at a time, so that their residuals stay in the cache while all candidates pass over them. Every sum is over the choices in
their order, in double precision, so it is the same to the last bit however the trips are parted.
"""

from __future__ import annotations

import numpy as np
from numba import njit

TRIPS = 64  # at a time: their residuals on a few thousand choices are half a megabyte


@njit(cache=True, nogil=True, error_model="numpy")
def sparse_scores(residuals, offsets, choices, values, rows, columns, out):  # type: ignore[no-untyped-def]
    """Into ``out`` at ``rows`` (n,) and ``columns`` (C,): residuals (n, M) times C candidates, of which c is ``values`` at ``choices``,
    both from ``offsets[c]`` to ``offsets[c + 1]``; offsets (C + 1,), choices, rows and columns unsigned."""
    n, m = residuals.shape
    if len(columns) == 0:
        return
    turned = np.empty((m, TRIPS), residuals.dtype)
    total = np.empty(TRIPS)
    for start in range(0, n, TRIPS):
        many = min(TRIPS, n - start)
        for i in range(many):
            for k in range(m):
                turned[k, i] = residuals[start + i, k]
        for i in range(many, TRIPS):
            for k in range(m):
                turned[k, i] = 0.0
        for c in range(len(offsets) - 1):
            for i in range(TRIPS):
                total[i] = 0.0
            for k in range(offsets[c], offsets[c + 1]):
                row, value = turned[choices[k]], values[k]
                for i in range(TRIPS):
                    total[i] += row[i] * value
            for i in range(many):
                out[rows[start + i], columns[c]] = total[i]

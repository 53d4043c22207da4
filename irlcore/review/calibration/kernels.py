"""How likely normal tracks stay within a bound at every cut at once, summed over all orders of the tracks."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def weight_within(n, m, most, tiny):  # type: ignore[no-untyped-def]
    """The weight of all orders of n calibration and m other tracks, strangest first, in which no more than ``most[j]`` of the others stand
    ahead of the j-th calibration track, for each j = 1..n. most: (n + 1,), never falling, from 0 to m.

    In a random order the numbers of others between two calibration tracks that follow each other are independent geometric ones of
    parameter n / (n + m), given that they add up to m: the weight is to be divided by the chance of that (``batch.chance_within``).
    Weights below ``tiny`` are left out, which makes the sum smaller and never larger.
    """
    go_on = m / (n + m)
    weight = np.zeros(m + 1)  # [v]: of all beginnings with v others ahead of the j-th calibration track
    weight[0] = 1.0
    first, last = 0, 0
    for j in range(1, n + 1):
        carried, v, top = 0.0, first, most[j]
        while v <= top:
            carried = go_on * carried + (1.0 - go_on) * weight[v]
            weight[v] = carried
            if v > last and carried < tiny:
                break
            v += 1
        last = min(v, top)
        while first < last and weight[first] < tiny:
            weight[first] = 0.0
            first += 1
    total = 0.0
    for v in range(first, last + 1):
        total += weight[v] * (1.0 - go_on) * go_on ** (m - v)
    return total

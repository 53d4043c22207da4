"""The kernel that finds stops: a window slides along each track, with the box round its points kept up to date."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def sweep_stops(t, x, y, starts, diameter, duration, out_first, out_last):  # type: ignore[no-untyped-def]
    """First and last points of the stops of tracks, one after the other; how many there are.

    t, x, y: (P,) float64. starts: (N + 1,) uint32, track i is ``starts[i]:starts[i + 1]``. out_first, out_last: (P // 2 + 1,) uint32.
    A window of points holds four queues, of those that may still be its least and its most. Where one lasts long enough, those that begin
    in it are tried as well, and the sweep begins again behind the longest: a point enters a few windows, however large the diameter.
    """
    longest = np.uint32(0)
    for i in range(len(starts) - 1):
        longest = max(longest, starts[i + 1] - starts[i])
    queue = np.empty((4, longest), np.uint32)  # least x, most x, least y, most y
    head, tail = np.zeros(4, np.uint32), np.zeros(4, np.uint32)
    limit, found, one, two = diameter * diameter, np.uint32(0), np.uint32(1), np.uint32(2)
    for i in range(len(starts) - 1):
        low, at, end = starts[i], starts[i], starts[i + 1]
        head[:], tail[:] = 0, 0
        best_first, best_last, until, lasts = low, low, low, -1.0  # lasts: of the best window so far, below 0 where there is none
        while low < end:
            while at < end:  # as many points as the diameter allows
                if at > low:
                    wide = max(x[queue[1, head[1]]], x[at]) - min(x[queue[0, head[0]]], x[at])
                    tall = max(y[queue[3, head[3]]], y[at]) - min(y[queue[2, head[2]]], y[at])
                    if wide * wide + tall * tall > limit:
                        break
                for q in range(4):
                    value = x[at] if q < 2 else y[at]
                    while tail[q] > head[q]:
                        last = queue[q, tail[q] - one]
                        other = x[last] if q < 2 else y[last]
                        if (value <= other) if q % 2 == 0 else (value >= other):
                            tail[q] -= one
                        else:
                            break
                    queue[q, tail[q]] = at
                    tail[q] += one
                at += one
            over = lasts >= 0.0 and low > until
            if not over and at - low >= two and t[at - one] - t[low] >= duration and t[at - one] - t[low] > lasts:
                if lasts < 0.0:
                    until = at - one
                best_first, best_last, lasts = low, at - one, t[at - one] - t[low]
            if over or (at >= end and lasts >= 0.0):
                out_first[found], out_last[found] = best_first, best_last
                found += one
                low = at = best_last + one
                head[:], tail[:] = 0, 0
                lasts = -1.0
            elif at >= end:
                break  # what begins later lasts no longer
            else:
                low += one
                for q in range(4):
                    while head[q] < tail[q] and queue[q, head[q]] < low:
                        head[q] += one
    return found

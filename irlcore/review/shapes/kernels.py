"""The kernel that takes off ways what came back to where it was: loop erasure of many walks, one after the other."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def erase_loops(spots, offsets, length, x, y, roundness, cell_area, at, out_where, out_way):  # type: ignore[no-untyped-def]
    """The excursions of N walks, as ``behaviour.excursions`` has them before what is noise on a grid is left out; how many there are.

    spots: (V,) int64. offsets: (N + 1,) int64. length: (V,) float64, of the step that led to each. x, y: (V,) float64, NaN where not known.
    roundness: least share of a disc's area with the same rim that a circle encloses; cell_area: of a grid's cell, 0 elsewhere.
    at: (S,) int64, all -1. out_where: (V, 4) int64: first, last and farthest position of each excursion, and whether it is a circle.
    out_way: (V,) float64, its own way. Of a ring of three spots that goes on from the last one, out and back, the two are one.
    """
    found = 0
    for i in range(len(offsets) - 1):
        begin, end = offsets[i], offsets[i + 1]
        stack, came = np.empty(end - begin, np.int64), np.empty(end - begin, np.int64)
        top, before = 0, found
        for t in range(begin, end):
            k = at[spots[t]]
            if k < 0:
                at[spots[t]] = top
                stack[top], came[top] = t, t
                top += 1
                continue
            size = top - k + 1  # of the ring, its first spot twice
            first, way, rim, area, farthest, known = stack[k], length[t], 0.0, 0.0, 0.0, True
            for j in range(k, top):
                here, after = stack[j], stack[j + 1] if j + 1 < top else t
                if j > k:
                    way += length[came[j]]
                    at[spots[here]] = -1
                ax, ay, bx, by = x[here] - x[first], y[here] - y[first], x[after] - x[first], y[after] - y[first]
                known = known and np.isfinite(ax) and np.isfinite(ay)
                area += 0.5 * (ax * by - bx * ay)
                rim += np.hypot(bx - ax, by - ay)
                farthest = max(farthest, np.hypot(ax, ay))
            far = stack[k + size // 2] if k + size // 2 < top else t
            for j in range(k, top if known else k):
                if np.hypot(x[stack[j]] - x[first], y[stack[j]] - y[first]) >= farthest * (1.0 - 1e-9):
                    far = stack[j]
                    break
            if not known:
                circle = True
            elif cell_area > 0.0:
                circle = abs(area) / cell_area >= (size - 1) / 2.0 - 1e-6
            else:
                circle = 4.0 * np.pi * abs(area) >= roundness * rim * rim
            if size > 3:
                goes_on = False
            else:
                circle = False
                goes_on = found > before and out_where[found - 1, 3] == 0 and out_where[found - 1, 1] == t - 1
            if goes_on:
                out_where[found - 1, 0], out_where[found - 1, 1] = first, t
                out_way[found - 1] += way
            else:
                out_where[found, 0], out_where[found, 1], out_where[found, 2], out_where[found, 3] = first, t, far, circle
                out_way[found] = way
                found += 1
            stack[k] = t
            top = k + 1
        for j in range(top):
            at[spots[stack[j]]] = -1
    return found

"""Compiled search for the places on links near points."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def places_near(x, y, reach, step, sigma, most, corner, cell, columns, rows, cell_keys, cell_segments,  # type: ignore[no-untyped-def]
                segment_link, segment_xy, segment_span, length, seen):
    """Places within ``reach`` of each point, ordered by link and then along it.

    Every link is cut into equal sections no longer than ``step``; its places are their middles. Returns (P + 1,) offsets, (C,) link, (C,)
    metres from its start and (C,) cost, half the squared distance in units of sigma, at most ``most``, since
    a fix may be wrong altogether. seen: (segments,) int64, anything below 0.
    """
    n = len(x)
    offsets = np.zeros(n + 1, np.int64)
    link, along, cost = np.empty(4096, np.int32), np.empty(4096), np.empty(4096)
    filled = 0
    for p in range(n):
        column0 = max(int(np.floor((x[p] - reach - corner[0]) / cell)), 0)
        column1 = min(int(np.floor((x[p] + reach - corner[0]) / cell)), columns - 1)
        row0 = max(int(np.floor((y[p] - reach - corner[1]) / cell)), 0)
        row1 = min(int(np.floor((y[p] + reach - corner[1]) / cell)), rows - 1)
        first = filled
        if column1 >= column0:
            for row in range(row0, row1 + 1):
                at = np.searchsorted(cell_keys, np.int64(row) * columns + column0)
                last_key = np.int64(row) * columns + column1
                while at < len(cell_keys) and cell_keys[at] <= last_key:
                    s = cell_segments[at]
                    at += 1
                    if seen[s] == p:
                        continue
                    seen[s] = p
                    ax, ay, bx, by = segment_xy[s, 0], segment_xy[s, 1], segment_xy[s, 2], segment_xy[s, 3]
                    dx, dy = bx - ax, by - ay
                    wide = dx * dx + dy * dy
                    u = ((x[p] - ax) * dx + (y[p] - ay) * dy) / wide if wide > 0.0 else 0.0
                    off2 = (ax + u * dx - x[p]) ** 2 + (ay + u * dy - y[p]) ** 2  # from the line, which goes on beyond its ends
                    if off2 > reach * reach:
                        continue
                    half = np.sqrt((reach * reach - off2) / wide) if wide > 0.0 else 0.0
                    a = segment_link[s]
                    start, end = segment_span[s, 0], segment_span[s, 1]
                    low = start + max(u - half, 0.0) * (end - start)
                    high = start + min(u + half, 1.0) * (end - start)
                    if high < low:
                        continue
                    sections = max(np.ceil(length[a] / step), 1.0)
                    part = length[a] / sections
                    k = int(np.ceil(low / part - 0.5)) if part > 0.0 else 0
                    while k < sections and (k + 0.5) * part <= high:
                        here = (k + 0.5) * part
                        k += 1
                        if here >= end and end < length[a]:
                            break  # the next segment's
                        if here < start:
                            continue
                        v = (here - start) / (end - start) if end > start else 0.0
                        if filled == len(link):
                            link, along, cost = _longer(link), _longer(along), _longer(cost)
                        link[filled] = a
                        along[filled] = here
                        off2 = (ax + v * dx - x[p]) ** 2 + (ay + v * dy - y[p]) ** 2
                        cost[filled] = min(off2 / (2.0 * sigma * sigma), most)
                        filled += 1
        _sort(link, along, cost, first, filled)
        offsets[p + 1] = filled
    return offsets, link[:filled].copy(), along[:filled].copy(), cost[:filled].copy()


@njit(cache=True, nogil=True)
def _longer(values):  # type: ignore[no-untyped-def]
    out = np.empty(2 * len(values), values.dtype)
    out[:len(values)] = values
    return out


@njit(cache=True, nogil=True)
def _sort(link, along, cost, first, last):  # type: ignore[no-untyped-def]
    """By link, then along it: a few dozen, which mostly stand in order, by insertion."""
    for i in range(first + 1, last):
        a, b, c = link[i], along[i], cost[i]
        j = i - 1
        while j >= first and (link[j] > a or (link[j] == a and along[j] > b)):
            link[j + 1], along[j + 1], cost[j + 1] = link[j], along[j], cost[j]
            j -= 1
        link[j + 1], along[j + 1], cost[j + 1] = a, b, c

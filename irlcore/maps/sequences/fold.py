"""Which events of a long sequence are shown: its begin, its end and what lies round the stretch in question; the rest is folded."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

ENDS = 3
"""Events at either end that are always shown."""
MOST = 60


def shown_runs(n: int, first: int, last: int, most: int = MOST) -> list[tuple[int, int, bool]]:
    """Runs (from, to, whether shown) of ``n`` events, ``most`` or a few more of which are shown, round the stretch from ``first`` to before
    ``last``; of a stretch that is longer than that its two ends are."""
    if n <= most:
        return [(0, n, True)] if n else []
    shown = np.zeros(n, bool)
    shown[:ENDS] = shown[n - ENDS:] = True
    room = most - 2 * ENDS
    long = last - first
    if long > room:
        shown[first:first + room // 2] = shown[last - room // 2:last] = True
    else:
        shown[first:last] = True
        for step in range(1, n):
            if shown.sum() >= most:
                break
            shown[max(first - step, 0)] = shown[min(max(last, 1) - 1 + step, n - 1)] = True
    cuts = np.flatnonzero(np.diff(shown)) + 1
    bounds = [0, *cuts.tolist(), n]
    runs = [(a, b, bool(shown[a]) or b - a == 1) for a, b in pairwise(bounds)]  # a fold of one takes as much room
    out: list[tuple[int, int, bool]] = []
    for a, b, seen in runs:
        if out and out[-1][2] == seen:
            out[-1] = (out[-1][0], b, seen)
        else:
            out.append((a, b, seen))
    return out

"""What others did at each step of a trip, counted by how near they began and ended, compiled.

Trips between the same two places are one group, so nothing grows with the pairs of trips: what each group did is counted once, and summed
once for each group that it is near to.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def places_near(centres, offsets, beside, most, n_places):  # type: ignore[no-untyped-def]
    """Places within ``most`` steps of each of ``centres`` (n,), nearest first: offsets (n + 1,), places and steps (E,).

    offsets (n_places + 1,), beside: the places beside each place.
    """
    out_offsets = np.zeros(len(centres) + 1, np.int64)
    found, steps = np.empty(1024, np.int64), np.empty(1024, np.int64)
    seen = np.full(n_places, -1, np.int64)
    filled = 0
    for c in range(len(centres)):
        first = filled
        seen[centres[c]] = c
        if filled == len(found):
            found, steps = np.append(found, np.empty_like(found)), np.append(steps, np.empty_like(steps))
        found[filled], steps[filled] = centres[c], 0
        filled += 1
        at = first
        while at < filled and steps[at] < most:
            for k in range(offsets[found[at]], offsets[found[at] + 1]):
                if seen[beside[k]] != c:
                    seen[beside[k]] = c
                    if filled == len(found):
                        found, steps = np.append(found, np.empty_like(found)), np.append(steps, np.empty_like(steps))
                    found[filled], steps[filled] = beside[k], steps[at] + 1
                    filled += 1
            at += 1
        out_offsets[c + 1] = filled
    return out_offsets, found[:filled], steps[:filled]


@njit(cache=True, nogil=True)
def counts_of(order, bounds, offsets, what, often, once, n_kinds):  # type: ignore[no-untyped-def]
    """What the trips of each group did: offsets (c + 1,) into kinds (E,), each once a group, and how often (E,).

    order (n,): the trips, group by group; bounds (c + 1,): of the groups in it. offsets (n + 1,), what (C,): the kinds of a trip's steps,
    below n_kinds. often (n,): how many trips each stands for. once: whether what a trip does twice counts once.
    """
    out_offsets = np.zeros(len(bounds), np.int64)
    kinds, counts = np.empty(1024, np.int64), np.empty(1024, np.float64)
    place, last = np.full(n_kinds, -1, np.int64), np.full(n_kinds, -1, np.int64)
    filled = 0
    for c in range(len(bounds) - 1):
        first = filled
        for i in order[bounds[c]:bounds[c + 1]]:
            for t in range(offsets[i], offsets[i + 1]):
                k = what[t]
                if once and last[k] == i:
                    continue
                last[k] = i
                if place[k] < first:
                    if filled == len(kinds):
                        kinds, counts = np.append(kinds, np.empty_like(kinds)), np.append(counts, np.empty_like(counts))
                    place[k], kinds[filled], counts[filled] = filled, k, 0.0
                    filled += 1
                counts[place[k]] += often[i]
        out_offsets[c + 1] = filled
    return out_offsets, kinds[:filled], counts[:filled]


@njit(cache=True, nogil=True)
def near_counts(order, bounds, to_rows, from_rows, near_offsets, near, steps, weight, ended, begins, count_offsets,  # type: ignore[no-untyped-def]
                kinds, counts, broader, n_broader, offsets, what, out):
    """Add up, for each group of trips, what the groups near it did, and tell each step of its trips what came to its broader kind, and to
    its kind: out (C, 2).

    order (n,), bounds (c + 1,): the trips, group by group; to_rows, from_rows (c,): rows, in near_offsets, of where each went and where it
    began; no from_rows where that does not count. near, steps: the places near each row's, and how far they are. weight (H,): by steps
    away. ended (L + 1,): the groups that are counted are sorted by the place where they ended; begins: where each of them began.
    count_offsets, kinds, counts: what they did (``counts_of``). broader (K,): of each kind, below n_broader. offsets (n + 1,), what (C,):
    the kinds of the trips' steps.
    """
    by_start = len(from_rows) > 0
    share, sums, broad = np.zeros(len(ended) - 1), np.zeros(len(broader)), np.zeros(n_broader)
    for c in range(len(bounds) - 1):
        met = 0
        if by_start:
            for k in range(near_offsets[from_rows[c]], near_offsets[from_rows[c] + 1]):
                share[near[k]] = weight[steps[k]]
        for k in range(near_offsets[to_rows[c]], near_offsets[to_rows[c] + 1]):
            for g in range(ended[near[k]], ended[near[k] + 1]):
                w = weight[steps[k]] * (share[begins[g]] if by_start else 1.0)
                if w > 0.0:
                    for e in range(count_offsets[g], count_offsets[g + 1]):
                        sums[kinds[e]] += w * counts[e]
                        broad[broader[kinds[e]]] += w * counts[e]
                    met += count_offsets[g + 1] - count_offsets[g]
        for i in order[bounds[c]:bounds[c + 1]]:
            for t in range(offsets[i], offsets[i + 1]):
                out[t, 0], out[t, 1] = broad[broader[what[t]]], sums[what[t]]
        if met > len(sums):  # wiped by whichever is less to do
            sums[:] = 0.0
            broad[:] = 0.0
        for k in range(near_offsets[to_rows[c]], near_offsets[to_rows[c] + 1] if met <= len(sums) else 0):
            for g in range(ended[near[k]], ended[near[k] + 1]):
                if not by_start or share[begins[g]] > 0.0:
                    for e in range(count_offsets[g], count_offsets[g + 1]):
                        sums[kinds[e]] = 0.0
                        broad[broader[kinds[e]]] = 0.0
        if by_start:
            for k in range(near_offsets[from_rows[c]], near_offsets[from_rows[c] + 1]):
                share[near[k]] = 0.0

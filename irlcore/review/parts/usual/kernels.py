"""What others did at each step of a trip, counted by how near they began and ended, compiled."""

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
def count_alike(order, itself, offsets, states, choices, places, begins, ends, rows, near_offsets, near, steps,  # type: ignore[no-untyped-def]
                weight, ended, other_offsets, other_states, other_choices, other_places, other_begins, n_states, n_places, by_goal,
                by_both, use, total):
    """Add up the weights of other trips at each step of trips, which are gone through in ``order`` (n,), by where they began.

    itself (n,): which of the other trips it is, -1 none: that one is left out. offsets (n + 1,), states, choices, places (C,): the trips'
    steps, where each was made, which it was and the place it led to; begins, ends (n,): places. rows (L,): row of a place in near_offsets,
    near and steps: places near it and how far they are. weight (H,): by steps away. ended (L + 1,): the other trips are sorted by the place
    where they ended. other_...: the same of them.
    by_goal (C, 2): weight, by where they went, of those that were there and of those of them that made the same choice; by_both (C, 2): the
    same by where they came from, too; use (C,): weight, by both, of those that passed the place; total (n, 2): of all, by goal and by both.
    """
    from_near = np.zeros(n_places)
    head, place_head = np.full(n_states, -1, np.int64), np.full(n_places, -1, np.int64)
    following, place_following = np.empty(len(choices), np.int64), np.empty(len(choices), np.int64)
    seen = np.full(n_places, -1, np.int64)
    lately, stamp = -1, 0
    for i in order:
        if begins[i] != lately:
            if lately >= 0:
                for k in range(near_offsets[rows[lately]], near_offsets[rows[lately] + 1]):
                    from_near[near[k]] = 0.0
            lately = begins[i]
            for k in range(near_offsets[rows[lately]], near_offsets[rows[lately] + 1]):
                from_near[near[k]] = weight[steps[k]]
        for t in range(offsets[i], offsets[i + 1]):  # lists of the trip's steps at each state and into each place
            following[t], head[states[t]] = head[states[t]], t
            place_following[t], place_head[places[t]] = place_head[places[t]], t
        for k in range(near_offsets[rows[ends[i]]], near_offsets[rows[ends[i]] + 1]):
            w = weight[steps[k]]
            for j in range(ended[near[k]], ended[near[k] + 1]):
                if j == itself[i]:
                    continue
                v = w * from_near[other_begins[j]]
                total[i, 0] += w
                total[i, 1] += v
                stamp += 1
                for u in range(other_offsets[j], other_offsets[j + 1]):
                    t = head[other_states[u]]
                    while t >= 0:
                        by_goal[t, 0] += w
                        by_both[t, 0] += v
                        if choices[t] == other_choices[u]:
                            by_goal[t, 1] += w
                            by_both[t, 1] += v
                        t = following[t]
                    p = other_places[u]
                    if v > 0.0 and seen[p] != stamp:
                        seen[p] = stamp
                        t = place_head[p]
                        while t >= 0:
                            use[t] += v
                            t = place_following[t]
        for t in range(offsets[i], offsets[i + 1]):
            head[states[t]] = -1
            place_head[places[t]] = -1

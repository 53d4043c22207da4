"""Compiled searches over the steps of a world: where one can come to, and whether some way round pays."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy")
def forward_reach(choice_offsets, successor_offsets, successors, starts, out_reached):  # type: ignore[no-untyped-def]
    """Mark in out_reached (S,) bool, False on entry, all states that some choices lead to from ``starts`` (n,), those included."""
    queue = np.empty(len(out_reached), np.uint32)
    tail = 0
    for s in starts:
        if not out_reached[s]:
            out_reached[s] = True
            queue[tail] = s
            tail += 1
    head = 0
    while head < tail:
        state = queue[head]
        head += 1
        for k in range(successor_offsets[choice_offsets[state]], successor_offsets[choice_offsets[state + np.uint32(1)]]):
            after = successors[k]
            if not out_reached[after]:
                out_reached[after] = True
                queue[tail] = after
                tail += 1


@njit(cache=True, nogil=True, error_model="numpy")
def paying_circle(state, after, reward, plan, value):  # type: ignore[no-untyped-def]
    """A step on a way round whose rewards sum to more than 0, or -1 where there is none (Bellman 1958; Ford 1956).

    state, after: (n,) uint32, steps; reward: (n,). value (S,) is 0 and plan (S,) int64 is -1 on entry. While values rise, the
    steps that raised them last contain a circle only if it pays (Cherkassky and Goldberg 1999), so that is looked for after
    every pass, not after S of them.
    """
    n_states = len(value)
    mark = np.empty(n_states, np.int64)
    for _ in range(n_states + 1):
        risen = False
        for i in range(len(state)):
            q = reward[i] + value[after[i]]
            if q > value[state[i]]:
                value[state[i]] = q
                plan[state[i]] = i
                risen = True
        if not risen:
            return -1
        mark[:] = -1
        for s in range(n_states):
            at = np.int64(s)
            while mark[at] < 0 and plan[at] >= 0:
                mark[at] = s
                at = np.int64(after[plan[at]])
            if plan[at] >= 0 and mark[at] == s:
                return plan[at]
            mark[at] = s if mark[at] < 0 else mark[at]
    return -1

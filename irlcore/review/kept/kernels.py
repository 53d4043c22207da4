"""Trips drawn from a mixture of many policies, one for a whole trip, and the chance of each under all of them, compiled."""

from __future__ import annotations

import numpy as np
from numba import njit

from irlcore.rationality.noise.draws import FIRST, SECOND, STEP

DIVIDED = 2.0**-53


@njit(cache=True, nogil=True, error_model="numpy")
def _mixed(x):  # type: ignore[no-untyped-def]
    """The output function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), as ``rationality.noise.draws`` has it."""
    x = (x ^ (x >> np.uint64(30))) * FIRST
    x = (x ^ (x >> np.uint64(27))) * SECOND
    return x ^ (x >> np.uint64(31))


@njit(cache=True, nogil=True, error_model="numpy")
def _cost(log_q, width):  # type: ignore[no-untyped-def]
    """-log of the mean chance, from the logarithms under each draw."""
    top = -np.inf
    for r in range(width):
        top = max(top, log_q[r])
    if top == -np.inf:
        return np.inf
    total = 0.0
    for r in range(width):
        total += np.exp(log_q[r] - top)
    return -top - np.log(total / width)


@njit(cache=True, nogil=True, error_model="numpy")
def draw_costs(start, seed, first, stops, longest, choice_offsets, successor_offsets, successors, probabilities, recorded, key,  # type: ignore[no-untyped-def]
               is_goal, log_pi, log_q, out):
    """-log of the chance of trips ``first``, first + 1, ... from ``start``, one a row of ``out`` (N, max(1, T)), drawn from the policies
    log_pi (M, R) in turn.

    A trip ends at a goal. Where ``stops`` (T,) are given, ascending, it goes on for the last of them, and its cost up to each is noted.
    recorded (E,): the choice that each outcome is recorded as; log_q (M, R): log of the chance that a choice is recorded. key (E,) uint64
    names what an outcome is, so that the same is drawn however states are numbered: outcomes race (the first of exponential clocks). A
    trip that takes more than ``longest`` steps, or has nowhere to go, is not counted: NaN.
    """
    many, width = out.shape[0], log_pi.shape[1]
    so_far = np.empty(width)
    for k in range(many):
        r, s, t, noted = (first + k) % width, start, 0, 0
        so_far[:] = 0.0
        out[k] = np.nan
        trip = _mixed(seed + np.uint64(first + k + 1) * STEP)
        while True:
            if len(stops) == 0 and is_goal[s]:
                out[k, 0] = _cost(so_far, width)
                break
            if len(stops) > 0 and t == stops[noted]:
                out[k, noted] = _cost(so_far, width)
                noted += 1
                if noted == len(stops):
                    break
            if t == longest:
                break
            here = _mixed(trip + np.uint64(t + 1) * STEP)
            soonest, taken = np.inf, -1
            for m in range(choice_offsets[s], choice_offsets[s + 1]):
                if log_pi[m, r] == -np.inf:
                    continue
                chance = np.exp(log_pi[m, r])
                for e in range(successor_offsets[m], successor_offsets[m + 1]):
                    u = (np.float64(_mixed(here + key[e]) >> np.uint64(11)) + 0.5) * DIVIDED
                    clock = -np.log(u) / (chance * probabilities[e])
                    if clock < soonest:
                        soonest, taken = clock, e
            if taken < 0:
                break
            m = recorded[taken]
            for i in range(width):
                so_far[i] += log_q[m, i]
            s = successors[taken]
            t += 1

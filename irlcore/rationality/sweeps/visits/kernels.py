"""Compiled kernels of visits: where trips from some states come to, the steps among these, features to go, information.

Ranks and steps as in ``sweeps/kernels.py``; ``visited`` (v,) are the ranks that are come to, and steps among them are a CSR matrix of their
chances.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy")
def push_visits(offsets, after, weight, z, column, ends, starts, least, most, out):  # type: ignore[no-untyped-def]
    """Expected visits (n,), zero on entry, of agents who begin at the ranks ``starts``, added to ``out``; ends (n_goals,): where they stop.
    What is less than ``least`` is not followed. Returns whether ``most`` sweeps were enough."""
    left = np.zeros(len(offsets) - 1)
    top = np.int64(0)
    for s in starts:
        left[s] += 1.0
        top = max(top, np.int64(s))
    for _ in range(most):
        again = np.int64(-1)
        for i in range(top, -1, -1):
            mass = left[i]
            if mass > least:
                left[i] = 0.0
                out[i] += mass
                if i >= len(ends) or not ends[i]:
                    share = mass / z[i, column]
                    for q in range(offsets[i], offsets[i + 1]):
                        j = after[q]
                        left[j] += share * weight[q] * z[j, column]
                        if j >= i and left[j] > least:
                            again = max(again, np.int64(j))
        if again < 0:
            return True
        top = again
    return False


@njit(cache=True, nogil=True, error_model="numpy")
def steps_among(offsets, after, choice, weight, z, column, ends, visited, columns,  # type: ignore[no-untyped-def]
                out_offsets, out_after, out_choice, out_chance, out_now):
    """The steps among ``visited`` (v,) ranks, numbered from 0, with their chances, and the features (v, K) that the next step meets."""
    place = np.full(len(offsets) - 1, len(visited), np.uint32)
    for v in range(len(visited)):
        place[visited[v]] = v
    count = 0
    out_offsets[0] = 0
    for v in range(len(visited)):
        i = visited[v]
        if i >= len(ends) or not ends[i]:
            for q in range(offsets[i], offsets[i + np.uint32(1)]):
                j = place[after[q]]
                if j < len(visited):
                    chance = weight[q] * z[after[q], column] / z[i, column]
                    out_after[count], out_choice[count], out_chance[count] = j, choice[q], chance
                    count += 1
                    for k in range(columns.shape[1]):
                        out_now[v, k] += chance * columns[choice[q], k]
        out_offsets[v + 1] = count
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def features_to_go(offsets, after, chance, visits, now, most, tolerance, x):  # type: ignore[no-untyped-def]
    """x (v, 8) = now (v, 8) + P x by Gauss-Seidel. Returns whether it settled.

    A state's error weighs by its expected visits (v,): what the last sweep moved, so weighed and summed, bounds the error at all starts
    together. It is to be ``tolerance`` of what is met on the way at most.
    """
    n = len(offsets) - 1
    size = np.zeros(8)
    for i in range(n):
        for k in range(8):
            size[k] += visits[i] * abs(now[i, k])
    for _ in range(most):
        m0 = m1 = m2 = m3 = m4 = m5 = m6 = m7 = 0.0
        for i in range(n):
            t0, t1, t2, t3, t4, t5, t6, t7 = now[i, 0], now[i, 1], now[i, 2], now[i, 3], now[i, 4], now[i, 5], now[i, 6], now[i, 7]
            for q in range(offsets[i], offsets[i + 1]):
                j, w = after[q], chance[q]
                t0 += w * x[j, 0]
                t1 += w * x[j, 1]
                t2 += w * x[j, 2]
                t3 += w * x[j, 3]
                t4 += w * x[j, 4]
                t5 += w * x[j, 5]
                t6 += w * x[j, 6]
                t7 += w * x[j, 7]
            weight = visits[i]
            m0 += weight * abs(t0 - x[i, 0])
            m1 += weight * abs(t1 - x[i, 1])
            m2 += weight * abs(t2 - x[i, 2])
            m3 += weight * abs(t3 - x[i, 3])
            m4 += weight * abs(t4 - x[i, 4])
            m5 += weight * abs(t5 - x[i, 5])
            m6 += weight * abs(t6 - x[i, 6])
            m7 += weight * abs(t7 - x[i, 7])
            x[i, 0], x[i, 1], x[i, 2], x[i, 3], x[i, 4], x[i, 5], x[i, 6], x[i, 7] = t0, t1, t2, t3, t4, t5, t6, t7
        if (m0 <= tolerance * size[0] and m1 <= tolerance * size[1] and m2 <= tolerance * size[2] and m3 <= tolerance * size[3]
                and m4 <= tolerance * size[4] and m5 <= tolerance * size[5] and m6 <= tolerance * size[6]
                and m7 <= tolerance * size[7]):
            return True
    return False


@njit(cache=True, nogil=True, error_model="numpy")
def add_information(offsets, after, choice, chance, visits, x, columns, out):  # type: ignore[no-untyped-def]
    """Add to ``out`` (K, K), below its diagonal, the covariance of what each visited state's next step brings: features met and to go."""
    width = columns.shape[1]
    apart = np.empty(width)
    for i in range(len(offsets) - 1):
        for q in range(offsets[i], offsets[i + 1]):
            flow, m, j = visits[i] * chance[q], choice[q], after[q]
            for k in range(width):
                apart[k] = columns[m, k] + x[j, k] - x[i, k]
            for k in range(width):
                now = flow * apart[k]
                for other in range(k + 1):
                    out[k, other] += now * apart[other]

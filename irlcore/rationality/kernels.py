"""Compiled kernels of the rationality models: derivatives along plans, softmax by state, sums of MaxEnt's linear systems."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy")
def center(choice_offsets, policy, columns):  # type: ignore[no-untyped-def]
    """Take from each row of columns (M, K) its state's mean under the policy, in place: d Q -> d log pi."""
    width = columns.shape[1]
    mean = np.empty(width)
    for state in range(len(choice_offsets) - 1):
        first, last = choice_offsets[state], choice_offsets[state + 1]
        mean[:] = 0.0
        for m in range(first, last):
            for k in range(width):
                mean[k] += policy[m] * columns[m, k]
        for m in range(first, last):
            for k in range(width):
                columns[m, k] -= mean[k]


@njit(cache=True, nogil=True, error_model="numpy")
def look_ahead(choices, choice_state, successors, goals, reward, value, columns, to_go, row,  # type: ignore[no-untyped-def]
               out_q, out_slopes):
    """Q = r + V and dQ = columns + dV of some choices (n,), one successor each; -inf where a goal would be left. dV stands in to_go
    (rows, K) at ``row`` (S,)."""
    width = columns.shape[1]
    for i in range(len(choices)):
        m = choices[i]
        after = successors[m]
        out_q[i] = reward[m] + value[after]
        for goal in goals:
            if choice_state[m] == goal:
                out_q[i] = -np.inf
        for k in range(width):
            out_slopes[i, k] = columns[m, k] + to_go[row[after], k]


@njit(cache=True, nogil=True, error_model="numpy")
def soft_rows(offsets, q, slopes):  # type: ignore[no-untyped-def]
    """Log softmax of q (n,) by state, in place, and its derivative from dq = slopes (n, K), in place."""
    width = slopes.shape[1]
    mean = np.empty(width)
    for u in range(len(offsets) - 1):
        first, last = offsets[u], offsets[u + 1]
        top = -np.inf
        for i in range(first, last):
            top = max(top, q[i])
        if top == -np.inf:
            continue
        total = 0.0
        for i in range(first, last):
            total += np.exp(q[i] - top)
        norm = top + np.log(total)
        mean[:] = 0.0
        for i in range(first, last):
            q[i] -= norm
            for k in range(width):
                mean[k] += np.exp(q[i]) * slopes[i, k]
        for i in range(first, last):
            for k in range(width):
                slopes[i, k] -= mean[k]


@njit(cache=True, nogil=True, error_model="numpy")
def spread_columns(places, choice_offsets, state_at, into, weight, z, columns, out):  # type: ignore[no-untyped-def]
    """out[i] = sum over the choices m of place i of weight[m] z[into[m]] columns[m]: how (I - W) z moves with the rewards.

    places: (n,) those to go over, numbered as in ``linear``. columns: (M, K). out: (S, K or more), zero on entry.
    """
    for i in places:
        state = state_at[i]
        for m in range(choice_offsets[state], choice_offsets[state + 1]):
            chance = weight[m] * z[into[m]]
            for k in range(columns.shape[1]):
                out[i, k] += chance * columns[m, k]


@njit(cache=True, nogil=True, error_model="numpy")
def second_moment(places, choice_offsets, state_at, into, weight, z, x, adjoint, columns, out):  # type: ignore[no-untyped-def]
    """Add to ``out`` (K, K) the expected products of features met now with features met now or (twice) later.

    places: (n,) those to go over. x: (S, K or more), features to go times z. adjoint: (S,), expected visits over z.
    """
    width = columns.shape[1]
    later = np.empty(width)
    for i in places:
        state = state_at[i]
        for m in range(choice_offsets[state], choice_offsets[state + 1]):
            after = into[m]
            flow = adjoint[i] * weight[m]
            for k in range(width):
                later[k] = flow * (z[after] * columns[m, k] + 2.0 * x[after, k])
            for k in range(width):
                now = columns[m, k]
                if now != 0.0:
                    for j in range(width):
                        out[k, j] += now * later[j]


@njit(cache=True, nogil=True, error_model="numpy")
def take_out(z, amount, out):  # type: ignore[no-untyped-def]
    """out (S, B) less z (S,) times amount (B,), in place."""
    for i in range(len(z)):
        if z[i] != 0.0:
            for b in range(len(amount)):
                out[i, b] -= z[i] * amount[b]

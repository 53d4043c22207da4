"""Kernels of Krylov policy evaluation: order the states, write out the plan's equations, solve them.

Letters as in ``worlds/mdp.py``, plans as in ``planning/iteration/kernels.py``; indices are uint32.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from irlcore.planning.iteration.kernels import NO_CHOICE

_ONE = np.uint64(1)
_ON_WALK = np.uint32(0xFFFFFFFE)


@njit(cache=True, nogil=True, error_model="numpy")
def policy_order(plan, likeliest, out_rank, out_order):  # type: ignore[no-untyped-def]
    """Number the states so that the likeliest successor under the plan comes before the state (cycles cut anywhere)."""
    n = len(plan)
    out_rank[:] = NO_CHOICE
    walk = np.empty(n, np.uint32)
    count = np.uint32(0)
    for start in range(n):
        s, length = np.uint32(start), 0
        while out_rank[s] == NO_CHOICE:
            out_rank[s] = _ON_WALK
            walk[length] = s
            length += 1
            if plan[s] == NO_CHOICE:
                break
            s = likeliest[plan[s]]
        while length > 0:
            length -= 1
            out_rank[walk[length]] = count
            out_order[count] = walk[length]
            count += np.uint32(1)


@njit(cache=True, nogil=True, error_model="numpy")
def place_rows(order, room, out_first):  # type: ignore[no-untyped-def]
    """Give the row of each state, in ``order``, as many places as its widest choice has successors: room (S,)."""
    at = np.uint32(0)
    for i in range(len(order)):
        out_first[i] = at
        at += room[order[i]]


@njit(cache=True, nogil=True, error_model="numpy")
def write_rows(order, rank, plan, written, successor_offsets, successors, probabilities, gamma,  # type: ignore[no-untyped-def]
               first, upper, last, columns, data, scale):
    """The rows of I - gamma P_plan, scaled to a unit diagonal: I - L - U in the numbering of ``order``.

    Row i holds L in first[i]:upper[i] and U in upper[i]:last[i] of columns, data. Only rows are written whose choice is not
    the one ``written`` (S,) says is there.
    """
    for i in range(len(order)):
        s = order[i]
        m = plan[s]
        if written[s] == m:
            continue
        written[s] = m
        at, diagonal = np.uint64(first[i]), 1.0
        end = at
        if m != NO_CHOICE:
            k, k_end = np.uint64(successor_offsets[m]), np.uint64(successor_offsets[m + _ONE])
            while k < k_end:
                j = rank[successors[k]]
                weight = gamma * probabilities[k]
                k += _ONE
                if j == i:
                    diagonal -= weight
                elif j < i:
                    columns[end], data[end] = columns[at], data[at]
                    columns[at], data[at] = j, weight
                    at += _ONE
                    end += _ONE
                else:
                    columns[end], data[end] = j, weight
                    end += _ONE
        upper[i], last[i] = at, end
        scale[i] = 1.0 / diagonal
        for place in range(np.uint64(first[i]), end):
            data[place] *= scale[i]


@njit(cache=True, nogil=True, error_model="numpy")
def right_side(order, plan, scale, value, backup, out_right):  # type: ignore[no-untyped-def]
    """b = (T V - V) scaled as the rows are, 0 where the value is given."""
    for i in range(len(order)):
        s = order[i]
        out_right[i] = (backup[s] - value[s]) * scale[i] if plan[s] != NO_CHOICE else 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def add_correction(rank, x, value):  # type: ignore[no-untyped-def]
    """V <- V + x, x in the rows' numbering."""
    for s in range(len(value)):
        value[s] += x[rank[s]]


@njit(cache=True, nogil=True, error_model="numpy")
def _after_lower(first, upper, last, columns, data, y, shadow, out_z, out):  # type: ignore[no-untyped-def]
    """z = (I - L)^-1 y and out = (I - L - U) z = y - U z; returns out . out, out . y and out . shadow."""
    for i in range(len(y)):
        t = y[i]
        k, k_end = np.uint64(first[i]), np.uint64(upper[i])
        while k < k_end:
            t += data[k] * out_z[columns[k]]
            k += _ONE
        out_z[i] = t
    own, with_y, with_shadow = 0.0, 0.0, 0.0
    for i in range(len(y)):
        t = y[i]
        k, k_end = np.uint64(upper[i]), np.uint64(last[i])
        while k < k_end:
            t -= data[k] * out_z[columns[k]]
            k += _ONE
        out[i] = t
        own += t * t
        with_y += t * y[i]
        with_shadow += t * shadow[i]
    return own, with_y, with_shadow


@njit(cache=True, nogil=True, error_model="numpy")
def bicgstab(first, upper, last, columns, data, residual, reduce, most, x, work):  # type: ignore[no-untyped-def]
    """Solve (I - L - U) x = b from x = 0 by BiCGSTAB (van der Vorst 1992), preconditioned from the right by the
    Gauss-Seidel sweep (I - L)^-1: (I - L - U)(I - L)^-1 = I - U (I - L)^-1, so a product costs one sweep (Eisenstat 1981).

    ``residual`` (S,) is b and is overwritten with what is left of it; work (6, S). Stops at ``reduce`` times the sup norm of b.
    Returns how many iterations and the share of the sup norm left (by recurrence; the caller measures again).
    """
    shadow, p, v, p_hat, s_hat, t = work[0], work[1], work[2], work[3], work[4], work[5]
    begun, rho = 0.0, 0.0
    for i in range(len(x)):
        x[i], p[i], v[i], shadow[i] = 0.0, 0.0, 0.0, residual[i]
        begun = max(begun, abs(residual[i]))
        rho += residual[i] * residual[i]
    before, alpha, omega, done, top = 1.0, 1.0, 1.0, 0, begun
    while done < most and top > reduce * begun and rho != 0.0 and omega != 0.0:
        beta = (rho / before) * (alpha / omega)
        for i in range(len(x)):
            p[i] = residual[i] + beta * (p[i] - omega * v[i])
        _, _, projection = _after_lower(first, upper, last, columns, data, p, shadow, p_hat, v)
        if projection == 0.0:
            break
        alpha = rho / projection
        for i in range(len(x)):
            residual[i] -= alpha * v[i]
        own, with_y, _ = _after_lower(first, upper, last, columns, data, residual, shadow, s_hat, t)
        omega = with_y / own if own > 0.0 else 0.0
        before, rho, top = rho, 0.0, 0.0
        for i in range(len(x)):
            x[i] += alpha * p_hat[i] + omega * s_hat[i]
            residual[i] -= omega * t[i]
            rho += shadow[i] * residual[i]
            top = max(top, abs(residual[i]))
        done += 1
    return done, top / begun if begun > 0.0 else 0.0

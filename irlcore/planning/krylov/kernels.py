"""Kernels of Krylov policy evaluation: order the states, write out the plan's equations, solve them.

Letters as in ``worlds/mdp.py``, plans as in ``planning/iteration/kernels.py``; indices are uint32.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from irlcore.planning.iteration.kernels import NO_CHOICE

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
def policy_system(order, rank, plan, successor_offsets, successors, probabilities, reward, gamma, value,  # type: ignore[no-untyped-def]
                  out_lower, out_upper, out_columns, out_data, out_right):
    """(I - gamma P_plan) x = r + gamma P V - V, rows in ``order`` and scaled to a unit diagonal: (I - L - U) x = b.

    Row i holds L in out_lower[i]:out_upper[i] and U in out_upper[i]:out_lower[i + 1] of out_columns, out_data.
    """
    at = np.uint32(0)
    one = np.uint32(1)
    for i in range(len(order)):
        s = order[i]
        m = plan[s]
        out_lower[i] = at
        end, diagonal, q = at, 1.0, 0.0
        if m != NO_CHOICE:
            for k in range(successor_offsets[m], successor_offsets[m + one]):
                to = successors[k]
                weight = gamma * probabilities[k]
                q += weight * value[to]
                j = rank[to]
                if j == i:
                    diagonal -= weight
                elif j < i:
                    out_columns[end], out_data[end] = out_columns[at], out_data[at]
                    out_columns[at], out_data[at] = j, weight
                    at += one
                    end += one
                else:
                    out_columns[end], out_data[end] = j, weight
                    end += one
        out_upper[i] = at
        scale = 1.0 / diagonal
        for k in range(out_lower[i], end):
            out_data[k] *= scale
        out_right[i] = (reward[m] + q - value[s]) * scale if m != NO_CHOICE else 0.0
        at = end
    out_lower[len(order)] = at


@njit(cache=True, nogil=True, error_model="numpy")
def _after_lower(lower, upper, columns, data, y, shadow, out_z, out):  # type: ignore[no-untyped-def]
    """z = (I - L)^-1 y and out = (I - L - U) z = y - U z; returns out . out, out . y and out . shadow."""
    for i in range(len(y)):
        t = y[i]
        for k in range(lower[i], upper[i]):
            t += data[k] * out_z[columns[k]]
        out_z[i] = t
    own, with_y, with_shadow = 0.0, 0.0, 0.0
    for i in range(len(y)):
        t = y[i]
        for k in range(upper[i], lower[i + 1]):
            t -= data[k] * out_z[columns[k]]
        out[i] = t
        own += t * t
        with_y += t * y[i]
        with_shadow += t * shadow[i]
    return own, with_y, with_shadow


@njit(cache=True, nogil=True, error_model="numpy")
def bicgstab(lower, upper, columns, data, residual, reduce, most, x, work):  # type: ignore[no-untyped-def]
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
        _, _, projection = _after_lower(lower, upper, columns, data, p, shadow, p_hat, v)
        if projection == 0.0:
            break
        alpha = rho / projection
        for i in range(len(x)):
            residual[i] -= alpha * v[i]
        own, with_y, _ = _after_lower(lower, upper, columns, data, residual, shadow, s_hat, t)
        omega = with_y / own if own > 0.0 else 0.0
        before, rho, top = rho, 0.0, 0.0
        for i in range(len(x)):
            x[i] += alpha * p_hat[i] + omega * s_hat[i]
            residual[i] -= omega * t[i]
            rho += shadow[i] * residual[i]
            top = max(top, abs(residual[i]))
        done += 1
    return done, top / begun if begun > 0.0 else 0.0

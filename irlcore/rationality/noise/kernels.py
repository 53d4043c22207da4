"""Compiled kernels of noisy values: what errors on the value of what comes next make of choices, and derivatives both ways.

The error of choice i under draw r is N[i, r] = fields[i, r] for the first half of the draws and its opposite for the second, plus
wants[i] @ zeta[:, r]. Choices come by state: those of state u are rows ``offsets[u]:offsets[u + 1]``.
"""

from __future__ import annotations

import numpy as np
from numba import njit

FAR = -300.0
"""log P below which shares of draws are reckoned relative to the largest, so that they do not underflow."""


@njit(cache=True, nogil=True, error_model="numpy")
def _errors(first, n, fields, wants, zeta, out):  # type: ignore[no-untyped-def]
    """N of rows first:first + n into out (n or more, R)."""
    half, n_draws = fields.shape[1], zeta.shape[1]
    for i in range(n):
        for h in range(half):
            out[i, h] = fields[first + i, h]
            out[i, half + h] = -fields[first + i, h]
        if half == 0:
            out[i, :n_draws] = 0.0
        for w in range(wants.shape[1]):
            size = wants[first + i, w]
            for r in range(n_draws):
                out[i, r] += size * zeta[w, r]


@njit(cache=True, nogil=True, error_model="numpy")
def _soften(n, q, first, sigma, errors, out_log_p, out_p):  # type: ignore[no-untyped-def]
    """log softmax of q + sigma N over n choices, and its exponential, under each draw; all (n or more, R)."""
    for r in range(errors.shape[1]):
        peak, total = -np.inf, 0.0
        for i in range(n):
            out_log_p[i, r] = q[first + i] + sigma * errors[i, r]
            peak = max(peak, out_log_p[i, r])
        for i in range(n):
            out_p[i, r] = np.exp(out_log_p[i, r] - peak)
            total += out_p[i, r]
        norm = peak + np.log(total)
        for i in range(n):
            out_p[i, r] /= total
            out_log_p[i, r] -= norm


@njit(cache=True, nogil=True, error_model="numpy")
def log_choices(offsets, q, fields, wants, zeta, sigma, out):  # type: ignore[no-untyped-def]
    """log pi (n, R) of all rows under each draw; -inf for all of a state from which nothing leads on."""
    most, n_draws = np.int64(0), zeta.shape[1]
    for u in range(len(offsets) - 1):
        most = max(most, np.int64(offsets[u + 1]) - np.int64(offsets[u]))
    errors, log_p, p = np.empty((most, n_draws)), np.empty((most, n_draws)), np.empty((most, n_draws))
    for u in range(len(offsets) - 1):
        first = np.int64(offsets[u])
        n = np.int64(offsets[u + 1]) - first
        if n == 0 or q[first:first + n].max() == -np.inf:
            out[first:first + n] = -np.inf
            continue
        _errors(first, n, fields, wants, zeta, errors)
        _soften(n, q, first, sigma, errors, log_p, p)
        out[first:first + n] = log_p[:n]


@njit(cache=True, nogil=True, error_model="numpy")
def fresh(offsets, q, fields, wants, zeta, sigma, columns, field_slopes, want_slopes, out_log_p, out_slopes,  # type: ignore[no-untyped-def]
          given, out_q, out_fields, out_wants):
    """Choices of U states, each with errors of its own at every visit: log of the mean over draws of softmax(q + sigma N).

    q (n,), fields (n, H), wants (n, W), zeta (W, R). Forwards, where columns has K > 0: columns (n, K) dq, field_slopes (n, K, H) and
    want_slopes (n, K, W), empty where nothing moves, give out_slopes (n, K + 1), zero on entry, the last one by sigma. Backwards, where
    given (n,) is not empty: weights on log pi are added to out_q (n,), out_fields (n, H) and out_wants (n, W).
    """
    n_draws, half, n_wants, n_columns, back = zeta.shape[1], fields.shape[1], wants.shape[1], columns.shape[1], len(given) > 0
    most = np.int64(0)
    for u in range(len(offsets) - 1):
        most = max(most, np.int64(offsets[u + 1]) - np.int64(offsets[u]))
    errors, log_p, p = np.empty((most, n_draws)), np.empty((most, n_draws)), np.empty((most, n_draws))
    share, pulled, by_field = np.empty(n_draws), np.empty(n_draws), np.empty(half)
    for u in range(len(offsets) - 1):
        first = np.int64(offsets[u])
        n = np.int64(offsets[u + 1]) - first
        out_log_p[first:first + n] = -np.inf
        if n == 0 or q[first:first + n].max() == -np.inf or (back and (given[first:first + n] == 0.0).all()):
            continue
        _errors(first, n, fields, wants, zeta, errors)
        _soften(n, q, first, sigma, errors, log_p, p)
        for c in range(n):
            if q[first + c] == -np.inf:
                continue
            highest, total = -np.inf, 0.0
            for r in range(n_draws):
                highest = max(highest, log_p[c, r])
            for r in range(n_draws):
                share[r] = p[c, r] if highest > FAR else np.exp(log_p[c, r] - highest)
                total += share[r]
            out_log_p[first + c] = np.log(total / n_draws) + (0.0 if highest > FAR else highest)
            if n_columns == 0 and not (back and given[first + c] != 0.0):
                continue
            by_sigma, scale = 0.0, 1.0 / total
            for i in range(n):
                sum_q = 0.0
                for r in range(n_draws):
                    w = share[r] * scale * ((1.0 if i == c else 0.0) - p[i, r])
                    pulled[r] = w
                    sum_q += w
                    by_sigma += w * errors[i, r]
                for h in range(half):
                    by_field[h] = sigma * (pulled[h] - pulled[half + h])
                for k in range(n_columns):
                    moved = sum_q * columns[first + i, k]
                    if len(field_slopes) > 0:
                        for h in range(half):
                            moved += by_field[h] * field_slopes[first + i, k, h]
                    out_slopes[first + c, k] += moved
                if back:
                    out_q[first + i] += given[first + c] * sum_q
                    for h in range(half):
                        out_fields[first + i, h] += given[first + c] * by_field[h]
                for w in range(n_wants):
                    by_want = 0.0
                    for r in range(n_draws):
                        by_want += sigma * pulled[r] * zeta[w, r]
                    if len(want_slopes) > 0:
                        for k in range(n_columns):
                            out_slopes[first + c, k] += by_want * want_slopes[first + i, k, w]
                    if back:
                        out_wants[first + i, w] += given[first + c] * by_want
            if n_columns > 0:
                out_slopes[first + c, n_columns] = by_sigma


@njit(cache=True, nogil=True, error_model="numpy")
def kept(at, offsets, counts, seen_offsets, seen, chance, log_pi, fields, wants, zeta, sigma,  # type: ignore[no-untyped-def]
         out_log_q, out_q, out_fields, out_wants):
    """One trip with one draw of errors for all its choices: log P = log mean_r prod of its steps' chances, and weights on everything.

    at (D,): rows of the choices of its U distinct states; offsets (U + 1,) and counts (D,), how often each was recorded. The chance of
    recorded choice c is the sum of chance[k] pi(seen[k]), k in seen_offsets[c]:seen_offsets[c + 1], places in D. log_pi (n, R) of all
    rows, fields (n, H), wants (n, W). Fills out_log_q (D, R), the log chance of each recorded choice, and, where out_q is not empty,
    adds d log P to out_q (D,), out_fields (D, H), out_wants (D, W). Returns log P and d log P / d sigma.
    """
    n, n_draws, half = len(at), log_pi.shape[1], fields.shape[1]
    log_path = np.zeros(n_draws)
    for c in range(n):
        single = seen_offsets[c + 1] - seen_offsets[c] == 1 and chance[seen_offsets[c]] == 1.0
        for r in range(n_draws):
            if single:
                out_log_q[c, r] = log_pi[at[seen[seen_offsets[c]]], r]
            else:
                total = 0.0
                for k in range(seen_offsets[c], seen_offsets[c + 1]):
                    total += chance[k] * np.exp(log_pi[at[seen[k]], r])
                out_log_q[c, r] = np.log(total)
        if counts[c] > 0.0:
            for r in range(n_draws):
                log_path[r] += counts[c] * out_log_q[c, r]
    top = log_path.max() if n_draws > 0 else -np.inf
    if top == -np.inf:
        return -np.inf, 0.0
    share = np.exp(log_path - top)
    total = share.sum()
    log_p = top + np.log(total / n_draws)
    if len(out_q) == 0:
        return log_p, 0.0
    share /= total
    errors, on, by_sigma = np.empty((1, n_draws)), np.empty((n, n_draws)), 0.0
    on[:] = 0.0
    for c in range(n):
        if counts[c] > 0.0:
            for k in range(seen_offsets[c], seen_offsets[c + 1]):
                single = seen_offsets[c + 1] - seen_offsets[c] == 1
                for r in range(n_draws):
                    part = 1.0 if single else chance[k] * np.exp(log_pi[at[seen[k]], r] - out_log_q[c, r])
                    if share[r] > 0.0:
                        on[seen[k], r] += counts[c] * share[r] * part
    for u in range(len(offsets) - 1):
        visits = 0.0
        for c in range(offsets[u], offsets[u + 1]):
            visits += counts[c]
        if visits == 0.0:
            continue
        for c in range(offsets[u], offsets[u + 1]):
            _errors(np.int64(at[c]), 1, fields, wants, zeta, errors)
            on_q = 0.0
            for r in range(n_draws):
                weight = on[c, r] - visits * share[r] * np.exp(log_pi[at[c], r])
                on[c, r] = weight
                on_q += weight
                by_sigma += weight * errors[0, r]
            out_q[c] += on_q
            for h in range(half):
                out_fields[c, h] += sigma * (on[c, h] - on[c, half + h])
            for w in range(wants.shape[1]):
                by_want = 0.0
                for r in range(n_draws):
                    by_want += on[c, r] * zeta[w, r]
                out_wants[c, w] += sigma * by_want
    return log_p, by_sigma

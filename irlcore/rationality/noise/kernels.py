"""Compiled kernels of noisy values: what errors on the value of what comes next make of choices, and derivatives both ways.

The error of choice i under draw r is N[i, r] = fields[i, r] for the first half of the draws and its opposite for the second, plus
wants[i] @ zeta[:, r]. Choices come by state: those of state u are rows ``offsets[u]:offsets[u + 1]``.
"""

from __future__ import annotations

import numpy as np
from numba import njit

SMALL = 1e-130
"""Chance below which shares of draws are reckoned relative to the largest, so that they do not underflow."""
LEAST = -707.0  # nats: e^x below is as good as 0
LOG2E, LN2_HIGH, LN2_LOW, ROUND = 1.4426950408889634, 6.93147180369123816490e-01, 1.90821492927058770002e-10, 1.5 * 2.0**52
"""Of ``_exponentials``: log 2 in two parts, the first short enough that its multiples are exact; adding ROUND rounds to a whole number."""


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
def _exponentials(x, scale):  # type: ignore[no-untyped-def]
    """e^x of x (N,) <= 0 in place, within 2 units of the last place, 0 where it would be below 1e-307: 2^k e^r with a series for e^r, in
    loops that the processor does several numbers at a time of. scale (N,) is overwritten."""
    for i in range(len(x)):
        y = x[i] if x[i] > LEAST else LEAST
        k = y * LOG2E + ROUND  # whole in its last bits
        scale[i] = k
        k -= ROUND
        r = (y - k * LN2_HIGH) - k * LN2_LOW
        e = 1.0 / 6227020800.0
        e = e * r + 1.0 / 479001600.0
        e = e * r + 1.0 / 39916800.0
        e = e * r + 1.0 / 3628800.0
        e = e * r + 1.0 / 362880.0
        e = e * r + 1.0 / 40320.0
        e = e * r + 1.0 / 5040.0
        e = e * r + 1.0 / 720.0
        e = e * r + 1.0 / 120.0
        e = e * r + 1.0 / 24.0
        e = e * r + 1.0 / 6.0
        e = e * r + 0.5
        e = e * r + 1.0
        e = e * r + 1.0
        x[i] = e if y > LEAST else 0.0
    bits, shift = x.view(np.int64), scale.view(np.int64)
    for i in range(len(x)):
        bits[i] += (shift[i] << np.int64(52)) if bits[i] != 0 else np.int64(0)


@njit(cache=True, nogil=True, error_model="numpy")
def _soften(n, q, first, sigma, errors, out_p, out_peak, out_total, spare):  # type: ignore[no-untyped-def]
    """e^(q + sigma N - peak) over n choices under each draw, (n or more, R), with its peak and total over the choices, (R,)."""
    n_draws = errors.shape[1]
    for r in range(n_draws):
        out_peak[r] = -np.inf
        out_total[r] = 0.0
    for i in range(n):
        value = q[first + i]
        for r in range(n_draws):
            v = value + sigma * errors[i, r]
            out_p[i, r] = v
            out_peak[r] = v if v > out_peak[r] else out_peak[r]
    for i in range(n):
        for r in range(n_draws):
            out_p[i, r] -= out_peak[r]
        _exponentials(out_p[i], spare)
        for r in range(n_draws):
            out_total[r] += out_p[i, r]


@njit(cache=True, nogil=True, error_model="numpy")
def _far_shares(value, sigma, errors, peak, total, out):  # type: ignore[no-untyped-def]
    """e^(log p - far) of one choice under each draw, (R,), where p itself underflows; far, the largest log p, is returned."""
    far = -np.inf
    for r in range(len(out)):
        out[r] = value + sigma * errors[r] - peak[r] - np.log(total[r])
        far = max(far, out[r])
    for r in range(len(out)):
        out[r] = np.exp(out[r] - far)
    return far


@njit(cache=True, nogil=True, error_model="numpy")
def _dot(a, b):  # type: ignore[no-untyped-def]
    """a . b, in four sums side by side, of a quarter each: unsigned places are never taken for such from the end."""
    s0, s1, s2, s3, part = 0.0, 0.0, 0.0, 0.0, np.uint64(len(a) // 4)
    for r in range(part):
        s0 += a[r] * b[r]
        s1 += a[r + part] * b[r + part]
        s2 += a[r + part + part] * b[r + part + part]
        s3 += a[r + part + part + part] * b[r + part + part + part]
    for r in range(np.uint64(4) * part, np.uint64(len(a))):
        s0 += a[r] * b[r]
    return (s0 + s1) + (s2 + s3)


@njit(cache=True, nogil=True, error_model="numpy")
def _most_choices(offsets):  # type: ignore[no-untyped-def]
    most = np.int64(0)
    for u in range(len(offsets) - 1):
        most = max(most, np.int64(offsets[u + 1]) - np.int64(offsets[u]))
    return most


@njit(cache=True, nogil=True, error_model="numpy")
def log_choices(offsets, q, fields, wants, zeta, sigma, out):  # type: ignore[no-untyped-def]
    """log pi (n, R) of all rows under each draw; -inf for all of a state from which nothing leads on."""
    most, n_draws = _most_choices(offsets), zeta.shape[1]
    errors, p = np.empty((most, n_draws)), np.empty((most, n_draws))
    peak, total, spare = np.empty(n_draws), np.empty(n_draws), np.empty(n_draws)
    for u in range(len(offsets) - 1):
        first = np.int64(offsets[u])
        n = np.int64(offsets[u + 1]) - first
        if n == 0 or q[first:first + n].max() == -np.inf:
            out[first:first + n] = -np.inf
            continue
        _errors(first, n, fields, wants, zeta, errors)
        _soften(n, q, first, sigma, errors, p, peak, total, spare)
        for r in range(n_draws):
            peak[r] += np.log(total[r])
        for i in range(n):
            for r in range(n_draws):
                out[first + i, r] = q[first + i] + sigma * errors[i, r] - peak[r]


@njit(cache=True, nogil=True, error_model="numpy")
def fresh(offsets, q, fields, wants, zeta, sigma, columns, field_slopes, want_slopes, out_log_p, out_slopes,  # type: ignore[no-untyped-def]
          given, out_q, out_fields, out_wants):
    """Choices of U states, each with errors of its own at every visit: log of the mean over draws of softmax(q + sigma N).

    q (n,), fields (n, H), wants (n, W), zeta (W, R). Forwards, where columns has K > 0: columns (n, K) dq, field_slopes (n, K, H) and
    want_slopes (n, K, W), empty where nothing moves, give out_slopes (n, K + 1), zero on entry, the last one by sigma. Backwards, where
    given (n,) is not empty: weights on log pi are added to out_q (n,), out_fields (n, H) and out_wants (n, W).

    With the share s_c of each draw in choice c, d log P(c) = sum over draws of s_c (D_c - sum over i of p_i D_i), D what moves q + sigma N.
    """
    n_draws, half, n_wants, n_columns, back = zeta.shape[1], fields.shape[1], wants.shape[1], columns.shape[1], len(given) > 0
    most = _most_choices(offsets)
    errors, p, share, moved = (np.empty((most, n_draws)), np.empty((most, n_draws)), np.empty((most, n_draws)), np.empty((most, n_draws)))
    peak, total, mean, by_want = np.empty(n_draws), np.empty(n_draws), np.empty(n_draws), np.empty(n_draws)
    for u in range(len(offsets) - 1):
        first = np.int64(offsets[u])
        n = np.int64(offsets[u + 1]) - first
        out_log_p[first:first + n] = -np.inf
        if n == 0 or q[first:first + n].max() == -np.inf or (back and (given[first:first + n] == 0.0).all()):
            continue
        _errors(first, n, fields, wants, zeta, errors)
        _soften(n, q, first, sigma, errors, p, peak, total, mean)
        for i in range(n):
            for r in range(n_draws):
                p[i, r] /= total[r]
        for c in range(n):
            share[c] = 0.0
            if q[first + c] == -np.inf:
                continue
            highest, far = p[c].max(), 0.0
            if highest > SMALL:
                share[c] = p[c]
            else:  # so little that it would underflow: relative to the largest
                far = _far_shares(q[first + c], sigma, errors[c], peak, total, share[c])
            whole = share[c].sum()
            out_log_p[first + c] = np.log(whole / n_draws) + far
            for r in range(n_draws):
                share[c, r] /= whole
        for k in range(n_columns + 1 if n_columns > 0 else 0):
            mean[:] = 0.0
            for i in range(n):
                if k == n_columns:
                    moved[i] = errors[i]
                else:
                    _moved(first + i, k, columns, field_slopes, want_slopes, zeta, sigma, moved[i])
                for r in range(n_draws):
                    mean[r] += p[i, r] * moved[i, r]
            for c in range(n):
                for r in range(n_draws):
                    moved[c, r] -= mean[r]
                out_slopes[first + c, k] += _dot(share[c], moved[c])
        if back:
            mean[:] = 0.0
            for c in range(n):
                for r in range(n_draws):
                    mean[r] += given[first + c] * share[c, r]
            for i in range(n):
                for r in range(n_draws):
                    by_want[r] = given[first + i] * share[i, r] - p[i, r] * mean[r]
                out_q[first + i] += by_want.sum()
                for h in range(half):
                    out_fields[first + i, h] += sigma * (by_want[h] - by_want[half + h])
                for w in range(n_wants):
                    out_wants[first + i, w] += sigma * _dot(by_want, zeta[w])


@njit(cache=True, nogil=True, error_model="numpy")
def judge(offsets, q, given, at, fields, sigma, out_q, out_fields):  # type: ignore[no-untyped-def]
    """Total of given (n,) times log pi, as in ``fresh``, and its derivative by sigma, of rows whose errors stand in ``fields`` (places, H)
    at ``at`` (n,), with no wants. Weights on q are added to out_q (n,), those on fields to out_fields (places, H). A row with something
    given and no chance makes it -inf."""
    half, total_given, by_sigma = fields.shape[1], 0.0, 0.0
    most, n_draws = max(_most_choices(offsets), 1), 2 * half
    errors, p, on = np.empty((most, n_draws)), np.empty((most, n_draws)), np.empty((most, n_draws))
    peak, total, spare = np.empty(n_draws), np.empty(n_draws), np.empty(n_draws)
    for u in range(len(offsets) - 1):
        first = np.int64(offsets[u])
        n = np.int64(offsets[u + 1]) - first
        if n == 0 or (given[first:first + n] == 0.0).all():
            continue
        if q[first:first + n].max() == -np.inf:
            return -np.inf, 0.0
        if n == 1:
            continue
        for i in range(n):
            row, to = fields[at[first + i]], errors[i]
            for h in range(half):
                to[h] = row[h]
                to[half + h] = -row[h]
        _soften(n, q, first, sigma, errors, p, peak, total, spare)
        for r in range(n_draws):
            spare[r] = 1.0 / total[r]
        for i in range(n):
            to = p[i]
            for r in range(n_draws):
                to[r] *= spare[r]
        mean = spare
        mean[:] = 0.0
        for c in range(n):
            weight, share, row = given[first + c], on[c], p[c]
            if weight == 0.0:
                share[:] = 0.0
                continue
            if q[first + c] == -np.inf:
                return -np.inf, 0.0
            highest, far = row.max(), 0.0
            if highest > SMALL:
                for r in range(n_draws):
                    share[r] = row[r]
            else:  # so little that it would underflow: relative to the largest
                far = _far_shares(q[first + c], sigma, errors[c], peak, total, share)
            whole = share.sum()
            total_given += weight * (np.log(whole / n_draws) + far)
            weight /= whole
            for r in range(n_draws):
                share[r] *= weight
                mean[r] += share[r]
        for i in range(n):
            share, row, error, to = on[i], p[i], fields[at[first + i]], out_fields[at[first + i]]
            for r in range(n_draws):
                share[r] -= row[r] * mean[r]
            out_q[first + i] += share.sum()
            for h in range(half):
                share[h] -= share[half + h]
                to[h] += sigma * share[h]
            by_sigma += _dot(share[:half], error)
    return total_given, by_sigma


@njit(cache=True, nogil=True, error_model="numpy")
def _moved(i, k, columns, field_slopes, want_slopes, zeta, sigma, out):  # type: ignore[no-untyped-def]
    """How q + sigma N of row i moves with weight k under each draw, out (R,)."""
    column = columns[i, k]
    out[:] = column
    if len(field_slopes) > 0:
        half = field_slopes.shape[2]
        for h in range(half):
            by_field = sigma * field_slopes[i, k, h]
            out[h] = column + by_field
            out[half + h] = column - by_field
    if len(want_slopes) > 0:
        for w in range(want_slopes.shape[2]):
            by_want = sigma * want_slopes[i, k, w]
            for r in range(len(out)):
                out[r] += by_want * zeta[w, r]


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

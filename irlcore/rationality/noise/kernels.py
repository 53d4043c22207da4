"""Compiled kernels of noisy values. Errors come in blocks of D choices that are judged together: the choices of one state
where errors are fresh at each step, those of all states of a trip where one draw is kept.

In a block the errors are N = sigma (L Z + X Z2), (D, R) for R draws: L L' = C a covariance known pair by pair (Cholesky), X X'
one known by its factors. Derivatives run backwards: from weights on N to weights on L, C and X (Murray 2016, *Differentiation
of the Cholesky decomposition*, section 3.1), and from C[a, b] = -V(merge of a and b) to the value where the plans of a and b merge.
"""

from __future__ import annotations

import numpy as np
from numba import njit

PATH, INDEPENDENT, NONE = 1, 2, 0


@njit(cache=True, nogil=True, error_model="numpy")
def _covariance(kind, choices, successor_offsets, successors, probabilities, discount,  # type: ignore[no-untyped-def]
                value, rank, parent, root, out_merge, out):
    """C (D, D), lower half, of a block's choices. PATH: cost to go from where two plans merge; INDEPENDENT: shared successors that
    have an error, those of a value."""
    for i in range(len(choices)):
        a = choices[i]
        for j in range(i + 1):
            b = choices[j]
            if kind == PATH:
                x, y = successors[a], successors[b]
                if value[x] == -np.inf or value[y] == -np.inf:
                    x = y = root
                while x != y:
                    if rank[x] > rank[y]:
                        x = parent[x]
                    else:
                        y = parent[y]
                out_merge[i, j] = x
                out[i, j] = -value[x]
            else:
                total = 0.0
                for k in range(successor_offsets[a], successor_offsets[a + 1]):
                    s = successors[k]
                    if value[s] > -np.inf:
                        for h in range(successor_offsets[b], successor_offsets[b + 1]):
                            if successors[h] == s:
                                total += probabilities[k] * probabilities[h]
                out[i, j] = discount * discount * total


@njit(cache=True, nogil=True, error_model="numpy")
def _cholesky(n, C, out):  # type: ignore[no-untyped-def]
    """Lower L with L L' = C; a pivot of nothing (an error that others already fix) leaves its column at zero."""
    largest = 0.0
    for j in range(n):
        largest = max(largest, C[j, j])
    for j in range(n):
        pivot = C[j, j]
        for k in range(j):
            pivot -= out[j, k] * out[j, k]
        root = np.sqrt(pivot) if pivot > 1e-10 * largest else 0.0
        out[j, j] = root
        for i in range(j + 1, n):
            rest = C[i, j]
            for k in range(j):
                rest -= out[i, k] * out[j, k]
            out[i, j] = rest / root if root > 0.0 else 0.0
            out[j, i] = 0.0


@njit(cache=True, nogil=True, error_model="numpy")
def _pull_cholesky(n, L, bar):  # type: ignore[no-untyped-def]
    """Weights on L (lower half of ``bar``) become weights on the lower half of C, in place."""
    for j in range(n - 1, -1, -1):
        root = L[j, j]
        if root == 0.0:
            for i in range(j, n):
                bar[i, j] = 0.0
            continue
        for i in range(n - 1, j, -1):
            u = bar[i, j] / root
            bar[i, j] = u
            bar[j, j] -= L[i, j] * u
            for k in range(j):
                bar[i, k] -= u * L[j, k]
                bar[j, k] -= u * L[i, k]
        bar[j, j] /= 2.0 * root
        for k in range(j):
            bar[j, k] -= 2.0 * bar[j, j] * L[j, k]


@njit(cache=True, nogil=True, error_model="numpy")
def _soften(log_p, p, first, last):  # type: ignore[no-untyped-def]
    """Values log_p[first:last] of one state's choices become log softmax of themselves, in place, and p its exponential."""
    highest, total = -np.inf, 0.0
    for c in range(first, last):
        highest = max(highest, log_p[c])
    for c in range(first, last):
        p[c] = np.exp(log_p[c] - highest) if highest > -np.inf else 0.0
        total += p[c]
    norm = highest + np.log(total) if total > 0.0 else 0.0
    for c in range(first, last):
        p[c] = p[c] / total if total > 0.0 else 0.0
        log_p[c] -= norm


@njit(cache=True, nogil=True, error_model="numpy")
def fresh(offsets, choices, q, kind, successor_offsets, successors, probabilities, discount, value, rank, parent,  # type: ignore[no-untyped-def]
          root, X, sigma, Z, Z2, columns, ahead, slope_X, out_log_p, out_slopes, weights, out_q, out_value, out_X):
    """Choices of U states, each with errors of its own: log of the mean over draws of softmax(q + N), and its derivative.

    offsets (U + 1,), choices (n,): the choices of these states. q: (n,). X: (n, F). Z: (R, at least the choices of a state), Z2: (R, F).
    Forwards, where columns has K > 0: columns (n, K) dq, ahead (S, K) dV, slope_X (n, F, K) dX give out_slopes (n, K + 1), the
    last one by sigma. Backwards, where weights (B, n) has B > 0: out_q (B, n), out_value (B, S) and, for the first row of
    weights alone, out_X (n, F), are added to.
    """
    n_draws, n_factors, n_columns, n_rows = len(Z), X.shape[1], columns.shape[1], len(weights)
    most = Z.shape[1]
    C, L, bar, merge = np.zeros((most, most)), np.zeros((most, most)), np.zeros((most, most)), np.zeros((most, most), np.int64)
    unit, p, log_p = np.empty((n_draws, most)), np.empty((n_draws, most)), np.empty((n_draws, most))
    pulled, share = np.empty(n_draws), np.empty(n_draws)
    for u in range(len(offsets) - 1):
        first = np.int64(offsets[u])
        n = np.int64(offsets[u + 1]) - first
        out_log_p[first:first + n] = -np.inf
        if n == 0 or q[first:first + n].max() == -np.inf:
            continue
        if kind != NONE:
            _covariance(kind, choices[first:first + n], successor_offsets, successors, probabilities, discount, value, rank, parent,
                        root, merge, C)
            _cholesky(n, C, L)
        for r in range(n_draws):
            for i in range(n):
                unit[r, i] = 0.0
                if kind != NONE:
                    for k in range(i + 1):
                        unit[r, i] += L[i, k] * Z[r, k]
                for f in range(n_factors):
                    unit[r, i] += X[first + i, f] * Z2[r, f]
                log_p[r, i] = q[first + i] + sigma * unit[r, i]
            _soften(log_p[r], p[r], 0, n)
        for c in range(n):
            if q[first + c] == -np.inf:
                continue
            highest = log_p[:, c].max()
            total = 0.0
            for r in range(n_draws):
                share[r] = p[r, c] if highest > -300.0 else np.exp(log_p[r, c] - highest)
                total += share[r]
            out_log_p[first + c] = np.log(total / n_draws) + (0.0 if highest > -300.0 else highest)
            if n_columns + n_rows == 0:
                continue
            by_sigma = 0.0
            bar[:n, :n] = 0.0
            for i in range(n):
                sum_q = 0.0
                for r in range(n_draws):
                    w = share[r] / total * ((1.0 if i == c else 0.0) - p[r, i])
                    pulled[r] = w
                    sum_q += w
                    by_sigma += w * unit[r, i]
                    if kind != NONE:
                        for k in range(i + 1):
                            bar[i, k] += sigma * w * Z[r, k]
                for k in range(n_columns):
                    out_slopes[first + c, k] += sum_q * columns[first + i, k]
                for b in range(n_rows):
                    out_q[b, first + i] += weights[b, first + c] * sum_q
                for f in range(n_factors):
                    weight_X = 0.0
                    for r in range(n_draws):
                        weight_X += sigma * pulled[r] * Z2[r, f]
                    for k in range(n_columns):
                        out_slopes[first + c, k] += weight_X * slope_X[first + i, f, k]
                    if n_rows > 0:
                        out_X[first + i, f] += weights[0, first + c] * weight_X
            if n_columns > 0:
                out_slopes[first + c, n_columns] += by_sigma
            if kind == PATH:
                _pull_cholesky(n, L, bar)
                for i in range(n):
                    for j in range(i + 1):
                        at = merge[i, j]
                        for k in range(n_columns):
                            out_slopes[first + c, k] -= bar[i, j] * ahead[at, k]
                        for b in range(n_rows):
                            out_value[b, at] -= weights[b, first + c] * bar[i, j]


@njit(cache=True, nogil=True, error_model="numpy")
def kept(offsets, choices, q, counts, seen_offsets, seen, chance, kind, successor_offsets, successors,  # type: ignore[no-untyped-def]
         probabilities, discount, value, rank, parent, root, X, sigma, Z, Z2, derive, out_log_q, out_q, out_X, out_value):
    """One trip with one draw of errors for all its D choices, at U states: log P = log mean_r prod q_r, weights on everything.

    offsets (U + 1,), choices (D,), q (D,): the choices of the trip's distinct states. counts: (D,) how often each was recorded;
    the chance of recorded choice c is sum of chance[k] pi(seen[k]), k in seen_offsets[c]:seen_offsets[c + 1] (places in D).
    Z: (R, >= D); Z2: (R, F). Fills out_log_q (R, D), log chance of each recorded choice under each draw, and, where ``derive``,
    adds d log P to out_q (D,), out_X (D, F) and out_value (S,). Returns log P and d log P / d sigma.
    """
    n, n_draws, n_factors = len(choices), len(Z), X.shape[1]
    L, merge, right = np.zeros((n, n)), np.zeros((n, n), np.int64), np.zeros((n, n))
    if kind != NONE:
        _covariance(kind, choices, successor_offsets, successors, probabilities, discount, value, rank, parent, root, merge, right)
        _cholesky(n, right, L)
        right[:] = L.T
    unit, p, log_path, visits = np.zeros((n_draws, n)), np.zeros((n_draws, n)), np.zeros(n_draws), np.zeros(n)
    for u in range(len(offsets) - 1):
        visits[offsets[u]:offsets[u + 1]] = counts[offsets[u]:offsets[u + 1]].sum()
    for r in range(n_draws):
        error, log_q = unit[r], out_log_q[r]
        if kind != NONE:
            for k in range(n):
                for i in range(k, n):
                    error[i] += Z[r, k] * right[k, i]
        for f in range(n_factors):
            for i in range(n):
                error[i] += X[i, f] * Z2[r, f]
        for u in range(len(offsets) - 1):
            for c in range(offsets[u], offsets[u + 1]):
                log_q[c] = q[c] + sigma * error[c]
            _soften(log_q, p[r], offsets[u], offsets[u + 1])
        for c in range(n):
            if seen_offsets[c + 1] - seen_offsets[c] != 1 or chance[seen_offsets[c]] != 1.0:
                total = 0.0
                for k in range(seen_offsets[c], seen_offsets[c + 1]):
                    total += chance[k] * p[r, seen[k]]
                log_q[c] = np.log(total)
            if counts[c] > 0.0:
                log_path[r] += counts[c] * log_q[c]
    top = log_path.max()
    if top == -np.inf:
        return -np.inf, 0.0
    share = np.exp(log_path - top)
    total = share.sum()
    log_p = top + np.log(total / n_draws)
    if not derive:
        return log_p, 0.0
    by_sigma = 0.0
    bar, on = np.zeros((n, n)), np.zeros(n)
    for r in range(n_draws):
        for c in range(n):
            on[c] = -visits[c] * p[r, c]
        for c in range(n):
            if counts[c] > 0.0 and share[r] > 0.0:
                for k in range(seen_offsets[c], seen_offsets[c + 1]):
                    one = seen_offsets[c + 1] - seen_offsets[c] == 1
                    on[seen[k]] += counts[c] * (1.0 if one else chance[k] * p[r, seen[k]] * np.exp(-out_log_q[r, c]))
        for i in range(n):
            weight = on[i] * share[r] / total
            out_q[i] += weight
            by_sigma += weight * unit[r, i]
            weight *= sigma
            if kind == PATH:
                for k in range(i + 1):
                    bar[i, k] += weight * Z[r, k]
            for f in range(n_factors):
                out_X[i, f] += weight * Z2[r, f]
    if kind == PATH:
        _pull_cholesky(n, L, bar)
        for i in range(n):
            for j in range(i + 1):
                out_value[merge[i, j]] -= bar[i, j]
    return log_p, by_sigma

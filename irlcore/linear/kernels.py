"""Compiled kernels of sparse elimination: pattern, factors, solves. Free functions over flat arrays.

Rows and columns are *places* in the order of elimination. L is unit lower, both L and U are kept by rows without their
diagonals; the pattern is that of A + A', so that the columns of U's row k are the rows of L's column k. Index arrays come in
unsigned, since with signed ones numba tests every gather for negative wrap-around.
"""

from __future__ import annotations

import numpy as np
from numba import njit

SMALLEST_PIVOT = 1e-13  # below it the pivot, 1 less the weight of all ways back, is rounding alone


@njit(cache=True, nogil=True, error_model="numpy")
def elimination_tree(offsets, columns, out_parent):  # type: ignore[no-untyped-def]
    """Parent (S,) of every place in the elimination tree of a symmetric pattern (S + 1,), (E,); S for a root (Liu 1990).

    Returns how many entries L has below its diagonal.
    """
    n = len(offsets) - 1
    mark = np.empty(n, np.uint32)
    count = 0
    for i in range(n):
        out_parent[i] = n
        mark[i] = i
        for p in range(offsets[i], offsets[i + 1]):
            k = columns[p]
            while k < i and mark[k] != i:
                if out_parent[k] == n:
                    out_parent[k] = i
                count += 1
                mark[k] = i
                k = out_parent[k]
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def fill_lower(offsets, columns, parent, out_offsets, out_columns):  # type: ignore[no-untyped-def]
    """Rows of L (S + 1,), (count,) of a symmetric pattern: in each row the ancestors' side of the tree, unsorted."""
    n = len(offsets) - 1
    mark = np.empty(n, np.uint32)
    count = 0
    out_offsets[0] = 0
    for i in range(n):
        mark[i] = i
        for p in range(offsets[i], offsets[i + 1]):
            k = columns[p]
            while k < i and mark[k] != i:
                out_columns[count] = k
                count += 1
                mark[k] = i
                k = parent[k]
        out_offsets[i + 1] = count


@njit(cache=True, nogil=True, error_model="numpy")
def eliminate(choice_offsets, state_at, into, weight, lower_offsets, lower_columns,  # type: ignore[no-untyped-def]
              upper_offsets, upper_columns, out_lower, out_upper, out_inverse):
    """A = I - W into L and U, row by row, without pivoting; W has ``weight`` (M,) of each choice from its state to ``into`` (M,).

    state_at (S,): the state of each place; into (M,): the place of each choice's successor. out_inverse (S,): one over the
    pivots. Returns the number of rows done: S, or the row whose pivot is not positive.
    """
    n = len(state_at)
    row = np.zeros(n)
    for i in range(n):
        state = state_at[i]
        row[i] = 1.0
        for m in range(choice_offsets[state], choice_offsets[state + 1]):
            row[into[m]] -= weight[m]
        for p in range(lower_offsets[i], lower_offsets[i + 1]):
            k = lower_columns[p]
            factor = row[k] * out_inverse[k]
            row[k] = 0.0
            out_lower[p] = factor
            if factor != 0.0:
                for q in range(upper_offsets[k], upper_offsets[k + 1]):
                    row[upper_columns[q]] -= factor * out_upper[q]
        pivot = row[i]
        row[i] = 0.0
        if not (pivot > SMALLEST_PIVOT):
            return i
        out_inverse[i] = 1.0 / pivot
        for q in range(upper_offsets[i], upper_offsets[i + 1]):
            j = upper_columns[q]
            out_upper[q] = row[j]
            row[j] = 0.0
    return n


@njit(cache=True, nogil=True, error_model="numpy")
def solve_columns(lower_offsets, lower_columns, lower, upper_offsets, upper_columns, upper, inverse,  # type: ignore[no-untyped-def]
                  sides):
    """A^-1 ``sides`` (S, B), in place; B is a multiple of 4, since four columns at once stay in registers."""
    n, width = sides.shape
    for b in range(0, width, 4):
        for i in range(n):
            t0, t1, t2, t3 = sides[i, b], sides[i, b + 1], sides[i, b + 2], sides[i, b + 3]
            for p in range(lower_offsets[i], lower_offsets[i + 1]):
                k = lower_columns[p]
                factor = lower[p]
                t0 -= factor * sides[k, b]
                t1 -= factor * sides[k, b + 1]
                t2 -= factor * sides[k, b + 2]
                t3 -= factor * sides[k, b + 3]
            sides[i, b], sides[i, b + 1], sides[i, b + 2], sides[i, b + 3] = t0, t1, t2, t3
        for j in range(n):
            i = n - 1 - j
            t0, t1, t2, t3 = sides[i, b], sides[i, b + 1], sides[i, b + 2], sides[i, b + 3]
            for p in range(upper_offsets[i], upper_offsets[i + 1]):
                k = upper_columns[p]
                factor = upper[p]
                t0 -= factor * sides[k, b]
                t1 -= factor * sides[k, b + 1]
                t2 -= factor * sides[k, b + 2]
                t3 -= factor * sides[k, b + 3]
            d = inverse[i]
            sides[i, b], sides[i, b + 1], sides[i, b + 2], sides[i, b + 3] = d * t0, d * t1, d * t2, d * t3


@njit(cache=True, nogil=True, error_model="numpy")
def solve_column(lower_offsets, lower_columns, lower, upper_offsets, upper_columns, upper, inverse, side):  # type: ignore[no-untyped-def]
    """A^-1 ``side`` (S,), in place; what comes before its first entry that is not 0 costs nothing."""
    n = len(side)
    first = 0
    while first < n and side[first] == 0.0:
        first += 1
    for i in range(first, n):
        total = side[i]
        for p in range(lower_offsets[i], lower_offsets[i + 1]):
            total -= lower[p] * side[lower_columns[p]]
        side[i] = total
    for j in range(n):
        i = n - 1 - j
        total = side[i]
        for p in range(upper_offsets[i], upper_offsets[i + 1]):
            total -= upper[p] * side[upper_columns[p]]
        side[i] = total * inverse[i]


@njit(cache=True, nogil=True, error_model="numpy")
def solve_transposed(lower_offsets, lower_columns, lower, upper_offsets, upper_columns, upper, inverse,  # type: ignore[no-untyped-def]
                     side):
    """A'^-1 ``side`` (S,), in place."""
    n = len(side)
    for i in range(n):
        if side[i] != 0.0:
            value = side[i] * inverse[i]
            side[i] = value
            for p in range(upper_offsets[i], upper_offsets[i + 1]):
                side[upper_columns[p]] -= upper[p] * value
    for j in range(n):
        i = n - 1 - j
        value = side[i]
        if value != 0.0:
            for p in range(lower_offsets[i], lower_offsets[i + 1]):
                side[lower_columns[p]] -= lower[p] * value


@njit(cache=True, nogil=True, error_model="numpy")
def rows_fall_below(choice_offsets, successors, weight, most, below):  # type: ignore[no-untyped-def]
    """Whether all sums of the rows of some W^k, k <= ``most``, are less than ``below``; W has ``weight`` (M,) of each choice to its
    successor."""
    n = len(choice_offsets) - 1
    now, later = np.ones(n), np.empty(n)
    for _ in range(most):
        top = 0.0
        for i in range(n):
            total = 0.0
            for m in range(choice_offsets[i], choice_offsets[i + 1]):
                total += weight[m] * now[successors[m]]
            later[i] = total
            top = max(top, total)
        if top < below:
            return True
        if not (top < 1e100):
            return False
        now, later = later, now
    return False

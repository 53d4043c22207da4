"""Compiled kernels of the rationality models: derivatives pushed and pulled along plans, softmax by state."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy")
def push_along_plan(order, settled, plan, successors, n_goals, columns, out):  # type: ignore[no-untyped-def]
    """Features to go along the plan: out[s] = columns[plan[s]] + out[next], nearest states first.

    columns: (M, K). out: (S, K), zero on entry. The first ``n_goals`` of ``order`` are the goals.
    """
    for i in range(n_goals, settled):
        state = order[i]
        m = plan[state]
        after = successors[m]
        for k in range(columns.shape[1]):
            out[state, k] = columns[m, k] + out[after, k]


@njit(cache=True, nogil=True, error_model="numpy")
def pull_along_plan(order, settled, plan, successors, n_goals, weight, out):  # type: ignore[no-untyped-def]
    """Adjoint of ``push_along_plan``: weight (B, S) on V is pushed down the plan, farthest states first.

    weight is used up; out: (B, M), added to.
    """
    for b in range(weight.shape[0]):
        for j in range(settled - n_goals):
            state = order[settled - 1 - j]
            w = weight[b, state]
            if w != 0.0:
                m = plan[state]
                out[b, m] += w
                weight[b, successors[m]] += w


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

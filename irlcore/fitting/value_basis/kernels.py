"""What lies ahead of the trips to a goal along the best ways that a search as far as they need has found (``planning.nearby``), compiled.

Letters as in ``worlds.mdp``; index arrays come in unsigned (``planning.kernels``).
"""

from __future__ import annotations

import numpy as np
from numba import njit

TIE = 1e-9  # as in rationality.spread.kernels: ways whose values differ by less than this share of themselves are equally good
DONE, GOAL, ON_WAY = np.uint8(2), np.uint8(4), np.uint8(16)  # the first two as in planning.kernels


@njit(cache=True, nogil=True, error_model="numpy")
def _sum_ahead(choice_offsets, successors, reward, phi, targets, value, planned, mark, row, stack, at, to_go):  # type: ignore[no-untyped-def]
    """Features to go of states that the plans ahead of ``targets`` pass, into ``to_go`` (n, K) at ``row`` (S,), from 1 on: the even mean
    over steps that are equally good, as ``rationality.spread.kernels.spread_plan`` has it, depth first."""
    width, count = phi.shape[1], 1
    for k in range(width):
        to_go[0, k] = 0.0
    for target in targets:
        if mark[target] & GOAL or row[target] != 0 or not mark[target] & DONE:
            continue
        size = 1
        stack[0] = target
        at[0] = choice_offsets[target]
        mark[target] |= ON_WAY
        while size > 0:
            s = stack[size - 1]
            here, last = value[s], choice_offsets[s + np.uint32(1)]
            most = TIE * (1.0 + abs(here))
            down = False
            while at[size - 1] < last:
                m = at[size - 1]
                a = successors[m]
                at[size - 1] += np.uint32(1)
                if mark[a] & (GOAL | ON_WAY) or row[a] != 0 or not mark[a] & DONE or here - reward[m] - value[a] > most:
                    continue
                if value[a] < here or (value[a] == here and reward[m] != 0.0 and m != planned[s]):
                    continue
                stack[size] = a
                at[size] = choice_offsets[a]
                mark[a] |= ON_WAY
                size += 1
                down = True
                break
            if down:
                continue
            size -= 1
            mark[s] &= ~ON_WAY
            tied = 0
            for k in range(width):
                to_go[count, k] = 0.0
            for m in range(choice_offsets[s], last):
                a = successors[m]
                if here - reward[m] - value[a] > most or (row[a] == 0 and not mark[a] & GOAL):
                    continue
                if value[a] < here or (value[a] == here and reward[m] != 0.0 and m != planned[s]):
                    continue
                tied += 1
                for k in range(width):
                    to_go[count, k] += phi[m, k] + to_go[row[a], k]
            for k in range(width):
                to_go[count, k] /= tied
            row[s] = count
            count += 1


@njit(cache=True, nogil=True, error_model="numpy")
def rows_ahead(choice_offsets, choice_state, successors, reward, phi, targets, choices, touched, value, planned,  # type: ignore[no-untyped-def]
               mark, row, stack, at, out_q, out_psi):
    """Q (n,) of some ``choices`` (n,) towards one goal, -inf where they do not lead there or leave it, and psi (n, K), their features
    ``phi`` and those to go, along the best ways for ``reward`` (M,) <= 0, one successor a choice.

    targets: (T,) states that the choices lead to. value, planned, mark (S,): as the search that ``touched`` (n,) states left them; row (S,)
    is 0, on entry and on return; stack, at (S,) hold anything.
    """
    to_go = np.empty((len(touched) + 1, phi.shape[1]))
    _sum_ahead(choice_offsets, successors, reward, phi, targets, value, planned, mark, row, stack, at, to_go)
    for i in range(len(choices)):
        m = choices[i]
        a = successors[m]
        known = mark[a] & DONE and not mark[choice_state[m]] & GOAL
        out_q[i] = reward[m] + value[a] if known else -np.inf
        for k in range(phi.shape[1]):
            out_psi[i, k] = phi[m, k] + to_go[row[a], k] if known else 0.0
    for s in touched:
        row[s] = 0


@njit(cache=True, nogil=True, error_model="numpy")
def softmax_rows(offsets, q, psi, chance, value, mean):  # type: ignore[no-untyped-def]
    """Softmax of q (R,) among the rows of each state, ``offsets`` (U + 1,): chance (R,), the log-sum-exp value (U,), and mean (U, K) of
    psi (R, K). A state none of whose rows is possible has value -inf, and no chance."""
    width = psi.shape[1]
    for u in range(len(offsets) - 1):
        first, last = offsets[u], offsets[u + 1]
        top, total = -np.inf, 0.0
        for i in range(first, last):
            top = max(top, q[i])
        for k in range(width):
            mean[u, k] = 0.0
        if top == -np.inf:
            value[u] = -np.inf
            for i in range(first, last):
                chance[i] = 0.0
            continue
        for i in range(first, last):
            chance[i] = np.exp(q[i] - top)
            total += chance[i]
        value[u] = top + np.log(total)
        for i in range(first, last):
            chance[i] /= total
            for k in range(width):
                mean[u, k] += chance[i] * psi[i, k]

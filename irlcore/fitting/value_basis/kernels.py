"""Compiled search backwards from a goal, as far as its trips need, and what lies ahead of them along the best ways.

The arrays by state belong to one worker and are clean between two calls: whatever a call touches it clears again, so that a goal costs
what it settles and not what the world holds. Letters as in ``worlds.mdp``; index arrays come in unsigned (``planning.kernels``).
"""

from __future__ import annotations

import numpy as np
from numba import njit

TIE = 1e-9  # as in rationality.spread.kernels: ways whose values differ by less than this share of themselves are equally good
WANTED, DONE, GOAL, ON_WAY = np.uint8(1), np.uint8(2), np.uint8(4), np.uint8(8)


@njit(cache=True, nogil=True, error_model="numpy")
def _push(keys, items, size, key, item):  # type: ignore[no-untyped-def]
    """Insert into a binary heap with the smallest key on top; returns the new size."""
    at = size
    while at > 0:
        parent = (at - 1) >> 1
        if keys[parent] <= key:
            break
        keys[at] = keys[parent]
        items[at] = items[parent]
        at = parent
    keys[at] = key
    items[at] = item
    return size + 1


@njit(cache=True, nogil=True, error_model="numpy")
def _pop(keys, items, size):  # type: ignore[no-untyped-def]
    """Remove the top of the heap (read it first); returns the new size."""
    size -= 1
    key, item = keys[size], items[size]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        keys[at] = keys[child]
        items[at] = items[child]
        at = child
    keys[at] = key
    items[at] = item
    return size


@njit(cache=True, nogil=True, error_model="numpy")
def _search(into_offsets, into_choice, into_state, reward, goals, targets,  # type: ignore[no-untyped-def]
            value, planned, mark, touched, keys, items):
    """Dijkstra 1959 from the goals backwards, costs -reward >= 0, until every target (T,) is settled, and what costs no more than the
    last of them; returns how many states were touched."""
    wanted, count, size, last = 0, 0, 0, 0.0
    for t in targets:
        if mark[t] == 0:
            mark[t] = WANTED
            wanted += 1
    for g in goals:
        if mark[g] & DONE:
            continue
        wanted -= 1 if mark[g] & WANTED else 0
        mark[g] |= DONE | GOAL
        value[g] = 0.0
        touched[count] = g
        count += 1
    first = count
    state, cost = np.uint32(0), 0.0
    at = 0
    while True:
        if at < first:  # the goals themselves come first
            state, cost = touched[at], 0.0
            at += 1
        else:
            if size == 0 or (wanted == 0 and keys[0] > last):
                return count
            cost, state = keys[0], items[0]
            size = _pop(keys, items, size)
            if mark[state] & DONE:
                continue
            mark[state] |= DONE
            if mark[state] & WANTED:
                wanted -= 1
                last = cost
        for k in range(into_offsets[state], into_offsets[state + np.uint32(1)]):
            before = into_state[k]
            if mark[before] & DONE:
                continue
            through = cost - reward[into_choice[k]]
            if -through > value[before]:
                if value[before] == -np.inf:
                    touched[count] = before
                    count += 1
                value[before] = -through
                planned[before] = into_choice[k]
                size = _push(keys, items, size, through, before)


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
def rows_to_goal(into_offsets, into_choice, into_state, choice_offsets, choice_state, successors, reward, phi,  # type: ignore[no-untyped-def]
                 goals, targets, choices, value, planned, mark, row, touched, stack, at, keys, items, out_q, out_psi):
    """Q (n,) of some ``choices`` (n,) towards one goal, -inf where they do not lead there or leave it, and psi (n, K), their features
    ``phi`` and those to go, along the best ways for ``reward`` (M,) <= 0, one successor a choice.

    targets: (T,) states that the choices lead to. value (S,) is -inf, mark and row (S,) are 0, on entry and on return; planned, touched,
    stack, at (S,) and keys, items (M + 1,) hold nothing. Returns how many states were touched.
    """
    count = _search(into_offsets, into_choice, into_state, reward, goals, targets, value, planned, mark, touched, keys, items)
    to_go = np.empty((count + 1, phi.shape[1]))
    _sum_ahead(choice_offsets, successors, reward, phi, targets, value, planned, mark, row, stack, at, to_go)
    for i in range(len(choices)):
        m = choices[i]
        a = successors[m]
        known = mark[a] & DONE and not mark[choice_state[m]] & GOAL
        out_q[i] = reward[m] + value[a] if known else -np.inf
        for k in range(phi.shape[1]):
            out_psi[i, k] = phi[m, k] + to_go[row[a], k] if known else 0.0
    for i in range(count):
        s = touched[i]
        value[s] = -np.inf
        mark[s] = 0
        row[s] = 0
    for t in targets:
        mark[t] = 0
    return count


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

"""Kernels of policy iteration. Free functions over flat arrays, letters as in ``worlds/mdp.py``; indices are uint32.

A plan (S,) uint32 names the choice made in each state; ``NO_CHOICE`` marks a state whose value is given (a goal, or
-inf where the goal is out of reach). ``value`` is V (S,), ``reward`` r (M,), ``usable`` (M,) bool.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NO_CHOICE = np.uint32(0xFFFFFFFF)
_ONE = np.uint64(1)


@njit(cache=True, nogil=True, error_model="numpy")
def likeliest_successors(successor_offsets, successors, probabilities, out_likeliest, out_chance):  # type: ignore[no-untyped-def]
    """The first most probable successor of each choice (M,) and its probability (M,)."""
    for m in range(len(out_likeliest)):
        top = -1.0
        for k in range(successor_offsets[m], successor_offsets[m + 1]):
            if probabilities[k] > top:
                top = probabilities[k]
                out_likeliest[m] = successors[k]
        out_chance[m] = top


@njit(cache=True, nogil=True, error_model="numpy")
def choices_into(likeliest, out_offsets, out_choice):  # type: ignore[no-untyped-def]
    """Counting sort of the choices by ``likeliest`` (M,): out_offsets (S + 1,), out_choice (M,)."""
    n_states = len(out_offsets) - 1
    out_offsets[:] = 0
    for m in range(len(likeliest)):
        out_offsets[likeliest[m] + np.uint32(1)] += np.uint32(1)
    for s in range(n_states):
        out_offsets[s + 1] += out_offsets[s]
    for i in range(len(likeliest)):
        m = len(likeliest) - 1 - i
        s = likeliest[m] + np.uint32(1)
        out_offsets[s] -= np.uint32(1)
        out_choice[out_offsets[s]] = m
    # each start now stands one place to the right of its state
    for s in range(n_states):
        out_offsets[s] = out_offsets[s + 1]
    out_offsets[n_states] = len(likeliest)


@njit(cache=True, nogil=True, error_model="numpy")
def widest_choices(choice_offsets, successor_offsets, out_room):  # type: ignore[no-untyped-def]
    """The most successors that a choice of each state has (S,)."""
    for s in range(len(out_room)):
        for m in range(choice_offsets[s], choice_offsets[s + 1]):
            out_room[s] = max(out_room[s], successor_offsets[m + 1] - successor_offsets[m])


@njit(cache=True, nogil=True, error_model="numpy")
def stay(choice_state, likeliest, usable, reward, gamma, value, plan):  # type: ignore[no-untyped-def]
    """Raise value (S,) to that of staying for ever, where a usable choice most probably stays; gamma < 1."""
    for m in range(len(likeliest)):
        s = choice_state[m]
        if likeliest[m] == s and usable[m]:
            q = reward[m] / (1.0 - gamma)
            if q > value[s]:
                value[s] = q
                plan[s] = m


@njit(cache=True, nogil=True, error_model="numpy")
def improve(choice_offsets, successor_offsets, successors, probabilities, reward, gamma, usable, value,  # type: ignore[no-untyped-def]
            margin, plan, out_value):
    """T V into out_value and the greedy plan, over every state and usable choice. The plan in place is kept where no choice
    is better by more than ``margin``; T V is the largest all the same.

    Returns the least and the largest T V - V over the states that choose ((inf, -inf) if none does), the largest
    |T V| of these, and the number of states whose plan changed.
    """
    # Running unsigned counters and selections instead of branches: which choice wins is a coin toss to the processor.
    # Measured two to three times faster than the plain loops, at the speed of a matrix-vector product.
    least, largest, size, changed = np.inf, -np.inf, 0.0, 0
    for s in range(len(choice_offsets) - 1):
        top, best, now, kept = -np.inf, NO_CHOICE, plan[s], -np.inf
        m, m_end = np.uint64(choice_offsets[s]), np.uint64(choice_offsets[s + 1])
        k = np.uint64(successor_offsets[m])
        while m < m_end:
            k_end = np.uint64(successor_offsets[m + _ONE])
            q = 0.0
            while k < k_end:
                q += probabilities[k] * value[successors[k]]
                k += _ONE
            q = reward[m] + gamma * q if usable[m] else -np.inf
            kept = q if m == now else kept
            best = np.uint32(m) if q > top else best
            top = q if q > top else top
            m += _ONE
        if best == NO_CHOICE:
            plan[s] = best
            out_value[s] = value[s]
            continue
        if kept + margin < top:
            plan[s] = best
            changed += 1
        difference = top - value[s]
        out_value[s] = top
        least = min(least, difference)
        largest = max(largest, difference)
        size = max(size, abs(top))
    return least, largest, size, changed


@njit(cache=True, nogil=True, error_model="numpy")
def best_rewards(choice_offsets, reward, usable, plan):  # type: ignore[no-untyped-def]
    """The plan greedy for a constant value: the usable choice of the largest reward."""
    for s in range(len(choice_offsets) - 1):
        top, best = -np.inf, NO_CHOICE
        for m in range(choice_offsets[s], choice_offsets[s + 1]):
            q = reward[m] if usable[m] else -np.inf
            best = np.uint32(m) if q > top else best
            top = q if q > top else top
        plan[s] = best


@njit(cache=True, nogil=True, error_model="numpy")
def plan_rows(plan, successor_offsets, successors, probabilities, reward, gamma, value,  # type: ignore[no-untyped-def]
              out_offsets, out_columns, out_data, out_right):
    """r + gamma P V of one plan, written out one row after the other so that sweeps read memory in order.

    A state whose value is given becomes a row without entries and that value on the right.
    """
    at = np.uint64(0)
    for s in range(len(plan)):
        out_offsets[s] = at
        m = plan[s]
        if m == NO_CHOICE:
            out_right[s] = value[s]
            continue
        out_right[s] = reward[m]
        k, k_end = np.uint64(successor_offsets[m]), np.uint64(successor_offsets[m + _ONE])
        while k < k_end:
            out_columns[at] = successors[k]
            out_data[at] = gamma * probabilities[k]
            at += _ONE
            k += _ONE
    out_offsets[len(plan)] = at


@njit(cache=True, nogil=True, error_model="numpy")
def policy_sweeps(offsets, columns, data, right, most, reduce, enough, value, spare):  # type: ignore[no-untyped-def]
    """Jacobi sweeps V <- r + gamma P V over ``plan_rows``, until the span of a sweep's change is at most ``enough`` or
    ``reduce`` times that of the first, at most ``most``. The result is in ``value``; ``spare`` (S,) is overwritten.

    Returns how many sweeps, the span of the first and last change, and the middle of the last.
    """
    first, span, middle, done = 0.0, 0.0, 0.0, 0
    now, new = value, spare
    while done < most:
        least, largest = np.inf, -np.inf
        k = np.uint64(0)
        for s in range(len(right)):
            k_end = np.uint64(offsets[s + 1])
            q = right[s]
            while k < k_end:
                q += data[k] * now[columns[k]]
                k += _ONE
            new[s] = q
            difference = q - now[s]  # nan at -inf, which no comparison lets through
            least = difference if difference < least else least
            largest = difference if difference > largest else largest
        now, new = new, now
        done += 1
        span, middle = largest - least, 0.5 * (largest + least)
        if done == 1:
            first = span
        if not span > max(enough, reduce * first):
            break
    if done % 2:
        value[:] = spare
    return done, first, span, middle


@njit(cache=True, nogil=True, error_model="numpy")
def evaluate_tree(plan, successors, reward, gamma, value):  # type: ignore[no-untyped-def]
    """The exact value of a plan in a deterministic world, in place: (S,) from one walk along the plan.

    Off cycles V(s) = r + gamma V(s'). A cycle of L choices from s is worth sum_i gamma^i r_i / (1 - gamma^L), at
    gamma = 1 without end: -inf.
    """
    n = len(plan)
    state_of = np.zeros(n, np.uint8)  # 0 not met, 1 on this walk, 2 known
    walk = np.empty(n, np.uint32)
    for start in range(n):
        s, length = np.uint32(start), 0
        while state_of[s] == 0 and plan[s] != NO_CHOICE:
            state_of[s] = 1
            walk[length] = s
            length += 1
            s = successors[plan[s]]
        if state_of[s] == 1:
            total, power, i = 0.0, 1.0, length - 1
            while walk[i] != s:
                i -= 1
            for j in range(i, length):
                total += power * reward[plan[walk[j]]]
                power *= gamma
            value[s] = total / (1.0 - power) if power < 1.0 else -np.inf
        state_of[s] = 2
        while length > 0:
            length -= 1
            before = walk[length]
            if state_of[before] != 2:
                value[before] = reward[plan[before]] + gamma * value[s]
                state_of[before] = 2
            s = before

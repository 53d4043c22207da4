"""Compiled kernels of sweeps: states in an order from some goals outwards, and soft values of eight goals at once.

States stand by *rank*, their place in the order; goals come first. Steps are rows of a CSR matrix over ranks: offsets (n + 1,), after (E,)
the rank that each leads to, choice (E,) which choice it is, weight (E,) e^(r + p[after] - p[here]). Index arrays come in unsigned, since
with signed ones numba tests every gather for negative wrap-around.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy")
def order_outwards(into_offsets, into_state, choice_offsets, successors, reward, goals, kept, starts, room,  # type: ignore[no-untyped-def]
                   out_order, out_rank, out_potential):
    """The states (n,) from which one of ``goals`` can be reached through ``kept`` (S,) bool ones, by the number of steps, goals first, with
    one sweep of soft values in logarithms, each state from those before it, as the potential p (n,).

    As soon as all ``starts`` are among them, none is gone back from whose p is lower by more than ``room`` than that of all starts. Fills
    out_order (S,), out_rank (S,), S where it did not come, and out_potential (S,) by rank. Returns n, the rank from which on that was
    heeded, and the p that states are gone back from.
    """
    n_states = len(out_rank)
    out_rank[:] = n_states
    waited = np.zeros(n_states, np.bool_)
    for s in starts:
        waited[s] = True
    left = np.int64(0)
    for s in range(n_states):
        left += waited[s]
    count = 0
    for g in goals:
        if out_rank[g] == n_states:
            out_rank[g] = count
            out_order[count] = g
            count += 1
    n_goals, done, first, lowest, floor = count, 0, -1, np.inf, -np.inf
    while done < count:
        state = out_order[done]
        here = 0.0
        if done >= n_goals:
            top = -np.inf
            for m in range(choice_offsets[state], choice_offsets[state + np.uint32(1)]):
                after = out_rank[successors[m]]
                if after < done:
                    top = max(top, reward[m] + out_potential[after])
            total = 0.0
            for m in range(choice_offsets[state], choice_offsets[state + np.uint32(1)]):
                after = out_rank[successors[m]]
                if after < done:
                    total += np.exp(reward[m] + out_potential[after] - top)
            here = top + np.log(total)
        out_potential[done] = here
        if waited[state]:
            left -= 1
            lowest = min(lowest, here)
            if left == 0:
                first, floor = done + 1, lowest - room
        done += 1
        if here < floor:
            continue
        for q in range(into_offsets[state], into_offsets[state + np.uint32(1)]):
            before = into_state[q]
            if kept[before] and out_rank[before] == n_states:
                out_rank[before] = count
                out_order[count] = before
                count += 1
    return count, first if first >= 0 else count, floor


@njit(cache=True, nogil=True, error_model="numpy")
def steps_away(into_offsets, into_state, goals, most, out_steps):  # type: ignore[no-untyped-def]
    """How many steps (S,) each state is from the nearest of ``goals``; more than ``most`` are told as ``most`` + 1."""
    out_steps[:] = most + 1
    near = np.empty(len(out_steps), np.uint32)
    count, done = 0, 0
    for g in goals:
        if out_steps[g] > most:
            out_steps[g] = 0
            near[count] = g
            count += 1
    while done < count:
        state = near[done]
        done += 1
        if out_steps[state] < most:
            for q in range(into_offsets[state], into_offsets[state + np.uint32(1)]):
                before = into_state[q]
                if out_steps[before] > most:
                    out_steps[before] = out_steps[state] + 1
                    near[count] = before
                    count += 1


@njit(cache=True, nogil=True, error_model="numpy")
def steps_by_rank(order, rank, choice_offsets, successors, reward, potential,  # type: ignore[no-untyped-def]
                  out_offsets, out_after, out_choice, out_weight, out_before, out_away):
    """The steps of the states ``order`` (n,) that lead to another of these, with their weights; returns how many. out_before (n,): the
    first rank from which a step goes outwards to each, n where none does. out_away (n,): sum of e^r over the steps that lead to none."""
    n_states, count = len(rank), 0
    out_offsets[0] = 0
    out_before[:] = len(order)
    out_away[:] = 0.0
    for i in range(len(order)):
        state = order[i]
        for m in range(choice_offsets[state], choice_offsets[state + np.uint32(1)]):
            after = rank[successors[m]]
            if after < n_states:
                out_after[count] = after
                out_choice[count] = m
                out_weight[count] = np.exp(reward[m] + potential[after] - potential[i])
                count += 1
                if after >= i:
                    out_before[after] = min(out_before[after], np.uint32(i))
            else:
                out_away[i] += np.exp(reward[m])
        out_offsets[i + 1] = count
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def sweep_eight(offsets, after, weight, before, ends, most, tolerance, z):  # type: ignore[no-untyped-def]
    """z (n, 8) = 1 at its goals, else W z, from below, by Gauss-Seidel; ends (n_goals, 8) bool: which goals are whose. Each sweep begins at
    the first state from which a step goes outwards to one that the last has moved.

    Returns the number of sweeps, ``most`` + 1 where the last still moved some z by more than ``tolerance`` of itself.
    """
    n = len(offsets) - 1
    first = np.int64(0)
    for sweep in range(most):
        again = np.int64(n)
        for i in range(first, n):
            t0 = t1 = t2 = t3 = t4 = t5 = t6 = t7 = 0.0
            for q in range(offsets[i], offsets[i + 1]):
                j, w = after[q], weight[q]
                t0 += w * z[j, 0]
                t1 += w * z[j, 1]
                t2 += w * z[j, 2]
                t3 += w * z[j, 3]
                t4 += w * z[j, 4]
                t5 += w * z[j, 5]
                t6 += w * z[j, 6]
                t7 += w * z[j, 7]
            if i < len(ends):
                t0 = 1.0 if ends[i, 0] else t0
                t1 = 1.0 if ends[i, 1] else t1
                t2 = 1.0 if ends[i, 2] else t2
                t3 = 1.0 if ends[i, 3] else t3
                t4 = 1.0 if ends[i, 4] else t4
                t5 = 1.0 if ends[i, 5] else t5
                t6 = 1.0 if ends[i, 6] else t6
                t7 = 1.0 if ends[i, 7] else t7
            rise = max(max(max(abs(t0 - z[i, 0]) - tolerance * t0, abs(t1 - z[i, 1]) - tolerance * t1),
                           max(abs(t2 - z[i, 2]) - tolerance * t2, abs(t3 - z[i, 3]) - tolerance * t3)),
                       max(max(abs(t4 - z[i, 4]) - tolerance * t4, abs(t5 - z[i, 5]) - tolerance * t5),
                           max(abs(t6 - z[i, 6]) - tolerance * t6, abs(t7 - z[i, 7]) - tolerance * t7)))
            if rise > 0.0:
                again = min(again, np.int64(before[i]))
            z[i, 0], z[i, 1], z[i, 2], z[i, 3], z[i, 4], z[i, 5], z[i, 6], z[i, 7] = t0, t1, t2, t3, t4, t5, t6, t7
        if again == n:
            return sweep + 1
        first = again
    return most + 1

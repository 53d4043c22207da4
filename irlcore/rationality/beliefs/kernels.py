"""Compiled kernels of agents who plan on misjudged costs: the values of many beliefs side by side, and what their plans make of choices.

Beliefs come in bundles of W, the innermost axis, so that a step is relaxed for all of them with a few vector instructions; what bounds it
then is reading rewards and values, which single precision halves.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy")
def believed_values(order, near, choice_offsets, successors, into_offsets, into_choice, into_state, goal_states, reward,  # type: ignore[no-untyped-def]
                    targets, most, out):
    """Values out (S, W) of W beliefs ``reward`` (M, W) <= 0 towards one goal, in a deterministic world at gamma = 1.

    Passes over ``order``, states that lie nearest by much like costs first, in which a state takes the best of its choices when one that it
    leads to has risen (Bellman 1958): from -inf values only rise and each stands for a way that exists, so where none is left to
    tell they are the best, whatever the order. Only ways within the first ``near`` states are looked at: a way that leaves them comes
    back in by a step into one of them, so where no such step is as good as what the ``targets`` (T,) have, none of these is better.
    Returns 0 where that was so, 1 where it was not, 2 where values had not settled within ``most`` passes.
    """
    width = reward.shape[1]
    out[:] = -np.inf
    told, is_goal, inside = np.zeros(len(out), np.bool_), np.zeros(len(out), np.bool_), np.zeros(len(out), np.bool_)
    for g in goal_states:
        is_goal[g] = True
        out[g] = 0.0
        inside[g] = True
    for i in range(near):
        inside[order[i]] = True
    for g in goal_states:
        for k in range(into_offsets[g], into_offsets[g + np.uint32(1)]):
            told[into_state[k]] = True
    best = np.empty(width, out.dtype)
    news = True
    for _ in range(most):
        news = False
        for i in range(near):
            s = order[i]
            if not told[s] or is_goal[s]:
                continue
            told[s] = False
            best[:] = out[s]
            for m in range(choice_offsets[s], choice_offsets[s + np.uint32(1)]):
                a = successors[m]
                for b in range(width):
                    q = reward[m, b] + out[a, b]
                    best[b] = q if q > best[b] else best[b]
            risen = 0
            for b in range(width):
                risen += best[b] > out[s, b]
            if risen > 0:
                news = True
                out[s] = best
                for k in range(into_offsets[s], into_offsets[s + np.uint32(1)]):
                    told[into_state[k]] = True
        if not news:
            break
    if news:
        return 2
    best[:] = -np.inf
    for i in range(near):
        s = order[i]
        for k in range(into_offsets[s], into_offsets[s + np.uint32(1)]):
            if not inside[into_state[k]]:
                m = into_choice[k]
                for b in range(width):
                    q = reward[m, b] + out[s, b]
                    best[b] = q if q > best[b] else best[b]
    for t in targets:
        for b in range(width):
            if out[t, b] < best[b]:
                return 1
    return 0


@njit(cache=True, nogil=True, error_model="numpy")
def follow(targets, value, planned, believed, slope, by_sigma2, columns, goal_states, choice_offsets, successors,  # type: ignore[no-untyped-def]
           reward, offsets, choices, barred, trip_offsets, steps, out_log_pi, out_sums):
    """What one bundle of beliefs makes of choices and of whole trips, and how that moves with weights.

    targets (T,): the states that choices lead to. value (S, W) and planned (M, W): values and rewards of one precision, by which
    ways are chosen; what lies on a way is summed from believed (M, W) in full. slope, by_sigma2 (M, W): d believed by the true
    reward and by sigma^2; columns (M, K): d true reward. offsets (U + 1,), choices (n,), barred (n,) bool: the choices in hand,
    whose own ``reward`` (M,) is known. trip_offsets (N + 1,), steps (C,): rows of the choices that trips made. Fills out_log_pi
    (n, W). Sums over beliefs are kept as a largest log, a sum relative to it, and slopes (K + 1) weighted by the parts of the sum:
    out_sums holds those three of the choices, (n,), (n,) and (n, K + 1), or empty, and of the trips, (N,), (N,) and (N, J), J = K + 1 +
    (K + 1)^2: behind a trip's score under one belief, the information of its choices less the score's square (Louis 1982).
    Returns whether every way arrived: where steps cost less than the precision of values, a way may go in a circle.
    """
    out_top, out_total, out_slopes, out_trip_top, out_trip_total, out_scores = out_sums
    width, k_all = value.shape[1], columns.shape[1] + 1
    k_last, n = columns.shape[1], len(choices)
    worth, to_go = np.zeros(len(value)), np.zeros((len(value), k_all))
    known, on_way, way = np.zeros(len(value), np.uint32), np.zeros(len(value), np.uint32), np.empty(len(value), np.uint32)
    chosen = np.empty(len(value), np.uint32)
    row_slopes, chance, mean = np.empty((n, k_all)), np.empty(n), np.empty(k_all)
    spread, state, score = np.zeros((len(offsets), k_all * k_all)), np.empty(n, np.uint32), np.empty(k_all + k_all * k_all)
    for u in range(len(offsets) - 1):
        state[offsets[u]:offsets[u + 1]] = u
    for b in range(width):
        now = np.uint32(b + 1)
        for g in goal_states:
            known[g] = now
            worth[g] = 0.0
            to_go[g] = 0.0
        for target in targets:
            if value[target, b] == -np.inf:
                continue
            size, at = 0, target
            while known[at] != now:
                if on_way[at] == now:
                    return False
                on_way[at] = now
                best, best_m = -np.inf, np.uint32(0)
                for m in range(choice_offsets[at], choice_offsets[at + np.uint32(1)]):
                    q = planned[m, b] + value[successors[m], b]
                    if q > best:
                        best, best_m = q, np.uint32(m)
                way[size] = at
                chosen[size] = best_m
                size += 1
                at = successors[best_m]
            while size > 0:
                size -= 1
                s, m = way[size], chosen[size]
                worth[s] = believed[m, b] + worth[at]
                for k in range(k_last):
                    to_go[s, k] = slope[m, b] * columns[m, k] + to_go[at, k]
                to_go[s, k_last] = by_sigma2[m, b] + to_go[at, k_last]
                known[s] = now
                at = s
        for u in range(len(offsets) - 1):
            first, last = offsets[u], offsets[u + 1]
            top = -np.inf
            for i in range(first, last):
                a = successors[choices[i]]
                q = -np.inf if barred[i] or value[a, b] == -np.inf else reward[choices[i]] + worth[a]
                out_log_pi[i, b] = q
                top = max(top, q)
            if top == -np.inf:
                continue
            total = 0.0
            for i in range(first, last):
                chance[i] = np.exp(out_log_pi[i, b] - top)
                total += chance[i]
            norm = top + np.log(total)
            mean[:] = 0.0
            for i in range(first, last):
                m = choices[i]
                a = successors[m]
                out_log_pi[i, b] -= norm
                if out_log_pi[i, b] == -np.inf:
                    continue
                p = chance[i] / total
                for k in range(k_all):
                    row_slopes[i, k] = (columns[m, k] if k < k_last else 0.0) + to_go[a, k]
                    mean[k] += p * row_slopes[i, k]
            for i in range(first, last):
                if out_log_pi[i, b] == -np.inf:
                    row_slopes[i] = 0.0
                    continue
                for k in range(k_all):
                    row_slopes[i, k] -= mean[k]
                if len(out_top) > 0:
                    _add_part(out_log_pi[i, b], row_slopes[i], i, out_top, out_total, out_slopes)
            if len(trip_offsets) > 1:
                spread[u] = 0.0
                for i in range(first, last):
                    p = chance[i] / total
                    for k in range(k_all):
                        for j in range(k_all):
                            spread[u, k * k_all + j] += p * row_slopes[i, k] * row_slopes[i, j]
        for t in range(len(trip_offsets) - 1):
            log_path = 0.0
            score[:] = 0.0
            for c in range(trip_offsets[t], trip_offsets[t + 1]):
                log_path += out_log_pi[steps[c], b]
                for k in range(k_all):
                    score[k] += row_slopes[steps[c], k]
                for k in range(k_all * k_all):
                    score[k_all + k] += spread[state[steps[c]], k]
            for k in range(k_all):
                for j in range(k_all):
                    score[k_all + k * k_all + j] -= score[k] * score[j]
            if log_path > -np.inf:
                _add_part(log_path, score, t, out_trip_top, out_trip_total, out_scores)
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def _add_part(log_part, slopes, i, top, total, out):  # type: ignore[no-untyped-def]
    """Add e^log_part to the sum e^top[i] total[i], and its slopes, weighted alike, to out[i]."""
    if log_part > top[i]:
        smaller = np.exp(top[i] - log_part)
        total[i] *= smaller
        for k in range(len(slopes)):
            out[i, k] *= smaller
        top[i] = log_part
    part = np.exp(log_part - top[i])
    total[i] += part
    for k in range(len(slopes)):
        out[i, k] += part * slopes[k]


@njit(cache=True, nogil=True, error_model="numpy")
def pull_trips(value, planned, slope, goal_states, choice_offsets, successors, offsets, choices, log_pi,  # type: ignore[no-untyped-def]
               trip_offsets, steps, share, out):
    """How each trip's log P moves with every true reward, of one bundle of beliefs: added to out (N, M).

    share (N, W): each belief's part in a trip's chance. Each choice that a trip had moves log pi by its own reward, and by what lies on
    the believed way from where it leads, each step of it by ``slope`` (M, W). The rest as in ``follow``. Returns whether every way arrived.
    """
    is_goal, state = np.zeros(len(value), np.bool_), np.empty(len(choices), np.uint32)
    for g in goal_states:
        is_goal[g] = True
    for u in range(len(offsets) - 1):
        state[offsets[u]:offsets[u + 1]] = u
    known, chosen = np.zeros(len(value), np.uint32), np.empty(len(value), np.uint32)
    for b in range(value.shape[1]):
        for t in range(len(trip_offsets) - 1):
            if share[t, b] < 1e-15:
                continue
            for c in range(trip_offsets[t], trip_offsets[t + 1]):
                u = state[steps[c]]
                for i in range(offsets[u], offsets[u + 1]):
                    weight = share[t, b] * ((1.0 if i == steps[c] else 0.0) - np.exp(log_pi[i, b]))
                    if abs(weight) < 1e-15:
                        continue
                    out[t, choices[i]] += weight
                    at, far = successors[choices[i]], 0
                    while not is_goal[at]:
                        far += 1
                        if far > len(value):
                            return False
                        if known[at] != b + 1:
                            best = -np.inf
                            for m in range(choice_offsets[at], choice_offsets[at + np.uint32(1)]):
                                q = planned[m, b] + value[successors[m], b]
                                if q > best:
                                    best, chosen[at] = q, m
                            known[at] = b + 1
                        out[t, chosen[at]] += weight * slope[chosen[at], b]
                        at = successors[chosen[at]]
    return True

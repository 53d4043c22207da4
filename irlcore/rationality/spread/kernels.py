"""Compiled kernels over the plan that is spread over all ways that are as good, or nearly: finding it, summing along it, and back.

States that have a part in it are listed nearest to the goal first, from 1 on: ``row`` (S,) says where each stands, 0 for a goal and
for what has no part. The steps of the state in row i are ``offsets[i]:offsets[i + 1]`` of ``choice`` (E,), each with a weight; the
weights of a state sum to 1, and every step leads to an earlier row, so that one pass sums from the goal outwards.
"""

from __future__ import annotations

import numpy as np
from numba import njit

TIE = 1e-9
"""Ways whose values differ by less than this share of themselves are equally good: some thousand times what rounding leaves of a sum
of costs, and far below what an agent could tell."""
LEAST = 40.0
"""A step that loses more than this many times the temperature has no part: e^-40 is below rounding beside the best one."""


@njit(cache=True, nogil=True, error_model="numpy")
def _rise(x):  # type: ignore[no-untyped-def]
    """x^2 (3 - 2 x) of a share x from 0 to 1, level at both ends."""
    x = min(x, 1.0)
    return x * x * (3.0 - 2.0 * x)


@njit(cache=True, nogil=True, error_model="numpy")
def _slope(x):  # type: ignore[no-untyped-def]
    """d log ``_rise`` / dx for x between 0 and 1."""
    return 6.0 * (1.0 - x) / (x * (3.0 - 2.0 * x))


@njit(cache=True, nogil=True, error_model="numpy")
def _pull_weight(given, gain, cost, temperature):  # type: ignore[no-untyped-def]
    """A weight on the log of a step's weight in the plan as weights on the values here and after it, and on its reward."""
    on_here, on_after, on_reward = -given / temperature, given / temperature, given / temperature
    if cost > 0.0 and 0.0 < gain < cost:
        slope = given * _slope(gain / cost)
        on_here -= slope / cost
        on_after += slope / cost
        on_reward += slope * gain / (cost * cost)
    return on_here, on_after, on_reward


@njit(cache=True, nogil=True, error_model="numpy")
def spread_plan(targets, value, planned, reward, choice_offsets, successors, is_goal, pays, temperature,  # type: ignore[no-untyped-def]
                out_row, out_states, out_offsets, out_choice, out_weight, out_tie):
    """The plan's states and steps ahead of ``targets`` (T,), depth first, so that a state is listed after all that its steps lead to.

    Only steps that come closer to the goal, or cost nothing, have a part (Dial 1971: efficient steps); that leaves no way round in a
    circle. Of steps whose cost is lost to rounding beside the value, only the one that a search ``planned`` (S,) has. Weight:
    e^(-loss / temperature) times x^2 (3 - 2 x), x = gain / cost, which is 1 for a best step and 0 where a step gains nothing, and level
    at both, so that no step enters with a jump, nor its slope. Tie: even among the steps that lose less than ``TIE``. Where some step
    ``pays``, values do not tell what is closer, so only ties have a part: no way round is among them, since that would be free.
    out_row (S,) is 0 on entry. Returns the number of rows.
    """
    stack, at, on_way = np.empty(len(value), np.uint32), np.empty(len(value), np.uint32), np.zeros(len(value), np.bool_)
    count, filled = 1, 0
    out_offsets[0] = 0
    out_offsets[1] = 0
    for target in targets:
        if is_goal[target] or out_row[target] != 0 or value[target] == -np.inf:
            continue
        size = 1
        stack[0] = target
        at[0] = choice_offsets[target]
        on_way[target] = True
        while size > 0:
            s = stack[size - 1]
            here, last = value[s], choice_offsets[s + np.uint32(1)]
            most = max(LEAST * temperature, TIE * (1.0 + abs(here)))
            down = False
            while at[size - 1] < last:
                m = at[size - 1]
                a = successors[m]
                at[size - 1] += np.uint32(1)
                if is_goal[a] or out_row[a] != 0 or on_way[a] or here - reward[m] - value[a] > most:
                    continue
                if not pays and (value[a] < here or (value[a] == here and reward[m] != 0.0 and m != planned[s])):
                    continue
                stack[size] = a
                at[size] = choice_offsets[a]
                on_way[a] = True
                size += 1
                down = True
                break
            if down:
                continue
            size -= 1
            on_way[s] = False
            first, total, tied = filled, 0.0, 0
            for m in range(choice_offsets[s], last):
                a = successors[m]
                gain, loss, cost = value[a] - here, here - reward[m] - value[a], -reward[m]
                if loss > most or value[a] == -np.inf or (out_row[a] == 0 and not is_goal[a]):
                    continue
                if not pays and (gain < 0.0 or (gain == 0.0 and cost != 0.0 and m != planned[s])):
                    continue
                weight = np.exp(-max(loss, 0.0) / temperature) if temperature > 0.0 else (1.0 if loss <= most else 0.0)
                if cost > 0.0 and gain > 0.0 and not pays:
                    weight *= _rise(gain / cost)
                elif loss > TIE * (1.0 + abs(here)):
                    continue
                out_choice[filled] = m
                out_weight[filled] = weight
                out_tie[filled] = 1.0 if loss <= TIE * (1.0 + abs(here)) else 0.0
                total += weight
                tied += 1 if loss <= TIE * (1.0 + abs(here)) else 0
                filled += 1
            for e in range(first, filled):
                out_weight[e] /= total
                out_tie[e] /= tied
            out_row[s] = count
            out_states[count] = s
            count += 1
            out_offsets[count] = filled
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def push(offsets, choice, weight, successors, row, columns, out):  # type: ignore[no-untyped-def]
    """Columns (M, K) summed along the plan: out (rows, K), zero on entry."""
    for i in range(1, len(offsets) - 1):
        for e in range(offsets[i], offsets[i + 1]):
            m, w = choice[e], weight[e]
            after = row[successors[m]]
            for k in range(columns.shape[1]):
                out[i, k] += w * (columns[m, k] + out[after, k])


@njit(cache=True, nogil=True, error_model="numpy")
def pull(offsets, choice, weight, successors, row, given, out):  # type: ignore[no-untyped-def]
    """Adjoint of ``push``: weights (B, rows), used up, become weights on the choices, added to ``out`` (B, M)."""
    for b in range(given.shape[0]):
        for i in range(len(offsets) - 2, 0, -1):
            w = given[b, i]
            if w != 0.0:
                for e in range(offsets[i], offsets[i + 1]):
                    m = choice[e]
                    out[b, m] += w * weight[e]
                    given[b, row[successors[m]]] += w * weight[e]


@njit(cache=True, nogil=True, error_model="numpy")
def carry(offsets, choice, weight, successors, row, root, base, at, out):  # type: ignore[no-untyped-def]
    """Errors root[e] base[at[e]] of the plan's steps e carried along it: root, at (E,), base (B, F), out (rows, F), zero on entry."""
    for i in range(1, len(offsets) - 1):
        to = out[i]
        for e in range(offsets[i], offsets[i + 1]):
            w, size, here, after = weight[e], root[e], base[at[e]], out[row[successors[choice[e]]]]
            for f in range(base.shape[1]):
                to[f] += w * (size * here[f] + after[f])


@njit(cache=True, nogil=True, error_model="numpy")
def carry_slopes(offsets, choice, weight, successors, row, root, steep, base, at, own, columns, weight_slopes,  # type: ignore[no-untyped-def]
                 carried, first, n_factors, rows, work, out):
    """How some of what ``carry`` gives, factors first:first + n_factors, moves with K weights, for ``rows`` (n,): out (n, K, F), there.

    steep (E,): slope of ``root`` by the step's own reward. own: factor k moves with weight k by columns[m, k] itself. columns (M, K): dr.
    weight_slopes (E, K): d weight. carried: (rows, F). work (rows, K n_factors) is overwritten.
    """
    width = columns.shape[1]
    work[0] = 0.0
    for i in range(1, len(offsets) - 1):
        work[i] = 0.0
        for e in range(offsets[i], offsets[i + 1]):
            m, w = choice[e], weight[e]
            j = row[successors[m]]
            here, gone = base[at[e], first:first + n_factors], carried[j, first:first + n_factors]
            after, to = work[j], work[i]
            for k in range(width):
                moved, dw, o = w * columns[m, k], weight_slopes[e, k], np.uint64(k * n_factors)
                by_base = moved * steep[e] + dw * root[e]
                for f in range(np.uint64(n_factors)):
                    to[o + f] += by_base * here[f] + w * after[o + f] + dw * gone[f]
                if own and first <= k < first + n_factors:
                    to[o + np.uint64(k - first)] += moved
    for i in range(len(rows)):
        for k in range(width):
            for f in range(n_factors):
                out[i, k, first + f] = work[rows[i], k * n_factors + f]


@njit(cache=True, nogil=True, error_model="numpy")
def pull_carried(offsets, choice, weight, successors, row, root, steep, base, at, carried, given,  # type: ignore[no-untyped-def]
                 out_reward, out_weight):
    """Adjoint of ``carry``: weights (rows, F) on what it gives, used up, become weights on rewards, added to ``out_reward`` (M,), and
    on the plan's weights, out_weight (E,)."""
    for i in range(len(offsets) - 2, 0, -1):
        for e in range(offsets[i], offsets[i + 1]):
            m, w, here = choice[e], weight[e], base[at[e]]
            after = row[successors[m]]
            on_base, on_weight = 0.0, 0.0
            for f in range(base.shape[1]):
                g = given[i, f]
                on_base += g * here[f]
                on_weight += g * carried[after, f]
                given[after, f] += w * g
            out_reward[m] += w * steep[e] * on_base
            out_weight[e] = on_weight + root[e] * on_base


@njit(cache=True, nogil=True, error_model="numpy")
def pull_all(states, offsets, choice, weight, tie, successors, row, reward, value, temperature, root, steep, base, at,  # type: ignore[no-untyped-def]
             carried, given, on_value, columns, out):
    """Weights on all that a plan says as weights on K weights of features, added to out (K,), in one pass back from the farthest row: given
    (rows, F) on what ``carry`` gives, on_value (rows,) on the values, both used up. columns (M, K): dr. It is ``pull_carried``,
    ``pull_weights`` and ``pull``, one after the other."""
    width, most = columns.shape[1], np.int64(1)
    for i in range(1, len(offsets) - 1):
        most = max(most, np.int64(offsets[i + 1]) - np.int64(offsets[i]))
    on_weight, on_step, half = np.empty(most), np.empty(most), np.uint64(given.shape[1] // 2)
    for i in range(len(offsets) - 2, 0, -1):
        first, last, mean, to_go = np.int64(offsets[i]), np.int64(offsets[i + 1]), 0.0, given[i]
        for e in range(first, last):
            w, here, after = weight[e], base[at[e]], row[successors[choice[e]]]
            gone, passed = carried[after], given[after]
            on_base, on_carried, more_base, more_carried = 0.0, 0.0, 0.0, 0.0
            for f in range(half):  # two sums side by side, of one half each: each alone would wait for itself
                g = f + half
                on_base += to_go[f] * here[f]
                on_carried += to_go[f] * gone[f]
                passed[f] += w * to_go[f]
                more_base += to_go[g] * here[g]
                more_carried += to_go[g] * gone[g]
                passed[g] += w * to_go[g]
            for f in range(half + half, np.uint64(len(to_go))):
                on_base += to_go[f] * here[f]
                on_carried += to_go[f] * gone[f]
                passed[f] += w * to_go[f]
            on_base += more_base
            on_carried += more_carried
            on_step[e - first] = w * steep[e] * on_base
            on_weight[e - first] = on_carried + root[e] * on_base
            mean += w * on_weight[e - first]
        if temperature > 0.0 and last - first > 1:  # a single step has weight 1 whatever comes
            from_here = value[states[i]]
            for e in range(first, last):
                m = choice[e]
                moved = weight[e] * (on_weight[e - first] - mean)
                if moved == 0.0:
                    continue
                a = successors[m]
                on_here, on_after, on_reward = _pull_weight(moved, value[a] - from_here, -reward[m], temperature)
                on_value[i] += on_here
                on_value[row[a]] += on_after
                on_step[e - first] += on_reward
        for e in range(first, last):
            m, passed_on = choice[e], on_value[i] * tie[e]
            on_value[row[successors[m]]] += passed_on
            for k in range(width):
                out[k] += (on_step[e - first] + passed_on) * columns[m, k]


@njit(cache=True, nogil=True, error_model="numpy")
def weight_slopes(states, offsets, choice, weight, successors, row, reward, value, temperature, columns, to_go, out):  # type: ignore[no-untyped-def]
    """How the plan's weights move with K weights of features: out (E, K), 0 on entry. columns (M, K): dr. to_go (rows, K): dV. At
    temperature 0 they do not."""
    if temperature == 0.0:
        return
    width = columns.shape[1]
    mean = np.empty(width)
    for i in range(1, len(offsets) - 1):
        here = value[states[i]]
        mean[:] = 0.0
        for e in range(offsets[i], offsets[i + 1]):
            m = choice[e]
            a = successors[m]
            gain, cost, j = value[a] - here, -reward[m], row[a]
            steep = _slope(gain / cost) if cost > 0.0 and 0.0 < gain < cost else 0.0
            for k in range(width):
                dr, ds, da = columns[m, k], to_go[i, k], to_go[j, k]
                moved = (dr + da - ds) / temperature
                if steep > 0.0:
                    moved += steep * ((da - ds) / cost + dr * gain / (cost * cost))
                out[e, k] = moved
                mean[k] += weight[e] * moved
        for e in range(offsets[i], offsets[i + 1]):
            for k in range(width):
                out[e, k] = weight[e] * (out[e, k] - mean[k])


@njit(cache=True, nogil=True, error_model="numpy")
def pull_weights(states, offsets, choice, weight, successors, reward, value, temperature, given, out_reward, out_value):  # type: ignore[no-untyped-def]
    """Adjoint of ``weight_slopes``: weights (E,) on the plan's weights become weights on rewards and values, added to (M,) and (S,)."""
    if temperature == 0.0:
        return
    for i in range(1, len(offsets) - 1):
        s = states[i]
        here, mean = value[s], 0.0
        for e in range(offsets[i], offsets[i + 1]):
            mean += weight[e] * given[e]
        for e in range(offsets[i], offsets[i + 1]):
            g = weight[e] * (given[e] - mean)
            if g == 0.0:
                continue
            m = choice[e]
            a = successors[m]
            on_here, on_after, on_reward = _pull_weight(g, value[a] - here, -reward[m], temperature)
            out_value[s] += on_here
            out_value[a] += on_after
            out_reward[m] += on_reward

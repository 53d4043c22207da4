"""All compiled kernels of the planners. Free functions over flat arrays; each does a bounded amount of work.

Letters as in ``worlds/mdp.py``. Index arrays come in unsigned (``view(np.uint32)`` or uint64): with signed
ones numba tests every gather for negative wrap-around. ``-inf`` stands for "cannot reach the goal".
"""

from __future__ import annotations

import numpy as np
from numba import njit

NONE = np.uint32(0xFFFFFFFF)
WANTED, DONE, GOAL, WAITS = np.uint8(1), np.uint8(2), np.uint8(4), np.uint8(8)
"""Marks of states in a search: asked for and not found yet, found, a goal, in a bucket."""


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
    key = keys[size]
    item = items[size]
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
def _relax(state, cost, into_offsets, into_choice, choice_state, reward, done, keys, items, size,  # type: ignore[no-untyped-def]
           out_value, out_plan):
    """Push what a settled state, at ``cost``, betters; returns the heap's new size."""
    for k in range(into_offsets[state], into_offsets[state + np.uint32(1)]):
        choice = into_choice[k]
        before = choice_state[choice]
        through = cost - reward[choice]
        if not done[before] and -through > out_value[before]:
            out_value[before] = -through
            out_plan[before] = choice
            size = _push(keys, items, size, through, before)
    return size


@njit(cache=True, nogil=True, error_model="numpy")
def shortest_paths(into_offsets, into_choice, choice_state, reward, goal_states,  # type: ignore[no-untyped-def]
                   out_value, out_plan, out_order):
    """Dijkstra 1959 from the goals backwards, costs -reward >= 0, one successor a choice.

    into_offsets (S + 1,), into_choice (M,): the choices that lead into each state. Fills out_value (S,) with
    V* (-inf where the goal cannot be reached), out_plan (S,) with the best choice, out_order with the states
    in the order in which they were settled. Returns how many were settled.
    """
    n_states = len(out_value)
    keys = np.empty(len(into_choice) + len(goal_states))
    items = np.empty(len(keys), np.uint32)
    done = np.zeros(n_states, np.bool_)
    out_value[:] = -np.inf
    size = 0
    settled = 0
    for g in goal_states:  # goals come first in the order, before any state that a free step takes to one
        if not done[g]:
            out_value[g] = 0.0
            done[g] = True
            out_order[settled] = g
            settled += 1
    for i in range(settled):
        size = _relax(out_order[i], 0.0, into_offsets, into_choice, choice_state, reward, done, keys, items, size, out_value, out_plan)
    while size > 0:
        cost = keys[0]
        state = items[0]
        size = _pop(keys, items, size)
        if done[state]:
            continue
        done[state] = True
        out_order[settled] = state
        settled += 1
        size = _relax(state, cost, into_offsets, into_choice, choice_state, reward, done, keys, items, size, out_value, out_plan)
    return settled


@njit(cache=True, nogil=True, error_model="numpy")
def spread(into_offsets, into_choice, choice_state, chance, reward, gamma, usable, value, plan):  # type: ignore[no-untyped-def]
    """Carry known values backwards along likeliest successors, the highest first, each state settled once.

    into_* list the choices by likeliest successor (M,), reached with ``chance`` (M,); what else may happen is taken for
    staying: q = (r + gamma p V(s')) / (1 - gamma (1 - p)). Raises ``value`` (S,) where a choice is better and names
    it in ``plan``. With p = 1 each value stands for a way that exists, and r <= (1 - gamma) V(s') all along it makes this
    Dijkstra 1959 (Knuth 1977); elsewhere it is a start for policy iteration.
    """
    n_states = len(value)
    keys = np.empty(n_states + len(into_choice))
    items = np.empty(len(keys), np.uint32)
    done = np.zeros(n_states, np.bool_)
    size = 0
    for s in range(n_states):
        if value[s] > -np.inf:
            size = _push(keys, items, size, -value[s], np.uint32(s))
    while size > 0:
        s = items[0]
        size = _pop(keys, items, size)
        if done[s]:
            continue
        done[s] = True
        for k in range(into_offsets[s], into_offsets[s + np.uint32(1)]):
            m = into_choice[k]
            before = choice_state[m]
            if usable[m] and not done[before]:
                p = chance[m]
                q = (reward[m] + gamma * p * value[s]) / (1.0 - gamma * (1.0 - p))
                if q > value[before]:
                    value[before] = q
                    plan[before] = m
                    size = _push(keys, items, size, -q, before)


@njit(cache=True, nogil=True, error_model="numpy")
def settle(into_offsets, into_choice, into_state, into_reward, order, goal_states, most,  # type: ignore[no-untyped-def]
           out_value, out_plan):
    """V* of a deterministic world at gamma = 1 by passes over ``order`` (n,), the states nearest first for rewards much like these.

    Each state tells those before it what it is worth whenever that has risen (Bellman 1958; Ford 1956): from -inf values only rise,
    and each stands for a way that exists; where nothing is left to tell, no choice betters its state, so with costs on every cycle they are
    V* to the last bit, whatever the order. Of equally good choices the first is planned, but for
    those that cost next to nothing: a circle of them would never arrive. into_state, into_reward (M,): of the choices
    ``into_choice``, so that they are read one after the other. Returns whether that was so within ``most`` passes.
    """
    out_value[:] = -np.inf
    risen = np.zeros(len(out_value), np.bool_)
    for g in goal_states:
        out_value[g] = 0.0
        risen[g] = True
    for _ in range(most):
        told = False
        for state in order:
            if not risen[state]:
                continue
            risen[state] = False
            told = True
            worth = out_value[state]
            for k in range(into_offsets[state], into_offsets[state + np.uint32(1)]):
                before = into_state[k]
                q = into_reward[k] + worth
                if q > out_value[before]:
                    out_value[before] = q
                    out_plan[before] = into_choice[k]
                    risen[before] = True
                elif q == out_value[before] and worth > q and into_choice[k] < out_plan[before]:
                    out_plan[before] = into_choice[k]
        if not told:
            return True
    return False


@njit(cache=True, nogil=True, error_model="numpy")
def nearest(into_offsets, into_choice, into_state, into_reward, goals, targets, bounded, width, heads,  # type: ignore[no-untyped-def]
            value, planned, mark, touched, after, before):
    """V* of a deterministic world at gamma = 1 and no choice that pays, from the goals backwards, as far as ``targets`` (T,) need it.

    States wait in buckets by what they are worth, ``width`` nats each, and those of a bucket are told to the states before them in any
    order, again where they have risen since (Dial 1969; Meyer and Sanders 2003): from -inf values only rise, each stands for a way that
    exists, and a bucket that is empty holds nothing that could still rise. So values are those of ``settle`` to the last bit, and so is
    what is planned. Where ``bounded``, it ends with the bucket in which the last target is; states that are worth less have -inf then.

    mark (S,) is 0, value (S,) -inf and heads (H,) ``NONE`` on entry; planned, touched, after, before (S,) hold anything. H is a power of 2,
    and the dearest choice is less than H - 1 buckets wide. Returns how many states were ``touched``: those that have a value or a mark,
    but for targets out of reach, whose mark the caller clears too.
    """
    count, waiting, wanted, last, per_nat = 0, 0, 0, len(heads) - 1, 1.0 / width
    for t in targets:
        if mark[t] == 0:
            mark[t] = WANTED
            wanted += 1
    for g in goals:
        if mark[g] & GOAL:
            continue
        wanted -= 1 if mark[g] & WANTED else 0
        mark[g] = GOAL | WAITS
        value[g] = 0.0
        touched[count] = g
        count += 1
        after[g] = heads[0]
        before[g] = NONE
        if heads[0] != NONE:
            before[heads[0]] = g
        heads[0] = g
        waiting += 1
    bucket = 0
    while waiting > 0 and (bucket == 0 or wanted > 0 or not bounded):
        slot = bucket & last
        while heads[slot] != NONE:
            state = heads[slot]
            heads[slot] = after[state]
            if after[state] != NONE:
                before[after[state]] = NONE
            waiting -= 1
            if mark[state] & WANTED:
                wanted -= 1
            mark[state] = (mark[state] & GOAL) | DONE
            worth = value[state]
            for k in range(into_offsets[state], into_offsets[state + np.uint32(1)]):
                s = into_state[k]
                q = into_reward[k] + worth
                had = value[s]
                if q > had:
                    value[s] = q
                    planned[s] = into_choice[k]
                    place = np.int64(-q * per_nat) & last
                    if mark[s] & WAITS:
                        was = np.int64(-had * per_nat) & last
                        if was == place:
                            continue
                        if before[s] == NONE:
                            heads[was] = after[s]
                        else:
                            after[before[s]] = after[s]
                        if after[s] != NONE:
                            before[after[s]] = before[s]
                    else:
                        mark[s] |= WAITS
                        waiting += 1
                        if had == -np.inf:
                            touched[count] = s
                            count += 1
                    after[s] = heads[place]
                    before[s] = NONE
                    if heads[place] != NONE:
                        before[heads[place]] = s
                    heads[place] = s
                elif q == had and worth > q and into_choice[k] < planned[s]:
                    planned[s] = into_choice[k]
        bucket += 1
    if waiting > 0:
        heads[:] = NONE
        for i in range(count):
            if mark[touched[i]] & WAITS:
                mark[touched[i]] = np.uint8(0)
                value[touched[i]] = -np.inf
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def forget(touched, targets, value, mark):  # type: ignore[no-untyped-def]
    """Clear what ``nearest`` left in value and mark (S,): of the states touched (n,) and of its targets (T,)."""
    for s in touched:
        value[s] = -np.inf
        mark[s] = np.uint8(0)
    for s in targets:
        mark[s] = np.uint8(0)


@njit(cache=True, nogil=True, error_model="numpy")
def choice_values(choice_offsets, successor_offsets, successors, probabilities, reward,  # type: ignore[no-untyped-def]
                  gamma, usable, value, out_q, out_log_policy):
    """Q = r + gamma P V and log softmax(Q) by state; -inf for choices that are not usable (M,) bool."""
    for state in range(len(choice_offsets) - 1):
        first, last = choice_offsets[state], choice_offsets[state + 1]
        top = -np.inf
        for m in range(first, last):
            q = -np.inf
            if usable[m]:
                q = 0.0
                for k in range(successor_offsets[m], successor_offsets[m + 1]):
                    q += probabilities[k] * value[successors[k]]
                q = reward[m] + gamma * q
            out_q[m] = q
            top = max(top, q)
        total = 0.0
        for m in range(first, last):
            if out_q[m] > -np.inf:
                total += np.exp(out_q[m] - top)
        norm = top + np.log(total) if total > 0.0 else 0.0
        for m in range(first, last):
            out_log_policy[m] = out_q[m] - norm


@njit(cache=True, nogil=True, error_model="numpy")
def sweep(choice_offsets, successor_offsets, successors, probabilities, reward, gamma,  # type: ignore[no-untyped-def]
          usable, order, soft, value):
    """One Gauss-Seidel sweep of the Bellman equation over ``order``, in place; returns the largest change.

    soft: V = log sum exp Q (Ziebart 2010), else V = max Q. States without a usable choice are left alone.
    """
    change = 0.0
    for state in order:
        top = -np.inf
        total = 0.0
        for m in range(choice_offsets[state], choice_offsets[state + 1]):
            if not usable[m]:
                continue
            q = 0.0
            for k in range(successor_offsets[m], successor_offsets[m + 1]):
                q += probabilities[k] * value[successors[k]]
            q = reward[m] + gamma * q
            if q > top:
                total = total * np.exp(top - q) + 1.0
                top = q
            else:
                total += np.exp(q - top)
        if top == -np.inf:
            continue
        new = top + np.log(total) if soft else top
        change = max(change, abs(new - value[state]))
        value[state] = new
    return change


@njit(cache=True, nogil=True, error_model="numpy")
def backward_reach(into_offsets, into_choice, choice_state, usable, goal_states, out_reached, out_order):  # type: ignore[no-untyped-def]
    """Breadth-first from the goals backwards over usable choices (into_* list one entry a successor).

    Marks out_reached (S,) bool, fills out_order with the states nearest first; returns how many.
    """
    out_reached[:] = False
    tail = 0
    for g in goal_states:
        if not out_reached[g]:
            out_reached[g] = True
            out_order[tail] = g
            tail += 1
    head = 0
    while head < tail:
        state = out_order[head]
        head += 1
        for k in range(into_offsets[state], into_offsets[state + 1]):
            m = into_choice[k]
            before = choice_state[m]
            if usable[m] and not out_reached[before]:
                out_reached[before] = True
                out_order[tail] = before
                tail += 1
    return tail


@njit(cache=True, nogil=True, error_model="numpy")
def keep_safe_choices(successor_offsets, successors, alive, usable):  # type: ignore[no-untyped-def]
    """Make choices unusable that may lead into a state that is not alive; returns how many were dropped."""
    dropped = 0
    for m in range(len(usable)):
        if usable[m]:
            for k in range(successor_offsets[m], successor_offsets[m + 1]):
                if not alive[successors[k]]:
                    usable[m] = False
                    dropped += 1
                    break
    return dropped

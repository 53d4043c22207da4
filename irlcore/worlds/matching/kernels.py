"""Compiled parts of map matching: the best way along the network past all points of a track.

Costs are in nats: a cost is a minus log-probability, up to a constant. Links are numbered by their names and neighbours, so that the
answer does not hang on the order of a table; costs that differ by less than ``TIE`` count as equal, and then the lower number wins.
"""

from __future__ import annotations

import numpy as np
from numba import njit

TIE = 1e-9
NO_WAY = np.inf
ENTERED, FROM_PLACE, TURNED = 0, 1, 2  # how the end of a link was reached: through it, from a place on it, from one after a turn on it


@njit(cache=True, nogil=True, error_model="numpy")
def _longer(values):  # type: ignore[no-untyped-def]
    out = np.empty(2 * len(values), values.dtype)
    out[:len(values)] = values
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def _push(keys, nodes, size, key, node):  # type: ignore[no-untyped-def]
    """Put one on the heap, whose smallest key is on top; of equal keys the lower node."""
    if size == len(keys):
        keys, nodes = _longer(keys), _longer(nodes)
    i = size
    while i > 0:
        up = (i - 1) >> 1
        if keys[up] < key or (keys[up] == key and nodes[up] <= node):
            break
        keys[i], nodes[i] = keys[up], nodes[up]
        i = up
    keys[i], nodes[i] = key, node
    return keys, nodes, size + 1


@njit(cache=True, nogil=True, error_model="numpy")
def _pop(keys, nodes, size):  # type: ignore[no-untyped-def]
    """Take the top off; returns how many are left. What was on top stands behind them."""
    size -= 1
    top_key, top_node = keys[0], nodes[0]
    key, node = keys[size], nodes[size]
    i = 0
    while True:
        down = 2 * i + 1
        if down >= size:
            break
        if down + 1 < size and (keys[down + 1] < keys[down] or (keys[down + 1] == keys[down] and nodes[down + 1] < nodes[down])):
            down += 1
        if keys[down] > key or (keys[down] == key and nodes[down] >= node):
            break
        keys[i], nodes[i] = keys[down], nodes[down]
        i = down
    keys[i], nodes[i] = key, node
    keys[size], nodes[size] = top_key, top_node
    return size


@njit(cache=True, nogil=True, error_model="numpy")
def _leave(places, l0, l1, value, extra, roads, marks, touched, n_touched):  # type: ignore[no-untyped-def]
    """How dear the end of each link is that has a place of an earlier point, also after a turn on it. Adds the links to ``touched``."""
    place_link, place_along, _ = places
    per_metre, length, turned, turn_cost = roads[3], roads[4], roads[5], roads[6]
    _, ended, _, how, from_place, _, _ = marks
    for c in range(l0, l1):
        if value[c] == NO_WAY:
            continue
        for way in range(2):
            a = place_link[c]
            here, v = place_along[c], value[c] + extra
            if way == 1:
                here, v = length[a] - here, v + turn_cost[a]
                a = turned[a]
                if a < 0:
                    continue
            e = v + per_metre[a] * (length[a] - here)
            if ended[a] == NO_WAY:
                if n_touched == len(touched):
                    touched = _longer(touched)
                touched[n_touched] = a
                n_touched += 1
            if e < ended[a] - TIE:
                ended[a], how[a], from_place[a] = e, FROM_PLACE + way, c
    return touched, n_touched


@njit(cache=True, nogil=True, error_model="numpy")
def _stay(places, l0, l1, c0, c1, value, extra, before, kept_from, roads, marks):  # type: ignore[no-untyped-def]
    """Values of this point's places on links where one is already, or turns. Returns the least.

    ``need`` of a link becomes the cost of its start below which any of its places gains; ``least_cost`` what is added there at least.
    """
    place_link, place_along, place_cost = places
    per_metre, length, turned, turn_cost = roads[3], roads[4], roads[5], roads[6]
    need, least_cost = marks[5], marks[6]
    best = NO_WAY
    c = c0
    while c < c1:
        b, stop = place_link[c], c
        least_cost[b] = NO_WAY
        while stop < c1 and place_link[stop] == b:
            least_cost[b] = min(least_cost[b], place_cost[stop] + per_metre[b] * place_along[stop])
            stop += 1
        for way in range(2):
            a = b if way == 0 else turned[b]
            if a < 0 or (way == 1 and turned[a] != b):
                continue
            i = l0 + np.searchsorted(place_link[l0:l1], a)
            end = i
            while end < l1 and place_link[end] == a:
                end += 1
            run, run_at, left = NO_WAY, np.int64(-1), end - i
            for k in range(c, stop):
                while left > 0:
                    at = end - left if way == 0 else i + left - 1
                    here = place_along[at] if way == 0 else length[a] - place_along[at]
                    if here > place_along[k] + 1e-6:
                        break
                    v = value[at] + extra + (0.0 if way == 0 else turn_cost[a]) - per_metre[b] * here
                    if v < run - TIE:
                        run, run_at = v, at
                    left -= 1
                total = run + per_metre[b] * place_along[k] + place_cost[k]
                if total < value[k] - TIE:
                    value[k], before[k], kept_from[k] = total, run_at, -1 - way
        need[b] = -NO_WAY
        for k in range(c, stop):
            best = min(best, value[k])
            need[b] = max(need[b], value[k] - per_metre[b] * place_along[k] - place_cost[k])
        c = stop
    return best


@njit(cache=True, nogil=True, error_model="numpy")
def _left(a, px, py, end_xy, aim):  # type: ignore[no-untyped-def]
    """What is left at least from the end of a link to the places round a point."""
    dx, dy = end_xy[a, 0] - px, end_xy[a, 1] - py
    return max(np.sqrt(dx * dx + dy * dy) - aim[1], 0.0) * aim[0]


@njit(cache=True, nogil=True, error_model="numpy")
def _search(px, py, places, c0, c1, roads, marks, touched, n_touched, best, most, beam, further, aim, heap):  # type: ignore[no-untyped-def]
    """Spread from the ends of links until every start of a link with a place of this point is found, or would not help any more.

    further: nats by which the search goes on beyond what helps. aim: nats for each metre that is left in a straight line at least, and the
    metres round the point where its places are.
    """
    out_offsets, out_to, out_cost, per_metre, length, turned, _, end_xy, dull = roads
    entered, ended, parent, how, _, need, least_cost = marks
    place_link = places[0]
    keys, nodes = heap
    size = 0
    for i in range(n_touched):
        a = touched[i]
        keys, nodes, size = _push(keys, nodes, size, ended[a] + _left(a, px, py, end_xy, aim), a)
    worst = _worst(place_link, c0, c1, entered, need, least_cost, best + beam)
    held_key, held = NO_WAY, touched[0]  # the best of those just found mostly comes next, and need not go over the heap
    while True:
        if size > 0 and keys[0] < held_key:
            key, a = keys[0], nodes[0]
            size = _pop(keys, nodes, size)
        else:
            key, a, held_key = held_key, held, NO_WAY
        if not key <= min(most, worst + further) or key == NO_WAY:
            break
        if key > ended[a] + _left(a, px, py, end_xy, aim):
            continue  # found cheaper meanwhile
        helped = False
        for j in range(out_offsets[a], out_offsets[a + 1]):
            s = out_to[j]
            if dull[a] and s == turned[a] and how[a] == ENTERED and need[s] == -NO_WAY:
                continue  # whoever turns back here would have turned before
            e = ended[a] + out_cost[j]
            if e >= entered[s] + TIE or (e >= entered[s] - TIE and a >= parent[s]):
                continue
            if entered[s] == NO_WAY and ended[s] == NO_WAY:
                if n_touched == len(touched):
                    touched = _longer(touched)
                touched[n_touched] = s
                n_touched += 1
            parent[s] = a
            if e >= entered[s] - TIE:
                continue
            entered[s] = e
            if need[s] > -NO_WAY:
                best, helped = min(best, e + least_cost[s]), True
            through = e + per_metre[s] * length[s]
            if through < ended[s] - TIE:
                ended[s], how[s] = through, ENTERED
                far = through + _left(s, px, py, end_xy, aim)
                if far < held_key:
                    if held_key < NO_WAY:
                        keys, nodes, size = _push(keys, nodes, size, held_key, held)
                    held_key, held = far, s
                else:
                    keys, nodes, size = _push(keys, nodes, size, far, s)
        if helped:
            worst = _worst(place_link, c0, c1, entered, need, least_cost, best + beam)
    return touched, n_touched, best, keys, nodes


@njit(cache=True, nogil=True, error_model="numpy")
def _worst(place_link, c0, c1, entered, need, least_cost, most):  # type: ignore[no-untyped-def]
    """The cost beyond which no start of a link helps any more: it is reached for less, its places have better values, or are too dear."""
    worst, b = -NO_WAY, np.int32(-1)
    for c in range(c0, c1):
        if place_link[c] != b:
            b = place_link[c]
            worst = max(worst, min(entered[b], need[b], most - least_cost[b]))
    return worst


@njit(cache=True, nogil=True, error_model="numpy")
def _way(kept, size, marks, b):  # type: ignore[no-untyped-def]
    """Append the links from the one after a place of the last point up to b. Returns the list, its size and that place."""
    parent, how, from_place = marks[2], marks[3], marks[4]
    first, a = size, b
    while True:
        if size + 1 >= len(kept):
            kept = _longer(kept)
        kept[size] = a
        size += 1
        a = parent[a]
        if how[a] != ENTERED:
            break
    if how[a] == TURNED:
        kept[size] = a
        size += 1
    kept[first:size] = kept[first:size][::-1].copy()
    return kept, size, from_place[a]


@njit(cache=True, nogil=True, error_model="numpy")
def _arrive(places, c0, c1, value, before, kept_from, kept_to, kept, size, roads, marks, best, beam):  # type: ignore[no-untyped-def]
    """Values of this point's places that are reached through the starts of their links, and the ways there; those beyond the beam go."""
    place_link, place_along, place_cost = places
    per_metre, entered, need = roads[3], marks[0], marks[5]
    found, w0, w1, came, b = False, size, size, np.int64(-1), np.int32(-1)
    for c in range(c0, c1):
        if place_link[c] != b:
            b, w0 = place_link[c], np.int64(-1)
            need[b] = -NO_WAY
        total = entered[b] + per_metre[b] * place_along[c] + place_cost[c]
        if total < value[c] - TIE and total <= best + beam:
            if w0 < 0:
                w0 = size
                kept, size, came = _way(kept, size, marks, b)
                w1 = size
            value[c], before[c], kept_from[c], kept_to[c] = total, came, w0, w1
        if value[c] > best + beam:
            value[c] = NO_WAY
        found = found or value[c] < NO_WAY
    return found, kept, size


@njit(cache=True, nogil=True, error_model="numpy")
def _passed(px, py, roads, marks, touched, n_touched, most, aim, ends, costs, size):  # type: ignore[no-untyped-def]
    """Append the links whose ends were reached for so little that ways through them count, the cheapest first."""
    ended, end_xy = marks[1], roads[7]
    first = size
    for i in range(n_touched):
        a = touched[i]
        if ended[a] + _left(a, px, py, end_xy, aim) <= most:
            if size == len(ends):
                ends, costs = _longer(ends), _longer(costs)
            ends[size], costs[size] = a, ended[a]
            size += 1
    order = np.argsort(costs[first:size])
    ends[first:size], costs[first:size] = ends[first:size][order], costs[first:size][order]
    return ends, costs, size


@njit(cache=True, nogil=True, error_model="numpy")
def _trace(p, value, before, place_offsets, point_of, chosen):  # type: ignore[no-untyped-def]
    """Choose the best place of point p, and those before it that led there."""
    c = np.int64(-1)
    least = NO_WAY
    for k in range(place_offsets[p], place_offsets[p + 1]):
        if value[k] < least - TIE:
            least, c = value[k], np.int64(k)
    while c >= 0:
        chosen[point_of[c]] = c
        c = before[c]


@njit(cache=True, nogil=True, error_model="numpy")
def decode(offsets, x, y, cut, place_offsets, point_of, places, roads, bounds, aim, marks):  # type: ignore[no-untyped-def]
    """The best way past the points of each track: Viterbi's recursion, where one search from all places of a point serves all of the next.

    offsets: (N + 1,) of the points. cut: (P,) bool, nothing is bridged up to this point. places: (C,) link, metres along it, cost. roads:
    out_offsets, out_to, out_cost, per_metre, length, turned, turn_cost, end_xy, dull. bounds: nats that are given up, metres of a gap that
    is bridged at most, nats a metre and nats that a way may cost, nats for leaving out a point,
    and by how much less likely ways are kept for the lattice, below 0 for none. aim: as in ``_search``. marks: seven
    arrays (links,) of ``decoding``. Returns chosen (P,) place of each point, -1 where none; begins (P,) bool, where a part begins; value
    and before (C,), the cost of the best way to a place and the place before on it; kept_from and kept_to (C,), which of the last,
    ``kept``, are the links up to a place: -1 none, -2 a turn. Of the lattice: sources (P, 2), the points that a point was reached from;
    (P + 1,) offsets, links whose ends were reached on the way to each point, the cheapest first, and what it cost.
    """
    place_link, _, place_cost = places
    beam, most_gap, most_per_metre, most_least, left_out, counted = bounds
    entered, ended, parent, how = marks[0], marks[1], marks[2], marks[3]
    further = max(0.5 * counted, TIE)  # half of it already costs little, and finds nearly all that counts
    n_places = len(place_link)
    value, before = np.full(n_places, NO_WAY), np.full(n_places, -1, np.int64)
    kept_from, kept_to = np.full(n_places, -1, np.int64), np.full(n_places, -1, np.int64)
    kept, size = np.empty(65536, np.int32), 0
    keys, nodes, touched = np.empty(1024), np.empty(1024, np.uint32), np.empty(1024, np.uint32)
    chosen, begins = np.full(len(x), -1, np.int64), np.zeros(len(x), np.bool_)
    sources, end_offsets = np.full((len(x), 2), -1, np.int64), np.zeros(len(x) + 1, np.int64)
    ends, costs, n_ends = np.empty(4096, np.int32), np.empty(4096), 0
    for track in range(len(offsets) - 1):
        last = prior = -1
        for p in range(offsets[track], offsets[track + 1]):
            c0, c1 = place_offsets[p], place_offsets[p + 1]
            end_offsets[p + 1] = n_ends
            if c0 == c1:
                continue
            found = False
            apart = np.hypot(x[p] - x[last], y[p] - y[last]) if last >= 0 else NO_WAY
            if apart <= most_gap and not cut[p]:
                l0, l1 = place_offsets[last], place_offsets[last + 1]
                touched, n_touched = _leave(places, l0, l1, value, 0.0, roads, marks, touched, 0)
                best = _stay(places, l0, l1, c0, c1, value, 0.0, before, kept_from, roads, marks)
                if prior >= 0 and np.hypot(x[p] - x[prior], y[p] - y[prior]) <= most_gap:
                    k0, k1 = place_offsets[prior], place_offsets[prior + 1]
                    touched, n_touched = _leave(places, k0, k1, value, left_out, roads, marks, touched, n_touched)
                    best = _stay(places, k0, k1, c0, c1, value, left_out, before, kept_from, roads, marks)
                most = value[l0:l1].min() + most_least + most_per_metre * apart
                touched, n_touched, best, keys, nodes = _search(x[p], y[p], places, c0, c1, roads, marks, touched, n_touched, best,
                                                                      most, beam, further, aim, (keys, nodes))
                found, kept, size = _arrive(places, c0, c1, value, before, kept_from, kept_to, kept, size, roads, marks, best, beam)
                if found and counted >= 0.0:
                    ends, costs, n_ends = _passed(x[p], y[p], roads, marks, touched, n_touched, best + counted, aim, ends, costs, n_ends)
                    end_offsets[p + 1] = n_ends
                    sources[p, 0], sources[p, 1] = last, prior
                for i in range(n_touched):
                    a = touched[i]
                    entered[a] = ended[a] = NO_WAY
                    parent[a] = -1
                    how[a] = ENTERED
            if not found:
                if last >= 0:
                    _trace(last, value, before, place_offsets, point_of, chosen)
                begins[p] = True
                value[c0:c1] = place_cost[c0:c1]
                before[c0:c1] = kept_from[c0:c1] = -1
            prior = last if found else -1
            last = p
        if last >= 0:
            _trace(last, value, before, place_offsets, point_of, chosen)
    return chosen, begins, value, before, kept_from, kept_to, kept[:size].copy(), sources, end_offsets, ends[:n_ends].copy(), \
        costs[:n_ends].copy()

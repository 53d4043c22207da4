"""Compiled forward and backward sums over the lattice of a match: how likely each link was driven, given all points.

Forward, each place gets the likelihood of all ways up to it; backward, that of all ways on. Both go along the links that the searches for
the best way had reached, so nothing is searched again. All weights are relative to the best way to the same place or end of a link (its
cost is known from the search), so they neither vanish nor burst; ``log_a`` and ``log_b`` keep what is divided out at each point. Ways that
go against the order of those costs, or round in a circle, count as long as they make a difference.
"""

from __future__ import annotations

import numpy as np
from numba import njit

SWEEPS = 4
LITTLE = 1e-2  # of what is likely that another sweep would move


@njit(cache=True, nogil=True)
def _longer(values):  # type: ignore[no-untyped-def]
    out = np.empty(2 * len(values), values.dtype)
    out[:len(values)] = values
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def _depart(places, value, a_or_b, k0, k1, extra, factor, roads, cost_of, mass):  # type: ignore[no-untyped-def]
    """Forward: what leaves the places of a point arrives at the ends of their links, also after a turn on them."""
    place_link, place_along, _ = places
    per_metre, length, turned, turn_cost = roads[3], roads[4], roads[5], roads[6]
    for c in range(k0, k1):
        if not value[c] < np.inf or a_or_b[c] == 0.0:
            continue
        a, here = place_link[c], place_along[c]
        if cost_of[a] < np.inf:
            mass[a] += factor * a_or_b[c] * np.exp(cost_of[a] - value[c] - extra - per_metre[a] * (length[a] - here))
        t = turned[a]
        if t >= 0 and cost_of[t] < np.inf:
            mass[t] += factor * a_or_b[c] * np.exp(cost_of[t] - value[c] - extra - turn_cost[a] - per_metre[t] * here)


@njit(cache=True, nogil=True, error_model="numpy")
def _depart_back(places, value, alpha, beta, k0, k1, extra, factor, share, roads, cost_of, onward, visits):  # type: ignore[no-untyped-def]
    """Backward: the places get what goes on from the ends of their links. Turns count as visits."""
    place_link, place_along, _ = places
    per_metre, length, turned, turn_cost = roads[3], roads[4], roads[5], roads[6]
    for c in range(k0, k1):
        if not value[c] < np.inf:
            continue
        a, here = place_link[c], place_along[c]
        if cost_of[a] < np.inf:
            beta[c] += factor * onward[a] * np.exp(cost_of[a] - value[c] - extra - per_metre[a] * (length[a] - here))
        t = turned[a]
        if t >= 0 and cost_of[t] < np.inf:
            more = onward[t] * np.exp(cost_of[t] - value[c] - extra - turn_cost[a] - per_metre[t] * here)
            beta[c] += factor * more
            visits[t] += share * alpha[c] * more


@njit(cache=True, nogil=True, error_model="numpy")
def _stay(places, value, alpha, beta, k0, k1, c0, c1, extra, factor, share, roads, visits, forward):  # type: ignore[no-untyped-def]
    """From places of a point to those of the next on the same link, or after a turn on it: forward adds to alpha, else to beta."""
    place_link, place_along, place_cost = places
    per_metre, length, turned, turn_cost = roads[3], roads[4], roads[5], roads[6]
    for k in range(k0, k1):
        if not value[k] < np.inf:
            continue
        for way in range(2):
            a = place_link[k]
            here, start = place_along[k], value[k] + extra
            if way == 1:
                here, start = length[a] - here, start + turn_cost[a]
                a = turned[a]
                if a < 0:
                    continue
            c = c0 + np.searchsorted(place_link[c0:c1], a)
            got = 0.0
            while c < c1 and place_link[c] == a:
                if here <= place_along[c] + 1e-6 and value[c] < np.inf:
                    w = np.exp(value[c] - start - per_metre[a] * (place_along[c] - here) - place_cost[c])
                    if forward:
                        alpha[c] += factor * alpha[k] * w
                    else:
                        got += beta[c] * w
                c += 1
            if not forward:
                beta[k] += factor * got
                if way == 1:
                    visits[a] += share * alpha[k] * got


@njit(cache=True, nogil=True, error_model="numpy")
def _spread(ends, costs, e0, e1, roads, here_too, cost_of, least, waits, entered, got, n_got):  # type: ignore[no-untyped-def]
    """Forward along the links reached: ``entered`` of each start. Adds those entered to ``got``."""
    out_offsets, out_to, out_cost, per_metre, length = roads[:5]
    sweeps = 0
    while sweeps < SWEEPS:
        sweeps += 1
        left = total = 0.0
        for i in range(e0, e1):
            a = ends[i]
            now = waits[a]
            waits[a] = 0.0
            total += now
            if now == 0.0:
                continue
            for j in range(out_offsets[a], out_offsets[a + 1]):
                s = np.int64(out_to[j])
                stored = cost_of[s] < np.inf
                if not (stored or here_too[s]):
                    continue
                if least[s] == np.inf:
                    least[s] = costs[i] + out_cost[j]
                    if n_got == len(got):
                        got = _longer(got)
                    got[n_got] = s
                    n_got += 1
                flow = now * np.exp(least[s] - costs[i] - out_cost[j])
                entered[s] += flow
                if stored:
                    waits[s] += flow * np.exp(cost_of[s] - least[s] - per_metre[s] * length[s])
        for i in range(e0, e1):
            left += waits[ends[i]]
        if left <= LITTLE * total:
            break
    return got, n_got, sweeps


@njit(cache=True, nogil=True, error_model="numpy")
def _gather(ends, costs, e0, e1, roads, here_too, cost_of, least, onward, ahead, sweeps):  # type: ignore[no-untyped-def]
    """Backward: ``onward`` of each end, from ``ahead``, what the places of the point bring to the starts of their links."""
    out_offsets, out_to, out_cost, per_metre, length = roads[:5]
    for _ in range(sweeps):
        for i in range(e1 - 1, e0 - 1, -1):
            a = ends[i]
            sum_ = 0.0
            for j in range(out_offsets[a], out_offsets[a + 1]):
                s = np.int64(out_to[j])
                if least[s] == np.inf:
                    continue
                on = ahead[s]
                if cost_of[s] < np.inf and onward[s] > 0.0:
                    on += onward[s] * np.exp(cost_of[s] - least[s] - per_metre[s] * length[s])
                if on > 0.0:
                    sum_ += on * np.exp(least[s] - costs[i] - out_cost[j])
            onward[a] = sum_


@njit(cache=True, nogil=True, error_model="numpy")
def _scaled(values, c0, c1):  # type: ignore[no-untyped-def]
    """Divide by the largest; returns its logarithm."""
    most = 0.0
    for c in range(c0, c1):
        most = max(most, values[c])
    if most == 0.0:
        return -np.inf
    for c in range(c0, c1):
        values[c] /= most
    return np.log(most)


@njit(cache=True, nogil=True, error_model="numpy")
def visits_of(offsets, begins, place_offsets, places, value, sources, end_offsets, ends, costs, roads,  # type: ignore[no-untyped-def]
              link_offsets, links, left_out, dense):
    """The probability that each link that was chosen was driven: (K,) as ``links``; the mean number of times over all ways, at most 1.

    value: (C,), sources (P, 2), end_offsets (P + 1,), ends and costs: as ``decode`` returns them. left_out: nats for leaving out a point.
    dense: of each link, cost of its end and of its start (inf), then what waits at its end, what entered it, what goes on from its end and
    from its start, how often it was driven (0), and whether the point has a place on it (False).
    """
    place_link, place_along, place_cost = places
    per_metre, length, turned = roads[3], roads[4], roads[5]
    cost_of, least, waits, entered, onward, ahead, visits, here_too = dense
    alpha, beta = np.zeros(len(place_link)), np.zeros(len(place_link))
    log_a, log_b = np.zeros(len(begins)), np.zeros(len(begins))
    sure = np.zeros(len(links))
    got, got_mass, got_least = np.empty(65536, np.int64), np.empty(65536), np.empty(65536)
    sweeps = np.zeros(len(begins), np.int64)
    got_from, had_b = np.zeros(len(begins) + 1, np.int64), np.zeros(len(begins), np.bool_)
    for track in range(len(offsets) - 1):
        start = offsets[track]
        while start < offsets[track + 1]:
            stop = start + 1
            while stop < offsets[track + 1] and not begins[stop]:
                stop += 1
            if not begins[start]:
                start = stop
                continue
            alpha[place_offsets[start]:place_offsets[start + 1]] = 1.0
            n_got, last = 0, start
            for p in range(start + 1, stop):
                got_from[p] = n_got
                if sources[p, 0] < 0:
                    continue
                last = p
                c0, c1, e0, e1 = place_offsets[p], place_offsets[p + 1], end_offsets[p], end_offsets[p + 1]
                for i in range(e0, e1):
                    cost_of[ends[i]] = costs[i]
                for c in range(c0, c1):
                    here_too[place_link[c]] = True
                base = log_a[sources[p, 0]]
                for k in range(2):
                    q = sources[p, k]
                    if q >= 0:
                        k0, k1, extra = place_offsets[q], place_offsets[q + 1], left_out * k
                        factor = np.exp(log_a[q] - base)
                        _depart(places, value, alpha, k0, k1, extra, factor, roads, cost_of, waits)
                        _stay(places, value, alpha, beta, k0, k1, c0, c1, extra, factor, 0.0, roads, visits, True)
                got, n_got, sweeps[p] = _spread(ends, costs, e0, e1, roads, here_too, cost_of, least, waits, entered, got, n_got)
                while len(got_mass) < len(got):
                    got_mass, got_least = _longer(got_mass), _longer(got_least)
                for c in range(c0, c1):
                    b = place_link[c]
                    here_too[b] = False
                    if entered[b] > 0.0 and value[c] < np.inf:
                        alpha[c] += entered[b] * np.exp(value[c] - least[b] - per_metre[b] * place_along[c] - place_cost[c])
                for i in range(got_from[p], n_got):
                    s = got[i]
                    got_mass[i], got_least[i] = entered[s], least[s]
                    entered[s], least[s] = 0.0, np.inf
                for i in range(e0, e1):
                    cost_of[ends[i]], waits[ends[i]] = np.inf, 0.0
                log_a[p] = base + _scaled(alpha, c0, c1)
            got_from[stop] = n_got
            c0, c1 = place_offsets[last], place_offsets[last + 1]
            total = 0.0
            for c in range(c0, c1):
                if value[c] < np.inf:
                    # places at the end differ in cost: relative to the best
                    beta[c] = np.exp(value[c0:c1].min() - value[c])
                    total += alpha[c] * beta[c]
            log_z = log_a[last] + np.log(total)
            for p in range(last, start, -1):
                if sources[p, 0] < 0:
                    continue
                c0, c1, e0, e1 = place_offsets[p], place_offsets[p + 1], end_offsets[p], end_offsets[p + 1]
                moved = _scaled(beta, c0, c1)
                if moved == -np.inf:
                    continue  # no way goes on from there: it was left out
                log_b[p] += moved
                for i in range(e0, e1):
                    cost_of[ends[i]] = costs[i]
                for i in range(got_from[p], got_from[p + 1]):
                    least[got[i]] = got_least[i]
                for c in range(c0, c1):
                    b = place_link[c]
                    here_too[b] = True
                    if least[b] < np.inf and beta[c] > 0.0:
                        ahead[b] += beta[c] * np.exp(value[c] - least[b] - per_metre[b] * place_along[c] - place_cost[c])
                _gather(ends, costs, e0, e1, roads, here_too, cost_of, least, onward, ahead, sweeps[p])
                base = log_a[sources[p, 0]]
                share = np.exp(base + log_b[p] - log_z)
                for i in range(got_from[p], got_from[p + 1]):
                    s = got[i]
                    on = ahead[s]
                    if cost_of[s] < np.inf:
                        on += onward[s] * np.exp(cost_of[s] - least[s] - per_metre[s] * length[s])
                    visits[s] += share * got_mass[i] * on
                for k in range(2):
                    q = sources[p, k]
                    if q >= 0:
                        k0, k1, extra = place_offsets[q], place_offsets[q + 1], left_out * k
                        if not had_b[q]:
                            log_b[q], had_b[q] = log_b[p], True
                        factor, of_z = np.exp(log_b[p] - log_b[q]), np.exp(log_a[q] + log_b[p] - log_z)
                        _depart_back(places, value, alpha, beta, k0, k1, extra, factor, of_z, roads, cost_of, onward, visits)
                        _stay(places, value, alpha, beta, k0, k1, c0, c1, extra, factor, of_z, roads, visits, False)
                for i in range(got_from[p], got_from[p + 1]):
                    ahead[got[i]], least[got[i]] = 0.0, np.inf
                for c in range(c0, c1):
                    here_too[place_link[c]] = False
                for i in range(e0, e1):
                    cost_of[ends[i]], onward[ends[i]] = np.inf, 0.0
            for c in range(place_offsets[start], place_offsets[start + 1]):
                visits[place_link[c]] += alpha[c] * beta[c] * np.exp(log_b[start] - log_z)
            for k in range(link_offsets[start], link_offsets[stop]):
                sure[k] = min(visits[links[k]], 1.0)
            for i in range(n_got):
                visits[got[i]] = 0.0
            for c in range(place_offsets[start], place_offsets[stop]):
                visits[place_link[c]] = 0.0
                if turned[place_link[c]] >= 0:
                    visits[turned[place_link[c]]] = 0.0
            start = stop
    return sure

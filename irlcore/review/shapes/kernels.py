"""Kernels over many walks: loop erasure, which takes off what came back to where it was, and which walk shares the most with another."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def erase_loops(spots, offsets, length, x, y, roundness, cell_area, at, out_where, out_way):  # type: ignore[no-untyped-def]
    """The excursions of N walks, as ``behaviour.excursions`` has them before what is noise on a grid is left out; how many there are.

    spots: (V,) int64. offsets: (N + 1,) int64. length: (V,) float64, of the step that led to each. x, y: (V,) float64, NaN where not known.
    roundness: least share of a disc's area with the same rim that a circle encloses; cell_area: of a grid's cell, 0 elsewhere.
    at: (S,) int64, all -1. out_where: (V, 4) int64: first, last and farthest position of each excursion, and whether it is a circle.
    out_way: (V,) float64, its own way. Of a ring of three spots that goes on from the last one, out and back, the two are one.
    """
    found = 0
    for i in range(len(offsets) - 1):
        begin, end = offsets[i], offsets[i + 1]
        stack, came = np.empty(end - begin, np.int64), np.empty(end - begin, np.int64)
        top, before = 0, found
        for t in range(begin, end):
            k = at[spots[t]]
            if k < 0:
                at[spots[t]] = top
                stack[top], came[top] = t, t
                top += 1
                continue
            size = top - k + 1  # of the ring, its first spot twice
            first, way, rim, area, farthest, known = stack[k], length[t], 0.0, 0.0, 0.0, True
            for j in range(k, top):
                here, after = stack[j], stack[j + 1] if j + 1 < top else t
                if j > k:
                    way += length[came[j]]
                    at[spots[here]] = -1
                ax, ay, bx, by = x[here] - x[first], y[here] - y[first], x[after] - x[first], y[after] - y[first]
                known = known and np.isfinite(ax) and np.isfinite(ay)
                area += 0.5 * (ax * by - bx * ay)
                rim += np.hypot(bx - ax, by - ay)
                farthest = max(farthest, np.hypot(ax, ay))
            far = stack[k + size // 2] if k + size // 2 < top else t
            for j in range(k, top if known else k):
                if np.hypot(x[stack[j]] - x[first], y[stack[j]] - y[first]) >= farthest * (1.0 - 1e-9):
                    far = stack[j]
                    break
            if not known:
                circle = True
            elif cell_area > 0.0:
                circle = abs(area) / cell_area >= (size - 1) / 2.0 - 1e-6
            else:
                circle = 4.0 * np.pi * abs(area) >= roundness * rim * rim
            if size > 3:
                goes_on = False
            else:
                circle = False
                goes_on = found > before and out_where[found - 1, 3] == 0 and out_where[found - 1, 1] == t - 1
            if goes_on:
                out_where[found - 1, 0], out_where[found - 1, 1] = first, t
                out_way[found - 1] += way
            else:
                out_where[found, 0], out_where[found, 1], out_where[found, 2], out_where[found, 3] = first, t, far, circle
                out_way[found] = way
                found += 1
            stack[k] = t
            top = k + 1
        for j in range(top):
            at[spots[stack[j]]] = -1
    return found


@njit(cache=True, nogil=True)
def most_shared(order, own_offsets, own_terms, values, offsets, terms, posted, posts, digits, out_best, out_which,  # type: ignore[no-untyped-def]
                out_total):
    """For each of n lists of terms, the one of m known lists that shares the most of it, and how much; how many numbers were added for it.

    order (n,): in which they are gone through: what a list's neighbour in it found is looked at first. own_offsets (n + 1,), own_terms,
    values (C,): the lists, no term twice in one. offsets (m + 1,), terms: the known lists; posted (T + 1,), posts: the known lists that
    have each term, rising. digits: sums are rounded to so many. out_best (n,), out_which (n,): the first of several; 0 and the first of
    all where none shares anything. out_total (n,): of all values.

    What is rare is added up first. As soon as all that is left is less than what some list is known to share, no list that was not met
    until then can be the nearest, and those that were met are the only ones to be told in full. So a list that has a near one, as most
    have, costs what its rarest terms do. Sums are made in the order of the list, so that they are the same however it was found.
    """
    scale, slack, added, lately = 10.0**digits, 1e-6, 0, -1
    place, sums = np.full(len(posted) - 1, -1, np.int64), np.zeros(len(offsets) - 1)
    met = np.empty(len(offsets) - 1, np.int64)
    for i in order:
        a, b = own_offsets[i], own_offsets[i + 1]
        total, n_met = 0.0, 0
        for t in range(a, b):
            total += values[t]
            place[own_terms[t]] = t - a
        has, rare = np.zeros(b - a, np.bool_), np.argsort(posted[own_terms[a:b] + 1] - posted[own_terms[a:b]])
        least, left = 0.0, total
        if lately >= 0:
            for u in range(offsets[lately], offsets[lately + 1]):
                if place[terms[u]] >= 0:
                    least += values[a + place[terms[u]]]
            added += offsets[lately + 1] - offsets[lately]
        for r in rare:
            if left < least - slack:
                break
            t = a + r
            for u in range(posted[own_terms[t]], posted[own_terms[t] + 1]):
                if sums[posts[u]] == 0.0:
                    met[n_met] = posts[u]
                    n_met += 1
                sums[posts[u]] += values[t]
                least = max(least, sums[posts[u]])
            added += posted[own_terms[t] + 1] - posted[own_terms[t]]
            left -= values[t]
        best, which = 0.0, 0
        for k in range(n_met):
            j = met[k]
            if sums[j] + left >= least - slack:
                for u in range(offsets[j], offsets[j + 1]):
                    if place[terms[u]] >= 0:
                        has[place[terms[u]]] = True
                shared = 0.0
                for s in range(b - a):
                    if has[s]:
                        shared += values[a + s]
                        has[s] = False
                added += offsets[j + 1] - offsets[j]
                least = max(least, shared)
                shared = np.rint(shared * scale) / scale
                if shared > best or (shared == best and j < which):
                    best, which = shared, j
            sums[j] = 0.0
        for t in range(a, b):
            place[own_terms[t]] = -1
        out_best[i], out_which[i], out_total[i] = best, which, total
        if best > 0.0:
            lately = which
    return added


@njit(cache=True, nogil=True)
def way_from_beginning(offsets, step, out):  # type: ignore[no-untyped-def]
    """out (V,) float64: the sum of ``step`` (V,) from each line's beginning to each corner, so that no line hangs on those before it.
    offsets (n + 1,); the step to a line's first corner does not count."""
    for i in range(len(offsets) - 1):
        total = 0.0
        for t in range(offsets[i], offsets[i + 1]):
            if t > offsets[i]:
                total += step[t]
            out[t] = total


@njit(cache=True, nogil=True)
def corners_after(offsets, along, line, asked, out):  # type: ignore[no-untyped-def]
    """out (m,) int64: the first corner of each of ``line`` (m,) that lies farther along it than ``asked`` (m,); the end of the line where
    none does. offsets (n + 1,), along (V,): way from the beginning, which rises."""
    for k in range(len(line)):
        low, high = offsets[line[k]], offsets[line[k] + 1]
        while low < high:
            middle = (low + high) // 2
            if along[middle] > asked[k]:
                high = middle
            else:
                low = middle + 1
        out[k] = low

"""Compiled reading of what was decoded: the links driven, and how sure they are."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _longer_i(values):  # type: ignore[no-untyped-def]
    out = np.empty(2 * len(values), np.int32)
    out[:len(values)] = values
    return out


@njit(cache=True, nogil=True)
def driven(chosen, begins, kept_from, kept_to, kept, place_link):  # type: ignore[no-untyped-def]
    """The links of all points one after the other: (P + 1,) offsets, how many each point adds, and the links."""
    offsets = np.zeros(len(chosen) + 1, np.int64)
    links, size = np.empty(4 * len(chosen) + 16, np.int32), 0
    for p in range(len(chosen)):
        c = chosen[p]
        if c >= 0:
            one = begins[p] or kept_from[c] == -2
            many = 1 if one else (0 if kept_from[c] < 0 else kept_to[c] - kept_from[c])
            while size + many > len(links):
                links = _longer_i(links)
            if one:
                links[size] = place_link[c]
            elif many > 0:
                links[size:size + many] = kept[kept_from[c]:kept_to[c]]
            size += many
        offsets[p + 1] = size
    return offsets, links[:size].copy()


@njit(cache=True, nogil=True)
def agreement(offsets, place_offsets, point_of, value, before, kept_from, kept_to, kept, place_link,  # type: ignore[no-untyped-def]
              length, chosen, link_offsets, links, lag, on_way):
    """How much of what is likely, a few points later, went the chosen way to each point: (P,) from 0 to 1, NaN where there is no place.

    The ways that lead to all places ``lag`` points on (fewer at an end) are followed back; each counts by its likelihood, and agrees by
    the part, of the links that it drove up to the point, that the chosen way has, too. on_way: (links,) int64, all -1.
    """
    out = np.full(len(chosen), np.nan)
    for track in range(len(offsets) - 1):
        first, last = offsets[track], offsets[track + 1]
        for k in range(link_offsets[first], link_offsets[last]):
            on_way[links[k]] = track
        for p in range(first, last):
            if chosen[p] < 0:
                continue
            q, seen, at = p, 0, p + 1
            while at < last and seen < lag:
                if chosen[at] >= 0:
                    if before[chosen[at]] < 0:
                        break  # another part begins
                    q, seen = at, seen + 1
                at += 1
            least = value[chosen[q]]
            for c in range(place_offsets[q], place_offsets[q + 1]):
                least = min(least, value[c])
            total, agreed = 0.0, 0.0
            for c in range(place_offsets[q], place_offsets[q + 1]):
                weight = np.exp(least - value[c])
                if weight < 1e-6:
                    continue
                total += weight
                a = np.int64(c)
                while a >= 0 and point_of[a] > p:
                    a = before[a]
                if a < 0 or point_of[a] != p:
                    continue
                if kept_from[a] >= 0:
                    all_m, shared_m = 0.0, 0.0
                    for k in range(kept_from[a], kept_to[a]):
                        all_m += length[kept[k]]
                        shared_m += length[kept[k]] if on_way[kept[k]] == track else 0.0
                    agreed += weight * shared_m / all_m
                elif on_way[place_link[a]] == track:
                    agreed += weight
            out[p] = agreed / total
    return out

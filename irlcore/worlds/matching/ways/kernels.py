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
def agreement(offsets, place_offsets, value, kept_from, kept_to, kept, place_link,  # type: ignore[no-untyped-def]
              length, chosen, link_offsets, links, on_way):
    """How much of what is likely at each point goes the way that was chosen in the end: (P,) from 0 to 1, NaN where there is no place.

    The best ways to all places of the point count by their likelihood, and agree by the part, of the links that they drove since the point
    before, that the chosen way has, too. Later points would say less: of ways that part and meet again one is left to count.
    on_way: (links,) int64, all -1.
    """
    out = np.full(len(chosen), np.nan)
    for track in range(len(offsets) - 1):
        first, last = offsets[track], offsets[track + 1]
        for k in range(link_offsets[first], link_offsets[last]):
            on_way[links[k]] = track
        for p in range(first, last):
            if chosen[p] < 0:
                continue
            least = value[chosen[p]]
            for c in range(place_offsets[p], place_offsets[p + 1]):
                least = min(least, value[c])
            total, agreed = 0.0, 0.0
            for c in range(place_offsets[p], place_offsets[p + 1]):
                weight = np.exp(least - value[c])
                if weight < 1e-6:
                    continue
                total += weight
                if kept_from[c] >= 0:
                    all_m, shared_m = 0.0, 0.0
                    for k in range(kept_from[c], kept_to[c]):
                        all_m += length[kept[k]]
                        shared_m += length[kept[k]] if on_way[kept[k]] == track else 0.0
                    agreed += weight * shared_m / all_m
                elif on_way[place_link[c]] == track:
                    agreed += weight
            out[p] = agreed / total
    return out

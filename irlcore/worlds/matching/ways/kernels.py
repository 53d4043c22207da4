"""Compiled reading of what was decoded: the links driven."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _longer(values):  # type: ignore[no-untyped-def]
    out = np.empty(2 * len(values), values.dtype)
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
                links = _longer(links)
            if one:
                links[size] = place_link[c]
            elif many > 0:
                links[size:size + many] = kept[kept_from[c]:kept_to[c]]
            size += many
        offsets[p + 1] = size
    return offsets, links[:size].copy()

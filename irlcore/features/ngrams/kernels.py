"""Compiled kernel of n-grams: the chances of shorter contexts made into those of longer ones."""

from __future__ import annotations

from numba import njit


@njit(cache=True, nogil=True)
def interpolate(context, left, offsets, follower, share, chances):  # type: ignore[no-untyped-def]
    """Over the chances (C, A + 1) of contexts that back off: left p + share, for those of context (C,) int64 that were seen, not -1.
    left (U,); offsets (U + 1,) into follower and share (R,). Written over ``chances``."""
    for i in range(len(context)):
        own = context[i]
        if own >= 0:
            for e in range(chances.shape[1]):
                chances[i, e] *= left[own]
            for k in range(offsets[own], offsets[own + 1]):
                chances[i, follower[k]] += share[k]

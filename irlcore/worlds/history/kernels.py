"""Compiled kernel that follows event sequences through the world of their log."""

from __future__ import annotations

from numba import njit


@njit(cache=True, nogil=True)
def follow(offsets, events, choice_offsets, successors, start, out_choices):  # type: ignore[no-untyped-def]
    """The choices of N sequences, offsets (N + 1,), of classified events (P,): those of sequence i at ``offsets[i] + i``, the end last, in
    out_choices (P + N,). The choice of event e in state s is ``choice_offsets[s] + e``, that of the end the last of its state."""
    for i in range(len(offsets) - 1):
        state = start
        for k in range(offsets[i], offsets[i + 1]):
            out_choices[k + i] = choice_offsets[state] + events[k]
            state = successors[out_choices[k + i]]
        out_choices[offsets[i + 1] + i] = choice_offsets[state + 1] - 1

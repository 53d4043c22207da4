"""Compiled kernel that follows event sequences through the world of their log."""

from __future__ import annotations

from numba import njit


@njit(cache=True, nogil=True)
def follow(offsets, events, ended, choice_offsets, successors, start, out_choices, out_last):  # type: ignore[no-untyped-def]
    """The choices of N sequences, offsets (N + 1,), of classified events (P,), one sequence after the other, with the end behind each that
    has ``ended`` (N,) bool, in out_choices (P + number ended,); and the states (N,) in which they were last, in out_last. The choice of
    event e in state s is ``choice_offsets[s] + e``, that of the end the last of its state."""
    at = 0
    for i in range(len(offsets) - 1):
        state = start
        for k in range(offsets[i], offsets[i + 1]):
            out_choices[at] = choice_offsets[state] + events[k]
            state = successors[out_choices[at]]
            at += 1
        if ended[i]:
            out_choices[at] = choice_offsets[state + 1] - 1
            state = successors[out_choices[at]]
            at += 1
        out_last[i] = state

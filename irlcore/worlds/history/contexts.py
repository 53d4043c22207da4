"""Contexts of an event log: what happened last, as far back as it was seen often enough.

A context is the last k events of a sequence, k at most n; the first is preceded by the start. Of all contexts those are kept that were seen
``least`` times or more, and all of a single event. What is kept is closed: with a context, all that it begins or ends with is kept, too,
since that was seen as often. So the longest kept ending of (history + event) is the longest kept ending of (longest kept ending of the
history + event): where to go next hangs on the context alone (as in the automaton of Aho and Corasick, CACM 18, 1975), and whoever backs
off to a shorter context loses nothing that a longer one would have told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LONGEST = 12
"""Most events that a context may go back."""


@dataclass(frozen=True, slots=True)
class Contexts:
    """C contexts over A events, shorter before longer; number A stands for the start of a sequence.

    recent: (C, n) int32, the events of each in order, at the end of the row, -1 before them. after: (C, A) int32, the context that follows
    each event there. start: the context in which every sequence begins.
    """

    recent: np.ndarray
    after: np.ndarray
    start: int

    def __len__(self) -> int:
        return len(self.recent)

    @property
    def last(self) -> np.ndarray:
        """(C,) int64: the event that each ends with."""
        return self.recent[:, -1].astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Kept:
    """Contexts as they were found: last (C,) event, before (C,) the context without it, ending (C,) the context without the first event, -1
    for those of one event; length (C,)."""

    last: np.ndarray
    before: np.ndarray
    ending: np.ndarray
    length: np.ndarray


def build_contexts(offsets: np.ndarray, events: np.ndarray, n_events: int, order: int, least: int) -> Contexts:
    """Contexts of N sequences, offsets (N + 1,), of events (P,) int64 below ``n_events``. order: most events that one goes back, 1 or more.
    least: how often a longer context than one event was seen. Which sequence comes first makes no difference."""
    kept = _kept(offsets, events, n_events, order, least)
    return _reached(Contexts(_recent(kept, order), _after(kept, n_events), n_events))


def count_contexts(offsets: np.ndarray, events: np.ndarray, n_events: int, order: int, least: int) -> int:
    """How many contexts there would be, at most: cheap, whatever their number."""
    return len(_kept(offsets, events, n_events, order, least).last)


def _kept(offsets: np.ndarray, events: np.ndarray, n_events: int, order: int, least: int) -> _Kept:
    marked, inside = _with_starts(offsets, events, n_events)
    width = np.int64(n_events + 1)
    last, before, ending = np.arange(width), np.full(width, -1), np.full(width, -1)
    length = np.ones(width, np.int64)
    code = marked.copy()  # of k - 1 events, where such a context ends, else -1
    for k in range(2, order + 1):
        at = np.flatnonzero(inside & (code >= 0))
        at = at[code[at - 1] >= 0]
        pairs, one, which, seen = np.unique(code[at - 1] * width + marked[at], return_index=True, return_inverse=True, return_counts=True)
        often = seen >= least
        if not often.any():
            break
        longer = np.full(len(marked), -1)
        longer[at] = np.where(often, len(last) + np.cumsum(often) - 1, -1)[which]
        last, before = np.append(last, pairs[often] % width), np.append(before, pairs[often] // width)
        ending, length = np.append(ending, code[at[one[often]]]), np.append(length, np.full(int(often.sum()), k))
        code = longer
    return _Kept(last, before, ending, length)


def _with_starts(offsets: np.ndarray, events: np.ndarray, n_events: int) -> tuple[np.ndarray, np.ndarray]:
    """The sequences one after the other, each behind a start (number ``n_events``), and whether a point has one before it (bool)."""
    marked = np.full(len(events) + len(offsets) - 1, n_events, np.int64)
    inside = np.ones(len(marked), bool)
    inside[offsets[:-1] + np.arange(len(offsets) - 1)] = False
    marked[inside] = events
    return marked, inside


def _recent(kept: _Kept, order: int) -> np.ndarray:
    """(C, n) int32, shorter contexts first: that of its beginning one place on, and the last event."""
    recent = np.full((len(kept.last), order), -1, np.int32)
    recent[:, -1] = kept.last
    for k in range(2, order + 1):
        mine = np.flatnonzero(kept.length == k)
        recent[mine, :-1] = recent[kept.before[mine], 1:]
    return recent


def _after(kept: _Kept, n_events: int) -> np.ndarray:
    """(C, A) int32: the longest kept context that (context + event) ends with: that of its own ending, unless the whole is kept."""
    after = np.empty((len(kept.last), n_events), np.int32)
    for k in range(1, int(kept.length.max()) + 1):
        mine = np.flatnonzero(kept.length == k)
        after[mine] = np.arange(n_events) if k == 1 else after[kept.ending[mine]]
        grown = np.flatnonzero(kept.length == k + 1)
        after[kept.before[grown], kept.last[grown]] = grown
    return after


def _reached(found: Contexts) -> Contexts:
    """The same without contexts that no sequence is ever in, because it is always in a longer one."""
    seen = reached(found.after, found.start)
    number = (np.cumsum(seen) - 1).astype(np.int32)
    return Contexts(found.recent[seen], number[found.after[seen]], int(number[found.start]))


def reached(after: np.ndarray, start: int) -> np.ndarray:
    """(n,) bool: what some sequence of events comes to from ``start``. after: (n, A), what follows each event."""
    seen, front = np.zeros(len(after), bool), np.array([start])
    while len(front):
        seen[front] = True
        front = np.unique(after[front])
        front = front[~seen[front]]
    return seen

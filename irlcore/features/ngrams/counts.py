"""What was counted of a log: how often each event, and the end, followed the last k events, k = 0 to n.

Number A stands for the end of a sequence where it is what follows, and for its start where it is what was before; nothing is before the
start. A context of k events is one of k - 1 events, the more recent ones, with one more before it: so each knows the context that it backs
off to, and is found by that and the oldest event.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The contexts of k events that were seen, U of them, with their R different followers.

    codes: (U,) int64, rising: number of the context that each backs off to, times A + 1, plus its oldest event. begins: (U,) bool, whether
    that is the start. offsets: (U + 1,) into the followers of each. follower: (R,) int64, rising within a context, A for the end. times:
    (R,) int64, how often it followed. kinds: (R,) int64, how many different events were before all that, ``times`` where the context
    begins with the start: what Kneser and Ney (1995) count in its stead where a longer context is not known.
    """

    codes: np.ndarray
    begins: np.ndarray
    offsets: np.ndarray
    follower: np.ndarray
    times: np.ndarray
    kinds: np.ndarray

    def find(self, shorter: np.ndarray, oldest: np.ndarray, n_events: int) -> np.ndarray:
        """(n,) int64, the contexts that back off to ``shorter`` and begin with ``oldest``, both (n,); -1 where not seen, or where either
        is -1."""
        codes = shorter * (n_events + 1) + oldest
        at = np.minimum(np.searchsorted(self.codes, codes), max(len(self.codes) - 1, 0))
        known = (shorter >= 0) & (oldest >= 0)
        if len(self.codes):
            known &= self.codes[at] == codes
        return np.where(known & (len(self.codes) > 0), at, -1)

    def find_follower(self, context: np.ndarray, follower: np.ndarray, n_events: int) -> np.ndarray:
        """(n,) int64, where each ``follower`` of a ``context`` stands among all; -1 where it never followed, or the context is -1."""
        owner = np.repeat(np.arange(len(self.codes)), np.diff(self.offsets))
        own, asked = owner * (n_events + 1) + self.follower, context * (n_events + 1) + follower
        if not len(own):
            return np.full(len(asked), -1)
        at = np.minimum(np.searchsorted(own, asked), len(own) - 1)
        return np.where((context >= 0) & (own[at] == asked), at, -1)


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Of a log of A = ``n_events`` events: levels (n + 1,), those of 0 to n events back."""

    n_events: int
    levels: tuple[Level, ...]

    @property
    def order(self) -> int:
        """n, most events back."""
        return len(self.levels) - 1


def count_ngrams(offsets: np.ndarray, events: np.ndarray, n_events: int, order: int, ended: np.ndarray | None = None) -> Counts:
    """Of N sequences, offsets (N + 1,), of events (P,) int64 below ``n_events``: all that followed 0 to ``order`` events. ended: (N,) bool,
    behind which of them the end followed; all where None. The order of the sequences makes no difference."""
    follower, before = with_ends(offsets, events, n_events, ended)
    context = np.zeros(len(follower), np.int64)
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []  # codes, and of each position its context and its oldest event
    codes = np.zeros(1, np.int64)
    for k in range(order + 1):
        if k:
            oldest = before(k)
            inside = (context >= 0) & (oldest >= 0)
            codes, which = np.unique(context[inside] * (n_events + 1) + oldest[inside], return_inverse=True)
            context = np.full(len(follower), -1)
            context[inside] = which
        found.append((codes, context.copy(), follower))
    return Counts(n_events, tuple(_level(k, found, n_events) for k in range(order + 1)))


class _Before:
    """The events that stood k places before each follower, A for the start, -1 where nothing is."""

    def __init__(self, offsets: np.ndarray, events: np.ndarray, n_events: int, ended: np.ndarray) -> None:
        lengths = np.diff(offsets) + ended
        first = np.cumsum(lengths) - lengths
        self.place = np.arange(int(lengths.sum())) - np.repeat(first, lengths)
        self.follower = np.full(len(self.place), n_events, np.int64)
        self.follower[np.flatnonzero(self.place < np.repeat(np.diff(offsets), lengths))] = events
        self.start = n_events

    def __call__(self, k: int) -> np.ndarray:
        out = np.full(len(self.place), -1)
        out[self.place == k - 1] = self.start
        inside = np.flatnonzero(self.place >= k)
        out[inside] = self.follower[inside - k]
        return out


def with_ends(offsets: np.ndarray, events: np.ndarray, n_events: int, ended: np.ndarray | None = None) -> tuple[np.ndarray, _Before]:
    """(P + number ended,) int64, what follows at each place of the sequences, the end last in those that ``ended`` (N,) bool (all where
    None); and what stood k places before it, by k from 1."""
    before = _Before(offsets, events, n_events, np.ones(len(offsets) - 1, bool) if ended is None else ended)
    return before.follower, before


def _level(k: int, found: list[tuple[np.ndarray, np.ndarray, np.ndarray]], n_events: int) -> Level:
    codes, context, follower = found[k]
    inside = context >= 0
    pairs, times = np.unique(context[inside] * (n_events + 1) + follower[inside], return_counts=True)
    owner, after = np.divmod(pairs, n_events + 1)
    offsets = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=len(codes))))).astype(np.int64)
    begins = (codes % (n_events + 1) == n_events) & (k > 0)
    kinds = times
    if k + 1 < len(found):
        kinds = np.where(begins[owner], times, _different(pairs, found[k + 1], n_events))
    return Level(codes, begins, offsets, after, times.astype(np.int64), kinds.astype(np.int64))


def _different(pairs: np.ndarray, longer: tuple[np.ndarray, np.ndarray, np.ndarray], n_events: int) -> np.ndarray:
    """(R,) int64: how many different events stood before each pair of context and follower."""
    codes, context, follower = longer
    inside = context >= 0
    seen = np.unique(context[inside] * (n_events + 1) + follower[inside])
    shorter = codes[seen // (n_events + 1)] // (n_events + 1)
    return np.bincount(np.searchsorted(pairs, shorter * (n_events + 1) + seen % (n_events + 1)), minlength=len(pairs))

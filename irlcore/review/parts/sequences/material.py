"""What sequences are compared by: their events, one after the other, with the start before and the end behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.features.log_events import event_count, event_sequences
from irlcore.review.parts.base import Material
from irlcore.worlds.goal_prior import unfinished

NO_LOG = "Sequences of events are compared by it, and these tracks go through a place."


@dataclass(frozen=True, slots=True, eq=False)
class Sequences:
    """n sequences of A = ``n_events`` different events: offsets (n + 1,), events (P,) int64; ended (n,) bool, those that came to an end and
    were not still running when the log was taken."""

    n_events: int
    offsets: np.ndarray
    events: np.ndarray
    ended: np.ndarray

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def of(self, index: int) -> np.ndarray:
        """The events of one."""
        return np.asarray(self.events[self.offsets[index]:self.offsets[index + 1]])

    def marked(self) -> tuple[np.ndarray, np.ndarray]:
        """offsets (n + 1,) and events (P + n + number ended,), the start, A, before each and the end, A + 1, behind those that came to
        one."""
        offsets = self.offsets + np.arange(len(self) + 1) + np.concatenate(([0], np.cumsum(self.ended)))
        out = np.empty(int(offsets[-1]), np.int64)
        inside, ends = np.ones(len(out), bool), offsets[1:][self.ended] - 1
        inside[offsets[:-1]] = inside[ends] = False
        out[offsets[:-1]], out[ends] = self.n_events, self.n_events + 1
        out[inside] = self.events
        return offsets, out


def sequences_of(material: Material, index: np.ndarray) -> Sequences:
    """The sequences ``index`` (n,) of a log."""
    paths = material.paths.take(index)
    return Sequences(event_count(material.world), *event_sequences(material.world, paths), ~unfinished(paths))


def by_name(material: Material, learn: np.ndarray) -> np.ndarray:
    """The tracks ``learn`` in the order of their ids, so that of several as near the first is always the same."""
    return np.asarray(learn[np.argsort(material.paths.ids[learn].astype(str), kind="stable")])


def missing_log(material: Material) -> str:
    """Why nothing of this can be measured, empty in a log."""
    return "" if material.world.kind == "log" else NO_LOG


def stretches(sequences: Sequences, length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All stretches of ``length`` events, the start and the end among them: owner (W,) int64, the sequence of each; code (W,) int64, the
    same for the same events; first (W,), where each begins in the marked sequence. A shorter sequence is one stretch."""
    offsets, marked = sequences.marked()
    long = np.diff(offsets)
    whole = np.maximum(long, length)
    place = np.concatenate(([0], np.cumsum(whole)))
    padded = np.full(int(place[-1]), sequences.n_events + 2, np.int64)
    padded[np.arange(len(marked)) + np.repeat(place[:-1] - offsets[:-1], long)] = marked
    owner, first = np.repeat(np.arange(len(long)), whole), np.arange(len(padded)) - np.repeat(place[:-1], whole)
    begin = np.flatnonzero(first <= np.repeat(whole, whole) - length)
    code = np.zeros(len(begin), np.int64)
    for k in range(length):
        _, code = np.unique(code * (sequences.n_events + 3) + padded[begin + k], return_inverse=True)
    return owner[begin], code.astype(np.int64), first[begin]


def known_lengths(sequences: Sequences, n: int, most: int) -> np.ndarray:
    """(W,) int64, of every place of the marked sequences: how many events the longest stretch has that ends there and that one of the first
    ``n`` sequences has, too; ``most`` at most."""
    offsets, marked = sequences.marked()
    place = np.arange(len(marked)) - np.repeat(offsets[:-1], np.diff(offsets))
    learned = np.arange(len(marked)) < offsets[n]
    out, code = np.zeros(len(marked), np.int64), np.zeros(len(marked), np.int64)
    able = np.arange(len(marked))
    for length in range(1, most + 1):
        # nor is one known whose beginning, an event shorter, is not
        able = able[(place[able] >= length - 1) & (out[able - 1] >= length - 1)] if length > 1 else able
        # the stretch that ends here is the one, an event shorter, that ended just before, with this event
        before = code[able - 1] if length > 1 else np.zeros(len(able), np.int64)
        names, found = np.unique(before * (sequences.n_events + 2) + marked[able], return_inverse=True)
        seen = np.zeros(len(names), bool)
        seen[found[learned[able]]] = True
        code = np.zeros(len(marked), np.int64)
        code[able] = found
        able = able[seen[found]]  # what was never seen is not either with one more event before it
        out[able] = length
        if not len(able):
            break
    return out

"""What sequences are compared by: their events, one after the other, with the start before and the end behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.features.log_events import event_count, event_sequences
from irlcore.review.parts.base import Material

NO_LOG = "Sequences of events are compared by it, and these tracks go through a place."


@dataclass(frozen=True, slots=True, eq=False)
class Sequences:
    """n sequences of A = ``n_events`` different events: offsets (n + 1,), events (P,) int64."""

    n_events: int
    offsets: np.ndarray
    events: np.ndarray

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def of(self, index: int) -> np.ndarray:
        """The events of one."""
        return np.asarray(self.events[self.offsets[index]:self.offsets[index + 1]])

    def marked(self) -> tuple[np.ndarray, np.ndarray]:
        """offsets (n + 1,) and events (P + 2 n,), the start, A, before each and the end, A + 1, behind."""
        n = len(self)
        offsets = self.offsets + 2 * np.arange(n + 1)
        out = np.empty(int(offsets[-1]), np.int64)
        inside = np.ones(len(out), bool)
        inside[offsets[:-1]] = inside[offsets[1:] - 1] = False
        out[offsets[:-1]], out[offsets[1:] - 1] = self.n_events, self.n_events + 1
        out[inside] = self.events
        return offsets, out


def sequences_of(material: Material, index: np.ndarray) -> Sequences:
    """The sequences ``index`` (n,) of a log."""
    return Sequences(event_count(material.world), *event_sequences(material.world, material.paths.take(index)))


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

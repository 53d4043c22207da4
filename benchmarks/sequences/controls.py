"""Controls that know no wants: n-grams with modified Kneser-Ney smoothing, and the share of windows that were never seen (Forrest 1996)."""

from __future__ import annotations

import numpy as np

from irlcore.features.ngrams.counts import count_ngrams
from irlcore.features.ngrams.kneser_ney import KneserNey

WINDOW = 6


class NGrams:
    """Counted on sequences, offsets (N + 1,), of events (P,) below ``n_events``, ``back`` events before each: a 5-gram looks back 4."""

    def __init__(self, offsets: np.ndarray, events: np.ndarray, n_events: int, back: int) -> None:
        self.model = KneserNey(count_ngrams(offsets, events, n_events, back), back)

    def logliks(self, offsets: np.ndarray, events: np.ndarray) -> np.ndarray:
        """(N,) nats, of each sequence and its end."""
        return np.asarray(np.add.reduceat(self.model.log_steps(offsets, events), offsets[:-1] + np.arange(len(offsets) - 1)))


def unseen_windows(past: list[np.ndarray], asked: list[np.ndarray], length: int = WINDOW) -> np.ndarray:
    """(n,) float64: the share of each sequence's windows of ``length`` events that no past one has; a shorter one is one window."""
    seen = {window for one in past for window in windows(one, length)}
    return np.array([float(np.mean([window not in seen for window in windows(one, length)])) for one in asked])


def windows(events: np.ndarray, length: int) -> list[bytes]:
    """All windows of one sequence."""
    return [events[k:k + length].tobytes() for k in range(max(len(events) - length, 0) + 1)]

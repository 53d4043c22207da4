"""How far back n-grams should look: by how likely they make sequences that they were not counted on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from irlcore.engine import checkpoint
from irlcore.features.folds import fold_by_id
from irlcore.features.ngrams.counts import count_ngrams
from irlcore.features.ngrams.kneser_ney import KneserNey
from irlcore.tracks.tracks import take_flat

FOLDS = 5
MANY, FEW_FOLDS = 20_000, 1
"""Events from which on fewer folds are held out: each then tells as much as all do of a small log."""


def held_out_nats(offsets: np.ndarray, events: np.ndarray, n_events: int, ids: np.ndarray, orders: Sequence[int]) -> np.ndarray:
    """(len(orders),) float64: -log chance an event, the ends counted, of whole sequences, offsets (N + 1,), with ids (N,), each by the
    n-grams (modified Kneser-Ney, interpolated) of the sequences of the other folds, which look back so many events. The same whatever the
    order of the sequences. Two sequences or more."""
    folds = min(FOLDS, len(ids))
    fold = fold_by_id(ids, folds)
    total, many = np.zeros(len(orders)), 0
    for k in range(FEW_FOLDS if len(events) > MANY else folds):
        checkpoint()
        (own, of_own), (other, of_other) = (take_flat(offsets, np.flatnonzero(mask)) for mask in (fold != k, fold == k))
        counts = count_ngrams(own, events[of_own], n_events, max(orders))
        for j, order in enumerate(orders):
            total[j] -= KneserNey(counts, order).log_steps(other, events[of_other]).sum()
        many += len(of_other) + len(other) - 1
    return total / many

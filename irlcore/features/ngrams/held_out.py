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


def held_out_nats(offsets: np.ndarray, events: np.ndarray, n_events: int, ids: np.ndarray,
                  orders: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """(n, len(orders)) float64: -log chance of whole sequences, offsets (N + 1,), with ids (N,), each by the n-grams (modified Kneser-Ney,
    interpolated) of the sequences of the other folds, which look back so many events; of all N, or of those of one fold where there are
    many events. And (n,) int64, of how many events each is, its end counted. The same, but for their order, whatever the order of the
    sequences. Two sequences or more."""
    folds = min(FOLDS, len(ids))
    fold = fold_by_id(ids, folds)
    found, lengths = [], []
    for k in range(FEW_FOLDS if len(events) > MANY else folds):
        checkpoint()
        (own, of_own), (other, of_other) = (take_flat(offsets, np.flatnonzero(mask)) for mask in (fold != k, fold == k))
        counts = count_ngrams(own, events[of_own], n_events, max(orders))
        begins = other[:-1] + np.arange(len(other) - 1)
        steps = [-KneserNey(counts, order).log_steps(other, events[of_other]) for order in orders]
        found.append(np.column_stack([np.add.reduceat(one, begins) for one in steps]))
        lengths.append(np.diff(other) + 1)
    return np.concatenate(found), np.concatenate(lengths)


def shortest_as_good(nats: np.ndarray) -> int:
    """Which column of (n, orders) nats of sequences to take: the first that is no worse than the best one by more than a standard error of
    the difference over the sequences (the rule of Breiman, Friedman, Olshen and Stone 1984, 3.4.3, on paired differences)."""
    best = int(np.argmin(np.round(nats.sum(axis=0), 6)))
    worse = nats - nats[:, [best]]
    mean, error = worse.mean(axis=0), worse.std(axis=0, ddof=1) / np.sqrt(len(nats))
    return int(np.flatnonzero(mean <= error + 1e-9)[0])

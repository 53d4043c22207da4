"""How usual each kind of an event is, given that it is this event: by itself, and after the event before.

    p(k | e)    = (n(e, k) + T(e) u(k | e)) / (n(e) + T(e))
    p(k | b, e) = (n(b, e, k) + T(b, e) p(k | e)) / (n(b, e) + T(b, e))

n is how often that was counted, T how many different kinds were (Witten and Bell 1991, *The zero-frequency problem*, method C), and u an
equal share of each kind of the event; where kinds are told apart by several things, the product of the shares of each, brought to a sum of
1. So every kind has a chance above 0, and those of an event sum to 1 wherever it comes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

ALONE, AFTER = "it is this event", "it is this event after the one before"
"""What the share of a kind may be given."""


def kind_shares(event: np.ndarray, labels: Sequence[np.ndarray], kind: np.ndarray) -> np.ndarray:
    """(A,) float64: the chance of each of A kinds given its event (A,) int64. labels: (A,) int64 each, what kinds are told apart by. kind:
    (P,) int64, what was counted."""
    n_events = int(event.max(initial=-1)) + 1
    start = 1.0 / np.bincount(event, minlength=n_events)[event]
    if len(labels) > 1:
        start = np.prod([_label_shares(event, one, kind) for one in labels], axis=0)
        start = start / np.bincount(event, start, n_events)[event]
    return _smoothed(np.bincount(kind, minlength=len(event)).astype(np.float64), event, start)


def kind_shares_after(event: np.ndarray, kind: np.ndarray, before: np.ndarray, n_before: int, shares: np.ndarray) -> np.ndarray:
    """(B, A) float64: the chance of each kind given its event and the one before, of B = ``n_before``. kind, before: (P,) int64, what was
    counted. shares: (A,) of ``kind_shares``."""
    wide, n_events = len(event), int(event.max(initial=-1)) + 1
    counts = np.bincount(before * wide + kind, minlength=n_before * wide).astype(np.float64)
    group = (np.arange(n_before)[:, None] * n_events + event[None, :]).ravel()
    return _smoothed(counts, group, np.tile(shares, n_before)).reshape(n_before, wide)


def _label_shares(event: np.ndarray, label: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """(A,): the chance of the label of each kind given its event, whatever else tells kinds apart."""
    pairs, of_kind = np.unique(event * (int(label.max(initial=0)) + 1) + label, return_inverse=True)
    of_event = pairs // (int(label.max(initial=0)) + 1)
    each = 1.0 / np.bincount(of_event)[of_event]
    return _smoothed(np.bincount(of_kind[kind], minlength=len(pairs)).astype(np.float64), of_event, each)[of_kind]


def _smoothed(counts: np.ndarray, group: np.ndarray, start: np.ndarray) -> np.ndarray:
    """What was counted (n,) as shares of its group (n,) int64, the rest by ``start`` (n,), which sums to 1 over each group."""
    many, different = (np.bincount(group, one)[group] for one in (counts, counts > 0.0))
    whole = many + different
    return np.where(whole > 0.0, (counts + different * start) / np.where(whole > 0.0, whole, 1.0), start)

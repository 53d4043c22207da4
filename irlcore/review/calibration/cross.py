"""p-values for which every normal track is both fitted to and calibrated with: K models, each fitted without one fold of the tracks.

A reviewed track is compared with each normal one by the model that has not seen that one (Vovk 2015, "Cross-conformal predictors"). The K
comparisons are no longer exact together: the weighted mean of their p-values is at most a with a chance of 2 a (Vovk and Wang 2020,
"Combining p-values via averaging"; with as many folds as tracks this is the jackknife+ of Barber, Candès, Ramdas and Tibshirani 2021, whose
2 a cannot be improved on). In practice they are close to a, but that is not promised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from irlcore.errors import DataError
from irlcore.review.calibration.p_values import clean


@dataclass(frozen=True, slots=True, eq=False)
class CrossConformal:
    """p: (m,) float64, (1 + how many of all n normal tracks are at least as strange) / (n + 1), each by the model without it."""

    p: np.ndarray
    n: int
    folds: int


def crossed_chance(at: float, n: int, folds: int) -> float:
    """A bound on the chance that a normal track has a cross-conformal p <= ``at``: with a = ``at`` and K folds twice the mean p-value that
    this leaves room for, 2 ((n + 1) a + K - 1) / (n + K), at most 1; 0 where no p-value is as small."""
    counted = np.floor(at * (n + 1) + 1e-9)
    return 0.0 if counted < 1 else float(min(2.0 * (counted + folds - 1) / (n + folds), 1.0))


def cross_conformal(calibration: Sequence[np.ndarray], scores: np.ndarray) -> CrossConformal:
    """From the scores of each fold (n_k,) by the model without it, and of the reviewed tracks by each of these models (K, m)."""
    if len(calibration) != len(scores) or not len(scores):
        raise DataError(f"There are scores of {len(calibration)} folds, but {len(scores)} models.",
                        "Score the reviewed tracks by every model.")
    larger = np.zeros(scores.shape[1], np.int64)
    for fold, by_model in zip(calibration, scores, strict=True):
        larger += len(fold) - np.searchsorted(np.sort(clean(fold, "calibration score")), clean(by_model, "score"), side="left")
    n = sum(map(len, calibration))
    return CrossConformal((1.0 + larger) / (n + 1.0), n, len(scores))

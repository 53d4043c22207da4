"""p-values where reviewed tracks start elsewhere, at other hours or go further than the normal ones that they are compared with.

If normal tracks behave alike in the same circumstances x, and only how often each x comes differs, p is exact when each calibration track
counts by w(x) = P(x | reviewed) / P(x | calibration) (Tibshirani, Barber, Candès and Ramdas 2019, "Conformal prediction under covariate
shift"). The weights are estimated here, by a logistic regression of which set a track is in, so p is as good as they are and no bound can
be promised.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from irlcore.features.folds import fold_by_id
from irlcore.review.calibration.p_values import clean

SEED = 20121
FOLDS = 5
PENALTIES = (1.0, 10.0, 100.0, 1000.0)
STEPS = 50


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """of: (N,) float64, how much each track counts, in any unit. worth: about how many calibration tracks of one weight they are worth
    (Kish 1965)."""

    of: np.ndarray
    worth: float


def weights_between(values: np.ndarray, calibration: np.ndarray, review: np.ndarray, seed: int = SEED,
                    ids: np.ndarray | None = None) -> Weights:
    """Weights of all N tracks by circumstances ``values`` (N, c), so that the tracks ``calibration`` (n,) int64 count as the ``review``
    (m,) int64 do. Each track's weight is from a regression without its fold; the penalty does best on tracks left out. ids:
    (N,), by which a track is in the same fold in whatever order they stand."""
    both = np.concatenate((calibration, review))
    x = np.column_stack((np.ones(len(both)), values[both]))
    reviewed = np.arange(len(both)) >= len(calibration)
    fold = fold_by_id(both if ids is None else ids[both], FOLDS, seed)
    found = np.stack([_held_out(x, reviewed, fold, penalty) for penalty in PENALTIES])
    # log-likelihood of which set each track is in
    best = found[int(np.argmax(-np.logaddexp(0.0, np.where(reviewed, -found, found)).sum(axis=1)))]
    of = np.zeros(len(values))
    of[both] = np.exp(best - best.max())
    mine = of[calibration]
    return Weights(of, float(mine.sum() ** 2 / max((mine**2).sum(), 1e-300)))


def _held_out(x: np.ndarray, reviewed: np.ndarray, fold: np.ndarray, penalty: float) -> np.ndarray:
    """(N,) log-odds of being reviewed, each from the other folds."""
    odds = np.zeros(len(x))
    for k in range(FOLDS):
        left = fold != k
        if left.any() and not left.all():
            odds[~left] = x[~left] @ logistic(x[left], reviewed[left], penalty)
    return odds


def logistic(x: np.ndarray, y: np.ndarray, penalty: float) -> np.ndarray:
    """(c,) coefficients of a logistic regression of y (N,) bool on x (N, c), first column constant, that has no penalty; the others pay
    ``penalty`` / 2 of their squares. Newton's method with halved steps: the objective is strictly concave but for the constant."""
    ridge = np.full(x.shape[1], penalty)
    ridge[0] = 1e-6  # where one set is empty the constant has no end
    beta = np.zeros(x.shape[1])

    def value(at: np.ndarray) -> float:
        return float(-np.logaddexp(0.0, np.where(y, -1.0, 1.0) * (x @ at)).sum() - 0.5 * (ridge * at**2).sum())

    now = value(beta)
    for _ in range(STEPS):
        chance = expit(x @ beta)
        slope = x.T @ (y - chance) - ridge * beta
        step = np.linalg.solve((x * (chance * (1.0 - chance))[:, None]).T @ x + np.diag(ridge), slope)
        while (then := value(beta + step)) < now and np.abs(step).max() > 1e-12:
            step = step / 2.0
        beta, gain, now = beta + step, then - now, max(then, now)
        if gain < 1e-10 * (1.0 + abs(now)):
            break
    return beta


def weighted_p(calibration: np.ndarray, scores: np.ndarray, calibration_weights: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """p-values (N,) of ``scores`` (N,) that count as ``weights`` (N,) among calibration scores (n,) that count as theirs (n,): the share of
    weight that is at least as strange, the track's own included."""
    calibration, scores = clean(calibration, "calibration score"), clean(scores, "score")
    order = np.argsort(calibration, kind="stable")
    above = np.append(np.cumsum(calibration_weights[order][::-1])[::-1], 0.0)  # [k]: of the k-th and all stranger ones
    larger = above[np.searchsorted(calibration[order], scores, side="left")]
    p: np.ndarray = (larger + weights) / (above[0] + weights)
    return p

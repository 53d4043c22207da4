"""Standard errors of a maximum-likelihood fit: inverse Hessian, outer product of scores, and the robust sandwich of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.engine import Control
from irlcore.fitting.point import Objective, Optimum


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Standard errors of n numbers: robust, hessian, opg (n,) float64, NaN for one at its bound; covariance (n, n), robust."""

    robust: np.ndarray
    hessian: np.ndarray
    opg: np.ndarray
    covariance: np.ndarray


def uncertainty(hessian: np.ndarray, scores: np.ndarray, inside: np.ndarray) -> Uncertainty:
    """From minus the second derivative (n, n) and the scores (N, n), over the numbers that are inside their bounds (n,) bool.

    The sandwich H^-1 (S'S) H^-1 holds where the model is not quite right (Huber 1967, White 1982)."""
    opg = scores.T @ scores
    inverse = _inverse(hessian, inside)
    robust = inverse @ opg @ inverse
    errors = [_standard_errors(m, inside) for m in (robust, inverse, _inverse(opg, inside))]
    return Uncertainty(errors[0], errors[1], errors[2], robust)


def curvature(objective: Objective, best: Optimum, inside: np.ndarray, control: Control) -> np.ndarray:
    """Minus the second derivative (K, K) by central differences of the exact gradient.

    The step is a tenth of a standard error: wide enough to average over the kinks of the hard value, narrow
    enough for a relative error of about 1e-3 elsewhere. Where a side has no finite value, the information
    stands in. A model that knows its second derivative is asked nothing more.
    """
    point = best.point
    if point.exact:
        return point.information
    out = point.information.copy()
    done, total = best.iterations, best.iterations + 2 * int(inside.sum())
    width = 0.1 / point.scale
    for k in np.flatnonzero(inside):
        control.step(done, total, "standard errors")
        done += 2
        step = np.zeros(len(point.theta))
        step[k] = width[k]
        up, down = objective(point.theta + step), objective(point.theta - step)
        if up is not None and down is not None:
            out[k] = -(up.gradient - down.gradient) / (2.0 * width[k])
    symmetric: np.ndarray = 0.5 * (out + out.T)
    return symmetric


def _inverse(matrix: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Inverse over the weights that are inside their bounds; zero elsewhere."""
    out = np.zeros_like(matrix)
    out[np.ix_(inside, inside)] = np.linalg.pinv(matrix[np.ix_(inside, inside)], hermitian=True)
    return out


def _standard_errors(covariance: np.ndarray, inside: np.ndarray) -> np.ndarray:
    variance = np.diag(covariance)
    return np.where(inside & (variance > 0.0), np.sqrt(np.maximum(variance, 0.0)), np.nan)

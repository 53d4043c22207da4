"""What a fit returns: weights, their uncertainty, how it ended and what to be careful about."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
import pandas as pd
from scipy.stats import norm


class Status(Enum):
    """How a fit ended; the value is the sentence shown to the analyst."""

    CONVERGED = "The weights have settled: no further step improves the fit."
    STALLED = "The search stopped where no step improves the fit, at a kink of the likelihood; the weights are the best found."
    AT_EDGE = ("The weights are at the edge of what this model allows, where going round and round would cost nothing: the edge holds "
               "them, and the fit would gain beyond it.")
    OUT_OF_STEPS = "The search ran out of steps; fit again from these weights, or drop features."


@dataclass(frozen=True, slots=True)
class FitWarning:
    """Something to be careful about, and the next step. ``feature`` is empty where it concerns the whole fit."""

    feature: str
    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class FitResult:
    """Maximum-likelihood weights of K features on N paths.

    names: (K,). theta: (K,) float64, utility per unit of the feature. se_robust, se_hessian, se_opg: (K,)
    float64 standard errors (sandwich, inverse Hessian, outer product of scores); NaN for a weight at its bound.
    covariance: (K, K) float64, the robust one. scores: (N, K + P) float64, d l_i / d (theta, own parameters).
    loglik: nats, summed over the paths; loglik_start: where the search over all paths began; loglik_paths: (N,) float64.
    held_out: nats a path on paths kept out of the fit, NaN where none were. gamma: discount. seconds: wall time.
    made: ISO time. data_hash: of paths, world and features. rationality: name of the model. own_names, own, own_se: (P,) the
    model's own parameters (how large the noise is), estimated with the weights, and their robust standard errors.
    estimator: its name in ``fitting.estimators``.
    """

    names: tuple[str, ...]
    theta: np.ndarray
    se_robust: np.ndarray
    se_hessian: np.ndarray
    se_opg: np.ndarray
    covariance: np.ndarray
    scores: np.ndarray
    loglik: float
    loglik_start: float
    loglik_paths: np.ndarray
    held_out: float
    rationality: str
    gamma: float
    status: Status
    iterations: int
    evaluations: int
    seconds: float
    warnings: tuple[FitWarning, ...] = ()
    made: str = ""
    data_hash: str = ""
    own_names: tuple[str, ...] = ()
    own: np.ndarray = field(default_factory=lambda: np.zeros(0))
    own_se: np.ndarray = field(default_factory=lambda: np.zeros(0))
    estimator: str = "maximum_likelihood"

    @property
    def n_paths(self) -> int:
        """N, the number of paths fitted."""
        return len(self.loglik_paths)

    @property
    def aic(self) -> float:
        """Akaike's criterion, 2 (K + P) - 2 l (lower is better)."""
        return 2.0 * (len(self.theta) + len(self.own)) - 2.0 * self.loglik

    @property
    def bic(self) -> float:
        """Schwarz's criterion, (K + P) log N - 2 l (lower is better)."""
        return (len(self.theta) + len(self.own)) * math.log(max(self.n_paths, 1)) - 2.0 * self.loglik

    def interval(self, level: float = 0.95) -> np.ndarray:
        """(K, 2) float64: lower and upper end of each weight's interval, from the robust standard errors."""
        half = float(norm.ppf(0.5 + level / 2.0)) * self.se_robust
        return np.column_stack((self.theta - half, self.theta + half))

    def own_interval(self, level: float = 0.95) -> np.ndarray:
        """(P, 2) float64: lower and upper end of the interval of each of the model's own parameters."""
        half = float(norm.ppf(0.5 + level / 2.0)) * self.own_se
        return np.column_stack((self.own - half, self.own + half))

    def worth(self, unit: int, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """Every weight in units of the one at ``unit``: theta_k / theta_unit (K,), and its interval (K, 2).

        The interval is by the delta method on the robust covariance; it says little where theta_unit is unsure.
        """
        share = self.theta / self.theta[unit]
        slope = np.eye(len(share))
        slope[:, unit] -= share
        variance = np.einsum("ij,jk,ik->i", slope, self.covariance, slope) / self.theta[unit] ** 2
        half = float(norm.ppf(0.5 + level / 2.0)) * np.sqrt(np.maximum(variance, 0.0))
        return share, np.column_stack((share - half, share + half))

    def table(self) -> pd.DataFrame:
        """One row a feature: weight, robust standard error, ends of the 95 % interval."""
        low, high = self.interval().T
        return pd.DataFrame({"feature": self.names, "weight": self.theta, "standard error": self.se_robust,
                             "low": low, "high": high})

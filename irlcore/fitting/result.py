"""What a fit returns: weights, their uncertainty, how it ended and what to be careful about."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
import pandas as pd
from scipy.stats import norm
from scipy.stats import t as student

CURVATURES = ("second derivative", "differences of the gradient", "expected information", "outer product of the scores",
              "information left by beliefs")
"""What may stand for minus the second derivative of the log-likelihood."""

BEYOND = 1.5  # times the curvature's error: a robust one so large is no accident of few tracks, but agents who differ


class Status(Enum):
    """How a fit ended; the value is the sentence shown to the analyst."""

    CONVERGED = "The weights have settled: nothing improves the fit any further."
    STALLED = "The search stopped where no step improves the fit, at a kink of the likelihood; the weights are the best found."
    AT_EDGE = ("The weights are at the edge of what this model allows, where going round and round would cost nothing: the edge holds "
               "them, and the fit would gain beyond it.")
    OUT_OF_STEPS = "The search ran out of steps; fit again from these weights, or drop features."


@dataclass(frozen=True, slots=True)
class FitWarning:
    """Something to be careful about: what it means, in words for everyone, and the next step. ``feature`` is empty where it concerns the
    whole fit. ``details``: the same for those who know the mathematics; empty in files of before they were kept apart."""

    feature: str
    what: str
    fix: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class FitResult:
    """Maximum-likelihood weights of K features on N paths.

    names: (K,). theta: (K,) float64, utility per unit of the feature. se_robust, se_hessian, se_opg: (K,)
    float64 standard errors (sandwich, inverse curvature, outer product of scores); NaN for a weight at its bound, inf for one that
    the data set no limit to. covariance: (K, K) float64, the robust one. scores: (N, K + P) float64, d l_i / d (theta, own
    parameters).
    loglik: nats, summed over the paths; loglik_start: where the search over all paths began; loglik_paths: (N,) float64.
    held_out: nats a path on paths kept out of the fit, NaN where none were. gamma: discount. seconds: wall time.
    made: ISO time. data_hash: of paths, world and features. rationality: name of the model. own_names, own, own_se: (P,) the
    model's own parameters (how large the noise is), estimated with the weights, and their robust standard errors.
    estimator: its name in ``fitting.estimators``. freedom: (K + P,) degrees of freedom of the robust errors; none where many (the
    normal law). hessian_covariance: (K, K), the inverse curvature; own_se_hessian: (P,). curvature: which of ``CURVATURES`` stands in
    all of these. agents: how many the scores were summed by, 0 where each path stands for itself; agent_column: what names them.
    left_out: ids of the paths that taught the weights nothing (``fitting.trimmed``); they are among the N. settings: what the estimator
    was told, those of its settings that meant something there; none in files of before there were any.
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
    freedom: np.ndarray = field(default_factory=lambda: np.zeros(0))
    hessian_covariance: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    own_se_hessian: np.ndarray = field(default_factory=lambda: np.zeros(0))
    curvature: str = ""
    agents: int = 0
    agent_column: str = ""
    left_out: tuple[str, ...] = ()
    settings: Mapping[str, float] = field(default_factory=dict)

    @property
    def identity(self) -> str:
        """32 hexadecimal digits of what was found and how, to the last bit: fits that differ differ in it, the same fit made twice is
        one. ``made`` only says when, to the second, in which many a small fit can be made."""
        words = (*self.names, "", *self.own_names, "", self.rationality, self.estimator, self.curvature, self.data_hash, self.agent_column)
        numbers = (self.gamma, self.loglik, self.held_out, self.agents)
        digest = hashlib.sha256(repr(([str(w) for w in words], [float(x) for x in numbers])).encode())
        if self.settings:
            digest.update(repr(sorted((name, float(value)) for name, value in self.settings.items())).encode())
        for part in (self.theta, self.own, self.covariance, self.hessian_covariance):
            digest.update(repr(part.shape).encode())
            digest.update(np.ascontiguousarray(part, dtype=np.float64).tobytes())
        return digest.hexdigest()[:32]

    @property
    def n_paths(self) -> int:
        """N, the number of paths fitted."""
        return len(self.loglik_paths)

    @property
    def aic(self) -> float:
        """Akaike's criterion, 2 (K + P) - 2 l (lower is better). The prior of goals that were not seen is fixed and no number of the fit:
        fits that are compared must have the same one, as fits to the same tracks do."""
        return 2.0 * (len(self.theta) + len(self.own)) - 2.0 * self.loglik

    @property
    def bic(self) -> float:
        """Schwarz's criterion, (K + P) log N - 2 l (lower is better); of goals that were not seen as ``aic``."""
        return (len(self.theta) + len(self.own)) * math.log(max(self.n_paths, 1)) - 2.0 * self.loglik

    @property
    def se(self) -> np.ndarray:
        """(K,) float64: the larger of the robust standard error and that of the curvature, told beside a weight."""
        return np.asarray(np.maximum(self.se_robust, self.se_hessian))

    def interval(self, level: float = 0.95) -> np.ndarray:
        """(K, 2) float64: lower and upper end of each weight's interval; infinite without a limit, NaN at a bound.

        The wider of two: what the curvature says by the normal law, and the robust errors. Where the scores spread no more than the
        curvature says, with few tracks or choices next to certain, the curvature stands; the more they spread beyond it, the more the
        robust errors go by Student's t with their degrees of freedom, in full from ``BEYOND`` times as much, or where agents are named
        (ours, calibrated in ``benchmarks.soundness.coverage``: Student's t throughout would cover 98 to 99 % with 10 tracks).
        """
        return self._around(self.theta, self.se_robust, self.se_hessian, self._times(level)[:len(self.theta)], level)

    def own_interval(self, level: float = 0.95) -> np.ndarray:
        """(P, 2) float64: lower and upper end of the interval of each of the model's own parameters."""
        hessian = self.own_se_hessian if len(self.own_se_hessian) else self.own_se
        return self._around(self.own, self.own_se, hessian, self._times(level)[len(self.theta):], level)

    def worth(self, unit: int, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """Every weight in units of the one at ``unit``: theta_k / theta_unit (K,), and its interval (K, 2).

        The interval is by the delta method on both covariances, the wider of the two; it says little where theta_unit is unsure, and
        there is none where either weight has no limit.
        """
        share = self.theta / self.theta[unit]
        slope = np.eye(len(share))
        slope[:, unit] -= share
        slope /= self.theta[unit]
        told = self.hessian_covariance if self.hessian_covariance.size else self.covariance
        errors = [np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", slope, m, slope), 0.0)) for m in (self.covariance, told)]
        none = np.isinf(self.se) | np.isinf(self.se[unit])
        none[unit] = False  # one of itself
        times = np.fmax(self._times(level)[:len(share)], self._times(level)[unit])
        return share, self._around(share, np.where(none, np.inf, errors[0]), np.where(none, np.inf, errors[1]), times, level)

    def _times(self, level: float) -> np.ndarray:
        """(K + P,) how many robust standard errors an interval reaches to either side."""
        n, upper = len(self.theta) + len(self.own), 0.5 + level / 2.0
        if not len(self.freedom):
            return np.full(n, float(norm.ppf(upper)))
        return np.asarray(student.ppf(upper, np.where(np.isfinite(self.freedom), self.freedom, np.inf)))

    def _around(self, value: np.ndarray, robust: np.ndarray, hessian: np.ndarray, times: np.ndarray, level: float) -> np.ndarray:
        """(n, 2) float64 ends of intervals around values (n,)."""
        normal = float(norm.ppf(0.5 + level / 2.0))
        known = np.isfinite(hessian) & (hessian > 0.0) & np.isfinite(robust)
        beyond = np.divide(robust, hessian, out=np.full(len(value), BEYOND), where=known)
        share = np.clip((beyond - 1.0) / (BEYOND - 1.0), 0.0, 1.0) if not self.agents else 1.0
        half = np.maximum((normal + (times - normal) * share) * robust, normal * hessian)
        return np.column_stack((value - half, value + half))

    def table(self) -> pd.DataFrame:
        """One row a feature: weight, standard error, ends of the 95 % interval."""
        low, high = self.interval().T
        return pd.DataFrame({"feature": self.names, "weight": self.theta, "standard error": self.se,
                             "low": low, "high": high})

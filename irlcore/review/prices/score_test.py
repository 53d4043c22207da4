"""Is an agent one of its class? A score test of its weights, for thousands of agents at once.

By the class the weights differ by d ~ N(0, P), P of ``spread``; the score is then s ~ (0, I + I P I). With

    W = (I^-1 + P)^-1 = I (1 + P I)^-1,   w = (1 + I P)^-1 s,   Var w = W

the best test of one weight being otherwise, the others as in the class, is z_k = w_k / W_kk^1/2, the joint one Q = w' W^-1 w ~ chi^2 of
as many degrees of freedom as directions are told. d_k = w_k / W_kk is the one-step estimate of how far weight k lies from the class's, with
error W_kk^-1/2. Weights that are already known to differ are left free: their part of P is as good as without a limit.

With few tracks these laws are far from normal, so z and Q are only what agents are compared by; the p-values come from ``against``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from irlcore.review.prices.evidence import Evidence
from irlcore.review.prices.spread import ClassPrices

TOLD = 1e-3
"""Information on a weight, in units of ``ClassPrices.units``, below which tracks tell nothing of it: a price of 1 nat more would show as
.03 standard errors."""
FREE = 1e8  # variance of a weight that is left free, in the same units
SAME = 1e-9  # eigenvalue of W, in the same units and of the largest, that rounding alone may leave


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Of N agents. z: (N, K), 0 where not told. told: (N, K) bool. away: (N, K) one-step estimate of the difference from the class's
    weight, and error (N, K) of it, inf where not told. joint: (N,), -log of the chi^2 chance of Q, higher = stranger; inf where a choice
    was made that the model cannot make."""

    z: np.ndarray
    told: np.ndarray
    away: np.ndarray
    error: np.ndarray
    joint: np.ndarray

    def __len__(self) -> int:
        return len(self.z)

    def take(self, index: Sequence[int] | np.ndarray) -> Scored:
        """Those at ``index`` (n,)."""
        return Scored(self.z[index], self.told[index], self.away[index], self.error[index], self.joint[index])

    @property
    def normal_p(self) -> np.ndarray:
        """(N,) p-value of the joint test by the law of many tracks."""
        return np.asarray(np.exp(-self.joint))


def score_agents(agents: Evidence, prices: ClassPrices, free: np.ndarray | None = None) -> Scored:
    """z, Q and one-step estimates of agents against their class; free: (K,) bool, weights that are left free, of which nothing is said."""
    k, units = len(prices.theta), prices.units
    free = np.zeros(k, bool) if free is None else free
    scores, I = agents.scores * units, agents.informations * units[:, None] * units  # noqa: E741
    P = prices.prior / np.outer(units, units)
    P = P + np.diag(np.where(free, FREE, 0.0))
    told = (np.einsum("akk->ak", I) > TOLD) & ~free
    one = np.eye(k)
    w = np.linalg.solve(one + I @ P, scores[:, :, None])[:, :, 0] if len(agents) else scores
    W = np.linalg.solve(one + I @ P, I) if len(agents) else I  # (1 + I P)^-1 I = I (1 + P I)^-1
    W = 0.5 * (W + np.swapaxes(W, 1, 2))
    own = np.einsum("akk->ak", W)
    told &= own > 0.5 * TOLD * TOLD
    safe = np.where(told, own, 1.0)
    values, vectors = np.linalg.eigh(W)
    kept = values > np.maximum(SAME * values[:, -1:], 1e-12)
    along = np.einsum("aij,ai->aj", vectors, w)
    q = np.where(kept, along**2 / np.where(kept, values, 1.0), 0.0).sum(axis=1)
    rank = kept.sum(axis=1)
    joint = np.where(rank > 0, -chi2.logsf(q, np.maximum(rank, 1)), 0.0)
    return Scored(np.where(told, w / np.sqrt(safe), 0.0), told, np.where(told, w / safe, 0.0) * units,
                  np.where(told, units / np.sqrt(safe), np.inf), np.where(agents.possible, joint, np.inf))

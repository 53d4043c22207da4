"""How much the agents of a class differ among themselves: the prior that one agent's own weights are held against.

Agents have weights theta_a ~ N(theta, T), T diagonal. To first order the score of agent a at the class's weights is I_a (theta_a - theta)
and what chance adds, of variance I_a, and the class's weights went to meet it, which takes I_a V I_a away, V their covariance. So

    E s_ak^2 = I_a,kk + sum_j T_j I_a,kj^2 - (I_a V I_a)_kk,

summed over the agents K linear equations in T_1 ... T_K, solved by least squares with T >= 0 (method of moments, as in random effects;
DerSimonian and Laird 1986). Few agents tell T badly, and where it comes out at 0 all agents would be held to be alike: intervals that
lean on it cover too little. So one standard error of T is added (ours). What the model gets wrong of single tracks spreads their scores
too, and counts here as a difference.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from irlcore.review.prices.evidence import Evidence

LEAST = 1e-3
"""Least spread of a weight, in nats that a choice which has the feature costs more: there is no price so exact, and inverses need some."""


@dataclass(frozen=True, slots=True, eq=False)
class ClassPrices:
    """The class's weights and what its agents' may be.

    theta: (K,). own: (P,) the model's own parameters, the same for all agents. lower, upper: (K,) where the signs keep weights. units: (K,)
    a natural step of each weight, that makes a choice which has the feature cost about 1 nat more. spread: (K,) variance among agents.
    covariance: (K, K), the sampling error of theta. agents: how many the spread was told by. errors: (K,) standard errors of theta, NaN
    where they are not known, of which covariance has none; None for those of covariance.
    """

    theta: np.ndarray
    own: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    units: np.ndarray
    spread: np.ndarray
    covariance: np.ndarray
    agents: int
    errors: np.ndarray | None = None

    @property
    def se(self) -> np.ndarray:
        """(K,) standard errors of theta, NaN where they are not known."""
        of_covariance: np.ndarray = np.sqrt(np.diag(self.covariance))
        return of_covariance if self.errors is None else np.where(np.isnan(self.errors), np.nan, of_covariance)

    @property
    def known(self) -> bool:
        """Whether any error of theta is known."""
        return not bool(np.isnan(self.se).all())

    @property
    def prior(self) -> np.ndarray:
        """(K, K) covariance of one agent's weights about theta: how agents differ, and how unsure the class's weights are."""
        return np.asarray(np.diag(self.spread + (LEAST * self.units) ** 2) + self.covariance)


def spread_among(agents: Evidence, units: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """T (K,), the variance of each weight among agents and a standard error of it, from what the agents that the class was fitted to say.
    units: (K,)."""
    some = agents.take(np.flatnonzero(agents.possible))
    if len(some) < 2:
        return np.zeros(len(units))
    scores, informations = some.scores * units, some.informations * units[:, None] * units
    sampling = covariance / np.outer(units, units)
    each = scores**2 - np.einsum("akk->ak", informations) + np.einsum("aki,ij,ajk->ak", informations, sampling, informations)
    slopes = (informations**2).sum(axis=0)
    size = np.sqrt(np.diag(slopes))
    size = np.where(size > 0.0, size, 1.0)
    found = nnls(slopes / size[:, None], each.sum(axis=0) / size)[0]
    left = each - np.einsum("akj,j->ak", informations**2, found)
    error = np.sqrt((left**2).sum(axis=0)) / np.where(np.diag(slopes) > 0.0, np.diag(slopes), np.inf)
    return np.asarray(found + error) * units**2

"""What agents believe that steps cost: log-normal around the truth, one draw of all errors at a time.

A step that costs c is believed to cost c exp(s z - s^2 / 2) with s^2 = log(1 + sigma^2 / c), z the error of the place that it leads
to: on average right, with variance sigma^2 c, never below 0, so that every belief can be planned with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.rationality.noise.draws import SEED
from irlcore.rationality.noise.size import by_sigma2
from irlcore.worlds.mdp import MDP


@dataclass(frozen=True, slots=True)
class Beliefs:
    """R draws: reward (R, M), what choices are believed to bring; slope (R, M), its derivative by the true reward; by_sigma2 (R, M)."""

    reward: np.ndarray
    slope: np.ndarray
    by_sigma2: np.ndarray


def errors_of(mdp: MDP, count: int) -> np.ndarray:
    """(count, S) fixed standard normal errors of all states, each with its opposite. Kept in the MDP's cache."""
    key = f"errors {count}"
    if key not in mdp.cache:
        half = np.random.default_rng(SEED).standard_normal((count // 2, mdp.n_states))
        mdp.cache[key] = np.vstack((half, -half))
    drawn: np.ndarray = mdp.cache[key]
    return drawn


def beliefs_of(mdp: MDP, reward: np.ndarray, sigma2: float, count: int) -> Beliefs:
    """The beliefs of ``count`` agents about rewards (M,). A step that costs nothing is known to cost nothing."""
    z = errors_of(mdp, count)[:, mdp.likeliest]
    cost = np.abs(reward)
    sigma = np.sqrt(sigma2)
    if sigma == 0.0:
        first = reward * z / np.sqrt(np.where(cost > 0.0, cost, np.inf))
        return Beliefs(np.broadcast_to(reward, z.shape), np.ones(z.shape), first * by_sigma2(0.0))
    safe = np.where(cost > 0.0, cost, 1.0)
    ratio = sigma2 / safe
    s = np.sqrt(np.log1p(ratio))
    factor = np.exp(s * z - 0.5 * s**2)
    turn = np.where(cost > 0.0, factor * (z - s) / (2.0 * s * (1.0 + ratio)), 0.0)  # d factor / d ratio
    return Beliefs(reward * factor, np.where(cost > 0.0, factor - turn * ratio, 1.0), reward * turn * ratio / sigma2)

"""What agents believe that steps cost: log-normal around the truth, one draw of all errors at a time.

A step that costs c is believed to cost c exp(s z - s^2 / 2) with s^2 = log(1 + sigma^2 / c), z the error of the place that it leads
to: on average right, with variance sigma^2 c, never below 0, so that every belief can be planned with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.rationality.noise.draws import state_errors
from irlcore.rationality.noise.size import by_sigma2
from irlcore.worlds.mdp import MDP

WIDTH = 64
"""Beliefs in a bundle. On Borlänge a goal takes .53 ms for 16, .75 for 32, 1.3 for 64 and 2.4 for 128."""


@dataclass(frozen=True, slots=True)
class Beliefs:
    """R draws in bundles: reward (B, M, W), what choices are believed to bring; slope (B, M, W), its derivative by the true reward;
    by_sigma2 (B, M, W); rough (B, M, W) float32, the reward by which ways are chosen. R = B W."""

    reward: np.ndarray
    slope: np.ndarray
    by_sigma2: np.ndarray
    rough: np.ndarray

    @property
    def count(self) -> int:
        """R, how many draws."""
        return self.reward.shape[0] * self.reward.shape[2]

    def one(self, draw: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Reward, slope and slope by sigma^2 of one draw, (M,) each."""
        bundle, at = divmod(draw, self.reward.shape[2])
        return self.reward[bundle, :, at].copy(), self.slope[bundle, :, at].copy(), self.by_sigma2[bundle, :, at].copy()


def _errors_into(mdp: MDP, count: int) -> np.ndarray:
    """(B, M, W) fixed errors of the states that choices lead to, each with its opposite."""
    half = state_errors(mdp, count // 2)[mdp.likeliest]
    width = next(w for w in range(min(WIDTH, count), 0, -1) if count % w == 0)
    both = np.concatenate((half, -half), axis=1).reshape(mdp.n_choices, count // width, width)
    return np.ascontiguousarray(both.transpose(1, 0, 2))


def beliefs_of(mdp: MDP, reward: np.ndarray, sigma2: float, count: int) -> Beliefs:
    """The beliefs of ``count`` agents about rewards (M,). A step that costs nothing is known to cost nothing."""
    z = mdp.derived(_errors_into, count)
    cost = np.abs(reward)[:, None]
    if sigma2 == 0.0:
        first = reward[:, None] * z / np.sqrt(np.where(cost > 0.0, cost, np.inf))
        believed = np.ascontiguousarray(np.broadcast_to(reward[:, None], z.shape))
        return Beliefs(believed, np.ones(z.shape), first * by_sigma2(0.0), believed.astype(np.float32))
    ratio = sigma2 / np.where(cost > 0.0, cost, 1.0)
    s = np.sqrt(np.log1p(ratio))
    factor = np.exp(s * z - 0.5 * s**2)
    turn = factor * (z - s) * np.where(cost > 0.0, 0.5 / (s * (1.0 + ratio)), 0.0)  # d factor / d ratio
    believed = reward[:, None] * factor
    return Beliefs(believed, np.where(cost > 0.0, factor - turn * ratio, 1.0), turn * (reward[:, None] * ratio / sigma2),
                   believed.astype(np.float32))

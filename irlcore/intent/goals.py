"""Where is this one going: P(goal | prefix), updated at each step.

P(g | prefix) is proportional to prior(g) P(prefix | g), P(prefix | g) = product of pi_g over the choices seen so far
(Baker, Saxe and Tenenbaum 2009, equation 1). A prefix that passes through g has probability 0 under g: the trip would have
ended there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from irlcore.engine import Control, run_all
from irlcore.rationality.base import Prepared, Rationality
from irlcore.worlds.mdp import Goals, Paths

IMPOSSIBLE = -1e6
"""Stands for log 0 in sums, so that a whole row of impossible goals still has a defined order."""
CERTAIN = 0.8


@dataclass(frozen=True, slots=True)
class GoalPosterior:
    """One path's posterior over G goals before its first and after each of its T steps.

    probability: (T + 1, G) float64, rows sum to 1. entropy: (T + 1,) nats. top: (T + 1,) int64, likeliest goal.
    certain_step: first step from which the goal that is likeliest at the end stays at or above ``certain``; -1 where never.
    """

    probability: np.ndarray
    entropy: np.ndarray
    top: np.ndarray
    certain: float
    certain_step: int


def goal_prior(paths: Paths, goals: Goals, smoothing: float = 1.0) -> np.ndarray:
    """(G,) prior: how often past paths ended in each goal's states, plus ``smoothing`` pseudo-ends shared by all."""
    ends = np.bincount(paths.last_state, minlength=int(max(paths.last_state.max(initial=0), goals.states.max(initial=0))) + 1)
    counts = np.array([ends[goals.of(g)].sum() for g in range(len(goals))], np.float64)
    weight: np.ndarray = counts + smoothing / len(goals)
    return weight / weight.sum()


def _log_steps(model: Rationality, prepared: Prepared, choices: np.ndarray, goals: Goals,
               control: Control | None) -> np.ndarray:
    """log pi_g of each of ``choices`` (C,) under each goal, (G, C)."""
    def one(goal: int) -> np.ndarray:
        return np.maximum(model.solve(prepared, goals.of(goal)).log_policy[choices], IMPOSSIBLE)

    return np.array(run_all(one, range(len(goals)), control))


def goal_posterior(model: Rationality, prepared: Prepared, paths: Paths, index: int, goals: Goals, prior: np.ndarray,
                   certain: float = CERTAIN, control: Control | None = None) -> GoalPosterior:
    """Posterior along one path of ``paths``."""
    choices = paths.choices[paths.offsets[index]:paths.offsets[index + 1]]
    steps = _log_steps(model, prepared, choices, goals, control)
    log_p = np.log(np.maximum(prior, 1e-300)) + np.vstack((np.zeros(len(goals)), np.cumsum(steps.T, axis=0)))
    probability = np.exp(log_p - logsumexp(log_p, axis=1, keepdims=True))
    top = probability.argmax(axis=1)
    below = np.flatnonzero(probability[:, top[-1]] < certain)
    step = int(below[-1]) + 1 if len(below) else 0
    entropy = -(probability * np.log(np.maximum(probability, 1e-300))).sum(axis=1)
    return GoalPosterior(probability, entropy, top, certain, step if step < len(probability) else -1)


def goal_ranks(model: Rationality, prepared: Prepared, paths: Paths, goals: Goals, prior: np.ndarray, truth: np.ndarray,
               fractions: tuple[float, ...], control: Control | None = None) -> np.ndarray:
    """Rank (1 = likeliest) of each path's true goal (N,) after the given fractions of its steps, (N, F) int64.

    Goal by goal, so that only one number a path, fraction and goal is kept.
    """
    n, f = len(paths), len(fractions)
    seen = np.column_stack([np.floor(share * paths.lengths).astype(np.int64) for share in fractions])
    at = (paths.offsets[:-1, None] + seen).ravel()
    first = np.repeat(paths.offsets[:-1], f)

    def one(goal: int) -> np.ndarray:
        steps = np.maximum(model.solve(prepared, goals.of(goal)).log_policy[paths.choices], IMPOSSIBLE)
        running = np.concatenate(([0.0], np.cumsum(steps)))
        return (running[at] - running[first] + np.log(max(prior[goal], 1e-300))).astype(np.float64)

    scores = np.array(run_all(one, range(len(goals)), control))
    own = scores[np.repeat(truth, f), np.arange(n * f)]
    return 1 + (scores > own[None, :]).sum(axis=0).reshape(n, f)

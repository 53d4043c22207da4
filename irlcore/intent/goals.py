"""Where is this one going: P(goal | prefix), updated at each step.

P(g | prefix) is proportional to prior(g) P(prefix | g), P(prefix | g) = product of pi_g over the choices seen so far
(Baker, Saxe and Tenenbaum 2009, equation 1). A prefix that passes through g has probability 0 under g: the trip would have
ended there. A prefix that no candidate explains has no posterior at all, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irlcore.engine import Control, run_all
from irlcore.rationality.ahead import rows_of, rows_towards
from irlcore.rationality.base import Rationality
from irlcore.rationality.confined import covering
from irlcore.rationality.solution import Group, Prepared
from irlcore.worlds.mdp import Goals, Paths

CERTAIN = 0.8


@dataclass(frozen=True, slots=True)
class GoalPosterior:
    """One path's posterior over G goals before its first and after each of its T steps.

    probability: (T + 1, G) float64; a row sums to 1, or is all 0 where no candidate explains the steps so far.
    entropy: (T + 1,) nats, NaN in such rows. top: (T + 1,) int64, likeliest goal, -1 in such rows.
    certain_step: first step from which the goal that is likeliest at the end stays at or above ``certain``; -1 where never.
    """

    probability: np.ndarray
    entropy: np.ndarray
    top: np.ndarray
    certain: float
    certain_step: int


def goal_posterior(model: Rationality, prepared: Prepared, paths: Paths, index: int, goals: Goals, prior: np.ndarray,
                   certain: float = CERTAIN, control: Control | None = None) -> GoalPosterior:
    """Posterior along one path of ``paths``; prior (G,), of this path."""
    return goal_posteriors(model, prepared, paths.take(np.array([index])), goals, prior, certain, control)[0]


def goal_posteriors(model: Rationality, prepared: Prepared, paths: Paths, goals: Goals, prior: np.ndarray,
                    certain: float = CERTAIN, control: Control | None = None) -> list[GoalPosterior]:
    """Posteriors along every path; each goal is solved once. prior: (G,), or (N, G) one a path. Keeps one number a choice
    made and goal."""
    prepared = covering(model, prepared, paths)
    trips = _all_of(prepared, paths)

    ends = [goals.of(goal) for goal in range(len(goals))]
    steps = np.array(run_all(_steps_towards, ends, control, "Goals tried", shared=(model, prepared, trips)))
    each = np.broadcast_to(prior, (len(paths), len(goals)))
    return [posterior_of_steps(steps[:, a:b], own, certain) for a, b, own in zip(paths.offsets[:-1], paths.offsets[1:], each, strict=True)]


def _steps_towards(judge: tuple[Rationality, Prepared, Group], goal_states: np.ndarray) -> np.ndarray:
    """(C,) log chance of every step of the trips, were they on their way to this goal."""
    model, prepared, trips = judge
    known = rows_towards(prepared.mdp, trips, goal_states)
    return model.log_steps(prepared, replace(trips, goal_states=goal_states, remembered=known))


def _all_of(prepared: Prepared, paths: Paths) -> Group:
    """The paths as one group, whose goal is to be named."""
    trips = Group(np.zeros(0, np.int64), np.arange(len(paths)), paths.offsets, paths.choices)
    rows_of(prepared.mdp, trips)
    return trips


def posterior_of_steps(steps: np.ndarray, prior: np.ndarray, certain: float = CERTAIN) -> GoalPosterior:
    """From log pi_g of each step, (G, T) nats, and the prior (G,)."""
    with np.errstate(divide="ignore"):
        joint = np.log(prior) + np.vstack((np.zeros(len(prior)), np.cumsum(steps, axis=1).T))
    most = joint.max(axis=1, keepdims=True)
    known = np.isfinite(most[:, 0])
    share = np.exp(joint - np.where(np.isfinite(most), most, 0.0))
    return _summed_up(share / np.where(known, share.sum(axis=1), 1.0)[:, None], known, certain)


def _summed_up(probability: np.ndarray, known: np.ndarray, certain: float) -> GoalPosterior:
    """From the probabilities (T + 1, G) and the rows (T + 1,) bool in which some goal explains the steps."""
    entropy = np.where(known, -(probability * np.log(np.maximum(probability, 1e-300))).sum(axis=1), np.nan)
    top = np.where(known, probability.argmax(axis=1), -1)
    below = np.flatnonzero(~known | (probability[:, top[-1]] < certain))
    step = int(below[-1]) + 1 if len(below) else 0
    return GoalPosterior(probability, entropy, top, certain, step if step < len(probability) else -1)


def of_groups(posterior: GoalPosterior, group: np.ndarray, n_groups: int) -> GoalPosterior:
    """The posterior of groups of goals, group (G,) int64 from 0 to ``n_groups`` - 1: each has the probability of all its goals."""
    summed = np.zeros((n_groups, len(posterior.probability)))
    np.add.at(summed, group, posterior.probability.T)  # a product with a matrix of ones would wake a second thread for next to nothing
    return _summed_up(np.ascontiguousarray(summed.T), posterior.top >= 0, posterior.certain)


def goal_ranks(model: Rationality, prepared: Prepared, paths: Paths, goals: Goals, prior: np.ndarray, truth: np.ndarray,
               fractions: tuple[float, ...], control: Control | None = None) -> np.ndarray:
    """Rank (1 = likeliest) of each path's true goal (N,) after the given fractions of its steps, (N, F) int64.

    prior: (G,), or (N, G) one a path. A true goal that the model holds impossible by then ranks last. Keeps one number a
    path, fraction and goal.
    """
    each = np.broadcast_to(prior, (len(paths), len(goals)))
    seen = np.column_stack([np.floor(share * paths.lengths).astype(np.int64) for share in fractions])
    first = np.repeat(paths.offsets[:-1], len(fractions))
    at, trips = first + seen.ravel(), _all_of(prepared, paths)

    judge = model, prepared, trips, first, at
    asked = [(goals.of(goal), np.repeat(each[:, goal], len(fractions))) for goal in range(len(goals))]
    scores = np.array(run_all(_scores_after, asked, control, shared=judge))
    own = scores[np.repeat(truth, len(fractions)), np.arange(len(at))]
    rank = np.where(np.isfinite(own), 1 + (scores > own).sum(axis=0), len(goals))
    return rank.reshape(len(paths), len(fractions))


def _scores_after(judge: tuple[Rationality, Prepared, Group, np.ndarray, np.ndarray], asked: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """(N F,) log joint chances of one goal, of its states and the prior (N F,), and of the steps from ``first`` to ``at``, the last that
    judge."""
    (model, prepared, trips, first, at), (goal_states, prior) = judge, asked
    steps = _steps_towards((model, prepared, trips), goal_states)
    barred = ~np.isfinite(steps)
    total = np.concatenate(([0.0], np.cumsum(np.where(barred, 0.0, steps))))
    ruled_out = np.concatenate(([0], np.cumsum(barred)))
    with np.errstate(divide="ignore"):
        return np.where(ruled_out[at] > ruled_out[first], -np.inf, total[at] - total[first] + np.log(prior))

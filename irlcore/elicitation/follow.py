"""What one candidate would bring, followed a few steps: the likelihood is asked again where the score test would go.

A Newton step from a weight of 0 is the first term of a series: for a strong feature it promises too small a weight and too little gain
(a true weight of -2 in a grid: -1.3 and 78 nats where a refit finds -1.9 and 97). Here the step is made (together with what the other
weights give up), likelihood, slope and information are taken there, and the next step is reckoned from them, ``MOST`` times at most or till
the step to come promises next to nothing. What is told is the gain reached plus what the last quadratic still promises. Each step costs
one evaluation, so this is for the few candidates that an analyst looks at, not for ranking a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irlcore.elicitation.score_test import Tested
from irlcore.elicitation.suggestions import Suggestion
from irlcore.engine import Control
from irlcore.errors import Infeasible
from irlcore.fitting.likelihood import Evaluation
from irlcore.fitting.problem import Problem

MOST = 4  # evaluations, but for those of steps that were too long; three Newton steps from 0 bring a weight ten standard errors away
# within a few per cent
SETTLED = 0.005  # share of the gain that is still to come, or
NEXT_TO_NOTHING = 0.05  # nats
HALVINGS = 8  # a first step from 0 may go thirty times too far where the curvature there is small
FLAT = 0.01


@dataclass(frozen=True, slots=True)
class Followed:
    """point: (K + 1 + P,) old weights, the candidate's, own parameters, where the steps lead. gain: nats to be had there on the problem's
    trips. evaluations: how often the likelihood was asked."""

    point: np.ndarray
    weight: float
    gain: float
    evaluations: int


def follow(problem: Problem, candidate: Problem, point: np.ndarray, free: np.ndarray, found: Tested,
           control: Control | None = None) -> Followed:
    """Steps towards the refit with one candidate. candidate: a problem with its column alone; point, free: (K + P,) as for ``examine``;
    found: what ``examine`` says of it."""
    k = len(problem.names)
    both = problem.beside(candidate)
    groups = both.counted_groups()
    moved = np.insert(free, k, True)
    at = np.insert(point, k, 0.0)
    if found.weight[0] == 0.0:
        return Followed(at, 0.0, 0.0, 0)
    lower, upper = (np.insert(side, k, bound) for side, bound in zip(_own_bounds(problem), (-np.inf, np.inf), strict=True))

    def value(theta: np.ndarray) -> Evaluation | None:
        try:
            there = both.evaluate(theta, groups, control)
        except Infeasible:
            return None
        return there if np.isfinite(there.loglik).all() and np.isfinite(there.scores).all() else None

    first = here = both.evaluate(at, groups, control)
    asked, step, left = 1, _newton(here, moved), 0.0
    for _ in range(MOST - 1):
        length = 1.0
        for _ in range(HALVINGS):
            there = value(np.clip(at + length * step, lower, upper))
            asked += 1
            if there is not None and there.loglik.sum() > here.loglik.sum():
                break
            length *= 0.5
        else:
            break
        brought = float(there.loglik.sum() - here.loglik.sum())
        at, here = np.clip(at + length * step, lower, upper), there
        step = _newton(here, moved)
        left = 0.5 * float(here.scores.sum(axis=0) @ step)
        if left > brought:  # a step to come that promises more than the last one brought rests on curvature that is not there yet
            step, left = step * (brought / left), brought
        if left < max(SETTLED * float(here.loglik.sum() - first.loglik.sum()), NEXT_TO_NOTHING):
            break
    gained = float(here.loglik.sum() - first.loglik.sum())
    if asked == 1 or gained <= 0.0:  # nowhere to go: what the test says stands
        return Followed(np.insert(point, k, 0.0), float(found.weight[0]), float(found.gain[0]), asked)
    at = np.clip(at + step, lower, upper)
    return Followed(at, float(at[k]), gained + max(left, 0.0), asked)


def followed(test: Suggestion, steps: Followed) -> Suggestion:
    """A suggestion with the weight and gain that the steps lead to. What is lost on trips held out, by weights that trips had a say
    in, does not grow with the gain: it is that of the test."""
    return replace(test, weight=steps.weight, gain=steps.gain, held_out=test.held_out + steps.gain - test.gain)


def _own_bounds(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Bounds (K + P,) of the model's own parameters; weights have none here, since those at a bound are not moved."""
    none = np.full(len(problem.names), np.inf)
    own = problem.model.parameters
    return np.append(-none, [p.lower for p in own]), np.append(none, [p.upper for p in own])


def _newton(here: Evaluation, moved: np.ndarray) -> np.ndarray:
    """The Newton step (n,) over what may move, each number in its own unit; ``FLAT`` of a number's own curvature is the least that any
    direction is taken to have."""
    step = np.zeros(len(moved))
    information = here.information[np.ix_(moved, moved)]
    scale = np.sqrt(np.maximum(np.diag(information), 1e-300))
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    slope = vectors.T @ (here.scores.sum(axis=0)[moved] / scale)
    step[moved] = vectors @ (slope / np.maximum(values, FLAT)) / scale
    return step

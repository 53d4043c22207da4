"""From the direction of the weights to a fit: how sharply agents choose is all that is left to estimate.

The estimators of Ng and Russell (2000) and of Abbeel and Ng (2004) ask for weights under which what was seen is best; twice
the weights serve as well. Ours: their direction d (K,) is kept, and its size is the one of greatest likelihood under
the problem's rationality model, one number, with that model's own parameters if it has any. The fit can then be scored,
compared and used for reviews like any other, but its weights have no standard errors.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from irlcore.engine import Control
from irlcore.errors import FitError, Infeasible
from irlcore.fitting.demonstrations import Demonstrations, demonstrations_of, random_choice
from irlcore.fitting.likelihood import Evaluation
from irlcore.fitting.maximum_likelihood import bounds_of, fit, steps_left
from irlcore.fitting.point import Objective, Optimum, Point
from irlcore.fitting.problem import Batch, Problem
from irlcore.fitting.result import FitResult, FitWarning, Status
from irlcore.fitting.reward_limits import Limits, signed_limits
from irlcore.fitting.trust_region import maximise
from irlcore.fitting.warnings import fit_warnings
from irlcore.planning.graph import graph_of
from irlcore.rationality.derivatives import sum_by_state
from irlcore.worlds.goal_prior import unfinished


@dataclass(frozen=True, slots=True)
class Direction:
    """weights: (K,) on scaled features, any size. rounds: programmes solved. settled: whether more rounds would bring nothing."""

    weights: np.ndarray
    rounds: int
    settled: bool


NO_PLANS = ("holds what was done against the best plans under other weights, and the model of a log of events is one of agents that plan "
            "nothing: there are no such plans.")
"""Said of an estimator, by its title."""
FindDirection = Callable[[Demonstrations, Limits, np.ndarray, Control], Direction]
"""Paths, limits, (K,) scaled weights within them to begin from, control -> direction."""


def fit_direction(name: str, title: str, find: FindDirection, problem: Problem, signs: Sequence[str] | None = None,
                  start: np.ndarray | None = None, control: Control | None = None, data_hash: str = "") -> FitResult:
    """The fit of the estimator ``name`` with the direction that ``find`` gives; signs and start as ``maximum_likelihood.fit``.

    Raises FitError where nobody plans, or no weights within the signs explain anything, Cancelled on request.
    """
    begun = time.perf_counter()
    control = control or Control()
    if not problem.model.plans:
        raise FitError(f"{title} {NO_PLANS}", "Use maximum likelihood, or the value basis.")
    _check(problem)
    lower, upper = bounds_of(signs or ["free"] * len(problem.names))
    try:
        demonstrations = demonstrations_of(problem)
        limits, first = _limits(problem, demonstrations, lower, upper, start, control)
        found = find(demonstrations, limits, first, control)
    except (Infeasible, FitError) as error:
        raise FitError(f"{title} found no weights of {', '.join(problem.names)}. {error.what}", error.fix) from error
    theta = found.weights / demonstrations.scale
    if not (problem.phi @ theta).any():
        raise FitError(f"{title} left every weight at 0.", "Free some signs, or use maximum likelihood.")
    sized = _sized(title, problem, theta, control)
    return _result(name, title, problem, sized, found, limits, time.perf_counter() - begun, data_hash)


def _check(problem: Problem) -> None:
    """As maximum likelihood asks of a problem."""
    if not len(problem.names) or not len(problem.paths) or not np.isfinite(problem.phi).all():
        fit(problem)  # says what is wrong


def _limits(problem: Problem, demonstrations: Demonstrations, lower: np.ndarray, upper: np.ndarray, start: np.ndarray | None,
            control: Control) -> tuple[Limits, np.ndarray]:
    """The limits, with the unit that a random choice at the first weights gives, and the first weights (K,) within them.

    Without a start every feature that may cost does.
    """
    rows = None if problem.gamma < 1.0 else problem.features_that_cost() / demonstrations.scale
    limits = signed_limits(demonstrations.phi, demonstrations.gamma, lower, upper, rows)
    k = len(demonstrations.scale)
    wanted = np.where(limits.lower < 0.0, -1.0, 1.0) if start is None else start[:k] * demonstrations.scale
    first = limits.nearest(wanted)
    limits = replace(limits, unit=random_choice(demonstrations, first, control))
    return limits, limits.nearest(first)


@dataclass(frozen=True, slots=True)
class Sized:
    """theta: (K,) weights of greatest likelihood along a direction; own: (P,) parameters of the model; evaluation: there;
    loglik_start: where the search began; evaluations: how many it took."""

    theta: np.ndarray
    own: np.ndarray
    evaluation: Evaluation
    loglik_start: float
    evaluations: int


def _sized(title: str, problem: Problem, direction: np.ndarray, control: Control) -> Sized:
    """The size that direction (K,) has by maximum likelihood, begun where a choice costs about 1 and, while that has no
    likelihood, twice as much."""
    model, batches, last = problem.model, problem.groups(), ["No size of them has a finite likelihood."]
    parameters = model.parameters
    along = np.zeros((len(direction) + len(parameters), 1 + len(parameters)))  # d (theta, own) / d (size, own)
    along[:len(direction), 0] = direction
    along[len(direction):, 1:] = np.eye(len(parameters))

    def full(point: np.ndarray) -> Evaluation | None:
        control.check()
        try:
            found = problem.evaluate(along @ point, batches, control)
        except Infeasible as error:
            last.append(error.what)
            return None
        return found if np.isfinite(found.loglik).all() and np.isfinite(found.scores).all() else None

    def objective(point: np.ndarray) -> Point | None:
        found = full(point)
        return None if found is None else Point(point, float(found.loglik.sum()), along.T @ found.scores.sum(axis=0),
                                                along.T @ found.information @ along)

    def watch(iteration: int, point: Point, gain: float) -> None:
        control.step(iteration, iteration + steps_left(gain), f"size of the weights, log-likelihood {point.value:,.1f}")

    cost = float(np.mean([_usual_cost(problem, b, direction) for b in batches]))
    first = _first_size(objective, 1.0 / max(cost, 1e-300), model.own_start(None))
    if first is None:
        raise FitError(f"{title} found weights under which the tracks have no likelihood. {last[-1]}",
                       "Use maximum likelihood, or another model of how well they choose.")
    best: Optimum = maximise(objective, first, np.array([0.0, *(p.lower for p in parameters)]),
                             np.array([np.inf, *(p.upper for p in parameters)]), watch)
    size, evaluation = float(best.point.theta[0]), full(best.point.theta)
    if size <= 0.0 or evaluation is None:
        raise FitError(f"Under the weights that {title} found, agents choose no better than at random.",
                       "Use maximum likelihood, free some signs, or name a feature that explains these tracks.")
    return Sized(size * direction, best.point.theta[1:], evaluation, first.value, best.evaluations)


def _usual_cost(problem: Problem, batch: Batch, direction: np.ndarray) -> float:
    """Mean size of the rewards there are to choose from where a batch's paths made their choices, whichever they made."""
    graph = graph_of(problem.mdp)
    size = sum_by_state(graph, np.abs(batch.features.phi @ direction)[:, None])[:, 0]
    states = problem.mdp.choice_state[np.concatenate([group.choices for group in batch.groups])]
    return float(np.mean(size[states] / np.diff(problem.mdp.choice_offsets)[states]))


def _first_size(objective: Objective, size: float, own: np.ndarray) -> Point | None:
    for _ in range(6):
        found = objective(np.append(size, own))
        if found is not None:
            return found
        size *= 2.0
    return None


def _result(name: str, title: str, problem: Problem, sized: Sized, found: Direction, limits: Limits, seconds: float,
            data_hash: str) -> FitResult:
    theta, evaluation, k = sized.theta, sized.evaluation, len(sized.theta)
    unknown = np.full(k, np.nan)
    inside = (theta > limits.lower) & (theta < limits.upper)
    warnings = (_size_warning(title), *_left_out(problem), *_at_most(problem.names, found, limits),
                *fit_warnings(problem.phi, problem.names, problem.paths.choices, inside, evaluation.information[:k, :k]))
    return FitResult(problem.names, theta, unknown, unknown, unknown, np.full((k, k), np.nan), evaluation.scores,
                     float(evaluation.loglik.sum()), sized.loglik_start, evaluation.loglik, float("nan"), problem.model.name,
                     problem.gamma, Status.CONVERGED if found.settled else Status.OUT_OF_STEPS, found.rounds, sized.evaluations,
                     seconds, warnings, datetime.now(UTC).isoformat(timespec="seconds"), data_hash,
                     tuple(p.name for p in problem.model.parameters), sized.own, np.full(len(sized.own), np.nan), name)


def _size_warning(title: str) -> FitWarning:
    return FitWarning("", "This way of finding weights tells only how they compare with each other, and not how sure they are: there are "
                          "no intervals.", "Fit by maximum likelihood too, and compare how well each does on tracks held out.",
                      f"{title} finds a direction alone; the common size of the weights, how sharply these agents choose, is by maximum "
                      "likelihood.")


def _left_out(problem: Problem) -> list[FitWarning]:
    """Tracks that were cut off have a say in the size of the weights, which is by likelihood, and none in their direction."""
    cut = int(unfinished(problem.paths).sum())
    if not cut:
        return []
    return [FitWarning("", f"{cut:,} of {len(problem.paths):,} tracks were cut off before they arrived: this way of finding weights has "
                           "left them out.", "Use maximum likelihood, which looks at all goals that a track may have had.",
                       "They count for the common size of the weights alone, which is by maximum likelihood.")]


def _at_most(names: tuple[str, ...], found: Direction, limits: Limits) -> list[FitWarning]:
    """A weight at the end of what is allowed is no estimate."""
    return [FitWarning(names[k], f"{names[k]} matters very much by this way of finding weights; how much it does not tell.",
                       "Constrain its sign, or use maximum likelihood.",
                       f"The weight of {names[k]} is as large as this estimator allows.")
            for k in np.flatnonzero(np.abs(found.weights) > 0.999 * limits.size)]

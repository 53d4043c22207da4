"""From the direction of the weights to a fit: how sharply agents choose is all that is left to estimate.

The estimators of Ng and Russell (2000) and of Abbeel and Ng (2004) ask for weights under which what was seen is best; twice
the weights serve as well. Ours: their direction d (K,) is kept, and its size is the one of greatest likelihood under
the problem's own rationality model, one number (with what else that model estimates). The fit can then be scored,
compared and used for reviews like any other, but its weights have no standard errors.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from irlcore.engine import Control
from irlcore.errors import FitError, Infeasible
from irlcore.fitting.demonstrations import Demonstrations, demonstrations_of, random_choice
from irlcore.fitting.likelihood import evaluate, group_by_goal
from irlcore.fitting.maximum_likelihood import Problem, bounds_of, fit
from irlcore.fitting.result import FitResult, FitWarning, Status
from irlcore.fitting.reward_limits import Limits, signed_limits
from irlcore.fitting.warnings import fit_warnings


@dataclass(frozen=True, slots=True)
class Direction:
    """weights: (K,) on scaled features, any size. rounds: programmes solved. settled: whether more rounds would bring nothing."""

    weights: np.ndarray
    rounds: int
    settled: bool


FindDirection = Callable[[Demonstrations, Limits, np.ndarray, Control], Direction]
"""Paths, limits, (K,) scaled weights within them to begin from, control -> direction."""


def fit_direction(name: str, title: str, find: FindDirection, problem: Problem, signs: Sequence[str] | None = None,
                  start: np.ndarray | None = None, control: Control | None = None, data_hash: str = "") -> FitResult:
    """The fit of the estimator ``name`` with the direction that ``find`` gives; signs and start as ``maximum_likelihood.fit``.

    Raises FitError where no weights within the signs explain anything, Cancelled on request.
    """
    begun = time.perf_counter()
    control = control or Control()
    _check(problem)
    lower, upper = bounds_of(signs or ["free"] * len(problem.names))
    try:
        demonstrations = demonstrations_of(problem)
        limits, first = _limits(demonstrations, lower, upper, start, control)
        found = find(demonstrations, limits, first, control)
    except (Infeasible, FitError) as error:
        raise FitError(f"{title} found no weights of {', '.join(problem.names)}. {error.what}", error.fix) from error
    theta = found.weights / demonstrations.scale
    if not (problem.phi @ theta).any():
        raise FitError(f"{title} left every weight at 0.", "Free some signs, or use maximum likelihood.")
    sized = _sized(title, problem, theta, control)
    return _result(name, title, problem, sized, theta * -sized.theta[0], found, limits, time.perf_counter() - begun, data_hash)


def _check(problem: Problem) -> None:
    """As maximum likelihood asks of a problem."""
    if not len(problem.names) or not len(problem.paths) or not np.isfinite(problem.phi).all():
        fit(problem)  # says what is wrong


def _limits(demonstrations: Demonstrations, lower: np.ndarray, upper: np.ndarray, start: np.ndarray | None,
            control: Control) -> tuple[Limits, np.ndarray]:
    """The limits, with the unit that a random choice at the first weights gives, and the first weights (K,) within them.

    Without a start every feature that may cost does.
    """
    limits = signed_limits(demonstrations.phi, demonstrations.gamma, lower, upper)
    wanted = np.where(limits.lower < 0.0, -1.0, 1.0) if start is None else start * demonstrations.scale
    first = limits.nearest(wanted)
    limits = replace(limits, unit=random_choice(demonstrations, first, control))
    return limits, limits.nearest(first)


def _sized(title: str, problem: Problem, theta: np.ndarray, control: Control) -> FitResult:
    """The fit of one weight <= 0 on the cost that theta (K,) tells, begun where a choice costs about 1."""
    cost = -(problem.phi @ theta)
    mean = float(np.abs(cost[problem.paths.choices]).mean())
    alone = replace(problem, phi=cost[:, None], names=("cost",))
    try:
        sized = fit(alone, ["negative"], np.array([-1.0 / mean]) if mean > 0.0 else None, control)
    except FitError as error:
        raise FitError(f"{title} found weights under which the tracks have no likelihood. {error.what}",
                       "Use maximum likelihood, or another model of how well they choose.") from error
    if sized.theta[0] == 0.0:
        raise FitError(f"Under the weights that {title} found, agents choose no better than at random.",
                       "Use maximum likelihood, free some signs, or name a feature that explains these tracks.")
    return sized


def _result(name: str, title: str, problem: Problem, sized: FitResult, theta: np.ndarray, found: Direction, limits: Limits,
            seconds: float, data_hash: str) -> FitResult:
    k = len(theta)
    unknown = np.full(k, np.nan)
    prepared = problem.model.prepare(problem.mdp, problem.phi @ theta, problem.gamma)
    evaluation = evaluate(problem.model, prepared, problem.phi, problem.paths, group_by_goal(problem.paths))
    inside = (theta > limits.lower) & (theta < limits.upper)
    warnings = (_size_warning(title), *_at_most(problem.names, found, limits),
                *fit_warnings(problem.phi, problem.names, problem.paths.choices, theta, inside, evaluation.information))
    return replace(sized, names=problem.names, theta=theta, se_robust=unknown, se_hessian=unknown, se_opg=unknown,
                   covariance=np.full((k, k), np.nan), scores=evaluation.scores,
                   status=Status.CONVERGED if found.settled else Status.OUT_OF_STEPS, iterations=found.rounds, seconds=seconds,
                   warnings=warnings, data_hash=data_hash, estimator=name)


def _size_warning(title: str) -> FitWarning:
    return FitWarning("", f"{title} finds only how the weights compare with each other; their common size, how sharply these agents "
                          "choose, is by maximum likelihood, and there are no intervals.",
                      "Fit by maximum likelihood too, and compare held-out log-likelihoods.")


def _at_most(names: tuple[str, ...], found: Direction, limits: Limits) -> list[FitWarning]:
    """A weight at the end of what is allowed is no estimate."""
    return [FitWarning(names[k], f"The weight of {names[k]} is as large as this estimator allows: it says no more than 'very much'.",
                       "Constrain its sign, or use maximum likelihood.")
            for k in np.flatnonzero(np.abs(found.weights) > 0.999 * limits.size)]

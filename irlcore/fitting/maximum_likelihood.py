"""Maximum likelihood: the weights under which what was seen is most probable, and how sure they are."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from irlcore.engine import Control
from irlcore.errors import FitError, Infeasible
from irlcore.fitting.likelihood import Evaluation
from irlcore.fitting.point import Objective, Optimum, Point, Watch
from irlcore.fitting.problem import Batch, Problem
from irlcore.fitting.result import FitResult, FitWarning, Status
from irlcore.fitting.trust_region import GAIN_TOLERANCE, maximise
from irlcore.fitting.uncertainty import curvature, uncertainty
from irlcore.fitting.walls import Walls
from irlcore.fitting.warnings import fit_warnings

KINKED = 1e-3  # nats
LOOK = 3.0  # standard errors
MANY_GOALS, ONE_IN = 64, 8  # with many goals the search begins on one goal in eight


def fit(problem: Problem, signs: Sequence[str] | None = None, start: np.ndarray | None = None,
        control: Control | None = None, data_hash: str = "", quick: bool = False) -> FitResult:
    """Weights of maximum likelihood with exact gradients, and their standard errors; the model's own parameters with them.

    signs: "free", "positive" or "negative" for each weight. start: (K,) weights, or (K + P,) with own parameters, to begin from.
    quick: the information stands in for the second derivative, which saves 2 (K + P) evaluations where only the weights matter.
    Raises FitError where no finite likelihood is found, Cancelled on request.
    """
    begun = time.perf_counter()
    control = control or Control()
    _check(problem)
    lower, upper = _all_bounds(problem, signs)
    everything = problem.groups()
    last: list[Infeasible] = []

    def full(point: np.ndarray, some: list[Batch] = everything) -> Evaluation | None:
        control.check()
        try:
            found = problem.evaluate(point, some, control)
        except Infeasible as error:
            last.append(error)
            return None
        lost = np.flatnonzero(~(np.isfinite(found.loglik) & np.isfinite(found.scores).all(axis=1)))
        if len(lost):
            last.append(Infeasible(f"Track {problem.paths.ids[lost[0]]} makes a choice that has no chance, {len(lost)} "
                                   f"of {len(problem.paths)} tracks do."))
        return None if len(lost) else found

    best_yet: list[tuple[Point, Evaluation]] = []

    def objective(theta: np.ndarray, some: list[Batch] = everything) -> Point | None:
        found = full(theta, some)
        if found is None:
            return None
        point = Point(theta, float(found.loglik.sum()), found.scores.sum(axis=0), found.information, found.exact)
        if some is everything and (not best_yet or point.value > best_yet[0][0].value):
            best_yet[:] = [(point, found)]
        return point

    # evaluations for the standard errors, each about as long as a step
    errors = 2 * len(lower) if problem.model.smooth and not quick else 0

    def watch(iteration: int, point: Point, gain: float) -> None:
        left = steps_left(gain)
        control.step(iteration, iteration + left + errors, f"step {iteration + 1}, log-likelihood {point.value:,.1f}")

    walls, units = Walls(cost_rows(problem), problem.limits), problem.units()
    enough = GAIN_TOLERANCE if problem.model.smooth else KINKED  # no step is that sure where the slope jumps

    def search(begin: Point, part: Objective, heard: Watch | None) -> Optimum:
        def climb(point: Point) -> Optimum:
            return maximise(part, point, lower, upper, heard, walls, enough, units)

        found = climb(begin)
        return found if problem.model.smooth or (quick and start is not None) else _beyond_kinks(part, climb, found, lower, upper)

    first = None
    if sum(len(batch.groups) for batch in everything) >= MANY_GOALS and start is None:
        some = [Batch(batch.phi, batch.groups[::ONE_IN]) for batch in everything]

        def sampled(theta: np.ndarray) -> Point | None:
            return objective(theta, some)

        rough = search(_first_point(problem, sampled, start, lower, upper, last), sampled, None)
        first = objective(rough.point.theta)
    if first is not None:  # a few standard errors from the maximum, and kinks have been looked beyond
        best = maximise(objective, first, lower, upper, watch, walls, enough, units)
    else:
        first = _first_point(problem, objective, start, lower, upper, last)
        best = search(first, objective, watch)
    evaluation = best_yet[0][1] if best_yet[0][0] is best.point else full(best.point.theta)
    assert evaluation is not None
    result = _result(problem, best, evaluation, objective, lower, upper, first, control, begun, data_hash, quick)
    return _without_errors(result, edge_warning(problem)) if best.status is Status.AT_EDGE else result


def cost_rows(problem: Problem) -> np.ndarray | None:
    """The rows (R, K + P) that a model whose every step must cost keeps below 0 at gamma = 1; None for others."""
    if not problem.model.costs_only or problem.gamma < 1.0:
        return None
    stacked = np.concatenate([problem.phi, *(part.phi for part in problem.recounts)])
    costs = np.unique(stacked[stacked.any(axis=1)], axis=0)
    return np.column_stack((costs, np.zeros((len(costs), len(problem.model.parameters)))))


def edge_warning(problem: Problem) -> FitWarning:
    """What holds weights at the edge of the model, and what to do about it."""
    if problem.model.costs_only:
        return FitWarning("", "Some step is liked as much as it costs: the weights are held by the rule that with gamma = 1 every step "
                              "must cost, and have no intervals.", "Use gamma below 1, or MaxEnt, or add a cost per step.")
    return FitWarning("", "Wandering is about to get too cheap: the weights are held by the rule that going round and round must cost, "
                          "not by the data, and have no intervals.",
                      "Add a feature that makes going round cost (turning back, a turn), use gamma below 1, or another model.")


def _without_errors(result: FitResult, warning: FitWarning) -> FitResult:
    """The fit with a warning and no standard errors: the score is not zero at a limit, so they would mean nothing."""
    unknown = np.full(len(result.theta), np.nan)
    return replace(result, se_robust=unknown, se_hessian=unknown, se_opg=unknown, covariance=np.full_like(result.covariance, np.nan),
                   own_se=np.full_like(result.own_se, np.nan),
                   warnings=(warning, *result.warnings))


def bounds_of(signs: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound (K,) of each weight. FitError for a sign that is none of free, positive, negative."""
    unknown = next((s for s in signs if s not in ("free", "positive", "negative")), None)
    if unknown is not None:
        raise FitError(f"{unknown!r} is not a sign of a weight.", "Choose free, positive or negative.")
    lower = np.array([0.0 if s == "positive" else -np.inf for s in signs])
    upper = np.array([0.0 if s == "negative" else np.inf for s in signs])
    return lower, upper


def _all_bounds(problem: Problem, signs: Sequence[str] | None) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound (K + P,) of the weights and of the model's own parameters."""
    lower, upper = bounds_of(signs or ["free"] * len(problem.names))
    own = problem.model.parameters
    return np.append(lower, [p.lower for p in own]), np.append(upper, [p.upper for p in own])


def _check(problem: Problem) -> None:
    if not len(problem.names):
        raise FitError("There is no feature to fit.", "Switch on at least one feature.")
    if not len(problem.paths):
        raise FitError("There is no track to fit to.", "Choose a class of agents that has tracks.")
    bad = np.flatnonzero(~np.isfinite(problem.phi).all(axis=0))
    if len(bad):
        raise FitError(f"Feature {problem.names[bad[0]]!r} has values that are not finite numbers.",
                       "Mend the attribute it is made from, or switch it off.")


def _first_point(problem: Problem, objective: Objective, start: np.ndarray | None, lower: np.ndarray,
                 upper: np.ndarray, last: list[Infeasible]) -> Point:
    """A point with a finite likelihood: the one given, else every cost-like feature charged more and more.

    A feature is cost-like where it is never negative and not bound to be >= 0; charging all of them
    makes every step cost, which is what gamma = 1 needs.
    """
    k, own = len(problem.names), problem.model.own_start(None)
    if start is not None:
        found = objective(np.clip(np.append(start, own) if len(start) == k else start, lower, upper))
        if found is not None:
            return found
    cost_like = (problem.phi.min(axis=0) >= 0.0) & (upper[:k] >= 0.0) & (lower[:k] < 0.0) | (upper[:k] == 0.0)
    mean = np.array([column[column > 0].mean() if (column > 0).any() else 1.0 for column in problem.phi.T])
    for charge in (0.0, 1.0, 2.0, 4.0, 8.0, 16.0) if problem.gamma < 1.0 else (1.0, 2.0, 4.0, 8.0, 16.0):
        theta = np.where(cost_like, -charge / mean, 0.0)
        found = objective(np.clip(np.append(theta, own), lower, upper))
        if found is not None:
            return found
    raise FitError(f"No weights of {', '.join(problem.names)} with a finite likelihood were found. {last[-1].what}",
                   "Add a feature that makes every step cost (length, or a constant per step), check the sign "
                   "constraints, use gamma below 1, or a world without slip.")


def _result(problem: Problem, best: Optimum, evaluation: Evaluation, objective: Objective, lower: np.ndarray,
            upper: np.ndarray, first: Point, control: Control, begun: float, data_hash: str, quick: bool) -> FitResult:
    point, k, names = best.point.theta, len(problem.names), problem.names
    inside = (point > lower) & (point < upper)
    # differences of a gradient that jumps at kinks depend on where they straddle one, so there the expected information stands in
    hessian = curvature(objective, best, inside, control) if problem.model.smooth and not quick else best.point.information
    errors = uncertainty(hessian, evaluation.scores, inside)
    warnings = fit_warnings(problem.phi, names, problem.paths.choices, point[:k], inside[:k], hessian[:k, :k])
    return FitResult(names, point[:k], errors.robust[:k], errors.hessian[:k], errors.opg[:k], errors.covariance[:k, :k],
                     evaluation.scores, float(evaluation.loglik.sum()), first.value, evaluation.loglik, float("nan"),
                     problem.model.name, problem.gamma, best.status, best.iterations, best.evaluations,
                     time.perf_counter() - begun, warnings, datetime.now(UTC).isoformat(timespec="seconds"), data_hash,
                     tuple(p.name for p in problem.model.parameters), point[k:], errors.robust[k:])


def _beyond_kinks(objective: Objective, climb: Callable[[Point], Optimum], best: Optimum, lower: np.ndarray,
                  upper: np.ndarray) -> Optimum:
    """A maximum may be one of its smooth piece alone: look ``LOOK`` standard errors along every weight, and climb again from
    the best point found there, as long as that is better (at most three times)."""
    for _ in range(3):
        theta = best.point.theta
        width = LOOK / best.point.scale
        trials = [np.clip(theta + side * step, lower, upper) for step in np.diag(width) for side in (-1.0, 1.0)]
        found = [point for trial in trials if (point := objective(trial)) is not None]
        evaluations = best.evaluations + len(trials)
        better = max(found, key=lambda point: point.value, default=best.point)
        if better.value <= best.point.value + KINKED:
            return replace(best, evaluations=evaluations)
        again = climb(better)
        best = replace(again, iterations=best.iterations + again.iterations, evaluations=evaluations + again.evaluations)
    return best


def steps_left(gain: float) -> int:
    """About how many trust-region steps are left when ``gain`` nats can still be had: it falls some tenfold a step."""
    return int(np.clip(np.ceil(np.log10(max(gain, GAIN_TOLERANCE) / GAIN_TOLERANCE)), 1, 12))

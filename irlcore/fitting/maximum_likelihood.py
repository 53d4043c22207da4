"""Maximum likelihood: the weights under which what was seen is most probable, and how sure they are."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from irlcore.engine import Control
from irlcore.errors import FitError
from irlcore.fitting.dead_ends import need_ways_on
from irlcore.fitting.likelihood import Evaluation
from irlcore.fitting.point import Objective, Optimum, Point
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult, FitWarning, Status
from irlcore.fitting.search import Search
from irlcore.fitting.trust_region import GAIN_TOLERANCE
from irlcore.fitting.uncertainty import how_sure
from irlcore.fitting.warnings import fit_warnings, limit_warnings
from irlcore.fitting.ways import Ways, compare_ways, need_a_choice
from irlcore.worlds.goal_prior import unfinished
from irlcore.worlds.limits import check_numbers

NEARLY = 0.98  # of the most that is looked at
TOUCHING = 1e-6  # of an own parameter's lower end: less noise than that is none


def fit(problem: Problem, signs: Sequence[str] | None = None, start: np.ndarray | None = None,
        control: Control | None = None, data_hash: str = "", quick: bool = False) -> FitResult:
    """Weights of maximum likelihood with exact gradients, and their standard errors; the model's own parameters with them.

    signs: "free", "positive" or "negative" for each weight. start: (K,) weights, or (K + P,) with own parameters, to begin from.
    quick: the information stands in for the second derivative, which saves 2 (K + P) evaluations where only the weights matter.
    Raises FitError where no finite likelihood is found, Cancelled on request.
    """
    begun = time.perf_counter()
    control = control or Control()
    check_problem(problem)
    lower, upper = all_bounds(problem, signs)
    ways = compare_ways(problem, control)
    need_a_choice(problem, ways)
    # evaluations for the standard errors, each about as long as a step
    errors = 2 * len(lower) if problem.model.smooth and not quick else 0

    def watch(iteration: int, point: Point, gain: float) -> None:
        left = steps_left(gain)
        control.step(iteration, iteration + left + errors, f"step {iteration + 1}, log-likelihood {point.value:,.1f}")

    search = Search(problem, lower, upper, control, watch, ways)
    best, first = search.run(start, quick)
    result = _result(problem, best, search.evaluation(best.point), search.value, ways, lower, upper, first, control, begun, data_hash,
                     quick)
    result = replace(result, warnings=(*own_warnings(problem, best.point.theta, upper), *result.warnings))
    return without_errors(result, edge_warning(problem)) if best.status is Status.AT_EDGE else result


def edge_warning(problem: Problem) -> FitWarning:
    """What holds weights at the edge of the model, and what to do about it."""
    if problem.model.costs_only:
        return FitWarning("", "By these tracks some step would be liked more than it costs, which this model cannot allow: the weights are "
                              "as far as it lets them go, and say less than they seem to.",
                          "Use gamma below 1, or MaxEnt, or add a cost per step.",
                          f"{Status.AT_EDGE.value} It is the rule that with gamma = 1 every step must cost; the weights have no intervals.")
    return FitWarning("", "By these tracks wandering about would cost next to nothing, which this model cannot allow: the weights are as "
                          "far as it lets them go, and say less than they seem to.",
                      "Add a feature that makes going round cost (turning back, a turn), use gamma below 1, or another model.",
                      f"{Status.AT_EDGE.value} Wandering is about to get too cheap: it is the rule that going round and round must cost; "
                      "the weights have no intervals.")


def own_warnings(problem: Problem, point: np.ndarray, upper: np.ndarray) -> list[FitWarning]:
    """A warning for each of the model's own parameters that ended at the upper end of what is looked at."""
    own = list(enumerate(problem.model.parameters, len(problem.names)))
    return [FitWarning("", f"These tracks do not tell how large {parameter.title[:1].lower()}{parameter.title[1:]} is, nor how large the "
                           "weights are beside it. How they compare with each other still holds.",
                       "Use more tracks, or a model without it (Boltzmann).",
                       f"{parameter.title} ended at {upper[i]:g}, the most that is looked at.")
            for i, parameter in own if np.isfinite(upper[i]) and point[i] >= NEARLY * upper[i]]


def without_errors(result: FitResult, warning: FitWarning) -> FitResult:
    """The fit with a warning and no standard errors, where they would mean nothing: at a limit the score is not zero."""
    unknown = np.full(len(result.theta), np.nan)
    return replace(result, se_robust=unknown, se_hessian=unknown, se_opg=unknown, covariance=np.full_like(result.covariance, np.nan),
                   hessian_covariance=np.full_like(result.covariance, np.nan), own_se=np.full_like(result.own_se, np.nan),
                   own_se_hessian=np.full_like(result.own_se, np.nan), warnings=(warning, *result.warnings))


def bounds_of(signs: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound (K,) of each weight. FitError for a sign that is none of free, positive, negative."""
    unknown = next((s for s in signs if s not in ("free", "positive", "negative")), None)
    if unknown is not None:
        raise FitError(f"{unknown!r} is not a sign of a weight.", "Choose free, positive or negative.")
    lower = np.array([0.0 if s == "positive" else -np.inf for s in signs])
    upper = np.array([0.0 if s == "negative" else np.inf for s in signs])
    return lower, upper


def all_bounds(problem: Problem, signs: Sequence[str] | None) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound (K + P,) of the weights and of the model's own parameters."""
    lower, upper = bounds_of(signs or ["free"] * len(problem.names))
    own = problem.model.parameters
    return np.append(lower, [p.lower for p in own]), np.append(upper, [p.upper for p in own])


def check_problem(problem: Problem) -> None:
    """FitError where there is nothing to fit, or nothing to fit it to."""
    check_numbers("named features", problem.phi, (problem.mdp.n_choices, len(problem.names)))
    if not len(problem.names):
        raise FitError("There is no feature to fit.", "Switch on at least one feature.")
    if not len(problem.paths):
        raise FitError("There is no track to fit to.", "Choose a class of agents that has tracks.")
    bad = np.flatnonzero(~np.isfinite(problem.phi).all(axis=0))
    if len(bad):
        raise FitError(f"Feature {problem.names[bad[0]]!r} has values that are not finite numbers.",
                       "Mend the attribute it is made from, or switch it off.")
    batches = problem.groups() if unfinished(problem.paths).any() else []
    lost = [g.index for batch in batches for g in batch.groups if g.log_prior is not None and not len(g.goal_states)]
    if lost:
        raise FitError(f"Track {problem.paths.ids[lost[0][0]]} was cut off after it had passed every goal that it may have had, or where "
                       f"none can be reached; {sum(map(len, lost))} of {len(problem.paths)} tracks were.",
                       "Name the stops where such tracks may have been going, take their ends for their goals, or let the class have no "
                       "destination.")
    need_ways_on(problem)


def _result(problem: Problem, best: Optimum, evaluation: Evaluation, objective: Objective, ways: Ways, lower: np.ndarray,
            upper: np.ndarray, first: Point, control: Control, begun: float, data_hash: str, quick: bool) -> FitResult:
    point, k, names = best.point.theta, len(problem.names), problem.names
    inside = (point > lower) & (point < upper)
    inside[k:] &= point[k:] > lower[k:] + TOUCHING
    sure = how_sure(problem, best, evaluation, objective, (lower, upper), ways, control, quick)
    warnings = (*limit_warnings(problem.phi, names, problem.paths.choices, point[:k], sure, ways),
                *fit_warnings(problem.phi, names, problem.paths.choices, inside[:k], evaluation.information[:k, :k],
                              sure.limits.none[:k]))
    return FitResult(names, point[:k], sure.robust[:k], sure.hessian[:k], sure.opg[:k], sure.covariance[:k, :k],
                     evaluation.scores, float(evaluation.loglik.sum()), first.value, evaluation.loglik, float("nan"),
                     problem.model.name, problem.gamma, best.status, best.iterations, best.evaluations,
                     time.perf_counter() - begun, warnings, datetime.now(UTC).isoformat(timespec="seconds"), data_hash,
                     tuple(p.name for p in problem.model.parameters), point[k:], sure.robust[k:], freedom=sure.freedom,
                     hessian_covariance=sure.hessian_covariance[:k, :k], own_se_hessian=sure.hessian[k:], curvature=sure.curvature,
                     agents=0 if problem.clusters is None else sure.agents)


def steps_left(gain: float) -> int:
    """About how many trust-region steps are left when ``gain`` nats can still be had: it falls some tenfold a step."""
    return int(np.clip(np.ceil(np.log10(max(gain, GAIN_TOLERANCE) / GAIN_TOLERANCE)), 1, 12))

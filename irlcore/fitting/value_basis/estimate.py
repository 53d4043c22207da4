"""The estimator: weights by conditional logits on features to go, planned anew with what was found, and how sure they are."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from irlcore.engine import Control
from irlcore.errors import FitError
from irlcore.fitting.demonstrations import with_known_goals
from irlcore.fitting.maximum_likelihood import TOUCHING, all_bounds, check_problem, edge_warning, own_warnings, without_errors
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult, FitWarning, Status
from irlcore.fitting.settings import complete, knows_next
from irlcore.fitting.small_samples import MANY, agents_of
from irlcore.fitting.trust_region import GAIN_TOLERANCE
from irlcore.fitting.uncertainty import EXACT, EXPECTED, Uncertainty, uncertainty
from irlcore.fitting.value_basis.design import Design
from irlcore.fitting.value_basis.likelihood import Found, Term, by_path, evaluate_rows
from irlcore.fitting.value_basis.limits import first_of, rows_limits
from irlcore.fitting.value_basis.rounds import Planned, Round, Rounds
from irlcore.fitting.value_basis.settings import SETTINGS
from irlcore.fitting.warnings import fit_warnings, limit_warnings
from irlcore.worlds.goal_prior import with_the_one_goal

NAME = "value_basis"
UNSETTLED = 0.5  # nats: weights that are farther than a standard error from where plans would settle


def fit_value_basis(problem: Problem, signs: Sequence[str] | None = None, start: np.ndarray | None = None,
                    control: Control | None = None, data_hash: str = "", *, lam: float = 0.0, l2: float = 0.0,
                    replannings: int = 1) -> FitResult:
    """Weights of greatest likelihood of the choices given the value of what follows them along a plan that is made beforehand, once, and
    ``replannings`` times anew with the weights found.

    signs, data_hash: as of ``maximum_likelihood.fit``. start: (K,) weights, or (K + P,) with own parameters, to plan by at first; costs
    alone by default. lam: of the temporal-difference term, l2: of the size of the weights (``likelihood``), within the ranges of
    ``settings``. The log-likelihood told is that of the problem's model at the weights found. Raises FitError where the model or the world
    does not allow it, Cancelled on request.
    """
    begun = time.perf_counter()
    control = control or Control()
    check_problem(problem)
    check_terms(problem, lam, l2, replannings)
    known = with_known_goals(replace(problem, paths=with_the_one_goal(problem.paths, problem.mdp)))
    lower, upper = all_bounds(problem, signs)
    lower[len(problem.names):] += np.where(np.isfinite(lower[len(problem.names):]), TOUCHING, 0.0)  # without noise it has no slope
    rounds = Rounds(known, lower, upper, Term(lam, l2, problem.gamma), control)
    planned = first = rounds.first(start)
    iterations, most = 0, replannings if problem.model.plans else 0
    for turn in range(most + 1):
        control.step(turn, most + 2, f"plan {turn + 1} of {most + 1}")
        done = rounds.fit(planned)
        iterations += done.best.iterations
        planned, done = rounds.onward(done)
        if rounds.gain(planned) < GAIN_TOLERANCE:
            break
    result = _result(problem, known, rounds, done, planned, first, iterations, data_hash)
    asked = {"replannings": replannings, "lam": lam, "l2": l2}
    told = complete([one for one in SETTINGS if one.applies(problem.model, problem.mdp)], asked)
    return replace(result, seconds=time.perf_counter() - begun, settings=told)


def check_terms(problem: Problem, lam: float, l2: float, replannings: int = 0) -> None:
    """FitError where a problem cannot be fitted so, which says what can be done instead."""
    complete(SETTINGS, {"replannings": replannings, "lam": lam, "l2": l2})
    if getattr(problem.model, "persistent", False):
        raise FitError("A value basis takes each step for a choice of its own, and these agents keep one error for a whole trip, which "
                       "ties its steps together.",
                       "Choose the model whose agents err anew at each step, or fit by maximum likelihood.")
    if lam > 0.0 and not problem.model.softmax:
        raise FitError("The temporal-difference term needs the value of each choice, and agents who err beside single slips choose by an "
                       "average over their errors.", "Set lam to 0, or choose Boltzmann or MaxEnt.")
    if lam > 0.0 and not knows_next(problem.mdp):
        raise FitError("The temporal-difference term needs to know what follows each choice, and here chance or parallel ways hide it.",
                       "Set lam to 0, or use a world without slip.")


def _result(problem: Problem, known: Problem, rounds: Rounds, done: Round, planned: Planned, first: Planned, iterations: int,
            data_hash: str) -> FitResult:
    names, theta, design, k = problem.names, planned.weights, done.planned.design, len(problem.names)
    at = evaluate_rows(design, theta, rounds.term)
    inside = (theta > rounds.lower) & (theta < rounds.upper)
    sure = how_sure(known, design, at, done, inside, rounds)
    loglik, scores = by_path(planned.design, planned.own.nats), by_path(design, at.slopes)
    left_out = len(problem.paths) - len(known.paths)
    if left_out:  # their goals are not known, so the model alone can judge them
        judged = problem.evaluate(theta, problem.groups(), rounds.control)
        loglik, scores = judged.loglik, judged.scores
    chosen = known.paths.choices
    warnings = (*own_warnings(problem, theta, rounds.upper), *_cut_off(left_out, len(problem.paths)),
                *limit_warnings(problem.phi, names, chosen, theta[:k], sure, first_of(done.planned.ways, k)),
                *fit_warnings(problem.phi, names, chosen, inside[:k], at.information[:k, :k], sure.limits.none[:k]))
    gain = 0.0 if done.moved or rounds.term.holds else rounds.gain(planned)
    if gain > UNSETTLED:
        warnings = (_unsettled(gain), *warnings)
    result = FitResult(names, theta[:k], sure.robust[:k], sure.hessian[:k], sure.opg[:k], sure.covariance[:k, :k], scores,
                       float(loglik.sum()), first.own.value, loglik, float("nan"), problem.model.name, problem.gamma,
                       Status.AT_EDGE if done.moved else done.best.status, iterations, rounds.evaluations, 0.0, warnings,
                       datetime.now(UTC).isoformat(timespec="seconds"), data_hash,
                       tuple(p.name for p in problem.model.parameters), theta[k:], sure.robust[k:], estimator=NAME, freedom=sure.freedom,
                       hessian_covariance=sure.hessian_covariance[:k, :k], own_se_hessian=sure.hessian[k:], curvature=sure.curvature,
                       agents=0 if problem.clusters is None else sure.agents)
    return without_errors(result, edge_warning(problem)) if done.moved else result


def how_sure(problem: Problem, design: Design, at: Found, done: Round, inside: np.ndarray, rounds: Rounds) -> Uncertainty:
    """The errors of the weights that are ``inside`` (K,) bool their bounds, the plan taken as given."""
    limits = rows_limits(design, done.planned.ways, at.information, inside, rounds.lower, rounds.upper, rounds.term.holds)
    agent, count = agents_of(problem)
    agents = None
    if count <= MANY and at.exact:
        agents = np.array([evaluate_rows(design.only(agent == g), done.best.point.theta, rounds.term).curvature for g in range(count)])
    return uncertainty(at.information, by_path(design, at.slopes), inside, limits, EXACT if at.exact else EXPECTED, agent, agents)


def _cut_off(left_out: int, of: int) -> list[FitWarning]:
    """Tracks whose goal nobody knows have no say in the weights."""
    if not left_out:
        return []
    return [FitWarning("", f"{left_out:,} of {of:,} tracks were cut off before they arrived: "
                           "this way of finding weights has left them out.",
                       "Use maximum likelihood, which looks at all goals that a track may have had.",
                       "They count for the log-likelihood alone.")]


def _unsettled(gain: float) -> FitWarning:
    return FitWarning("", "The weights found call for other plans than those that they were found with, so they, and their intervals, may "
                          "still be off.", "Fit by maximum likelihood from here, or with more replannings.",
                      f"The log-likelihood of the model would rise by about {gain:.2g} nats from these weights: with every replanning they "
                      "come nearer to its maximum.")

"""Plan, fit, plan again: conditional logits under plans that are made anew with the weights found (nested pseudo-likelihood).

A plan is made before the fit and not inside it. With weights far from those that it was made with, the fit may lead to weights that have no
plan, or explain less: then it goes back towards where it came from, along which the likelihood rises at first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irlcore.engine import Control
from irlcore.errors import FitError, Infeasible
from irlcore.fitting.point import Optimum, Point
from irlcore.fitting.problem import Problem
from irlcore.fitting.separation import hold
from irlcore.fitting.starts import charged
from irlcore.fitting.steps import quadratic_gain
from irlcore.fitting.trust_region import GAIN_TOLERANCE, free_weights, maximise
from irlcore.fitting.value_basis.decisions import Decisions, decisions_of
from irlcore.fitting.value_basis.design import Design, design_of
from irlcore.fitting.value_basis.likelihood import Found, Term, evaluate_rows
from irlcore.fitting.value_basis.limits import ways_of
from irlcore.fitting.ways import Ways, need_a_choice
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.guided.guided import plan_of

HALVINGS = 12  # back to where the plan came from
CONTINUED = (0.01, 0.1, 1.0)  # of lam, which makes the objective bend upwards where r > 0: from the maximum of likelihood on


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and what it says of the weights that it was made with: design, weights (K + P,), the model's own likelihood and slope there.
    ways: what its rows tell apart."""

    design: Design
    weights: np.ndarray
    own: Found
    ways: Ways


@dataclass(frozen=True, slots=True)
class Round:
    """One plan and the fit under it. moved: whether the weights found had no plan of their own, so that nearer ones were taken."""

    planned: Planned
    best: Optimum
    moved: bool = False


class Rounds:
    """A problem whose paths all have a known goal, the bounds (K + P,) of its weights and of the model's own parameters, and the term
    beside the likelihood."""

    def __init__(self, problem: Problem, lower: np.ndarray, upper: np.ndarray, term: Term, control: Control,
                 decisions: Decisions | None = None) -> None:
        self.problem, self.lower, self.upper, self.term, self.control = problem, lower, upper, term, control
        self.units, self.evaluations, self._why = problem.units(), 0, ""
        self.decisions = decisions_of(problem) if decisions is None else decisions
        self._rows: Design | None = None

    def first(self, start: np.ndarray | None) -> Planned:
        """The plan to begin with: of the weights (K,), or (K + P,), given, or of costs alone. Raises FitError where there is none."""
        problem, plan = self.problem, plan_of(self.problem.model)
        if not plan.plans:
            return self._planned(np.zeros(len(self.lower)))
        found: list[Planned] = []

        def tried(theta: np.ndarray) -> Point | None:
            planned = self.plan(theta)
            if planned is None:
                return None
            found.append(planned)
            return Point(theta, planned.own.value, planned.own.gradient, planned.own.curvature)

        if start is None and not isinstance(plan, Boltzmann):
            start = self._of_best_ways()
        if start is not None:
            whole = start if len(start) == len(self.lower) else np.append(start[:len(problem.names)], problem.model.own_start(None))
            if tried(np.clip(whole, self.lower, self.upper)) is not None:
                return found[-1]
        if charged(problem, tried, self.lower, self.upper) is None:
            raise FitError(f"No weights of {', '.join(problem.names)} with a finite likelihood were found. {self._why}",
                           "Add a feature that makes every step cost (length, or a constant per step), check the sign constraints, use "
                           "gamma below 1, or a world without slip.")
        return found[-1]

    def _of_best_ways(self) -> np.ndarray | None:
        """(K,) weights found under a plan of best ways: where plans are soft, or costs misjudged, it matters to them how much everything
        costs, and costs alone do not tell."""
        k = len(self.problem.names)
        hard = Rounds(replace(self.problem, model=Boltzmann()), self.lower[:k], self.upper[:k], Term(), self.control, self.decisions)
        try:
            return hard.fit(hard.first(None)).best.point.theta
        except FitError:
            return None

    def plan(self, weights: np.ndarray) -> Planned | None:
        """The plan of weights (K,); None where they have none, or a path has no chance under it."""
        try:
            planned = self._planned(weights)
        except Infeasible as error:
            self._why = error.what
            return None
        lost = np.flatnonzero(~np.isfinite(planned.own.nats))
        if len(lost):
            own = np.unique(planned.design.owner[lost])
            self._why = (f"Track {self.problem.paths.ids[own[0]]} makes a choice that has no chance, {len(own)} of "
                         f"{len(self.problem.paths)} tracks do.")
            return None
        return planned

    def _planned(self, weights: np.ndarray) -> Planned:
        self.control.check()
        if self.problem.model.plans or self._rows is None:  # what plans nothing has the same rows under any weights
            self.evaluations += 1
            self._rows = design_of(self.problem, self.decisions, weights, self.control, "planning")
        design = self._rows
        return Planned(design, weights, evaluate_rows(design, weights, Term()), ways_of(design))

    def fit(self, planned: Planned) -> Round:
        """The weights of the conditional logit under one plan."""
        design, ways = planned.design, planned.ways
        need_a_choice(self.problem, ways)
        term, best = self.term, None
        for share in CONTINUED if term.lam > 0.0 else (1.0,):
            best = self._climb(design, ways, planned.weights if best is None else best.point.theta,
                               Term(share * term.lam, term.l2, term.gamma))
        assert best is not None
        return Round(planned, best)

    def _climb(self, design: Design, ways: Ways, start: np.ndarray, term: Term) -> Optimum:
        def objective(theta: np.ndarray) -> Point | None:
            self.control.check()
            found = evaluate_rows(design, theta, term)
            if not np.isfinite(found.value) or not np.isfinite(found.gradient).all():
                return None
            point = Point(theta, found.value, found.gradient, found.information, found.exact and term.lam == 0.0)
            return point if term.holds else hold(ways, point)

        first = objective(np.clip(start, self.lower, self.upper))
        assert first is not None  # the rows have a finite likelihood under any finite weights
        return maximise(objective, first, self.lower, self.upper, units=self.units)

    def onward(self, done: Round) -> tuple[Planned, Round]:
        """The plan of the weights that a round found, and the round; with weights nearer to where its plan came from where those have no
        plan or explain less."""
        begin, end = done.planned.weights, done.best.point.theta
        before, found = done.planned.own.value, self.plan(end)
        share, moved = 1.0, found is None
        for _ in range(HALVINGS):
            if found is not None and (self.term.holds or found.own.value >= before - GAIN_TOLERANCE):
                break
            share *= 0.5
            found = self.plan(begin + share * (end - begin))
        if found is None:
            found = done.planned
        return found, Round(done.planned, done.best, moved)

    def gain(self, planned: Planned) -> float:
        """Nats that the model's likelihood may still rise by, to second order, from the weights of a plan."""
        own = planned.own
        point = hold(planned.ways, Point(planned.weights, own.value, own.gradient, own.information))
        free = free_weights(point, self.lower, self.upper)
        return quadratic_gain(point.gradient[free], point.information[np.ix_(free, free)], point.scale[free])

"""Steps of a search that ask for the slope of a likelihood alone, with the information of where they began.

Where many trips go to many goals, an information moves little on the way from the maximum of a sample to that of all, and the slope alone
costs a third of both (``rationality.noise.slope``). All derivatives are found where such steps begin and where they end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from irlcore.engine import Control
from irlcore.errors import Infeasible
from irlcore.fitting.point import Objective, Optimum, Point
from irlcore.fitting.problem import Batch, Problem
from irlcore.fitting.separation import hold
from irlcore.fitting.steps import quadratic_gain
from irlcore.fitting.trust_region import free_weights
from irlcore.fitting.ways import Ways

NEAR = 5.0  # times what a simpler model may still gain: a fit that is better by more does not end below that model's
AGAIN = 20.0  # times what is enough: what the information at the end promises, for which it is worth going on


def can_be_lean(problem: Problem, groups: list[Batch]) -> bool:
    """Whether the slope alone costs a fraction of all derivatives."""
    return problem.model.has_slope(problem.mdp, problem.gamma) and all(g.log_prior is None for batch in groups for g in batch.groups)


def slope_near(problem: Problem, groups: list[Batch], ways: Ways | None, control: Control, point: Point, whole: Objective) -> Objective:
    """The likelihood of the trips in ``groups`` with its slope, and the information that was found at ``point``. whole: the same with all
    derivatives, asked where there is no finite value, since it says why."""
    def value(theta: np.ndarray) -> Point | None:
        control.check()
        try:
            found, gradient = problem.slope(theta, groups, control)
        except Infeasible:
            return whole(theta)
        if not (np.isfinite(found) and np.isfinite(gradient).all()):
            return whole(theta)
        here = Point(theta, found, gradient, point.information)
        return here if ways is None else hold(ways, here)

    return value


def lean_climb(whole: Objective, climb: Callable[[Point], Optimum], point: Point, lower: np.ndarray, upper: np.ndarray,
               enough: float) -> Optimum:
    """Where climbs by slopes end that begin at a point with all its derivatives, and at the ends of each other, until the information there
    promises no more than ``AGAIN`` times ``enough``: a point with all its derivatives."""
    best = climb(point)
    while best.point is not point and (found := whole(best.point.theta)) is not None:
        best, free = replace(best, point=found, evaluations=best.evaluations + 1), free_weights(found, lower, upper)
        if quadratic_gain(found.gradient[free], found.information[np.ix_(free, free)], found.scale[free]) < AGAIN * enough:
            return best
        point, more = found, climb(found)
        best = replace(more, iterations=best.iterations + more.iterations, evaluations=best.evaluations + more.evaluations - 1)
    return best


def highest(about: Point) -> float:
    """What a model's likelihood is taken not to rise above, by its slope and information at a point about its best fit."""
    return about.value + NEAR * quadratic_gain(about.gradient, about.information, about.scale)

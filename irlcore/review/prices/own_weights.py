"""One agent's own weights: the most probable ones with its class as prior, and what its tracks alone say of one weight.

The prior is N(theta, P) of ``spread``: the most probable weights (MAP) change as little from the class's as explains the tracks. That pulls
every weight towards the class, also the one that truly differs. So a weight that is told is left free, without a prior, and the others
keep theirs; its interval holds the values at which the likelihood, the others at their most probable, is within chi^2_1 of the best
(profile likelihood; Cox 1970; ends without a limit where tracks set none). That covers whatever the agent's weight is, as long as the
others are within what is usual in the class.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.stats import chi2

from irlcore.engine import Control
from irlcore.errors import Infeasible
from irlcore.fitting.point import Objective, Point
from irlcore.fitting.problem import Batch, Problem
from irlcore.fitting.trust_region import maximise
from irlcore.fitting.walls import Walls
from irlcore.review.prices.spread import ClassPrices

FARTHEST = 30.0
"""Units from the class's weight beyond which an end of an interval is no longer looked for: no limit."""
FLAT = 1e-9  # curvature, in units and of the largest, that rounding alone may leave
NEAR = 0.02  # of the deviance, how well an end is found
ENOUGH, KINKED = 1e-4, 2e-2  # nats still to be had, where a search may end; where the likelihood has kinks
MOST, MOST_KINKED = 40, 8  # steps of a search; kinks let the last of them bring next to nothing
STEPS = 24  # of the search for one end
EVALUATIONS, EVALUATIONS_KINKED = 600, 100  # of the likelihood for one interval; an end that is not found by then is told too far out


@dataclass(frozen=True, slots=True)
class Interval:
    """Of one weight: its most probable value, and the ends (2,) of its interval. edge: (2,) bool, where an end is no more than the edge of
    what the model allows (steps must cost): beyond it nothing can be told."""

    best: float
    ends: np.ndarray
    edge: np.ndarray


class _Spent(Exception):
    """The evaluations that one interval may take are made."""


class _EnoughSteps(Exception):
    """A search has made as many steps as it may."""

    def __init__(self, point: Point) -> None:
        super().__init__()
        self.point = point


@dataclass(frozen=True, slots=True, eq=False)
class OneAgent:
    """An agent's trips with the class as prior: what is asked for its weights. left: evaluations, where they are counted."""

    problem: Problem
    prices: ClassPrices
    groups: list[Batch]
    control: Control
    left: list[int] = field(default_factory=list, repr=False)

    def most_probable(self, free: np.ndarray, start: np.ndarray | None = None, fixed: tuple[int, float] | None = None) -> Point | None:
        """Where the posterior is highest, theta (K + P,); free: (K,) bool, weights without a prior. start: (K,). fixed: a weight that is
        held, and at what. None where the tracks have no chance under what is fixed."""
        prices, own, smooth = self.prices, self.prices.own, self.problem.model.smooth
        # the signs that the class's weights were given are no law for one agent's: who likes what all others avoid is to be told as such
        lower, upper = np.append(np.where(free, -np.inf, prices.lower), own), np.append(np.where(free, np.inf, prices.upper), own)
        begin = np.append(prices.theta if start is None else start, own)
        if fixed is not None:
            lower[fixed[0]] = upper[fixed[0]] = begin[fixed[0]] = fixed[1]
        objective = self._posterior(free)
        first = objective(begin)
        if first is None:
            return None
        walls = Walls(self.problem.cost_rows(), self.problem.limits)
        units = np.append(prices.units, np.ones(len(own)))
        most = MOST if smooth else MOST_KINKED

        def watch(iteration: int, point: Point, gain: float) -> None:
            if iteration >= most:
                raise _EnoughSteps(point)

        try:
            return maximise(objective, first, lower, upper, watch, walls, ENOUGH if smooth else KINKED, units).point
        except _EnoughSteps as stopped:
            return stopped.point

    def _posterior(self, free: np.ndarray) -> Objective:
        prices, k = self.prices, len(self.prices.theta)
        held = np.flatnonzero(~free)
        precision = np.zeros((k, k))
        if len(held):
            precision[np.ix_(held, held)] = np.linalg.inv(prices.prior[np.ix_(held, held)])

        def objective(point: np.ndarray) -> Point | None:
            self.control.check()
            if self.left:
                self.left[0] -= 1
                if self.left[0] < 0:
                    raise _Spent
            try:
                found = self.problem.evaluate(point, self.groups, self.control)
            except Infeasible:
                return None
            if not (np.isfinite(found.loglik).all() and np.isfinite(found.scores).all()):
                return None
            away = point[:k] - prices.theta
            pull, gradient = precision @ away, found.scores.sum(axis=0)
            gradient[:k] -= pull
            information = found.information.copy()
            information[:k, :k] += precision
            return Point(point, float(found.loglik.sum() - 0.5 * away @ pull), gradient, information, found.exact)

        return objective

    def error(self, k: int, best: Point) -> float:
        """About how far weight k, most probable at ``best``, may lie from there: by the curvature there; infinite where nothing tells."""
        n = len(self.prices.theta)
        values, vectors = np.linalg.eigh(best.information[:n, :n] * np.outer(self.prices.units, self.prices.units))
        if values[0] <= FLAT * max(values[-1], 1.0):
            return np.inf
        return float(self.prices.units[k] * np.sqrt((vectors[k] ** 2 / values).sum()))

    def interval(self, k: int, free: np.ndarray, best: Point, level: float = 0.95) -> Interval:
        """Of weight k, which is among the ``free``; best: where all that is free is at its most probable."""
        prices, n = self.prices, len(self.prices.theta)
        top, at, information = best.value, float(best.theta[k]), float(best.information[k, k])
        usual = 2.0 / np.sqrt(information) if information > 0.0 else np.inf
        step = min(max(usual, 0.1 * prices.units[k]), FARTHEST * prices.units[k])
        reach = FARTHEST * prices.units[k] + abs(at - prices.theta[k])
        limit = float(chi2.ppf(level, 1))
        self.left[:] = [EVALUATIONS if self.problem.model.smooth else EVALUATIONS_KINKED]
        ends, edge, peak = np.zeros(2), np.zeros(2, bool), at
        for which, side in enumerate((-1.0, 1.0)):
            last = best.theta[:n]

            def deviance(x: float) -> float:
                nonlocal last, top, peak
                # where the others' last values are no more allowed beside x, dearer ones may be
                starts = (last, best.theta[:n], prices.theta, 2.0 * prices.theta)
                found = next((one for start in starts if (one := self.most_probable(free, start, (k, x))) is not None), None)
                if found is None:
                    return np.inf
                last = found.theta[:n]
                if found.value > top + NEAR:  # where the likelihood has kinks, the first search may have ended short of the top
                    top, peak = found.value, x
                return 2.0 * max(top - found.value, 0.0) - limit

            ends[which], edge[which] = _end(deviance, at, side, step, reach, limit)
        self.left.clear()
        return Interval(peak, ends, edge)


def _end(deviance: Callable[[float], float], at: float, side: float, step: float, reach: float, limit: float) -> tuple[float, bool]:
    """Where the deviance first is 0 on one side of ``at``, infinite where it is below 0 at ``reach``; and whether what lies beyond is no
    more allowed.

    The deviance is nearly a parabola, -limit at ``at``: its root is taken of the square root, and bracketed."""
    inside, outside = 0.0, np.inf
    below, above = -limit, np.inf
    for _ in range(STEPS):
        x = step
        try:
            value = deviance(at + side * x)
        except _Spent:
            return (at + side * outside, False) if np.isfinite(above) else (side * np.inf, False)
        if value <= 0.0:
            inside, below = x, value
            if x >= reach:
                return side * np.inf, False
        else:
            outside, above = x, value
        if abs(value) < NEAR:
            return at + side * x, False
        if np.isfinite(outside) and outside - inside < 1e-3 * outside:
            break
        if not np.isfinite(outside):
            step = min(x * float(np.clip(np.sqrt(limit / max(value + limit, 1e-12)), 1.5, 8.0)), reach)
        elif np.isfinite(above):
            low, high = np.sqrt(max(below + limit, 0.0)), np.sqrt(above + limit)
            share = (np.sqrt(limit) - low) / max(high - low, 1e-12)
            step = inside + (outside - inside) * float(np.clip(share, 0.05, 0.95))
        else:
            step = 0.5 * (inside + outside)
    return at + side * (outside if np.isfinite(above) else inside), not np.isfinite(above)

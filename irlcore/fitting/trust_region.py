"""Maximise a log-likelihood whose value may be -inf: trust region with Fisher information, bounds and walls for the weights.

Each step solves max g'p - p'Bp / 2 within |D p| <= radius (``steps``), over the weights that are not held at a bound (Conn, Gould
and Toint 2000, chapter 7). D^2 is the diagonal of the information, so that nothing hangs on units, and at least so large that a
step along what the data do not tell stays within a few nats a choice. A step into a region without a finite value is refused and
the radius shrunk, which a line search does not survive; where a wall is known to lie in between (``walls``), the step follows it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.fitting.point import Objective, Optimum, Point, Watch
from irlcore.fitting.result import Status
from irlcore.fitting.secant import Curvature
from irlcore.fitting.steps import bounded_step, constrained_step, quadratic_gain
from irlcore.fitting.walls import Walls
from irlcore.rationality.solution import Limit

GAIN_TOLERANCE = 1e-6  # nats still to be had by the quadratic model
NEAR_ENOUGH = 1e-4  # nats; where rounding hides what is left, no step improves the fit either
FIRST_RADIUS, SMALLEST_RADIUS = 100.0, 1e-3  # in standard errors of a weight
SHORT = 30.0  # standard errors that stand for one unit of a weight of which the data tell less
MOST_STEPS = 200
LITTLE, TIRED = 10.0, 3  # times what is enough, and how many steps in a row that bring less
MOST_TANGENTS = 12  # a step: trials beyond a wall cost little, since they end before any goal is solved
HALF = 0.5  # of what the step along the walls promises, for which a shorter way back within them will do


@dataclass(frozen=True, slots=True)
class Space:
    """Where a search may go: lower <= theta <= upper ((n,) each), units (n,) of a natural step, and walls."""

    lower: np.ndarray
    upper: np.ndarray
    units: np.ndarray
    walls: Walls | None = None


@dataclass(frozen=True, slots=True)
class _Model:
    """The quadratic model at a point: curvature (n, n), scale (n,) of the ball, free (n,) bool, not pressed against a bound."""

    point: Point
    curvature: np.ndarray
    scale: np.ndarray
    free: np.ndarray

    def gain(self) -> float:
        """Nats that it promises if there were no walls."""
        return quadratic_gain(self.point.gradient[self.free], self.curvature[np.ix_(self.free, self.free)], self.scale[self.free])

    def told(self, theta: np.ndarray) -> float:
        """Nats that it promises at ``theta``."""
        step = theta - self.point.theta
        return float(self.point.gradient @ step - 0.5 * step @ self.curvature @ step)


def maximise(objective: Objective, start: Point, lower: np.ndarray, upper: np.ndarray,
             watch: Watch | None = None, walls: Walls | None = None,
             enough: float = GAIN_TOLERANCE, units: np.ndarray | None = None, settle: bool = False, patient: bool = True) -> Optimum:
    """Climb from ``start`` to a maximum within lower <= theta <= upper ((K,) each) and within ``walls``.

    ``watch(iteration, point, gain)`` hears of every step and of the nats still to be had by the quadratic model;
    below ``enough`` of them the search ends. units: (K,) how far a weight may go at a time where nothing tells it, endless by default.
    settle: below ``enough`` it goes on for whole steps that bring what they promise, and ends with the first that does not. patient: else
    it ends with the third step in a row that brings less than ten times ``enough``: along a ridge of kinks there may be dozens.
    """
    space = Space(lower, upper, np.full(len(lower), 1e6) if units is None else units, walls)
    best = _climb(objective, start, space, watch, enough, settle, patient, Optimum(start, Status.OUT_OF_STEPS, 0, 1))
    while walls is not None and walls.met and walls.come_closer():
        best = _climb(objective, best.point, space, watch, enough, settle, patient, best)
    return best


def _climb(objective: Objective, point: Point, space: Space, watch: Watch | None, enough: float, settle: bool,
           patient: bool, so_far: Optimum) -> Optimum:
    """Steps from ``point`` until they bring no more, counted on from ``so_far``."""
    radius, curvature, evaluations = FIRST_RADIUS, Curvature(len(point.theta)), so_far.evaluations
    tolerance, failed, little = GAIN_TOLERANCE if settle else enough, False, 0
    for iteration in range(so_far.iterations, so_far.iterations + MOST_STEPS):
        scale = np.maximum(point.scale, SHORT / space.units)
        model = _Model(point, curvature.of(point), scale, free_weights(point, space.lower, space.upper))
        gain = model.gain()
        if watch is not None:
            watch(iteration, point, gain)
        if gain < tolerance or failed or (little == TIRED and not patient):
            return Optimum(point, Status.CONVERGED, iteration, evaluations)
        fine = gain < enough
        radius = FIRST_RADIUS if fine else radius
        held = _held(model, space, tolerance if radius >= SMALLEST_RADIUS else NEAR_ENOUGH)
        if held or radius < SMALLEST_RADIUS:
            return Optimum(point, Status.CONVERGED if fine else _ending(gain, held), iteration, evaluations)
        theta, trial, tries = _trial(objective, model, space, radius)
        evaluations += tries
        predicted, actual = model.told(theta), -np.inf if trial is None else trial.value - point.value
        length = float(np.linalg.norm(scale * (theta - point.theta)))
        failed = fine and actual < 0.25 * predicted  # a kink lies in between
        if predicted <= 0.0 or actual < 0.25 * predicted:
            radius = 0.25 * min(length, radius) if length > 0.0 else 0.25 * radius
        elif actual > 0.75 * predicted and length > 0.99 * radius:
            radius *= 3.0
        if trial is not None:
            curvature.learn(point, trial, scale)
        if trial is not None and actual > 0.0:
            point, little = trial, little + 1 if actual < LITTLE * enough else 0
    return Optimum(point, Status.OUT_OF_STEPS, so_far.iterations + MOST_STEPS, evaluations)


def free_weights(point: Point, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """(K,) bool: weights that are not pressed against a bound."""
    at_lower = (point.theta <= lower) & (point.gradient <= 0.0)
    at_upper = (point.theta >= upper) & (point.gradient >= 0.0)
    return ~(at_lower | at_upper)


def _ending(gain: float, held: bool) -> Status:
    if gain < NEAR_ENOUGH:
        return Status.CONVERGED
    return Status.AT_EDGE if held else Status.STALLED


def _held(model: _Model, space: Space, enough: float) -> bool:
    """Whether walls alone keep the model from gaining ``enough`` nats."""
    if space.walls is None or not len(space.walls.around(model.point.theta)[1]):
        return False
    return model.told(_within(model, space, FIRST_RADIUS)) < enough


def _within(model: _Model, space: Space, radius: float) -> np.ndarray:
    """Theta after the best step within bounds and the walls known so far."""
    point, n = model.point, len(model.scale)
    assert space.walls is not None
    normals, room = space.walls.around(point.theta)
    upper, lower = np.isfinite(space.upper), np.isfinite(space.lower)
    normals = np.concatenate((normals, np.eye(n)[upper], -np.eye(n)[lower]))
    room = np.concatenate((room, (space.upper - point.theta)[upper], (point.theta - space.lower)[lower]))
    step = constrained_step(point.gradient, model.curvature, model.scale, radius, normals, np.maximum(room, 0.0))
    return np.clip(point.theta + step, space.lower, space.upper)


def _trial(objective: Objective, model: _Model, space: Space, radius: float) -> tuple[np.ndarray, Point | None, int]:
    """The theta to try, what was found there, and how many evaluations that took."""
    point, free, walls = model.point, model.free, space.walls
    step = np.zeros(len(point.theta))
    if free.any():
        step[free] = bounded_step(point.gradient[free], model.curvature[np.ix_(free, free)], model.scale[free], radius)
    theta = np.clip(point.theta + step, space.lower, space.upper)
    if walls is None:
        return theta, objective(theta), 1
    normals, room = walls.around(point.theta)
    if len(room) and (normals @ (theta - point.theta) > room).any():
        theta = _within(model, space, radius)
    evaluations = 0
    for _ in range(MOST_TANGENTS):
        while walls.crossed(point.theta, theta):
            theta = _within(model, space, radius)
        limit, found = walls.beyond(theta, walls.met), None
        if limit is None and walls.holds(theta):
            found = objective(theta)
            evaluations += 1
            limit = None if found is not None else walls.beyond(theta, True)
        if limit is None:
            return theta, found, evaluations
        theta = _back(model, space, walls, theta, limit, _within(model, space, radius))
    return theta, None, evaluations


def _back(model: _Model, space: Space, walls: Walls, theta: np.ndarray, limit: Limit, along: np.ndarray) -> np.ndarray:
    """From beyond a limit: the shortest way back within it, where that promises about as much as the best step ``along`` its tangent."""
    metric = model.curvature + np.diag(model.scale**2) * 1e-9
    way = np.linalg.solve(metric, limit.gradient)
    slope = float(limit.gradient @ way)
    if not slope > 0.0:
        return along
    back = np.clip(theta - (limit.value + walls.margin) / slope * way, space.lower, space.upper)
    return back if model.told(back) >= HALF * model.told(along) else along

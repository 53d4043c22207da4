"""Maximise a log-likelihood whose value may be -inf: trust region with Fisher information, bounds on weights.

Each step solves max g'p - p'Ip / 2 within |D p| <= radius, D^2 the diagonal of the information I (scale-free),
over the weights that are not held at a bound (Conn, Gould and Toint 2000, chapter 7). A step into a region
without a finite value is simply refused and the radius shrunk, which a line search does not survive. Where rewards
must not be positive (hard values at gamma = 1), rows theta <= 0 are kept by a small quadratic programme.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from irlcore.fitting.result import Status

GAIN_TOLERANCE = 1e-6  # nats still to be had by the quadratic model
NEAR_ENOUGH = 1e-4  # nats; where rounding hides what is left, no step improves the fit either
SMALLEST_RADIUS = 1e-3  # in standard errors of a weight
MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Point:
    """One evaluation: theta (K,), value in nats, gradient (K,), information (K, K) positive semi-definite.

    exact: whether the information is minus the second derivative.
    """

    theta: np.ndarray
    value: float
    gradient: np.ndarray
    information: np.ndarray
    exact: bool = False

    @property
    def scale(self) -> np.ndarray:
        """(K,) one over the standard error that each weight would have alone."""
        return np.sqrt(np.maximum(np.diag(self.information), 1e-12))


Objective = Callable[[np.ndarray], Point | None]
"""None where the value is not finite."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """Where the search ended, how, and what it cost."""

    point: Point
    status: Status
    iterations: int
    evaluations: int


def maximise(objective: Objective, start: Point, lower: np.ndarray, upper: np.ndarray,
             watch: Callable[[int, Point, float], None] | None = None, rows: np.ndarray | None = None,
             enough: float = GAIN_TOLERANCE) -> Optimum:
    """Climb from ``start`` to a maximum within lower <= theta <= upper ((K,) each) and rows theta <= 0 ((R, K)).

    ``watch(iteration, point, gain)`` hears of every step and of the nats still to be had by the quadratic model;
    below ``enough`` of them the search ends.
    """
    point, radius, evaluations = start, 100.0, 1
    for iteration in range(MOST_STEPS):
        free = free_weights(point, lower, upper)
        scale = point.scale
        gain = 0.0 if not free.any() else quadratic_gain(point, free, scale)
        if watch is not None:
            watch(iteration, point, gain)
        if gain < enough:
            return Optimum(point, Status.CONVERGED, iteration, evaluations)
        if radius < SMALLEST_RADIUS:
            settled = gain < NEAR_ENOUGH
            return Optimum(point, Status.CONVERGED if settled else Status.STALLED, iteration, evaluations)
        step = np.zeros(len(point.theta))
        step[free] = bounded_step(point.gradient[free], point.information[np.ix_(free, free)], scale[free], radius)
        new_theta = np.clip(point.theta + step, lower, upper)
        if rows is not None and (rows @ new_theta).max(initial=-1.0) > 0.0:
            new_theta = _step_among_costs(point, lower, upper, scale, radius, rows)
        step = new_theta - point.theta
        predicted = float(point.gradient @ step - 0.5 * step @ point.information @ step)
        if rows is not None and predicted < enough:
            return Optimum(point, Status.CONVERGED, iteration, evaluations)
        trial = objective(new_theta)
        evaluations += 1
        actual = -np.inf if trial is None else trial.value - point.value
        length = float(np.linalg.norm(scale * step))
        if predicted <= 0.0 or actual < 0.25 * predicted:
            radius = 0.25 * length
        elif actual > 0.75 * predicted and length > 0.99 * radius:
            radius *= 3.0
        if trial is not None and actual > 0.0:
            point = trial
    return Optimum(point, Status.OUT_OF_STEPS, MOST_STEPS, evaluations)


def free_weights(point: Point, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """(K,) bool: weights that are not pressed against a bound."""
    at_lower = (point.theta <= lower) & (point.gradient <= 0.0)
    at_upper = (point.theta >= upper) & (point.gradient >= 0.0)
    return ~(at_lower | at_upper)


def quadratic_gain(point: Point, free: np.ndarray, scale: np.ndarray) -> float:
    """g' I^-1 g / 2 over the free weights: what a full Newton step promises, in nats."""
    values, vectors = np.linalg.eigh(point.information[np.ix_(free, free)] / np.outer(scale[free], scale[free]))
    slope = vectors.T @ (point.gradient[free] / scale[free])
    flat = values <= 1e-10 * max(values.max(), 1e-300)
    return float(0.5 * np.sum(slope[~flat] ** 2 / values[~flat]) + np.sum(slope[flat] ** 2))


def bounded_step(gradient: np.ndarray, information: np.ndarray, scale: np.ndarray, radius: float) -> np.ndarray:
    """argmax g'p - p'Ip / 2 with |scale p| <= radius, by eigenvalues and bisection on the multiplier."""
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    slope = vectors.T @ (gradient / scale)
    values = np.maximum(values, 0.0)

    def length(shift: float) -> float:
        return float(np.linalg.norm(slope / (values + shift)))

    low = 1e-10 * max(float(values.max()), 1e-12)
    if length(low) > radius:
        high = low + float(np.linalg.norm(slope)) / radius
        for _ in range(100):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if length(middle) > radius else (low, middle)
        low = high
    return np.asarray((vectors @ (slope / (values + low))) / scale)


def _step_among_costs(point: Point, lower: np.ndarray, upper: np.ndarray, scale: np.ndarray, radius: float,
                      rows: np.ndarray) -> np.ndarray:
    """Theta after the best step that keeps every row's reward at or below -1e-6 of its size.

    Only rows that a trial breaks are put into the programme, until none is broken (cutting planes).
    """
    size = np.abs(rows * point.theta).sum(axis=1)
    room = np.minimum(-1e-6 * size, rows @ point.theta * 1e-3)
    values, vectors = np.linalg.eigh(point.information / np.outer(scale, scale))
    root = (np.sqrt(np.maximum(values, 0.0))[:, None] * vectors.T) * scale
    active = np.zeros(len(rows), bool)
    theta = point.theta
    for _ in range(30):
        p = cp.Variable(len(theta))
        limits = [cp.norm(cp.multiply(scale, p)) <= radius]
        for side, sense in ((lower, 1.0), (upper, -1.0)):
            held = np.isfinite(side)
            if held.any():
                limits.append(sense * (point.theta[held] + p[held]) >= sense * side[held])
        if active.any():
            limits.append(rows[active] @ (point.theta + p) <= room[active])
        cp.Problem(cp.Minimize(0.5 * cp.sum_squares(root @ p) - point.gradient @ p), limits).solve(solver=cp.CLARABEL)
        if p.value is None:
            return point.theta
        theta = np.clip(point.theta + p.value, lower, upper)
        broken = rows @ theta > 0.5 * room
        if not (broken & ~active).any():
            return theta if (rows @ theta).max() < 0.0 else point.theta
        active |= broken
    return point.theta

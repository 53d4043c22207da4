"""Where a search begins: a model's simplest fit, simpler models' weights with some noise, and a look beyond kinks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from irlcore.fitting.point import Objective, Optimum, Point
from irlcore.fitting.problem import Problem
from irlcore.fitting.trust_region import maximise
from irlcore.fitting.walls import Walls
from irlcore.rationality.solution import Limit

CHARGES = 2.0 ** np.arange(0.0, 11.0)  # nats that a choice with a cost-like feature is charged for it
SIZES = (0.01, 0.1, 0.5, 2.0)  # of a model's own parameters, from hardly any noise to much
LOOK = 3.0  # standard errors, at most as many units
BETTER = 1e-3  # nats
ROUNDS = 3
FARTHER = (0.3, 1.0, 3.0)  # times ``LOOK``


def charged(problem: Problem, objective: Objective, lower: np.ndarray, upper: np.ndarray, least: float = 0.0) -> Point | None:
    """The first point with a finite likelihood where every cost-like feature is charged more and more, at least ``least``.

    A feature is cost-like where it is never negative and not bound to be >= 0; charging all of them
    makes every step cost, which is what gamma = 1 needs.
    """
    k, own = len(problem.names), problem.model.own_start(None)
    cost_like = (problem.phi.min(axis=0) >= 0.0) & (upper[:k] >= 0.0) & (lower[:k] < 0.0) | (upper[:k] == 0.0)
    mean = np.array([column[column > 0].mean() if (column > 0).any() else 1.0 for column in problem.phi.T])
    for charge in (*CHARGES[least <= CHARGES], *([0.0] if problem.gamma < 1.0 else [])):
        theta = np.where(cost_like, -charge / mean, 0.0)
        found = objective(np.clip(np.append(theta, own), lower, upper))
        if found is not None:
            return found
    return None


def sized(objective: Objective, first: Point, walls: Walls, k: int, lower: np.ndarray, upper: np.ndarray, enough: float) -> Optimum:
    """The best size of the K weights of ``first`` together, and the best own parameters beside it, whatever the units of features.

    Which ways are as good as each other hangs on how weights compare, so along their size a likelihood has no kinks.
    """
    n = len(first.theta)
    along = np.zeros((n, 1 + n - k))  # d (theta, own) / d (size, own)
    along[:k, 0], along[k:, 1:] = first.theta[:k], np.eye(n - k)
    begin = np.append(1.0, first.theta[k:])
    seen = {begin.tobytes(): first}

    def narrow(at: np.ndarray, found: Point) -> Point:
        return Point(at, found.value, along.T @ found.gradient, along.T @ found.information @ along, found.exact)

    def part(at: np.ndarray) -> Point | None:
        found = objective(along @ at)
        if found is not None:
            seen[at.tobytes()] = found
        return None if found is None else narrow(at, found)

    def limits(at: np.ndarray, room: float) -> list[Limit]:
        return [Limit(limit.value, along.T @ limit.gradient) for limit in walls.limits(along @ at, room)]

    rows = None if walls.rows is None else walls.rows @ along
    best = maximise(part, narrow(begin, first), np.append(0.0, lower[k:]), np.append(np.inf, upper[k:]), None, Walls(rows, limits),
                    enough, np.ones(1 + n - k))
    return replace(best, point=seen[best.point.theta.tobytes()])


def with_noise(objective: Objective, theta: np.ndarray, k: int, lower: np.ndarray, upper: np.ndarray) -> list[Point]:
    """K weights of another model's fit, with own parameters, if there are any, of several sizes, where the likelihood is finite."""
    trials = [np.clip(np.append(theta[:k], np.full(len(lower) - k, size)), lower, upper)
              for size in (SIZES if len(lower) > k else (0.0,))]
    return [point for trial in trials if (point := objective(trial)) is not None]


def beyond_kinks(objective: Objective, climb: Callable[[Point], Optimum], best: Optimum, lower: np.ndarray, upper: np.ndarray,
                 units: np.ndarray, wide: Callable[[Point], Optimum] | None = None) -> Optimum:
    """A maximum may be one of its smooth piece alone: look ``LOOK`` standard errors along every weight, and climb again from
    the best point found there, as long as that is better (at most ``ROUNDS`` times).

    wide: a climb along what has no kinks, tried first; then the look goes nearer and farther, too, and on for longer.
    """
    for _ in range(ROUNDS * (1 if wide is None else 3)):
        before = best.point.value
        if wide is not None and (larger := wide(best.point)).point.value > before + BETTER:
            best = _better(best, climb(larger.point))
        theta = best.point.theta
        width = LOOK * np.minimum(1.0 / best.point.scale, units)
        steps = [side * far * step for step in np.diag(width) for far in ((1.0,) if wide is None else FARTHER) for side in (-1.0, 1.0)]
        trials = [np.clip(theta + step, lower, upper) for step in steps]
        found = [point for trial in trials if (point := objective(trial)) is not None]
        best = replace(best, evaluations=best.evaluations + len(trials))
        further = max(found, key=lambda point: point.value, default=best.point)
        if further.value > best.point.value + BETTER:
            best = _better(best, climb(further))
        if best.point.value <= before + BETTER:
            return best
    return best


def _better(best: Optimum, other: Optimum) -> Optimum:
    """The higher of two ends, with the cost of both."""
    higher = other if other.point.value > best.point.value else best
    return replace(higher, iterations=best.iterations + other.iterations, evaluations=best.evaluations + other.evaluations)

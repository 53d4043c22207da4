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
ROUGH = 1e-4  # of the log-likelihood: where a first fit in one number may end


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


def simplest(objective: Objective, first: Point, walls: Walls, k: int) -> Point:
    """The best size of the K weights of ``first`` together, roughly: one number, whatever the units of features."""
    along = np.append(first.theta[:k], np.zeros(len(first.theta) - k))
    if not along.any():
        return first
    seen = {1.0: first}

    def sized(size: np.ndarray) -> Point | None:
        found = objective(first.theta + (float(size[0]) - 1.0) * along)
        if found is not None:
            seen[float(size[0])] = found
        return None if found is None else narrow(size, found)

    def narrow(size: np.ndarray, found: Point) -> Point:
        return Point(size, found.value, np.array([found.gradient @ along]), np.array([[along @ found.information @ along]]), found.exact)

    def limits(size: np.ndarray, room: float) -> list[Limit]:
        met = walls.limits(first.theta + (float(size[0]) - 1.0) * along, room)
        return [Limit(limit.value, np.array([limit.gradient @ along])) for limit in met]

    one = np.ones(1)
    rows = None if walls.rows is None else (walls.rows @ along)[:, None]
    best = maximise(sized, narrow(one, first), np.zeros(1), np.full(1, np.inf), None, Walls(rows, limits),
                    max(1.0, ROUGH * abs(first.value)), one)
    return seen[float(best.point.theta[0])]


def with_noise(objective: Objective, theta: np.ndarray, k: int, lower: np.ndarray, upper: np.ndarray) -> list[Point]:
    """K weights of another model's fit with own parameters of several sizes; those without a finite likelihood are left out."""
    trials = [np.clip(np.append(theta[:k], np.full(len(lower) - k, size)), lower, upper) for size in SIZES]
    return [point for trial in trials if (point := objective(trial)) is not None]


def beyond_kinks(objective: Objective, climb: Callable[[Point], Optimum], best: Optimum, lower: np.ndarray, upper: np.ndarray,
                 units: np.ndarray) -> Optimum:
    """A maximum may be one of its smooth piece alone: look ``LOOK`` standard errors along every weight, and climb again from
    the best point found there, as long as that is better (at most three times)."""
    for _ in range(ROUNDS):
        theta = best.point.theta
        width = LOOK * np.minimum(1.0 / best.point.scale, units)
        trials = [np.clip(theta + side * step, lower, upper) for step in np.diag(width) for side in (-1.0, 1.0)]
        found = [point for trial in trials if (point := objective(trial)) is not None]
        evaluations = best.evaluations + len(trials)
        better = max(found, key=lambda point: point.value, default=best.point)
        if better.value <= best.point.value + BETTER:
            return replace(best, evaluations=evaluations)
        again = climb(better)
        best = replace(again, iterations=best.iterations + again.iterations, evaluations=evaluations + again.evaluations)
    return best

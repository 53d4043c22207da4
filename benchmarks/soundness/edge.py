"""At the edge of what MaxEnt allows: does a fit end where no feasible step gains, from wherever it begins?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.soundness.edge_worlds import NAMES, EdgeWorld, build_edge_world
from irlcore.errors import FitError, Infeasible
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult, Status
from irlcore.rationality.maxent import MaxEnt

SHAPES = ((36, 4, 4, 20), (50, 8, 5, 15), (60, 21, 8, 9))  # columns, rows, pieces, goals: 2,066, 7,502 and 39,106 links
SEEDS = (1, 2)
STARTS = (None, np.array([-0.2, -1.6, -1.0, -3.0]), np.array([-5.0, -5.0, -5.0, -5.0]), np.array([-0.5, -3.0, 0.0, 0.0]))
GAINED = 0.01  # nats
DIRECTIONS, LENGTHS = 30, 10.0 ** np.arange(-7.0, 1.1)
SOUND = (Status.CONVERGED, Status.AT_EDGE)


@dataclass(frozen=True, slots=True)
class Ended:
    """One fit: where it began, how it ended, and nats that another start or a feasible step gains on it (inf where it failed)."""

    world: str
    start: int
    status: str
    loglik: float
    evaluations: int
    gained: float

    @property
    def stuck(self) -> bool:
        """Whether the fit ended elsewhere than at a maximum."""
        return self.status not in {status.name for status in SOUND} or self.gained > GAINED


def loglik_of(problem: Problem) -> Callable[[np.ndarray], float]:
    """The log-likelihood by weights (K,); -inf where it is not finite."""
    groups = problem.groups()

    def at(theta: np.ndarray) -> float:
        try:
            total = float(problem.evaluate(theta, groups).loglik.sum())
        except Infeasible:
            return -np.inf
        return total if np.isfinite(total) else -np.inf

    return at


def best_step(at: Callable[[np.ndarray], float], theta: np.ndarray, rng: np.random.Generator) -> float:
    """Log-likelihood of the best of many steps: along every weight and in random directions, of lengths from 1e-7 to 10."""
    ways = [*np.eye(len(theta)), *-np.eye(len(theta)), *rng.normal(size=(DIRECTIONS, len(theta)))]
    return max(at(theta + length * way / np.linalg.norm(way)) for way in ways for length in LENGTHS)


def judge(world: EdgeWorld, steps: bool) -> list[Ended]:
    """Fits from all starts. steps: whether random steps are tried from the best end, too."""
    problem = Problem(world.mdp, world.phi, NAMES, world.paths, MaxEnt())
    found: list[FitResult | None] = []
    for start in STARTS:
        try:
            found.append(fit(problem, start=start, quick=True))
        except FitError:
            found.append(None)
    ends = [one for one in found if one is not None]
    best = max((one.loglik for one in ends), default=-np.inf)
    if steps and ends:
        top = max(ends, key=lambda one: one.loglik)
        best = max(best, best_step(loglik_of(problem), top.theta, np.random.default_rng(len(world.phi))))
    return [Ended(world.name, i, "failed", -np.inf, 0, np.inf) if one is None
            else Ended(world.name, i, one.status.name, one.loglik, one.evaluations, best - one.loglik) for i, one in enumerate(found)]


def measure(shapes: tuple[tuple[int, int, int, int], ...] = SHAPES, seeds: tuple[int, ...] = SEEDS) -> dict[str, Any]:
    """worlds: worlds times starts; stuck: how many ended elsewhere than at a maximum; worst: most nats gained on an end."""
    ended = [one for shape in shapes for seed in seeds for one in judge(build_edge_world(*shape, seed), seed == seeds[0])]
    for one in ended:
        print(f"{one.world:26} start {one.start}  {one.status:12} {one.loglik:14,.4f} in {one.evaluations:3} evaluations, "
              f"gained {one.gained:.6f}")
    return {"worlds": len(ended), "stuck": sum(one.stuck for one in ended), "worst": max(one.gained for one in ended)}


if __name__ == "__main__":
    print(measure())

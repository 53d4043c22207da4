"""Which weights an estimator may choose among: a convex set, kept by its linear and quadratic programmes.

Without a likelihood the data fix no size of the weights, and w = 0 explains everything (Ng and Russell, *Algorithms for
inverse reinforcement learning*, ICML 2000, section 3). The papers bound the size, |w| <= 1, and look for a margin. That fails
where agents err and the signs are known: who errs loses under every weight, so w = 0 loses least. Ours, for paths to goals: a
choice made at random must lose 1 (``demonstrations.random_choice``), which rules out w = 0 and tells what is lost as a share of
what blind choices would lose. At gamma = 1 every choice that may be made again must cost as well, or going round for ever would
pay (``planning.costs``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cvxpy as cp
import numpy as np

from irlcore.errors import Infeasible

LARGEST = 10.0
"""Most that a weight on scaled features may be, where a random choice loses 1."""
LEAST_COST = 1e-4
"""Least that a choice must cost at gamma = 1, for features of length 1."""
ADDED_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Limits:
    """lower, upper: (K,) bounds. costs: (R, K), rows of length 1 whose reward must be at most -``LEAST_COST``.
    unit: (K,) features whose reward must be -1, or None. size: most that |w| may be, in the norm that a programme names.
    mattered: the rows of costs that ever did, kept for the next programme."""

    lower: np.ndarray
    upper: np.ndarray
    costs: np.ndarray
    unit: np.ndarray | None = None
    size: float = 1.0
    mattered: set[int] = field(default_factory=set, repr=False, compare=False)

    @property
    def only_size(self) -> bool:
        """Whether nothing but the size of the weights is limited, as in the papers."""
        return self.unit is None and not len(self.costs) and bool(np.isinf(self.lower).all() and np.isinf(self.upper).all())

    def nearest(self, point: np.ndarray) -> np.ndarray:
        """The weights (K,) within the limits that are nearest to ``point`` (K,)."""
        w = cp.Variable(len(point))
        return self.solve(cp.Minimize(cp.sum_squares(w - point)), w, [])

    def solve(self, objective: cp.Minimize | cp.Maximize, w: cp.Variable, constraints: list[cp.Constraint],
              linear: bool = False) -> np.ndarray:
        """``w`` (K,) at the optimum within these limits and ``constraints``; what is zero up to rounding is made zero.

        Rows of ``costs`` enter once a solution breaks them (cutting planes). ``Infeasible`` where nothing is left.
        """
        limits = [w >= np.maximum(self.lower, -self.size), w <= np.minimum(self.upper, self.size)]
        if self.unit is not None:
            limits.append(self.unit @ w == -1.0)
        while True:
            active = np.array(sorted(self.mattered), np.int64)
            cuts = [self.costs[active] @ w <= -LEAST_COST] if len(active) else []
            if not _optimal(cp.Problem(objective, [*constraints, *limits, *cuts]), linear) or w.value is None:
                raise Infeasible("Within these signs no weights make every step cost and a random choice worse than the best.",
                                 "Add a feature that makes every step cost (length, or a constant per step), or free some signs.")
            over = self.costs @ w.value + 0.5 * LEAST_COST
            broken = np.setdiff1d(np.flatnonzero(over > 0.0), active)
            if not len(broken):
                break
            self.mattered.update(broken[np.argsort(-over[broken])[:ADDED_AT_ONCE]].tolist())
        found = np.clip(w.value, self.lower, self.upper)
        return np.where(np.abs(found) > 1e-7 * max(float(np.abs(found).max()), 1e-300), found, 0.0)


def _optimal(problem: cp.Problem, linear: bool) -> bool:
    """Solve: whether that gave an optimum. An interior point is several times faster here, the simplex method surer."""
    ways: list[dict[str, object]] = [{"solver": cp.CLARABEL}]
    if linear:
        ways = [{"solver": cp.SCIPY, "scipy_options": {"method": method}} for method in ("highs-ipm", "highs-ds")]
    for way in ways:
        try:
            problem.solve(**way)
        except cp.error.SolverError:
            continue
        if problem.status in (cp.OPTIMAL, cp.OPTIMAL_INACCURATE):
            return True
    return False


def free_limits(k: int, size: float = 1.0) -> Limits:
    """The papers' own limits on K weights: their size, and nothing else."""
    return Limits(np.full(k, -np.inf), np.full(k, np.inf), np.empty((0, k)), size=size)


def signed_limits(phi: np.ndarray, gamma: float, lower: np.ndarray, upper: np.ndarray, costs: np.ndarray | None = None) -> Limits:
    """Signs, (K,) lower and upper, and at gamma = 1 the rule that every choice costs; phi (M, K) scaled features. A feature
    that is 0 everywhere gets weight 0. costs: (R, K), scaled features of those that must, where not all need to."""
    empty = ~phi.any(axis=0)
    rows = np.empty((0, phi.shape[1]))
    if gamma == 1.0:
        costs = phi if costs is None else costs
        length = np.linalg.norm(costs, axis=1)
        rows = np.unique(np.round(costs[length > 0.0] / length[length > 0.0, None], 9), axis=0)
    return Limits(np.where(empty, 0.0, lower), np.where(empty, 0.0, upper), rows, None, LARGEST)

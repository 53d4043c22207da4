"""What weights must not cross: half-spaces, those given and those that touch a convex limit where a trial went beyond it.

Where wandering is about to get too cheap the likelihood of far trips is as smooth as elsewhere, so the limit is a wall and not a
slope, and the best weights may lie on it. A convex limit c(theta) <= 0 lies on one side of each of its tangents, so every trial
beyond it gives a half-space that all weights within keep (Kelley, *Journal of the SIAM* 8, 1960): it serves all later steps.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from irlcore.rationality.solution import Limit

MARGINS = (1e-2, 1e-5, 1e-8)  # of the limit that steps keep. Next to a limit that some trips feel, their slope is steep and short,
# and steps along a curved wall get as short, so a search comes close by stages; pivots of I - W of 1e-8 still have half of their digits
NEAREST, SHRINK = 1e-6, 1e-3  # how near to 0 a cost may come: of its size, and of what it is now in one step
MOST_KEPT = 60  # tangents


class Walls:
    """rows: (R, n) float64 or None, each row's reward ``rows @ theta`` must stay below 0. limits: the convex limits that theta (n,) does
    not keep by a margin. met: whether a limit was met by a trial. margin: of the limits, kept by steps."""

    def __init__(self, rows: np.ndarray | None, limits: Callable[[np.ndarray, float], list[Limit]]) -> None:
        self.rows, self.limits = rows, limits
        self.met, self.margin = False, MARGINS[0]
        self._tangents: list[tuple[np.ndarray, float]] = []
        self._active = np.zeros(0 if rows is None else len(rows), bool)

    def around(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Half-spaces known so far as (m, n) and (m,): a step p from ``theta`` must keep the first @ p <= the second, which is >= 0."""
        normals = [normal for normal, _ in self._tangents]
        room = [end - normal @ theta for normal, end in self._tangents]
        if self.rows is not None and self._active.any():
            active = self.rows[self._active]
            normals += list(active)
            room += list(self._nearest(active, theta) - active @ theta)
        return np.reshape(np.array(normals), (-1, len(theta))), np.maximum(np.array(room), 0.0)

    def crossed(self, theta: np.ndarray, trial: np.ndarray) -> bool:
        """Whether a step from ``theta`` to ``trial`` breaks rows; these are heeded from now on."""
        if self.rows is None:
            return False
        broken = self.rows @ trial > 0.5 * self._nearest(self.rows, theta)
        new = bool((broken & ~self._active).any())
        self._active |= broken
        return new

    def holds(self, trial: np.ndarray) -> bool:
        """Whether every row's reward is below 0 at ``trial``."""
        return self.rows is None or bool((self.rows @ trial).max(initial=-1.0) < 0.0)

    def come_closer(self) -> bool:
        """Keep a smaller margin from now on; False where there is none."""
        left = [margin for margin in MARGINS if margin < self.margin]
        if left:
            self._tangents = [(normal, end + self.margin - left[0]) for normal, end in self._tangents]
            self.margin = left[0]
        return bool(left)

    def beyond(self, trial: np.ndarray, asked: bool) -> Limit | None:
        """Where ``asked``, the limit that ``trial`` breaks most; steps keep its tangent from now on. None where it breaks none."""
        near = 0.5 * self.margin
        found = [limit for limit in self.limits(trial, near) if limit.value > -near and np.isfinite(limit.gradient).all()] if asked else []
        if not found:
            return None
        worst = max(found, key=lambda limit: limit.value)
        self.met = True
        self._tangents.append((worst.gradient, float(worst.gradient @ trial) - worst.value - self.margin))
        del self._tangents[:-MOST_KEPT]
        return worst

    def _nearest(self, rows: np.ndarray, theta: np.ndarray) -> np.ndarray:
        return np.minimum(-NEAREST * np.abs(rows * theta).sum(axis=1), SHRINK * (rows @ theta))

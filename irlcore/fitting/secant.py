"""What the information of a model misses of the curvature, learnt from how the slope changes along the steps of a search.

B = I + A, where A is made so that the last step's change of slope is told right: symmetric rank one (Conn, Gould and Toint,
*Mathematical Programming* 50, 1991), structured as for least squares (Dennis, Gay and Welsch 1981). An outer product of scores is
the curvature only where the model is right and trips are many. Where slopes jump, A is as good as noise: it is used only while it
has told the last steps' gains better than I alone, and never to leave less than a quarter of I: where slopes are rough, what A takes
away would send a step far off.
"""

from __future__ import annotations

import numpy as np

from irlcore.fitting.point import Point

SMALLEST_PART = 1e-8  # of |r| |s|: what is left of a change of slope says nothing when it stands across the step
LEAST = 0.25  # of the information
SMALLEST = 1e-8  # of the largest eigenvalue of the scaled information: what is smaller is as good as none
MEMORY = 0.5  # weight of older steps in how well either has told gains


class Curvature:
    """Minus the second derivative, as far as the steps so far tell: ``of(point)``, (n, n), symmetric, perhaps not definite."""

    def __init__(self, n: int) -> None:
        self._missed = np.zeros((n, n))
        self._wrong = np.zeros(2)  # of gains told by I alone, and by I + A

    def of(self, point: Point) -> np.ndarray:
        """B at a point; the information itself where that is exact or has told gains better."""
        if point.exact or self._wrong[0] <= self._wrong[1]:
            return point.information
        scale = np.outer(point.scale, point.scale)
        values, vectors = np.linalg.eigh(point.information / scale)
        root = vectors * np.sqrt(np.maximum(values, SMALLEST * max(float(values[-1]), 1.0)))  # I = root root', in units of ``scale``
        inverse = root / (root**2).sum(axis=0)
        parts, turned = np.linalg.eigh(inverse.T @ (self._missed / scale) @ inverse)
        ways = root @ turned
        return np.asarray(point.information + (ways * np.maximum(parts, LEAST - 1.0)) @ ways.T * scale)

    def learn(self, before: Point, after: Point, scale: np.ndarray) -> None:
        """Heed a trial ``after``, whether or not it was better."""
        if after.exact:
            return
        step = after.theta - before.theta
        told = before.gradient @ step - 0.5 * np.array([step @ m @ step for m in (before.information, before.information + self._missed)])
        self._wrong = MEMORY * self._wrong + np.abs(told - (after.value - before.value))
        left = before.gradient - after.gradient - (after.information + self._missed) @ step
        along = float(left @ step)
        if abs(along) > SMALLEST_PART * float(np.linalg.norm(left / scale) * np.linalg.norm(scale * step)):
            self._missed = self._missed + np.outer(left, left) / along

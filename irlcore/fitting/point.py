"""What a search goes over: points with value and derivatives, and where it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from irlcore.fitting.result import Status


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
Watch = Callable[[int, Point, float], None]


@dataclass(frozen=True, slots=True)
class Optimum:
    """Where the search ended, how, and what it cost."""

    point: Point
    status: Status
    iterations: int
    evaluations: int

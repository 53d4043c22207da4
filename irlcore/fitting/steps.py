"""One step of a search: the best of a quadratic model g'p - p'Ip / 2 within a ball |D p| <= radius, and within half-spaces.

Within a ball alone by the multiplier of its border (Conn, Gould and Toint 2000, section 7.3); half-spaces are met by the dual,
a nonnegative least-squares problem in as many unknowns (Lawson and Hanson 1974, chapter 23, least distance programming).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import nnls

LEAST_SHIFT = 1e-10  # of the largest curvature: what rounding leaves of a direction without any
HALVINGS = 100


def quadratic_gain(gradient: np.ndarray, information: np.ndarray, scale: np.ndarray) -> float:
    """g' I^-1 g / 2: what a full Newton step promises, in nats; in directions without curvature, what a step of length 1 does."""
    if not len(gradient):
        return 0.0
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    slope = vectors.T @ (gradient / scale)
    flat = values <= LEAST_SHIFT * max(values.max(), 1e-300)
    return float(0.5 * np.sum(slope[~flat] ** 2 / values[~flat]) + np.sum(np.abs(slope[flat])))


def bounded_step(gradient: np.ndarray, information: np.ndarray, scale: np.ndarray, radius: float) -> np.ndarray:
    """argmax g'p - p'Ip / 2 with |scale p| <= radius, by eigenvalues and bisection on the multiplier."""
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    values, slope = np.maximum(values, 0.0), vectors.T @ (gradient / scale)
    return np.asarray(vectors @ _in_ball(lambda shift: slope / (values + shift), values, slope, radius) / scale)


def constrained_step(gradient: np.ndarray, information: np.ndarray, scale: np.ndarray, radius: float, normals: np.ndarray,
                     room: np.ndarray) -> np.ndarray:
    """The same with ``normals`` (m, n) @ p <= ``room`` (m,), room >= 0."""
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    values, slope = np.maximum(values, 0.0), vectors.T @ (gradient / scale)
    sides = (normals / scale) @ vectors
    size = np.linalg.norm(sides, axis=1)
    sides, room = sides[size > 0.0] / size[size > 0.0, None], room[size > 0.0] / size[size > 0.0]

    def at(shift: float) -> np.ndarray:
        root = np.sqrt(values + shift)
        free = slope / root
        return np.asarray((free + _nearest(sides / root, room - (sides / root) @ free)) / root)

    return np.asarray(vectors @ _in_ball(at, values, slope, radius) / scale)


def _in_ball(at: Callable[[float], np.ndarray], values: np.ndarray, slope: np.ndarray, radius: float) -> np.ndarray:
    """``at`` the least multiplier of the ball that keeps within it."""
    low = LEAST_SHIFT * max(float(values.max(initial=0.0)), 1e-12)
    found = at(low)
    if np.linalg.norm(found) <= radius:
        return found
    high = low + float(np.linalg.norm(slope)) / radius
    for _ in range(HALVINGS):
        if high <= low * (1.0 + 1e-9):
            break
        middle = np.sqrt(low * high)
        low, high = (middle, high) if np.linalg.norm(at(middle)) > radius else (low, middle)
    return at(high)


def _nearest(sides: np.ndarray, room: np.ndarray) -> np.ndarray:
    """The shortest w with ``sides`` w <= ``room``, where there is one; else 0."""
    if not len(room) or room.min() >= 0.0:
        return np.zeros(sides.shape[1])
    size = np.linalg.norm(sides, axis=1)
    sides, lack = sides / size[:, None], -room / size
    unit = lack.max()
    try:
        u = nnls(np.vstack((-sides.T, lack[None, :] / unit)), np.append(np.zeros(sides.shape[1]), 1.0))[0]
    except RuntimeError:
        return np.zeros(sides.shape[1])
    left = np.append(-sides.T @ u, lack @ u / unit - 1.0)
    return -left[:-1] / left[-1] * unit if left[-1] < 0.0 else np.zeros(sides.shape[1])

"""Weights without a limit: directions along which the likelihood never falls, and directions that nothing tells.

Where every trip takes a way that is best under phi d, the likelihood rises for ever along d (separation), and a search ends where too
little is left to gain, at weights that mean nothing. ``recession`` finds all such d by linear programmes; where these are small they are
solved as a matter of course. Where they are large they are solved if there is a suspicion: on the way along d choices become certain, so
that the information falls far below the spread of what the ways differ in (``ways``), whatever the units: I v = lambda G v with lambda
below ``COLLAPSED``. Where they are too large to hold all goals, or chance hides what was chosen, the likelihood decides (ours): it is asked
along their directions and along these v (first along all together, by the Newton step) as far as three of the standard errors that the
information alone would give, or till what is wrong has odds of e^-30. Where there is a limit it falls on the way.

Flat directions (``Ways.flat``) are held: the search is shown no slope along them, so that they stay where it begins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import eigh

from irlcore.fitting.point import Objective, Point
from irlcore.fitting.problem import Problem
from irlcore.fitting.recession import LARGE, SMALL, programme, rising_directions
from irlcore.fitting.ways import Ways

COLLAPSED = 1e-2  # of the information that even odds would give; where searches end it is 1e-3 or less
FAR, LONGEST = 3.0, 30.0  # standard errors; nats of a typical contrast
FALLS = 0.05  # nats; a limit three standard errors away costs some 2
NAMED = 0.01  # share of a direction's largest part that a feature must have in it to be named


def hold(ways: Ways, point: Point) -> Point:
    """The point as a search is to see it: along flat directions no slope (what is there is rounding) and the curvature of a typical
    feature, so that no step leads along them."""
    if not ways.flat.shape[1]:
        return point
    scale, flat = padded(ways, len(point.theta))
    along = np.eye(len(scale)) - flat @ flat.T
    information = along @ (point.information / np.outer(scale, scale)) @ along
    typical = max(float(np.trace(information)) / len(scale), 1e-12)
    return replace(point, gradient=along @ (point.gradient / scale) * scale,
                   information=(information + typical * flat @ flat.T) * np.outer(scale, scale))


def padded(ways: Ways, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Scale (n,) and flat directions (n, F) with the model's own parameters behind the weights."""
    more = n - len(ways.scale)
    return np.append(ways.scale, np.ones(more)), np.vstack((ways.flat, np.zeros((more, ways.flat.shape[1]))))


@dataclass(frozen=True, slots=True)
class DataLimits:
    """What the data set a limit to, of n numbers (weights, then own parameters).

    basis: (n, r) float64, the changes that data set a limit to. flat, rising: (n,) bool, weights with a part in a direction that
    nothing tells, or that the likelihood never falls along. side: (n,) float64, where a rising weight goes: 1, -1, or 0 elsewhere.
    """

    basis: np.ndarray
    flat: np.ndarray
    rising: np.ndarray
    side: np.ndarray

    @property
    def none(self) -> np.ndarray:
        """(n,) bool: weights without a limit on one side or both."""
        return np.asarray(self.flat | self.rising)


def find_limits(problem: Problem, ways: Ways, point: Point, bounds: tuple[np.ndarray, np.ndarray],
                objective: Objective | None) -> DataLimits:
    """Limits of the weights that are inside their ``bounds``, (n,) each. objective: None where only flat directions are looked for."""
    n, (lower, upper) = len(point.theta), bounds
    inside = (point.theta > lower) & (point.theta < upper)
    free = np.flatnonzero(inside)
    scale, flat = padded(ways, n)
    flat = free_flat(flat, inside)
    rest = _complement(flat, free, n) / scale[:, None]
    if objective is None or not rest.shape[1]:
        return limits_beside(flat, np.zeros((n, 0)), free, scale)
    return limits_beside(flat, _rising(problem, ways, point, bounds, rest, objective), free, scale)


def limits_beside(flat: np.ndarray, rising: np.ndarray, free: np.ndarray, scale: np.ndarray) -> DataLimits:
    """What is limited beside directions (n, F) that nothing tells and (n, D) that the likelihood never falls along, both in x = number *
    scale (n,). free: (m,) int64, the numbers inside their bounds."""
    side = np.zeros(len(scale))
    for x in rising.T:
        side = np.where(_parts(x[:, None]) & (side == 0.0), np.sign(x), side)
    rest = _complement(np.column_stack((flat, rising)), free, len(scale)) / scale[:, None]
    return DataLimits(rest, _parts(flat), _parts(rising), side)


def _rising(problem: Problem, ways: Ways, point: Point, bounds: tuple[np.ndarray, np.ndarray], rest: np.ndarray,
            objective: Objective) -> np.ndarray:
    """(n, D) in x: directions along which the likelihood never falls, beside the flat ones."""
    n, k = len(point.theta), len(ways.scale)
    scale, inside = padded(ways, n)[0], (point.theta > bounds[0]) & (point.theta < bounds[1])
    spread = np.zeros((n, n))
    spread[:k, :k] = ways.spread * np.outer(ways.scale, ways.scale)
    asked = _collapsed(rest, point, spread, ways.decisions)
    rows = programme(problem, ways, SMALL)
    if (rows is None or not rows.complete) and asked:
        rows = programme(problem, ways, LARGE)
    if rows is None or (not rows.complete and not asked):
        rows, found = None, np.zeros((n, 0))
    else:
        weights = rising_directions(rows, ways, bounds[0][:k], bounds[1][:k], inside[:k])
        found = np.vstack((weights, np.zeros((n - k, weights.shape[1]))))
    if rows is not None and rows.complete and problem.mdp.deterministic:
        return found
    # some goals alone, or chance that hides what was chosen: the likelihood decides
    asked = [*_sized(list((found / scale[:, None]).T), point, spread, ways.decisions), *asked]
    kept = [way for v in asked for way in [next((w for w in (v, -v) if _rises(w, point, objective)), None)] if way is not None]
    return np.column_stack(kept) * scale[:, None] if kept else np.zeros((n, 0))


def free_flat(flat: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Flat directions (n, F') that leave alone what is held at a bound."""
    if not flat.shape[1] or inside.all():
        return flat
    _, values, rows = np.linalg.svd(flat[~inside], full_matrices=True)
    kept = np.append(values, np.zeros(flat.shape[1] - len(values))) <= 1e-9
    return np.where(inside[:, None], flat @ rows[kept].T, 0.0)


def _complement(directions: np.ndarray, free: np.ndarray, n: int) -> np.ndarray:
    """(n, r): orthonormal, what is left of the free numbers beside ``directions``."""
    out = np.zeros((n, len(free)))
    out[free, np.arange(len(free))] = 1.0
    if not directions.shape[1]:
        return out
    left, values, _ = np.linalg.svd(directions[free], full_matrices=True)
    return out @ left[:, int((values > 1e-9).sum()):]


def _parts(directions: np.ndarray) -> np.ndarray:
    """(n,) bool: what has a part in any of the directions (n, D)."""
    size = np.abs(directions)
    return np.asarray((size > NAMED * np.maximum(size.max(axis=0, initial=0.0), 1e-300)).any(axis=1))


def _collapsed(rest: np.ndarray, point: Point, spread: np.ndarray, decisions: int) -> list[np.ndarray]:
    """Directions (n,) that have lost their information, each as long as a contrast of typical size is 1; the Newton step first."""
    told = rest.T @ spread @ rest
    values, vectors = np.linalg.eigh(told)
    kept = vectors[:, values > 1e-9 * max(float(values.max()), 1e-300)]  # own parameters are no matter of contrasts
    if not kept.shape[1] or not decisions:
        return []
    basis = rest @ kept
    share, v = eigh(basis.T @ point.information @ basis, basis.T @ spread @ basis)
    lost = share < COLLAPSED
    directions = basis @ v[:, lost]
    if not lost.any():
        return []
    newton = directions @ (directions.T @ point.gradient / np.maximum(share[lost], 1e-16))
    found = [newton, *directions.T] if lost.sum() > 1 else list(directions.T)
    return _sized(found, point, spread, decisions)


def _sized(directions: list[np.ndarray], point: Point, spread: np.ndarray, decisions: int) -> list[np.ndarray]:
    """Directions (n,) as long as a contrast of typical size is 1, up the slope."""
    sizes = [float(np.sqrt(max(d @ spread @ d, 0.0) / decisions)) for d in directions]
    return [d / size * (1.0 if point.gradient @ d >= 0.0 else -1.0) for d, size in zip(directions, sizes, strict=True) if size > 0.0]


def _rises(direction: np.ndarray, point: Point, objective: Objective) -> bool:
    """Whether the likelihood does not fall far along a direction (n,)."""
    information = float(direction @ point.information @ direction)
    far = min(LONGEST, FAR / np.sqrt(information)) if information > 0.0 else LONGEST
    for length in (far, 0.5 * far, 0.25 * far):  # beyond the edge of what the model allows there is nothing to see
        there = objective(point.theta + length * direction)
        if there is not None:
            if there.value <= point.value - FALLS:
                return False
            beyond = objective(point.theta + 2.0 * length * direction)  # a likelihood with kinks may have a better top close by
            return beyond is None or beyond.value > point.value - FALLS
    return False

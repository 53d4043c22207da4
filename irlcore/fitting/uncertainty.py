"""How sure a fit is: standard errors from the second derivative, from the scores, and the robust sandwich of both.

Every inverse is taken where each number has its own unit (``Point.scale``), so that a column in micrometres is as sure as one in metres,
and only of what the data set a limit to (``separation``): a weight without a limit has no finite error, whatever its neighbours have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.engine import Control
from irlcore.fitting.likelihood import Evaluation
from irlcore.fitting.point import Objective, Optimum
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import CURVATURES
from irlcore.fitting.separation import DataLimits, find_limits
from irlcore.fitting.small_samples import agents_of, information_of_agents, robust
from irlcore.fitting.ways import Ways

SAME = 1e-12  # eigenvalue of a scaled curvature that rounding alone may leave
PART = 1e-3  # of a scaled eigenvector: what has less in it does not share its ignorance
EXACT, DIFFERENCES, EXPECTED, OUTER, LEFT = CURVATURES


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How sure n numbers are.

    robust, hessian, opg: (n,) float64 standard errors (sandwich, inverse curvature, inverse outer product of scores); NaN for one at
    its bound, inf for one that the data set no limit to. covariance, hessian_covariance: (n, n), 0 in what is at a bound or has no
    limit. freedom: (n,) degrees of freedom of the robust errors. curvature: which one of ``CURVATURES`` was computed. agents: how
    many the scores were summed by. limits: what has none.
    """

    robust: np.ndarray
    hessian: np.ndarray
    opg: np.ndarray
    covariance: np.ndarray
    hessian_covariance: np.ndarray
    freedom: np.ndarray
    curvature: str
    agents: int
    limits: DataLimits


def how_sure(problem: Problem, best: Optimum, evaluation: Evaluation, objective: Objective, bounds: tuple[np.ndarray, np.ndarray],
             ways: Ways, control: Control, quick: bool) -> Uncertainty:
    """The errors of a fit's weights and own parameters, of which those at one of their ``bounds`` (n,) have none.

    quick: without evaluations of the likelihood, and so without small-sample corrections and a test for limits.
    """
    inside = (best.point.theta > bounds[0]) & (best.point.theta < bounds[1])
    limits = find_limits(problem, ways, best.point, bounds, None if quick else objective)
    kind = _kind(evaluation, bool(getattr(problem.model, "persistent", False)))
    matrix = evaluation.observed
    if problem.model.smooth and not quick and not evaluation.exact:
        # differences of a gradient that jumps at kinks depend on where they straddle one, so there the expected information stands in
        found = curvature(objective, best, inside & ~limits.none, control)
        if _positive(found, limits.basis):
            kind, matrix = DIFFERENCES, found
    agents = None if quick or not problem.small_sample else information_of_agents(problem, best.point.theta, control)
    return uncertainty(matrix, evaluation.scores, inside, limits, kind, agents_of(problem)[0], agents)


def _kind(evaluation: Evaluation, lasting: bool) -> str:
    """What ``evaluation.observed`` is. lasting: of a model whose agents keep an error for a whole trip."""
    if evaluation.exact:
        return EXACT
    outer = evaluation.scores.T @ evaluation.scores
    if np.allclose(evaluation.observed, outer, rtol=1e-6, atol=0.0):
        return OUTER
    return LEFT if lasting else EXPECTED


def uncertainty(matrix: np.ndarray, scores: np.ndarray, inside: np.ndarray, limits: DataLimits, kind: str = EXACT,
                agent: np.ndarray | None = None, agents: np.ndarray | None = None) -> Uncertainty:
    """From the curvature (n, n), minus the second derivative or what stands for it, and the scores (N, n), over what has a limit.

    agent: (N,) which agent each path is of. agents: (G, n, n) their informations or None. The sandwich H^-1 (S'S) H^-1 holds where the
    model is not quite right (Huber 1967, White 1982), summed by agent where agents keep something from trip to trip (Liang and Zeger
    1986).
    """
    agent = np.arange(len(scores)) if agent is None else agent
    basis, blind = _told(matrix, limits.basis)
    size = np.sqrt(np.maximum(np.einsum("ir,ij,jr->r", basis, matrix, basis), 1e-300))
    basis = basis / size
    inverse = _inverse(basis.T @ matrix @ basis)
    parts = None if agents is None else basis.T @ agents @ basis
    sandwich = robust(inverse, scores @ basis, agent, parts, basis)
    none = limits.none | blind
    covariances = [basis @ m @ basis.T for m in (sandwich.covariance, inverse, _inverse(basis.T @ (scores.T @ scores) @ basis))]
    errors = [_standard_errors(m, inside, none) for m in covariances]
    known = inside & ~none
    both = np.outer(known, known)
    freedom = np.where(known, sandwich.freedom, np.nan)
    return Uncertainty(errors[0], errors[1], errors[2], np.where(both, covariances[0], 0.0), np.where(both, covariances[1], 0.0),
                       freedom, kind, sandwich.agents, DataLimits(limits.basis, limits.flat | blind, limits.rising, limits.side))


def curvature(objective: Objective, best: Optimum, inside: np.ndarray, control: Control) -> np.ndarray:
    """Minus the second derivative (K, K) by central differences of the exact gradient.

    The step is a tenth of a standard error: wide enough to average over the kinks of the hard value, narrow
    enough for a relative error of about 1e-3 elsewhere. Where a side has no finite value, the information
    stands in. A model that knows its second derivative is asked nothing more.
    """
    point = best.point
    if point.exact:
        return point.information
    out = point.information.copy()
    done, total = best.iterations, best.iterations + 2 * int(inside.sum())
    diagonal = np.diag(point.information)
    width = 0.1 / np.sqrt(np.where(diagonal > 0.0, diagonal, 1.0))
    for k in np.flatnonzero(inside):
        control.step(done, total, "standard errors")
        done += 2
        step = np.zeros(len(point.theta))
        step[k] = width[k]
        up, down = objective(point.theta + step), objective(point.theta - step)
        if up is not None and down is not None:
            out[k] = -(up.gradient - down.gradient) / (2.0 * width[k])
    symmetric: np.ndarray = 0.5 * (out + out.T)
    return symmetric


def _positive(matrix: np.ndarray, basis: np.ndarray) -> bool:
    """Whether a curvature is that of a maximum, on the changes (n, r) that have a limit."""
    inner = basis.T @ matrix @ basis
    scale = np.sqrt(np.maximum(np.diag(inner), 1e-300))
    return bool((np.diag(inner) > 0.0).all() and np.linalg.eigvalsh(inner / np.outer(scale, scale)).min(initial=1.0) > SAME)


def _told(matrix: np.ndarray, basis: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The part of a basis (n, r) along which the curvature is more than rounding, and (n,) bool: what shares in the other part."""
    if not basis.shape[1]:
        return basis, np.zeros(len(matrix), bool)
    scale = np.sqrt(np.maximum(np.diag(matrix), 0.0))
    scale = np.where(scale > 0.0, scale, 1.0)
    orthonormal = np.linalg.qr(basis * scale[:, None])[0]
    values, vectors = np.linalg.eigh(orthonormal.T @ (matrix / np.outer(scale, scale)) @ orthonormal)
    told = values > SAME * max(float(values[-1]), 1e-300)
    blind = np.abs(orthonormal @ vectors[:, ~told]).max(axis=1, initial=0.0) > PART
    return orthonormal @ vectors[:, told] / scale[:, None], blind


def _inverse(matrix: np.ndarray) -> np.ndarray:
    """Inverse of a positive semi-definite matrix, each number in its own unit; the shortest where it is singular."""
    scale = np.sqrt(np.maximum(np.diag(matrix), 0.0))
    scale = np.where(scale > 0.0, scale, 1.0)
    return np.asarray(np.linalg.pinv(matrix / np.outer(scale, scale), rcond=SAME, hermitian=True) / np.outer(scale, scale))


def _standard_errors(covariance: np.ndarray, inside: np.ndarray, none: np.ndarray) -> np.ndarray:
    known = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    return np.where(inside, np.where(none, np.inf, known), np.nan)

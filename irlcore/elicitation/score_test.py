"""Candidate features judged without a refit: Lagrange-multiplier tests on the residual matrix.

D (n, M) holds d l_i / d r_m. The score of trip i by the weight of a candidate column phi_j is s_ij = D_i phi_j; the fit's own weights
have scores S_A, whose sum is 0 at the maximum. What a new weight can explain beyond the refitted old ones is the efficient score

    e_ij = s_ij - S_A,i I_AA^-1 I_Aj,    g_j = sum_i e_ij,    LM_j = g_j^2 / V_j  ~  chi^2_1  where phi_j does not matter

(Rao 1948; Neyman 1959). With the curvature h_j = I_jj - I_jA I_AA^-1 I_Aj a Newton step from 0 predicts the weight g_j / h_j and the
gain g_j^2 / (2 h_j). V_j is the larger of sum_i e_ij^2, which holds where the model is not quite right, and h_j: of a rare place that
no trip met all e_ij are nearly equal, so their squares show next to no spread. Where phi_j is counted on the trips themselves (each
without itself), trip i speaks in the score of trip k just as k does in that of i: every pair counts twice, and V_j is doubled (ours).

The best of many candidates looks good by luck. So p-values are multiplied by the number tried (Bonferroni), and the predicted gain
that candidates are ranked by is held out (ours): each fold of trips is judged by the weight that the other folds predict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.stats import chi2

from irlcore.elicitation.kernels import sparse_scores
from irlcore.engine import Control
from irlcore.features.feature_set import PathFeatures
from irlcore.features.folds import fold_of
from irlcore.fitting.problem import Problem
from irlcore.fitting.residual_rows import Residuals

FOLDS = 5
SAME = 1e-6
"""A column is said by the others where less than this share of its score's variance is its own."""
BENDS = 0.25  # of the scores' variance, the least that a curvature is taken for
SINGULAR = 1e-12  # singular value of a scaled information that rounding alone may leave
AN_INTERCEPT = 0.99  # of 1, what old scores together make of it
BLOCK = 256  # candidates at a time
SPARSE = 0.25  # of the choices have something of a candidate: up to here it is faster to pass over the others
ROWS = 256  # trips at a time, so that what is worked out of them is still at hand for the next thing


@dataclass(frozen=True, slots=True)
class Tested:
    """C candidates tested on n trips.

    efficient: (n, C) float64, what each trip says for (> 0) or against a weight above 0. curvature: (C,). lm: (C,), ~ chi^2_1.
    p: (C,) of one test, p_adjusted: (C,) times the number ``tried``. weight: (C,), predicted. gain: (C,) nats, predicted, on these
    trips. held_out: (C,) nats, predicted by weights that the trips had no part in; below 0 where a candidate would do harm.
    support: (C,), about how many trips it rests on, (sum_i e_ij^2)^2 / sum_i e_ij^4: where they are few, chi^2 says little.
    projection: (J, C), I_AA^-1 I_Aj: how much of each old weight a new weight of 1 takes over.
    A candidate that the basis says already has 0 everywhere, and p = 1.
    """

    efficient: np.ndarray
    curvature: np.ndarray
    lm: np.ndarray
    p: np.ndarray
    p_adjusted: np.ndarray
    weight: np.ndarray
    gain: np.ndarray
    held_out: np.ndarray
    support: np.ndarray
    projection: np.ndarray
    tried: int


def candidate_scores(residuals: Residuals, batches: Sequence[PathFeatures]) -> np.ndarray:
    """S = D Phi, (n, C) float64: scores of n trips by the weights of C candidate columns, each batch of trips by its own columns.

    residuals: (n, M), D. Columns that most choices have nothing of are added up in double precision, the others multiplied in that of D.
    """
    n, c = residuals.shape[0], batches[0].phi.shape[1]
    out = np.zeros((n, c))
    for part in batches:
        rows = residuals if len(part.index) == n and np.array_equal(part.index, np.arange(n)) else residuals[part.index]
        sparse = (part.phi != 0.0).mean(axis=0) <= SPARSE
        few, many = np.flatnonzero(sparse), np.flatnonzero(~sparse)
        there = sp.csc_array(part.phi[:, few])  # asked for even where there is none, so that a warm-up compiles it
        if isinstance(rows, np.ndarray):
            sparse_scores(np.ascontiguousarray(rows), there.indptr.astype(np.int64), there.indices.astype(np.uint32),
                          there.data.astype(np.float64), part.index.astype(np.uint32), few.astype(np.uint32), out)
        elif len(few):
            out[np.ix_(part.index, few)] = (rows.astype(np.float64) @ there.astype(np.float64)).toarray()
        for start in range(0, len(many), BLOCK):
            some = many[start:start + BLOCK]
            out[np.ix_(part.index, some)] = rows @ part.phi[:, some].astype(residuals.dtype)
    return out


def screen(known: np.ndarray, candidates: np.ndarray, tried: int = 0) -> Tested:
    """Many candidates at once, with the outer product of the scores for information: good for ranking, timid about large gains,
    and trusting about rare places and about features that are counted on the trips.

    known: (n, J) scores by the fit's own free weights and parameters. candidates: (n, C). tried: candidates looked at in all, C at least.
    """
    known = _apart(known)
    projection = _projection(known.T @ known, known.T @ candidates)
    efficient, own, whole = np.empty(candidates.shape), np.zeros(candidates.shape[1]), np.zeros(candidates.shape[1])
    for start in range(0, len(candidates), ROWS):
        given, left = candidates[start:start + ROWS], efficient[start:start + ROWS]
        np.subtract(given, known[start:start + ROWS] @ projection, out=left)
        own += np.einsum("ij,ij->j", left, left)
        whole += np.einsum("ij,ij->j", given, given)
    return _tested(efficient, own, own > SAME * np.maximum(whole, 1e-300), projection, tried, np.zeros(len(own), bool))


def examine(problem: Problem, candidates: Problem, point: np.ndarray, free: np.ndarray, tried: int = 0,
            control: Control | None = None) -> Tested:
    """A few candidates, with the exact scores and the information of the model: one evaluation of the likelihood.

    candidates: a problem over the same paths with the candidate columns (C). point: (K + P,) weights and own parameters of the fit.
    free: (K + P,) bool, those that a refit may move (not held at a bound).
    """
    k, c = len(problem.names), len(candidates.names)
    both = problem.beside(candidates)
    found = both.evaluate(np.concatenate((point[:k], np.zeros(c), point[k:])), both.counted_groups(), control)
    new = np.arange(k, k + c)
    old = np.setdiff1d(np.arange(len(point) + c), new)[free]
    information = found.observed
    projection = _projection(information[np.ix_(old, old)], information[np.ix_(old, new)])
    efficient = found.scores[:, new] - found.scores[:, old] @ projection
    curvature = np.diag(information)[new] - np.einsum("kc,kc->c", information[np.ix_(old, new)], projection)
    counted = np.any([(part.phi != candidates.phi).any(axis=0) for part in candidates.recounts] or np.zeros((1, c), bool), axis=0)
    # of a likelihood that bends less here than its scores vary (errors that last for a whole trip), no step may be thirty times too long
    curvature = np.where(curvature > 0.0, np.maximum(curvature, BENDS * (efficient**2).sum(axis=0)), curvature)
    return _tested(efficient, curvature, curvature > SAME * np.maximum(np.diag(information)[new], 1e-300), projection, tried, counted)


def _apart(known: np.ndarray) -> np.ndarray:
    """(n, J): the scores of the old weights, less their means where together they would be an intercept.

    An intercept takes from every candidate all that it explains. At the maximum each score sums to 0, so there is none. But of a weight
    that grows without end every trip may have the same small score, as each of equally long sequences ends once.
    """
    n, j = known.shape
    if n <= 2 * j:
        return known
    one = known @ _projection(known.T @ known, known.sum(axis=0)[:, None])[:, 0]
    if one.mean() < AN_INTERCEPT:
        return known
    apart = known - known.mean(axis=0)
    spread, size = (np.einsum("ij,ij->j", scores, scores) for scores in (apart, known))
    return np.asarray(np.where(spread > SINGULAR * size, apart, 0.0))


def _projection(information: np.ndarray, cross: np.ndarray) -> np.ndarray:
    """I_AA^-1 I_Aj, (J, C), whatever units the old features are measured in; the shortest where they say the same."""
    if not len(information):
        return np.zeros(cross.shape)
    scale = np.sqrt(np.where(np.diag(information) > 0.0, np.diag(information), 1.0))[:, None]
    return np.asarray(np.linalg.lstsq(information / (scale * scale.T), cross / scale, rcond=SINGULAR)[0] / scale)


def _tested(efficient: np.ndarray, curvature: np.ndarray, new: np.ndarray, projection: np.ndarray, tried: int,
            counted: np.ndarray) -> Tested:
    tried = max(tried, efficient.shape[1])
    if not new.all():
        efficient = np.where(new, efficient, 0.0)
    gradient, squares = efficient.sum(axis=0), np.einsum("ij,ij->j", efficient, efficient)
    safe = np.where(new & (curvature > 0.0), curvature, np.inf)
    variance = np.maximum(squares, curvature) * np.where(counted, 2.0, 1.0)
    lm = np.where(new, gradient**2 / np.where(squares > 0.0, variance, np.inf), 0.0)
    return Tested(efficient, np.where(new, curvature, 0.0), lm, chi2.sf(lm, 1), adjusted(lm, tried), gradient / safe,
                  gradient**2 / (2.0 * safe), _held_out(efficient, safe), _support(efficient, squares), projection, tried)


def adjusted(lm: np.ndarray | float, tried: int) -> np.ndarray:
    """How probable so large a statistic is by luck where the best of ``tried`` candidates is looked at (Bonferroni)."""
    return np.minimum(1.0, max(tried, 1) * chi2.sf(lm, 1))


def _support(efficient: np.ndarray, squares: np.ndarray) -> np.ndarray:
    fourth = np.zeros(efficient.shape[1])
    for start in range(0, len(efficient), ROWS):
        square = efficient[start:start + ROWS]**2
        fourth += np.einsum("ij,ij->j", square, square)
    return np.asarray(squares**2 / np.where(fourth > 0.0, fourth, np.inf))


def _held_out(efficient: np.ndarray, curvature: np.ndarray) -> np.ndarray:
    """(C,): sum over folds of the gain on the fold under the weight that the other folds predict; each trip is taken to bear an equal
    share of the curvature."""
    n = len(efficient)
    if n < 2:
        return np.zeros(efficient.shape[1])
    fold = fold_of(n, min(FOLDS, n))
    inside = (fold == np.arange(min(FOLDS, n))[:, None]).astype(np.float64)
    share, gradient = inside.mean(axis=1)[:, None], inside @ efficient
    weight = (gradient.sum(axis=0) - gradient) / (curvature * (1.0 - share))
    lost = 0.5 * weight**2 * np.where(np.isfinite(curvature), curvature, 0.0) * share
    return np.asarray((weight * gradient - lost).sum(axis=0))

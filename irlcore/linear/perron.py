"""The spectral radius of a nonnegative W and its eigenvectors, by Noda's iteration on the factors of s I - W.

s = max (W x) / x is never below the radius rho (Collatz 1942, Wielandt 1950); x <- (s I - W)^-1 x makes x positive again and s
smaller, quadratically in the end (Noda, *Numerische Mathematik* 17, 1971; Elsner 1976). Where all entries of W are e^(phi theta),
log rho is convex in theta (Kingman, *Quarterly Journal of Mathematics* 12, 1961), with the derivative u' dW v / (rho u' v).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import ArpackError, eigs

from irlcore.linear.elimination import Factors, Pattern, eliminate

MOST_ROUNDS = 100
SAME = 1e-9  # of a vector's largest entry
AGREED = 1e-9  # of s, between its two vectors
ABOVE = 1e-4  # of the first s, which is the radius itself where all rows have one sum
MANY = 2000  # states, from which on a guess is cheaper than the eliminations that it saves
GUESSED, CLOSE_BY, MOST_RESTARTS = 1e-6, 40, 50  # of the radius: how near the guess is to be; vectors kept; rounds
SAME_FACTORS = 12  # solves with the factors of a guess, each of which brings out the root by as much as the guess is near
SETTLED = 1e-13  # of s; the pivots of a matrix closer to being singular are rounding alone


@dataclass(frozen=True, slots=True)
class PerronRoot:
    """rho: spectral radius, at most 1e-12 of itself above the true one. use: (M,) float64, derivative of log rho by the log of each
    choice's weight: how often the cheapest way of going round for ever takes it, summing to 1."""

    rho: float
    use: np.ndarray


def perron_root(pattern: Pattern, weight: np.ndarray) -> PerronRoot | None:
    """Of W, the sum of ``weight`` (M,) >= 0 over the choices between two states; choices that lie on no cycle must have weight 0.

    None where W is 0, or where rounding hides its vectors.
    """
    n, into = len(pattern.state_at), pattern.into.astype(np.int64)
    here = np.repeat(pattern.place_of.astype(np.int64), np.diff(pattern.choice_offsets).astype(np.int64))
    s, right = (1.0 + ABOVE) * float(np.bincount(here, weight, n).max(initial=0.0)), np.ones(n)
    factors: Factors | None = None
    guess = _guess(sp.csr_array((weight, (here, into)), shape=(n, n))) * (1.0 + GUESSED) if n >= MANY else 0.0
    if 0.0 < guess < s:
        factors = eliminate(pattern, weight / guess)  # of a guess that is too low there are none
        s, kept = (guess, SAME_FACTORS) if factors is not None else (s, 0)
    else:
        kept = 0
    for round_ in range(MOST_ROUNDS):
        better = factors if round_ < kept else eliminate(pattern, weight / s) if s > 0.0 else None
        if better is None:
            break
        factors, before = better, right
        right = factors.solve_in_place(right.copy())
        right /= right.max()
        live = right > 0.0
        tighter = float((np.bincount(here, weight * right[into], n)[live] / right[live]).max())
        settled = tighter >= s * (1.0 - SETTLED) and np.abs(right - before).max() < SAME
        s = min(s, tighter)
        if settled:
            break
    if factors is None:
        return None
    left = _left(factors)
    use = left[here] * weight * right[into]
    total, mass = float(use.sum()), float(left @ right)
    if not (mass > 0.0 and abs(total / mass - s) <= AGREED * s):  # not settled, or two roots as one
        return None
    return PerronRoot(s, use / total)


def _guess(steps: sp.csr_array) -> float:
    """About the spectral radius of W by Arnoldi's method, which takes some hundred products with it; 0 where it does not settle."""
    try:
        found = eigs(steps, k=1, which="LR", v0=np.ones(steps.shape[0]), ncv=CLOSE_BY, tol=0.1 * GUESSED, maxiter=MOST_RESTARTS,
                     return_eigenvectors=False)
    except ArpackError:
        return 0.0
    return float(found.real[0]) if np.isfinite(found).all() else 0.0


def _left(factors: Factors) -> np.ndarray:
    """The left eigenvector (S,), with factors of s I - W whose s is next to the radius."""
    left = np.ones(len(factors.inverse))
    for _ in range(MOST_ROUNDS):
        before, left = left, factors.solve_transposed(left)
        left /= left.max()
        if np.abs(left - before).max() < SAME:
            break
    return left

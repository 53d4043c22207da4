"""Sums along a chain that ends: (I - W)^-1 of right sides, W (n, n) nonnegative with a spectral radius below 1.

Where few states follow each, as on roads and grids, SuperLU's factors serve all right sides. Where many do, as in logs of events, in which
every event may follow, factors fill up: up to some thousand states they are dense from the start, which costs less; beyond, as their cost
rises with the cube of the states, a log of 12,000 contexts would never end. But a chain that many ways lead on from forgets soon where it
was, but for being under way at all, and that is what Krylov methods are quick with: BiCGSTAB (van der Vorst 1992) takes some dozens of
products with W whatever the number of states. A product reads all of W, so right sides go side by side.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.linalg import lu_factor, lu_solve
from scipy.sparse.linalg import SuperLU, splu

MANY_WAYS, MANY_STATES = 12.0, 300
"""Outcomes a state, and states, from which sparse factors are not tried first."""
MOST_DENSE = 3_000  # states: dense factors of so many take .5 s and 72 MB
CLOSE, CLOSE_ENOUGH = 1e-12, 1e-10
"""Of the size of a right side: the residual that is asked for, and the one that is taken."""
MOST_ROUNDS, MOST_STARTS = 400, 3
A_TIME = 1e-9  # of what is left, in one start: what a Krylov method believes to be left drifts from the truth
SIDE_BY_SIDE = 16  # right sides: with more, what is kept of them outgrows the cache


class Chain:
    """I - W made ready to be solved with. steps: W, CSR."""

    def __init__(self, steps: sp.csr_array) -> None:
        self.system = sp.csr_array(sp.eye_array(steps.shape[0]) - steps)
        self._turned: sp.csr_array | None = None
        self._factors: SuperLU | None = None
        self._dense: tuple[np.ndarray, np.ndarray] | None = None
        n = steps.shape[0]
        full = n >= MANY_STATES and steps.nnz >= MANY_WAYS * n
        self.dense, self.by_rounds = full and n <= MOST_DENSE, full and n > MOST_DENSE

    @property
    def factors(self) -> SuperLU:
        """Of I - W, made at first use."""
        if self._factors is None:
            self._factors = splu(sp.csc_array(self.system))
        return self._factors

    def solve(self, right: np.ndarray, turned: bool = False) -> np.ndarray:
        """(I - W)^-1 ``right``, (n, K); turned: of the transpose."""
        if self.dense:
            if self._dense is None:
                self._dense = lu_factor(self.system.toarray(), overwrite_a=True, check_finite=False)
            return np.asarray(lu_solve(self._dense, right, trans=int(turned), check_finite=False))
        if self.by_rounds:
            found = [self._in_rounds(right[:, k:k + SIDE_BY_SIDE], turned) for k in range(0, right.shape[1], SIDE_BY_SIDE)]
            done = [one for one in found if one is not None]
            if len(done) == len(found):
                return np.hstack(done) if done else np.zeros(right.shape)
        return np.asarray(self.factors.solve(np.asfortranarray(right), trans="T" if turned else "N"))

    def _in_rounds(self, right: np.ndarray, turned: bool) -> np.ndarray | None:
        """Of a few right sides (n, K); None where rounds do not come close to one. What a start leaves over is solved for once more."""
        if turned and self._turned is None:
            self._turned = sp.csr_array(self.system.T)
        system = self._turned if turned and self._turned is not None else self.system
        size = np.abs(right).max(axis=0, initial=0.0)
        scaled = right / np.where(size > 0.0, size, 1.0)
        out, left = np.zeros(right.shape), scaled
        for _ in range(MOST_STARTS):
            far = np.flatnonzero(np.abs(left).max(axis=0, initial=0.0) > CLOSE)
            step = _bicgstab(system, np.ascontiguousarray(left[:, far]))
            if not len(far) or not np.isfinite(step).all():  # what is left is rounding alone
                break
            out[:, far] += step
            left = scaled - system @ out
        return out * size if np.abs(left).max(initial=0.0) <= CLOSE_ENOUGH else None


def _bicgstab(system: sp.csr_array, right: np.ndarray) -> np.ndarray:
    """About ``system``^-1 ``right``, (n, K), each column by itself until ``A_TIME`` of it is left, or it gains no more."""
    x, left, along, shadow = np.zeros(right.shape), right.copy(), right.copy(), right
    close, matched = A_TIME**2 * _dots(right, right), _dots(right, right)
    going = matched > 0.0
    for _ in range(MOST_ROUNDS):
        if not going.any():
            break
        moved = system @ along
        alpha = _share(matched, _dots(shadow, moved), going)
        left -= alpha * moved
        turned = system @ left
        omega = _share(_dots(turned, left), _dots(turned, turned), going)
        x += alpha * along + omega * left
        left -= omega * turned
        now = _dots(shadow, left)
        beta = _share(now, matched, going) * _share(alpha, omega, going)
        along = left + beta * (along - omega * moved)
        going &= (_dots(left, left) > close) & (beta != 0.0)
        matched = now
    return x


def _dots(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.asarray(np.einsum("nk,nk->k", one, other))


def _share(some: np.ndarray, of: np.ndarray, where: np.ndarray) -> np.ndarray:
    """some / of, and 0 where it is nothing or not ``where``."""
    return np.divide(some, of, out=np.zeros(len(some)), where=where & (of != 0.0))

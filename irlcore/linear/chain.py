"""Sums along a chain that ends: (I - W)^-1 of right sides, W (n, n) nonnegative with a spectral radius below 1.

Where few states follow each, as on roads and grids, SuperLU's factors serve all right sides. Where many do, as in logs of events, in which
every event may follow, factors fill up: their cost rises with the cube of the states, and a log of 12,000 contexts never ends. But a
chain that many ways lead on from forgets soon where it was, but for being under way at all, and that is what Krylov methods are quick
with: BiCGSTAB (van der Vorst 1992) takes some dozens of products with W whatever the number of states.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import SuperLU, bicgstab, splu

MANY_WAYS, MANY_STATES = 12.0, 300
"""Outcomes a state, and states, from which factors are not tried first."""
CLOSE, CLOSE_ENOUGH = 1e-12, 1e-10
"""Of the size of a right side: the residual that is asked for, and the one that is taken."""
MOST_ROUNDS = 400


class Chain:
    """I - W made ready to be solved with. steps: W, CSR."""

    def __init__(self, steps: sp.csr_array) -> None:
        self.system = sp.csr_array(sp.eye_array(steps.shape[0]) - steps)
        self._turned: sp.csr_array | None = None
        self._factors: SuperLU | None = None
        n = steps.shape[0]
        self.by_rounds = n >= MANY_STATES and steps.nnz >= MANY_WAYS * n

    @property
    def factors(self) -> SuperLU:
        """Of I - W, made at first use."""
        if self._factors is None:
            self._factors = splu(sp.csc_array(self.system))
        return self._factors

    def solve(self, right: np.ndarray, turned: bool = False) -> np.ndarray:
        """(I - W)^-1 ``right``, (n, K); turned: of the transpose."""
        if self.by_rounds:
            found = [self._in_rounds(column, turned) for column in right.T]
            done = [one for one in found if one is not None]
            if len(done) == len(found):
                return np.column_stack(done) if done else np.zeros(right.shape)
        return np.asarray(self.factors.solve(np.asfortranarray(right), trans="T" if turned else "N"))

    def _in_rounds(self, right: np.ndarray, turned: bool) -> np.ndarray | None:
        """Of one right side (n,); None where rounds do not come close. What is left over is solved for once more, as the residual that a
        Krylov method keeps drifts from the true one."""
        if turned and self._turned is None:
            self._turned = sp.csr_array(self.system.T)
        system = self._turned if turned and self._turned is not None else self.system
        size = float(np.abs(right).max(initial=0.0))
        out = np.zeros(len(right))
        if size == 0.0:
            return out
        for _ in range(3):
            left = right / size - system @ out  # scaled, as SciPy takes small numbers as such for a breakdown
            apart = float(np.abs(left).max())
            if apart <= CLOSE:
                return out * size
            step, _ = bicgstab(system, left / apart, rtol=1e-9, atol=0.0, maxiter=MOST_ROUNDS)
            if not np.isfinite(step).all():  # what is left is rounding alone
                break
            out += step * apart
        return out * size if np.abs(right / size - system @ out).max() <= CLOSE_ENOUGH else None

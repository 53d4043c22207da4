"""Sums along a chain whose steps mostly lead to earlier states of an order: (I - W)^-1 of right sides, without factors.

The chain of trips to a goal comes nearer with most of its steps. In the order of what is left to pay, one sweep of Gauss and Seidel carries
news all the way along such steps, and what leads away is left to BiCGSTAB (``krylov.kernels``): some dozens of sweeps, where SuperLU's
factors fill up faster than the world grows (1 s for 124,000 links).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from irlcore.planning.krylov import kernels

CLOSE, CLOSE_ENOUGH = 1e-13, 1e-12
"""Of the size of a right side: the residual that is asked for, and the one that is taken. Rounding alone leaves some 1e-14."""
MOST_ROUNDS, MOST_STARTS = 150, 4
A_TIME = 1e-9  # of what is left, in one start: what a Krylov method believes to be left drifts from the truth


@dataclass(frozen=True, slots=True)
class _Rows:
    """I - W with rows scaled to a unit diagonal, as ``kernels.bicgstab`` takes them; steps: W, scale: (n,), both in the order."""

    steps: sp.csr_array
    scale: np.ndarray
    first: np.ndarray
    upper: np.ndarray
    last: np.ndarray
    columns: np.ndarray
    data: np.ndarray


class OrderedChain:
    """I - W for W (n, n) nonnegative with a spectral radius below 1. order: (n,) int64, states, those that steps lead to first."""

    def __init__(self, steps: sp.csr_array, order: np.ndarray) -> None:
        self.steps, self.order = steps, order
        self._made: dict[bool, _Rows] = {}

    def solve(self, right: np.ndarray, turned: bool = False) -> np.ndarray | None:
        """(I - W)^-1 ``right``, (n, K); turned: of the transpose. None where rounds do not come close."""
        order = self.order[::-1] if turned else self.order
        if turned not in self._made:
            self._made[turned] = _rows(self.steps.T if turned else self.steps, order)
        out = np.zeros(right.shape)
        for k in range(right.shape[1]):
            found = _solved(self._made[turned], right[order, k])
            if found is None:
                return None
            out[order, k] = found
        return out


def _rows(steps: sp.sparray, order: np.ndarray) -> _Rows:
    coo, rank = sp.coo_array(steps), np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    ranked = sp.csr_array((coo.data, (rank[coo.row], rank[coo.col])), shape=coo.shape)
    ranked.sort_indices()
    row = np.repeat(np.arange(len(order)), np.diff(ranked.indptr))
    scale = 1.0 / (1.0 - ranked.diagonal())
    off = ranked.indices != row
    row, column = row[off], ranked.indices[off]
    ends = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=len(order)))))
    lower = np.bincount(row[column < row], minlength=len(order))
    first, upper, last = (part.astype(np.uint32) for part in (ends[:-1], ends[:-1] + lower, ends[1:]))
    return _Rows(ranked, scale, first, upper, last, column.astype(np.uint32), ranked.data[off] * scale[row])


def _solved(rows: _Rows, right: np.ndarray) -> np.ndarray | None:
    """One right side (n,), in the order. What a start leaves over is solved for once more."""
    size, out = float(np.abs(right).max(initial=0.0)), np.zeros(len(right))
    if size == 0.0:
        return out
    x, work, left = np.empty(len(right)), np.empty((6, len(right))), right
    for _ in range(MOST_STARTS):
        kernels.bicgstab(rows.first, rows.upper, rows.last, rows.columns, rows.data, left * rows.scale, A_TIME, MOST_ROUNDS, x, work)
        if not np.isfinite(x).all():
            return None
        out += x
        left = right - out + rows.steps @ out
        if np.abs(left).max() <= CLOSE * size:
            break
    return out if np.abs(left).max() <= CLOSE_ENOUGH * size else None

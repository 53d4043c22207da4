"""Sparse elimination of I - W, W a nonnegative matrix over the states of a deterministic world.

The order and the pattern of the factors hang on the world alone and are found once; what changes with the rewards is a single
pass over numbers. The order is SuperLU's minimum degree on A + A' (Li 2005). No pivoting is needed: I - W is an M-matrix, so
all pivots are positive if and only if the spectral radius of W is below 1, and nothing but a diagonal ever cancels (Berman and
Plemmons 1994, theorem 6.2.3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from irlcore.linear import kernels


@dataclass(frozen=True, slots=True)
class Pattern:
    """Order of elimination and pattern of the factors; all uint32.

    places: (S,), all of them. state_at: (S,), the state of each place. place_of: (S,), its inverse. into: (M,), the place of
    each choice's successor. choice_offsets: (S + 1,). lower_*, upper_*: rows of L and U without diagonals.
    """

    places: np.ndarray
    state_at: np.ndarray
    place_of: np.ndarray
    into: np.ndarray
    choice_offsets: np.ndarray
    lower_offsets: np.ndarray
    lower_columns: np.ndarray
    upper_offsets: np.ndarray
    upper_columns: np.ndarray


@dataclass(frozen=True, slots=True)
class Factors:
    """L and U of one I - W: lower, upper (entries of the pattern) and inverse (S,) pivots, float64. Solves take and give
    arrays by place."""

    pattern: Pattern
    lower: np.ndarray
    upper: np.ndarray
    inverse: np.ndarray

    def solve_in_place(self, sides: np.ndarray) -> np.ndarray:
        """(I - W)^-1 ``sides`` (S,) or (S, B) float64, B a multiple of 4, written over ``sides``."""
        p = self.pattern
        assert sides.ndim == 1 or sides.shape[1] % 4 == 0
        kernel = kernels.solve_column if sides.ndim == 1 else kernels.solve_columns
        kernel(p.lower_offsets, p.lower_columns, self.lower, p.upper_offsets, p.upper_columns, self.upper, self.inverse, sides)
        return sides

    def solve_transposed(self, side: np.ndarray) -> np.ndarray:
        """(I - W)'^-1 ``side``, (S,)."""
        p, out = self.pattern, np.array(side, np.float64)
        kernels.solve_transposed(p.lower_offsets, p.lower_columns, self.lower, p.upper_offsets, p.upper_columns, self.upper,
                                 self.inverse, out)
        return out


MOST_STEPS, CLEARLY_BELOW = 64, 0.999


def surely_below_one(choice_offsets: np.ndarray, successors: np.ndarray, weight: np.ndarray) -> bool:
    """Whether a few steps show that the spectral radius of W, the sum of ``weight`` (M,) >= 0 over the choices between two states, is below
    1: it is not above the k-th root of any row sum of W^k. False says nothing."""
    return bool(kernels.rows_fall_below(choice_offsets, successors, weight, MOST_STEPS, CLEARLY_BELOW))


def pattern_of(choice_offsets: np.ndarray, choice_state: np.ndarray, successors: np.ndarray) -> Pattern:
    """The pattern of a deterministic world: uint32 arrays (S + 1,), (M,), (M,)."""
    n = len(choice_offsets) - 1
    links = sp.csc_array((np.ones(len(successors)), (choice_state.astype(np.int64), successors.astype(np.int64))), shape=(n, n))
    links = sp.csc_array(links + links.T)
    place_of = _minimum_degree(links)
    state_at = np.empty_like(place_of)
    state_at[place_of] = np.arange(n, dtype=np.uint32)
    ordered = sp.csr_array(links[state_at][:, state_at])
    offsets, columns = ordered.indptr.astype(np.uint32), ordered.indices.astype(np.uint32)
    parent = np.empty(n, np.uint32)
    count = kernels.elimination_tree(offsets, columns, parent)
    lower_offsets, lower_columns = np.empty(n + 1, np.uint32), np.empty(count, np.uint32)
    kernels.fill_lower(offsets, columns, parent, lower_offsets, lower_columns)
    lower = sp.csr_array((np.ones(count, np.int8), lower_columns.astype(np.int32), lower_offsets.astype(np.int32)), shape=(n, n))
    upper = sp.csr_array(lower.T)  # turning a matrix over sorts its rows
    lower = sp.csr_array(upper.T)
    rows = [index.astype(np.uint32) for index in (lower.indptr, lower.indices, upper.indptr, upper.indices)]
    return Pattern(np.arange(n, dtype=np.uint32), state_at, place_of, place_of[successors], choice_offsets, *rows)


def _minimum_degree(links: sp.csc_array) -> np.ndarray:
    """(S,) uint32: each state's place in the order of elimination."""
    n = links.shape[0]
    busiest = float(np.diff(links.indptr).max(initial=0))
    safe = sp.csc_array(sp.diags_array(np.full(n, busiest + 2.0)) - links.sign())  # dominant diagonal: no pivot is moved
    return splu(safe, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}).perm_c.astype(np.uint32)


def eliminate(pattern: Pattern, weight: np.ndarray) -> Factors | None:
    """Factors of I - W, W the sum of ``weight`` (M,) >= 0 over the choices between two states; None where the spectral radius of
    W is not below 1."""
    lower, upper = np.empty(len(pattern.lower_columns)), np.empty(len(pattern.upper_columns))
    inverse = np.empty(len(pattern.state_at))
    done = kernels.eliminate(pattern.choice_offsets, pattern.state_at, pattern.into, weight, pattern.lower_offsets,
                             pattern.lower_columns, pattern.upper_offsets, pattern.upper_columns, lower, upper, inverse)
    whole = done == len(inverse) and bool(np.isfinite(inverse).all())
    return Factors(pattern, lower, upper, inverse) if whole else None

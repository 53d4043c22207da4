"""The residual matrix of worlds so large that it does not fit into memory as it is: the places that each track has to do with, row by row.

A track that keeps to its part of a city is expected nowhere else, so nearly all of its row is 0: under Boltzmann, but for the best ways
ahead of where it was, to the last bit; under MaxEnt what is expected falls off with every step away from its ways.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import scipy.sparse as sp

from irlcore.engine import Control, run_all
from irlcore.fitting.mixed_goals import mixed_residuals
from irlcore.rationality.base import Rationality
from irlcore.rationality.confined import covering
from irlcore.rationality.solution import Group, Prepared
from irlcore.rationality.unfinished import cut_trips, groups_of, known_and_cut
from irlcore.worlds.mdp import Paths

Residuals: TypeAlias = np.ndarray | sp.csr_array
"""(n, M) float32, D: in full, or its entries that are not 0."""
LEAST = 1e-9
"""Uses of a choice, more or less than expected, that are left out: half a million of them are still less than what single precision
leaves out of one that counts."""
AT_ONCE = 8_000_000  # numbers of a block in full


def residual_rows(model: Rationality, prepared: Prepared, paths: Paths, control: Control | None = None) -> sp.csr_array:
    """The rows of the residual matrix (N, M), float32, goals side by side."""
    prepared, m = covering(model, prepared, paths), prepared.mdp.n_choices
    block = max(1, AT_ONCE // m)

    def one(group: Group) -> sp.csr_array:
        solution, starts = model.solve(prepared, group.goal_states), range(0, len(group.index), block)
        return sp.vstack([_kept(model.residuals(prepared, solution, group.part(a, min(a + block, len(group.index))))) for a in starts],
                         format="csr")

    known, cut = known_and_cut(groups := groups_of(prepared.mdp, prepared.gamma, paths))
    rows, index = run_all(one, known, control, "goal by goal"), [group.index for group in known]
    unfinished = cut_trips(groups)
    for a in range(0, len(unfinished), block):
        mine = unfinished[a:a + block]
        summed = np.zeros((len(mine), m))
        for at, added in mixed_residuals(model, prepared, cut, mine, block, control):
            summed[at] += added
        rows.append(_kept(summed))
        index.append(mine)
    if not rows:
        return sp.csr_array((0, m), dtype=np.float32)
    return in_order(rows, index)


def in_order(rows: list[sp.csr_array], index: list[np.ndarray]) -> sp.csr_array:
    """Rows that belong at ``index`` (n,) each, 0 to N - 1 in all, one below the other in that order."""
    return sp.csr_array(sp.vstack(rows, format="csr")[np.argsort(np.concatenate(index), kind="stable")])


def bytes_of(residuals: Residuals) -> int:
    """How many bytes a residual matrix takes."""
    if isinstance(residuals, np.ndarray):
        return int(residuals.nbytes)
    return int(residuals.data.nbytes + residuals.indices.nbytes + residuals.indptr.nbytes)


def _kept(full: np.ndarray) -> sp.csr_array:
    """The entries (n, M) that count."""
    row, column = np.nonzero(np.abs(full) >= LEAST)
    return sp.csr_array((full[row, column].astype(np.float32), (row, column)), shape=full.shape)

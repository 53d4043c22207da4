"""The residual matrix of worlds so large that it does not fit into memory as it is: the places that each track has to do with, row by row.

A track that keeps to its part of a city is expected nowhere else, so nearly all of its row is 0: under Boltzmann, but for the best ways
ahead of where it was, to the last bit; under MaxEnt what is expected falls off with every step away from its ways.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import scipy.sparse as sp

from irlcore.engine import Control, run_all
from irlcore.fitting.mixed_goals import Share, shares_of, weighted_residuals
from irlcore.fitting.solved_goals import SolvedGoals, pieces_of
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
ADDED = 64  # pieces of trips that were cut off, whose rows are added up at once


def residual_rows(model: Rationality, prepared: Prepared, paths: Paths, control: Control | None = None) -> sp.csr_array:
    """The rows of the residual matrix (N, M), float32, goals side by side."""
    prepared, m = covering(model, prepared, paths), prepared.mdp.n_choices
    block = max(1, AT_ONCE // m)
    known, cut = known_and_cut(groups := groups_of(prepared.mdp, prepared.gamma, paths))
    rows = run_all(_rows_of, known, control, "goal by goal", shared=(model, prepared, block))
    index, unfinished = [group.index for group in known], cut_trips(groups)
    if len(unfinished):
        rows.append(_mixed_rows(model, prepared, cut, unfinished, block, control))
        index.append(unfinished)
    if not rows:
        return sp.csr_array((0, m), dtype=np.float32)
    return in_order(rows, index)


def _rows_of(judge: tuple[Rationality, Prepared, int], group: Group) -> sp.csr_array:
    """(n, M) of a group's trips, so many in full at once."""
    model, prepared, block = judge
    solution, parts = model.solve(prepared, group.goal_states), pieces_of([group], block)
    return sp.vstack([_kept(model.residuals(prepared, solution, part.trips), LEAST).astype(np.float32) for part in parts], format="csr")


def _mixed_rows(model: Rationality, prepared: Prepared, cut: list[Group], index: np.ndarray, block: int,
                control: Control | None) -> sp.csr_array:
    """(n, M) of trips ``index`` (n,) that were cut off, over the goals that they may have had, added up in the order of these."""
    shares, m = shares_of(model, prepared, cut, index, block, control), prepared.mdp.n_choices
    summed = sp.csr_array((len(index), m))
    judge = SolvedGoals(model, prepared), LEAST / max(1, len(cut))  # what all goals leave out together is less than is left out below
    for done in range(0, len(shares), ADDED):
        some = shares[done:done + ADDED]
        parts = [part.tocoo() for part in run_all(_weighted_rows, some, control, "goal by goal", shared=judge)]
        at = np.concatenate([one.at[part.row] for one, part in zip(some, parts, strict=True)])
        where = at, np.concatenate([part.col for part in parts])
        summed = summed + sp.csr_array((np.concatenate([part.data for part in parts]), where), shape=(len(index), m))
    row, column = (kept := summed.tocoo()).row, kept.col
    counts = np.abs(kept.data) >= LEAST
    return sp.csr_array((kept.data[counts].astype(np.float32), (row[counts], column[counts])), shape=kept.shape)


def _weighted_rows(judge: tuple[SolvedGoals, float], share: Share) -> sp.csr_array:
    solved, least = judge
    return _kept(weighted_residuals(solved, share), least)


def in_order(rows: list[sp.csr_array], index: list[np.ndarray]) -> sp.csr_array:
    """Rows that belong at ``index`` (n,) each, 0 to N - 1 in all, one below the other in that order."""
    return sp.csr_array(sp.vstack(rows, format="csr")[np.argsort(np.concatenate(index), kind="stable")])


def bytes_of(residuals: Residuals) -> int:
    """How many bytes a residual matrix takes."""
    if isinstance(residuals, np.ndarray):
        return int(residuals.nbytes)
    return int(residuals.data.nbytes + residuals.indices.nbytes + residuals.indptr.nbytes)


def _kept(full: np.ndarray, least: float) -> sp.csr_array:
    """The entries (n, M) of at least so much."""
    row, column = np.nonzero(np.abs(full) >= least)
    return sp.csr_array((full[row, column], (row, column)), shape=full.shape)

"""What a fit leaves unexplained, track by track: the residual matrix of some of a class's tracks, and where on the map it points."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from irlcore.analysis.judging import Judged
from irlcore.analysis.study import judged
from irlcore.engine import Control
from irlcore.fitting.likelihood import residual_matrix
from irlcore.fitting.residual_rows import Residuals, in_order, residual_rows
from irlcore.project.project import Project
from irlcore.project.split import Parts, need_world
from irlcore.rationality.base import Rationality
from irlcore.worlds.alike import alike_paths
from irlcore.worlds.mdp import Paths

MOST_NUMBERS = 250_000_000  # of the residual matrix in full, 4 bytes each; half as many where each comes with its place
COPIED = 1000  # tracks at a time


def residuals_of(project: Project, index: np.ndarray) -> Residuals:
    """Residuals (n, M) of the class's paths ``index`` ((n,) int)."""
    ready = judged(project)
    parts, matrix, model, batches = ready.parts, ready.matrix, ready.model, ready.batches
    return residual_matrix_of(index, model, batches, parts, len(matrix.values))


def residual_matrix_of(index: np.ndarray, model: Rationality, batches: tuple[Judged, ...], parts: Parts, n_choices: int,
                       watch: Control | None = None) -> Residuals:
    """Residuals (n, M) of the class's paths ``index``, each as it is judged."""
    if len(index) * n_choices > MOST_NUMBERS:
        return rows_of_residuals(index, model, batches, parts, n_choices, watch)
    out, row = np.zeros((len(index), n_choices), np.float32), np.full(len(parts.paths), -1)
    row[index] = np.arange(len(index))
    for batch in batches:
        mine = batch.index[row[batch.index] >= 0]
        if len(mine):
            _once(model, batch, parts.paths.take(mine), out, row[mine], watch)
    return out


def _once(model: Rationality, batch: Judged, trips: Paths, out: np.ndarray, rows: np.ndarray, watch: Control | None) -> None:
    """Residuals of trips (n,) into ``out`` at ``rows`` (n,): those that go the same way have the same, which is worked out once."""
    same = alike_paths(trips)
    if same is None:
        residual_matrix(model, batch.prepared, trips, out, rows, watch)
        return
    alone = np.unique(same)
    residual_matrix(model, batch.prepared, trips.take(alone), out, rows[alone], watch)
    for start in range(0, len(rows), COPIED):
        to, of = rows[start:start + COPIED], rows[same[start:start + COPIED]]
        out[to[to != of]] = out[of[to != of]]


def rows_of_residuals(index: np.ndarray, model: Rationality, batches: tuple[Judged, ...], parts: Parts, n_choices: int,
                      watch: Control | None = None) -> sp.csr_array:
    """The same, its entries alone."""
    row, rows, at = np.full(len(parts.paths), -1), [sp.csr_array((0, n_choices), dtype=np.float32)], [np.zeros(0, np.int64)]
    row[index] = np.arange(len(index))
    for batch in batches:
        mine = batch.index[row[batch.index] >= 0]
        if len(mine):
            rows.append(_rows_once(model, batch, parts.paths.take(mine), watch))
            at.append(row[mine])
    return in_order(rows, at)


def _rows_once(model: Rationality, batch: Judged, trips: Paths, watch: Control | None) -> sp.csr_array:
    """Rows of residuals of trips (n,): those that go the same way have the same."""
    same = alike_paths(trips)
    if same is None:
        return residual_rows(model, batch.prepared, trips, watch)
    alone = np.unique(same)
    return residual_rows(model, batch.prepared, trips.take(alone), watch)[np.searchsorted(alone, same)]


def by_place(project: Project, residuals: Residuals) -> np.ndarray:
    """Residuals (n, M) summed over tracks and by place, (L,): above 0 where the tracks go more than the model expects."""
    world, _ = need_world(project)
    return np.bincount(world.choice_place, residuals.sum(axis=0, dtype=np.float64), world.n_places)


def behind(project: Project, residuals: Residuals, place: int) -> np.ndarray:
    """Order (n,) of tracks by how much they make of the residual at a place, those behind it first; those that make nothing are
    left out."""
    world, _ = need_world(project)
    at = np.flatnonzero(world.choice_place == place)
    share = residuals[:, at].sum(axis=1)
    order = np.argsort(-share * np.sign(share.sum()), kind="stable")
    return order[np.abs(share[order]) > 1e-6]

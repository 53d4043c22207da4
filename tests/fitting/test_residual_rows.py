"""Rows of residuals against the matrix in full, of tracks that arrived and of tracks that were cut off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.elicitation.score_test import candidate_scores
from irlcore.fitting import residual_rows as module
from irlcore.fitting.likelihood import residual_matrix
from irlcore.fitting.residual_rows import bytes_of, residual_rows
from irlcore.rationality.models import MODELS
from tests.fitting.value_basis.problems import problem_of

pytestmark = pytest.mark.kernels


@pytest.mark.parametrize("cut", [False, True], ids=["arrived", "some cut off"])
@pytest.mark.parametrize("name", ["boltzmann", "maxent", "noisy_value"])
def test_rows_are_those_of_the_matrix_in_full(name: str, cut: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    model, problem = MODELS[name], problem_of(MODELS["boltzmann"], n=24)
    paths = replace(problem.paths, goal=np.where(np.arange(24) % 3 == 1, -1, problem.paths.goal)) if cut else problem.paths
    prepared = model.prepare(problem.mdp, problem.phi @ np.array([-1.5, -1.0, -0.5]))
    full = np.zeros((24, problem.mdp.n_choices), np.float32)
    residual_matrix(model, prepared, paths, full, np.arange(24))
    for at_once in (8_000_000, 3 * problem.mdp.n_choices):  # rows a block: all, three
        monkeypatch.setattr(module, "AT_ONCE", at_once)
        rows = residual_rows(model, prepared, paths)
        assert rows.dtype == np.float32 and rows.shape == full.shape
        np.testing.assert_allclose(rows.toarray(), full, rtol=1e-6, atol=1.1e-9)
    assert rows.nnz < full.size and bytes_of(full) == full.nbytes and bytes_of(rows) > 0
    np.testing.assert_allclose(candidate_scores(rows, problem.batches()), candidate_scores(full, problem.batches()), rtol=1e-4, atol=1e-5)


def test_no_paths_have_no_rows() -> None:
    problem = problem_of(MODELS["boltzmann"], n=3)
    prepared = problem.prepare(np.array([-1.5, -1.0, -0.5]))
    assert residual_rows(problem.model, prepared, problem.paths.take(np.zeros(0, np.int64))).shape == (0, problem.mdp.n_choices)

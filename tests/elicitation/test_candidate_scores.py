"""Scores of many candidates: sparse and dense columns as one product, whatever is taken together."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.elicitation import score_test
from irlcore.elicitation.score_test import candidate_scores, screen
from irlcore.features.feature_set import PathFeatures

pytestmark = pytest.mark.kernels


def drawn(n: int, m: int, c: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Residuals in single precision, and candidates of which some are nearly everywhere 0, one is 0, and some are dense."""
    rng = np.random.default_rng(seed)
    dense = rng.uniform(0.0, 1.0, c)
    phi = rng.normal(size=(m, c)) * (rng.uniform(size=(m, c)) < dense)
    phi[:, 0] = 0.0
    return rng.normal(size=(n, m)).astype(np.float32), phi


@pytest.mark.parametrize("n", [1, 63, 64, 65, 200])
def test_scores_are_the_product(n: int) -> None:
    residuals, phi = drawn(n, 90, 40)
    found = candidate_scores(residuals, [PathFeatures(np.arange(n), phi)])
    exact = residuals.astype(np.float64) @ phi
    sparse = (phi != 0.0).mean(axis=0) <= score_test.SPARSE
    assert 3 < sparse.sum() < 37
    assert np.allclose(found[:, sparse], exact[:, sparse], rtol=1e-12, atol=1e-12)
    assert np.allclose(found, exact, rtol=1e-4, atol=1e-4)


def test_scores_are_the_same_to_the_last_bit_however_trips_and_candidates_are_taken_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score_test, "SPARSE", 1.0)
    residuals, phi = drawn(150, 90, 40)
    whole = candidate_scores(residuals, [PathFeatures(np.arange(150), phi)])
    order = np.random.default_rng(1).permutation(150)
    parts = [PathFeatures(order[:70], phi), PathFeatures(order[70:], phi)]
    assert np.array_equal(candidate_scores(residuals, parts), whole)
    assert np.array_equal(np.concatenate([candidate_scores(residuals[a:a + 50], [PathFeatures(np.arange(50), phi)]) for a in (0, 50, 100)]),
                          whole)
    some = np.array([5, 31, 2])
    assert np.array_equal(candidate_scores(residuals, [PathFeatures(np.arange(150), phi[:, some])]), whole[:, some])


def test_each_batch_is_scored_by_its_own_columns() -> None:
    residuals, phi = drawn(100, 60, 30)
    index = np.arange(0, 100, 3)
    rest = np.setdiff1d(np.arange(100), index)
    found = candidate_scores(residuals, [PathFeatures(rest, phi), PathFeatures(index, 2.0 * phi)])
    assert np.allclose(found[rest], residuals[rest] @ phi, atol=1e-4)
    assert np.allclose(found[index], 2.0 * (residuals[index] @ phi), atol=1e-4)


def test_no_candidate_or_none_that_is_sparse_will_do() -> None:
    residuals, phi = drawn(10, 60, 5)
    assert candidate_scores(residuals, [PathFeatures(np.arange(10), phi[:, :0])]).shape == (10, 0)
    dense = candidate_scores(residuals, [PathFeatures(np.arange(10), np.ones((60, 2)))])
    assert np.allclose(dense, residuals.sum(axis=1)[:, None], atol=1e-4)


@pytest.mark.parametrize("rows", [1, 7, 10_000])
def test_a_screen_is_the_same_whatever_is_taken_together(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    known, candidates = rng.normal(size=(300, 3)), rng.normal(size=(300, 20))
    candidates[:, 4] = known[:, 0]  # says nothing new
    whole = screen(known, candidates)
    monkeypatch.setattr(score_test, "ROWS", rows)
    found = screen(known, candidates)
    for name in ("efficient", "curvature", "lm", "gain", "held_out", "support", "p"):
        assert np.allclose(getattr(found, name), getattr(whole, name), rtol=1e-10, atol=1e-12), name
    assert found.lm[4] == 0.0
    e = candidates - known @ np.linalg.lstsq(known, candidates, rcond=None)[0]
    assert np.allclose(found.efficient, e, atol=1e-10)

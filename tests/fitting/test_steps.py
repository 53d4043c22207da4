"""A step within a ball and half-spaces against an interior-point solver, whatever the units of the weights."""

from __future__ import annotations

import cvxpy as cp
import numpy as np
import pytest

from irlcore.fitting.steps import bounded_step, constrained_step


@pytest.mark.parametrize("seed", range(25))
def test_the_constrained_step_is_the_best(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 8)), int(rng.integers(1, 10))
    X = rng.normal(size=(n + 2, n)) * 10.0 ** rng.uniform(-4, 4, n)
    information, scale = X.T @ X, np.linalg.norm(X, axis=0)
    gradient, radius = 10.0 ** rng.uniform(-2, 3) * rng.normal(size=n) * scale, 10.0 ** rng.uniform(-2, 3)
    normals, room = rng.normal(size=(m, n)) * scale, np.maximum(rng.normal(size=m), 0.0)
    step = constrained_step(gradient, information, scale, radius, normals, room)
    assert np.linalg.norm(scale * step) <= radius * (1.0 + 1e-6)
    assert (normals @ step <= room + 1e-6 * (1.0 + radius)).all()
    x = cp.Variable(n)
    best = cp.Problem(cp.Maximize((gradient / scale) @ x - 0.5 * cp.sum_squares((X / scale) @ x)),
                      [cp.norm(x) <= radius, (normals / scale) @ x <= room])
    best.solve(solver=cp.CLARABEL)
    assert gradient @ step - 0.5 * step @ information @ step == pytest.approx(best.value, rel=1e-5, abs=1e-5)


def test_without_half_spaces_in_the_way_it_is_the_bounded_step() -> None:
    rng = np.random.default_rng(1)
    X, gradient, scale = rng.normal(size=(5, 3)), rng.normal(size=3), np.ones(3)
    one = bounded_step(gradient, X.T @ X, scale, 0.3)
    two = constrained_step(gradient, X.T @ X, scale, 0.3, rng.normal(size=(4, 3)), np.full(4, 10.0))
    np.testing.assert_allclose(one, two, atol=1e-6)

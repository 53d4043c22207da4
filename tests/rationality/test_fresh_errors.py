"""Compiled means over fresh errors against plain NumPy: values, slopes by weights and by sigma, and what is pulled back."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.rationality.noise import kernels

pytestmark = pytest.mark.kernels

SIZES = (3, 1, 4, 2)
DRAWS, COLUMNS, WANTS, SIGMA = 10, 3, 2, 0.7


def test_exponentials_are_those_of_numpy() -> None:
    x = -np.concatenate((np.linspace(0.0, 706.9, 20_001), np.geomspace(1e-300, 1.0, 200), [0.0, 708.0, 745.0, 1e6, np.inf]))
    found = x.copy()
    kernels._exponentials(found, np.empty(len(x)))
    near = x > -707.0
    np.testing.assert_allclose(found[near], np.exp(x[near]), rtol=5e-16)
    assert (found[~near] == 0.0).all() and found[np.flatnonzero(x == 0.0)[0]] == 1.0


def drawn(seed: int, far: bool, fields: bool, wants: bool) -> dict[str, np.ndarray]:
    rng, n = np.random.default_rng(seed), sum(SIZES)
    h, w = (DRAWS // 2 if fields else 0), (WANTS if wants else 0)
    q = rng.normal(0.0, 400.0 if far else 1.5, n)
    q[4] = -np.inf
    return {"q": q, "fields": rng.normal(size=(n, h)), "wants": rng.normal(size=(n, w)), "zeta": rng.normal(size=(w, DRAWS)),
            "columns": rng.normal(size=(n, COLUMNS)), "field_slopes": rng.normal(size=(n if fields else 0, COLUMNS, h)),
            "want_slopes": rng.normal(size=(n if wants else 0, COLUMNS, w))}


def slow(d: dict[str, np.ndarray], q: np.ndarray, fields: np.ndarray, wants: np.ndarray, sigma: float) -> np.ndarray:
    """log of the mean over draws of softmax(q + sigma N), state by state."""
    errors = wants @ d["zeta"]
    if fields.shape[1]:
        errors = errors + np.hstack((fields, -fields))
    out, first = np.full(len(q), -np.inf), 0
    for size in SIZES:
        mine = slice(first, first + size)
        first += size
        u = q[mine, None] + sigma * errors[mine]
        with np.errstate(divide="ignore"):
            log_p = u - u.max(axis=0) - np.log(np.exp(u - u.max(axis=0)).sum(axis=0))
            top = np.where(np.isfinite(q[mine]), log_p.max(axis=1), 0.0)
            out[mine] = top + np.log(np.exp(log_p - top[:, None]).mean(axis=1))
    return out


@pytest.mark.parametrize("far", [False, True], ids=["near", "far"])
@pytest.mark.parametrize(("fields", "wants"), [(True, False), (False, True), (True, True)], ids=["fields", "wants", "both"])
def test_values_slopes_and_pulls_are_those_of_the_slow_way(fields: bool, wants: bool, far: bool) -> None:
    d, n = drawn(3, far, fields, wants), sum(SIZES)
    offsets = np.concatenate(([0], np.cumsum(SIZES))).astype(np.uint32)
    given = np.random.default_rng(5).normal(size=n)
    given[4] = 0.0
    log_p, slopes, none = np.empty(n), np.zeros((n, COLUMNS + 1)), np.zeros(0)
    on_q, on_fields, on_wants = np.zeros(n), np.zeros(d["fields"].shape), np.zeros(d["wants"].shape)
    kernels.fresh(offsets, d["q"], d["fields"], d["wants"], d["zeta"], SIGMA, d["columns"], d["field_slopes"], d["want_slopes"], log_p,
                  slopes, none, none, on_fields, on_wants)
    assert not on_fields.any() and not on_wants.any()
    kernels.fresh(offsets, d["q"], d["fields"], d["wants"], d["zeta"], SIGMA, np.zeros((n, 0)), np.zeros((0, 0, 0)), np.zeros((0, 0, 0)),
                  np.empty(n), np.zeros((n, 1)), given, on_q, on_fields, on_wants)
    np.testing.assert_allclose(log_p, slow(d, d["q"], d["fields"], d["wants"], SIGMA), rtol=1e-12)
    known = np.isfinite(d["q"])

    def at(step: float, q: np.ndarray, by_fields: np.ndarray, by_wants: np.ndarray, by_sigma: float = 0.0) -> np.ndarray:
        def value(t: float) -> np.ndarray:
            return slow(d, d["q"] + t * q, d["fields"] + t * by_fields, d["wants"] + t * by_wants, SIGMA + t * by_sigma)[known]

        return np.asarray((value(step) - value(-step)) / (2.0 * step))

    flat, still = np.zeros(d["fields"].shape), np.zeros(d["wants"].shape)
    for k in range(COLUMNS):
        moved = at(1e-6, d["columns"][:, k], d["field_slopes"][:, k] if fields else flat, d["want_slopes"][:, k] if wants else still)
        np.testing.assert_allclose(slopes[known, k], moved, atol=2e-6 if far else 1e-8)
    np.testing.assert_allclose(slopes[known, -1], at(1e-6, np.zeros(n), flat, still, 1.0), atol=2e-6 if far else 1e-8)
    rng = np.random.default_rng(6)  # the pull is the adjoint of the push, in any direction
    q, by_fields, by_wants = rng.normal(size=n), rng.normal(size=flat.shape), rng.normal(size=still.shape)
    pulled = (on_q * q).sum() + (on_fields * by_fields).sum() + (on_wants * by_wants).sum()
    np.testing.assert_allclose(pulled, (given[known] * at(1e-6, q, by_fields, by_wants)).sum(), atol=1e-5 if far else 1e-7)

"""Sums along a chain that ends, in rounds and by factors."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.sparse.linalg import SuperLU

from irlcore.linear import chain as chains
from irlcore.linear.chain import Chain

SEED = 20121


def steps_of(n: int, ways: int, end: float, seed: int) -> sp.csr_array:
    """``ways`` successors of each of n states at random, of which some come far more often than others; ``end``: the chance to stop."""
    rng = np.random.default_rng(seed)
    chance = rng.dirichlet(np.full(ways, 0.3), n) * (1.0 - end)
    after = np.array([rng.choice(n, ways, replace=False) for _ in range(n)])
    return sp.csr_array((chance.ravel(), (np.repeat(np.arange(n), ways), after.ravel())), shape=(n, n))


@pytest.mark.parametrize("end", [0.3, 0.01, 1e-5])
@pytest.mark.parametrize("turned", [False, True])
def test_rounds_find_what_factors_find(end: float, turned: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = steps_of(400, 20, end, SEED)
    monkeypatch.setattr(chains, "MOST_DENSE", 399)
    rng = np.random.default_rng(SEED)
    right = np.column_stack((rng.random(400), np.eye(400, 1), np.zeros(400), 1e-28 * rng.random(400), 1e12 * rng.standard_normal(400)))
    dense = np.eye(400) - steps.toarray()
    expected = np.linalg.solve(dense.T if turned else dense, right)
    rounds = Chain(steps)
    assert rounds.by_rounds
    with monkeypatch.context() as patch:
        patch.setattr(chains, "splu", None)  # no factors are asked for
        found = rounds.solve(right, turned)
    size = np.maximum(np.abs(expected).max(axis=0), 1e-300)
    assert (np.abs(found - expected) <= 1e-9 * size).all()
    assert (np.abs(rounds.factors.solve(right, trans="T" if turned else "N") - found) <= 1e-9 * size).all()


def test_few_ways_on_go_by_factors_and_what_rounds_do_not_reach_too(monkeypatch: pytest.MonkeyPatch) -> None:
    thin = Chain(steps_of(400, 3, 0.1, SEED))
    assert not thin.by_rounds and isinstance(thin.factors, SuperLU)
    monkeypatch.setattr(chains, "MOST_ROUNDS", 1)
    monkeypatch.setattr(chains, "MOST_DENSE", 399)
    steps = steps_of(400, 20, 0.01, SEED)
    right = np.random.default_rng(1).random((400, 2))
    assert np.allclose(Chain(steps).solve(right), np.linalg.solve(np.eye(400) - steps.toarray(), right), rtol=1e-11)
    assert Chain(steps).solve(right[:, :0]).shape == (400, 0)


@pytest.mark.parametrize("turned", [False, True])
def test_factors_of_a_few_thousand_states_are_dense(turned: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = steps_of(400, 20, 1e-5, SEED)
    right = np.random.default_rng(2).random((400, 3))
    dense = np.eye(400) - steps.toarray()
    chain = Chain(steps)
    with monkeypatch.context() as patch:
        patch.setattr(chains, "splu", None)
        found = chain.solve(right, turned)
        patch.setattr(chains, "lu_factor", None)  # once for all
        assert np.array_equal(chain.solve(right, turned), found) and chain.solve(right[:, :0]).shape == (400, 0)
    np.testing.assert_allclose(found, np.linalg.solve(dense.T if turned else dense, right), rtol=1e-9)


def test_right_sides_side_by_side_are_solved_as_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains, "MOST_DENSE", 399)
    chain = Chain(steps_of(400, 20, 0.01, SEED))
    rng = np.random.default_rng(3)
    right = rng.random((400, chains.SIDE_BY_SIDE + 3)) * 10.0 ** rng.integers(-9, 9, chains.SIDE_BY_SIDE + 3)
    alone = np.hstack([chain.solve(column[:, None]) for column in right.T])
    np.testing.assert_allclose(chain.solve(right), alone, rtol=1e-10)

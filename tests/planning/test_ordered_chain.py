"""Sums along chains in rounds, against dense systems, and scores by them against scores by factors."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

import irlcore.review.scores as scores
from irlcore.planning.krylov.ordered_chain import OrderedChain
from irlcore.rationality.models import MODELS
from irlcore.review.scores import score_paths
from tests.fitting.value_basis.problems import problem_of
from tests.rationality.worlds import grid_mdp

pytestmark = pytest.mark.kernels


@pytest.mark.parametrize("away", [0.05, 0.3, 0.49], ids=["straight", "wandering", "hardly nearer"])
@pytest.mark.parametrize("turned", [False, True])
def test_sums_are_those_of_a_dense_system(turned: bool, away: float) -> None:
    """A walk on a line, numbered at random, with steps away from the end and some that stay."""
    n, rng = 60, np.random.default_rng(0)
    number = rng.permutation(n)
    here = np.arange(n)
    chance = np.zeros((n, n))
    chance[number[here[1:]], number[here[:-1]]] = 0.95 - away
    chance[number[here[:-1]], number[here[1:]]] = away
    chance[here, here] = 0.05
    right = np.column_stack((rng.random(n), np.zeros(n), rng.normal(size=n)))
    found = OrderedChain(sp.csr_array(chance), number).solve(right, turned)
    assert found is not None
    expected = np.linalg.solve(np.eye(n) - (chance.T if turned else chance), right)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-11 * np.abs(expected).max())


def test_a_chain_that_never_ends_says_so() -> None:
    ring = sp.csr_array(np.roll(np.eye(6), 1, axis=1))
    assert OrderedChain(ring, np.arange(6)).solve(np.ones((6, 1))) is None


@pytest.mark.parametrize("name", ["boltzmann", "maxent", "noisy_value"])
def test_scores_in_rounds_are_scores_by_factors(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = MODELS[name]
    problem = problem_of(MODELS["boltzmann"], n=20, mdp=grid_mdp(5, 5))
    prepared = model.prepare(problem.mdp, problem.phi @ np.array([-1.5, -1.0, -0.5]))
    expected = score_paths(model, prepared, problem.paths)
    monkeypatch.setattr(scores, "MANY_STATES", 0)
    monkeypatch.setattr(scores.Chain, "solve", None)  # nothing falls back on factors
    found = score_paths(model, prepared, problem.paths)
    for part in ("expected", "deviation", "surprise"):
        np.testing.assert_allclose(getattr(found, part), getattr(expected, part), rtol=1e-10, atol=1e-10)

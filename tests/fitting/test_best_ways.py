"""Where MaxEnt's search begins in a large world: weights along best ways, no more than a start."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.scale.problems import metro
from irlcore.engine import Control
from irlcore.fitting import best_ways, search
from irlcore.fitting.best_ways import of_best_ways
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt

pytestmark = pytest.mark.kernels


@pytest.fixture(autouse=True)
def in_small_worlds_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(best_ways, "FEW", 0)


def found_in(problem: Problem, lower: float = -np.inf, upper: float = np.inf) -> np.ndarray | None:
    k = len(problem.names)
    return of_best_ways(problem, problem.counted_groups(), np.full(k, lower), np.full(k, upper), Control())


def test_the_search_ends_where_it_would_from_costs_alone_and_looks_less(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, looked = metro(500, 200, 12, MaxEnt()), []
    usual = search.Search.full
    monkeypatch.setattr(search.Search, "full", lambda self, theta, some: looked.append(1) or usual(self, theta, some))
    begun = fit(problem)
    near = len(looked)
    monkeypatch.setattr(best_ways, "FEW", problem.mdp.n_states)
    charged = fit(problem)
    assert 2 * near < len(looked) - near
    np.testing.assert_allclose(begun.theta, charged.theta, atol=1e-3 * charged.se_hessian.min())
    assert begun.loglik == pytest.approx(charged.loglik, abs=1e-5)


def test_a_feature_that_nobody_meets_ends_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = metro(500, 200, 12, MaxEnt())
    used = np.zeros(problem.mdp.n_choices, bool)
    used[problem.paths.choices] = True
    never = ~used & (np.random.default_rng(0).random(len(used)) < 0.1)
    problem = replace(problem, phi=np.column_stack((problem.phi, never)), names=(*problem.names, "never"))
    begun = fit(problem)
    monkeypatch.setattr(best_ways, "FEW", problem.mdp.n_states)
    charged = fit(problem)
    assert begun.status is charged.status and [w.feature for w in begun.warnings] == [w.feature for w in charged.warnings] == ["never"]
    assert min(begun.theta[-1], charged.theta[-1]) < 0.0
    np.testing.assert_allclose(begun.theta[:-1], charged.theta[:-1], atol=1e-3 * np.nanmin(charged.se_hessian[:-1]))


def test_weights_keep_their_signs() -> None:
    theta = found_in(metro(500, 200, 12, MaxEnt()), upper=-0.05)
    assert theta is not None and theta.max() == -0.05


@pytest.mark.parametrize("model", [Boltzmann()])
def test_other_models_begin_elsewhere(model: Rationality) -> None:
    assert found_in(metro(200, 40, 6, model)) is None


def test_nor_does_it_serve_with_a_discount_or_in_a_small_world(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = metro(200, 40, 6, MaxEnt())
    assert found_in(replace(problem, gamma=0.9)) is None
    assert found_in(problem) is not None
    monkeypatch.setattr(best_ways, "FEW", problem.mdp.n_states)
    assert found_in(problem) is None


def test_tracks_that_were_cut_off_have_no_say() -> None:
    problem = metro(200, 60, 6, MaxEnt())
    paths = problem.paths
    cut = replace(paths, goal=np.where(np.arange(len(paths)) % 3 == 0, -1, paths.goal))
    some = replace(problem, paths=cut)
    known = replace(problem, paths=paths.take(np.flatnonzero(cut.goal >= 0)))
    one, other = found_in(some), found_in(known)
    assert one is not None and other is not None
    np.testing.assert_allclose(one, other, rtol=1e-12)
    assert found_in(replace(problem, paths=replace(paths, goal=np.full(len(paths), -1)))) is None


def test_where_wandering_would_be_too_cheap_by_them_the_search_begins_with_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = metro(300, 100, 10, MaxEnt())
    monkeypatch.setattr(search, "of_best_ways", lambda *asked: np.full(len(problem.names), 3.0))
    begun = fit(problem)
    monkeypatch.undo()
    np.testing.assert_allclose(begun.theta, fit(problem).theta, atol=1e-3)

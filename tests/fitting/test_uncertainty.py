"""Errors in any unit, what they were computed from, and that every inverse is taken in the features' own units."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.result import CURVATURES
from irlcore.fitting.separation import DataLimits
from irlcore.fitting.uncertainty import uncertainty
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.models import MODELS
from tests.fitting.test_maximum_likelihood import simulated

EXACT, DIFFERENCES, EXPECTED, OUTER, LEFT = CURVATURES


def everything(n: int) -> DataLimits:
    none = np.zeros(n, bool)
    return DataLimits(np.eye(n), none, none, np.zeros(n))


@pytest.mark.parametrize("unit", [1e-12, 1e-6, 1.0, 1e6, 1e12])
def test_errors_have_the_unit_of_the_weight_however_small_the_feature(unit: float) -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(200, 3)) @ rng.normal(size=(3, 3))
    curvature = scores.T @ scores + np.eye(3)
    times = np.array([1.0, unit, 1.0])
    plain = uncertainty(curvature, scores, np.ones(3, bool), everything(3))
    other = uncertainty(curvature * np.outer(times, times), scores * times, np.ones(3, bool), everything(3))
    for name in ("robust", "hessian", "opg"):
        np.testing.assert_allclose(getattr(other, name) * times, getattr(plain, name), rtol=1e-9)
    np.testing.assert_allclose(other.covariance * np.outer(times, times), plain.covariance, rtol=1e-7)
    np.testing.assert_allclose(plain.hessian, np.sqrt(np.diag(np.linalg.inv(curvature))), rtol=1e-9)


@pytest.mark.parametrize("model", [MaxEnt(), Boltzmann()], ids=lambda m: m.name)
@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_a_fit_with_a_feature_of_a_millionth_beside_metres_is_as_sure_as_without(model: Rationality, unit: float) -> None:
    problem = replace(simulated(MaxEnt(), n=60), model=model)
    plain, other = fit(problem), fit(replace(problem, phi=problem.phi * [1000.0, unit]))
    times = np.array([1000.0, unit])
    for name in ("theta", "se_robust", "se_hessian", "se_opg"):
        np.testing.assert_allclose(getattr(other, name) * times, getattr(plain, name), rtol=1e-3)
    np.testing.assert_allclose(other.freedom, plain.freedom, rtol=1e-3)
    np.testing.assert_allclose(other.interval() * times[:, None], plain.interval(), rtol=1e-3)
    assert [w.what for w in other.warnings] == [w.what for w in plain.warnings]


def test_a_singular_curvature_leaves_what_it_knows() -> None:
    """Two numbers known by their sum alone: neither has an error, a third beside them keeps its own."""
    scores = np.random.default_rng(1).normal(size=(50, 2))[:, [0, 0, 1]] * [1.0, 1e6, 1.0]
    curvature = np.diag([50.0, 0.0, 50.0])
    curvature[:2, :2] = 50.0 * np.array([[1.0, 1e6], [1e6, 1e12]])
    found = uncertainty(curvature, scores, np.ones(3, bool), everything(3))
    assert np.isinf(found.hessian[:2]).all() and np.isinf(found.robust[:2]).all() and found.limits.none.tolist() == [True, True, False]
    assert found.hessian[2] == pytest.approx(1.0 / np.sqrt(50.0))
    assert np.isfinite(found.covariance).all()


@pytest.mark.parametrize(("name", "kind"), [("maxent", EXACT), ("boltzmann", EXPECTED), ("noisy_value", EXPECTED),
                                            ("noisy_value_persistent", OUTER), ("noisy_value_replanned_persistent", LEFT)])
def test_a_fit_says_what_stands_for_the_second_derivative(name: str, kind: str) -> None:
    found = fit(replace(simulated(MaxEnt(), n=20), model=MODELS[name]))
    assert found.curvature == kind


def test_a_model_with_a_smooth_likelihood_and_no_second_derivative_is_differenced() -> None:
    found = fit(simulated(MaxEnt(), slip=0.2, gamma=0.95, n=60))
    assert found.curvature == DIFFERENCES
    assert fit(simulated(MaxEnt(), slip=0.2, gamma=0.95, n=60), quick=True).curvature == EXPECTED


def test_errors_of_the_curvature_are_those_of_the_second_derivative_by_differences() -> None:
    problem = simulated(MaxEnt(), n=100)
    found = fit(problem)
    groups, step = problem.groups(), 1e-4
    slopes = [problem.evaluate(found.theta + step * e, groups).scores.sum(axis=0) - problem.evaluate(found.theta - step * e, groups)
              .scores.sum(axis=0) for e in np.eye(2)]
    np.testing.assert_allclose(found.se_hessian, np.sqrt(np.diag(np.linalg.inv(-np.array(slopes) / (2.0 * step)))), rtol=1e-5)

"""Intervals, criteria and worth of a fit's weights, against arithmetic and simulation."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from irlcore.fitting.result import FitResult, Status
from irlcore.project.archive import pack, packed_arrays, unpack
from irlcore.project.decoding import decode
from irlcore.project.encoding import encode

COVARIANCE = np.array([[0.0100, 0.0020, 0.0030], [0.0020, 0.0400, -0.0010], [0.0030, -0.0010, 0.0225]])


def made(theta: np.ndarray, covariance: np.ndarray = COVARIANCE, n: int = 100) -> FitResult:
    """A result with the given weights; n paths of -2 nats each."""
    k = len(theta)
    errors = np.sqrt(np.diag(covariance))
    return FitResult(tuple("abc"[:k]), theta, errors, errors, errors, covariance, np.zeros((n, k)), -2.0 * n, -5.0 * n,
                     np.full(n, -2.0), math.nan, "maxent", 1.0, Status.CONVERGED, 3, 4, 0.1)


def test_the_criteria_charge_for_each_weight() -> None:
    result = made(np.array([-3.0, -1.0, 0.5]))
    assert result.n_paths == 100
    assert result.aic == pytest.approx(6.0 + 400.0)
    assert result.bic == pytest.approx(3.0 * math.log(100.0) + 400.0)


def test_the_interval_of_a_weight_is_that_of_the_normal_law() -> None:
    interval = made(np.array([-3.0, -1.0, 0.5])).interval()
    np.testing.assert_allclose(interval, [[-3.0 - 0.195996, -3.0 + 0.195996], [-1.0 - 0.391993, -1.0 + 0.391993],
                                          [0.5 - 0.293995, 0.5 + 0.293995]], atol=1e-5)
    half = made(np.array([-3.0, -1.0, 0.5])).interval(0.5)
    assert half[0, 1] + 3.0 == pytest.approx(0.067449, abs=1e-5)


def test_a_weight_at_its_bound_has_no_interval() -> None:
    result = made(np.array([-3.0, 0.0, 0.5]))
    held = replace(result, se_robust=np.array([0.1, math.nan, 0.15]))
    assert np.isnan(held.interval()[1]).all()
    assert np.isfinite(held.interval()[[0, 2]]).all()


@pytest.mark.parametrize("unit", [0, 1, 2])
def test_worth_and_its_interval_are_those_of_simulated_weights(unit: int) -> None:
    # small errors, where the delta method is the limit that simulation must reach; of 200,000 draws of ratios with spreads below .05
    # spreads err by 8e-5 and quantiles by 3e-4, so neither misses its tolerance by bad luck in 1e3 times a million samples
    theta, covariance = np.array([-3.0, -2.0, 2.5]), COVARIANCE * 0.05
    share, interval = made(theta, covariance).worth(unit)
    draws = np.random.default_rng(1).multivariate_normal(theta, covariance, 200_000)
    ratios = draws / draws[:, [unit]]
    np.testing.assert_allclose(share, theta / theta[unit])
    np.testing.assert_allclose((interval[:, 1] - interval[:, 0]) / (2 * 1.959964), ratios.std(axis=0), atol=3e-4)
    np.testing.assert_allclose(interval, np.quantile(ratios, [0.025, 0.975], axis=0).T, atol=3e-3)


def test_a_unit_is_worth_exactly_one_of_itself() -> None:
    share, interval = made(np.array([-3.0, -1.0, 0.5])).worth(1)
    assert share[1] == 1.0
    np.testing.assert_allclose(interval[1], [1.0, 1.0])


def test_a_sure_unit_only_scales_the_interval() -> None:
    sure = COVARIANCE.copy()
    sure[0, :] = sure[:, 0] = 0.0
    result = made(np.array([-4.0, -1.0, 0.5]), sure)
    _, interval = result.worth(0)
    np.testing.assert_allclose(interval[1:], np.sort(result.interval()[1:] / -4.0, axis=1))


def test_a_wider_level_gives_a_wider_interval_of_worth() -> None:
    result = made(np.array([-3.0, -1.0, 0.5]))
    narrow, wide = (result.worth(0, level)[1] for level in (0.5, 0.99))
    assert (np.diff(wide[1:], axis=1) > np.diff(narrow[1:], axis=1)).all()


def test_worth_does_not_depend_on_the_scale_of_utility() -> None:
    one = made(np.array([-3.0, -1.0, 0.5])).worth(0)
    ten = made(10.0 * np.array([-3.0, -1.0, 0.5]), 100.0 * COVARIANCE).worth(0)
    np.testing.assert_allclose(one[0], ten[0])
    np.testing.assert_allclose(one[1], ten[1])


def test_the_table_has_one_row_a_feature_with_the_interval_s_ends() -> None:
    result = made(np.array([-3.0, -1.0, 0.5]))
    table = result.table()
    assert table["feature"].tolist() == ["a", "b", "c"]
    assert table["weight"].tolist() == [-3.0, -1.0, 0.5]
    np.testing.assert_allclose(table["standard error"], [0.1, 0.2, 0.15])
    np.testing.assert_allclose(table[["low", "high"]], result.interval())


def test_a_fit_saved_before_there_were_other_estimators_was_by_maximum_likelihood() -> None:
    arrays: dict[str, np.ndarray] = {}
    saved = encode(replace(made(np.array([-3.0, -1.0, 0.5])), estimator="max_margin"), arrays)
    packed = unpack(pack(b"{}", arrays))[1]
    assert decode(saved, FitResult, "fit", packed_arrays(packed, len(packed))).estimator == "max_margin"
    del saved["fields"]["estimator"]
    assert decode(saved, FitResult, "fit", packed_arrays(packed, len(packed))).estimator == "maximum_likelihood"


def test_an_interval_is_the_wider_of_curvature_and_robust_by_student_where_scores_spread_more() -> None:
    result = replace(made(np.array([-3.0, -1.0, 0.5])), freedom=np.full(3, 4.0), se_hessian=np.array([0.3, 0.1, 0.15]),
                     se_robust=np.array([0.1, 0.2, 0.15]))
    half = np.diff(result.interval(), axis=1)[:, 0] / 2.0
    np.testing.assert_allclose(half, [1.959964 * 0.3, 2.776445 * 0.2, 1.959964 * 0.15], rtol=1e-6)
    named = np.diff(replace(result, agents=5).interval(), axis=1)[:, 0] / 2.0
    np.testing.assert_allclose(named, [1.959964 * 0.3, 2.776445 * 0.2, 2.776445 * 0.15], rtol=1e-6)
    np.testing.assert_allclose(result.se, [0.3, 0.2, 0.15])
    between = np.diff(replace(result, se_robust=np.array([0.1, 0.125, 0.15])).interval(), axis=1)[1, 0] / 2.0
    assert between == pytest.approx(0.5 * (1.959964 + 2.776445) * 0.125, rel=1e-6)


def test_a_weight_without_a_limit_has_an_endless_interval_and_no_worth() -> None:
    errors = np.array([0.1, math.inf, 0.15])
    result = replace(made(np.array([-3.0, -1.0, 0.5])), se_robust=errors, se_hessian=errors)
    assert np.isinf(result.interval()[1]).all() and np.isfinite(result.interval()[[0, 2]]).all()
    _, by_known = result.worth(0)
    assert np.isinf(by_known[1]).all() and np.isfinite(by_known[[0, 2]]).all()
    _, by_endless = result.worth(1)
    assert np.isinf(by_endless[[0, 2]]).all() and np.allclose(by_endless[1], 1.0)
    assert np.isinf(result.table()["high"][1])

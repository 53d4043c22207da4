"""What is usual of an amount among tracks of a size."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.review.parts.spread import IN_A_BIN, Usual


def test_the_usual_grows_with_the_size_and_spreads_are_the_mean_distance() -> None:
    rng = np.random.default_rng(0)
    size = rng.uniform(100.0, 1000.0, 4000)
    amount = 0.2 * size + rng.normal(0.0, 10.0, 4000)
    usual = Usual(size, amount)
    np.testing.assert_allclose(usual.middle(np.array([200.0, 500.0, 900.0])), [40.0, 100.0, 180.0], atol=4.0)
    spread = 10.0 * np.sqrt(2.0 / np.pi)
    assert usual.distance(np.array([500.0]), np.array([100.0 + 5.0 * spread]))[0] == pytest.approx(5.0, rel=0.2)


def test_where_most_do_nothing_a_little_is_far_and_more_is_farther() -> None:
    size, amount = np.full(200, 100.0), np.where(np.arange(200) < 4, 50.0, 0.0)
    found = Usual(size, amount).distance(np.full(3, 100.0), np.array([0.0, 50.0, 100.0]))
    assert found[0] == 0.0 and found[2] == pytest.approx(2.0 * found[1]) and found[1] == pytest.approx(50.0)


def test_where_all_do_nothing_the_size_is_the_measure() -> None:
    found = Usual(np.full(9, 100.0), np.zeros(9)).distance(np.full(2, 100.0), np.array([0.0, 10.0]))
    np.testing.assert_allclose(found, [0.0, 10.0])


def test_neither_the_order_nor_the_unit_counts() -> None:
    rng = np.random.default_rng(1)
    size = np.round(rng.uniform(0.0, 10.0, 3 * IN_A_BIN))  # many as large
    amount = rng.exponential(1.0, 3 * IN_A_BIN)
    asked = np.array([0.0, 4.0, 25.0]), np.array([1.0, 0.0, 9.0])
    plain = Usual(size, amount).distance(*asked)
    order = rng.permutation(len(size))
    np.testing.assert_allclose(Usual(size[order], amount[order]).distance(*asked), plain, atol=1e-9)
    np.testing.assert_allclose(Usual(1e3 * size, 1e3 * amount).distance(*(1e3 * one for one in asked)), plain, rtol=1e-6)


def test_nothing_learned_nothing_told() -> None:
    assert np.isnan(Usual(np.full(3, np.nan), np.ones(3)).distance(np.ones(2), np.ones(2))).all()
    assert np.isnan(Usual(np.zeros(3), np.zeros(3)).distance(np.ones(2), np.ones(2))).all()

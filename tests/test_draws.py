"""The comparisons that statistical tests rest on: they seldom fail what is true, and they fail what is not."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy.stats import binom

from irlcore.contracts import luck
from tests import draws
from tests.draws import counts_agree, errors_agree, mean_agrees

CHANCE = {"a": 0.5, "b": 0.3, "c": 0.2}


def counted(rng: np.random.Generator, n: int) -> Counter[str]:
    return Counter(dict(zip(CHANCE, rng.multinomial(n, list(CHANCE.values())).tolist(), strict=True)))


def test_counts_of_the_law_fail_no_oftener_than_they_are_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(luck, "LUCK", 0.05)
    rng, n = np.random.default_rng(0), 2000
    failed = sum(not counts_agree(counted(rng, 300), CHANCE, 300) for _ in range(n))
    assert 0 < failed <= binom.isf(1e-7, n, 0.05)


def test_counts_of_another_law_and_what_cannot_be_drawn_are_seen() -> None:
    seen = {"a": 1000, "b": 1000, "c": 1000}
    assert not counts_agree(seen, CHANCE, 3000)
    assert counts_agree(seen, dict.fromkeys(CHANCE, 1 / 3), 3000)
    assert not counts_agree({**seen, "d": 1}, dict.fromkeys(CHANCE, 1 / 3), 3001)
    assert not counts_agree({"a": 1500, "b": 1500}, dict.fromkeys(CHANCE, 1 / 3), 3000)


def test_a_mean_is_seen_to_be_off_and_a_sample_that_says_little_is_refused() -> None:
    sample = np.linspace(-1.0, 1.0, 1001)
    assert mean_agrees(sample, 0.0) and not mean_agrees(sample, 0.2) and mean_agrees(sample, 0.2, slack=0.2)
    with pytest.raises(AssertionError, match="draw more"):
        mean_agrees(sample[::10], 0.0)
    with pytest.raises(AssertionError, match="draw more"):
        mean_agrees(np.append(np.zeros(999), 1.0), 0.0)


def test_what_is_known_up_to_a_slack_is_judged_so() -> None:
    seen = {"a": 1680, "b": 780, "c": 540}  # shares of .56, .26 and .18
    assert not counts_agree(seen, CHANCE, 3000) and counts_agree(seen, CHANCE, 3000, slack=0.04)


def test_errors_of_right_estimates_fail_no_oftener_than_they_are_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draws, "LUCK", 0.05)
    rng, n = np.random.default_rng(0), 2000
    failed = sum(not errors_agree(draws.SPREAD * rng.normal(size=(8, 3))) for _ in range(n))
    assert 0 < failed <= binom.isf(1e-7, n, 0.05)


def test_biased_estimates_and_errors_that_are_told_too_small_are_seen() -> None:
    z = np.column_stack((np.linspace(-1.5, 1.5, 8), np.linspace(1.0, -1.0, 8)))
    assert errors_agree(z) and errors_agree(z + np.array([0.5, 0.0]))
    assert not errors_agree(z + np.array([0.0, 3.0])) and not errors_agree(4.0 * z)

"""The bound on the rate of false alarms at every cut: exact for few tracks, covering for more, and narrower than what else is known."""

from __future__ import annotations

import itertools
from math import factorial

import numpy as np
import pytest
from scipy.stats import beta, binom, ksone

from irlcore.errors import DataError
from irlcore.review.calibration.batch import chance_within, most_normal, normal_at_most
from irlcore.review.calibration.level import highest_level
from irlcore.review.calibration.p_values import conformal_p
from irlcore.review.calibration.rate import chance_below, highest_rate
from tests.draws import LUCK


def chance_by_volumes(bound: list[float]) -> float:
    """P(the j-th smallest of n uniform numbers is at most bound[j - 1] for all j): sums over how many fall between the bounds."""
    n, edges = len(bound), [0.0, *bound, 1.0]
    widths = np.diff(edges)
    total = 0.0
    for counts in itertools.product(range(n + 1), repeat=n + 1):
        if sum(counts) == n and all(sum(counts[:j]) >= j for j in range(1, n + 1)):
            total += factorial(n) * np.prod([w**c / factorial(c) for w, c in zip(widths, counts, strict=True)])
    return total


@pytest.mark.parametrize("bound", [[0.7], [0.5, 0.9], [0.3, 0.5, 0.95], [0.4, 0.4, 0.4, 1.0], [0.05, 0.5, 0.6, 0.99]])
def test_the_chance_to_stay_below_is_the_volume(bound: list[float]) -> None:
    assert chance_below(len(bound), np.arange(1, len(bound) + 1), np.array(bound)) == pytest.approx(chance_by_volumes(bound), abs=1e-12)


def test_some_cuts_alone_are_a_binomial_chance() -> None:
    for n, j, b in ((30, 3, 0.2), (1000, 50, 0.07), (20_000, 300, 0.016)):
        assert chance_below(n, np.array([j]), np.array([b])) == pytest.approx(binom.sf(j - 1, n, b), abs=1e-9)


@pytest.mark.parametrize("n", [1, 2, 19, 107, 700])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_rate_stays_below_the_bound_at_all_cuts_at_once(n: int, confidence: float) -> None:
    bound = highest_rate(n, confidence)
    assert len(bound) == n + 2 and bound[0] == 0.0 and bound[-1] == 1.0 and (np.diff(bound) >= 0.0).all()
    held = chance_below(n, np.arange(1, n + 1), bound[1:-1])
    assert confidence <= held < confidence + (0.002 if n < 400 else 0.01)  # of more cuts some share a bound
    drawn = np.sort(np.random.default_rng(n).random((4000, n)), axis=1)
    kept = int((drawn <= bound[1:-1]).all(axis=1).sum())
    assert binom.ppf(LUCK, 4000, held) <= kept <= binom.isf(LUCK, 4000, held)


def test_rare_cuts_have_more_of_the_chance_and_are_bounded_closer_than_by_one_width() -> None:
    for n in (107, 1000, 5000):
        bound = highest_rate(n)
        first = np.arange(1, min(n, 400) + 1)
        left = beta.sf(bound[first], first, n - first + 1) * np.sqrt(first)
        assert left.max() / left.min() < 1.001
        for rate in (0.01, 0.05, 0.1):
            j = int(rate * (n + 1))
            assert j / (n + 1) < bound[j] < j / n + ksone.ppf(0.95, n)


def test_ties_only_make_the_rate_smaller() -> None:
    """Scores of four values: the true rate at a cut is the chance to be stranger than the j-th strangest calibration score."""
    rng, n, chances = np.random.default_rng(3), 60, np.array([0.9, 0.05, 0.03, 0.02])
    beyond = np.append(np.cumsum(chances[::-1])[::-1][1:], 0.0)  # P(score > value)
    bound, held = highest_rate(n), 0
    for _ in range(2000):
        ranked = np.sort(rng.choice(4, n, p=chances))[::-1]
        held += bool((beyond[ranked] <= bound[1:-1]).all())
    assert held >= binom.ppf(LUCK, 2000, 0.95)


def orders(n: int, m: int) -> list[list[int]]:
    """Of all orders of n calibration and m other tracks: how many others stand ahead of each calibration track."""
    return [[place - k for k, place in enumerate(kept)] for kept in itertools.combinations(range(n + m), n)]


@pytest.mark.kernels
@pytest.mark.parametrize(("n", "m"), [(1, 1), (3, 4), (4, 2), (5, 5), (2, 8)])
def test_the_chance_within_a_bound_is_the_share_of_orders(n: int, m: int) -> None:
    rng, every = np.random.default_rng(n * m), np.array(orders(n, m))
    for _ in range(20):
        most = np.sort(rng.integers(0, m + 1, n))
        assert chance_within(n, m, np.append(0, most)) == pytest.approx((every <= most).all(axis=1).mean(), abs=1e-12)


@pytest.mark.kernels
@pytest.mark.parametrize(("n", "m"), [(1, 3), (20, 7), (107, 68), (60, 900), (900, 60)])
def test_normal_tracks_stay_below_their_bound_at_all_cuts_at_once(n: int, m: int) -> None:
    most = most_normal(n, m)
    assert len(most) == n + 2 and most[0] == 0 and most[-1] == m and (np.diff(most) >= 0).all()
    held = chance_within(n, m, most[:-1])
    assert held >= 0.95
    rng, kept = np.random.default_rng(n + m), 0
    for _ in range(2000):
        ahead = np.sort(rng.permutation(n + m)[:n]) - np.arange(n)
        kept += bool((ahead <= most[1:-1]).all())
    assert binom.ppf(LUCK, 2000, held) <= kept <= binom.isf(LUCK, 2000, held)


@pytest.mark.kernels
def test_the_bound_of_a_large_batch_is_that_of_all_tracks_to_come() -> None:
    np.testing.assert_allclose(most_normal(50, 200_000)[1:-1] / 200_000, highest_rate(50)[1:-1], atol=0.004)


@pytest.mark.kernels
def test_a_batch_of_none_and_bad_confidence() -> None:
    assert most_normal(5, 0).tolist() == [0] * 7 and chance_within(5, 0, np.zeros(6)) == 1.0
    with pytest.raises(DataError, match="not possible"):
        most_normal(5, 5, 1.0)
    with pytest.raises(DataError, match="not possible"):
        highest_rate(5, 0.0)


@pytest.mark.kernels
@pytest.mark.parametrize("seed", range(20))
def test_the_bound_on_picks_is_the_most_that_the_bound_at_every_cut_allows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(3, 40)), 14
    most = most_normal(n, m, 0.8)
    place = rng.integers(1, n + 2, int(rng.integers(0, 11)))
    allowed = max(len(some) for k in range(len(place) + 1) for some in itertools.combinations(place, k)
                  if all(sum(one <= j for one in some) <= most[j] for j in range(n + 2)))
    assert normal_at_most(place / (n + 1), n, m, 0.8) == allowed


def worst_pick(scores: np.ndarray, normal: np.ndarray, calibration: np.ndarray) -> bool:
    """Whether the bound holds for the worst that can be picked by somebody who knows which are normal: the strangest k of the normal ones,
    for each k, alone, and with all that is abnormal."""
    p, n, m = conformal_p(calibration, scores), len(calibration), len(scores)
    bad = np.flatnonzero(normal)[np.argsort(-scores[normal], kind="stable")]
    return all(normal_at_most(p[np.append(bad[:k], extra)], n, m) >= k for k in range(1, len(bad) + 1)
               for extra in (np.zeros(0, np.int64), np.flatnonzero(~normal)))


@pytest.mark.kernels
@pytest.mark.parametrize(("n", "m", "strange", "whole"), [(60, 40, 0, False), (60, 40, 12, False), (25, 60, 5, True)])
def test_however_tracks_are_picked_the_bound_on_normal_ones_holds(n: int, m: int, strange: int, whole: bool) -> None:
    """One calibration for all, the worst picks; continuous scores, and scores with many ties."""
    rng, held, runs = np.random.default_rng(n + strange), 0, 600
    for _ in range(runs):
        scores = np.concatenate((rng.normal(size=m - strange), rng.normal(2.5, 1.0, strange)))
        calibration = rng.normal(size=n)
        if whole:
            scores, calibration = np.round(2.0 * scores), np.round(2.0 * calibration)
        held += worst_pick(scores, np.arange(m) < m - strange, calibration)
    assert held >= binom.ppf(LUCK, runs, 0.95)


@pytest.mark.kernels
def test_picks_of_many_clearly_strange_tracks_are_bounded_usefully() -> None:
    p = np.full(60, 1 / 132)
    assert normal_at_most(p, 131, 500) < 30  # Simes says nothing of them: 60 * .05 / 500 is less than 131 tracks can give
    assert normal_at_most(p[:1], 131, 500) == 1 and normal_at_most(np.zeros(0), 131, 500) == 0


def test_the_highest_level_is_found_where_the_chance_jumps() -> None:
    assert highest_level(lambda level: 0.96 if level < 0.0123 else 0.9, 0.95) == pytest.approx(0.0123, rel=2e-3)
    assert highest_level(lambda level: 1.0 - level, 0.95) == pytest.approx(0.05)
    assert highest_level(lambda level: 1.0 - 7.0 * level, 0.95) == pytest.approx(0.05 / 7.0, rel=2e-3)

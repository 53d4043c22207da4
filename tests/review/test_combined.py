"""One score of many: rarities, the rule, and what it does not depend on; p-values of it are uniform where nothing is strange."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.review.calibration.p_values import conformal_p
from irlcore.review.combined import Experts, e_value, learn_rule, likelihood_ratio, met, strangest
from irlcore.review.evidence import SHARE
from irlcore.review.learning import learned
from irlcore.review.parts.kinds import COMBINED
from irlcore.review.parts.table import PartTable
from irlcore.review.separation import average_precision
from irlcore.review.tails import MOST, tail_of

NAMES = ("long", "slow", "odd")


def made_up(rng: np.random.Generator, n: int) -> np.ndarray:
    """(n, 3): two scores that go together, one of them heavy-tailed, and one by itself that is 0 of most."""
    base = rng.normal(size=n)
    odd = np.where(rng.random(n) < 0.8, 0.0, rng.random(n))
    return np.column_stack((base + rng.normal(size=n), np.exp(base + rng.normal(size=n)), odd))


def anomalies(rng: np.random.Generator, n: int) -> tuple[PartTable, np.ndarray, np.ndarray]:
    """n of each of two kinds, each made of one of 200 tracks: one is longer and slower, one odd."""
    rows = made_up(rng, 2 * n)
    rows[:n, :2] = rows[:n, :2] * np.array([1.0, 3.0]) + np.array([3.0, 5.0])
    rows[n:, 2] += 1.5
    return PartTable(NAMES, rows), rng.integers(0, 200, 2 * n), np.repeat(np.array(["far", "odd"], object), n)


@pytest.fixture(scope="module")
def tables() -> tuple[PartTable, PartTable, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    return PartTable(NAMES, made_up(rng, 200)), *anomalies(rng, 40)


def test_a_rarity_is_minus_the_log_of_the_share_at_least_as_high() -> None:
    values = np.random.default_rng(1).permutation(np.arange(1000.0))
    tail = tail_of(values)
    np.testing.assert_allclose(tail.nats(np.array([499.5, 799.5])), [np.log(2.0), np.log(5.0)], atol=0.05)
    assert tail.usual == pytest.approx(1.0, abs=0.05)
    rising = tail.nats(np.array([-1.0, 0.0, 500.0, 899.0, 900.0, 999.0, 1500.0, 1e6, 1e300, np.inf]))
    assert (np.diff(rising) >= 0.0).all() and rising[-1] == MOST and rising[3] < rising[5] < rising[6] < rising[7]


def test_beyond_what_is_known_the_tail_goes_on_as_it_came() -> None:
    """Of an exponential law: 10 spreads out, where 2,000 tracks reach 8, it is as rare as 10 nats, give or take what its shape is known to
    (a shape of .1 more or less, two standard errors, makes it 7.6 to 15)."""
    values = np.random.default_rng(2).exponential(1.0, 2000)
    assert 7.0 < tail_of(values).nats(np.array([10.0]))[0] < 11.0


def test_what_gives_nothing_to_measure_says_nothing() -> None:
    tail = tail_of(np.append(np.arange(50.0), np.nan))
    assert tail.nats(np.array([np.nan]))[0] == tail.usual
    assert tail_of(np.full(5, np.nan)).nats(np.array([3.0, np.nan]))[1] == 1.0
    flat = tail_of(np.zeros(50)).nats(np.array([0.0, 1.0, 2.0]))
    assert flat[0] == pytest.approx(np.log(2.0), abs=0.05) and flat[1] == flat[2] > 3.0


def test_what_most_have_none_of_has_its_tail_among_those_that_have_some() -> None:
    """Of 900 tracks 90 have some, from 2 up, exponentially: 3 spreads beyond the middle of these it is as rare as 1 in 20 e^3."""
    values = np.zeros(900)
    values[:90] = 2.0 - np.log1p(-(np.arange(90) + 0.5) / 90)
    tail = tail_of(values)
    known = tail.nats(np.array([0.0, 2.0, 2.0 + np.log(2.0) + 3.0, 30.0]))
    assert known[0] < 1.0 < 2.0 < known[1] < known[2] < known[3]
    assert known[2] == pytest.approx(np.log(20.0) + 3.0, abs=0.8)


def test_kinds_that_are_seen_alike_share_how_often_they_are_met() -> None:
    np.testing.assert_allclose(met(("detour", "loop", "stop", "gap")), [1 / 6, 1 / 6, 1 / 3, 1 / 3])
    np.testing.assert_allclose(met(("detour", "far", "odd")), np.full(3, 1 / 3))


def test_e_values_are_one_on_average_over_ordinary_tracks() -> None:
    """By their integral over p, in the middle of 1e6 cells: what lies below the first is 1 over the log of as many."""
    p = (np.arange(10**6) + 0.5) / 10**6
    assert np.exp(e_value(-np.log(p))).mean() == pytest.approx(1.0 - 1.0 / np.log(10**6), abs=0.01)


@pytest.mark.kernels
def test_weights_are_those_that_a_plain_search_finds() -> None:
    rng = np.random.default_rng(3)
    usual, strange = rng.exponential(1.0, (300, 2)), rng.exponential(1.0, (40, 2)) + np.array([2.0, 0.0])
    bias, weights = likelihood_ratio(usual, strange)
    assert weights[0] > 0.5 > weights[1] >= 0.0
    each = min(19.0 * 40 / 300, 1.0)

    def lost(b: float, w: np.ndarray) -> float:
        odds = [b + rows @ w + np.log(40 / (each * 300)) for rows in (usual, strange)]
        return float(each * np.logaddexp(0.0, odds[0]).sum() + np.logaddexp(0.0, -odds[1]).sum() + w.sum())

    best = lost(bias, weights)
    for step in np.vstack((np.eye(3), -np.eye(3))) * 0.01:
        moved = np.maximum(weights + step[1:], 0.0)
        assert lost(bias + step[0], moved) >= best - 1e-6


@pytest.mark.kernels
def test_the_rule_finds_what_is_strange_in_one_way_and_in_several(tables: tuple[PartTable, PartTable, np.ndarray, np.ndarray]) -> None:
    ordinary, planted, _, kind = tables
    rule = learn_rule(ordinary, planted, kind)
    assert rule.kinds == ("far", "odd") and (rule.weights >= 0.0).all()
    rng = np.random.default_rng(8)
    usual, (fresh, _, kinds) = rule.combine(PartTable(NAMES, made_up(rng, 2000))), anomalies(rng, 500)
    found = rule.combine(fresh) > np.quantile(usual, 0.95)
    assert found[kinds == "far"].mean() > 0.6 and found[kinds == "odd"].mean() > 0.95  # .71 to .78, and all, in 8 other draws


@pytest.mark.kernels
def test_the_unit_of_a_score_and_the_order_of_tracks_and_scores_change_nothing(
        tables: tuple[PartTable, PartTable, np.ndarray, np.ndarray]) -> None:
    ordinary, planted, _, kind = tables
    fresh = PartTable(NAMES, made_up(np.random.default_rng(9), 100))
    plain = learn_rule(ordinary, planted, kind).combine(fresh)
    unit = np.array([1000.0, 1e-3, 7.0])
    scaled = [PartTable(NAMES, one.values * unit) for one in (ordinary, planted, fresh)]
    other = learn_rule(scaled[0], scaled[1], kind).combine(scaled[2])
    np.testing.assert_allclose(other, plain, rtol=1e-4, atol=1e-4)
    turned = np.random.default_rng(1).permutation(len(ordinary.values))
    mixed = learn_rule(PartTable(NAMES, ordinary.values[turned]), planted, kind).combine(fresh)
    np.testing.assert_allclose(mixed, plain, rtol=1e-4, atol=1e-4)
    order = np.random.default_rng(2).permutation(100)
    np.testing.assert_array_equal(learn_rule(ordinary, planted, kind).combine(PartTable(NAMES, fresh.values[order])), plain[order])
    last = [2, 0, 1]
    swapped = [PartTable(tuple(NAMES[k] for k in last), one.values[:, last]) for one in (ordinary, planted, fresh)]
    np.testing.assert_allclose(learn_rule(swapped[0], swapped[1], kind).combine(swapped[2]), plain, rtol=1e-4, atol=1e-4)


@pytest.mark.kernels
def test_a_score_that_was_not_measured_says_nothing(tables: tuple[PartTable, PartTable, np.ndarray, np.ndarray]) -> None:
    ordinary, planted, _, kind = tables
    nothing = [one.beside("none", np.full(len(one.values), np.nan)) for one in (ordinary, planted)]
    with_it, without = learn_rule(nothing[0], nothing[1], kind), learn_rule(ordinary, planted, kind)
    np.testing.assert_allclose(with_it.weights[:, :3], without.weights, atol=1e-3)
    missing = PartTable(NAMES, np.full((2, 3), np.nan))
    found = without.combine(missing)
    assert np.isfinite(found).all() and found[0] == found[1] == without.combine(PartTable(("long",), np.full((1, 1), np.nan)))[0]


@pytest.mark.kernels
def test_to_be_stranger_in_any_part_is_never_to_be_more_ordinary(tables: tuple[PartTable, PartTable, np.ndarray, np.ndarray]) -> None:
    ordinary, planted, _, kind = tables
    rule = learn_rule(ordinary, planted, kind)
    rows = made_up(np.random.default_rng(4), 200)
    before = rule.combine(PartTable(NAMES, rows))
    for k in range(3):
        more = rows.copy()
        more[:, k] += 0.7
        assert (rule.combine(PartTable(NAMES, more)) >= before - 1e-9).all()


def test_without_anomalies_the_rule_is_the_mean_e_value() -> None:
    ordinary = PartTable(NAMES, made_up(np.random.default_rng(5), 50))
    rule = learn_rule(ordinary, PartTable(NAMES, np.zeros((0, 3))), np.zeros(0, object))
    assert isinstance(rule, Experts) and not rule.kinds
    np.testing.assert_allclose(rule.combine(ordinary), strangest(rule.nats(ordinary)))


@pytest.mark.kernels
def test_tracks_that_a_rule_was_learned_from_are_judged_by_one_that_was_not(
        tables: tuple[PartTable, PartTable, np.ndarray, np.ndarray]) -> None:
    ordinary, planted, of, kind = tables
    found = learned(ordinary, planted, of, kind)
    assert found is not None and found.evidence is not None and found.evidence.scores == (*NAMES, COMBINED)
    fresh = made_up(np.random.default_rng(6), 30)
    rule = found.rule(230, np.arange(30, 230))
    values = rule.combine(PartTable(NAMES, np.vstack((fresh, ordinary.values))))
    np.testing.assert_array_equal(values[:30], found.whole.combine(PartTable(NAMES, fresh)))
    for k, part in enumerate(found.parts):
        mine = np.flatnonzero(found.fold == k)
        np.testing.assert_array_equal(values[30 + mine], part.combine(PartTable(NAMES, ordinary.values[mine])))
        usual = ordinary.values[found.fold != k]
        np.testing.assert_allclose(part.tails[0].values, np.sort(usual[:, 0]), atol=1e-8)
    assert learned(PartTable(NAMES, ordinary.values[:19]), planted, of % 19, kind) is None


@pytest.mark.kernels
def test_p_values_of_the_combined_score_are_uniform_where_nothing_is_strange() -> None:
    """Over 40 classes of 60 fitted, 99 calibration and 50 reviewed tracks of the same law: 2,000 p-values, of which those of a class hang
    together, so its share below 5 % has a standard deviation of .038, and that of all one of .006; their mean one of .008. Both limits are
    4 of these: less than 1 in 10,000 for each."""
    shares, means = [], []
    for seed in range(40):
        rng = np.random.default_rng((7, seed))
        fit = PartTable(NAMES, made_up(rng, 60))
        planted, of, kind = anomalies(rng, 20)
        found = learned(fit, planted, of % 60, kind)
        assert found is not None
        values = found.whole.combine(PartTable(NAMES, made_up(rng, 149)))
        p = conformal_p(values[:99], values[99:])
        shares.append((p <= 0.05).mean())
        means.append(p.mean())
    assert abs(np.mean(shares) - 0.05) < 0.025
    assert abs(np.mean(means) - 0.505) < 0.035


def test_anomalies_among_the_ordinary_tracks_do_not_teach_the_rule_that_to_be_rare_is_ordinary() -> None:
    """Over ten seeds: of real anomalies in 30 of 600 ordinary tracks and planted ones that share a score with them, by precision."""
    plain, told = [], []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        usual, strange = rng.normal(size=(600, 4)), rng.normal(size=(80, 4))
        usual[:30, :2] += 5.0
        strange[:40, 0] += 3.0
        strange[40:, 2] += 3.0
        ordinary, planted = (PartTable(("a", "b", "c", "d"), values) for values in (usual, strange))
        kind = np.repeat(np.array(["one", "other"], object), 40)
        for out, doubtful in ((plain, 0.0), (told, 0.1)):
            values = learn_rule(ordinary, planted, kind, doubtful).combine(ordinary)
            out.append(average_precision(values[30:], values[:30], SHARE))
    assert np.mean(told) > np.mean(plain)

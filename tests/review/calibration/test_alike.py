"""Whether two sets of tracks are alike beforehand, p-values weighted or within groups where they are not, and cross-conformal ones."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import binom

from irlcore.errors import DataError
from irlcore.review.calibration.circumstances import DISTANCE, HOUR, START, Circumstances, shift_between
from irlcore.review.calibration.cross import cross_conformal, crossed_chance
from irlcore.review.calibration.groups import by_distance, by_hour, grouped_p
from irlcore.review.calibration.p_values import conformal_p
from irlcore.review.calibration.weights import logistic, weighted_p, weights_between
from tests.draws import LUCK, mean_agrees


def known(rng: np.random.Generator, n: int, **changed: np.ndarray) -> Circumstances:
    """Of n tracks of one law, but for what is given."""
    told = {"start": rng.normal(size=(n, 2)) * 300.0, "distance": rng.exponential(1000.0, n), "hour": rng.uniform(0.0, 24.0, n)}
    return Circumstances(**(told | changed), unit="m")


def test_sets_of_one_law_are_told_apart_no_more_often_than_the_level() -> None:
    rng, found, runs = np.random.default_rng(5), 0, 200
    for k in range(runs):
        found += shift_between(known(rng, 60), np.arange(35), np.arange(35, 60), seed=k).found
    assert found <= binom.isf(LUCK, runs, 0.01)


def test_what_differs_is_named() -> None:
    rng, later = np.random.default_rng(6), np.arange(300) >= 150
    for changed, name in (({"start": rng.normal(size=(300, 2)) + 2.0 * later[:, None]}, START),
                          ({"start": rng.normal(size=(300, 2)) * (1.0 + 2.0 * later[:, None])}, START),  # spread alone
                          ({"distance": rng.exponential(np.where(later, 4000.0, 1000.0))}, DISTANCE),
                          ({"hour": (rng.normal(np.where(later, 23.0, 2.0), 2.0)) % 24.0}, HOUR)):
        shift = shift_between(known(rng, 300, **changed), np.flatnonzero(~later), np.flatnonzero(later))
        assert shift.p == 0.001 and name in shift.differs and shift.found and set(shift.compared) == {START, DISTANCE, HOUR}


def test_within_groups_only_what_differs_there_counts() -> None:
    rng = np.random.default_rng(7)
    night = rng.random(400) < np.where(np.arange(400) < 200, 0.2, 0.7)
    hour = np.where(night, rng.uniform(0.0, 6.0, 400), rng.uniform(8.0, 20.0, 400))
    told, first, second = known(rng, 400, hour=hour), np.arange(200), np.arange(200, 400)
    assert shift_between(told, first, second).found
    assert not shift_between(told, first, second, night.astype(np.int64)).found


def test_where_nothing_is_known_nothing_differs() -> None:
    for told in (Circumstances(), Circumstances(hour=np.full(20, np.nan)), Circumstances(start=np.ones((20, 2)))):
        shift = shift_between(told, np.arange(10), np.arange(10, 20))
        assert shift.p == 1.0 and not shift.compared and not shift.found
    rng = np.random.default_rng(0)
    assert shift_between(known(rng, 20), np.arange(0), np.arange(20)).p == 1.0
    holes = np.where(rng.random(200) < 0.3, np.nan, rng.uniform(0.0, 24.0, 200))
    assert not shift_between(known(rng, 200, hour=holes), np.arange(100), np.arange(100, 200)).found


def test_the_test_hangs_on_no_unit_and_no_origin() -> None:
    rng = np.random.default_rng(8)
    told = known(rng, 90)
    assert told.start is not None and told.distance is not None
    moved = Circumstances(told.start * 1000.0 + 4e6, told.distance, told.hour)
    first, second = np.arange(50), np.arange(50, 90)
    assert shift_between(told, first, second).p == pytest.approx(shift_between(moved, first, second).p, abs=0.003)


def test_logistic_regression_is_the_minimum_of_its_objective() -> None:
    rng = np.random.default_rng(9)
    x = np.column_stack((np.ones(200), rng.normal(size=(200, 3))))
    y = rng.random(200) < 1.0 / (1.0 + np.exp(-(0.5 + x[:, 1] * 2.0)))
    for penalty in (1.0, 30.0):
        found = minimize(lambda b, lam=penalty: np.logaddexp(0.0, np.where(y, -1.0, 1.0) * (x @ b)).sum()
                         + 0.5 * lam * (b[1:]**2).sum() + 0.5e-6 * b[0]**2, np.zeros(4), method="BFGS", options={"gtol": 1e-8})
        np.testing.assert_allclose(logistic(x, y, penalty), found.x, atol=1e-5)
    apart = logistic(x, x[:, 1] > 0.0, 1.0)  # sets that a line parts
    assert np.isfinite(apart).all() and apart[1] > 2.0


def test_weighted_p_is_the_share_of_weight() -> None:
    rng = np.random.default_rng(10)
    calibration, scores = rng.integers(0, 5, 12).astype(float), rng.integers(0, 6, 9).astype(float)
    kept, asked = rng.random(12), rng.random(9)
    for p, s, w in zip(weighted_p(calibration, scores, kept, asked), scores, asked, strict=True):
        assert p == pytest.approx((kept[calibration >= s].sum() + w) / (kept.sum() + w))
    np.testing.assert_allclose(weighted_p(calibration, scores, np.ones(12), np.ones(9)), conformal_p(calibration, scores))


def test_weights_mend_what_other_starts_did_to_the_false_alarm_rate() -> None:
    """Scores grow with the distance, and reviewed tracks go further: known weights are exact, estimated ones near, without any far off."""
    rng, rate, shares = np.random.default_rng(11), 0.1, {"plain": [], "true": [], "estimated": []}
    for _ in range(200):
        x = np.concatenate((rng.normal(0.0, 1.0, 300), rng.normal(0.8, 1.0, 100)))
        scores, n = x + rng.normal(size=400), np.arange(300)
        true, found = np.exp(0.8 * x - 0.32), weights_between(x[:, None], n, np.arange(300, 400))
        for name, w in (("true", true), ("estimated", found.of)):
            shares[name].append((weighted_p(scores[n], scores[300:], w[n], w[300:]) <= rate).mean())
        shares["plain"].append((conformal_p(scores[n], scores[300:]) <= rate).mean())
        assert 20.0 < found.worth < 300.0
    assert np.mean(shares["plain"]) > 0.2
    assert mean_agrees(np.array(shares["true"]), rate, 0.002) and mean_agrees(np.array(shares["estimated"]), rate, 0.02)


def test_weights_of_sets_that_are_alike_are_nearly_one() -> None:
    rng = np.random.default_rng(12)
    found = weights_between(rng.normal(size=(400, 3)), np.arange(250), np.arange(250, 400))
    assert found.worth > 225.0


def test_groups_keep_the_rate_in_each_where_all_together_do_not() -> None:
    """Scores spread with the distance. Where the groups lie is drawn anew in each run, with the tracks that they are learned from."""
    rng, rate, runs = np.random.default_rng(13), 0.1, 300
    inside: list[list[float]] = [[], [], []]
    by_all: list[float] = []
    for _ in range(runs):
        distance = rng.exponential(1000.0, 700)
        scores, learn, kept, asked = rng.normal(size=700) * (300.0 + distance), np.arange(160), np.arange(160, 500), np.arange(500, 700)
        groups = by_distance(distance, learn, "m", 50)
        p = grouped_p(scores[kept], scores[asked], groups.of[kept], groups.of[asked])
        for g, shares in enumerate(inside):
            shares.append((p[groups.of[asked] == g] <= rate).mean())
        by_all.append((conformal_p(scores[kept], scores[asked])[groups.of[asked] == 2] <= rate).mean())
    assert np.mean(by_all) > 0.17
    for shares in inside:
        assert 0.08 < np.mean(shares) <= rate + 6.5 * np.std(shares) / np.sqrt(runs)


def test_bounds_of_groups_are_learned_from_the_fit_alone_and_said() -> None:
    rng = np.random.default_rng(14)
    distance, learn = rng.exponential(1000.0, 500), np.arange(160)
    groups = by_distance(distance, learn, "m", 50)
    assert len(groups.titles) == 3 and np.bincount(groups.of[learn]).min() >= 50 and "3 groups" in groups.said
    distance[160:] = rng.exponential(9000.0, 340)
    assert by_distance(distance, learn, "m", 50).titles == groups.titles
    assert "too few" in by_distance(distance, learn[:40], "m", 50).said
    same = by_distance(np.full(300, 7.0), np.arange(200), "m", 50)
    assert same.titles == ("any distance",) and (same.of == 0).all()
    holes = np.where(np.arange(500) % 5 == 0, np.nan, distance)
    parted = by_distance(holes, learn, "m", 50)
    assert parted.titles[-1] == "not known" and (parted.of[::5] == len(parted.titles) - 1).all()


def test_hours_are_merged_until_each_group_is_large_enough() -> None:
    hour = np.repeat(np.arange(24), [0] * 6 + [5, 60, 60, 5, 5, 5, 5, 5, 5, 5, 60, 60, 5, 5, 0, 0, 0, 0]) + 0.5
    groups = by_hour(hour, np.arange(len(hour)), 50)
    counts = np.bincount(groups.of)
    assert counts.min() >= 50 and len(counts) == len(groups.titles) > 2
    assert (np.diff(groups.of) >= 0).all() and groups.titles[0].startswith("00:00") and groups.titles[-1].endswith("24:00")
    assert by_hour(hour, np.arange(10), 50).titles == ("any hour",)


def test_a_group_without_normal_tracks_says_nothing() -> None:
    p = grouped_p(np.array([1.0, 2.0]), np.array([9.0, 9.0]), np.array([0, 0]), np.array([0, 1]))
    assert p.tolist() == [1 / 3, 1.0]


def test_cross_conformal_counts_each_fold_by_the_model_without_it() -> None:
    rng = np.random.default_rng(15)
    folds = [rng.integers(0, 6, k).astype(float) for k in (3, 4, 2)]
    scores = rng.integers(0, 7, (3, 8)).astype(float)
    p = cross_conformal(folds, scores).p
    for i in range(8):
        assert p[i] == (1 + sum(int((fold >= by[i]).sum()) for fold, by in zip(folds, scores, strict=True))) / 10
    one = cross_conformal(folds[:1], scores[:1])
    np.testing.assert_array_equal(one.p, conformal_p(folds[0], scores[0]))
    with pytest.raises(DataError, match="3 folds"):
        cross_conformal(folds, scores[:2])


def test_the_chance_that_is_promised_of_cross_conformal_p_values_is_a_mean_of_exact_ones() -> None:
    """p <= a is that the mean p-value of the folds, each weighted by its size + 1, is at most half of what is promised."""
    rng, folds, size = np.random.default_rng(16), 4, 6
    scores, kept = rng.normal(size=(folds, 400)), rng.normal(size=(folds, size))
    p = cross_conformal(list(kept), scores).p
    mean = np.mean([conformal_p(one, by) for one, by in zip(kept, scores, strict=True)], axis=0)
    for rate in (0.04, 0.1, 0.13, 0.4):
        chance = crossed_chance(rate, folds * size, folds)
        assert ((p <= rate) == (2.0 * mean <= chance + 1e-12)).all() or chance == 1.0
    assert crossed_chance(0.03, 24, 4) == 0.0  # no p-value is below 1 in 25
    assert 0.1 < crossed_chance(0.05, 1000, 5) < 0.11


def test_false_alarms_of_cross_conformal_p_values_stay_below_the_promise() -> None:
    """The score is the distance from the mean of the other folds, as a model learns it."""
    rng, rate, flagged = np.random.default_rng(17), 0.1, []
    for _ in range(1500):
        x, folds = rng.normal(size=41), np.arange(40) % 5
        means = [x[:40][folds != k].mean() for k in range(5)]
        found = cross_conformal([abs(x[:40][folds == k] - means[k]) for k in range(5)],
                                np.array([[abs(x[40] - mean)] for mean in means]))
        flagged.append(float(found.p[0] <= rate))
    assert np.mean(flagged) <= crossed_chance(rate, 40, 5) and mean_agrees(np.array(flagged), 4 / 41, 0.03)

"""p-values, flags and places: by definition, by simulation, and the same whatever the order of the tracks."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.errors import DataError
from irlcore.review.calibration.controls import Basis, FalseAlarmControl, benjamini_hochberg, flag, share_of_normal
from irlcore.review.calibration.p_values import conformal_p, drawn, finer_p, random_p, rank_share
from tests.draws import mean_agrees

SCORES = st.lists(st.integers(0, 20), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(SCORES, SCORES)
def test_conformal_p_counts_larger_scores(calibration: list[int], scores: list[int]) -> None:
    p = conformal_p(np.array(calibration), np.array(scores))
    for value, s in zip(p, scores, strict=True):
        assert value == (1 + sum(c >= s for c in calibration)) / (len(calibration) + 1)


@settings(max_examples=60, deadline=None)
@given(SCORES, SCORES, st.integers(0, 2**31))
def test_a_finer_score_tells_ties_apart_and_nothing_else(calibration: list[int], scores: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    normal, asked = (np.column_stack((values, rng.integers(0, 3, len(values)))) for values in (calibration, scores))
    p = finer_p(normal, asked)
    for value, s in zip(p, asked.tolist(), strict=True):
        assert value == (1 + sum(c >= s for c in normal.tolist())) / (len(normal) + 1)  # lists compare one number after the other
    assert (p <= conformal_p(normal[:, 0], asked[:, 0])).all()


@pytest.mark.parametrize("seed", range(3))
def test_drawn_ties_are_exact_at_every_rate_and_hang_on_the_id_alone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = np.array([random_p(rng.integers(0, 3, 9), rng.integers(0, 3, 1), np.array([f"{seed}-{k}"]))[0] for k in range(4000)])
    for rate in (0.03, 0.3, 0.77):  # below 1 in 10, and between the values that counted p-values have
        assert mean_agrees((found <= rate).astype(np.float64), rate)
    calibration, scores, ids = rng.integers(0, 3, 9), rng.integers(0, 3, 20), np.array([f"t{k}" for k in range(20)])
    order = rng.permutation(20)
    p = random_p(calibration, scores, ids)
    assert (random_p(calibration, scores[order], ids[order]) == p[order]).all() and len(set(p)) == 20
    assert (p <= conformal_p(calibration, scores)).all()
    assert drawn(ids).min() > 0.0 and drawn(ids).max() < 1.0


@pytest.mark.parametrize("seed", range(3))
def test_false_alarm_rate_is_the_one_asked_for(seed: int) -> None:
    rng = np.random.default_rng(seed)
    control = FalseAlarmControl("share_of_normal", 0.1)
    rates = [flag(conformal_p(rng.exponential(size=99), rng.exponential(size=50)), control).mean()
             for _ in range(2000)]
    assert mean_agrees(np.array(rates), 0.1)
    assert not mean_agrees(np.array(rates), 0.11) and not mean_agrees(np.array(rates), 0.09)


def test_impossible_paths_get_the_smallest_p() -> None:
    assert conformal_p(np.array([1.0, 2.0, 3.0]), np.array([np.inf]))[0] == 0.25
    assert conformal_p(np.array([1.0, np.inf, 3.0]), np.array([np.inf]))[0] == 0.5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=20), st.sampled_from([0.05, 0.1, 0.25, 0.5]))
def test_benjamini_hochberg_equals_its_definition(numerators: list[int], rate: float) -> None:
    p = np.array(numerators) / 41.0
    order = sorted(range(len(p)), key=lambda i: p[i])
    passed = [k for k in range(1, len(p) + 1) if p[order[k - 1]] <= rate * k / len(p)]
    flags = benjamini_hochberg(p, rate)
    assert flags.sum() == max(passed, default=0)
    assert not flags.any() or p[flags].max() <= p[~flags].min(initial=1.0)


@pytest.mark.parametrize("seed", range(3))
def test_share_of_normal_tracks_among_flags_stays_below_the_rate(seed: int) -> None:
    """Benjamini and Hochberg's bound is the rate times the share of normal tracks, 0.2 * 0.9; with many normal tracks to compare with
    little is lost of it (0.1790 +- 0.0006 in 20,000 trials)."""
    rng = np.random.default_rng(seed)
    shares = []
    for _ in range(1000):
        scores = np.concatenate((rng.normal(size=180), rng.normal(4.0, 1.0, size=20)))
        flags = flag(conformal_p(rng.normal(size=1000), scores), FalseAlarmControl("share_of_flags", 0.2))
        shares.append(flags[:180].sum() / max(flags.sum(), 1))
    assert mean_agrees(np.array(shares), 0.18, 0.005)


@pytest.mark.parametrize(("n", "m", "strange"), [(4, 4, 0), (4, 4, 2), (5, 4, 1), (7, 3, 4), (6, 5, 3)])
@pytest.mark.parametrize("rate", [0.2, 0.45, 0.6])
def test_with_an_estimated_share_of_normal_tracks_their_share_among_the_flags_stays_below_the_rate(n: int, m: int, strange: int,
                                                                                                   rate: float) -> None:
    """Summed over all orders of n calibration and m normal tracks; the others stranger than all, or anywhere between."""
    for where in (0.0, 0.4):
        total, orders = 0.0, 0
        for kept in itertools.combinations(range(n + m), n):
            scores = -np.arange(n + m, dtype=np.float64)
            calibration = scores[list(kept)]
            others = np.full(strange, 0.5 - np.floor(where * (n + m)))
            p = conformal_p(calibration, np.concatenate((np.delete(scores, kept), others)))
            flags = flag(p, FalseAlarmControl("share_of_flags", rate), share_of_normal(p, n))
            total, orders = total + flags[:m].sum() / max(flags.sum(), 1), orders + 1
        assert total / orders <= rate + 1e-12


def test_where_many_are_strange_the_estimated_share_of_normal_tracks_is_near_the_truth() -> None:
    rng = np.random.default_rng(1)
    p = conformal_p(rng.normal(size=1999), np.concatenate((rng.normal(size=3000), np.full(1000, 9.0))))
    assert share_of_normal(p, 1999) == pytest.approx(0.75, abs=0.05)  # six standard errors of it
    assert share_of_normal(np.ones(5), 99) == 2.4 and share_of_normal(np.empty(0), 99) == 1.0


@pytest.mark.parametrize(("n", "m"), [(3, 3), (4, 4), (7, 3), (9, 2), (9, 4), (11, 3), (5, 6)])
@pytest.mark.parametrize("strange", [0, 1, 2])
def test_by_an_estimated_share_no_more_normal_tracks_are_flagged_than_asked_for_over_all_orders(n: int, m: int, strange: int) -> None:
    """Strange tracks are stranger than all others. With an estimate that is cut off at 1 it was up to a tenth more."""
    normal = max(m - strange, 1)
    orders = list(itertools.combinations(range(n + normal), normal))  # the places of the normal ones, strangest first
    for rate in np.arange(0.05, 0.55, 0.05):
        shares = []
        for places in orders:
            p = np.concatenate((np.ones(strange), [1 + place - k for k, place in enumerate(places)])) / (n + 1)
            flags = flag(p, FalseAlarmControl("share_of_flags", float(rate)), share_of_normal(p, n))
            shares.append(flags[strange:].sum() / max(int(flags.sum()), 1))
        assert np.mean(shares) <= rate + 1e-12


def test_a_p_value_that_is_equal_to_the_limit_is_flagged_whatever_rounding_says() -> None:
    for n in range(1, 60):
        for m in range(1, 30):
            p = np.append(np.full(1, 1 / (n + 1)), np.ones(m - 1))
            assert benjamini_hochberg(p, m / (n + 1))[0]


def test_rank_share_is_the_place_in_the_list() -> None:
    scores = np.array([3.0, np.inf, 1.0, 3.0, -2.0])
    share = rank_share(scores)
    assert share.tolist() == [3 / 5, 1 / 5, 4 / 5, 3 / 5, 1.0]
    assert flag(share, FalseAlarmControl("strangest", 0.2)).tolist() == [False, True, False, False, False]
    assert flag(share, FalseAlarmControl("strangest", 0.6)).tolist() == [True, True, False, True, False]
    assert len(rank_share(np.empty(0))) == 0


def test_bad_numbers_are_refused() -> None:
    with pytest.raises(DataError, match="no calibration"):
        conformal_p(np.empty(0), np.ones(2))
    with pytest.raises(DataError, match=r"track 1 .*not a number"):
        conformal_p(np.ones(2), np.array([1.0, np.nan]))
    with pytest.raises(DataError, match="not possible"):
        FalseAlarmControl("share_of_flags", 0.0)
    with pytest.raises(DataError, match="cannot be limited"):
        FalseAlarmControl("guess", 0.1)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="not possible"):
        benjamini_hochberg(np.ones(2), 0.0)
    with pytest.raises(DataError, match="Weighted"):
        Basis(weighted=True, groups="hour")
    with pytest.raises(DataError, match="Ties"):
        Basis(ties="none")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="grouped"):
        Basis(groups="colour")  # type: ignore[arg-type]
    assert not benjamini_hochberg(np.empty(0), 0.1).any()


@pytest.mark.parametrize("seed", range(3))
def test_few_tracks_get_the_p_values_that_they_have_among_many(seed: int) -> None:
    rng = np.random.default_rng(seed)
    normal, asked = np.round(rng.normal(size=300), 1), np.append(np.round(rng.normal(size=40), 1), [np.inf, -np.inf])
    together = conformal_p(normal, asked)
    assert together.tolist() == [float(conformal_p(normal, asked[[k]])[0]) for k in range(len(asked))]

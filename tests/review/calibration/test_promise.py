"""Promises in words: their own numbers, and none where a condition is not met."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.review.calibration.batch import normal_at_most
from irlcore.review.calibration.circumstances import HOUR, START, Shift
from irlcore.review.calibration.controls import Basis, FalseAlarmControl, flag
from irlcore.review.calibration.ground import Ground
from irlcore.review.calibration.p_values import conformal_p
from irlcore.review.calibration.promise import AnyCut, Crossed, Picked, Promise, picked_promise, promise_of
from irlcore.review.calibration.rate import highest_rate
from irlcore.review.calibration.words import calibration_limit, least_p_sentence, percent_up

GROUND = Ground(999, 400, True, True)
BROKEN = {"no tracks are named as normal": replace(GROUND, has_reference=False), "no normal track is left": replace(GROUND, n=0),
          "may have been fitted to": replace(GROUND, apart=False), "5 may be odd": replace(GROUND, doubt="5 may be odd"),
          "the hour they start at": replace(GROUND, shift=Shift(0.001, (START, HOUR), (HOUR,))),
          "worth about 80": replace(GROUND, basis=Basis(weighted=True), worth=80.0)}


def promises(ground: Ground) -> list[Promise]:
    """One of each kind."""
    return [promise_of(FalseAlarmControl("share_of_flags", 0.1), ground), promise_of(FalseAlarmControl("share_of_normal", 0.1), ground),
            AnyCut(ground, 10), Picked(ground, (1, 1, 2)), Crossed(ground, 0.1, 5)]


def said(kind: str, rate: float, n: int = 999, m: int = 400) -> str:
    return promise_of(FalseAlarmControl(kind, rate), Ground(n, m, True, True)).sentence  # type: ignore[arg-type]


@pytest.mark.kernels
@pytest.mark.parametrize("why", BROKEN)
def test_where_a_condition_is_not_met_nothing_is_promised_and_why(why: str) -> None:
    for promise, kept in zip(promises(BROKEN[why]), promises(GROUND), strict=True):
        assert not promise.holds and promise.sentence.startswith("Nothing can be promised about") and why in promise.sentence
        assert kept.holds and "Nothing" not in kept.sentence
    any_cut, picked, crossed = promises(BROKEN[why])[2:]
    assert any_cut.bound == 1.0 and picked.bound == 3 and crossed.bound == 1.0


def test_all_that_is_missing_is_said_and_a_difference_by_luck_is_none() -> None:
    both = replace(GROUND, apart=False, doubt="some are marked as abnormal")
    assert "fitted to (fit again) and some are marked as abnormal." in promises(both)[0].sentence
    assert replace(GROUND, shift=Shift(0.4, (START,), ())).missing == ()


def test_bounds_that_are_not_known_for_a_basis_are_not_said() -> None:
    grouped, drawn = (replace(GROUND, basis=basis) for basis in (Basis(groups="hour"), Basis(ties="random")))
    assert [p.holds for p in promises(grouped)] == [True, True, False, False, True]
    assert [p.holds for p in promises(drawn)] == [False, True, False, False, True]
    assert [p.holds for p in promises(replace(GROUND, basis=Basis(adaptive=True)))][:4] == [True] * 4
    assert not promises(replace(GROUND, basis=Basis(groups="hour", adaptive=True)))[0].holds
    assert "each group" in promises(grouped)[1].sentence


def test_sentences_say_the_rate_and_the_number() -> None:
    normal = said("share_of_normal", 0.02)
    assert "1 in 50 normal tracks" in normal and "about 8" in normal
    assert "most likely none" in said("share_of_normal", 0.01, m=10)
    assert "1 in 10 flagged" in said("share_of_flags", 0.1) and "may be empty" in said("share_of_flags", 0.1)
    listed = promise_of(FalseAlarmControl("strangest", 0.025), replace(GROUND, has_reference=False))
    assert "2.5 %" in listed.sentence and "nothing says how many" in listed.sentence and not listed.holds
    assert "30 in 100" in said("share_of_flags", 0.3)


@pytest.mark.parametrize("n", [7, 19, 60, 99, 107])
@pytest.mark.parametrize("rate", [0.01, 0.02, 0.05, 0.2])
def test_the_number_that_is_said_is_that_of_the_rate_that_calibration_tracks_allow(n: int, rate: float) -> None:
    reached = np.mean(np.arange(1, n + 2) / (n + 1) <= rate + 1e-12)  # p-values of normal tracks are uniform on these
    told = said("share_of_normal", rate, n, 10_000)
    if reached == 0.0:
        assert "none can be" in told
    elif reached < 0.9 * rate:
        assert "At most" in told and f"about {10_000 * reached:,.0f}." in told
    else:
        assert told.startswith("About") and f"about {10_000 * reached:,.0f}." in told


@pytest.mark.kernels
def test_the_bound_at_a_cut_is_said_rounded_up() -> None:
    promise = AnyCut(GROUND, 20)
    assert promise.bound == highest_rate(999)[20] and "95 % certainty" in promise.sentence
    percent = float(promise.sentence.split("at most ")[1].split(" %")[0])
    assert 100.0 * promise.bound <= percent <= 105.0 * promise.bound
    assert AnyCut(GROUND, 0).sentence == "At this cut no track is flagged." and AnyCut(GROUND, 1000).bound == 1.0
    assert [percent_up(x) for x in (0.0, 0.0101, 0.0999, 0.1, 0.347, 0.99999)] == ["0 %", "1.1 %", "10 %", "10 %", "35 %", "100 %"]


@pytest.mark.kernels
def test_picks_are_said_with_their_bound_in_every_number() -> None:
    ground = Ground(131, 500, True, True)
    many = picked_promise(np.full(60, 1 / 132), ground)
    assert many.bound == normal_at_most(np.full(60, 1 / 132), 131, 500)
    assert many.sentence == f"Of the 60 tracks that you picked, at most {many.bound} are normal, with 95 % certainty, however you picked."
    assert "may be normal" in picked_promise([0.5], ground).sentence and "All 2 tracks" in picked_promise([0.5, 0.6], ground).sentence
    assert picked_promise([], ground).sentence == "No track is picked." and picked_promise([], ground).bound == 0
    few = Ground(999, 3, True, True)
    assert picked_promise([0.001], few).sentence == "The track that you picked is not normal, with 95 % certainty, however you picked."
    assert "none is normal" in picked_promise([0.001, 0.001], few).sentence
    assert "at most 1 is normal" in picked_promise([0.001, 0.001, 0.9], few).sentence


def test_cross_conformal_p_values_promise_about_twice_the_rate() -> None:
    promise = Crossed(GROUND, 0.1, 5)
    assert 0.2 < promise.bound < 0.21 and "at most 21 %" in promise.sentence and "1 in 10" in promise.sentence


@pytest.mark.parametrize("control", [FalseAlarmControl("share_of_normal", 0.05), FalseAlarmControl("share_of_flags", 0.2)])
def test_limit_is_the_least_number_that_lets_one_track_through(control: FalseAlarmControl) -> None:
    for n in range(1, 80):
        p = np.append(conformal_p(np.zeros(n), np.array([1.0])), np.ones(9))
        assert flag(p, control).any() == (calibration_limit(n, control, 10) == "")


def test_where_one_track_alone_is_not_flagged_it_is_told_how_many_are_together() -> None:
    control = FalseAlarmControl("share_of_flags", 0.1)
    for n in (20, 50, 87):
        told = calibration_limit(n, control, 44)
        least = next(k for k in range(1, 45) if flag(np.append(np.full(k, 1.0 / (n + 1)), np.ones(44 - k)), control).any())
        assert f"unless at least {least} are as strange as that" in told and "one alone asks for 439" in told


def test_the_least_p_value_is_said_with_how_many_tracks_lower_it() -> None:
    assert least_p_sentence(107, 0.05) == "With 107 calibration tracks no p-value is below 1 in 108."
    told = least_p_sentence(107, 0.001)
    assert "1 in 108. For 1 in 1,000 it takes 999: name about 1,338 more tracks" in told
    known = 160 + 1338
    assert known - known // 3 >= 999  # as a reference is split
    assert "With 1 calibration track no p-value" in least_p_sentence(1, 0.5)

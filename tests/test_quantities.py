"""Amounts in words, at their edges too."""

from __future__ import annotations

import math

import pytest

from irlcore.quantities import amount_in, counted, plain, said_amount, said_length, said_range, sensible_amount


@pytest.mark.parametrize(("value", "unit", "said"), [
    (0.0, "m", "0 m"), (-0.0, "m", "0 m"), (0.4, "m", "0.4 m"), (12.34, "m", "12.3 m"), (230.4, "m", "230 m"), (999.4, "m", "999 m"),
    (999.9, "m", "1 km"), (1234.0, "m", "1.23 km"), (1e7, "m", "10,000 km"), (-230.0, "m", "-230 m"), (-2300.0, "m", "-2.3 km"),
    (0.01, "km", "10 m"), (3.0, "km", "3 km"), (1e-9, "m", "1e-09 m"), (1e22, "m", "1e+19 km"), (230.0, "Metres", "230 m"),
    (14.0, "px", "14 px"), (1500.0, "pixels", "1,500 px"), (0.02, "deg", "0.02°"), (1500.0, "degrees", "1,500°"), (3.0, "nmi", "3 nmi"),
    (5.0, "", "5 map units"), (math.nan, "m", "not known"), (math.inf, "km", "no limit"), (-math.inf, "px", "no limit")])
def test_lengths_are_said_in_the_unit_that_suits_their_size(value: float, unit: str, said: str) -> None:
    assert said_length(value, unit) == said


@pytest.mark.parametrize(("seconds", "said"), [
    (0.0, "0 s"), (0.25, "0.25 s"), (45.0, "45 s"), (119.0, "119 s"), (120.0, "2 min"), (5400.0, "90 min"), (7200.0, "2 h"),
    (86400.0, "24 h"), (4 * 86400.0, "4 days"), (-600.0, "-10 min"), (1e-9, "1e-09 s"), (math.nan, "not known"), (math.inf, "no limit")])
def test_durations_are_said_in_seconds_minutes_hours_or_days(seconds: float, said: str) -> None:
    assert said_amount(seconds, "s") == said


def test_amounts_know_lengths_from_durations() -> None:
    assert said_amount(3.0, "min") == "3 min" and said_amount(0.5, "min") == "30 s" and said_amount(0.5, "h") == "30 min"
    assert said_amount(3.0, "m") == "3 m"
    assert amount_in(2000.0, "m") == (0.001, "km") and amount_in(math.nan, "m") == (1.0, "m")


def test_an_interval_has_one_unit() -> None:
    assert said_range(160.0, 300.0, "m") == "160 to 300 m"
    assert said_range(400.0, 1600.0, "m") == "0.4 to 1.6 km"
    assert said_range(-30.0, 20.0, "px") == "-30 to 20 px" and said_range(0.1, 0.2, "deg") == "0.1 to 0.2°"


@pytest.mark.parametrize(("value", "said"), [(0.0, "0"), (6421.0, "6,420"), (0.03421, "0.0342"), (999.6, "1,000"), (0.09996, "0.1"),
                                             (-12.5, "-12.5"), (1e-7, "1e-07"), (math.nan, "nan"), (math.inf, "inf")])
def test_numbers_have_three_figures(value: float, said: str) -> None:
    assert plain(value) == said


@pytest.mark.parametrize(("step", "unit", "amount"), [
    (80.0, "m", 100.0), (0.5, "m", 1.0), (0.02, "m", 1.0), (5000.0, "m", 1000.0), (0.08, "km", 0.1), (12.0, "px", 10.0),
    (0.002, "deg", 0.001), (0.0, "m", 1.0), (math.nan, "m", 1.0)])
def test_a_weight_is_told_for_an_amount_that_suits_the_steps(step: float, unit: str, amount: float) -> None:
    assert sensible_amount(step, unit) == pytest.approx(amount)


@pytest.mark.parametrize(("count", "said"), [(0, "0 tracks"), (1, "1 track"), (2, "2 tracks"), (12000, "12,000 tracks")])
def test_things_are_counted_one_or_several(count: int, said: str) -> None:
    assert counted(count, "track") == said

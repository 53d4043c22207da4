"""Time left is told where progress was seen for some seconds at a pace that holds, and not otherwise."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from irlcore.pace import LEAST_SECONDS, Pace, round_words


def after(share: Callable[[float], float], seconds: float, every: float = 0.5) -> Pace:
    """Work that has told its share so often for so long."""
    pace, t = Pace(), 0.0
    while t <= seconds:
        pace.note(t, share(t))
        t += every
    return pace


def test_even_work_is_told_after_some_seconds_and_the_number_falls() -> None:
    pace, said = Pace(), []
    for k in range(201):
        t = k * 0.5
        pace.note(t, t / 100.0)
        said.append(pace.said(t))
    assert not any(said[:int(LEAST_SECONDS / 0.5)]) and all(said[10:])
    assert said[20] == "about 2 min left" and said[80] == "about 1 min left" and said[140] == "about 30 s left"
    assert said[199] == "a few seconds left"


def test_a_tenth_done_at_once_says_nothing() -> None:
    """It said "about 0 s left" for work that began fast, and "270 s" after the first of ten pieces."""
    pace = Pace()
    pace.note(0.0, 0.0)
    for t in (0.1, 0.2, 0.3, 0.4):
        pace.note(t, t)
    assert pace.said(0.5) == "" and pace.said(30.0) == ""
    pace = Pace()
    pace.note(0.0, 0.0)
    pace.note(30.0, 0.1)
    assert pace.said(30.0) == ""


@pytest.mark.parametrize("share", [lambda t: 1.0 - math.exp(-t / 4.0), lambda t: min(t, 3.0) / 10.0 + t / 1e6, lambda t: (t / 40.0)**6],
                         ids=["slows down", "stands still", "speeds up"])
def test_a_pace_that_does_not_hold_says_nothing(share: Callable[[float], float]) -> None:
    assert after(share, 20.0).said(20.0) == ""


def test_work_that_stalls_says_nothing_until_it_goes_on() -> None:
    pace = after(lambda t: t / 100.0, 20.0)
    assert pace.said(20.0) and pace.said(22.0)
    assert pace.said(30.0) == ""


def test_a_later_part_is_told_as_a_part() -> None:
    pace = after(lambda t: t / 20.0, 20.0)
    for k in range(41):
        pace.note(20.5 + 0.5 * k, 0.5 * k / 100.0)
    assert pace.said(40.5) == "about 1 min left of this part"


def test_an_estimate_that_jumps_is_told_smoothly() -> None:
    pace = after(lambda t: t / 100.0, 20.0)
    before = pace._ends
    pace.note(20.5, 0.30)
    assert before - 20.0 < pace._ends < before


@pytest.mark.parametrize(("seconds", "words"), [
    (0.0, "a few seconds left"), (-3.0, "a few seconds left"), (8.0, "about 10 s left"), (44.0, "about 40 s left"),
    (56.0, "about 1 min left"),
    (100.0, "about 2 min left"), (569.0, "about 9 min left"), (571.0, "about 10 min left"), (1500.0, "about 25 min left"),
    (3299.0, "about 55 min left"), (3400.0, "about 1 h left"), (5400.0, "about 1.5 h left"), (12 * 3600.0, "about 12 h left"),
    (13 * 3600.0, ""), (math.inf, ""), (math.nan, "")])
def test_seconds_in_round_words(seconds: float, words: str) -> None:
    assert round_words(seconds) == words

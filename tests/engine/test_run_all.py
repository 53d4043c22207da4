"""Many items at once: order, equality for any number of workers, errors, cancelling and progress."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from irlcore.engine import Control, checkpoint, run_all, workers
from irlcore.errors import Cancelled, FitError

both = pytest.mark.parametrize("count", ["1", "4"])


@both
def test_results_come_back_in_the_order_of_the_items(count: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_WORKERS", count)

    def slow_at_first(item: int) -> int:
        time.sleep(0.02 if item < 2 else 0.0)
        return item * item

    assert run_all(slow_at_first, range(12)) == [0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121]


def test_one_and_four_workers_give_the_same_sum_to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = np.random.default_rng(0).normal(size=(200, 50))
    sums = []
    for count in ("1", "4"):
        monkeypatch.setenv("MOTIVE_WORKERS", count)
        sums.append(np.sum(run_all(lambda row: np.exp(3.0 * row), list(parts)), axis=0))
    assert (sums[0] == sums[1]).all()


def test_four_workers_work_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_WORKERS", "4")
    meeting = threading.Barrier(4, timeout=5.0)
    assert sorted(run_all(lambda item: meeting.wait(), range(4))) == [0, 1, 2, 3]


@both
def test_no_items_give_no_results(count: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_WORKERS", count)
    assert run_all(lambda item: item, []) == []


@both
def test_of_two_errors_the_first_item_s_is_raised(count: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_WORKERS", count)

    def work(item: int) -> int:
        if item in (2, 3):
            time.sleep(0.05 if item == 2 else 0.0)
            raise FitError(f"item {item}")
        return item

    with pytest.raises(FitError, match="item 2"):
        run_all(work, range(8))


@both
def test_an_error_stops_the_rest_though_an_earlier_item_is_still_at_work(count: str,
                                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_WORKERS", count)
    begun: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        if item == 0:
            time.sleep(0.3)
        elif item == 1:
            raise FitError("item 1")
        else:
            time.sleep(0.01)

    with pytest.raises(FitError, match="item 1"):
        run_all(work, range(60))
    assert len(begun) < 10


@both
def test_cancelling_takes_effect_between_two_items(count: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_WORKERS", count)
    control = Control()
    ended: list[int] = []

    def work(item: int) -> None:
        if item == 5:
            control.cancel.set()
        time.sleep(0.002)
        ended.append(item)

    with pytest.raises(Cancelled):
        run_all(work, range(100), control)
    assert 5 in ended
    assert len(ended) < 10


@both
def test_cancelling_takes_effect_inside_an_item_that_asks(count: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_WORKERS", count)
    control = Control()
    begun = time.perf_counter()

    def long_work(item: int) -> None:
        control.cancel.set()
        while time.perf_counter() < begun + 5.0:
            checkpoint()
            time.sleep(0.01)

    with pytest.raises(Cancelled):
        run_all(long_work, range(2), control)
    assert time.perf_counter() < begun + 1.0
    checkpoint()  # outside of any work nothing is cancelled


@both
def test_work_cancelled_before_it_begins_does_nothing(count: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_WORKERS", count)
    control = Control()
    control.cancel.set()
    ended: list[int] = []
    with pytest.raises(Cancelled):
        run_all(ended.append, range(5), control)
    assert ended == []


@both
def test_every_item_done_is_reported_once(count: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_WORKERS", count)
    heard: list[tuple[int, int, str]] = []
    run_all(lambda item: item, range(6), Control(lambda *said: heard.append(said)), "Scoring")
    assert len(heard) == 6
    assert max(heard) == (6, 6, "Scoring")
    assert {(total, message) for _, total, message in heard} == {(6, "Scoring")}
    if count == "1":
        assert [done for done, _, _ in heard] == [1, 2, 3, 4, 5, 6]


def test_without_a_message_nothing_is_reported() -> None:
    heard: list[tuple[int, int, str]] = []
    run_all(lambda item: item, range(6), Control(lambda *said: heard.append(said)))
    assert heard == []


def test_a_cancelled_control_reports_no_further_step() -> None:
    heard: list[tuple[int, int, str]] = []
    control = Control(lambda *said: heard.append(said))
    control.step(1, 2, "half")
    control.cancel.set()
    with pytest.raises(Cancelled):
        control.step(2, 2, "all")
    assert heard == [(1, 2, "half")]


@pytest.mark.parametrize(("asked", "given"), [("3", 3), ("1", 1), ("0", 1)])
def test_the_number_of_workers_can_be_asked_for(asked: str, given: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_WORKERS", asked)
    assert workers() == given


@pytest.mark.parametrize("asked", ["", "many", "-2"])
def test_what_is_no_number_of_workers_gives_the_machine_s_own(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOTIVE_WORKERS", raising=False)
    own = workers()
    monkeypatch.setenv("MOTIVE_WORKERS", asked)
    assert workers() == own >= 1

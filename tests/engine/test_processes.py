"""Work on processes: the same parts in the same order, errors as they are, progress, stops, deaths, and nothing left behind."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from irlcore.engine import Control, Engine, for_each, in_use, run_all, use
from irlcore.engine.processes import Processes
from irlcore.engine.remote import MOST_DEATHS
from irlcore.errors import Cancelled, FitError, FormulaError, MotiveError
from tests.engine import work

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="workers are killed by signals of POSIX")


@pytest.fixture(scope="module")
def two() -> Iterator[Engine]:
    with use("processes", 2, least_s=0.0) as engine:
        yield engine


def pool_of(engine: Engine) -> Processes:
    assert isinstance(engine.pool, Processes)
    return engine.pool


def pids(engine: Engine) -> set[int]:
    return {remote.channel.pid for remote in pool_of(engine).remotes()}


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_parts_come_back_in_the_order_of_the_items_from_two_other_processes(two: Engine) -> None:
    found = run_all(work.where, range(40), shared=None)
    assert [item for _, item in found] == list(range(40))
    assert {pid for pid, _ in found} == pids(two) and os.getpid() not in pids(two)


def test_sums_are_those_of_threads_to_the_last_bit(two: Engine) -> None:
    rows = np.random.default_rng(0).normal(size=(60, 500))
    there = np.sum(run_all(work.exponents, range(60), shared=rows), axis=0)
    assert (there == np.sum([work.exponents(rows, k) for k in range(60)], axis=0)).all()


def test_no_items_ask_nobody(two: Engine) -> None:
    assert run_all(work.shifted, [], shared=1) == []


def test_closures_stay_on_threads(two: Engine) -> None:
    assert set(run_all(lambda item: os.getpid(), range(4))) == {os.getpid()}


def test_what_cannot_be_sent_is_done_here(two: Engine) -> None:
    assert run_all(lambda by, item: (by, item, os.getpid()), range(2), shared=7) == [(7, 0, os.getpid()), (7, 1, os.getpid())]


def test_large_arrays_are_sent_once_for_both_and_again_once_they_changed(two: Engine) -> None:
    rows = np.zeros((100, 10_000))
    rows[:, 0] = np.arange(100.0)

    def bytes_of_a_run() -> int:
        before = two.bytes_sent
        assert (np.array(run_all(work.exponents, range(100), shared=rows))[:, 0] == np.exp(3.0 * rows[:, 0])).all()
        return two.bytes_sent - before

    assert rows.nbytes <= bytes_of_a_run() < 1.1 * rows.nbytes
    assert bytes_of_a_run() < 0.02 * rows.nbytes
    rows[3, 0] = 0.5
    assert bytes_of_a_run() >= rows.nbytes


def test_arrays_may_be_written_to_there_and_stay_as_they_are_here(two: Engine) -> None:
    rows = np.ones((4, 10_000))
    assert run_all(work.written_to, range(4), shared=rows) == [20_000.0] * 4
    assert (rows == 1.0).all()


def test_files_of_what_is_no_more_are_taken_away(two: Engine) -> None:
    rows = np.ones((4, 10_000))
    run_all(work.exponents, range(4), shared=rows)
    many = len(os.listdir(pool_of(two).folder))
    del rows
    gc.collect()
    run_all(work.shifted, range(4), shared=1)
    assert len(os.listdir(pool_of(two).folder)) < many


def test_what_items_remember_stays_with_their_worker(two: Engine) -> None:
    items = [work.Remembering() for _ in range(12)]
    for count in (1, 2, 3):
        assert run_all(work.times_asked, items, shared=None) == [count] * 12
    assert all(item.asked == 0 for item in items)


def test_the_first_item_s_error_is_raised_as_it_is(two: Engine) -> None:
    with pytest.raises(FitError) as caught:
        run_all(work.failing, range(60), shared=(7, 30, 31))
    assert (caught.value.what, caught.value.fix) == ("Item 7 is wrong.", "Leave it out.")
    assert str(caught.value) == "Item 7 is wrong. Leave it out."
    assert run_all(work.shifted, range(3), shared=1) == [1, 2, 3]  # and the engine is as good as before


def test_an_error_keeps_what_it_knows(two: Engine) -> None:
    with pytest.raises(FormulaError) as caught:
        run_all(work.formula_error, range(3), shared=None)
    assert (caught.value.formula, caught.value.position) == ("(a + b", 6)


def test_a_part_that_cannot_be_sent_is_an_error_that_says_so(two: Engine) -> None:
    with pytest.raises(RuntimeError, match="lambda"):
        run_all(work.not_to_be_pickled, range(3), shared=None)


def test_every_item_done_is_reported_once(two: Engine) -> None:
    heard: list[tuple[int, int, str]] = []
    run_all(work.shifted, range(30), Control(lambda *said: heard.append(said)), "Adding", shared=1)
    assert heard == [(k, 30, "Adding") for k in range(1, 31)]


def test_parts_may_be_taken_as_they_come(two: Engine) -> None:
    found: dict[int, int] = {}
    for_each(work.shifted, range(20), found.__setitem__, shared=5)
    assert found == {k: k + 5 for k in range(20)}


def test_a_stop_takes_effect_inside_a_chunk_within_a_second(two: Engine, tmp_path: Path) -> None:
    control, mark = Control(), tmp_path / "begun"

    def stop() -> None:
        while not mark.exists():
            time.sleep(0.01)
        control.cancel.set()
        stopped.append(time.monotonic())

    stopped: list[float] = []
    threading.Thread(target=stop).start()
    with pytest.raises(Cancelled):
        run_all(work.long, range(4), control, shared=str(mark))
    assert time.monotonic() < stopped[0] + 1.0
    assert run_all(work.shifted, range(3), shared=1) == [1, 2, 3]  # items that nobody wants have ended too
    assert time.monotonic() < stopped[0] + 3.0


def test_work_that_was_cancelled_before_is_not_begun(two: Engine, tmp_path: Path) -> None:
    control = Control()
    control.cancel.set()
    with pytest.raises(Cancelled):
        run_all(work.long, range(2), control, shared=str(tmp_path / "begun"))
    assert not (tmp_path / "begun").exists()


def test_two_callers_take_turns(two: Engine) -> None:
    found: dict[int, list[int]] = {}
    callers = [threading.Thread(target=lambda k=k: found.update({k: run_all(work.shifted, range(20), shared=k)})) for k in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert found == {k: list(range(k, 20 + k)) for k in range(4)}


def test_work_within_work_is_done_where_it_is(two: Engine) -> None:
    assert run_all(work.nested, range(4), shared=2) == [[], [2], [2, 3], [2, 3, 4]]


def test_what_work_prints_does_no_harm(two: Engine) -> None:
    assert run_all(work.printing, range(3), shared=None) == [0, 1, 2]


def test_a_worker_that_is_killed_costs_its_chunk_alone(two: Engine, tmp_path: Path) -> None:
    before = pids(two)
    assert run_all(work.dying_once, range(12), shared=(str(tmp_path / "died"), os.getpid())) == [k * k for k in range(12)]
    assert (tmp_path / "died").exists() and len(before & pids(two)) == 1


def test_a_worker_killed_between_two_calls_is_replaced(two: Engine) -> None:
    rows = np.random.default_rng(1).normal(size=(6, 20_000))
    first = run_all(work.exponents, range(6), shared=rows)
    os.kill(min(pids(two)), signal.SIGKILL)
    again = run_all(work.exponents, range(6), shared=rows)
    assert all((a == b).all() for a, b in zip(first, again, strict=True))


def test_items_that_kill_every_worker_are_given_up(two: Engine) -> None:
    with pytest.raises(MotiveError, match=r"4 workers died over the same piece of work \(2 of 4\)"):
        run_all(work.dying, range(4), shared=os.getpid())
    assert run_all(work.shifted, range(3), shared=1) == [1, 2, 3]


def test_items_in_company_of_one_that_kills_are_not_taken_for_it(tmp_path: Path) -> None:
    """Here all items go to one worker at once, and it dies over two of them."""
    times = {3: MOST_DEATHS - 1, 5: MOST_DEATHS - 2}
    with use("processes", 1, least_s=0.0):
        run_all(work.dying_often, range(8), shared=(str(tmp_path), os.getpid(), {}))  # how long an item takes is known now
        assert run_all(work.dying_often, range(8), shared=(str(tmp_path), os.getpid(), times)) == [*range(8)]
    assert {item: len(list(tmp_path.glob(f"{item}-*"))) for item in times} == times


def test_nothing_is_left_behind_and_the_engine_before_comes_back() -> None:
    before = in_use()
    with use("processes", 1, least_s=0.0) as engine:
        assert run_all(work.shifted, range(3), shared=1) == [1, 2, 3]
        (pid,), folder = pids(engine), pool_of(engine).folder
        assert in_use() is engine and os.path.isdir(folder)
    assert in_use() is before and gone(pid) and not os.path.exists(folder)


def test_small_work_stays_here() -> None:
    with use("processes", 1) as engine:
        run_all(work.doubled, range(10), shared=None)  # how long an item takes is not known before
        sent = engine.bytes_sent
        assert run_all(work.doubled, range(10), shared=None) == list(range(0, 20, 2))
        assert engine.bytes_sent == sent > 0


@pytest.mark.parametrize(("how", "many"), [("processes", 0), ("fork", 2), (None, None)])
def test_what_is_no_engine_is_refused(how: object, many: int | None) -> None:
    before = in_use()
    with pytest.raises(MotiveError):
        use(how, many)
    assert in_use() is before

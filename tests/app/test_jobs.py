"""Long work: how it ends, what it says on the way, and what it never does."""

from __future__ import annotations

import gc
import threading
import time
import weakref

import pytest

from app.jobs import MOST_LEFT, PATIENCE, Job, number_left
from irlcore.engine import Control
from irlcore.errors import FitError

WAIT = 5.0


def nothing(result: object) -> None:
    """No page wants the result."""


def ended(job: Job) -> Job:
    until = time.monotonic() + WAIT
    while job.state == "running" and time.monotonic() < until:
        time.sleep(0.002)
    return job


both = pytest.mark.parametrize("inline", [True, False], ids=["inline", "thread"])


@both
def test_work_that_returns_is_done_and_its_result_waits_for_the_page(inline: bool) -> None:
    kept: list[int] = []
    job = ended(Job("Fit", lambda control: 42, kept.append, inline))
    assert (job.state, job.result, job.error) == ("done", 42, None)
    assert kept == []
    job.keep(job.result)
    assert kept == [42]


@both
def test_a_known_error_is_kept_with_its_advice(inline: bool) -> None:
    def work(control: Control) -> None:
        raise FitError("Feature 'mud' is 0 everywhere.", "Switch it off.")

    job = ended(Job("Fit", work, nothing, inline))
    assert job.state == "failed"
    assert isinstance(job.error, FitError)
    assert (job.error.what, job.error.fix) == ("Feature 'mud' is 0 everywhere.", "Switch it off.")
    assert job.result is None


@both
@pytest.mark.parametrize(("raised", "named"), [(MemoryError(), "Fit the trucks"), (KeyError("speed"), "KeyError"),
                                               (ZeroDivisionError("by zero"), "by zero")])
def test_an_error_nobody_expected_is_said_and_not_swallowed(inline: bool, raised: Exception, named: str) -> None:
    def work(control: Control) -> None:
        raise raised

    job = ended(Job("Fit the trucks", work, nothing, inline))
    assert job.state == "failed"
    assert job.error is not None
    assert named in job.error.what
    assert "unchanged" in job.error.fix


def test_a_running_job_can_be_cancelled_from_another_thread() -> None:
    begun = threading.Event()

    def work(control: Control) -> None:
        until = time.monotonic() + WAIT
        while time.monotonic() < until:
            control.step(1, 10, "at work")
            begun.set()

    job = Job("Fit", work, nothing)
    assert begun.wait(WAIT)
    assert job.state == "running"
    job.control.cancel.set()
    assert ended(job).state == "cancelled"
    assert job.error is None
    assert job.result is None


def test_work_runs_beside_the_page_and_tells_it_how_far_it_is() -> None:
    half, go_on = threading.Event(), threading.Event()

    def work(control: Control) -> str:
        control.step(5, 10, "half of it")
        half.set()
        assert go_on.wait(WAIT)
        control.step(10, 10, "all of it")
        return "result"

    job = Job("Fit", work, nothing)
    assert half.wait(WAIT)
    assert (job.state, job.done, job.total, job.message, job.share) == ("running", 5, 10, "half of it", 0.5)
    go_on.set()
    assert ended(job).state == "done"
    assert (job.share, job.message) == (1.0, "all of it")


@pytest.mark.parametrize(("done", "total", "share"), [(0, 0, 0.0), (0, 8, 0.0), (2, 8, 0.25), (8, 8, 1.0), (9, 8, 1.0)])
def test_the_share_stays_between_nothing_and_all(done: int, total: int, share: float) -> None:
    job = Job("Fit", lambda control: control.step(done, total, ""), nothing, inline=True)
    assert job.share == share


def test_the_clock_tells_the_time_left_once_a_pace_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a made-up clock: each of a hundred steps takes a second (``test_pace`` has the cases)."""
    now, said = [1000.0], []
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def work(control: Control) -> None:
        for step in range(101):
            control.step(step, 100, "")
            said.append(jobs[0].clock if jobs else "")
            now[0] += 1.0

    jobs: list[Job] = []
    monkeypatch.setattr(Job, "wait", lambda job, seconds: None)
    known = Job.__init__

    def made(job: Job, *args: object, **kwargs: object) -> None:
        jobs.append(job)
        known(job, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Job, "__init__", made)
    Job("Fit", work, nothing, inline=True)
    assert said[0] == "0 s so far" and said[3] == "3 s so far"
    assert said[10] == "10 s so far, about 2 min left" and said[70] == "70 s so far, about 30 s left"


def test_a_long_time_is_told_in_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job("Fit", lambda control: None, nothing, inline=True)
    monkeypatch.setattr(time, "monotonic", lambda: job.begun + 600.0)
    assert job.clock == "10 min so far"


def test_short_work_has_ended_after_a_wait_and_long_work_goes_on() -> None:
    go_on = threading.Event()
    short = Job("short", lambda control: 7, lambda result: None)
    short.wait(10.0)
    assert (short.state, short.result) == ("done", 7)
    long = Job("long", lambda control: go_on.wait(30.0), lambda result: None)
    long.wait(0.01)
    assert long.state == "running"
    go_on.set()
    long.wait(30.0)
    assert long.state == "done"


def deaf(go_on: threading.Event) -> Job:
    """A job that heeds no stop, as while a kernel is compiled or a library reads."""
    begun = threading.Event()

    def work(control: Control) -> str:
        begun.set()
        assert go_on.wait(30.0)
        return "too late"

    job = Job("Deaf", work, nothing, owner="deaf")
    assert begun.wait(WAIT)
    return job


def test_a_job_that_heeds_no_stop_is_left_behind_within_a_second_and_its_result_is_dropped() -> None:
    assert PATIENCE < 1.0
    go_on = threading.Event()
    job = deaf(go_on)  # for 30 s
    begun = time.monotonic()
    job.stop()
    assert time.monotonic() - begun < PATIENCE + 10.0  # a loaded machine wakes nobody on time
    assert job.state == "cancelled" and number_left("deaf") == 1
    go_on.set()
    job.wait(WAIT)
    assert (job.state, job.result, job.error) == ("cancelled", None, None)
    assert number_left("deaf") == 0


def test_a_job_that_heeds_a_stop_is_not_left_behind() -> None:
    job = Job("Fit", lambda control: [control.check() or time.sleep(0.01) for _ in range(3000)], nothing, owner="heeds")
    job.stop()
    assert job.state == "cancelled" and number_left("heeds") == 0


def test_work_that_ends_while_it_is_stopped_keeps_how_it_ended() -> None:
    go_on = threading.Event()
    job = deaf(go_on)
    threading.Timer(PATIENCE / 5.0, go_on.set).start()
    job.stop()
    assert (job.state, job.result) == ("done", "too late")


def test_no_more_than_a_few_threads_are_left_behind_and_the_next_job_waits_and_can_be_cancelled() -> None:
    go_on = threading.Event()
    left = [deaf(go_on) for _ in range(MOST_LEFT)]
    for job in left:
        job.stop()
    ran: list[int] = []
    waiting = Job("Next", lambda control: ran.append(1), nothing, owner="deaf")
    other = ended(Job("Of another visitor", lambda control: 7, nothing, owner="another"))
    assert other.result == 7
    waiting.wait(0.3)
    assert waiting.state == "running" and "was cancelled" in waiting.message
    waiting.stop()
    assert waiting.state == "cancelled" and not ran and number_left("deaf") == MOST_LEFT
    last = Job("Last", lambda control: "in time", nothing, owner="deaf")
    go_on.set()
    assert ended(last).result == "in time"


def test_a_job_lets_go_of_what_it_was_made_of() -> None:
    class Held:
        pass

    held = Held()
    gone = weakref.ref(held)
    job = ended(Job("Fit", lambda control, held=held: None, nothing))
    job.wait(WAIT)
    del held
    gc.collect()
    assert gone() is None

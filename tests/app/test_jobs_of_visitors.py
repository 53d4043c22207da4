"""Of one visitor a few jobs run at once; those that nobody can find again end, those of a reloaded page or a closed tab are taken over."""

from __future__ import annotations

import gc
import threading
import time

import pytest

from app.jobs import MOST_AT_WORK, MOST_ENDED, UNSEEN, Job, let_go_of_orphans, take_orphan
from irlcore.engine import Control
from tests.app.test_jobs import WAIT, ended, nothing


def heeding(go_on: threading.Event, owner: str, session: str = "", project: str = "", lasting: bool = False) -> Job:
    """A job that heeds a stop, and ends when it may."""
    begun = threading.Event()

    def work(control: Control) -> str:
        begun.set()
        while not go_on.wait(0.01):
            control.check()
        return "found"

    job = Job("Fit", work, nothing, owner=owner, session=session, project=project, lasting=lasting)
    begun.wait(0.5)
    return job


def test_of_one_visitor_a_few_jobs_are_at_work_and_the_next_waits_for_one_of_them_to_end() -> None:
    """Fit, reload, fit, reload ... each added a thread at full speed."""
    go_on, first = threading.Event(), threading.Event()
    jobs = [heeding(first if k == 0 else go_on, "Ann") for k in range(MOST_AT_WORK + 2)]
    assert [job.message for job in jobs[MOST_AT_WORK:]] == ["waiting until work in other tabs has ended"] * 2
    of_bob = heeding(go_on, "Bob")
    assert "waiting" not in of_bob.message
    first.set()
    assert ended(jobs[0]).state == "done"
    until = time.monotonic() + WAIT
    while all("waiting" in job.message for job in jobs[MOST_AT_WORK:]) and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.3)  # the other one has looked once more
    assert sum("waiting" in job.message for job in jobs[MOST_AT_WORK:]) == 1
    go_on.set()
    assert all(ended(job).result == "found" for job in jobs)


def test_a_job_whose_session_has_ended_is_stopped_and_no_other() -> None:
    go_on = threading.Event()
    gone, stays, of_no_session = heeding(go_on, "Ann", "a"), heeding(go_on, "Ann", "b"), heeding(go_on, "Ann")
    let_go_of_orphans({"b"})
    assert ended(gone).state == "cancelled" and stays.state == of_no_session.state == "running"
    go_on.set()
    assert ended(stays).state == ended(of_no_session).state == "done"


def test_a_job_that_no_page_shows_is_taken_over_once_by_its_own_visitor_in_its_own_project() -> None:
    go_on = threading.Event()
    job = heeding(go_on, "Ann", "a", "key")
    assert take_orphan("Ann", "key", "b", {"a"}.__contains__) is None  # its page is there
    assert take_orphan("Bob", "key", "b", {"b"}.__contains__) is None
    assert take_orphan("Ann", "other", "b", {"b"}.__contains__) is None
    assert take_orphan("Ann", "key", "b", {"b"}.__contains__) is job and job.session == "b"
    assert take_orphan("Ann", "key", "c", {"b", "c"}.__contains__) is None
    go_on.set()
    assert ended(job).state == "done"
    assert take_orphan("Ann", "key", "c", {"c"}.__contains__) is job  # its result waits for a page
    assert take_orphan("Ann", "", "d", {"d"}.__contains__) is None


def test_what_was_cancelled_is_left_alone() -> None:
    job = heeding(threading.Event(), "Ann", "a", "cancelled")
    job.stop()
    assert take_orphan("Ann", "cancelled", "b", {"b"}.__contains__) is None


def test_work_begun_before_the_project_has_a_key_is_found_by_a_page_without_one() -> None:
    """An import into an empty project: the page that was reloaded has no key either."""
    go_on = threading.Event()
    job = heeding(go_on, "import", "a", "", lasting=True)
    assert take_orphan("import", "key", "b", {"b"}.__contains__) is None
    assert take_orphan("Bob", "", "b", {"b"}.__contains__) is None
    assert take_orphan("import", "", "b", {"b"}.__contains__) is job
    go_on.set()
    assert ended(job).result == "found"


def test_a_lasting_job_goes_on_without_a_session_and_its_result_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tab closed in the middle of a fit, or before it ended: the visitor opens the project an hour later."""
    go_on = threading.Event()
    job = heeding(go_on, "lasting", "a", "key", lasting=True)
    let_go_of_orphans(set())
    assert job.state == "running"
    go_on.set()
    assert ended(job).state == "done"
    name = id(job)
    del job
    gc.collect()
    let_go_of_orphans(set())
    found = take_orphan("lasting", "key", "b", {"b"}.__contains__)
    assert found is not None and id(found) == name and found.result == "found"
    found.taken()
    assert take_orphan("lasting", "key", "c", {"c"}.__contains__) is None


def test_nothing_lasts_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, done = threading.Event(), threading.Event()
    done.set()
    running = heeding(go_on, "ever", "a", "one", lasting=True)
    jobs = [ended(heeding(done, "ever", "a", f"key {k}", lasting=True)) for k in range(MOST_ENDED + 2)]
    del jobs
    gc.collect()
    assert take_orphan("ever", "key 0", "b", {"b"}.__contains__) is None, "of one visitor the last few results wait"
    assert take_orphan("ever", f"key {MOST_ENDED + 1}", "b", {"b"}.__contains__) is not None
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + UNSEEN - 10.0)
    let_go_of_orphans({"a"})  # seen until then
    monkeypatch.setattr(time, "monotonic", lambda: now + 2.0 * UNSEEN - 20.0)
    let_go_of_orphans(set())
    assert running.state == "running"
    monkeypatch.setattr(time, "monotonic", lambda: now + 2.0 * UNSEEN)
    let_go_of_orphans(set())
    monkeypatch.undo()
    assert ended(running).state == "cancelled"
    gc.collect()
    assert take_orphan("ever", f"key {MOST_ENDED}", "b", {"b"}.__contains__) is None

"""Of one visitor a few jobs run at once; those of a closed tab end, those of a reloaded page are taken over."""

from __future__ import annotations

import threading
import time

from app.jobs import MOST_AT_WORK, Job, stop_orphans, take_orphan
from irlcore.engine import Control
from tests.app.test_jobs import WAIT, ended, nothing


def heeding(go_on: threading.Event, owner: str, session: str = "", project: str = "") -> Job:
    """A job that heeds a stop, and ends when it may."""
    begun = threading.Event()

    def work(control: Control) -> str:
        begun.set()
        while not go_on.wait(0.01):
            control.check()
        return "found"

    job = Job("Fit", work, nothing, owner=owner, session=session, project=project)
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
    stop_orphans({"b"})
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
    assert take_orphan("Ann", "", "d", {"d"}.__contains__) is None  # a project that is not kept has no key


def test_what_was_cancelled_is_left_alone() -> None:
    job = heeding(threading.Event(), "Ann", "a", "cancelled")
    job.stop()
    assert take_orphan("Ann", "cancelled", "b", {"b"}.__contains__) is None

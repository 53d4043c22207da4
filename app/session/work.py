"""The long work of this window: begun, shown, taken over from a former page, and its result taken. ``app.jobs`` does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from app.faults import fault
from app.jobs import Job, take_orphan
from app.server.letting_go import alive
from app.session import opened, window
from app.store.saver import Saver
from irlcore.engine import Control
from irlcore.errors import Cancelled, MotiveError

SHORT_WORK = 0.7  # seconds
INLINE = "run_inline"  # set by tests
T = TypeVar("T")


def job() -> Job | None:
    """The long work that this window shows, until its result is taken."""
    found: Job | None = window.read("job", None)
    return found if found is not None and found.session == window.session_id() else None  # else another window has taken it over


def busy() -> bool:
    """Whether long work is running, or has ended and its result is still to be taken, which the next run of the whole page does: other work
    that began now would take its place."""
    return job() is not None


def inline() -> bool:
    """Whether all work is to be seen to its end before a page goes on."""
    return window.read(INLINE, False)


def _show(shown: Job | None, of: Saver | None = None) -> None:
    """of: what keeps the project that the work was begun in."""
    st.session_state["job"], st.session_state["job of"] = shown, of


def _saver_of_job() -> Saver | None:
    return window.read("job of", None)


def take_over_job() -> None:
    """Where this page was reloaded, or its tab closed and opened again: the work that its former self had begun."""
    if job() is not None:
        return
    found = take_orphan(window.owner(), opened.address().get(opened.KEY, ""), window.session_id(), alive)
    if found is not None:
        _show(found, opened.saving() if found.project else None)


def follow_job() -> None:
    """The job that is shown is found under the key that its project has by now: a copy has another one, and so has what was removed and is
    kept anew."""
    shown, of = job(), _saver_of_job()
    if shown is not None and of is not None and of.state:
        shown.project = of.key


def part_job(saver: Saver, own: Saver) -> None:
    """The work of a project becomes that of a copy, which has a saver of its own."""
    if _saver_of_job() is saver:
        st.session_state["job of"] = own


def start_job(title: str, work: Callable[[Control], T], keep: Callable[[T], None], kernels: bool = True) -> None:
    """Begin long work; ``keep`` gets its result on a page. kernels: whether it needs compiled ones. In tests (``INLINE``) it is done at
    once."""
    window.dismiss()
    begun = Job(title, work, keep, inline(), window.owner(), kernels, window.session_id(), opened.address().get(opened.KEY, ""),
                lasting=bool(window.who()))
    _show(begun, opened.saving())
    begun.wait(SHORT_WORK)


def raise_failure() -> None:
    """Raise what the job that was just begun has failed with, for the part of the page that began it to say."""
    ended = job()
    if ended is not None and ended.state == "failed" and ended.error is not None:
        _taken(ended)
        raise ended.error


def _taken(ended: Job) -> None:
    _show(None)
    ended.taken()


def finish_job() -> None:
    """Take the ended job's result, or what to say of it. Where another project is open by now, it waits until its own is again."""
    ended, of = job(), _saver_of_job()
    if ended is None or ended.state == "running":
        return
    if of is not None and of is not opened.saving() and ended.state != "cancelled":
        follow_job()
        _show(None)
        ended.let_go()
        return
    _taken(ended)
    if ended.state == "done":
        try:
            ended.keep(ended.result)
        except MotiveError as error:
            window.tell(error)
        except Exception as error:  # called before anything is drawn: it must not take the page away
            window.tell(fault(f"The result of {ended.title!r} could not be taken over", error))
    elif ended.state == "cancelled":
        window.tell(Cancelled(f"{ended.title} was cancelled."))
    elif ended.error is not None:
        window.tell(ended.error)

"""Long work on a thread that touches no page: progress, time left, cancel, and how it ended.

A stop is heeded between two pieces of work. Where a piece takes long (a kernel is compiled, a library reads a file) the job is *left
behind*: it counts as cancelled, its result is dropped when the thread ends, and other work may begin. Of one visitor at most
``MOST_LEFT`` threads are left behind at a time: his next job waits until one of them has ended, and Cancel works at once while it waits.
So it does while ``MOST_AT_WORK`` of his jobs are at work.

A page that is reloaded is another session. It takes over the job of its former self, which went on unseen, or has ended meanwhile; so does
one that is opened within some hours, where the visitor can be told. What no page can show any more is stopped (``let_go_of_orphans``).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from typing import Any, Literal
from weakref import WeakSet

from app.faults import fault
from app.server import kernel_cache
from irlcore.engine import Control
from irlcore.errors import Cancelled, MotiveError
from irlcore.pace import Pace

State = Literal["running", "done", "cancelled", "failed"]
PATIENCE = 0.5  # seconds that a stop may take before the job is left behind: with the page's own work a click takes less than one
MOST_LEFT = 2
MOST_ENDED = 2  # of one visitor, whose results wait for a page to be opened
UNSEEN = 4 * 3600.0  # seconds that a job may go on, or its result wait, without a session: as long as an open project is held
NOBODY = "nobody"  # in place of a session: a page let go of the job, since another project is open there
MOST_AT_WORK = 3  # of one visitor, in as many tabs: more would only slow each other down
_left: dict[str, list[threading.Thread]] = {}
_jobs: WeakSet[Job] = WeakSet()
"""Those at work, and those whose result no page has taken yet: the first are held by their threads, the others by their sessions."""
_ended: dict[str, list[Job]] = {}
_lock = threading.Lock()


class Job:
    """One piece of work.

    ``keep`` is called with the result by the page that finds the job done, never by the thread; ``error`` is set when
    it failed. ``inline`` does the work at once (tests).
    """

    def __init__(self, title: str, work: Callable[[Control], Any], keep: Callable[[Any], None], inline: bool = False,
                 owner: str = "", kernels: bool = False, session: str = "", project: str = "", lasting: bool = False) -> None:
        """owner: whose it is, for the number of threads left behind. kernels: whether to wait until they are compiled. session: whose pages
        show it and take its result; project: the key of the one that it was begun in, empty where it is not kept. lasting: whether its
        owner can be told when he comes back, so that it goes on while no page shows it."""
        self.title = title
        self.keep = keep
        self.state: State = "running"
        self.message = "starting"
        self.done, self.total = 0, 0
        self.begun = time.monotonic()
        self.result: Any = None
        self.error: MotiveError | None = None
        self.control = Control(self._report)
        self._pace = Pace()
        self.session, self.project, self.owner, self.lasting = session, project, owner, lasting
        self.seen = self.begun  # when a session last was there for it
        self._work, self._kernels, self._at_work = work, kernels, False
        self._ending = threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True)
        with _lock:
            _jobs.add(self)
        if inline:
            self._kernels = False  # they are compiled where they are called
            self._run()
        else:
            self._thread.start()

    def wait(self, seconds: float) -> None:
        """Give short work the time to end, so that the page need not show progress for it."""
        if self._thread.is_alive():
            self._thread.join(seconds)

    def stop(self) -> None:
        """Cancel, within ``PATIENCE``: a thread that does not heed it by then is left behind."""
        self.control.cancel.set()
        self.wait(PATIENCE)
        with self._ending:
            if self.state == "running":
                self.state = "cancelled"
                with _lock:
                    _left.setdefault(self.owner, []).append(self._thread)

    def _report(self, done: int, total: int, message: str) -> None:
        self.done, self.total, self.message = done, total, message
        if total > 0:
            self._pace.note(time.monotonic(), self.share)

    def _run(self) -> None:
        result: Any = None
        error: MotiveError | None = None
        state: State = "failed"
        try:
            self._wait_for_others()
            if self._kernels:
                kernel_cache.wait(self.control)
                self._pace, self.done, self.total = Pace(), 0, 0  # the work itself begins
            result, state = self._work(self.control), "done"
        except Cancelled:
            state = "cancelled"
        except MotiveError as known:
            error = known
        except BaseException as unknown:  # a defect of ours: a thread that dies unheard leaves the job running for ever
            error = fault(f"{self.title} did not end", unknown)
        with self._ending:
            if self.state == "running":  # else it was left behind, and nobody wants it any more
                self.result, self.error = result, error
                self.state = state
                self._outlast()
        del self._work  # what it was made of (files, a project) goes with it

    def _outlast(self) -> None:
        """Its session may be gone by now: it is held until a page has taken the result, of one visitor the last few."""
        if self.lasting and self.state in ("done", "failed"):
            with _lock:
                mine = _ended.setdefault(self.owner, [])
                mine.append(self)
                del mine[:-MOST_ENDED]

    def taken(self) -> None:
        """A page has its result; no other one takes it."""
        self.session = ""
        with _lock:
            _drop(self)

    def let_go(self) -> None:
        """Its page shows another project: the next one that shows its own takes it."""
        self.session, self.seen = NOBODY, time.monotonic()

    def _wait_for_others(self) -> None:
        while why := self._others():
            self.control.step(0, 0, why)
            self.control.cancel.wait(0.1)
        self.message = "starting"
        self.control.check()

    def _others(self) -> str:
        """Why it cannot begin, empty where it can and from here on does."""
        if number_left(self.owner) >= MOST_LEFT:
            return "waiting until work that was cancelled has ended"
        with _lock:
            at_work = sum(one.owner == self.owner and one._at_work and one.state == "running" for one in _jobs)
            self._at_work = at_work < MOST_AT_WORK
        return "" if self._at_work else "waiting until work in other tabs has ended"

    @property
    def seconds(self) -> float:
        """Wall time since the start."""
        return time.monotonic() - self.begun

    @property
    def share(self) -> float:
        """How much is done, 0 to 1; 0 while nothing is known."""
        return min(self.done / self.total, 1.0) if self.total > 0 else 0.0

    @property
    def clock(self) -> str:
        """Seconds so far, and about how long it will take still, where that can be told."""
        so_far = f"{self.seconds:.0f} s so far" if self.seconds < 120.0 else f"{self.seconds / 60.0:.0f} min so far"
        left = self._pace.said(time.monotonic())
        return f"{so_far}, {left}" if left else so_far


def number_left(owner: str = "") -> int:
    """How many threads that were left behind are still at work."""
    with _lock:
        alive = [thread for thread in _left.get(owner, []) if thread.is_alive()]
        if alive:
            _left[owner] = alive
        else:
            _left.pop(owner, None)
        return len(alive)


def take_orphan(owner: str, project: str, session: str, alive: Callable[[str], bool]) -> Job | None:
    """The oldest job of this visitor, begun in this project (or in none that is kept, where project is empty), that no page shows any more:
    from here on it is ``session``'s. alive: whether a session has a page."""
    with _lock:
        for one in sorted(_jobs, key=lambda job: job.begun):
            left = one.session and one.state != "cancelled" and (one.session == NOBODY or not alive(one.session))
            if left and (one.owner, one.project) == (owner, project) and (project or one.lasting):
                one.session, one.seen = session, time.monotonic()
                return one
    return None


def let_go_of_orphans(sessions: Collection[str]) -> None:
    """Cancel the jobs of all other sessions, which have ended, where nobody could take their results: those that last only once no session
    was there for them for long."""
    now = time.monotonic()
    with _lock:
        for one in _jobs:
            if one.session in sessions:
                one.seen = now
        found = [one for one in _jobs if one.session and one.session not in sessions and not (one.lasting and now - one.seen <= UNSEEN)]
        for one in found:
            _drop(one)
    for one in found:
        one.control.cancel.set()


def _drop(job: Job) -> None:
    """Of those that have ended; the lock is held."""
    mine = [one for one in _ended.pop(job.owner, []) if one is not job]
    if mine:
        _ended[job.owner] = mine

"""Long work on a thread that touches no page: progress, time left, cancel, and how it ended.

A stop is heeded between two pieces of work. Where a piece takes long (a kernel is compiled, a library reads a file) the job is *left
behind*: it counts as cancelled, its result is dropped when the thread ends, and other work may begin. Of one visitor at most
``MOST_LEFT`` threads are left behind at a time: his next job waits until one of them has ended, and Cancel works at once while it waits.
So it does while ``MOST_AT_WORK`` of his jobs are at work.

A page that is reloaded is another session. It takes over the job of its former self, which would go on unseen; what no page of a session
that still is could show any more is stopped (``stop_orphans``).
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

State = Literal["running", "done", "cancelled", "failed"]
PATIENCE = 0.5  # seconds that a stop may take before the job is left behind: with the page's own work a click takes less than one
MOST_LEFT = 2
MOST_AT_WORK = 3  # of one visitor, in as many tabs: more would only slow each other down
_left: dict[str, list[threading.Thread]] = {}
_jobs: WeakSet[Job] = WeakSet()
"""Those at work, and those whose result no page has taken yet: the first are held by their threads, the others by their sessions."""
_lock = threading.Lock()


class Job:
    """One piece of work.

    ``keep`` is called with the result by the page that finds the job done, never by the thread; ``error`` is set when
    it failed. ``inline`` does the work at once (tests).
    """

    def __init__(self, title: str, work: Callable[[Control], Any], keep: Callable[[Any], None], inline: bool = False,
                 owner: str = "", kernels: bool = False, session: str = "", project: str = "") -> None:
        """owner: whose it is, for the number of threads left behind. kernels: whether to wait until they are compiled. session: whose pages
        show it and take its result; project: the key of the one that it was begun in, empty where it is not kept."""
        self.title = title
        self.keep = keep
        self.state: State = "running"
        self.message = "starting"
        self.done, self.total = 0, 0
        self.begun = time.monotonic()
        self.result: Any = None
        self.error: MotiveError | None = None
        self.control = Control(self._report)
        self.session, self.project, self.owner = session, project, owner
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

    def _run(self) -> None:
        result: Any = None
        error: MotiveError | None = None
        state: State = "failed"
        try:
            self._wait_for_others()
            if self._kernels:
                kernel_cache.wait(self.control)
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
        del self._work  # what it was made of (files, a project) goes with it

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
        """Seconds so far, and about how many are left once enough is done to tell."""
        so_far = f"{self.seconds:.0f} s so far"
        if self.share < 0.1:
            return so_far
        return f"{so_far}, about {self.seconds * (1.0 / self.share - 1.0):.0f} s left"


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
    """A job of this visitor, begun in this project, that no page shows any more: from here on it is ``session``'s. alive: whether a session
    has a page."""
    with _lock:
        for one in _jobs:
            left = one.session and one.state != "cancelled" and not alive(one.session)
            if project and left and (one.owner, one.project) == (owner, project):
                one.session = session
                return one
    return None


def stop_orphans(sessions: Collection[str]) -> None:
    """Cancel the jobs of all other sessions, which have ended: nobody could take their results."""
    with _lock:
        found = [one for one in _jobs if one.session and one.session not in sessions]
    for one in found:
        one.control.cancel.set()

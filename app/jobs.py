"""Long work on a thread that touches no page: progress, time left, cancel, and how it ended."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Literal

from app.faults import fault
from irlcore.engine import Control
from irlcore.errors import Cancelled, MotiveError

State = Literal["running", "done", "cancelled", "failed"]


class Job:
    """One piece of work.

    ``keep`` is called with the result by the page that finds the job done, never by the thread; ``error`` is set when
    it failed. ``inline`` does the work at once (tests).
    """

    def __init__(self, title: str, work: Callable[[Control], Any], keep: Callable[[Any], None], inline: bool = False) -> None:
        self.title = title
        self.keep = keep
        self.state: State = "running"
        self.message = "starting (the very first run compiles the solver, about 20 seconds)"
        self.done, self.total = 0, 0
        self.begun = time.monotonic()
        self.result: Any = None
        self.error: MotiveError | None = None
        self.control = Control(self._report)
        self._work = work
        self._thread = threading.Thread(target=self._run, daemon=True)
        if inline:
            self._run()
        else:
            self._thread.start()

    def wait(self, seconds: float) -> None:
        """Give short work the time to end, so that the page need not show progress for it."""
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _report(self, done: int, total: int, message: str) -> None:
        self.done, self.total, self.message = done, total, message

    def _run(self) -> None:
        try:
            self.result = self._work(self.control)
            self.state = "done"
        except Cancelled:
            self.state = "cancelled"
        except MotiveError as error:
            self.error, self.state = error, "failed"
        except BaseException as error:  # a defect of ours: said, not swallowed; a thread that dies unheard leaves the job running for ever
            self.error, self.state = fault(f"{self.title} did not end", error), "failed"

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

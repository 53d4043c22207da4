"""Many goals (or agents) at once: a thread pool over kernels that release the interpreter's lock.

Results come back in the order of the items, so sums are the same to the last bit whatever the number of
workers. Cancelling takes effect between two items, and inside those that call ``checkpoint``.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from irlcore.errors import Cancelled

T = TypeVar("T")
R = TypeVar("R")
Progress = Callable[[int, int, str], None]
PARTS = 1000  # steps of a bar in each piece of a longer work


class Control:
    """How a long piece of work is watched and stopped.

    ``report(step, total, message)`` is called from the working thread; ``cancel`` may be set from any.
    """

    def __init__(self, report: Progress | None = None) -> None:
        self.cancel = threading.Event()
        self._report = report

    def step(self, done: int, total: int, message: str) -> None:
        """Say how far the work is; raises ``Cancelled`` once the analyst has asked for a stop."""
        self.check()
        if self._report is not None:
            self._report(done, total, message)

    def check(self) -> None:
        """Raise ``Cancelled`` once the analyst has asked for a stop."""
        if self.cancel.is_set():
            raise Cancelled

    def part(self, number: int, parts: int, message: str) -> Control:
        """The control of one of ``parts`` equal pieces of this work (number from 0): its steps move this one's bar on within the
        piece, never back, and it stops when this one does."""
        far = 0.0

        def report(done: int, total: int, said: str) -> None:
            nonlocal far
            far = max(far, min(done / total, 1.0) if total > 0 else 0.0)
            self.step(round((number + far) * PARTS), parts * PARTS, f"{message}: {said}" if message else said)

        child = Control(report)
        child.cancel = self.cancel
        return child


_here = threading.local()


def checkpoint() -> None:
    """Raise ``Cancelled`` where the item of ``run_all`` that this thread works on is no longer wanted: long items call it every
    fraction of a second, so that a stop takes effect inside them too."""
    control: Control | None = getattr(_here, "control", None)
    if control is not None:
        control.check()


def workers() -> int:
    """How many threads to use: the processors this process may run on, or ``MOTIVE_WORKERS``."""
    asked = os.environ.get("MOTIVE_WORKERS", "")
    if asked.isdigit():
        return max(1, int(asked))
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_all(work: Callable[[T], R], items: Sequence[T], control: Control | None = None, message: str = "") -> list[R]:
    """``work`` of every item, in order; an error stops the items after it, and that of the first item is raised.

    With a ``message`` the control hears of every item that is done.
    """
    control = control or Control()
    ended: list[None] = []  # list.append is atomic, so threads may count with it
    failed: list[int] = []

    def guarded(at: int, item: T) -> R:
        control.check()
        if any(k < at for k in failed):  # never read: the error of item k is raised before
            raise Cancelled
        before, _here.control = getattr(_here, "control", None), control
        try:
            result = work(item)
        except BaseException:
            failed.append(at)
            raise
        finally:
            _here.control = before
        ended.append(None)
        if message:
            control.step(len(ended), len(items), message)
        return result

    if workers() == 1 or len(items) < 2:
        return [guarded(at, item) for at, item in enumerate(items)]
    with ThreadPoolExecutor(workers()) as pool:
        futures = [pool.submit(guarded, at, item) for at, item in enumerate(items)]
        try:
            return [future.result() for future in futures]
        except BaseException:
            for future in futures:
                future.cancel()
            raise

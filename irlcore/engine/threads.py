"""Many items on threads, over kernels that release the interpreter's lock.

Every thread takes the next few items as long as there are any, a few milliseconds of work at once: goals of a tenth of a millisecond would
cost more to be handed over than to be solved. What takes less than it costs to start a thread is done where it is asked for.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from irlcore.engine.control import Control, watched

PIECE_S = 0.002
"""Seconds of work that a thread takes at once, once it is known how long an item takes."""
ALONE_S = 0.004
"""Seconds of work that are not worth a second thread."""

pace: dict[str, float] = {}  # work -> seconds an item, as last seen


def workers() -> int:
    """How many threads to use: the processors this process may run on, or ``MOTIVE_WORKERS``."""
    asked = os.environ.get("MOTIVE_WORKERS", "")
    if asked.isdigit():
        return max(1, int(asked))
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread_over_threads(one: Callable[[int], Any], n: int, name: str, control: Control, message: str,
                        taken: Callable[[int, Any], None], most: int) -> None:
    """``taken(at, one(at))`` of the items 0 to n - 1; an error stops the items after it, and that of the first item is raised.

    most: threads."""
    many = min(most, n)
    run = _Run(one, n, control, message, taken, many)
    begun = time.perf_counter()
    if many > 1 and pace.get(name, math.inf) * n < ALONE_S:  # as it was the last time: a world may have become larger
        run.work(begun + ALONE_S)
    if many == 1 or run.done():
        run.work(math.inf)
    else:
        run.work_side_by_side(many)
    run.settle()
    if n:
        pace[name] = run.busy / n


class _Run:
    """The items of one call: which is next, which is the first that failed."""

    def __init__(self, one: Callable[[int], Any], n: int, control: Control, message: str, taken: Callable[[int, Any], None],
                 many: int) -> None:
        self.many = many
        self.one, self.n, self.control, self.message, self.taken = one, n, control, message, taken
        self.lock, self.next, self.ended, self.busy = threading.Lock(), 0, 0, 0.0
        self.failed, self.error = n, None  # type: int, BaseException | None

    def done(self) -> bool:
        return self.next >= min(self.n, self.failed)

    def work(self, until: float) -> None:
        """Take items as long as there are any, or until a time."""
        size = 1
        with watched(self.control):
            while time.perf_counter() < until:
                with self.lock:
                    first = self.next
                    self.next = last = min(first + size, self.n)
                begun = time.perf_counter()
                for at in range(first, last):
                    if at > self.failed or not self._tried(at):
                        return
                if first == last:
                    return
                took = time.perf_counter() - begun
                self.busy += took  # of threads at the same time some may be lost: it is a guide
                size = max(1, min(int(PIECE_S * (last - first) / max(took, 1e-9)), (self.n - last) // (2 * self.many)))

    def _tried(self, at: int) -> bool:
        """Whether the item came to a good end."""
        try:
            self.control.check()
            self.taken(at, self.one(at))
            if self.message:
                with self.lock:
                    self.ended += 1
                    ended = self.ended
                self.control.step(ended, self.n, self.message)
        except BaseException as error:
            self.fail(at, error)
            return False
        return True

    def fail(self, at: int, error: BaseException) -> None:
        """Nothing behind this item matters any more."""
        with self.lock:
            if at < self.failed or self.error is None:
                self.failed, self.error = at, error

    def work_side_by_side(self, many: int) -> None:
        """This thread and ``many`` - 1 others."""
        others = [threading.Thread(target=self.work, args=(math.inf,), daemon=True) for _ in range(many - 1)]
        for thread in others:
            thread.start()
        try:
            self.work(math.inf)
            for thread in others:
                thread.join()
        except BaseException as error:  # a key was pressed while the others were waited for
            self.fail(-1, error)
            for thread in others:
                thread.join()

    def settle(self) -> None:
        """Raise the error of the first item that failed."""
        if self.error is not None:
            error, self.error = self.error, None
            raise error



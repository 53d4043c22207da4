"""Reasons of tracks, the next ones' worked out beside the page while the analyst looks at this one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from irlcore.review.reasons import Reasons

MOST = 400  # tracks whose reasons are kept: a few arrays and sentences each


class Ahead:
    """Reasons by the number of the path, each worked out once. ``work`` touches nothing of the page, so that a thread may do it."""

    def __init__(self, work: Callable[[int], Reasons]) -> None:
        self._work = work
        self._known: dict[int, Reasons] = {}
        self._lock = threading.Lock()
        self._wanted: list[int] = []
        self._thread: threading.Thread | None = None

    def of(self, index: int) -> Reasons:
        """The reasons of path ``index``, at once where they were worked out ahead. Raises what the work raises."""
        found = self._known.get(index)
        return self._keep(index, self._work(index)) if found is None else found

    def prepare(self, indices: Sequence[int]) -> None:
        """Work these out next, in this order, instead of what was wanted before."""
        with self._lock:
            self._wanted = [i for i in indices if i not in self._known]
            if self._wanted and self._thread is None:
                thread = threading.Thread(target=self._run, name="motive reasons", daemon=True)
                with suppress(RuntimeError):  # this machine can do no more at once: then they are worked out when they are looked at
                    thread.start()
                    self._thread = thread

    def settle(self, seconds: float) -> None:
        """Wait for what is being worked out, at most so long."""
        if (thread := self._thread) is not None:
            thread.join(seconds)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._wanted:
                    self._thread = None
                    return
                index = self._wanted.pop(0)
            with suppress(Exception):  # it is said where the track is looked at
                if index not in self._known:
                    self._keep(index, self._work(index))

    def _keep(self, index: int, found: Reasons) -> Reasons:
        with self._lock:
            self._known[index] = found
            while len(self._known) > MOST:
                self._known.pop(next(iter(self._known)))
        return found

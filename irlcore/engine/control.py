"""How a long piece of work is watched and stopped: progress, and a stop that takes effect between two items, and inside those that ask."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from irlcore.errors import Cancelled

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

    def part(self, number: int, parts: int, message: str, many: int = 1) -> Control:
        """The control of one of ``parts`` equal pieces of this work (number from 0), or of as ``many`` from there on: its steps move this
        one's bar on within the piece, never back, and it stops when this one does."""
        far = 0.0

        def report(done: int, total: int, said: str) -> None:
            nonlocal far
            far = max(far, min(done / total, 1.0) if total > 0 else 0.0)
            self.step(round((number + far * many) * PARTS), parts * PARTS, f"{message}: {said}" if message else said)

        child = Control(report)
        child.cancel = self.cancel
        return child


_here = threading.local()


def checkpoint() -> None:
    """Raise ``Cancelled`` where the item of ``run_all`` that this thread works on is no longer wanted: long items call it every
    fraction of a second, so that a stop takes effect inside them too."""
    control = current_control()
    if control is not None:
        control.check()


def current_control() -> Control | None:
    """The control of the item that this thread works on."""
    found: Control | None = getattr(_here, "control", None)
    return found


@contextmanager
def watched(control: Control) -> Iterator[None]:
    """``checkpoint`` asks this control, in this thread, as long as it lasts."""
    before, _here.control = getattr(_here, "control", None), control
    try:
        yield
    finally:
        _here.control = before

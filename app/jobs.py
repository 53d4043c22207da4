"""Long work on a thread that touches no page: progress, cancel, and how it ended."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Literal

from irlcore.engine import Control
from irlcore.errors import Cancelled, MotiveError

State = Literal["running", "done", "cancelled", "failed"]


class Job:
    """One piece of work. ``result`` is set when it is done, ``error`` when it failed."""

    def __init__(self, title: str, work: Callable[[Control], Any], inline: bool = False) -> None:
        self.title = title
        self.state: State = "running"
        self.message = "Starting (the first run compiles, which takes a few seconds)"
        self.steps = 0
        self.begun = time.monotonic()
        self.result: Any = None
        self.error: MotiveError | None = None
        self.control = Control(self._report)
        self._work = work
        if inline:
            self._run()
        else:
            threading.Thread(target=self._run, daemon=True).start()

    def _report(self, done: int, total: int, message: str) -> None:
        self.steps, self.message = done, message

    def _run(self) -> None:
        try:
            self.result = self._work(self.control)
            self.state = "done"
        except Cancelled:
            self.state = "cancelled"
        except MotiveError as error:
            self.error, self.state = error, "failed"
        except Exception as error:  # a defect of ours: said, not swallowed
            self.error = MotiveError(f"Something went wrong inside Motive ({type(error).__name__}: {error}).",
                                     "Your project is unchanged. Please report this.")
            self.state = "failed"

    @property
    def seconds(self) -> float:
        """Wall time since the start."""
        return time.monotonic() - self.begun

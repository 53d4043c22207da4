"""What a command says: results on standard output, all else on standard error; on a terminal how far the work is, and the time left."""

from __future__ import annotations

import json
import math
import shutil
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any, TextIO

import numpy as np

from irlcore.engine import Control
from irlcore.errors import MotiveError
from irlcore.pace import Pace

OFTEN = 0.2  # seconds between two lines of progress
NARROWEST = 40
WIDEST = 60
"""Letters of a cell of a table on a terminal; JSON has all of them."""


class Voice:
    """The voice of one command. as_json: one JSON object on standard output, and nothing else there. quiet: results and errors alone."""

    def __init__(self, as_json: bool = False, quiet: bool = False) -> None:
        self.as_json = as_json
        self.quiet = quiet or as_json
        self.control = Control(self._progress)
        self.assumed: list[str] = []
        self._title, self._pace, self._told = "", Pace(), 0.0
        self._lock = threading.Lock()
        self._shown = 0

    def doing(self, title: str) -> Control:
        """The control of the next piece of work, which is called so."""
        self.clear()
        self._title, self._pace = title, Pace()
        return self.control

    def say(self, text: str) -> None:
        """A line of the result, for people."""
        if not self.as_json:
            self.clear()
            _write(sys.stdout, printable(text))

    def line(self, text: str) -> None:
        """A line that programs read, whatever else is asked for."""
        self.clear()
        _write(sys.stdout, text)

    def tell(self, text: str) -> None:
        """What was understood or assumed; part of the JSON too."""
        self.assumed.append(text)
        if not self.quiet:
            self.clear()
            _write(sys.stderr, printable(text))

    def warn(self, text: str) -> None:
        """What has to be seen, however quiet it is to be."""
        self.clear()
        _write(sys.stderr, printable(text))

    def refuse(self, error: MotiveError) -> None:
        """What is wrong and what to do."""
        self.warn(f"{error.what} {error.fix}".strip())
        if self.as_json:
            self.give({"error": {"what": error.what, "fix": error.fix}})

    def give(self, result: dict[str, Any]) -> None:
        """The JSON object, where that was asked for."""
        if self.as_json:
            _write(sys.stdout, json.dumps(plain_json(result), allow_nan=False))

    def clear(self) -> None:
        """Take the line of progress away."""
        with self._lock:
            if self._shown:
                _write(sys.stderr, "\r" + " " * self._shown + "\r", "")
                self._shown = 0

    def _progress(self, done: int, total: int, message: str) -> None:
        if self.quiet or not _is_terminal(sys.stderr):
            return
        now = time.monotonic()
        share = min(done / total, 1.0) if total > 0 else 0.0
        with self._lock:
            self._pace.note(now, share)
            if now - self._told < OFTEN:
                return
            self._told = now
            now_at = printable(message).replace("\n", " ")
            said = ", ".join(filter(None, (f"{share:.0%}" if total > 0 else "", self._pace.said(now), now_at)))
            room = max(NARROWEST, shutil.get_terminal_size().columns - 1)
            line = f"{self._title}: {said}"[:room]
            _write(sys.stderr, "\r" + line.ljust(self._shown), "")
            self._shown = len(line)


def printable(text: str) -> str:
    """A text without what a terminal would take for a command: names come from files."""
    from irlcore.report import text as texts  # pandas, which help and a slip of the pen need not wait for

    return texts.printable(text)


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def _write(stream: TextIO, text: str, end: str = "\n") -> None:
    """A text in the letters that the stream has (a console may have 256 of them), a question mark for each other."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(text.encode(encoding, "replace").decode(encoding) + end)
    stream.flush()


def plain_json(value: Any) -> Any:
    """JSON values; numbers that are none, or have no end, are null."""
    if isinstance(value, dict):
        return {str(name): plain_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain_json(one) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def table_lines(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """A table with columns below each other. right: the columns that are set flush right. The last one is as long as it is."""
    cells = [[printable(one) for one in row] for row in (heads, *rows)]
    cut = [[one if k == len(row) - 1 or len(one) <= WIDEST else f"{one[:WIDEST - 3]}..." for k, one in enumerate(row)] for row in cells]
    wide = [max(len(row[k]) for row in cut) for k in range(len(heads))]
    return ["  ".join(one.rjust(wide[k]) if k in right else one.ljust(wide[k]) for k, one in enumerate(row)).rstrip() for row in cut]

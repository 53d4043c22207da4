"""The command ``motive``: what it was asked, done, and an exit code that a scheduler can use."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

from irlcore.cli.arguments import parser
from irlcore.cli.voice import Voice
from irlcore.errors import Cancelled, MotiveError

BAD_INPUT, CANCELLED = 2, 130
APP = "app.server.command"
"""What opens Motive in the browser; no part of the library, and so not imported before it is asked for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command: 0 done and nothing flagged, 1 something flagged, 2 bad input, 130 cancelled."""
    asked = list(sys.argv[1:] if arguments is None else arguments)
    if asked[:1] == ["app"]:
        return _app(asked[1:])
    told = parser().parse_args(asked)
    voice = Voice(told.json, told.quiet)
    try:
        with _stopped_by_hand(voice), _worked_on(told.cluster):
            code: int = importlib.import_module(f"irlcore.cli.{told.module}").run(told, voice)
        return code
    except (Cancelled, KeyboardInterrupt):
        voice.warn("Cancelled.")
        return CANCELLED
    except MotiveError as error:
        voice.refuse(error)
    except BrokenPipeError:  # whoever read this has read enough
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CANCELLED
    except MemoryError:
        voice.refuse(MotiveError("There is not enough memory for this.", "Give fewer tracks, larger cells, or a model that needs less."))
    except Exception as error:
        voice.refuse(_defect(error))
    return BAD_INPUT


def _app(asked: Sequence[str]) -> int:
    """Handed on to the app, where it is installed."""
    try:
        command = importlib.import_module(APP)
    except ModuleNotFoundError as error:
        Voice().refuse(MotiveError(f"The app cannot be opened: {error.name} is not installed.",
                                   "Install Motive with its app: pip install 'motive[app]'."))
        return BAD_INPUT
    code: int = command.run(asked)
    return code


def _worked_on(cluster: str) -> contextlib.AbstractContextManager[object]:
    """Where fits and scores are worked out while this holds: on this machine, or by the workers of a scheduler's address."""
    if not cluster:
        return contextlib.nullcontext()
    from irlcore import engine

    return engine.use(cluster)


@contextlib.contextmanager
def _stopped_by_hand(voice: Voice) -> Iterator[None]:
    """Ctrl+C asks the work to stop where it can; the second time it stops wherever it is."""
    def stop(number: int, frame: object) -> None:
        if voice.control.cancel.is_set():
            raise KeyboardInterrupt
        voice.control.cancel.set()

    try:
        before = signal.signal(signal.SIGINT, stop)
    except ValueError:  # not the main thread, which alone hears of it
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _defect(error: Exception) -> MotiveError:
    """A fault of Motive's own, with where its traceback is."""
    said = "".join(traceback.format_exception(error))
    try:
        with tempfile.NamedTemporaryFile("w", suffix=".txt", prefix="motive-fault-", delete=False, encoding="utf-8",
                                         errors="replace") as file:
            file.write(said)
        where = f"What happened is in {Path(file.name)}: please report it."
    except OSError:
        where = "Please report it."
    return MotiveError(f"Motive has a fault of its own here ({type(error).__name__}).", where)


if __name__ == "__main__":
    sys.exit(main())

"""Memory that an import has freed goes back to the system, after it and again once its tab has been closed."""

from __future__ import annotations

import ctypes
import gc
import threading
from contextlib import suppress

import pyarrow

PERIOD = 30.0  # seconds: a click's worth of work each, and only in a server that has had an upload
_lock = threading.Lock()
_keeper: list[threading.Thread] = []


def give_back() -> None:
    """Once. The allocators of Arrow and C keep hundreds of MB for themselves after a large file, measured."""
    gc.collect()
    pyarrow.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError, TypeError):  # only the C library of GNU has it
        ctypes.CDLL(None).malloc_trim(0)


def keep_giving_back() -> None:
    """From now on, for as long as the server runs: Streamlit does not say when it lets go of a run or of a session, whose tab was closed
    two minutes ago."""
    with _lock:
        if not _keeper:
            _keeper.append(threading.Thread(target=_again_and_again, daemon=True, name="freed memory"))
            _keeper[0].start()


def _again_and_again() -> None:
    while True:
        threading.Event().wait(PERIOD)
        give_back()

"""Memory that an import has freed goes back to the system, after it and again once its tab has been closed."""

from __future__ import annotations

import gc
import threading

from irlcore.tracks import memory

PERIOD = 30.0  # seconds: a click's worth of work each, and only in a server that has had an upload
_lock = threading.Lock()
_keeper: list[threading.Thread] = []


def give_back() -> None:
    """Once. The allocators of Arrow and C keep hundreds of MB for themselves after a large file, measured."""
    gc.collect()
    memory.give_back()


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

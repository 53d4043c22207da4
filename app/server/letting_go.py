"""What closed tabs and past imports held is let go of, their work is stopped, and the memory goes back to the system."""

from __future__ import annotations

import asyncio
import gc
import threading
from contextlib import suppress

from streamlit import runtime

from app.jobs import let_go_of_orphans
from irlcore.tracks import memory

PERIOD = 30.0  # seconds
_worth_it = threading.Event()


def give_back() -> None:
    """Freed memory, once. The allocators of Arrow and C keep hundreds of MB for themselves after a large file, measured."""
    gc.collect()
    memory.give_back()


def keep_giving_back() -> None:
    """From now on: a server that has had an upload does so in each period, a click's worth of work, since Streamlit does not say when it
    lets go of a run or of a session."""
    _worth_it.set()


async def let_go_again_and_again() -> None:
    """For as long as the server runs, on its own loop, which is the only one that may touch what Streamlit keeps of sessions."""
    while True:
        await asyncio.sleep(PERIOD)
        let_go()
        if _worth_it.is_set():
            await asyncio.to_thread(give_back)


def let_go() -> None:
    """Sessions whose tab was closed more than ``server.disconnectedSessionTTL`` ago end now. Streamlit removes them only when it next
    writes one, so the last visitor's tracks and uploads would stay until somebody else comes (seen: still there after three minutes)."""
    with suppress(AttributeError, RuntimeError):  # no server, or a Streamlit that keeps them in another way
        sessions = runtime.get_instance()._session_mgr
        sessions._session_storage._cache.expire()  # type: ignore[attr-defined]
        let_go_of_orphans({one.session.id for one in sessions.list_sessions()})


def alive(session: str) -> bool:
    """Whether a session has a page now."""
    try:
        return runtime.get_instance().is_active_session(session)
    except RuntimeError:  # no server
        return True

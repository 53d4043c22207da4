"""What closed tabs held is let go of once their time is over, and the memory goes back to the system."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from streamlit import runtime

PERIOD = 30.0  # seconds


async def let_go_again_and_again() -> None:
    """For as long as the server runs, on its own loop, which is the only one that may touch what Streamlit keeps of sessions."""
    while True:
        await asyncio.sleep(PERIOD)
        let_go()


def let_go() -> None:
    """Sessions whose tab was closed more than ``server.disconnectedSessionTTL`` ago end now. Streamlit removes them only when it next
    writes one, so the last visitor's tracks and uploads would stay until somebody else comes (seen: still there after three minutes)."""
    with suppress(AttributeError, RuntimeError):  # no server, or a Streamlit that keeps them in another way
        runtime.get_instance()._session_mgr._session_storage._cache.expire()  # type: ignore[attr-defined]

"""A tab that was closed holds nothing for longer than its time, also where nobody else comes."""

from __future__ import annotations

import asyncio
import threading
import time
from types import SimpleNamespace

import pytest
from streamlit import runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from app.jobs import Job
from app.server import letting_go
from app.server.letting_go import let_go


class Session:
    """Stands for the session of a tab."""

    id = "a"


def test_what_has_expired_is_let_go_of_without_another_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = MemorySessionStorage(ttl_seconds=0)
    storage.save(SimpleNamespace(session=Session()))  # type: ignore[arg-type]
    open_now = [SimpleNamespace(session=SimpleNamespace(id="b"))]
    manager = SimpleNamespace(_session_storage=storage, list_sessions=lambda: open_now + storage.list())
    monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=manager))
    of_closed, of_open = (Job("Fit", lambda watch: watch.cancel.wait(10.0), lambda result: None, session=session) for session in "ab")
    time.sleep(0.01)
    kept = storage._cache._data if hasattr(storage._cache, "_data") else vars(storage._cache)
    assert "a" in str(kept), "nothing to let go of: Streamlit keeps sessions in another way, so look at let_go anew"
    let_go()
    assert "'a'" not in str(kept)
    assert of_closed.control.cancel.is_set() and not of_open.control.cancel.is_set()
    of_open.control.cancel.set()


def test_it_finds_nothing_without_a_server() -> None:
    let_go()


def test_memory_goes_back_once_uploads_have_been_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[str] = []
    monkeypatch.setattr(letting_go, "PERIOD", 0.001)
    monkeypatch.setattr(letting_go, "_worth_it", threading.Event())
    monkeypatch.setattr(letting_go, "let_go", lambda: times.append("sessions"))
    monkeypatch.setattr(letting_go, "give_back", lambda: times.append("memory"))

    async def until(what: str, count: int) -> None:
        keeper = asyncio.create_task(letting_go.let_go_again_and_again())
        while times.count(what) < count:
            await asyncio.sleep(0.001)
        keeper.cancel()

    asyncio.run(until("sessions", 3))
    assert "memory" not in times
    letting_go.keep_giving_back()
    asyncio.run(until("memory", 2))
    assert times[times.index("memory") - 1] == "sessions"  # what a session held is free by then

"""A tab that was closed holds nothing for longer than its time, also where nobody else comes."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from streamlit import runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from app.server.closed_tabs import let_go


class Session:
    """Stands for the session of a tab."""

    id = "a"


def test_what_has_expired_is_let_go_of_without_another_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = MemorySessionStorage(ttl_seconds=0)
    storage.save(SimpleNamespace(session=Session()))  # type: ignore[arg-type]
    monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=SimpleNamespace(_session_storage=storage)))
    time.sleep(0.01)
    kept = storage._cache._data if hasattr(storage._cache, "_data") else vars(storage._cache)
    assert "a" in str(kept), "nothing to let go of: Streamlit keeps sessions in another way, so look at let_go anew"
    let_go()
    assert "'a'" not in str(kept)


def test_it_finds_nothing_without_a_server() -> None:
    let_go()

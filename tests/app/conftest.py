"""What several files of tests of the app begin with."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import app_test

from tests.app.visits import Server


@pytest.fixture(scope="session", autouse=True)
def streamlit_looks_once() -> Iterator[None]:
    """As in a server: each ``AppTest`` would read what every installed package says of itself, and compile the pages at each run."""
    compiled = ScriptCache()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        patch.setattr(app_test, "ScriptCache", lambda: compiled)
        yield


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server whose store is its own, with nothing in it."""
    monkeypatch.setenv("MOTIVE_HOME", str(tmp_path / "home"))
    yield Server(monkeypatch)

"""What several files of tests of the app begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.visits import Server


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server whose store is its own, with nothing in it."""
    monkeypatch.setenv("MOTIVE_HOME", str(tmp_path / "home"))
    yield Server(monkeypatch)

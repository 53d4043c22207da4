"""A home of its own for each test's store, and a project to keep."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from irlcore.project.project import Project
from tests.app.store.projects import project


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("MOTIVE_HOME", str(tmp_path / "home"))
    yield tmp_path / "home"


@pytest.fixture(scope="module")
def first() -> Project:
    return project()

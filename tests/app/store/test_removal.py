"""A project that is removed is gone for good, whatever happens meanwhile."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.recent import recent
from app.store.store import Taken, highest, load_newest, remove, save_version
from irlcore.project.project_file import save_project
from tests.app.store.projects import ANN, KEY, project, step


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("MOTIVE_HOME", str(tmp_path / "home"))
    yield tmp_path / "home"


@pytest.fixture(scope="module")
def data() -> dict[int, bytes]:
    first = project()
    return {n: save_project(step(first, n)) for n in range(1, 5)}


def saved(data: dict[int, bytes], last: int) -> None:
    for n in range(1, last + 1):
        save_version(ANN, KEY, n, data[n])


def test_a_project_removed_meanwhile_does_not_come_back_under_its_key(data: dict[int, bytes]) -> None:
    saved(data, 3)
    remove(ANN, KEY)
    with pytest.raises(Taken):
        save_version(ANN, KEY, 4, data[4])
    assert highest(ANN, KEY) == 0 and recent(ANN) == []
    remove(ANN, KEY)  # gone already: nothing to say


def test_a_removal_that_was_interrupted_is_one_and_the_rest_goes_at_the_next_look(data: dict[int, bytes], home: Path,
                                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed, or the disk failed, once the project was out of the list: its states must not stay on the disk for ever."""
    saved(data, 2)
    with monkeypatch.context() as failing:
        for call in ("unlink", "rmdir"):
            failing.setattr(os, call, fails)
        remove(ANN, KEY)
        assert recent(ANN) == []
    assert len(os.listdir(home / "projects" / ANN)) == 1  # the failing disk kept it
    assert recent(ANN) == [] and os.listdir(home / "projects" / ANN) == []
    saved(data, 1)
    (home / "projects" / ANN / f".{KEY}-0badcafe").mkdir()
    remove(ANN, KEY)
    assert os.listdir(home / "projects" / ANN) == []


def test_a_project_that_cannot_be_taken_out_of_the_list_is_whole_still(data: dict[int, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    saved(data, 2)
    with monkeypatch.context() as failing:
        failing.setattr(os, "rename", fails)
        with pytest.raises(OSError, match="Input/output"):
            remove(ANN, KEY)
    assert load_newest(ANN, KEY).version == 2


def fails(*args: object, **kwargs: object) -> None:
    raise OSError(errno.EIO, "Input/output error")

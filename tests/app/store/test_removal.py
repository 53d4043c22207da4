"""A project that is removed is gone for good, whatever happens meanwhile."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from app.store import saver as saving
from app.store.recent import recent
from app.store.saver import Saver
from app.store.store import Taken, highest, load_newest, remove, save_version
from irlcore.project.project import Project
from irlcore.project.project_file import save_project
from tests.app.store.projects import ANN, KEY, project, state_of, step

WAIT = 20.0


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


def test_what_is_being_saved_does_not_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither what is not written yet when the project is removed, nor what waits for that."""
    saver, first, begun, go_on = Saver(ANN), project(), threading.Event(), threading.Event()
    saver.save(step(first, 1), WAIT)
    former, write = saver.key, saving.save_project

    def slow(made: Project) -> bytes:
        begun.set()
        assert go_on.wait(WAIT)
        return write(made)

    with monkeypatch.context() as patch:
        patch.setattr(saving, "save_project", slow)
        saver.save(step(first, 2), 0.0)
        assert begun.wait(WAIT)
        saver.save(step(first, 3), 0.0)
        saver.remove()
        assert (saver.state, saver.n) == ("", 0) and saver.key != former
        go_on.set()
        saver.settle(WAIT)
    assert recent(ANN) == [] and (saver.state, saver.trouble, saver.copied) == ("", "", False)
    saver.save(step(first, 4), WAIT)  # where it is open, it is kept anew once it is changed
    assert (saver.state, saver.n, saver.copied) == ("saved", 1, False)
    assert [one.key for one in recent(ANN)] == [saver.key] and state_of(load_newest(ANN, saver.key).project) == 4


def test_a_removal_waits_for_the_state_that_is_on_its_way_to_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    saver, first = Saver(ANN), project()
    saver.save(step(first, 1), WAIT)
    write, remover = saving.save_version, threading.Thread(target=saver.remove)

    def removed_meanwhile(*arguments: Any) -> None:
        remover.start()
        remover.join(0.3)  # it must not come through
        write(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(saving, "save_version", removed_meanwhile)
        saver.save(step(first, 2), WAIT)
    remover.join(WAIT)
    assert recent(ANN) == [] and (saver.state, saver.n, saver.copied) == ("", 0, False)

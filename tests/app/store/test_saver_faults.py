"""A save that cannot be done is said in one line, tried again, and leaves nothing half."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.store import saver as saving
from app.store.recent import recent
from app.store.saver import Saver
from app.store.store import MOST_VERSIONS, load_newest
from irlcore.project.project import Project
from tests.app.store.projects import ANN, KEY, WAIT, newest, state_of, step


def fails(number: int) -> Callable[..., int]:
    def work(*args: object, **kwargs: object) -> int:
        raise OSError(number, os.strerror(number), "/home/someone/secret name")

    return work


@pytest.mark.parametrize(("call", "number", "said"), [
    ("write", errno.ENOSPC, "disk of Motive's folder is full"), ("fsync", errno.ENOSPC, "disk of Motive's folder is full"),
    ("fsync", errno.EIO, "cannot be used"), ("open", errno.EROFS, "may not write"), ("open", errno.EACCES, "may not write"),
    ("open", errno.EMFILE, "cannot be used"), ("mkdir", errno.EACCES, "may not write"), ("mkdir", errno.EROFS, "may not write"),
    ("link", errno.ENOSPC, "full")])
def test_a_disk_that_fails_is_said_in_one_line_and_tried_again(first: Project, monkeypatch: pytest.MonkeyPatch, home: Path, call: str,
                                                               number: int, said: str) -> None:
    saver = Saver(ANN)
    if call != "mkdir":
        saver.save(step(first, 1), WAIT)
    before = saver.n
    with monkeypatch.context() as broken:
        broken.setattr(os, call, fails(number))
        saver.save(step(first, 2), WAIT)
        assert saver.state == "not saved" and saver.unsaved
        assert saver.trouble.startswith("Not saved: ") and said in saver.trouble and "Save project" in saver.trouble
        assert "\n" not in saver.trouble and "secret" not in saver.trouble
        saver.save(step(first, 3), WAIT)
    if before:
        assert newest(saver) == 1  # what was saved is whole still
        assert [one for one in os.listdir(home / "projects" / ANN / saver.key) if one.endswith(".motive")] == ["1.motive"]
    saver.save(step(first, 4), WAIT)
    assert (saver.state, saver.trouble, saver.n, saver.copied) == ("saved", "", before + 1, False)
    assert newest(saver) == 4


def test_a_disk_that_fills_up_in_the_middle_of_a_write_leaves_nothing_half(first: Project, monkeypatch: pytest.MonkeyPatch,
                                                                         home: Path) -> None:
    saver = Saver(ANN)
    saver.save(step(first, 1), WAIT)
    write, room = os.write, [3000]

    def fills(file: int, data: memoryview) -> int:
        if room[0] <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        done = write(file, data[:min(1000, room[0])])
        room[0] -= done
        return done

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", fills)
        saver.save(step(first, 2), WAIT)
    assert saver.state == "not saved" and room == [0]
    assert sorted(os.listdir(home / "projects" / ANN / saver.key)) == ["1.motive", "about.json"]


@pytest.mark.parametrize("in_place", ["projects", f"projects/{ANN}", f"projects/{ANN}/{KEY}"])
def test_a_file_where_the_folder_should_be_is_said(first: Project, home: Path, in_place: str) -> None:
    path = home / in_place
    path.parent.mkdir(parents=True)
    path.write_text("in the way")
    saver = Saver(ANN, KEY)
    saver.save(step(first, 1), WAIT)
    assert saver.state == "not saved" and "in its place" in saver.trouble
    path.unlink()
    saver.save(step(first, 2), WAIT)
    assert (saver.state, newest(saver)) == ("saved", 2)


def test_a_home_that_cannot_be_made_is_said(first: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MOTIVE_HOME", str(tmp_path / "file" / "home"))
    saver = Saver(ANN)
    saver.save(step(first, 1), WAIT)
    assert saver.state == "not saved" and "Save project" in saver.trouble
    assert recent(ANN) == []


@pytest.mark.parametrize("error", [MemoryError(), TypeError("the value 17 of Ann"), RecursionError()], ids=lambda e: type(e).__name__)
def test_a_project_that_cannot_be_written_is_said(first: Project, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(made: Project) -> bytes:
        raise error

    saver = Saver(ANN)
    with monkeypatch.context() as patch:
        patch.setattr(saving, "save_project", broken)
        saver.save(step(first, 1), WAIT)
    assert saver.state == "not saved" and saver.trouble.startswith("Not saved: ")
    saver.save(step(first, 2), WAIT)
    assert saver.state == "saved"


def test_a_machine_that_starts_no_more_threads_is_said(first: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    saver = Saver(ANN)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", lambda thread: (_ for _ in ()).throw(RuntimeError("can't start new thread")))
        saver.save(step(first, 1), WAIT)
    assert saver.state == "not saved"
    saver.save(step(first, 2), WAIT)
    assert (saver.state, newest(saver)) == ("saved", 2)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_the_words_for_a_full_disk_are_those_of_a_real_one() -> None:
    file = os.open("/dev/full", os.O_WRONLY)
    try:
        os.write(file, b"x")
    except OSError as error:
        assert saving.disk_words(error) == "the disk of Motive's folder is full"
    else:
        pytest.fail("the device took it")
    finally:
        os.close(file)


def test_a_state_that_could_not_be_opened_is_not_called_saved_and_costs_no_earlier_one(first: Project) -> None:
    saver = Saver(ANN)
    for n in range(1, 4):
        saver.save(step(first, n), WAIT)
    for n in range(4, 4 + 2 * MOST_VERSIONS):
        saver.save(replace(step(first, n), spots={"far": np.array([0.0, 1e150])}), WAIT)
        assert saver.state == "not saved" and saver.unsaved
        assert saver.trouble.startswith("Not saved: The project cannot be saved: spots['far'] holds 1e+150")
    kept = load_newest(ANN, saver.key)
    assert (state_of(kept.project), kept.version, kept.earlier) == (3, 3, (2, 1))
    saver.save(step(first, 99), WAIT)
    assert (saver.state, newest(saver)) == ("saved", 99)

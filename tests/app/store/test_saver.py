"""Saving beside the page: newest wins, two that go on from one state part, and a disk that fails costs no work."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.store import saver as saving
from app.store.recent import recent
from app.store.saver import Saver
from app.store.store import MOST_VERSIONS, load_newest, remove
from irlcore.project.project import Project
from tests.app.store.projects import ANN, KEY, project, state_of, step

WAIT = 20.0


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("MOTIVE_HOME", str(tmp_path / "home"))
    yield tmp_path / "home"


@pytest.fixture(scope="module")
def first() -> Project:
    return project()


def newest(saver: Saver) -> int:
    return state_of(load_newest(saver.visitor, saver.key).project)


def test_each_state_gets_the_next_number(first: Project) -> None:
    saver = Saver(ANN)
    assert (saver.state, saver.unsaved) == ("", False)
    for n in range(1, 4):
        saver.save(step(first, n), WAIT)
        assert (saver.state, saver.n, saver.trouble, saver.copied) == ("saved", n, "", False)
        assert newest(saver) == n
    assert [(one.key, one.name, one.n) for one in recent(ANN)] == [(saver.key, "Harbour", 3)]
    again = Saver(ANN, saver.key, saver.n)
    again.save(step(first, 9), WAIT)
    assert (again.n, again.copied, newest(again)) == (4, False, 9)


def test_what_takes_long_is_saved_beside_the_page_and_the_newest_wins(first: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, begun, seen = threading.Event(), threading.Event(), []
    write = saving.save_project

    def slow(made: Project) -> bytes:
        seen.append(state_of(made))
        begun.set()
        assert go_on.wait(WAIT)
        return write(made)

    monkeypatch.setattr(saving, "save_project", slow)
    saver = Saver(ANN)
    since = time.monotonic()
    saver.save(step(first, 1), 0.01)
    assert begun.wait(WAIT)
    for state in range(2, 8):
        saver.save(step(first, state), 0.0)
        assert saver.state == "saving" and saver.unsaved
    assert time.monotonic() - since < WAIT / 2  # no page waited for a disk that stood still
    go_on.set()
    saver.settle(WAIT)
    assert (saver.state, seen, newest(saver), saver.n) == ("saved", [1, 7], 7, 2)


def test_two_servers_on_one_state_part_and_nothing_is_lost(first: Project) -> None:
    one = Saver(ANN)
    one.save(step(first, 1), WAIT)
    other = Saver(ANN, one.key, one.n)
    one.save(step(first, 2), WAIT)
    other.save(step(first, 3), WAIT)
    assert not one.copied and other.copied and other.key != one.key and (other.n, other.state) == (1, "saved")
    one.save(step(first, 4), WAIT)
    other.save(step(first, 5), WAIT)
    assert (newest(one), newest(other)) == (4, 5)
    assert {one.n for one in recent(ANN)} == {3, 2}


def test_of_two_windows_on_one_state_the_first_to_change_it_goes_on(first: Project) -> None:
    saver, made = Saver(ANN), step(first, 1)
    assert saver.save(made, WAIT, "one")
    saver.join("other", "one")
    saver.join("third", "nobody")
    assert [saver.abreast(one) for one in ("one", "other", "third")] == [True, True, False]
    assert saver.save(changed := step(first, 2), WAIT, "other") and saver.n == 2
    assert not saver.save(step(first, 3), WAIT, "one") and (saver.n, newest(saver)) == (2, 2)
    assert saver.save(changed, WAIT, "one") and saver.n == 2  # at the newest state: nothing to save, and it may go on
    assert saver.save(step(first, 4), WAIT, "one") and not saver.abreast("other")


def test_what_another_server_went_on_to_leaves_the_windows_of_this_one_behind(first: Project) -> None:
    saver = Saver(ANN)
    saver.save(step(first, 1), WAIT, "one")
    Saver(ANN, saver.key, 1).save(step(first, 2), WAIT)
    kept = load_newest(ANN, saver.key)
    saver.read("other", kept.project, kept.n)
    assert saver.abreast("other") and not saver.abreast("one")
    saver.read("late", step(first, 1), 1)  # read before this server went on
    assert not saver.abreast("late")
    assert saver.save(step(first, 3), WAIT, "other") and (saver.n, saver.copied) == (3, False)


def test_a_project_removed_elsewhere_goes_on_as_a_copy(first: Project) -> None:
    saver = Saver(ANN)
    saver.save(step(first, 1), WAIT)
    remove(ANN, saver.key)
    saver.save(step(first, 2), WAIT)
    assert saver.copied and newest(saver) == 2


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


def test_coming_back_to_a_project_unchanged_saves_nothing(first: Project) -> None:
    saver, made = Saver(ANN), step(first, 1)
    saver.save(made, WAIT)
    saver.save(made, WAIT)
    assert saver.n == 1


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

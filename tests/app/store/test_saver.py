"""Saving beside the page: newest wins, two that go on from one state part, and a disk that fails costs no work."""

from __future__ import annotations

import threading
import time

import pytest

from app.store import saver as saving
from app.store.recent import recent
from app.store.saver import Saver
from app.store.store import load_newest, remove
from irlcore.project.project import Project
from tests.app.store.projects import ANN, WAIT, newest, state_of, step


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


def test_coming_back_to_a_project_unchanged_saves_nothing(first: Project) -> None:
    saver, made = Saver(ANN), step(first, 1)
    saver.save(made, WAIT)
    saver.save(made, WAIT)
    assert saver.n == 1

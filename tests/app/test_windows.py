"""Windows of one visitor on one project: reloaded, opened again, side by side, and removed while it is being saved."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import app.session.keeping
import app.store.saver
from app.desk import Desk
from app.store.recent import recent
from app.store.saver import Saver
from irlcore.project.project import Project
from tests.app.store.projects import ANN
from tests.app.visits import Server, fine, key_of, names, project_of, sample, sidebar_says, undo, without_a_feature

WAIT = 30.0


class SlowDisk:
    """Saving stands still from ``stop`` on until ``go_on``."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.begun, self.go_on, self.write = threading.Event(), threading.Event(), app.store.saver.save_project
        self.patch = patch

    def stop(self) -> None:
        self.patch.setattr(app.store.saver, "save_project", self.slow)

    def slow(self, project: Project) -> bytes:
        self.begun.set()
        assert self.go_on.wait(WAIT)
        return self.write(project)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowDisk]:
    monkeypatch.setattr(app.session.keeping, "ENDING", 0.01)  # no page waits for it
    disk = SlowDisk(monkeypatch)
    yield disk
    disk.go_on.set()


def saver_of(page: AppTest) -> Saver:
    found: Saver = page.session_state["saver"]
    return found


def opened_again(page: AppTest, key: str) -> AppTest:
    page.switch_page("screens/start.py").run()
    return fine(page.button(key=f"open_{key}").click().run())


def newest_is_shown(server: Server, page: AppTest) -> None:
    """The version that is said is the newest one, and a reloaded page shows the same state."""
    entry = next(one for one in recent(ANN) if one.key == key_of(page))
    assert f"Saved, version {entry.n}" in sidebar_says(page)
    server.start()
    assert names(fine(server.page(key_of(page)))) == names(page)


def test_what_is_removed_while_it_is_saved_stays_removed(server: Server, disk: SlowDisk) -> None:
    page = fine(sample(server).run())
    key, saver = key_of(page), saver_of(page)
    disk.stop()
    without_a_feature(page)
    assert disk.begun.wait(WAIT) and "Saving ..." in sidebar_says(page)
    page.switch_page("screens/start.py").run()
    fine(page.button(key=f"remove_{key}").click().run())
    disk.go_on.set()
    saver.settle(WAIT)
    saver_of(page).settle(WAIT)
    assert recent(ANN) == []
    assert "kept again once it is changed" in sidebar_says(fine(page.run()))
    undo(page)
    saver_of(page).settle(WAIT)
    assert [one.n for one in recent(ANN)] == [1] and key_of(fine(page.run())) != key


def test_a_page_reloaded_while_it_is_saved_goes_on_with_that_save(server: Server, disk: SlowDisk) -> None:
    page = fine(sample(server).run())
    former = saver_of(page)
    disk.stop()
    without_a_feature(page)
    again = fine(server.page(key_of(page)))
    assert names(again) == names(page) and "Saving ..." in sidebar_says(again)
    disk.go_on.set()
    former.settle(WAIT)
    saver_of(again).settle(WAIT)
    assert "Saved, version 2" in sidebar_says(fine(again.run()))
    assert [(one.key, one.n) for one in recent(ANN)] == [(key_of(page), 2)]


def test_a_page_reloaded_before_a_change_was_held_shows_it_all_the_same(server: Server, disk: SlowDisk,
                                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    page = sample(server)
    saver, settle = saver_of(page), Saver.settle
    disk.stop()
    saver.save(replace(project_of(page), features=project_of(page).features[1:]), 0.0, page.session_state["window"])

    def ends(saver: Saver, wait: float) -> None:
        disk.go_on.set()
        settle(saver, WAIT)

    monkeypatch.setattr(Saver, "settle", ends)
    again = fine(server.page(key_of(page)))
    assert names(again) == names(page)[1:] and "Saved, version 2" in sidebar_says(again)
    assert "Saved, version 3" in sidebar_says(without_a_feature(again))


def test_undo_leads_past_the_opening_of_the_project_that_is_open(server: Server) -> None:
    page = without_a_feature(sample(server))
    key = key_of(page)
    without_a_feature(opened_again(page, key))
    assert project_of(undo(undo(undo(page)))).tracks is None  # before the sample was opened, as the window had it
    few = len(names(undo(page)))  # as it was when it was opened again
    assert len(names(undo(page))) == few + 1
    newest_is_shown(server, page)
    without_a_feature(page)
    newest_is_shown(server, page)
    assert [one.key for one in recent(ANN)] == [key]


def test_undo_leads_through_another_project_to_the_former_states_of_this_one(server: Server) -> None:
    page = without_a_feature(sample(server))
    first = key_of(page)
    page.switch_page("screens/start.py").run()
    second = key_of(fine(page.button(key="sample_anchorage").click().run()))
    without_a_feature(opened_again(page, first))
    few = names(page)
    for button in ("undo", "redo"):
        steps = 0
        while not page.sidebar.button(key=button).disabled:
            fine(page.sidebar.button(key=button).click().run())
            assert project_of(page).tracks is None or key_of(page) in (first, second)
            steps += 1
        assert steps > 6
    assert names(page) == few and key_of(page) == first
    newest_is_shown(server, page)
    assert {one.key for one in recent(ANN)} == {first, second}


def test_undo_in_a_reloaded_page_leads_to_another_project_that_goes_on(server: Server) -> None:
    page = without_a_feature(sample(server))
    first = key_of(page)
    page.switch_page("screens/start.py").run()
    again = fine(server.page(key_of(fine(page.button(key="sample_anchorage").click().run()))))
    without_a_feature(undo(again))
    assert key_of(again) == first and len(recent(ANN)) == 2
    newest_is_shown(server, again)


@pytest.mark.parametrize("full", [False, True], ids=["saved", "a full disk"])
def test_a_window_that_was_left_behind_says_so_and_takes_nothing_from_the_other(server: Server, monkeypatch: pytest.MonkeyPatch,
                                                                                full: bool) -> None:
    def fails(*args: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    one = sample(server)
    other = fine(server.page(key_of(one)))
    with monkeypatch.context() as broken:
        if full:
            broken.setattr(os, "write", fails)
        without_a_feature(one)
    other.switch_page("screens/features.py").run()
    assert "Changed in another window" in sidebar_says(fine(other)) and "Saved" not in sidebar_says(other)
    fine(other.run())
    again = fine(server.page(key_of(one)))
    assert names(again) == names(one) and len(names(undo(again))) == len(names(one)) + 1
    assert "Changed in another window" not in sidebar_says(again)


def test_what_one_window_removes_another_keeps_anew_once_it_is_changed(server: Server) -> None:
    one = without_a_feature(sample(server))
    key, other = key_of(one), fine(server.page(key_of(one)))
    one.switch_page("screens/start.py").run()
    fine(one.button(key=f"remove_{key}").click().run())
    assert "kept again once it is changed" in sidebar_says(fine(other.run())) and recent(ANN) == []
    without_a_feature(other)
    assert "Saved, version 1" in sidebar_says(other) and [entry.key for entry in recent(ANN)] == [key_of(other)] != [key]
    newest_is_shown(server, other)


def drawn(page: AppTest, name: str) -> AppTest:
    """A ring on the desk, as the map lays it there."""
    page.switch_page("screens/features.py").run()
    page.session_state["desk"] = Desk(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]), name, "inside")
    return fine(page.run())


def on_desk(page: AppTest) -> str:
    desk: Desk = page.session_state["desk"]
    return desk.name


@pytest.mark.parametrize("by", ["recent", "undo"])
def test_each_project_keeps_what_is_drawn_in_it(server: Server, by: str) -> None:
    """The second one's drawing lay in the first, and whatever was drawn from then on in both."""
    page = drawn(sample(server), "zone of A")
    first = key_of(page)
    page.switch_page("screens/start.py").run()
    second = key_of(fine(page.button(key="sample_anchorage").click().run()))
    assert on_desk(page) == ""
    drawn(page, "zone of B")
    assert on_desk(fine(server.page(first))) == "zone of A"
    if by == "recent":
        opened_again(page, first)
    else:
        undo(page)
    assert key_of(page) == first and on_desk(page) == "zone of A"
    drawn(page, "another zone of A")
    other = fine(server.page(second))
    assert on_desk(other) == "zone of B"
    assert on_desk(fine(server.page(first))) == "another zone of A"


def test_what_was_looked_at_in_a_project_stays_so_when_another_one_is_begun(server: Server) -> None:
    page = sample(server)
    first = key_of(page)
    page.session_state["looked_at"] = 7
    fine(page.run()).switch_page("screens/start.py").run()
    fine(page.button(key="sample_anchorage").click().run())
    assert page.session_state["looked_at"] == -1 and server.page(first).session_state["looked_at"] == 7

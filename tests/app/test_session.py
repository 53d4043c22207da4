"""A visitor's work outlives the page, the tab, the server and a disk that fails."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

import app.session
import app.store.saver
from app.store.recent import recent
from irlcore.project.project import Project
from tests.app.visits import ANN, Server, fine, key_of, names, project_of, sample, sidebar_says, undo, without_a_feature


def test_a_reloaded_page_finds_its_project_with_undo_and_redo(server: Server) -> None:
    page = without_a_feature(without_a_feature(sample(server)))
    all_of_them = names(undo(page))
    again = fine(server.page(key_of(page)))
    assert project_of(again) is project_of(page)
    assert names(fine(again.sidebar.button(key="redo").click().run())) == all_of_them[1:]
    assert len(names(undo(undo(again)))) == len(all_of_them) + 1
    assert not project_of(undo(again)).features  # before the sample was opened
    assert again.sidebar.button(key="undo").disabled


def test_after_a_restart_of_the_server_the_newest_state_is_there_and_undo_has_the_states_on_disk(server: Server) -> None:
    page = without_a_feature(without_a_feature(sample(server)))
    few = names(page)
    server.start()
    again = fine(server.page(key_of(page)))
    assert names(again) == few and "Saved, version 3" in sidebar_says(again)
    assert len(names(undo(undo(again)))) == len(few) + 2
    assert again.sidebar.button(key="undo").disabled
    assert "Saved, version 5" in sidebar_says(again)  # each state that is left is a state, too
    assert names(fine(again.sidebar.button(key="redo").click().run()))[1:] == few
    for page_ in ("tracks", "features", "fit"):
        fine(again.switch_page(f"screens/{page_}.py").run())


def test_every_link_names_the_open_project_so_that_no_address_is_without_it(server: Server) -> None:
    """A server that was killed while another page was drawn left the browser at an address that named no project."""
    page = sample(server)
    for page_ in ("start", "tracks", "features", "review"):
        links = fine(page.switch_page(f"screens/{page_}.py").run()).get("page_link")
        assert len(links) >= 7 and {one.proto.query_string for one in links} == {f"project={key_of(page)}"}
    assert {one.proto.query_string for one in server.page().get("page_link")} == {""}


def test_a_closed_tab_finds_its_project_among_the_recent_ones(server: Server) -> None:
    former = without_a_feature(sample(server))
    few = names(former)
    server.start()
    page = fine(server.page())
    assert not project_of(page).features
    assert "Recent projects" in [one.value for one in page.subheader]
    assert any("Port town" in one.value for one in page.markdown)
    page.button(key=f"open_{key_of(former)}").click().run()
    assert names(fine(page)) == few and key_of(page) == key_of(former)
    again = fine(server.page(key_of(page)))
    assert names(again) == few


def test_a_damaged_newest_state_is_told_and_the_one_before_is_open(server: Server, tmp_path: Path) -> None:
    page = without_a_feature(sample(server))
    key = key_of(page)
    (tmp_path / "home" / "projects" / ANN / key / "2.motive").write_bytes(b"torn")
    server.start()
    again = server.page(key)
    assert not again.exception and "Version 2 of this project is damaged" in again.error[0].value
    assert len(names(again)) == len(names(page)) + 1
    again.button(key="dismiss").click().run()
    without_a_feature(fine(again))
    assert "Saved, version 3" in sidebar_says(again)


def test_a_full_disk_takes_no_page_down_and_the_next_change_is_saved(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    page = sample(server)

    def full(*args: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "write", full)
        without_a_feature(page)
        assert "Not saved: the disk of Motive's folder is full." in sidebar_says(page) and "Save project" in sidebar_says(page)
        again = fine(server.page(key_of(page)))  # held in memory still
        assert names(again) == names(page) and "Not saved" in sidebar_says(again)
    last = fine(server.page(key_of(page)))
    assert names(last) == names(page) and "Saved, version 2" in sidebar_says(last)


def test_what_takes_long_to_save_is_told_and_a_reload_waits_for_it(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    page = sample(server)
    page.session_state["run_inline"] = False
    write, go_on = app.store.saver.save_project, threading.Event()

    def slow(project: Project) -> bytes:
        assert go_on.wait(30.0)
        return write(project)

    monkeypatch.setattr(app.store.saver, "save_project", slow)
    without_a_feature(page)
    assert "Saving ..." in sidebar_says(page)
    threading.Timer(0.5, go_on.set).start()
    again = fine(server.page(key_of(page)))
    assert names(again) == names(page) and "Saved, version 2" in sidebar_says(again)
    assert "Saved, version 2" in sidebar_says(fine(page.run()))


def test_removing_asks_and_takes_the_project_away_for_good(server: Server) -> None:
    page = without_a_feature(sample(server))
    key = key_of(page)
    page.switch_page("screens/start.py").run()
    fine(page.button(key=f"remove_{key}").click().run())
    assert recent(ANN) == [] and "project" not in page.query_params
    assert "kept again once it is changed" in sidebar_says(page)
    undo(page)
    assert "Saved, version 1" in sidebar_says(page) and key_of(page) != key
    server.start()
    assert "not here" in server.page(key).error[0].value


@pytest.mark.parametrize("failing", ["restore", "finish_job", "keep", "saving", "can_undo"])
@pytest.mark.parametrize("error", [TypeError("no"), MemoryError(), OSError(5, "Input/output error"), KeyError("Ann")],
                         ids=lambda e: type(e).__name__)
def test_the_shell_is_drawn_whatever_restoring_and_keeping_raise(server: Server, monkeypatch: pytest.MonkeyPatch, failing: str,
                                                                 error: Exception) -> None:
    page = sample(server)

    def broken() -> None:
        raise error

    monkeypatch.setattr(app.session, failing, broken)
    page.run()
    assert not page.exception and page.title
    assert len(page.sidebar.get("page_link")) == 7
    assert len([one for one in page.error if "What to do" in one.value]) == 1

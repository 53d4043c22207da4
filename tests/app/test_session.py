"""Each visitor's work is his alone, and outlives the page, the tab and the server."""

from __future__ import annotations

import errno
import gc
import os
import threading
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import app.session
import app.store.saver
from app.store.memory import Memory
from app.store.recent import recent
from app.store.store import load_newest
from irlcore.project.project import Project
from tests.app.test_pages import ENTRY

ANN, BOB = "a" * 32, "b" * 32


class Server:
    """A server and who is looking: the cookie of the next page, and what the server holds in memory."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.patch = monkeypatch
        self.start()
        self.who(ANN)

    def start(self) -> None:
        """A new process: nothing in memory."""
        self.patch.setattr(app.session, "OPEN", Memory())

    def who(self, visitor: str) -> None:
        self.patch.setattr(app.session, "visitor", lambda: visitor)

    def page(self, key: str = "") -> AppTest:
        """A new session at an address."""
        page = AppTest.from_file(ENTRY, default_timeout=60)
        page.session_state["run_inline"] = True
        if key:
            page.query_params["project"] = key
        return page.run()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("MOTIVE_HOME", str(tmp_path / "home"))
    yield Server(monkeypatch)


def sample(server: Server, name: str = "town") -> AppTest:
    return fine(server.page().button(key=f"sample_{name}").click().run())


def fine(page: AppTest) -> AppTest:
    assert not page.exception
    assert not page.error, [one.value for one in page.error]
    return page


def key_of(page: AppTest) -> str:
    found = page.query_params["project"]
    return found if isinstance(found, str) else str(found[0])


def project_of(page: AppTest) -> Project:
    found: Project = page.session_state["project"]
    return found


def names(page: AppTest) -> list[str]:
    return [s.name for s in project_of(page).features]


def without_a_feature(page: AppTest) -> AppTest:
    """One change: the first feature is removed."""
    page.switch_page("screens/features.py").run()
    return fine(next(b for b in page.button if b.help == "Remove this feature").click().run())


def sidebar_says(page: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*page.sidebar.caption, *page.sidebar.warning)).replace("\\", "")


def undo(page: AppTest) -> AppTest:
    return fine(page.sidebar.button(key="undo").click().run())


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


def test_a_key_of_another_visitor_shows_nothing_and_says_what_an_unknown_one_says(server: Server) -> None:
    key = key_of(without_a_feature(sample(server)))
    told = []
    for who, where in ((BOB, key), (BOB, "0" * 16), (BOB, "../" + ANN), (ANN, "0" * 16), ("", key), ("", "x" * 400)):
        server.who(who)
        page = server.page(where)
        assert not page.exception and project_of(page).tracks is None
        assert not [b for b in page.button if str(b.key).startswith("open_")] or who == ANN
        told.append([one.value for one in page.error])
    assert len(told[0]) == 1 and "not here" in told[0][0] and all(one == told[0] for one in told)
    server.who(ANN)
    assert names(fine(server.page(key)))  # untouched


@pytest.mark.parametrize("visitors", [9, 20])
def test_each_of_many_visitors_has_his_own_and_loses_nothing(server: Server, visitors: int) -> None:
    keys = []
    for k in range(visitors):
        server.who(f"{k:032x}")
        page = sample(server, ("town", "anchorage")[k % 2])
        page.session_state["project"] = replace(project_of(page), name=f"of visitor {k}")
        keys.append(key_of(without_a_feature(page)))
    for k, key in enumerate(keys):
        server.who(f"{k:032x}")
        page = fine(server.page(key))
        assert project_of(page).name == f"of visitor {k}"
        assert not page.sidebar.button(key="undo").disabled
        assert [one.key for one in recent(f"{k:032x}")] == [key]
    assert len(set(keys)) == visitors


def test_the_address_holds_nothing_that_opens_the_project_to_others(server: Server) -> None:
    page = sample(server)
    assert [*page.query_params] == ["project"]
    server.who("")
    assert project_of(server.page(key_of(page))).tracks is None


def test_a_visitor_without_a_cookie_keeps_his_project_in_the_session_alone(server: Server, tmp_path: Path) -> None:
    server.who("")
    page = without_a_feature(sample(server))
    assert not page.query_params and "Kept in this window alone" in sidebar_says(page)
    assert not list((tmp_path / "home").glob("projects/*"))
    undo(page)


@pytest.mark.parametrize("servers", [1, 2])
def test_two_tabs_on_one_project_part_and_the_second_is_told(server: Server, servers: int) -> None:
    """Of one server, or of two that know of each other by the store alone."""
    one = sample(server)
    if servers == 2:
        server.start()
    other = fine(server.page(key_of(one)))
    few = names(without_a_feature(one))
    other.switch_page("screens/features.py").run()
    [b for b in other.button if b.help == "Remove this feature"][1].click().run()
    other.run()
    assert not other.exception and len(other.error) == 1
    assert "was changed or removed in another window" in other.error[0].value and "copy" in other.error[0].value
    assert project_of(other).name.endswith("(copy)") and key_of(other) != key_of(one)
    assert names(other) != few
    server.start()
    assert names(fine(server.page(key_of(one)))) == few
    assert names(fine(server.page(key_of(other)))) == names(other)
    assert {entry.name for entry in recent(ANN)} == {project_of(one).name, project_of(other).name}
    other.button(key="dismiss").click().run()
    undo(fine(other))
    assert project_of(other).name.endswith("(copy)")


def test_another_project_is_kept_apart_and_undo_leads_back_to_where_it_was(server: Server) -> None:
    page = without_a_feature(sample(server))
    first, few = key_of(page), names(page)
    page.switch_page("screens/start.py").run()
    fine(page.button(key="sample_anchorage").click().run())
    second = key_of(page)
    assert second != first
    assert names(undo(page)) == few and key_of(page) == first
    server.start()
    assert names(fine(server.page(first))) == few
    assert "Anchorage" in project_of(fine(server.page(second))).name


def test_files_that_are_read_over_an_open_project_do_not_push_its_states_out(server: Server) -> None:
    page = sample(server)
    first = key_of(page)
    rows = "\n".join(f"a,{i},{i * 10},5000000" for i in range(30))
    page.switch_page("screens/tracks.py").run()
    page.file_uploader(key="uploads").set_value([("points.csv", f"track,t,x,y\n{rows}".encode(), "text/csv")]).run()
    page.button(key="import").click().run()
    assert len(project_of(fine(page)).paths or ()) == 1 and key_of(page) != first
    assert len(load_newest(ANN, first).project.paths or ()) > 100


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


def test_the_count_of_candidates_outlives_a_reload(server: Server) -> None:
    """It corrects for luck: a reload must not wipe it."""
    page = sample(server)
    page.session_state["tried_on"] = project_of(page).tracks
    page.session_state["tried"] = {project_of(page).agent_class: {"a", "b"}}
    page.run()
    again = fine(server.page(key_of(page)))
    assert again.session_state["tried"] == page.session_state["tried"] and again.session_state["tried_on"] is project_of(page).tracks


def test_what_was_worked_out_goes_with_its_tab(server: Server) -> None:
    """Residuals and scores weigh most; the project alone is held for a reload."""
    page = sample(server)
    page.switch_page("screens/fit.py").run()
    fine(page.button(key="fit_button").click().run())
    fine(page.switch_page("screens/features.py").run())
    left = next(iter(page.session_state["found unexplained"].values()))
    arrays = [weakref.ref(left.residuals), weakref.ref(next(iter(page.session_state["found scores"].values()))[1].surprise)]
    key = key_of(page)
    assert all(one() is not None for one in arrays)
    del page, left
    gc.collect()
    assert [one() for one in arrays] == [None, None]
    assert project_of(fine(server.page(key))).fit is not None


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

"""Each visitor's work is his alone, and each project has its place."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

import app.session.window
import app.session.work
from app.fitting import model_comparison
from app.store.recent import recent
from app.store.store import load_newest
from tests.app.store.projects import ANN, BOB
from tests.app.visits import Server, fine, key_of, names, project_of, sample, sidebar_says, undo, without_a_feature


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


def test_a_reloaded_page_takes_over_the_work_that_it_had_begun_and_gets_its_result(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ran on unseen, and its result was lost without a word."""
    go_on, begun = threading.Event(), threading.Event()

    def fitted(*args: object) -> object:
        begun.set()
        assert go_on.wait(30.0)
        return real(*args)

    real = model_comparison.fit_record
    monkeypatch.setattr(model_comparison, "fit_record", fitted)
    monkeypatch.setattr(app.session.work, "alive", {"second", "third"}.__contains__)
    monkeypatch.setattr(app.session.window, "session_id", lambda: "first")
    page = sample(server).switch_page("screens/fit.py").run()
    page.session_state["run_inline"] = False
    page.button(key="fit_button").click().run()
    assert begun.wait(10.0) and page.session_state["job"].state == "running"
    monkeypatch.setattr(app.session.window, "session_id", lambda: "second")
    again = fine(server.page(key_of(page)))
    assert again.session_state["job"] is page.session_state["job"] and again.button(key="cancel") is not None
    monkeypatch.setattr(app.session.window, "session_id", lambda: "third")
    other = fine(server.page(key_of(page)))
    assert "cancel" not in [one.key for one in other.button]  # a second tab shows no job of the first one's
    go_on.set()
    again.session_state["job"].wait(60.0)
    monkeypatch.setattr(app.session.window, "session_id", lambda: "second")
    assert project_of(fine(again.run())).fit is not None
    monkeypatch.setattr(app.session.window, "session_id", lambda: "first")
    page.run()  # as after a line that was broken: its job is another's by now
    assert project_of(page).fit is None and not page.error

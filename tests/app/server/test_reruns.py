"""The page that was asked for last is the one that runs, whatever a timer of the page before still asks for."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from streamlit.runtime import app_session
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType

from app.server.reruns import Pages, Requests, let_clicks_stand

CLICK = RerunData(page_script_hash="review")


def tick(page: str) -> RerunData:
    return RerunData(page_script_hash=page, fragment_id="progress", is_auto_rerun=True)


def runs(requests: ScriptRequests) -> list[tuple[str, list[str]]]:
    """What is run, in order, until nothing more is asked for."""
    found = []
    while (one := requests.on_scriptrunner_ready()).type is ScriptRequestType.RERUN:
        found.append((one.rerun_data.page_script_hash, one.rerun_data.fragment_id_queue))
    return found


def test_a_timer_of_the_page_before_does_not_take_the_place_of_a_click_that_waits() -> None:
    requests = Requests()
    assert requests.request_rerun(CLICK) and requests.request_rerun(tick("features"))
    assert runs(requests) == [("review", [])]


def test_nor_does_it_run_after_the_clicked_page() -> None:
    requests = Requests()
    requests.request_rerun(CLICK)
    assert requests.on_scriptrunner_ready().rerun_data == CLICK  # it is running
    assert requests.request_rerun(tick("features"))
    assert runs(requests) == []


def test_timers_of_the_page_itself_run_and_clicks_always_do() -> None:
    requests = Requests()
    requests.request_rerun(CLICK)
    assert requests.on_scriptrunner_ready().rerun_data == CLICK
    requests.request_rerun(tick("review"))
    assert requests.on_scriptrunner_ready().rerun_data.fragment_id_queue == ["progress"]
    requests.request_rerun(RerunData(page_script_hash="features", fragment_id="card"))  # pressed, not timed
    requests.request_rerun(RerunData(page_script_hash="intent"))
    assert runs(requests) == [("intent", [])]


def test_at_first_the_browser_does_not_know_the_page_and_its_timers_run() -> None:
    requests = Requests()
    requests.request_rerun(RerunData())
    assert requests.on_scriptrunner_ready().type is ScriptRequestType.RERUN
    requests.request_rerun(tick("start"))
    assert runs(requests) == [("start", ["progress"])]


def page(name: str) -> dict[str, str]:
    return {"page_script_hash": name, "page_name": name, "icon": "", "script_path": f"{name}.py", "url_pathname": f"at {name}"}


@pytest.mark.parametrize("asked", [("review", ""), ("", "at review")], ids=["by a click", "by an address"])
def test_a_thread_that_ends_does_not_say_which_page_the_next_one_runs(asked: tuple[str, str]) -> None:
    """The older one, told to stop as the click came, was about to run its own page once more."""
    pages = Pages("streamlit_app.py")
    known: Any = {name: page(name) for name in ("features", "review")}
    pages.set_script_intent(*asked)
    older = threading.Thread(target=lambda: pages.set_script_intent("features", ""))
    older.start()
    older.join()
    found = pages.set_pages_and_resolve(known, "features")
    assert found is not None and found["page_script_hash"] == "review"


def test_where_nothing_is_asked_the_first_page_runs() -> None:
    known: Any = {"features": page("features")}
    found = Pages("streamlit_app.py").set_pages_and_resolve(known, "features")
    assert found is not None and found["page_script_hash"] == "features"


def test_every_session_is_asked_in_this_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the names by which Streamlit makes them."""
    monkeypatch.setattr(script_runner, "ScriptRequests", ScriptRequests)  # put back afterwards
    monkeypatch.setattr(app_session, "PagesManager", PagesManager)
    let_clicks_stand()
    assert script_runner.ScriptRequests is Requests and app_session.PagesManager is Pages

"""The page that was asked for last is the one that runs, whatever a timer of the page before still asks for."""

from __future__ import annotations

import pytest
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType

from app.server.reruns import Requests, let_clicks_stand

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


def test_every_session_is_asked_in_this_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the name by which Streamlit makes them."""
    monkeypatch.setattr(script_runner, "ScriptRequests", ScriptRequests)  # put back afterwards
    let_clicks_stand()
    assert script_runner.ScriptRequests is Requests

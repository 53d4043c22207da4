"""What lies beside a project lives on the server: a reloaded page goes on with it, and no reload wipes the count of candidates."""

from __future__ import annotations

import gc
import threading
import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import app.importing.import_form
import app.session.window
import app.session.work
from app.desk import Desk
from app.store import memory
from app.store.opening import ENDING
from app.store.recent import recent
from irlcore.features.base import FeatureSpec
from irlcore.project.project_file import save_project
from tests.app.visits import ANN, Server, fine, key_of, project_of, sample

RING = np.array([[200.0, 200.0], [700.0, 200.0], [700.0, 700.0], [200.0, 700.0], [200.0, 200.0]])


def fitted(server: Server, without: str = "") -> AppTest:
    page = sample(server)
    project = project_of(page)
    page.session_state["project"] = replace(project, features=tuple(s for s in project.features if s.name != without))
    page.switch_page("screens/fit.py").run()
    fine(page.button(key="fit_button").click().run())
    return fine(page.switch_page("screens/features.py").run())


def lay(page: AppTest, name: str, ring: np.ndarray = RING) -> AppTest:
    """A drawing with the feature that it stands for on the desk."""
    page.session_state["desk"] = Desk(ring, name, "inside", FeatureSpec(f"in {name}", "zone", {"zone": name}))
    return fine(page.run())


def counted(page: AppTest) -> int:
    """What the page says."""
    said = next(one.value for one in page.markdown if "looked at so far" in one.value)
    return int(said.split("[")[-1].split(" ")[0].replace(",", ""))


def settled(page: AppTest) -> AppTest:
    page.session_state["saver"].settle(ENDING)
    return page


def no_work(*args: object, **kwargs: object) -> None:
    raise AssertionError("it was found already")


def test_a_reload_keeps_the_proposal_its_preview_and_what_the_model_misses(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    page = lay(fitted(server), "zone 1")
    page.session_state["selected"] = str(project_of(page).paths.ids[3])  # type: ignore[union-attr]
    page.session_state["looked_at"] = 7
    page.run()
    monkeypatch.setattr(app.session, "start_job", no_work)
    again = fine(server.page(key_of(page)).switch_page("screens/features.py").run())
    assert again.session_state["desk"] is page.session_state["desk"]
    assert again.session_state["selected"] == page.session_state["selected"] and again.session_state["looked_at"] == 7
    assert "accept" in [one.key for one in again.button]
    again.session_state["desk"] = Desk()
    fine(again.run())
    assert fine(page.run()).session_state["desk"].spec is not None, "each window has a desk of its own"


def test_a_reload_keeps_the_suggestions_and_their_count(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    page = fitted(server, without="u-turn")
    page.session_state["propose"] = "Suggestions"
    fine(page.run())
    fine(page.button(key="suggest").click().run())
    rows, count = [one.label for one in page.button if str(one.key).startswith("suggestion_")], counted(page)
    assert rows and count > 100
    monkeypatch.setattr(app.session, "start_job", no_work)
    again = server.page(key_of(page))
    again.session_state["propose"] = "Suggestions"
    fine(again.switch_page("screens/features.py").run())
    assert [one.label for one in again.button if str(one.key).startswith("suggestion_")] == rows and counted(again) == count


def test_the_count_outlives_reloads_windows_undo_and_restarts_and_each_candidate_counts_once(server: Server) -> None:
    page = lay(lay(fitted(server), "zone 1"), "zone 1", RING + 50.0)
    assert counted(page) == 2
    other = fine(server.page(key_of(page)).switch_page("screens/features.py").run())
    assert counted(other) == 2 and counted(lay(other, "zone 1", RING + 60.0)) == 3
    assert counted(fine(page.run())) == 3, "a candidate of the other window counts here too"
    fine(page.sidebar.button(key="undo").click().run())
    assert counted(fine(page.sidebar.button(key="redo").click().run())) == 3
    settled(page)
    del other
    for _ in range(2):
        server.start()
        del page
        gc.collect()
        page = fine(server.page(key_of_recent()).switch_page("screens/features.py").run())
        assert counted(page) == 3
    assert counted(lay(page, "another name", RING + 50.0)) == 3, "known from before the restart, whatever it is called"
    assert counted(lay(page, "zone 1", RING + 70.0)) == 4


def key_of_recent() -> str:
    return recent(ANN)[0].key


def handing_out() -> None:
    """A page that says the count of the project as it is handed out."""
    import streamlit as st

    from app import session

    session.restore()
    st.write(str(dict(session.counted().tried)))


def test_the_project_that_is_handed_out_has_the_count(server: Server) -> None:
    page = lay(lay(fitted(server), "zone 1"), "zone 1", RING + 50.0)
    assert project_of(page).tried == {}
    other = AppTest.from_function(handing_out)
    other.query_params["project"] = key_of(page)
    assert other.run().markdown[0].value == str({project_of(page).agent_class: 2})


def opening() -> None:
    """A page that opens a file and says the counts it goes on with."""
    import streamlit as st

    from app import session
    from irlcore.project.project_file import load_project

    session.begin_with(load_project(st.session_state["file"]))
    st.write(f"{session.number_tried()}, {session.number_tried(suggested=False)} named, {dict(session.counted().tried)}")


def test_a_file_has_the_counts_of_every_class_and_goes_on_with_them(server: Server) -> None:
    page = lay(lay(fitted(server), "zone 1"), "zone 1", RING + 50.0)
    first, widget = project_of(page).agent_class, next(one for one in page.selectbox if one.label == "Class under study")
    fine(widget.set_value(next(one for one in widget.options if one != first)).run())
    assert project_of(page).agent_class != first and counted(page) == 0
    out = AppTest.from_function(handing_out)
    out.query_params["project"] = key_of(page)
    assert out.run().markdown[0].value == str({first: 2}), "what is not under study now is handed out too"
    again = AppTest.from_function(opening)
    again.session_state["file"] = save_project(replace(project_of(page), agent_class=first, tried={first: 2}))
    assert again.run().markdown[0].value == f"2, 2 named, {({first: 2})}"


def test_naming_a_drawing_is_no_other_candidate(server: Server) -> None:
    page = lay(fitted(server), "zone 1")
    assert counted(page) == 1
    assert counted(lay(page, "market")) == 1
    assert counted(lay(page, "market", RING + 1.0)) == 2


def test_a_copy_goes_on_with_the_count_and_another_project_begins_anew(server: Server) -> None:
    page = lay(fitted(server), "zone 1")
    other = fine(server.page(key_of(page)).switch_page("screens/features.py").run())
    fine(next(b for b in page.button if b.help == "Remove this feature").click().run())
    next(b for b in other.button if b.help == "Remove this feature").click().run()
    assert project_of(other).name.endswith("(copy)") and counted(other) == 1
    assert counted(fine(sample(server).switch_page("screens/features.py").run())) == 0


def test_damaged_counts_take_nothing_else_away(server: Server, tmp_path: Path) -> None:
    page = settled(lay(fitted(server), "zone 1"))
    key, file = key_of(page), tmp_path / "home" / "projects" / ANN / key_of(page) / "tried.json"
    assert file.stat().st_mode & 0o077 == 0
    for harm in ("", "[1]", '[{"data": 1}]', "[" * 90_000, '[{"data": "a", "class": "b", "before": -1, "named": [], "suggested": []}]'):
        file.write_text(harm)
        server.start()
        assert project_of(fine(server.page(key))).fit is not None


def test_what_was_found_and_is_too_large_goes_with_its_tab(server: Server) -> None:
    page = fitted(server)
    left = next(iter(page.session_state["findings"]["unexplained"].values()))
    gone = weakref.ref(left.residuals)
    kept = memory.OPEN.recall(ANN, key_of(page))
    assert kept is not None and kept.found["unexplained"]
    bytes_of = memory._bytes_of([kept])
    memory.OPEN.most_bytes = bytes_of - left.residuals.nbytes // 2
    page.session_state["kept"] = ()
    assert fine(page.run()).session_state["findings"]["unexplained"], "the window goes on with it"
    kept = memory.OPEN.recall(ANN, key_of(page))
    assert kept is not None and not kept.found and kept.past
    key = key_of(page)
    del page, left, kept
    gc.collect()
    assert gone() is None and project_of(fine(server.page(key))).fit is not None


def test_an_import_into_an_empty_project_is_found_by_the_reloaded_page(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, begun = threading.Event(), threading.Event()
    real = app.importing.import_form.on_grid

    def slow(*args: object) -> object:
        begun.set()
        assert go_on.wait(30.0)
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(app.importing.import_form, "on_grid", slow)
    monkeypatch.setattr(app.session.work, "alive", {"second"}.__contains__)
    monkeypatch.setattr(app.session.window, "session_id", lambda: "first")
    page = server.page()
    page.switch_page("screens/tracks.py").run()
    rows = "\n".join(f"a,{i},{i * 10},5000000" for i in range(30))
    page.file_uploader(key="uploads").set_value([("points.csv", f"track,t,x,y\n{rows}".encode(), "text/csv")]).run()
    page.session_state["run_inline"] = False
    page.button(key="import").click().run()
    assert begun.wait(10.0)
    monkeypatch.setattr(app.session.window, "session_id", lambda: "second")
    again = fine(server.page().switch_page("screens/tracks.py").run())
    assert again.session_state["job"] is page.session_state["job"] and "cancel" in [one.key for one in again.button]
    go_on.set()
    again.session_state["job"].wait(30.0)
    assert len(project_of(fine(again.run())).tracks or ()) == 1 and key_of(again)


def remembering() -> None:
    """A page of one widget."""
    import streamlit as st

    from app import session

    session.restore()
    session.keep()
    session.remembered("filter", "file")
    if not st.session_state.get("elsewhere"):
        st.selectbox("Show", ["all", "flagged", "judged"], key="filter")


def test_a_widget_that_is_remembered_outlives_other_pages_and_a_reload(server: Server) -> None:
    key = key_of(sample(server))
    page = AppTest.from_function(remembering)
    page.query_params["project"] = key
    page.run()
    page.selectbox(key="filter").set_value("flagged").run()
    page.session_state["elsewhere"] = True
    page.run()
    page.session_state["elsewhere"] = False
    assert page.run().selectbox(key="filter").value == "flagged"
    again = AppTest.from_function(remembering)
    again.query_params["project"] = key
    assert again.run().selectbox(key="filter").value == "flagged"

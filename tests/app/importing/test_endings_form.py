"""Which sequences of a log have ended, as it is asked where a log is imported and on the Tracks page."""

from __future__ import annotations

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

from irlcore.project.project_file import load_project, save_project
from irlcore.tracks.logs.endings import ALL_ENDED, Endings
from irlcore.worlds.goal_prior import unfinished
from tests.app.importing.form import said
from tests.app.importing.test_logs import imported, keyed, page_of
from tests.app.test_pages import opened
from tests.cut_logs import cut_log
from tests.logs import log_project

CUT = cut_log(120, np.random.default_rng(20121))


def table_of(times: bool = True) -> pd.DataFrame:
    """The log as a file has it; with a status of each ticket."""
    tracks = CUT.tracks
    many = np.diff(tracks.offsets)
    table = pd.DataFrame({"case_id": np.repeat(tracks.ids, many), "activity": tracks.links,
                          "ticket status": np.repeat(np.where(CUT.ended, "closed", "open"), many)})
    if times:
        table["timestamp"] = pd.Timestamp("2026-01-05") + pd.to_timedelta(np.round(tracks.times), unit="s")
    return table


def way(app: AppTest):  # type: ignore[no-untyped-def]
    return keyed(app, "selectbox", "ends_")


def test_a_log_that_is_cut_off_is_told_and_imported_so_and_changed_on_the_page() -> None:
    app = page_of(table_of())
    assert way(app).value == "active" and "these look as if they were still running" in said(app)
    assert keyed(app, "multiselect", "end_events").value == ["close"] and "are still running: what they would have done" in said(app)
    project = imported(app)
    assert project.endings.events == ("close",) and project.endings.within > 0.0 and project.paths is not None
    running = unfinished(project.paths)
    assert 0 < running.sum() <= (~CUT.ended).sum() and not running[CUT.ended].any()
    assert "of them still running" in project.history[-1].what
    again = load_project(save_project(project))
    assert again.endings == project.endings and unfinished(again.paths).tolist() == running.tolist()  # type: ignore[arg-type]
    way(app).set_value("events").run()
    assert not app.exception and not app.error
    keyed(app, "multiselect", "end_events").set_value(["close"]).run()
    app.button(key="set_endings").click().run()
    assert not app.exception and not app.error
    project = app.session_state["project"]
    assert project.endings == Endings(("close",)) and unfinished(project.paths).tolist() == (~CUT.ended).tolist()


def test_a_column_can_tell_and_a_log_without_times_is_not_asked_about_them() -> None:
    app = page_of(table_of(times=False))
    assert way(app).value == "last" and len(way(app).options) == 3 and "No times tell" in said(app)
    way(app).set_value("column").run()
    assert "Nothing is named yet" in said(app)
    keyed(app, "multiselect", "end_values").set_value(["closed"]).run()
    project = imported(app)
    assert project.endings == Endings(column="ticket status", values=("closed",)) and project.paths is not None
    assert unfinished(project.paths).tolist() == (~CUT.ended).tolist()


def test_an_end_that_no_sequence_has_come_to_is_refused_in_words() -> None:
    app = page_of(table_of())
    keyed(app, "multiselect", "end_events").set_value([]).run()
    keyed(app, "number_input", "end_within").set_value(1000.0).run()
    assert "not one sequence has ended" in " ".join(str(one.value) for one in app.warning)
    assert not [one for one in app.button if one.key == "import"]


def test_one_sequence_is_said_to_be_still_running_by_hand() -> None:
    app = opened()
    app.session_state["project"] = log_project(fitted=False)
    app.session_state["selected"] = "case 3"
    app.switch_page("screens/tracks.py").run()
    keyed(app, "selectbox", "aim_").set_value("unfinished").run()
    app.button(key="correct_track").click().run()
    assert not app.exception and not app.error
    project = app.session_state["project"]
    assert project.endings == ALL_ENDED and project.paths.ids[unfinished(project.paths)].tolist() == ["case 3"]

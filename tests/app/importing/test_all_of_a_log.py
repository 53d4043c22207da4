"""Everything that is asked of a log at once: spelling, what is remembered and counted, what tells events apart and where sequences end."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis.ranking import scored_study
from irlcore.analysis.study import staleness
from irlcore.project.project_file import load_project, save_project
from irlcore.tracks.logs.endings import Endings
from irlcore.worlds.goal_prior import unfinished
from irlcore.worlds.history.build import count_of
from irlcore.worlds.history.classes import aspects_of
from tests.app.importing.form import said
from tests.app.importing.test_logs import imported, keyed, page_of
from tests.cut_logs import cut_log

pytestmark = pytest.mark.kernels
PAGES = ("features", "fit", "review", "intent", "report", "tracks")


def table() -> pd.DataFrame:
    """Tickets that are cut off, by day and by two people; every seventh row in capitals."""
    log = cut_log(160, np.random.default_rng(20121), "random", loose=True).tracks
    rng, many = np.random.default_rng(20122), np.diff(log.offsets)
    events = [str(one).upper() if k % 7 == 0 else str(one) for k, one in enumerate(log.links)]
    times = pd.Timestamp("2026-01-05") + pd.to_timedelta(np.round(log.times), unit="s")
    who = np.where(np.array([one.lower() for one in events]) == "close", "Eve", rng.choice(["Ann", "Ben"], len(events)))
    return pd.DataFrame({"case_id": np.repeat(log.ids, many), "activity": events, "timestamp": times, "resource": who,
                         "part": np.repeat(log.attributes["part"].to_numpy(), many)})


def test_all_at_once_from_the_file_to_the_report_and_into_a_file() -> None:
    app = page_of(table())
    keyed(app, "checkbox", "log_spelling").check().run()
    keyed(app, "multiselect", "log_remembered").set_value(["work", "ask"]).run()
    keyed(app, "number_input", "log_count").set_value(2).run()
    kinds = keyed(app, "multiselect", "kinds_")
    kinds.set_value([one for one in kinds.options if one == "resource" or "hour" in one]).run()
    keyed(app, "selectbox", "ends_").set_value("events").run()
    keyed(app, "multiselect", "end_events").set_value(["close"]).run()
    assert not app.exception and not app.error
    project = imported(app)
    assert project.world is not None and project.paths is not None and project.tracks is not None
    assert {str(one) for one in project.world.place_names[:-2]} == {"open", "assign", "work", "check", "ask", "approve", "close"}
    assert aspects_of(project.world) == ("hour", "resource") and count_of(project.world) == 2
    assert project.endings == Endings(("close",)) and 0 < unfinished(project.paths).sum() < len(project.paths)
    app.switch_page("screens/fit.py").run()
    app.selectbox(key="estimator").set_value("value_basis").run()
    app.button(key="fit_button").click().run()
    for page in PAGES:
        app.switch_page(f"screens/{page}.py").run()
        assert not app.exception and not app.error, page
    fitted = app.session_state["project"]
    again = load_project(save_project(fitted))
    assert staleness(again) == "" and again.endings == fitted.endings and again.fit.identity == fitted.fit.identity  # type: ignore[union-attr]
    one, other = scored_study(fitted), scored_study(again)
    for name in one.table.names:
        np.testing.assert_array_equal(one.values(name), other.values(name))
    app.session_state["project"] = again
    app.run()
    keyed(app, "multiselect", "end_events").set_value(["close", "approve"]).run()
    app.button(key="set_endings").click().run()
    assert not app.exception and not app.error
    changed = app.session_state["project"]
    assert not changed.fits and "Where sequences end." in changed.history[-1].what and "fit" in said(app).lower()
    app.switch_page("screens/review.py").run()
    assert not app.exception and not app.error

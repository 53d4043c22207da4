"""Zones on the Features page: renamed with what rests on them, and removed where nothing does."""

from __future__ import annotations

import threading

import pytest

from app import session
from app.jobs import Job
from tests.app.studio.on_the_map import draft, draw, fine, project_of, said, studio


def test_a_zone_is_renamed_with_its_feature_and_the_fit_holds() -> None:
    app = draw(studio())
    app.button(key="accept").click().run()
    before = project_of(fine(app))
    scored = app.session_state["findings"]["scores"]
    next(t for t in app.text_input if t.label == "Its name").set_value("harbour").run()
    app.button(key="rename_zone").click().run()
    after = project_of(fine(app))
    assert list(after.zones) == ["harbour"] and after.features[-1].params == {"zone": "harbour"}
    assert after.fit is not None and before.fit is not None
    assert after.fit.features[-1].params == {"zone": "harbour"} and (after.fit.result.theta == before.fit.result.theta).all()
    assert "have changed since" not in said(app) and "1 looked at so far" in said(app)
    assert list(scored.values())[-1] is list(app.session_state["findings"]["scores"].values())[-1], "nothing is scored anew"


def test_a_zone_that_is_used_is_not_removed_and_one_that_is_not_is() -> None:
    app = draw(studio(fit=False))
    app.button(key="add_proposal").click().run()
    app.button(key="remove_zone").click().run()
    assert "zone 1 is used by in zone 1" in said(app) and list(project_of(app).zones) == ["zone 1"]
    app.button(key="dismiss").click().run()
    next(b for b in app.button if (b.key or "").startswith("del_") and (b.key or "").split("_")[1] == "6").click().run()
    app.button(key="remove_zone").click().run()
    assert not project_of(fine(app)).zones


def test_another_name_is_no_other_candidate_and_a_taken_one_is_refused() -> None:
    app = draw(studio())
    assert "1 looked at so far" in said(fine(app))
    app.text_input(key=draft(app, "name")).set_value("market").run()
    assert "in market" in said(fine(app)) and "1 looked at so far" in said(app)
    app.button(key="keep_zone").click().run()
    draw(app, 0.3, 0.5)
    assert "2 looked at so far" in said(fine(app))
    app.text_input(key=draft(app, "name")).set_value("market").run()
    assert "is there already" in said(app) and not [b for b in app.button if b.key == "accept"]


def test_no_zone_gets_another_name_or_goes_while_work_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fit that is being made names its zones as they were when it began: its record would name one that is not there."""
    monkeypatch.setattr(session, "_session", lambda: "first")
    app = draw(studio(fit=False))
    app.button(key="add_proposal").click().run()
    go_on = threading.Event()
    job = Job("Fit", lambda watch: go_on.wait(30.0), lambda result: None, session="first")
    app.session_state["job"] = job
    app.run()
    assert app.button(key="rename_zone").disabled and app.button(key="remove_zone").disabled
    go_on.set()
    job.wait(30.0)
    fine(app.run())
    assert not app.button(key="rename_zone").disabled and not app.button(key="remove_zone").disabled

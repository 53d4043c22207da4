"""Zones on the Features page: renamed with what rests on them, and removed where nothing does."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from app.desk import Desk
from app.fitting.value_features import KEY
from app.jobs import Job
from app.session import window
from app.studio.propose import DRAW
from irlcore.analysis.study import fit_study
from irlcore.features.base import FeatureSpec
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


def suggested(app: AppTest) -> list[str]:
    return [one.label for one in app.button if (one.key or "").startswith("suggestion_")]


def looked_at(app: AppTest) -> int:
    return len(app.session_state["tried"][project_of(app).agent_class])


def test_a_rename_keeps_the_suggestions_and_no_candidate_counts_again_under_another_name() -> None:
    app = draw(studio(without="u-turn"), 0.2, 0.4)
    app.button(key="keep_zone").click().run()
    app.segmented_control(key="propose").set_value("Suggestions").run()
    app.button(key="suggest").click().run()
    rows, tried = suggested(fine(app)), looked_at(app)
    assert rows and tried > 100
    app.segmented_control(key="propose").set_value(DRAW).run()
    next(t for t in app.text_input if t.label == "Its name").set_value("harbour").run()
    app.button(key="rename_zone").click().run()
    assert list(project_of(fine(app)).zones) == ["harbour"]
    app.segmented_control(key="propose").set_value("Suggestions").run()
    assert suggested(fine(app)) == rows and looked_at(app) == tried

    app.session_state["findings"]["suggestions"].clear()
    app.run()
    app.button(key="suggest").click().run()
    assert len(suggested(fine(app))) == len(rows) and looked_at(app) == tried, "each measures what it measured"

    draw(app, 0.7, 0.8)
    app.button(key="keep_zone").click().run()
    app.segmented_control(key="propose").set_value("Suggestions").run()
    more = looked_at(app)
    app.button(key="suggest").click().run()
    assert more <= tried + 1 and suggested(fine(app)) and looked_at(app) < more + tried // 2, "what the new zone brings, and pairs with it"


def test_a_proposal_on_the_desk_is_renamed_with_its_zone() -> None:
    app = draw(studio())
    app.button(key="keep_zone").click().run()
    app.session_state["desk"] = Desk(spec=FeatureSpec("at it", "zone", {"zone": "zone 1"}))
    fine(app.run())
    next(t for t in app.text_input if t.label == "Its name").set_value("harbour").run()
    app.button(key="rename_zone").click().run()
    assert fine(app).session_state["desk"].spec == FeatureSpec("at it", "zone", {"zone": "harbour"})
    assert "1 looked at so far" in said(app)


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
    monkeypatch.setattr(window, "session_id", lambda: "first")
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


def renamed_to(app: AppTest, new: str) -> AppTest:
    next(t for t in app.text_input if t.label == "Its name").set_value(new).run()
    app.button(key="rename_zone").click().run()
    return fine(app)


def test_value_features_that_are_chosen_go_along_and_so_does_the_fit_that_was_made_with_them() -> None:
    app = draw(studio(fit=False))
    app.button(key="keep_zone").click().run()
    app.switch_page("screens/fit.py").run()
    app.radio(key="model").set_value("maxent").run()
    app.selectbox(key="estimator").set_value("value_basis").run()
    app.multiselect(key=KEY).set_value(["zone:zone%201@km"]).run()
    app.button(key="fit_button").click().run()
    app.switch_page("screens/features.py").run()
    fit = project_of(renamed_to(app, "harbour")).fit
    assert fit is not None and fit.result.rationality == "maxent+zone:harbour@km"
    app.switch_page("screens/fit.py").run()
    assert app.multiselect(key=KEY).value == ["zone:harbour@km"]
    assert fine(app) and "changed since" not in said(app) and "no longer be used" not in said(app)


def test_a_zone_is_renamed_where_the_fit_can_no_longer_be_used() -> None:
    app = draw(studio(fit=False))
    app.button(key="keep_zone").click().run()
    project = project_of(fine(app))
    ring = project.zones["zone 1"]
    both = replace(project, zones={**project.zones, "gone": ring + 100.0})
    fitted = fit_study(both, "maxent+zone:gone@km", estimator="value_basis")
    app.session_state["project"] = replace(fitted, zones={"zone 1": ring})
    app.run()
    next(t for t in app.text_input if t.label == "Its name").set_value("harbour").run()
    app.button(key="rename_zone").click().run()
    assert list(project_of(app).zones) == ["harbour"] and not app.exception

"""The Intent page: opens on the selected track, finds one by its id, and lets the analyst name and adjust goals."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from app.intent.chooser import matching
from irlcore.analysis.ranking import review_study
from irlcore.project.project import Project
from irlcore.review.calibration.controls import FalseAlarmControl
from tests.app.test_pages import opened


@pytest.fixture(scope="module")
def fitted() -> Project:
    app = opened("anchorage").switch_page("screens/fit.py").run()
    app.button(key="fit_button").click().run()
    project: Project = app.session_state["project"]
    return project


@pytest.fixture
def page(fitted: Project) -> AppTest:
    app = opened()
    app.session_state["project"] = fitted
    app.session_state["selected"] = "cargo-150"
    app.switch_page("screens/intent.py").run()
    assert not app.exception and not app.error
    return app


def headings(app: AppTest) -> list[str]:
    return [one.value.replace("\\", "") for one in app.subheader]


def test_it_opens_on_the_selected_track_with_goals_by_name(page: AppTest) -> None:
    assert headings(page) == ["cargo-150"]
    assert any(name in one.value for one in page.markdown for name in ("ferry terminal", "coal pier", "fish market"))
    assert [one.label for one in page.metric] == ["Last certain from", "As uncertain as"]
    assert any("is known once the tracks are scored" in one.value for one in page.caption)


def test_flagged_tracks_alone_carry_a_caution(page: AppTest) -> None:
    page.switch_page("screens/review.py").run()
    page.selectbox(key="control").set_value("share_of_normal").run()
    page.selectbox(key="rate").set_value("1 in 5").run()
    review = review_study(page.session_state["project"], FalseAlarmControl("share_of_normal", 0.2))
    assert not page.exception and review.flagged.any() and not review.flagged.all()
    for flagged in (True, False):
        row = next(i for i in review.order if bool(review.flagged[i]) is flagged)
        page.session_state["selected"] = str(review.parts.paths.ids[row])
        page.switch_page("screens/intent.py").run()
        assert any("cannot guess its goal" in one.value for one in page.caption) is flagged
        assert not any("is known once" in one.value for one in page.caption)


def test_a_track_is_found_by_its_id(page: AppTest) -> None:
    page.text_input(key="find_track").set_value("cargo-14").run()
    page.button(key="hit_2").click().run()
    assert headings(page) == ["cargo-142"] and page.session_state["selected"] == "cargo-142"
    assert not page.text_input(key="find_track").value
    page.button(key="next").click().run()
    assert headings(page) == ["cargo-143"]


def test_ids_that_are_the_text_come_first() -> None:
    assert matching(["12", "212", "2", "20", "a"], "2") == ["2", "212", "20", "12"]


def test_goals_are_named_merged_split_and_suggested_again(page: AppTest) -> None:
    changes = 0  # nothing has been changed in this session yet
    page.text_input(key=f"name_{changes}_0").set_value("coal berth")  # typed and clicked at once: no run between
    page.button(key="rename_goal").click().run()
    assert not page.exception
    groups = page.session_state["project"].goals["cargo"]
    assert [one.name for one in groups] == ["coal berth", "coal pier", "fish market"]
    changes = page.session_state["changes"]
    other = page.multiselect(key=f"merge_{changes}_0").options[0]
    page.multiselect(key=f"merge_{changes}_0").set_value([other]).run()
    page.button(key="merge_goals").click().run()
    assert [len(one.ends) for one in page.session_state["project"].goals["cargo"]] == [4, 1]
    page.button(key="split_goal").click().run()
    assert [one.name for one in page.session_state["project"].goals["cargo"]] == ["fish market"]
    page.button(key="suggested_goals").click().run()
    assert not page.session_state["project"].goals and not page.exception

"""The Report page: a preview that says what the files say, fields that stay with the project, and work that can be cancelled."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from irlcore.analysis.triage import decided
from irlcore.project.project_file import load_project, save_project
from irlcore.report import findings
from irlcore.report.contents import SECTIONS
from tests.app.studio.on_the_map import fitted
from tests.app.test_pages import opened


@pytest.fixture
def app() -> AppTest:
    """The sample, fitted, on the Report page."""
    app = opened("town")
    app.session_state["project"] = fitted("town")
    app.switch_page("screens/report.py").run()
    assert not app.exception and not app.error
    return app


def sheet(app: AppTest) -> str:
    """The preview."""
    return next(str(one.proto.body) for one in app.get("html") if "motive-report" in one.proto.body)


def test_the_preview_has_a_card_a_map_and_the_reasons_of_the_flagged_tracks(app: AppTest) -> None:
    body = sheet(app)
    assert 1 <= body.count("<article>") <= 5 and body.count('alt="Map of track') == body.count("<article>")
    assert all(heading in body for key, heading in SECTIONS.items() if key not in ("apart", "hindsight"))
    assert "were reviewed, and" in body and "is not guilt" in body


def test_what_is_typed_stays_with_the_project_and_stands_in_the_report(app: AppTest) -> None:
    for key, text in (("report_author", "Ann <b>Analyst</b>"), ("report_region", "Port of *Xanten*"), ("report_name", "The week in town")):
        field = next(one for one in app.text_input if str(one.key).startswith(key))
        field.set_value(text).run()
    next(one for one in app.text_area if str(one.key).startswith("notes_")).set_value("Look again.").run()
    project = app.session_state["project"]
    assert (project.author, project.region, project.name, project.notes) == ("Ann <b>Analyst</b>", "Port of *Xanten*", "The week in town",
                                                                             "Look again.")
    body = sheet(app)
    assert "Ann &lt;b&gt;Analyst&lt;/b&gt;" in body and "Port of *Xanten*" in body and "<h1>The week in town</h1>" in body
    assert "Look again." in body
    again = load_project(save_project(project))
    assert (again.author, again.region) == (project.author, project.region)
    app.sidebar.button(key="undo").click().run()
    assert app.session_state["project"].notes == ""


def test_a_title_is_never_empty(app: AppTest) -> None:
    was = app.session_state["project"].name
    next(one for one in app.text_input if str(one.key).startswith("report_name")).set_value("   ").run()
    assert app.session_state["project"].name == was and not app.exception


def test_parts_that_are_left_out_are_not_on_the_sheet(app: AppTest) -> None:
    next(one for one in app.get("button_group") if one.key == "sections").set_value(["cards"]).run()
    body = sheet(app)
    assert SECTIONS["cards"] in body and all(heading not in body for key, heading in SECTIONS.items() if key != "cards")


def test_all_files_are_offered_once_the_report_is_made(app: AppTest) -> None:
    offered = {one.proto.label: one.proto.disabled for one in app.get("download_button")}
    assert {"CSV", "GeoJSON", "JSON", "Intent", "Download report (HTML, opens offline)"} <= set(offered)
    assert not any(offered[name] for name in ("CSV", "GeoJSON", "JSON", "Intent"))


def test_a_verdict_moves_a_track_without_a_new_search(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    first = re.search(r"<article><h3>Track (.*?)</h3>", sheet(app))
    assert first is not None
    searched: list[int] = []
    monkeypatch.setattr(findings, "reasons_study", lambda project, review, index: searched.append(index))
    project = app.session_state["project"]
    app.session_state["project"] = decided(project, [first[1]], "understood", "A driving lesson.")
    app.run()
    body = sheet(app)
    assert not app.exception and not searched
    assert f"<article><h3>Track {first[1]}</h3>" not in body and "1 is understood by now" in body
    apart = body.split(SECTIONS["apart"])[1]
    assert first[1] in apart and "A driving lesson." in apart


def test_without_a_fit_the_page_says_what_is_missing() -> None:
    app = opened("town").switch_page("screens/report.py").run()
    assert not app.exception and "nothing to report" in app.info[0].value

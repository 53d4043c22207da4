"""Every page of a log: no trouble, no empty box, the picture that its part of the work asks for, whatever events are called."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.sequences.component import Drawing
from app.sequences.next_events import RUNNING
from irlcore.analysis.study import fit_study
from irlcore.project.loading import with_endings
from irlcore.project.project import Project
from irlcore.report.contents import SECTIONS
from irlcore.tracks.logs.endings import Endings
from tests.app.test_pages import PAGES, opened
from tests.logs import log_project, sequences

HOSTILE = ("<img src=x onerror=alert(1)>", ":material/delete:", "$x$ **b** [a](http://b.c)", "{place:1}", "=1+1")
NO_MAP = re.compile("network|no map|coordinates|link")


@pytest.fixture(scope="module")
def project() -> Project:
    return log_project(sequences(1100))


@pytest.fixture
def app(project: Project) -> AppTest:
    found = opened()
    found.session_state["project"] = project
    found.session_state["selected"] = "case 5"
    return found


def on(app: AppTest, page: str) -> AppTest:
    app.switch_page(f"screens/{page}.py").run()
    assert not app.exception and not app.error, page
    return app


def pictures(app: AppTest, name: str = "motive_picture") -> list[dict[str, Any]]:
    """What each picture of the page is sent."""
    found = []
    for node in app.main:
        proto: Any = getattr(node, "proto", None)
        if proto is not None and type(proto).__name__ == "BidiComponent" and proto.component_name.endswith(name):
            found.append(json.loads(proto.json))
    return found


@pytest.mark.kernels
@pytest.mark.parametrize("page", PAGES)
def test_no_page_speaks_of_what_a_log_has_not(app: AppTest, page: str) -> None:
    on(app, page)
    assert not [one.value for one in app.info if NO_MAP.search(one.value)]


@pytest.mark.kernels
@pytest.mark.parametrize(("page", "alt"), [
    ("tracks", "Process of 1,100 sequences"), ("features", "Process of 346 sequences"), ("review", "Sequence case 5: 6 events"),
    ("intent", "Sequence case 5: 6 events")])
def test_each_page_draws_its_picture(app: AppTest, page: str, alt: str) -> None:
    drawn = pictures(on(app, page))
    assert drawn and drawn[0]["alt"].startswith(alt)
    for one in drawn:
        assert one["svgs"] and [each["wide"] for each in one["svgs"]] == sorted(each["wide"] for each in one["svgs"])
        for each in one["svgs"]:
            assert ET.fromstring(each["svg"]).attrib["aria-label"] == one["alt"][:600]


@pytest.mark.kernels
def test_review_draws_the_sequence_on_the_process_and_says_why(app: AppTest) -> None:
    on(app, "review")
    said = " ".join(one.value for one in app.markdown).replace("\\", "")
    assert 'It has no "approve"' in said and "times rarer than" in said and "Likelier from event 2 on" in said
    app.segmented_control(key="sequence_view").set_value("In the process").run()
    assert not app.exception and "Sequence case 5 is drawn on it." in pictures(app)[0]["alt"]


@pytest.mark.kernels
def test_intent_tells_what_is_next_after_each_event(app: AppTest) -> None:
    on(app, "intent")
    assert any("nothing is sampled" in one.value for one in app.caption) and not app.get("plotly_chart")
    for seen in (0, 5):
        app.slider(key="seen_case 5").set_value(seen).run()
        assert not app.exception and not app.error
    app.number_input(key="events_ahead").set_value(1).run()
    assert any("ends with the next event or sooner" in one.value for one in app.caption)


@pytest.mark.kernels
def test_of_a_sequence_still_running_all_is_seen_and_no_end_is_counted() -> None:
    cut = [one[:-1] if k == 7 else one for k, one in enumerate(sequences(240))]
    app = opened()
    app.session_state["project"] = fit_study(with_endings(log_project(cut, fitted=False), Endings(("close",))))
    for case, running in (("case 6", False), ("case 7", True)):
        app.session_state["selected"] = case
        on(app, "intent")
        slider = app.slider(key=f"seen_{case}")
        said = " ".join(one.value for one in app.caption)
        assert (slider.value == slider.max, RUNNING in said, "the end counted, w" in said) == (running, running, not running), case


@pytest.mark.kernels
def test_features_draw_a_feature_and_what_was_observed_too(app: AppTest) -> None:
    on(app, "features")
    for view in ("Tracks", "A feature"):
        app.segmented_control(key="view_of_fit").set_value(view).run()
        assert not app.exception and not app.error and pictures(app), view
    assert "Mean of" in pictures(app)[0]["alt"]


@pytest.mark.kernels
def test_events_of_any_name_are_shown_as_text(project: Project) -> None:
    renamed = dict(zip(("open", "work", "check", "approve", "close"), HOSTILE, strict=True))
    odd = log_project([[renamed.get(event, event) for event in one] for one in sequences(240)])
    app = opened()
    app.session_state["project"] = odd
    app.session_state["selected"] = "case 5"
    for page in PAGES:
        on(app, page)
        for one in pictures(app):
            for each in one["svgs"]:
                assert not [key for node in ET.fromstring(each["svg"]).iter() for key in node.attrib if key.startswith("on")]
        said = [one.value for one in (*app.markdown, *app.caption) if "`" not in one.value]  # what stands in those is text already
        assert not [one for one in said if HOSTILE[2] in one or f'"{HOSTILE[1]}"' in one]


@pytest.mark.kernels
def test_the_report_holds_the_pictures_and_no_goals(project: Project) -> None:
    from irlcore.analysis.ranking import review_study
    from irlcore.report.contents import chosen_tracks, contents_of
    from irlcore.report.findings import findings_study
    from irlcore.report.html import report_html
    from irlcore.review.calibration.controls import FalseAlarmControl

    review = review_study(project, FalseAlarmControl("share_of_normal", 0.05))
    cards = chosen_tracks(project, review).cards
    found = findings_study(project, review, cards, cards)
    html = report_html(contents_of(project, review, found, tuple(SECTIONS)))
    assert 'aria-label="Process of ' in html and 'aria-label="Sequence case 5: 6 events' in html
    assert "Least expected: event 2" in html and SECTIONS["intent"] not in html and "heading for" not in html


def test_a_drawing_is_as_wide_as_its_picture_says() -> None:
    assert Drawing.growing('<svg xmlns="a" role="img" aria-label="b" width="812" height="3">').wide == 812

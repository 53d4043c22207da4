"""The false-alarm control is one for all pages, whichever page it was set on."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.app.review.triage import sent
from tests.app.studio.on_the_map import fine, studio
from tests.app.test_pages import opened


def flagged_on_the_map(app: AppTest) -> int:
    """How many tracks the map of what the model misses of the flagged is about."""
    app.segmented_control(key="whom").set_value("the flagged").run()
    held = fine(app).session_state["derived on"]._held
    return len([value for name, _, value in held if name == "missed by some"][-1].ids)  # the one asked for last is last


def test_the_control_set_on_the_review_page_holds_on_the_features_page() -> None:
    app = studio()
    many = flagged_on_the_map(app)
    app.switch_page("screens/review.py").run()
    app.selectbox(key="rate").set_value("1 in 5").run()
    app.selectbox(key="control").set_value("share_of_normal").run()
    flagged = sum(sent(app, "rows")["flagged"])
    assert flagged > many
    app.switch_page("screens/features.py").run()
    assert flagged_on_the_map(app) == flagged
    app.switch_page("screens/review.py").run()
    assert app.selectbox(key="rate").value == "1 in 5"

def test_a_report_without_flagged_tracks_says_so_instead_of_an_empty_table() -> None:
    app = opened("anchorage")
    app.switch_page("screens/fit.py").run()
    app.radio(key="model").set_value("maxent").run()
    app.button(key="fit_button").click().run()
    app.switch_page("screens/report.py").run()
    [rate] = [s for s in app.selectbox if s.key == "rate"]
    rate.set_value("1 in 100").run()
    assert not app.exception and not app.error
    body, = (str(one.proto.body) for one in app.get("html") if "motive-report" in one.proto.body)
    assert "No track is flagged under this control." in body and "<tbody></tbody>" not in body.replace("\n", "")

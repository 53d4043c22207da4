"""The false-alarm control is one for all pages, whichever page it was set on."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.app.studio.test_studio import fine, studio


def flagged_on_the_map(app: AppTest) -> int:
    """How many tracks the map of what the model misses of the flagged is about."""
    app.segmented_control(key="whom").set_value("the flagged").run()
    kept = [value for key, value in fine(app).session_state["held"].items() if key[0] == "missed" and key[1] != "everyone"]
    return len(kept[-1].ids)


def test_the_control_set_on_the_review_page_holds_on_the_features_page() -> None:
    app = studio()
    many = flagged_on_the_map(app)
    app.switch_page("screens/review.py").run()
    app.selectbox(key="rate").set_value("1 in 5").run()
    app.selectbox(key="control").set_value("share_of_normal").run()
    flagged = int(app.subheader[0].value.split()[0])
    assert flagged > many
    app.switch_page("screens/features.py").run()
    assert flagged_on_the_map(app) == flagged
    app.switch_page("screens/review.py").run()
    assert app.selectbox(key="rate").value == "1 in 5"

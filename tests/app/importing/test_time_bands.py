"""The Tracks page lets time of day matter, and says why it cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from irlcore.features.base import KINDS, FeatureSpec
from irlcore.project.project_file import load_project, save_project
from tests.app.test_pages import PAGES, opened

FRIDAY = datetime(2024, 3, 1, tzinfo=UTC)


def points(stamped: bool = True) -> bytes:
    """Forty tracks over a square of 600 m, one every 90 minutes, each by way of another middle."""
    rng, rows = np.random.default_rng(5), ["track,t,x,y"]
    for i in range(40):
        begun = FRIDAY + timedelta(minutes=90 * i)
        ends = np.array([[0, 0], rng.integers(0, 6, 2), [5, 5]]) * 100 + 50
        way = np.concatenate([np.linspace(a, b, 6)[k > 0:] for k, (a, b) in enumerate(pairwise(ends))])
        for k, (x, y) in enumerate(way):
            time = (begun + timedelta(minutes=k)).isoformat() if stamped else str(k)
            rows.append(f"v{i},{time},{x:.1f},{y:.1f}")
    return "\n".join(rows).encode()


def imported(data: bytes) -> AppTest:
    app = opened().switch_page("screens/tracks.py").run()
    app.file_uploader(key="uploads").set_value([("points.csv", data, "text/csv")]).run()
    app.number_input(key="cell").set_value(100.0).run()
    app.button(key="import").click().run()
    assert not app.exception and not app.error
    return app


def choose(app: AppTest, name: str, value: str) -> AppTest:
    """A choice in the form, whose keys start afresh with every change of the project."""
    box = next(s for s in app.selectbox if str(s.key).startswith(f"band_{name}_"))
    app = box.set_value(value).run()
    assert not app.exception and not app.error
    return app


def apply(app: AppTest) -> AppTest:
    app = app.button(key="set_bands").click().run()
    assert not app.exception and not app.error
    return app


def texts(app: AppTest) -> str:
    return "\n".join(str(e.value).replace("\\", "") for e in (*app.caption, *app.error, *app.info))


def test_bands_are_chosen_counted_applied_and_go_through_every_page() -> None:
    app = choose(imported(points()), "hours", "Day and night (6-22, 22-6)")
    app = choose(app, "days", "weekday and weekend")
    shown = next(table.value for table in app.dataframe if "starts in" in table.value.columns)
    assert shown["starts in"].tolist() == ["weekdays 6-22", "weekdays 22-6", "weekend 6-22", "weekend 22-6"]
    assert shown["tracks"].sum() == 40 and (shown["tracks"] > 0).all()
    assert "first point" in texts(app)
    app = apply(app)
    project = app.session_state["project"]
    assert project.world.n_bands == 4 and len(project.paths) == 40
    assert any("4 bands" in e.label for e in app.expander)

    night = FeatureSpec("night", "time", {"from_hour": 22, "to_hour": 6}, "negative")
    app.session_state["project"] = replace(project, features=(*project.features, night))
    app.switch_page("screens/fit.py").run()
    app.radio(key="model").set_value("maxent").run()
    app.button(key="fit_button").click().run()
    for page in PAGES:
        app.switch_page(f"screens/{page}.py").run()
        assert not app.exception and not app.error, page
    project = app.session_state["project"]
    assert "night" in project.fit.result.names
    again = load_project(save_project(project))
    assert again.world.n_bands == 4 and np.array_equal(again.paths.choices, project.paths.choices)


def test_the_clock_is_taken_away_and_a_feature_of_time_then_says_what_it_needs() -> None:
    app = apply(choose(imported(points()), "hours", "Rush hours (6-10, 10-16, 16-20, 20-6)"))
    assert app.session_state["project"].world.n_bands == 4
    app.switch_page("screens/features.py").run()
    app.segmented_control(key="propose").set_value("Anything").run()
    app.selectbox(key="kind_Anything").set_value(KINDS["time"]).run()
    app.button(key="look_Anything").click().run()
    app.button(key="add_proposal").click().run()
    assert not app.exception and not app.error
    assert app.session_state["project"].features[-1].kind == "time"
    app.switch_page("screens/tracks.py").run()
    app = apply(choose(app, "hours", "Off"))
    assert app.session_state["project"].world.n_bands == 1
    app.switch_page("screens/features.py").run()
    assert not app.exception
    assert "let time matter on the Tracks page" in texts(app)
    removable = [b for b in app.button if b.help == "Remove this feature"]
    assert len(removable) == len(app.session_state["project"].features)
    removable[-1].click().run()
    assert not app.exception and not app.error


def test_own_hours_are_typed_and_what_is_none_is_told() -> None:
    app = choose(imported(points()), "hours", "My own hours")
    assert "two or more" in texts(app)
    typed = next(t for t in app.text_input if str(t.key).startswith("band_edges_"))
    app = typed.set_value("6, noon").run()
    assert "noon" in texts(app) and not app.exception
    typed = next(t for t in app.text_input if str(t.key).startswith("band_edges_"))
    app = apply(typed.set_value("5:30, 12, 24").run())
    assert app.session_state["project"].world.settings["clock"]["edges"] == [0.0, 5.5, 12.0]
    assert next(s for s in app.selectbox if str(s.key).startswith("band_hours_")).value == "My own hours"


def test_days_alone_can_be_told_apart() -> None:
    app = choose(imported(points()), "hours", "Whole days")
    assert "all" not in next(s for s in app.selectbox if str(s.key).startswith("band_days_")).options
    app = apply(choose(app, "days", "each day"))
    assert app.session_state["project"].world.n_bands == 7


@pytest.mark.parametrize("name", ["seconds without a date", "the town"])
def test_where_no_track_carries_a_time_the_page_says_so(name: str) -> None:
    app = opened("town").switch_page("screens/tracks.py").run() if name == "the town" else imported(points(stamped=False))
    assert "Time of day cannot matter here." in texts(app)
    assert not [s for s in app.selectbox if str(s.key).startswith("band_hours_")]


def test_seconds_since_a_midnight_are_never_assumed() -> None:
    rows = "\n".join(f"v{i},{3600 * i + k},{100 * k},{100 * (i % 3) + 10 * (k % 2)}" for i in range(24) for k in range(6))
    app = choose(imported(f"track,t,x,y\n{rows}".encode()), "hours", "Day and night (6-22, 22-6)")
    assert not [b for b in app.button if b.key == "set_bands"]
    app = apply(choose(app, "source", "the times of the points, as seconds since a midnight"))
    project = app.session_state["project"]
    assert project.world.n_bands == 2 and "since a midnight" in project.history[-1].what

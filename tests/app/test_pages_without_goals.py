"""Every page works where tracks have no destination, where their goal was not seen, and where a class is mixed; and says so."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from irlcore.analysis.ranking import review_study
from irlcore.analysis.roaming import roaming
from irlcore.analysis.study import fit_study
from irlcore.project.loading import with_aims
from irlcore.project.project import Project, TrackAim
from irlcore.project.project_file import load_project, save_project
from irlcore.project.samples import sample_project
from irlcore.project.split import split_paths
from irlcore.report.contents import SECTIONS, chosen_tracks, contents_of
from irlcore.report.export import intent_table, report_json, review_csv
from irlcore.report.findings import findings_study
from irlcore.report.html import report_html
from irlcore.review.calibration.controls import FalseAlarmControl
from tests.app.importing.form import said
from tests.app.test_pages import PAGES, opened

KINDS = ("no destination", "unfinished", "mixed")


def made(kind: str) -> Project:
    """The sample town, its commuters after something else: all of them nothing in particular, every third cut off, or some of each."""
    town = sample_project("town")
    if kind == "no destination":
        return with_aims(town, {"commuter": "nowhere"}, {})
    ids = [str(i) for i in split_paths(town).paths.ids]
    aims: dict[str, TrackAim] = dict.fromkeys(ids[::3], "unfinished")
    return with_aims(town, {}, aims if kind == "unfinished" else {**aims, **dict.fromkeys(ids[1::3], "nowhere")})


@pytest.fixture(scope="module")
def fitted() -> dict[str, Project]:
    return {kind: fit_study(made(kind), "maxent") for kind in KINDS}


def page(project: Project, name: str, track: str = "") -> AppTest:
    app = opened()
    app.session_state["project"] = project
    if track:
        app.session_state["selected"] = track
    app.switch_page(f"screens/{name}.py").run()
    assert not app.exception and not app.error, (name, [one.value for one in app.error])
    return app


def of(project: Project, aim: str) -> str:
    """A track under study that is after something of a kind."""
    paths = split_paths(project).paths
    none = np.append(paths.goals.nowhere, False)[paths.goal]
    mine = {"nowhere": none, "unfinished": paths.goal < 0, "end": ~none & (paths.goal >= 0)}[aim]
    return str(paths.ids[np.flatnonzero(mine)[0]])


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_runs_and_the_project_is_kept(kind: str, fitted: dict[str, Project]) -> None:
    app = opened()
    app.session_state["project"] = fitted[kind]
    for name in PAGES:
        app.switch_page(f"screens/{name}.py").run()
        assert not app.exception and not app.error, (name, [one.value for one in app.error])
    again = load_project(save_project(app.session_state["project"]))
    assert again.class_aims == fitted[kind].class_aims and again.track_aims == fitted[kind].track_aims
    assert again.paths is not None and (again.paths.goal == fitted[kind].paths.goal).all()  # type: ignore[union-attr]


def test_a_fit_without_a_destination_discounts_and_says_how_far_it_looks() -> None:
    app = page(made("no destination"), "fit")
    gamma = app.number_input(key="gamma_roaming")
    assert gamma.value == 0.95 and gamma.max < 1.0 and "about the next 20 steps count" in said(app)
    assert app.radio(key="model").value == "maxent"
    gamma.set_value(0.9).run()
    assert "about the next 10 steps count" in said(app)
    app.button(key="fit_button").click().run()
    fit = app.session_state["project"].fit
    assert not app.exception and not app.error and fit is not None and fit.result.gamma == 0.9
    other = page(sample_project("town"), "fit")
    assert other.number_input(key="gamma").value == 1.0 and "no destination" not in said(other)


def test_intent_says_that_there_is_no_destination_and_what_comes_next(fitted: dict[str, Project]) -> None:
    app = page(fitted["no destination"], "intent")
    assert "No destination." in said(app) and "likeliest walk of 10 steps" in said(app)
    assert not any("Goals of this class" in one.label for one in app.expander)
    app.number_input(key="steps_ahead").set_value(3).run()
    assert not app.exception and not app.error and "likeliest walk of 3 steps" in said(app)
    for seen in (0, int(app.slider[0].max)):
        app.slider[0].set_value(seen).run()
        assert not app.exception and not app.error and f"After {seen} steps it was at" in said(app)


def test_intent_of_a_mixed_class_asks_for_goals_where_there_are_any(fitted: dict[str, Project]) -> None:
    project = fitted["mixed"]
    assert "No destination." in said(page(project, "intent", of(project, "nowhere")))
    cut = page(project, "intent", of(project, "unfinished"))
    assert "cut off before it arrived" in said(cut) and "No destination." not in said(cut)
    assert any("Goals of this class" in one.label for one in cut.expander)
    assert "This one ended at" in said(page(project, "intent", of(project, "end")))


def test_review_tells_what_a_track_is_taken_to_be_after_and_lets_it_be_corrected(fitted: dict[str, Project]) -> None:
    project = fitted["mixed"]
    assert project.paths is not None
    reviewed = split_paths(project)
    none = np.append(reviewed.paths.goals.nowhere, False)[reviewed.paths.goal]
    track = str(reviewed.paths.ids[next(i for i in reviewed.review if none[i])])
    app = page(project, "review", track)
    assert "Taken to have no destination." in said(app)
    cut = str(reviewed.paths.ids[next(i for i in reviewed.review if reviewed.paths.goal[i] < 0)])
    assert "Taken to be unfinished" in said(page(project, "review", cut))
    app.segmented_control(key="look").set_value("Aim").run()
    next(one for one in app.selectbox if one.label.endswith("is after")).set_value("as its class").run()
    app.button(key="correct_track").click().run()
    after = app.session_state["project"]
    assert not app.exception and track not in after.track_aims and after.fit is None
    assert "There is no fit of this class yet" in said(app)


def test_the_report_asks_nothing_after_goals_that_there_are_none_of(fitted: dict[str, Project]) -> None:
    app = page(fitted["no destination"], "report")
    assert not any(one.key == "take_intent_csv" for one in app.get("download_button"))


TOLD = {"no destination": "They have no destination", "unfinished": "cut off before the goal was seen", "mixed": "have no destination"}


@pytest.mark.parametrize("kind", KINDS)
def test_report_and_tables_say_what_was_taken_for_a_goal(kind: str, fitted: dict[str, Project]) -> None:
    project = fitted[kind]
    review = review_study(project, FalseAlarmControl("share_of_normal", 0.2))
    chosen = chosen_tracks(project, review)
    found = findings_study(project, review, chosen.cards, chosen.cards)
    roams = roaming(review.parts.paths)
    assert chosen.cards and not any(roams[i] for i in found.seen), "of who has none it is not asked where it goes"
    contents = contents_of(project, review, found, list(SECTIONS))
    assert TOLD[kind] in contents.method.sentences[0] and "Where trips end" in dict(contents.facts)
    assert contents.intents_left == 0 and len(contents.intents) == len(found.seen)
    assert (kind == "no destination") == (not len(contents.intents))
    page = report_html(contents)
    assert ("Likeliest goals along the way" in page) == bool(found.seen) and json.loads(report_json(contents))["format"]
    goal = pd.read_csv(io.StringIO(review_csv(project, review, found)))["goal"].to_numpy()
    assert (goal[roams[review.order]] == "no destination").all()
    cut = review.parts.paths.goal[review.order] < 0
    assert (goal[cut] == "not seen: cut off before").all() and not (goal[~cut] == "not seen: cut off before").any()
    asked = intent_table(project, review, review.order[:6])
    assert len(asked) == int((~roams[review.order[:6]]).sum())

"""Value features on the Fit page: offered where they make sense, part of the model that is fitted, told with its unit, set from a fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.fitting.value_features import KEPT_ERROR, KEY
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from tests.app.fitting.test_fit_page import fit_page, texts
from tests.app.test_pages import opened

pytestmark = pytest.mark.kernels


def offered(app: AppTest) -> list[str]:
    return [option for one in app.multiselect if one.key == KEY for option in one.options]


def project_of(app: AppTest) -> Project:
    found: Project = app.session_state["project"]
    return found


def fitted() -> AppTest:
    app = fit_page()
    app.radio(key="model").set_value("boltzmann").run()
    app.selectbox(key="estimator").set_value("value_basis").run()
    app.multiselect(key=KEY).set_value(["heading"]).run()
    assert "How far the direction of a step is off the straight line to the goal" in texts(app)
    assert "Boltzmann with the heading off the goal; value basis, 1 replanning; gamma 1." in texts(app)
    app.button(key="fit_button").click().run()
    assert not app.exception and not app.error
    return app


def test_a_fit_is_made_with_what_is_chosen_and_tells_it() -> None:
    app = fitted()
    fit = project_of(app).fit
    assert fit is not None and fit.result.rationality == "boltzmann+heading" and fit.result.own_names == ("heading",)
    assert "Heading off the goal (per 90°): " in texts(app)
    assert "have changed" not in texts(app)
    app.multiselect(key=KEY).set_value([]).run()
    assert "Boltzmann; value basis, 1 replanning; gamma 1." in texts(app) and not app.exception


def test_a_new_window_begins_with_those_of_the_newest_fit() -> None:
    project = project_of(fitted())
    app = opened("town")
    app.session_state["project"] = project
    app.switch_page("screens/fit.py").run()
    assert not app.exception
    assert app.radio(key="model").value == "boltzmann" and app.multiselect(key=KEY).value == ["heading"]


def test_they_are_told_apart_and_named_with_their_unit() -> None:
    app = fit_page()
    app.radio(key="model").set_value("maxent").run()
    assert offered(app)[:4] == ["Heading off the goal (per 90°)", "Straight distance to the goal (per km)",
                                "Shortest way to the goal (per km)", "Steps to go (per step)"]


def test_agents_who_keep_an_error_for_a_trip_have_none_and_why_is_said() -> None:
    app = fit_page()
    app.radio(key="model").set_value("maxent").run()
    app.multiselect(key=KEY).set_value(["heading"]).run()
    app.radio(key="model").set_value("noisy_value").run()
    app.toggle(key="kept_error").set_value(True).run()
    assert next(one for one in app.multiselect if one.key == KEY).disabled
    assert KEPT_ERROR in texts(app) and "with the heading" not in texts(app)
    app.toggle(key="kept_error").set_value(False).run()
    assert "with the heading off the goal" in texts(app) and not app.exception


def test_a_value_basis_for_agents_who_keep_an_error_is_warned_of_before_the_fit() -> None:
    app = fit_page()
    app.radio(key="model").set_value("noisy_value").run()
    app.toggle(key="kept_error").set_value(True).run()
    app.selectbox(key="estimator").set_value("value_basis").run()
    assert any("keep one error for a whole trip" in one.value for one in app.warning)
    app.toggle(key="kept_error").set_value(False).run()
    assert not any("keep one error for a whole trip" in one.value for one in app.warning) and not app.exception


def test_a_zone_that_is_gone_is_chosen_no_more() -> None:
    app = fit_page()
    project = project_of(app)
    assert project.world is not None
    ring = np.nanmean(project.world.place_xy, axis=0) + 200.0 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
    app.session_state["project"] = replace(project, zones={**project.zones, "Yard": ring})
    app.radio(key="model").set_value("maxent").run()
    assert "Distance to Yard (per km)" in offered(app)
    app.multiselect(key=KEY).set_value(["zone:Yard@km"]).run()
    assert "MaxEnt with the distance to Yard" in texts(app)
    app.session_state["project"] = project
    app.run()
    assert not app.exception and app.multiselect(key=KEY).value == []


def test_a_log_has_none() -> None:
    app = opened("tickets").switch_page("screens/fit.py").run()
    assert not app.exception and offered(app) == []
    assert sample_project("tickets").world is not None

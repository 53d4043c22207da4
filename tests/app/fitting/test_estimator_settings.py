"""Settings of estimators on the Fit page: only those that mean something, read as typed, chosen on held-out tracks, undone, and told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from irlcore.errors import FitError
from irlcore.project.loading import with_grid
from irlcore.project.project import Project
from tests.app.fitting.test_fit_page import fit_page, texts
from tests.app.test_pages import opened

pytestmark = pytest.mark.kernels
FIELDS = {"replannings": "setting_value_basis_replannings", "lam": "setting_value_basis_lam", "l2": "setting_value_basis_l2"}


def value_basis(app: AppTest, model: str = "maxent") -> AppTest:
    if model:
        app.radio(key="model").set_value(model).run()
    return app.selectbox(key="estimator").set_value("value_basis").run()


def shown(app: AppTest) -> dict[str, str]:
    """The fields that there are, with what stands in them."""
    return {name: one.value for name, key in FIELDS.items() for one in app.text_input if one.key == key}


def project_of(app: AppTest) -> Project:
    found: Project = app.session_state["project"]
    return found


def test_only_an_estimator_that_has_settings_shows_them() -> None:
    app = fit_page()
    assert shown(app) == {} and not [b for b in app.button if b.key == "choose_settings"]
    value_basis(app)
    assert shown(app) == {"replannings": "1", "lam": "0", "l2": "0"}
    assert all(app.text_input(key=key).help.endswith(".") for key in FIELDS.values())
    app.selectbox(key="estimator").set_value("max_margin").run()
    assert shown(app) == {} and not app.exception


def test_a_fit_is_made_with_what_stands_there_and_is_stale_once_that_changes() -> None:
    app = value_basis(fit_page())
    app.text_input(key=FIELDS["lam"]).set_value("0,01").run()
    assert not app.exception and shown(app)["lam"] == "0.01"
    assert project_of(app).settings == {"value_basis": {"lam": 0.01}}
    assert "MaxEnt; value basis, 1 replanning, lambda 0.01; gamma 1." in texts(app)
    app.button(key="fit_button").click().run()
    assert not app.exception and not app.error
    fit = project_of(app).fit
    assert fit is not None and fit.result.settings == {"replannings": 1, "lam": 0.01, "l2": 0.0}
    assert "Value basis, 1 replanning, lambda 0.01, gamma 1" in texts(app) and "Settings have changed" not in texts(app)
    app.text_input(key=FIELDS["replannings"]).set_value("2").run()
    assert "Settings have changed since this fit: Replannings was 1 and is now 2." in texts(app)
    app.button(key="fit_button").click().run()
    assert "Settings have changed" not in texts(app)
    told = [str(frame.value["weights found by"].tolist()) for frame in app.dataframe if "weights found by" in frame.value]
    assert told == ["['Value basis, 2 replannings, lambda 0.01', 'Value basis, 1 replanning, lambda 0.01']"]
    app.button(key="use_fit").click().run()  # back to the first: its settings stand in the fields again
    assert shown(app)["replannings"] == "1" and "Settings have changed" not in texts(app)


@pytest.mark.parametrize(("name", "typed", "says"), [
    ("lam", "much", 'Lambda: "much" is no number. Choose a number from 0 to 1,000.'),
    ("lam", "-1", "Lambda cannot be -1."), ("l2", "", "L2: nothing was entered."),
    ("replannings", "1.5", "Replannings cannot be 1.5. Choose a whole number from 0 to 100 times.")])
def test_what_cannot_be_is_said_by_name_and_not_fitted(name: str, typed: str, says: str) -> None:
    app = value_basis(fit_page())
    app.text_input(key=FIELDS[name]).set_value(typed).run()
    assert not app.exception and [says in str(e.value).replace("\\", "") for e in app.error] == [True]
    assert app.button(key="fit_button").disabled and app.button(key="choose_settings").disabled
    assert says in texts(app) and project_of(app).settings == {}
    app.text_input(key=FIELDS[name]).set_value("3").run()
    assert not app.error and not app.button(key="fit_button").disabled
    assert project_of(app).settings == {"value_basis": {name: 3}}


def test_undo_takes_a_setting_back_and_other_pages_do_not_lose_it() -> None:
    app = value_basis(fit_page())
    app.text_input(key=FIELDS["l2"]).set_value("0.5").run()
    app.switch_page("screens/features.py").run()
    app.switch_page("screens/fit.py").run()
    assert shown(app) == {"replannings": "1", "lam": "0", "l2": "0.5"}
    app.sidebar.button(key="undo").click().run()
    assert shown(app)["l2"] == "0" and project_of(app).settings == {} and not app.exception
    app.sidebar.button(key="redo").click().run()
    assert shown(app)["l2"] == "0.5"


def test_chosen_on_held_out_tracks_it_is_filled_in_and_shown() -> None:
    app = value_basis(fit_page())
    app.button(key="choose_settings").click().run()
    assert not app.exception and not app.error
    lam = project_of(app).settings["value_basis"]["lam"]
    gamma = app.number_input(key="gamma").value
    assert shown(app)["lam"] == f"{lam:g}"
    assert f"Chosen: lambda {lam:g} and gamma {gamma:g}, with -" in texts(app)
    assert "nats a step" in texts(app) and "16 settings were tried under MaxEnt" in texts(app)
    project = project_of(app)
    first, *others = project.features
    app.session_state["project"] = replace(project, features=(replace(first, enabled=not first.enabled), *others))
    app.run()
    assert "The features have changed since this choice. Choose again to see what that brings." in texts(app)
    app.radio(key="model").set_value("boltzmann").run()
    assert "Chosen: lambda" not in texts(app)  # that was for another model


def test_in_a_log_nobody_plans_so_no_replannings_are_offered() -> None:
    app = value_basis(opened("tickets").switch_page("screens/fit.py").run(), "")
    assert shown(app) == {"lam": "0", "l2": "0"}
    gamma = app.number_input(key="gamma").value
    app.button(key="choose_settings").click().run()
    assert not app.exception and "nats an event" in texts(app) and app.number_input(key="gamma").value == gamma
    app.button(key="fit_button").click().run()
    assert not app.exception and not app.error
    assert "value basis; gamma 1" in texts(app) and "replanning" not in texts(app).replace("without replanning", "")


def test_where_chance_hides_what_follows_lambda_is_not_offered() -> None:
    app = opened("anchorage")
    app.session_state["project"] = with_grid(app.session_state["project"], 1000.0, False, 0.1, [])
    value_basis(app.switch_page("screens/fit.py").run())
    assert shown(app) == {"replannings": "1", "l2": "0"}
    assert not [b for b in app.button if b.key == "choose_settings"] and not app.exception


def test_what_cannot_be_chosen_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise FitError("1 independent track in 5 folds tell nothing of tracks held out.", "Use more tracks.")

    monkeypatch.setattr("app.fitting.held_out_choice.choose_study", none)
    app = value_basis(fit_page())
    app.button(key="choose_settings").click().run()
    assert not app.exception and "tell nothing of tracks held out" in texts(app) and project_of(app).settings == {}

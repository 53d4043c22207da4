"""The Fit page: models side by side, what is said of them, when that is stale, and the models' variants."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.fitting.fit_controls import NOISY, families, variant
from irlcore.fitting.compare import Comparison, short_title
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.project.loading import with_grid
from irlcore.project.project import ComparisonRecord
from irlcore.project.project_file import load_project, save_project
from irlcore.rationality.models import DEFAULT, MODELS, usual_model
from irlcore.report.fit_words import interval_sentences, own_sentences
from tests.app.test_pages import opened


def fit_page() -> AppTest:
    return opened("town").switch_page("screens/fit.py").run()


def texts(app: AppTest) -> str:
    return "\n".join(str(e.value).replace("\\", "") for e in (*app.markdown, *app.caption, *app.warning, *app.info, *app.error))


def test_models_side_by_side_say_which_explains_the_class_best_until_the_features_change() -> None:
    app = fit_page()
    assert "Not compared yet" in texts(app)
    app.multiselect(key="compared").set_value(["maxent", "boltzmann"]).run()
    app.button(key="compare_button").click().run()
    assert not app.exception and not app.error
    project = app.session_state["project"]
    record = project.comparison
    assert set(record.result.models) == {"maxent", "boltzmann"} and record.result.loglik.shape == (2, 53)
    said = texts(app)
    assert "told apart from" in said or "explained best by" in said
    assert "53 trips held out in 5 folds" in said and record.result.data_hash in said
    assert "have changed since this comparison" not in said

    best = record.result.models[record.result.best]
    app.button(key="fit_best").click().run()
    assert not app.exception
    project = app.session_state["project"]
    assert project.fit.result.rationality == best
    assert app.radio(key="model").value == best
    assert not [b for b in app.button if b.key == "fit_best"]

    app.switch_page("screens/features.py").run()
    app.switch_page("screens/fit.py").run()
    assert "53 trips held out in 5 folds" in texts(app)
    changed = replace(project, features=(*project.features[:-1], replace(project.features[-1], enabled=False)))
    app.session_state["project"] = changed
    app.run()
    assert "The features have changed since this comparison." in texts(app)


def test_who_picks_a_model_that_takes_minutes_is_told_before() -> None:
    """Without a destination NoisyValue took 162 s on the sample town; a comparison, which fits it five times, does not begin with it."""
    app = opened("fishing").switch_page("screens/fit.py").run()
    assert app.multiselect(key="compared").value == ["boltzmann", "maxent"] and "takes minutes" not in texts(app)
    app.multiselect(key="compared").set_value(["maxent", NOISY]).run()
    assert "takes minutes" in texts(app)
    app.multiselect(key="compared").set_value(["maxent", "boltzmann"]).run()
    app.radio(key="model").set_value(NOISY).run()
    assert "takes minutes" in texts(app)
    assert "takes minutes" not in texts(fit_page())


def test_models_that_cannot_be_placed_are_told_in_words() -> None:
    app = fit_page()
    project = app.session_state["project"]
    likelihoods = np.array([[-1.0] * 20, [-1.0] * 19 + [-np.inf], [np.nan] * 20])
    found = Comparison(("maxent", "gone", "gone too"), ("MaxEnt", "*Gone*", "Gone too"), ("", "", "It broke."), np.arange(20) % 5,
                       likelihoods, 1.0, 0.1, "2026-01-01T00:00:00+00:00", "hash")
    app.session_state["project"] = replace(project, comparisons=(ComparisonRecord(found, (), project.agent_class),))
    app.run()
    assert not app.exception
    said = texts(app)
    assert "*Gone* calls 1 of 20 trips impossible." in said
    assert "Gone too could not be fitted: It broke." in said
    assert "20 trips are few" in said


def test_too_few_trips_cannot_be_compared() -> None:
    rows = "\n".join(f"a,{i},{i * 10},5000000" for i in range(30))
    app = opened().switch_page("screens/tracks.py").run()
    app.file_uploader(key="uploads").set_value([("points.csv", f"track,t,x,y\n{rows}".encode(), "text/csv")]).run()
    app.button(key="import").click().run()
    app.switch_page("screens/fit.py").run()
    assert app.button(key="compare_button").disabled
    assert "At least 5 trips are needed." in texts(app)


def test_a_class_without_enough_normal_tracks_is_an_error_in_words() -> None:
    app = fit_page()
    app.session_state["project"] = replace(app.session_state["project"], reference_value="never")
    app.run()
    assert not app.exception
    assert app.error


@pytest.mark.parametrize(("name", "about", "kept"), [
    ("noisy_value", "path", False), ("noisy_value_persistent", "path", True), ("noisy_value_independent", "independent", False),
    ("noisy_value_weights_persistent", "weights", True), ("boltzmann", "", False)])
def test_variants_are_known_by_what_they_are_unsure_of(name: str, about: str, kept: bool) -> None:
    assert variant(name) == (about, kept)


def test_variants_of_one_idea_are_one_choice_with_its_details() -> None:
    assert families(None) == [NOISY, "boltzmann", "maxent"]
    app = fit_page()
    assert app.radio(key="model").value == NOISY
    assert app.selectbox(key="about").value == "replanned" and app.toggle(key="kept_error").value
    app.toggle(key="kept_error").set_value(False).run()
    app.selectbox(key="about").set_value("path").run()
    assert not app.exception
    app.radio(key="model").set_value("boltzmann").run()
    assert not app.exception and not [s for s in app.selectbox if s.key == "about"]


def test_variants_have_names_of_their_own() -> None:
    said = [short_title(model) for model in MODELS.values()]
    assert len(set(said)) == len(said)
    assert short_title(MODELS["noisy_value_weights_persistent"]) == "NoisyValue, weights, one error a trip"
    assert [short_title(MODELS[m]) for m in families(None)] == ["NoisyValue", "Boltzmann", "MaxEnt"]


def test_the_model_s_own_parameter_is_told_with_its_interval() -> None:
    app = fit_page()
    app.button(key="fit_button").click().run()
    result = app.session_state["project"].fit.result
    assert result.rationality == DEFAULT
    [said] = own_sentences(result)
    assert interval_sentences(result)[0] in texts(app) and "53 tracks, each taken for another agent's" in texts(app)
    assert said in texts(app) and said.startswith("Doubt about the way ahead (sigma²): ")
    result = replace(result, freedom=np.zeros(0), own_se_hessian=np.zeros(0))  # the normal law
    assert "interval" in own_sentences(replace(result, own=np.array([0.3]), own_se=np.array([0.1])))[0]
    assert "0.3 (95 % interval 0 to 0.692)" in own_sentences(replace(result, own=np.array([0.3]), own_se=np.array([0.2])))[0]
    assert "0 (at its limit)" in own_sentences(replace(result, own=np.array([0.0]), own_se=np.array([np.nan])))[0]


def test_each_estimator_says_when_and_fits() -> None:
    app = fit_page()
    app.radio(key="model").set_value("maxent").run()
    for name, estimator in ESTIMATORS.items():
        app.selectbox(key="estimator").set_value(name).run()
        assert estimator.when in texts(app) and estimator.when_not in texts(app)
    app.selectbox(key="estimator").set_value("max_margin").run()
    app.button(key="fit_button").click().run()
    assert not app.exception and not app.error
    assert app.session_state["project"].fit.result.estimator == "max_margin"
    assert ESTIMATORS["max_margin"].title in texts(app)


def test_a_comparison_survives_the_project_file() -> None:
    app = fit_page()
    app.multiselect(key="compared").set_value(["maxent", "boltzmann"]).run()
    app.button(key="compare_button").click().run()
    project = app.session_state["project"]
    again = load_project(save_project(project))
    assert (again.comparison.result.loglik == project.comparison.result.loglik).all()
    assert again.comparison.result.titles == project.comparison.result.titles
    assert again.comparison.features == project.comparison.features


def test_the_analyst_names_the_column_of_agents_and_undo_takes_it_back() -> None:
    app = fit_page()
    project = app.session_state["project"]
    attributes = project.tracks.attributes.assign(driver=[None if i % 11 == 0 else f"d{i % 9}" for i in range(len(project.tracks))])
    app.session_state["project"] = replace(project, tracks=replace(project.tracks, attributes=attributes))
    app.run()
    app.radio(key="model").set_value("maxent").run()
    [box] = [s for s in app.selectbox if s.label == "Tracks of one agent: column"]
    assert box.value == ""
    box.set_value("driver").run()
    assert not app.exception and app.session_state["project"].agent_column == "driver"
    assert "Tracks of one agent are known by driver" in app.session_state["project"].history[-1].what
    app.button(key="fit_button").click().run()
    assert not app.exception and not app.error
    result = app.session_state["project"].fit.result
    assert result.agents > 9 and result.agent_column == "driver"
    assert f"the scores of {result.agents} agents (driver)" in texts(app)
    app.sidebar.button(key="undo").click().run()
    app.sidebar.button(key="undo").click().run()
    assert app.session_state["project"].agent_column == ""


def test_the_fit_button_stands_above_the_settings() -> None:
    app = fit_page()
    order = [e.key for column in app.columns[:1] for e in column if getattr(e, "key", None) in ("fit_button", "model")]
    assert order == ["fit_button", "model"]
    assert [e.label for e in app.expander if any(r.key == "model" for r in e.radio)] == ["Settings"]  # folded away


def test_a_new_window_fits_again_as_the_newest_fit_was_made() -> None:
    app = fit_page()
    app.radio(key="model").set_value("boltzmann").run()
    app.number_input(key="gamma").set_value(0.9).run()
    app.button(key="fit_button").click().run()
    fitted = app.session_state["project"]
    assert (fitted.fit.result.rationality, fitted.fit.result.gamma) == ("boltzmann", 0.9)
    other = opened("town")
    other.session_state["project"] = fitted
    other.switch_page("screens/fit.py").run()
    assert not other.exception
    assert (other.radio(key="model").value, other.number_input(key="gamma").value) == ("boltzmann", 0.9)
    other.radio(key="model").set_value(NOISY).run()  # and what is chosen then stays chosen
    assert other.radio(key="model").value == NOISY


def test_the_page_begins_with_the_usual_model_of_the_world() -> None:
    """Where moves slip that is NoisyValue with fresh errors, and not the variant that stands first in the list."""
    app = opened("anchorage").switch_page("screens/fit.py").run()
    assert short_title(MODELS[DEFAULT]) in texts(app)
    app = opened("anchorage")
    app.session_state["project"] = with_grid(app.session_state["project"], 1000.0, False, 0.1, [])
    app.switch_page("screens/fit.py").run()
    usual = usual_model(app.session_state["project"].world)
    assert usual == NOISY and f"{short_title(MODELS[usual])};" in texts(app)

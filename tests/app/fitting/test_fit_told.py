"""What the Fit page and the report say of a fit: no limit, no interval, warnings, how it ended and where it comes from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.fitting.fit_controls import families
from irlcore.fitting.compare import Comparison
from irlcore.fitting.result import FitWarning, Status
from irlcore.project.project import ComparisonRecord
from irlcore.quantities import counted
from irlcore.rationality.models import MODELS
from irlcore.report.charts import weights_figure
from irlcore.report.fit_cautions import ONLY_THE_WAY, UNENDED, cautions
from irlcore.report.fit_words import how_ended, model_words, weight_words, weights_table
from irlcore.report.glossary import TERMS
from irlcore.report.proposal_words import side_words
from irlcore.report.text import as_plotly
from tests.app.fitting.test_fit_page import fit_page, texts
from tests.app.test_pages import opened


def test_where_a_fit_comes_from_tells_variants_apart() -> None:
    assert [counted(n, "track") for n in (0, 1, 1200)] == ["0 tracks", "1 track", "1,200 tracks"]
    assert len({model_words(name) for name in MODELS}) == len(MODELS)
    assert model_words("noisy_value_weights") == "NoisyValue, weights: unsure what the way ahead costs"
    assert all(model_words(name) == MODELS[name].title for name in families(None))


def test_a_weight_without_a_limit_is_drawn_without_an_interval_and_named() -> None:
    app = fit_page()
    app.button(key="fit_button").click().run()
    project = app.session_state["project"]
    result = project.fit.result
    endless = np.where(np.arange(len(result.theta)) == 1, np.inf, 0.1)
    told = replace(result, se_robust=endless, se_hessian=endless)
    app.session_state["project"] = replace(project, fits=(replace(project.fit, result=told),))
    app.run()
    assert not app.exception and not app.error
    assert f"No interval is shown for {result.names[1]}" in texts(app)
    figure = weights_figure(told.names, told.theta, told.interval())
    drawn = figure.data[0]
    at = figure.layout.yaxis.ticktext.index(as_plotly(told.names[1]))
    assert drawn.y[at] == figure.layout.yaxis.tickvals[at]
    assert drawn.error_x.array[at] == drawn.error_x.arrayminus[at] == 0.0 and drawn.marker.symbol[at] == "diamond-open"
    assert np.isfinite(drawn.error_x.array).all() and (np.delete(drawn.error_x.array, at) > 0.0).all()
    for page in ("features", "report", "review", "intent"):
        app.switch_page(f"screens/{page}.py").run()
        assert not app.exception and not app.error, page


def test_what_has_no_limit_is_said_in_words_wherever_a_fit_is_shown() -> None:
    app = fit_page()
    app.button(key="fit_button").click().run()
    project = app.session_state["project"]
    result = project.fit.result
    assert weights_table(result).equals(result.table()) and how_ended(result) == result.status.value
    errors = np.array([np.inf, np.nan, *np.full(len(result.theta) - 2, 0.1)])
    doubt = FitWarning("", "Nothing tells these apart.", "Switch one off.")
    told = replace(result, se_robust=errors, se_hessian=errors, warnings=(doubt,), loglik=-1e-9)
    app.session_state["project"] = replace(project, fits=(replace(project.fit, result=told),))
    app.run()
    assert not app.exception and not app.error
    shown = app.dataframe[0].value
    assert list(shown["high"][:2]) == ["no limit", "not known"] and shown["low"][2] == f"{told.interval()[2, 0]:.4g}"
    assert shown["weight"].dtype == float  # still sorts as a number
    assert "settled" not in texts(app) and "no limit to some weights" in texts(app)
    assert "Nothing tells these apart. **Switch one off.**" in texts(app)
    assert [m.value for m in app.metric][:2] == ["0.0", "0.000"]
    drawn = weights_figure(told.names, told.theta, told.interval()).data[0]
    assert sorted(t for t in drawn.text if t) == ["no interval", "no limit"] and drawn.error_x.width == 0
    app.switch_page("screens/report.py").run()
    assert any("Nothing tells these apart. Switch one off." in one.proto.body for one in app.get("html"))
    assert weight_words(1.0, -np.inf, np.inf) == "1, no interval (see Fit)" and weight_words(1.0, 0.5, 1.5) == "1  [0.5, 1.5]"
    assert [side_words(*ends) for ends in ((-2.0, -1.0), (1.0, np.inf), (-1.0, 1.0), (np.nan, np.nan))] == ["avoided", "sought", "", ""]


@pytest.mark.parametrize("status", [Status.AT_EDGE, Status.OUT_OF_STEPS])
def test_a_search_that_did_not_come_to_its_end_is_a_warning(status: Status) -> None:
    app = fit_page()
    app.button(key="fit_button").click().run()
    project = app.session_state["project"]
    unknown = np.full(len(project.fit.result.theta), np.nan)
    ended = replace(project.fit.result, status=status, se_robust=unknown, se_hessian=unknown)
    app.session_state["project"] = replace(project, fits=(replace(project.fit, result=ended),))
    app.run()
    what, fix = UNENDED[status]
    assert f"{what} **{fix}**" in [w.value.replace("\\", "") for w in app.warning] and texts(app).count(status.value) == 1
    assert [one.what for one in cautions(ended)].count(what) == 1 and how_ended(ended) == status.value
    drawn = weights_figure(ended.names, ended.theta, ended.interval())
    assert not any(drawn.data[0].text) and drawn.layout.xaxis.title.text.endswith("without an interval")


def test_a_model_of_the_way_alone_says_that_it_knows_little_and_where_to_go_on() -> None:
    app = fit_page()
    app.button(key="fit_button").click().run()
    assert ONLY_THE_WAY.what not in texts(app)
    project = app.session_state["project"]
    app.session_state["project"] = replace(project, features=tuple(replace(s, enabled=s.kind == "length") for s in project.features))
    app.run()
    app.button(key="fit_button").click().run()
    assert not app.exception and not app.error
    assert ONLY_THE_WAY.what in texts(app)
    assert "in utility" in texts(app)  # the unit is the only feature


def test_a_model_ahead_of_the_one_fitted_is_offered_until_the_comparison_is_stale() -> None:
    app = fit_page()
    app.radio(key="model").set_value("boltzmann").run()
    app.button(key="fit_button").click().run()
    project = app.session_state["project"]
    assert not [b for b in app.button if b.key == "fit_ahead"]
    result = project.fit.result
    rows = np.stack([result.loglik_paths + 0.5, result.loglik_paths])
    found = Comparison(("maxent", "boltzmann"), ("MaxEnt", "Boltzmann"), ("", ""), np.arange(result.n_paths) % 5, rows, 1.0, 0.1,
                       "2026-01-01T00:00:00+00:00", result.data_hash)
    compared = replace(project, comparisons=(ComparisonRecord(found, project.fit.features, project.agent_class),))
    app.session_state["project"] = compared
    app.run()
    assert "MaxEnt explains these agents clearly better than Boltzmann" in texts(app)
    stale = replace(compared, features=tuple(replace(s, enabled=s.kind == "length") for s in project.features))
    app.session_state["project"] = stale
    app.run()
    assert "clearly better" not in texts(app) and not [b for b in app.button if b.key == "fit_ahead"]
    app.session_state["project"] = compared
    app.run()
    app.button(key="fit_ahead").click().run()
    assert not app.exception and not app.error
    assert app.session_state["project"].fit.result.rationality == "maxent" == app.radio(key="model").value
    assert "clearly better" not in texts(app)


def test_the_glossary_is_a_page_beside_the_story() -> None:
    app = opened().switch_page("screens/glossary.py").run()
    assert not app.exception and all(f"**{term.name}**" in texts(app) for term in TERMS)
    app.text_input(key="glossary_search").set_value("nat").run()
    assert "**Nat**" in texts(app) and "**Zone**" not in texts(app)
    app.text_input(key="glossary_search").set_value("*[x](http://a.b)").run()
    assert not app.exception and "None of the" in texts(app)

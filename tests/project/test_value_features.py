"""Models with value features in a project: kept in its file, told in words, stale once what they hang on changes, asked by every page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.hostile.opened import Opened
from irlcore.analysis.comparison import compare_study, comparison_staleness, model_ahead, with_comparison
from irlcore.analysis.heeded import heed_study, with_heeded
from irlcore.analysis.onward import intent_study
from irlcore.analysis.proposals import preview_study, suggest_study, unexplained_study
from irlcore.analysis.ranking import review_study, score_study
from irlcore.analysis.study import fit_record, fit_study, solved, staleness
from irlcore.analysis.triage import decided
from irlcore.elicitation.expected_use import described, expected, expected_use
from irlcore.errors import FeatureError, FitError, ProjectError
from irlcore.features.base import FeatureSpec
from irlcore.features.checks import fit_problems, names_used
from irlcore.features.feature_set import feature_column
from irlcore.features.measured import measured
from irlcore.fitting.result import Status
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.renaming import place_renamed
from irlcore.project.samples import sample_project
from irlcore.project.split import context_of, split_paths
from irlcore.project.value_ground import value_features_of
from irlcore.rationality.guided.guided import Guided
from irlcore.rationality.models import is_named, named, plan_name, value_specs
from irlcore.report.fit_words import fit_provenance, own_sentences
from irlcore.report.references import REFERENCES
from tests.analysis.test_study import SMALL_SHARE

pytestmark = pytest.mark.kernels
NAME, ARTERIAL = "boltzmann+heading+zone:The%20yard@km", "road: arterial"


def with_yard(project: Project, far: float = 0.0) -> Project:
    assert project.world is not None
    middle = np.nanmean(project.world.place_xy, axis=0) + far
    return replace(project, zones={**project.zones, "The yard": middle + 200.0 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])})


@pytest.fixture(scope="module")
def town() -> Project:
    return fit_study(with_yard(sample_project("town")), NAME, estimator="value_basis")


def test_a_file_keeps_them(town: Project) -> None:
    again = load_project(save_project(town))
    assert again.fit is not None and town.fit is not None
    assert again.fit.result.rationality == NAME and again.fit.identity == town.fit.identity
    np.testing.assert_array_equal(again.fit.result.own, town.fit.result.own)
    assert staleness(again) == ""
    assert solved(again).model.name == NAME


@pytest.mark.parametrize("wrong", ["boltzmann+nothing", "boltzmann+", "nobody+heading", "conditional_logit+heading",
                                   "maxent+heading+heading", "noisy_value_persistent+heading", "boltzmann+zone", "boltzmann+heading "])
def test_what_is_no_model_is_refused_when_a_file_is_opened(town: Project, wrong: str) -> None:
    file = Opened(save_project(town))
    file.set("fits[0].result.rationality", wrong)
    assert not is_named(wrong)
    with pytest.raises(ProjectError, match="a model that this version knows"):
        load_project(file.sealed())


def test_names_are_read() -> None:
    model = named(NAME)
    assert isinstance(model, Guided) and model.name == NAME and plan_name(NAME) == "boltzmann"
    assert [s.of for s in value_specs(NAME)] == ["", "The yard"] and value_specs("maxent") == ()
    with pytest.raises(FitError, match="No model is called 'nobody'"):
        named("nobody+heading")


def test_it_is_told_in_words(town: Project) -> None:
    assert town.fit is not None
    told = own_sentences(town.fit.result)
    assert [t.split(":")[0] for t in told] == ["Heading off the goal (per 90°)", "Distance to The yard (per km)"]
    assert all("95 % interval" in one for one in told)
    assert "Boltzmann with the heading off the goal and the distance to The yard" in fit_provenance(town.fit.result)
    assert "bongiorno2021" in REFERENCES and "ng1999" in REFERENCES
    assert town.history[-1].what.startswith("Fitted")


def test_a_zone_that_moves_or_goes_makes_a_fit_stale(town: Project) -> None:
    assert staleness(with_yard(town, 500.0)).startswith("The tracks, a zone,")
    gone = replace(town, zones={k: v for k, v in town.zones.items() if k != "The yard"})
    assert "There is no zone 'The yard'" in staleness(gone)
    plain = fit_study(town, "boltzmann", estimator="value_basis")
    assert staleness(with_yard(plain, 500.0)) == ""


def test_every_page_can_ask_it(town: Project) -> None:
    review = review_study(town, SMALL_SHARE)
    assert np.isfinite(review.p).all()
    left = unexplained_study(town)
    assert len(left.residuals) and suggest_study(town, left, 2) is not None
    parts = split_paths(town)
    intent = intent_study(town, str(parts.paths.ids[parts.review[0]]))
    assert intent is not None


def test_it_is_compared_with_others(town: Project) -> None:
    record = compare_study(town, ["boltzmann", NAME], folds=2)
    assert record.result.models == ("boltzmann", NAME) and not any(record.result.trouble)
    compared = with_comparison(town, record)
    assert model_ahead(compared) is None or model_ahead(compared).model in ("boltzmann", NAME)  # type: ignore[union-attr]


def test_a_feature_to_come_is_one_that_is_switched_off_and_counts_no_tracks(town: Project) -> None:
    first = town.features[0]
    off = replace(town, features=(*town.features[1:], replace(first, enabled=False)))
    assert first.name in {s.of for s in value_features_of(off) if s.kind == "ahead"}
    assert first.name not in {s.of for s in value_features_of(town)}
    name = "maxent+" + next(s.text for s in value_features_of(off) if s.of == first.name)
    made = fit_record(off, name, estimator="value_basis")
    assert made.result.own_names == (name.split("+")[1],)
    with pytest.raises(FeatureError, match="There is no feature 'gone'"):
        fit_record(off, "maxent+ahead:gone", estimator="value_basis")


def ahead_of_arterials(project: Project) -> tuple[Project, str]:
    """The project with arterials switched off, and the name of a model that counts them along the way."""
    off = replace(project, features=tuple(replace(s, enabled=s.enabled and s.name != ARTERIAL) for s in project.features))
    return off, "maxent+" + next(s.text for s in value_features_of(off) if s.of == ARTERIAL)


@pytest.fixture(scope="module")
def ahead(town: Project) -> Project:
    return fit_study(*ahead_of_arterials(town), estimator="value_basis")


def test_a_fit_with_a_feature_to_come_says_what_it_expects_and_heeds_verdicts(ahead: Project) -> None:
    """What its model counts along the way is no feature of the reward, and goes along all the same."""
    assert ahead.fit is not None
    parts, fit = split_paths(ahead), ahead.fit
    ready = solved(ahead)
    model, prepared = ready.model, ready.prepared
    told = described(fit.result, fit.features, ahead.features)
    assert ahead.world is not None and fit_problems(told) == []
    found = expected(ahead.world, context_of(ahead, parts), told)
    np.testing.assert_allclose(found, expected_use(prepared, model, parts.paths.take(parts.fit)), rtol=1e-9, atol=1e-12)
    with pytest.raises(FeatureError, match="There is no feature"):
        expected(ahead.world, context_of(ahead, parts), described(fit.result, fit.features))
    habit = FeatureSpec("more than expected", "habit", {"of": "place", "fit": told})
    assert preview_study(ahead, unexplained_study(ahead), habit).n_trips > 0
    judged = decided(ahead, [str(one) for one in parts.paths.ids[parts.calibration[:2]]], "discarded", "bad signal")
    heeded = with_heeded(judged, heed_study(judged, False, SMALL_SHARE))
    assert staleness(heeded) == "" and heeded.fits[-1].result.rationality == fit.result.rationality


def test_a_feature_to_come_that_becomes_another_or_goes_is_noticed_at_once(ahead: Project) -> None:
    assert staleness(ahead) == "" and score_study(ahead)
    other = replace(ahead, features=tuple(replace(s, params={"attribute": "road", "equals": "street"}) if s.name == ARTERIAL else s
                                          for s in ahead.features))
    assert staleness(other).startswith("The tracks, a zone,")
    assert not np.array_equal(score_study(other)[1].surprise, score_study(ahead)[1].surprise)
    gone = replace(ahead, features=tuple(s for s in ahead.features if s.name != ARTERIAL))
    assert f"There is no feature '{ARTERIAL}'" in staleness(gone)
    with pytest.raises(FeatureError, match="There is no feature"):
        review_study(gone, SMALL_SHARE)
    opened = load_project(save_project(gone))
    assert f"There is no feature '{ARTERIAL}'" in staleness(opened)


@pytest.mark.parametrize("new", ["Old yard", "a + b@c:d/e%20", "été"])
def test_a_zone_with_another_name_takes_fits_comparisons_and_features_along(town: Project, new: str) -> None:
    assert town.fit is not None
    told = described(town.fit.result, town.fit.features)
    habit = FeatureSpec("more than expected", "habit", {"of": "place", "fit": told}, enabled=False)
    before = with_comparison(replace(town, features=(*town.features, habit)), compare_study(town, ["boltzmann", NAME], folds=2))
    after = place_renamed(before, "The yard", new)
    assert after.fit is not None and after.comparison is not None
    assert [s.of for s in value_specs(after.fit.result.rationality)] == ["", new]
    assert after.fit.result.own_names == tuple(s.text for s in value_specs(after.fit.result.rationality))
    assert after.comparison.result.models == ("boltzmann", after.fit.result.rationality)
    assert after.comparison.result.titles[1] == f"Boltzmann with the heading off the goal and the distance to {new}"
    assert staleness(after) == comparison_staleness(after) == ""
    np.testing.assert_array_equal(score_study(after)[1].surprise, score_study(before)[1].surprise)
    one, other = before.features[-1], after.features[-1]
    assert names_used(other) == {new} and measured(one, before.zones, {}) == measured(other, after.zones, {})
    assert town.world is not None
    columns = [feature_column(spec, town.world, context_of(project, split_paths(project)))
               for spec, project in ((one, before), (other, after))]
    np.testing.assert_array_equal(*columns)
    again = load_project(save_project(after))
    assert staleness(again) == comparison_staleness(again) == ""


def test_a_comparison_of_models_of_a_zone_that_moved_is_stale(town: Project) -> None:
    compared = with_comparison(town, compare_study(town, ["boltzmann", NAME], folds=2))
    assert comparison_staleness(compared) == ""
    assert comparison_staleness(with_yard(compared, 500.0)).startswith("The tracks, a zone,")
    gone = replace(compared, zones={})
    assert "There is no zone 'The yard'" in comparison_staleness(gone)
    plain = with_comparison(town, compare_study(town, ["boltzmann", "boltzmann+heading"], folds=2))
    assert comparison_staleness(with_yard(plain, 500.0)) == ""


def test_weights_without_a_plan_are_left_behind_where_plans_may_be_made_anew() -> None:
    """Under the first plan lengths along the shortest way stand in for those along the plan, and weights are found that pay for going."""
    project = sample_project("town")
    found = {n: fit_record(project, "boltzmann+way@km", estimator="value_basis", settings={"replannings": n}).result for n in (0, 1, 5)}
    assert found[0].status is Status.AT_EDGE and np.isnan(found[0].se).all()
    assert found[1].status is found[5].status is Status.CONVERGED and np.isfinite(found[5].se).all()
    assert found[0].loglik + 50.0 < found[1].loglik < found[5].loglik

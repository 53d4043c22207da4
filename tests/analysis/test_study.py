"""One turn of the analysis on both samples, against the stated weights and the labels of the planted tracks."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from irlcore.analysis import proposals, ranking, residuals, study
from irlcore.analysis.ranking import Review
from irlcore.errors import DataError, FeatureError, FitError
from irlcore.features.base import FeatureSpec
from irlcore.features.zones import zones_from_geojson
from irlcore.fitting.likelihood import path_logliks
from irlcore.project.project import Project
from irlcore.project.samples import FOLDER, sample_project
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.parts.kinds import ROUTE
from sample_data.generate import ROAD_WEIGHTS, SEA_WEIGHTS

LENGTH, STEP = FeatureSpec("length", "length", {"per": 1000.0}), FeatureSpec("step", "step")
ROAD = (LENGTH, STEP, FeatureSpec("left", "turn", {"turn": "left"}), FeatureSpec("u-turn", "turn", {"turn": "u-turn"}),
        FeatureSpec("minor", "attribute", {"attribute": "road", "equals": "street"}),
        FeatureSpec("old town", "zone", {"zone": "old town"}))
SEA = (LENGTH, STEP, FeatureSpec("shoal", "zone", {"zone": "shoal"}))
WEIGHTS = {**{("town", k): w for k, w in ROAD_WEIGHTS.items()}, **{("anchorage", k): w for k, w in SEA_WEIGHTS.items()}}
CLASSES = list(WEIGHTS)
SMALL_SHARE = FalseAlarmControl("share_of_normal", 0.05)
every_class = pytest.mark.parametrize(("sample", "kind"), CLASSES)
both_samples = pytest.mark.parametrize(("sample", "kind"), [("town", "truck"), ("anchorage", "ferry")])


def stated(sample: str, kind: str) -> Project:
    """A sample with the features its agents were made with."""
    zones = zones_from_geojson((FOLDER / sample / "zones.geojson").read_text(), None)
    return replace(sample_project(sample), agent_class=kind, zones=zones, features=ROAD if sample == "town" else SEA)


@cache
def fitted(sample: str, kind: str) -> Project:
    return study.fit_study(stated(sample, kind), "maxent" if sample == "town" else "boltzmann")


@cache
def reviewed(sample: str, kind: str) -> Review:
    return ranking.review_study(fitted(sample, kind), SMALL_SHARE)


def planted(sample: str, ids: np.ndarray) -> np.ndarray:
    labels = pd.read_csv(FOLDER / sample / "labels.csv").set_index("track")["planted"]
    return labels.reindex([str(i) for i in ids]).to_numpy() == 1


@pytest.mark.parametrize(("sample", "kind", "n_reference", "n_today"),
                         [("town", "commuter", 160, 68), ("town", "courier", 160, 68), ("anchorage", "cargo", 130, 58)])
def test_a_third_of_the_reference_is_fitted_to_and_the_rest_calibrates(sample: str, kind: str, n_reference: int,
                                                                       n_today: int) -> None:
    project = stated(sample, kind)
    parts = study.split_paths(project)
    ids = [str(i) for i in parts.paths.ids]
    table = project.tracks.attributes.assign(track=project.tracks.ids).set_index("track").loc[ids]
    assert (table["class"] == kind).all()
    assert (table["period"].to_numpy()[np.concatenate((parts.fit, parts.calibration))] == "reference").all()
    assert (table["period"].to_numpy()[parts.review] == "today").all()
    sizes = len(parts.fit), len(parts.calibration), len(parts.review)
    assert sizes == (n_reference // 3, n_reference - n_reference // 3, n_today)


@every_class
def test_no_track_plays_two_parts_and_the_split_never_changes(sample: str, kind: str) -> None:
    one, two = study.split_paths(stated(sample, kind)), study.split_paths(fitted(sample, kind))
    together = np.concatenate((one.fit, one.calibration, one.review))
    assert sorted(together.tolist()) == list(range(len(one.paths)))
    assert all((getattr(one, part) == getattr(two, part)).all() for part in ("fit", "calibration", "review"))


def test_without_a_reference_every_track_is_fitted_to_and_reviewed() -> None:
    project = study.fit_study(replace(stated("town", "truck"), reference_value=""))
    parts = study.split_paths(project)
    assert len(parts.fit) == len(parts.review) == len(parts.paths) == 228
    assert not parts.has_reference
    assert np.isnan(project.fit.result.held_out)
    with pytest.raises(DataError, match="named as normal"):
        ranking.review_study(project, SMALL_SHARE)
    listed = ranking.review_study(project, FalseAlarmControl("strangest", 0.05))  # 5 % of 228 is 11.4
    assert set(np.flatnonzero(listed.flagged)) == set(listed.order[:11].tolist())


@pytest.mark.parametrize(("change", "named"), [
    ({"agent_class": "tram"}, "tram"), ({"reference_value": "next year"}, "next year"),
    ({"world": None}, "no tracks"), ({"paths": None}, "no tracks")])
def test_what_cannot_be_split_is_named(change: dict[str, object], named: str) -> None:
    with pytest.raises(DataError) as caught:
        study.split_paths(replace(stated("town", "truck"), **change))
    assert named in caught.value.what
    assert caught.value.fix


def test_a_review_without_a_fit_of_the_class_or_a_fit_without_features_is_refused() -> None:
    with pytest.raises(FitError) as no_fit:
        ranking.review_study(replace(fitted("town", "truck"), agent_class="courier"), SMALL_SHARE)
    with pytest.raises(FeatureError) as no_feature:
        study.fit_study(replace(stated("town", "truck"), features=(replace(LENGTH, enabled=False),)))
    assert no_fit.value.fix and no_feature.value.fix


@every_class
def test_weights_are_the_stated_ones_within_four_standard_errors(sample: str, kind: str) -> None:
    result = fitted(sample, kind).fit.result
    off = (result.theta - WEIGHTS[sample, kind]) / result.se_robust
    assert (np.abs(off) < 4.0).all(), off
    assert result.se_robust[0] < 2.5
    assert (result.se_robust[1:] < 0.8).all()


@every_class
def test_the_stated_weights_are_hardly_less_likely_than_the_fitted_ones(sample: str, kind: str) -> None:
    project = fitted(sample, kind)
    ready = study.solved(project)
    parts, matrix, model = ready.parts, ready.matrix, ready.model
    prepared = model.prepare(project.world.mdp, matrix.values @ np.array(WEIGHTS[sample, kind]))
    gain = project.fit.result.loglik - path_logliks(model, prepared, parts.paths.take(parts.fit)).sum()
    assert 0.0 <= 2.0 * gain < chi2.ppf(0.9999, len(WEIGHTS[sample, kind]))


@both_samples
def test_held_out_likelihood_is_that_of_the_calibration_tracks(sample: str, kind: str) -> None:
    ready = study.solved(fitted(sample, kind))
    parts, model, prepared = ready.parts, ready.model, ready.prepared
    logliks = path_logliks(model, prepared, parts.paths)
    assert fitted(sample, kind).fit.result.held_out == pytest.approx(logliks[parts.calibration].mean())


@every_class
def test_planted_tracks_are_found(sample: str, kind: str) -> None:
    review = reviewed(sample, kind)
    abnormal = planted(sample, review.parts.paths.ids)
    assert abnormal.sum() == 8
    assert (review.flagged & abnormal).sum() >= 7
    assert abnormal[review.order[:10]].sum() >= 6


def test_false_alarms_stay_near_the_rate_that_was_asked_for() -> None:
    false = [int((reviewed(*c).flagged & ~planted(c[0], reviewed(*c).parts.paths.ids)).sum()) for c in CLASSES]
    assert max(false) <= 12  # of 50 or 60
    assert sum(false) <= 0.12 * (3 * 60 + 3 * 50)


@pytest.mark.parametrize("score", list(ROUTE))
def test_on_the_town_each_score_finds_the_planted_and_few_others(score: str) -> None:
    review = reviewed("town", "truck")
    again = ranking.rank(review.scored, FalseAlarmControl("share_of_flags", 0.2), score)
    abnormal = planted("town", review.parts.paths.ids)
    assert (again.flagged & abnormal).sum() == 8
    assert (again.flagged & ~abnormal).sum() <= 5


@both_samples
def test_only_reviewed_tracks_are_ranked_and_flagged(sample: str, kind: str) -> None:
    review = reviewed(sample, kind)
    kept = np.concatenate((review.parts.fit, review.parts.calibration))
    assert sorted(review.order.tolist()) == review.parts.review.tolist()
    assert not review.flagged[kept].any()
    assert (review.p[kept] == 1.0).all()
    assert (np.diff(review.p[review.order]) >= 0.0).all()


@both_samples
def test_p_counts_the_calibration_tracks_that_are_at_least_as_strange(sample: str, kind: str) -> None:
    review = reviewed(sample, kind)
    known, reviewed_ones = (review.values[part] for part in (review.parts.calibration, review.parts.review))
    stranger = (known[:, None] >= reviewed_ones).sum(axis=0)
    np.testing.assert_allclose(review.p[review.parts.review], (1 + stranger) / (len(known) + 1))
    assert (review.flagged == (review.p <= 0.05)).all()


@both_samples
def test_the_residual_map_holds_every_choice_s_residual_once(sample: str, kind: str) -> None:
    project = fitted(sample, kind)
    matrix = study.solved(project).matrix
    by_place = residuals.by_place(project, proposals.unexplained_study(project).residuals)
    assert by_place.shape == (project.world.n_places,)
    zone = np.zeros(project.world.n_places)
    zone[project.world.choice_place] = matrix.values[:, -1]
    scores = project.fit.result.scores.sum(axis=0)
    assert by_place @ zone == pytest.approx(scores[-1], abs=1e-4)  # the matrix is kept in single precision
    assert by_place.sum() == pytest.approx(scores[1], abs=1e-4)  # the feature that is 1 at every step
    assert np.abs(by_place).max() > 0.1


def test_going_back_to_a_fit_brings_its_features_back() -> None:
    first = fitted("anchorage", "ferry")
    second = study.fit_study(replace(first, features=(LENGTH, replace(STEP, enabled=False), SEA[2])), "boltzmann")
    assert [s.name for s in second.fit.features] == ["length", "shoal"]
    back = study.fit_again(second, first.fit)
    assert back.fit is first.fit
    assert study.staleness(back) == ""
    assert len(back.fits) == len(second.fits) == 2

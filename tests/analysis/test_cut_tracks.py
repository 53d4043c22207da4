"""A whole turn of the work with tracks that were cut off before they arrived: nowhere is another goal taken for theirs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from irlcore.analysis import proposals, ranking, study
from irlcore.analysis.goals import class_goals
from irlcore.analysis.onward import candidate_goals, intent_study
from irlcore.analysis.ranking import Review
from irlcore.analysis.reasons import reasons_study
from irlcore.elicitation.expected_use import expected_use
from irlcore.errors import DataError, WorldError
from irlcore.fitting.result import Status
from irlcore.project.project import Project
from irlcore.project.split import split_paths
from irlcore.report.export import NOT_SEEN, reasoned_table, review_table
from irlcore.report.intent_words import seen_row, seen_study
from irlcore.simulation.cutting import cut_at_random
from irlcore.worlds.goal_prior import candidate_goals as goals_of_unfinished
from irlcore.worlds.goal_prior import unfinished
from irlcore.worlds.mdp import build_goals
from tests.analysis.test_study import SMALL_SHARE, stated
from tests.analysis.test_study import fitted as fitted_whole

NAMES = ("maxent", "boltzmann")


def with_cuts() -> Project:
    """The couriers of the town, two in five of them cut off."""
    project = stated("town", "courier")
    assert project.paths is not None and project.world is not None
    rng = np.random.default_rng(4)
    cut = cut_at_random(project.paths, project.world.mdp, rng.random(len(project.paths)) < 0.4, rng)
    return replace(project, paths=cut)


@cache
def fitted(model: str) -> Project:
    return study.fit_study(with_cuts(), model)


@cache
def reviewed(model: str) -> Review:
    return ranking.review_study(fitted(model), SMALL_SHARE)


def test_weights_are_near_those_of_whole_tracks() -> None:
    found, whole = fitted("maxent").fit.result, fitted_whole("town", "courier").fit.result
    assert found.status is Status.CONVERGED
    known = np.isfinite(found.se) & np.isfinite(whole.se)
    assert known.sum() >= 4
    assert (np.abs(found.theta - whole.theta)[known] < 3.0 * np.hypot(found.se, whole.se)[known]).all()
    assert np.isfinite(found.held_out)


@pytest.mark.parametrize("model", NAMES)
def test_every_track_has_scores_and_words_that_say_what_was_cut(model: str) -> None:
    project, review = fitted(model), reviewed(model)
    paths, cut = review.parts.paths, unfinished(review.parts.paths)
    assert np.isfinite(review.scores.surprise[review.parts.calibration]).all()
    table = review_table(project, review).set_index("track")
    for index in review.order:
        said = table.loc[str(paths.ids[index]), "goal"]
        assert (said == NOT_SEEN) == cut[index]
        assert cut[index] or said == paths.goals.names[paths.goal[index]]
    told = reasoned_table(project, review, None).set_index("track")
    assert ((told["goal"] == NOT_SEEN).to_numpy() == cut[review.order]).all()
    some = [int(i) for i in review.order if cut[i]][:3]
    for index in some:
        reasons = reasons_study(project, review, index)
        assert sum("It was cut off before it arrived" in one for one in reasons.sentences) == 1
        assert not any("It ended" in one or "passed its goal" in one for one in reasons.sentences)
        assert all(np.isfinite(use.expected) for use in reasons.features)
    whole = next(int(i) for i in review.order if not cut[i])
    assert not any("cut off" in one for one in reasons_study(project, review, whole).sentences)


def test_goals_are_told_by_tracks_that_arrived() -> None:
    project = fitted("maxent")
    parts = split_paths(project)
    cut, known = unfinished(parts.paths), np.union1d(parts.fit, parts.calibration)
    goals = class_goals(project, parts)
    assert goals.counts.sum() == (~cut[known]).sum()
    ends = candidate_goals(parts, 60, goals).index
    assert (np.bincount(parts.paths.goal[known][~cut[known]], minlength=len(parts.paths.goals))[ends] > 0).all()
    # what is fitted, held back and reviewed is judged by the trips that were fitted to, under all goals of the class
    past = parts.paths.past
    assert past is not None and (past[:, 0] >= 0).sum() == (~cut[parts.fit]).sum()
    assert np.array_equal(goals_of_unfinished(parts.paths, project.world.mdp), np.unique(parts.paths.goal[~cut]))
    assert project.paths.past is None


def test_an_intent_uses_all_steps_of_a_cut_track_and_has_no_end() -> None:
    project, review = fitted("maxent"), reviewed("maxent")
    paths = review.parts.paths
    index = next(int(i) for i in review.order if unfinished(paths)[i])
    asked = intent_study(project, str(paths.ids[index]))
    assert asked.own == -1 and len(asked.posterior.probability) == paths.lengths[index] + 1
    seen = seen_study(project, paths, review.order[:6])
    for i, one in zip(review.order[:6], seen, strict=True):
        cut = bool(unfinished(paths)[i])
        assert ("cut off" in one.said()) == cut and (seen_row("x", one)["ended at"] == "") == cut


def test_what_the_model_misses_is_asked_of_cut_tracks_too() -> None:
    project = fitted("maxent")
    left = proposals.unexplained_study(project)
    np.testing.assert_allclose(left.residuals @ left.problem.phi, project.fit.result.scores[:, :len(left.problem.names)], atol=0.02)
    suggested = proposals.suggest_study(project, left, most=2)
    assert suggested is not None


@pytest.mark.parametrize("model", NAMES)
def test_expected_use_of_cut_tracks_is_what_was_made_less_what_is_left_over(model: str) -> None:
    """Summed over choices, a feature's expected use is its use less the residuals', whatever the model does ahead of it."""
    ready = study.judged(fitted(model))
    parts, matrix, rationality, batches = ready.parts, ready.matrix, ready.model, ready.batches
    trips = parts.paths.take(parts.fit)
    use = expected_use(batches[0].prepared, rationality, trips)
    assert use.shape == (len(matrix.values),) and (use >= 0.0).all()
    assert use.sum() == pytest.approx(len(trips.choices), rel=0.15)


def test_nobody_arrived_is_said_with_what_to_do() -> None:
    project = with_cuts()
    nobody = replace(project, paths=replace(project.paths, goal=np.full(len(project.paths), -1)))
    parts = split_paths(nobody)
    with pytest.raises(DataError, match="No track of this class"):
        candidate_goals(parts, 60, class_goals(nobody, parts))
    nowhere = replace(nobody, paths=replace(nobody.paths, goals=build_goals([], [])))
    with pytest.raises(WorldError, match="no goal that they could") as caught:
        study.fit_study(nowhere)
    assert "Name the stops" in str(caught.value.fix)

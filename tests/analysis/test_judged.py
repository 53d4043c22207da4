"""Where features are counted on the tracks, every track is fitted, scored and explained by counts that it has no part in."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis import proposals, ranking, reasons, residuals, study
from irlcore.elicitation.follow import follow
from irlcore.elicitation.score_test import examine
from irlcore.elicitation.suggestions import candidate_problem
from irlcore.features.base import FeatureSpec
from irlcore.features.feature_set import feature_matrix, recounts
from irlcore.fitting.likelihood import path_logliks
from irlcore.project.project import Project
from irlcore.project.split import context_of, split_paths
from irlcore.rationality.maxent import MaxEnt
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.scores import Scores, joined_scores, score_paths
from irlcore.tracks.tracks import LinkTracks
from tests.elicitation.worlds import COST, LENGTH, drawn, grid

TURN = FeatureSpec("turn", "traffic", {"of": "turn share"})
N = 45


@cache
def fitted(counted: bool = True, reference: bool = False) -> Project:
    """A class without a reference: all of its tracks are fitted to and reviewed."""
    world = grid(6)
    paths = drawn(world.mdp, COST * world.choice_length / 100.0, N, seed=2, n_goals=10)
    period = np.where(np.arange(N) % 3 > 0, "reference", "today")
    tracks = LinkTracks(paths.ids, paths.offsets, world.place_names[world.choice_from[paths.choices]], pd.DataFrame({"period": period}))
    project = Project(tracks=tracks, world=world, paths=paths, features=(LENGTH, TURN) if counted else (LENGTH,),
                      period_column="period" if reference else "", reference_value="reference" if reference else "")
    return study.fit_study(project, "maxent")


def left_out(project: Project) -> dict[int, np.ndarray]:
    """For each track of the class, the feature matrix of a project without the tracks of its fold: the slow way."""
    parts = split_paths(project)
    context, whole = context_of(project, parts), {}
    everyone = feature_matrix(project.features, project.world, context).values
    for part in recounts(project.features, project.world, context, parts.paths.take(parts.fit)):
        others = parts.paths.take(np.delete(parts.fit, part.index))
        phi = feature_matrix(project.features, project.world, replace(context, training=others)).values
        whole |= {int(parts.fit[i]): phi for i in part.index}
    return {i: whole.get(i, everyone) for i in range(len(parts.paths))}


def alone(project: Project, i: int) -> Scores:
    result, phi = project.fit.result, left_out(project)[i]
    return score_paths(MaxEnt(), MaxEnt().prepare(project.world.mdp, phi @ result.theta), split_paths(project).paths.take(np.array([i])))


@pytest.mark.parametrize("reference", [False, True])
def test_each_track_is_scored_as_if_its_fold_had_never_been_counted(reference: bool) -> None:
    project = fitted(reference=reference)
    parts, scores = ranking.score_study(project)
    assert len(parts.fit) == (10 if reference else N)
    for i in range(0, N, 4) if not reference else [*parts.fit[:4], *parts.calibration[:2], *parts.review[:2]]:
        one, its = alone(project, int(i)), slice(parts.paths.offsets[i], parts.paths.offsets[i + 1])
        for field in fields(Scores):
            found = scores.step_surprise[its] if field.name == "step_surprise" else getattr(scores, field.name)[[i]]
            np.testing.assert_allclose(found, getattr(one, field.name), atol=1e-9, err_msg=field.name)


def test_a_track_that_is_counted_in_looks_more_ordinary_than_it_is() -> None:
    project = fitted()
    parts, scores = ranking.score_study(project)
    ready = study.judged(project, without_itself=False)
    model, together = ready.model, ready.batches
    assert len(together) == 1
    inside = path_logliks(model, together[0].prepared, parts.paths)
    weight = project.fit.result.theta[1]
    assert abs(weight) > 1e-3
    assert np.sign(weight) * (inside - scores.loglik).sum() > 0.0


def test_every_track_is_judged_once() -> None:
    for counted, reference, batches in [(True, False, 10), (True, True, 10), (False, False, 0)]:
        found = study.judged(fitted(counted, reference)).batches
        assert len(found) == 1 + batches
        assert sorted(np.concatenate([batch.index for batch in found]).tolist()) == list(range(N))


def test_joined_scores_are_those_of_all_at_once() -> None:
    project = fitted(counted=False)
    ready = study.solved(project)
    parts, model, prepared = ready.parts, ready.model, ready.prepared
    whole = score_paths(model, prepared, parts.paths)
    order = np.random.default_rng(0).permutation(N)
    pieces = [np.sort(piece) for piece in np.split(order, [5, 5, 30])]  # one of them is empty
    again = joined_scores([(piece, score_paths(model, prepared, parts.paths.take(piece))) for piece in pieces], parts.paths)
    _, found = ranking.score_study(project)
    for field in fields(Scores):
        for other in (again, found):
            np.testing.assert_allclose(getattr(other, field.name), getattr(whole, field.name), atol=1e-10, err_msg=field.name)
            assert getattr(other, field.name).dtype == getattr(whole, field.name).dtype


def test_reasons_are_told_by_counts_without_the_track() -> None:
    project = fitted()
    review = ranking.review_study(project, FalseAlarmControl("strangest", 0.1))
    phi = left_out(project)
    paths, whole = review.parts.paths, feature_matrix(project.features, project.world, context_of(project, review.parts)).values
    for index in review.order[:3]:
        own = paths.choices[paths.offsets[index]:paths.offsets[index + 1]]
        used = {use.name: use.observed for use in reasons.reasons_study(project, review, int(index)).features}
        assert used["turn"] == pytest.approx(phi[int(index)][own, 1].sum())
        assert used["turn"] < whole[own, 1].sum() - 0.1


@pytest.mark.parametrize("reference", [False, True])
@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("kept", [N, 7])
def test_residuals_times_features_are_the_scores_of_the_fit(kept: int, counted: bool, reference: bool,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    project = fitted(counted, reference)
    n_fit, m = len(split_paths(project).fit), project.world.mdp.n_choices
    monkeypatch.setattr(residuals, "MOST_NUMBERS", kept * m)
    left = proposals.unexplained_study(project)
    rows = left.residuals.shape[0]  # of fewer tracks, and their entries alone, where all would not fit into memory
    assert rows == len(left.known) == len(left.problem.paths) == len(set(left.problem.paths.ids))
    assert rows == n_fit if kept >= n_fit else 0 < rows < n_fit
    for part in left.problem.batches():
        np.testing.assert_allclose(left.residuals[part.index] @ part.phi, left.known[part.index], atol=1e-3)
    exact = left.problem.evaluate(left.point, left.problem.groups())
    np.testing.assert_allclose(exact.scores, left.known, atol=1e-6)
    if kept >= n_fit:
        np.testing.assert_allclose(left.known.sum(axis=0), 0.0, atol=0.05)


@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("spec", [FeatureSpec("place", "traffic", {"of": "place"}), FeatureSpec("east", "attribute", {"attribute": "x"})],
                         ids=lambda s: s.name)
def test_what_a_preview_explains_of_a_flagged_track_is_what_the_track_says_without_itself(spec: FeatureSpec, counted: bool) -> None:
    project = fitted(counted)
    review = ranking.review_study(project, FalseAlarmControl("strangest", 0.2))
    left = proposals.unexplained_study(project)
    preview = proposals.preview_study(project, left, spec, review)
    candidate = candidate_problem(left.problem, [spec], project.world, context_of(project, review.parts))
    steps = follow(left.problem, candidate, left.point, left.free, examine(left.problem, candidate, left.point, left.free))
    paths, both = review.parts.paths, left.problem.beside(candidate)
    gained = both.evaluate(steps.point, both.groups()).loglik - review.scores.loglik
    assert gained.sum() == pytest.approx(preview.test.gain, abs=0.05) and preview.test.weight == steps.weight
    told = {track: nats for track, nats, _ in preview.explained}
    assert set(told) == set(paths.ids[review.flagged])
    assert [nats for _, nats, _ in preview.explained] == sorted(told.values(), reverse=True)
    for i in np.flatnonzero(review.flagged):
        assert told[paths.ids[i]] == pytest.approx(gained[i], abs=1e-4)


@pytest.mark.parametrize("counted", [False, True])
def test_a_preview_of_a_counted_feature_is_near_what_the_refit_gains(counted: bool) -> None:
    """A preview goes on to the refit's own maximum (``follow``), so this is no matter of the sample: in 16 of them, .0012 nats at most."""
    project = fitted(counted)
    spec = FeatureSpec("place", "traffic", {"of": "place"})
    preview = proposals.preview_study(project, proposals.unexplained_study(project), spec)
    record = proposals.accept_record(project, spec)
    assert preview.n_trips == N and preview.test.p <= 1.0
    assert preview.test.gain == pytest.approx(record.result.loglik - project.fit.result.loglik, abs=0.02)
    assert preview.test.weight == pytest.approx(record.result.theta[-1], abs=0.02)

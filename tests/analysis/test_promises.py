"""What a review promises on the samples, by every basis of its p-values, and that it promises nothing where it may not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.analysis.circumstances import circumstances_of
from irlcore.analysis.cross_conformal import cross_study
from irlcore.analysis.ranking import Review, rank, scored_study
from irlcore.analysis.scored import by_route, material_of
from irlcore.analysis.study import fit_study
from irlcore.errors import DataError
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.project.samples import sample_project
from irlcore.project.split import matrix_of
from irlcore.rationality.models import MODELS
from irlcore.review.calibration.batch import normal_at_most
from irlcore.review.calibration.circumstances import Shift
from irlcore.review.calibration.controls import Basis, FalseAlarmControl
from irlcore.review.calibration.groups import by_distance, grouped_p
from irlcore.review.calibration.p_values import conformal_p, finer_p, random_p
from irlcore.review.calibration.rate import highest_rate
from irlcore.review.scores import score_paths
from tests.analysis.scored_tracks import fitted, made, scored

pytestmark = pytest.mark.kernels
NORMAL, FLAGS = FalseAlarmControl("share_of_normal", 0.05), FalseAlarmControl("share_of_flags", 0.1)


def by(basis: Basis, control: str = "share_of_normal", later: float = 0.0) -> Review:
    return rank(made(3, later), FalseAlarmControl(control, 0.05, basis), "surprise")  # type: ignore[arg-type]


def test_a_review_carries_its_promises_and_their_bounds() -> None:
    for control in (NORMAL, FLAGS):
        review = rank(scored("town"), control, "surprise")
        n, m = len(review.parts.calibration), len(review.parts.review)
        assert review.promise.holds and review.any_cut.holds and (review.ground.n, review.ground.m) == (n, m)
        cut = review.p[review.flagged].max() if control is FLAGS else 0.05
        assert review.any_cut.bound == highest_rate(n)[int(np.floor(cut * (n + 1) + 1e-9))] > cut
        ids = review.parts.paths.ids[review.order[:12]]
        picked = review.picked(ids)
        assert picked.bound == normal_at_most(review.p[review.order[:12]], n, m) and len(picked.places) == 12
        assert review.picked([*ids, *ids]).bound == picked.bound  # twice the same is once
    with pytest.raises(DataError, match=r"commuter-001 is not among the reviewed"):
        review.picked(["commuter-001"])
    assert review.at_cut(1.0).bound == 1.0 and review.at_cut(0.0).bound == 0.0
    nothing = rank(scored("town"), FalseAlarmControl("share_of_flags", 0.0001), "surprise")
    assert nothing.any_cut.cut == 0 and nothing.picked([]).bound == 0


def test_where_the_fit_has_seen_calibration_tracks_nothing_is_promised() -> None:
    project = fit_study(replace(sample_project("fishing"), reference_value=""), "maxent")
    stale = replace(project, reference_value="reference")
    review = rank(scored_study(stale), NORMAL, "surprise")
    assert not scored_study(stale).apart and scored().apart
    for promise in (review.promise, review.any_cut, review.picked([])):
        assert not promise.holds and "may have been fitted to" in promise.sentence
    everyone = rank(scored_study(project), FalseAlarmControl("strangest", 0.1), "surprise")
    assert not everyone.promise.holds and "nothing says how many" in everyone.promise.sentence
    assert not everyone.any_cut.holds and "no tracks are named as normal" in everyone.picked([everyone.parts.paths.ids[0]]).sentence


def test_of_places_in_a_list_nothing_is_promised() -> None:
    review = rank(made(), FalseAlarmControl("strangest", 0.1), "surprise")
    for promise in (review.any_cut, review.picked([str(review.parts.paths.ids[i]) for i in review.order[:5]])):
        assert not promise.holds and "no p-values" in promise.sentence
    assert "length that was asked for" in review.promise.sentence


def test_a_doubt_or_a_difference_takes_the_promise_away() -> None:
    for changed, why in ((replace(made(), doubt="8 % of the reference seem abnormal"), "8 % of the reference seem abnormal"),
                         (made(3, 2.0), "how far they go")):
        review = rank(changed, NORMAL, "surprise")
        assert not review.promise.holds and why in review.promise.sentence
    assert rank(made(), NORMAL, "surprise").promise.holds


def test_each_basis_has_its_own_p_values() -> None:
    parts, values = made().parts, made().values("surprise")
    kept, asked = values[parts.calibration], values[parts.review]
    finer = made().values("improbability")
    ids = parts.paths.ids[parts.review]
    assert (by(Basis()).p[parts.review] == conformal_p(kept, asked)).all()
    assert (by(Basis(ties="random")).p[parts.review] == random_p(kept, asked, ids)).all()
    both = np.column_stack((values, finer))
    assert (by(Basis(ties="finer")).p[parts.review] == finer_p(both[parts.calibration], both[parts.review])).all()
    of = by_distance(made().circumstances.distance, parts.fit, "m").of
    grouped = by(Basis(groups="distance"))
    assert (grouped.p[parts.review] == grouped_p(kept, asked, of[parts.calibration], of[parts.review])).all()
    assert grouped.groups is not None and len(grouped.groups.titles) == 4 and grouped.promise.holds and not grouped.any_cut.holds
    for ties in ("finer", "random"):
        p = by(Basis(ties=ties, groups="distance")).p[parts.review]  # type: ignore[arg-type]
        assert (p <= grouped.p[parts.review]).all() and (p < grouped.p[parts.review]).any()
    weighted = by(Basis(weighted=True))
    assert not weighted.promise.holds and "worth about" in weighted.promise.sentence and 0.0 < weighted.ground.worth <= 400.0


def test_groups_and_weights_mend_what_longer_ways_did() -> None:
    plain, grouped, weighted = (by(basis, later=2.0) for basis in (Basis(), Basis(groups="distance"), Basis(weighted=True)))
    shares = [one.flagged.sum() / 300 for one in (plain, grouped, weighted)]
    assert shares[0] > 1.5 * max(shares[1:]) and min(shares[1:]) > 0.0
    assert not plain.promise.holds


def test_more_flags_are_raised_where_many_tracks_are_strange() -> None:
    split = made().parts
    values = np.where(np.arange(900) >= 700, 50.0, made().scores.surprise)
    found = replace(made(), table=by_route(split, replace(made().scores, surprise=values)).table)
    usual, adaptive = (rank(found, FalseAlarmControl("share_of_flags", 0.2, Basis(adaptive=on)), "surprise") for on in (False, True))
    assert adaptive.flagged.sum() >= usual.flagged.sum() >= 200 and adaptive.promise.holds


def test_what_is_asked_for_and_not_known_is_said() -> None:
    bare = replace(made(), circumstances=None)
    for basis, why in ((Basis(groups="hour"), "when tracks start"), (Basis(groups="distance"), "how far"),
                       (Basis(weighted=True), "where or when")):
        with pytest.raises(DataError, match=why):
            rank(bare, FalseAlarmControl("share_of_normal", 0.05, basis), "surprise")


def test_equally_strange_tracks_stand_in_the_order_of_a_finer_score_then_of_their_names() -> None:
    review = by(Basis())
    keys = [(review.p[i], -made().values("surprise")[i], -made().values("improbability")[i]) for i in review.order]
    assert keys == sorted(keys) and len(set(review.values[review.order])) < 20
    same = replace(made(), table=replace(made().table, values=np.zeros_like(made().table.values)))
    order = rank(same, NORMAL, "surprise").order
    assert [str(same.parts.paths.ids[i]) for i in order] == sorted(str(same.parts.paths.ids[i]) for i in same.parts.review)


def test_circumstances_are_those_of_the_data() -> None:
    project = fitted("town")
    parts = scored("town").parts
    known = circumstances_of(material_of(project, parts))
    world = project.world
    assert world is not None and known.start is not None and known.distance is not None and known.hour is None
    states = parts.paths.states(world.mdp, 5)
    a, b = world.place_xy[world.place_of_state[states[[0, -1]]]]
    assert known.start[5].tolist() == a.tolist() and known.distance[5] == pytest.approx(np.hypot(*(b - a)))
    shift = scored("town").shift
    assert isinstance(shift, Shift) and len(shift.compared) == 2
    roaming = circumstances_of(material_of(fitted(), scored().parts))
    assert roaming.start is not None and roaming.distance is None  # where they end is what they did


def test_every_normal_track_calibrates_by_a_model_that_has_not_seen_it() -> None:
    project = fitted()
    study = cross_study(project, "improbability", 4)
    parts, known = study.parts, np.union1d(study.parts.fit, study.parts.calibration)
    assert study.found.n == len(known) and study.found.folds == 4 and len(study.found.p) == len(parts.review)
    assert study.promise(0.1, scored()).holds and 0.2 < study.promise(0.1, scored()).bound < 0.27
    # the slow way: each fold's model from nothing, each track counted
    fold = np.random.default_rng(20121).permutation(np.arange(len(known)) % 4)
    assert project.world is not None and project.fit is not None
    larger = np.zeros(len(parts.review), np.int64)
    for k in range(4):
        one = replace(parts, fit=known[fold != k], calibration=known[fold == k])
        matrix = matrix_of(project, one)
        problem = Problem(project.world.mdp, matrix.values, matrix.names, parts.paths.take(one.fit), MODELS["maxent"],
                          project.fit.result.gamma)
        theta = fit(problem, [s.sign for s in project.fit.features]).theta
        np.testing.assert_allclose(theta, study.thetas[k], rtol=2e-3, atol=2e-4)
        prepared = problem.prepare(study.thetas[k])
        values = score_paths(MODELS["maxent"], prepared, parts.paths).improbability
        larger += (values[one.calibration][:, None] >= values[one.review] - 1e-9).sum(axis=0)
    np.testing.assert_allclose(study.found.p, (1 + larger) / (len(known) + 1), atol=1.5 / (len(known) + 1))
    assert cross_study(project, "improbability", 4) is study  # kept


def test_cross_conformal_p_values_that_cannot_be_made_are_refused() -> None:
    with pytest.raises(DataError, match="not made by the model"):
        cross_study(fitted(), "combined")
    with pytest.raises(DataError, match="folds"):
        cross_study(fitted(), "surprise", 1)
    with pytest.raises(DataError, match="No tracks are named"):
        cross_study(fit_study(replace(sample_project("fishing"), reference_value=""), "maxent"))

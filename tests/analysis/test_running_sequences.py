"""A log that was cut off at a time: with the cut told, weights are those of the whole log, and nobody is flagged for still running."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from app.review.comparing import ALL, ENDED, comparable
from irlcore.analysis.next_events import next_events_study
from irlcore.analysis.process import expected_steps
from irlcore.analysis.ranking import Review, rank, review_study, scored_study
from irlcore.analysis.reasons import apart_study, headlines, reasons_study
from irlcore.analysis.study import fit_study
from irlcore.features.base import Context
from irlcore.features.feature_set import feature_matrix
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.project.loading import with_aims, with_endings
from irlcore.rationality.conditional_logit import ConditionalLogit
from irlcore.review.calibration.controls import Basis, FalseAlarmControl
from irlcore.review.parts.kinds import COMBINED
from irlcore.tracks.logs.endings import ALL_ENDED
from irlcore.worlds.aims import TO_ITS_END, UNFINISHED
from irlcore.worlds.goal_prior import unfinished
from irlcore.worlds.history.build import Memory, build_history
from irlcore.worlds.history.classifier import ValueOf
from irlcore.worlds.history.observed import map_log
from tests.cut_logs import BY_CLOSE, FEATURES, CutLog, cut_log, project_of

pytestmark = pytest.mark.kernels
NAMES = tuple(one.name for one in FEATURES)


def problems(log: CutLog) -> tuple[Problem, Problem, Problem]:
    """Of the whole log, of the one cut off with that told, and of it as if all had ended; in one world."""
    world = build_history(log.whole, Memory(2, 1))
    phi = feature_matrix(FEATURES, world, Context()).values
    aims = np.where(log.ended, TO_ITS_END, UNFINISHED).astype(np.int8)
    paths = (map_log(world, log.whole).paths, map_log(world, log.tracks, aims).paths, map_log(world, log.tracks).paths)
    whole, told, untold = (Problem(world.mdp, phi, NAMES, one, ConditionalLogit()) for one in paths)
    return whole, told, untold


def test_weights_with_the_cut_told_are_nearer_to_those_of_the_whole_log() -> None:
    """In each of six logs; and two standard errors hold them, where those of a log whose cut is not told are far off."""
    nearer, within = [], []
    for seed in range(6):
        whole, told, untold = (fit(one) for one in problems(cut_log(300, np.random.default_rng((20121, seed)), loose=True)))
        nearer.append((np.abs(told.theta - whole.theta).sum(), np.abs(untold.theta - whole.theta).sum()))
        within.append(np.abs(told.theta - whole.theta) <= 2.0 * told.se)
        assert untold.theta[-1] > whole.theta[-1] + 3.0 * whole.se[-1]  # any event may be the last, it seems
    assert all(near < 0.5 * far for near, far in nearer)
    assert np.mean(within) > 0.9


def test_a_value_basis_uses_who_is_still_running_as_maximum_likelihood_does() -> None:
    _, told, _ = problems(cut_log(200, np.random.default_rng(20121), loose=True))
    one, other = fit(told), ESTIMATORS["value_basis"].fit(told)
    np.testing.assert_allclose(other.theta, one.theta, atol=1e-3)
    np.testing.assert_allclose(other.se, one.se, rtol=1e-2)
    assert not any("cut off" in warning.what for warning in other.warnings)


def flags(review: Review, log: CutLog) -> tuple[int, int, int, int]:
    """How many still running are flagged, of how many; how many that have ended, of how many."""
    ended = dict(zip(log.tracks.ids.tolist(), log.ended.tolist(), strict=True))
    which = np.array([ended[one] for one in review.parts.paths.ids[review.parts.review]])
    flagged = review.flagged[review.parts.review]
    return int(flagged[~which].sum()), int((~which).sum()), int(flagged[which].sum()), int(which.sum())


def test_who_is_still_running_is_not_flagged_more_often_than_asked_for() -> None:
    """Nothing odd is in the logs, a tenth of the normal ones may be flagged. As if all had ended, most of those still running are."""
    told, untold, by_kind = np.zeros(4), np.zeros(4), np.zeros(4)
    for seed in range(2):
        log = cut_log(200, np.random.default_rng((20121, seed)))
        for out, endings in ((told, BY_CLOSE), (untold, ALL_ENDED)):
            scored = scored_study(fit_study(project_of(log.tracks, endings)))
            out += flags(rank(scored, FalseAlarmControl("share_of_normal", 0.1), COMBINED), log)
        random = cut_log(200, np.random.default_rng((20122, seed)), "random")
        scored = scored_study(fit_study(project_of(random.tracks, BY_CLOSE)))
        by_kind += flags(rank(scored, FalseAlarmControl("share_of_normal", 0.1, Basis(groups="ended")), COMBINED), random)
    assert untold[0] > 0.5 * untold[1] and told[0] <= 0.1 * told[1] + 2.0 * np.sqrt(0.09 * told[1])
    assert by_kind[0] <= 0.1 * by_kind[1] + 3.0 * np.sqrt(0.09 * by_kind[1])


def test_that_exactness_is_lost_is_said_where_no_normal_sequence_is_still_running() -> None:
    log = cut_log(300, np.random.default_rng(20121))
    review = review_study(fit_study(project_of(log.tracks, BY_CLOSE)), FalseAlarmControl("share_of_normal", 0.1))
    assert review.ground.shift is not None and "whether they have ended" in review.ground.shift.differs
    assert not review.promise.holds


def test_all_that_a_page_asks_of_one_that_is_still_running_can_be_told() -> None:
    log = cut_log(160, np.random.default_rng(20121))
    project = fit_study(project_of(log.tracks, BY_CLOSE))
    review = review_study(project, FalseAlarmControl("strangest", 0.2))
    index = int(np.flatnonzero(unfinished(review.parts.paths))[0])
    reasons = reasons_study(project, review, index, apart_study(project, review))
    assert any("still running when the log was taken" in one for one in reasons.sentences)
    assert not any("ended right after" in one or "It has no" in one for one in reasons.sentences)
    asked = next_events_study(project, index, int(review.parts.paths.lengths[index]), 3)
    assert asked.chance.sum() == pytest.approx(1.0) and asked.ways
    assert len(headlines(project, review)) == len(review.order)
    mean, _ = expected_steps(project, np.arange(len(review.parts.paths)))
    assert mean.sum() == pytest.approx(len(review.parts.paths.choices))


def test_one_sequence_is_corrected_by_hand_and_saying_nothing_new_changes_nothing() -> None:
    log = cut_log(100, np.random.default_rng(20121))
    project = project_of(log.tracks)
    told = with_endings(project, BY_CLOSE)
    assert told.paths is not None and unfinished(told.paths).tolist() == (~log.ended).tolist() and not told.fits
    assert "still running" in told.history[-1].what and with_endings(told, BY_CLOSE) is told
    last, first = str(log.tracks.ids[~log.ended][0]), str(log.tracks.ids[log.ended][0])
    both = with_aims(told, {}, {last: "end", first: "unfinished"})
    assert both.paths is not None
    cut = dict(zip(both.paths.ids.tolist(), unfinished(both.paths).tolist(), strict=True))
    assert not cut[last] and cut[first] and f"{first}: still running" in both.history[-1].what
    again = with_endings(replace(both, track_aims={}), ALL_ENDED)
    assert again.paths is not None and not unfinished(again.paths).any()


def test_by_rare_kinds_those_still_running_are_compared_with_their_own_kind_whatever_was_asked_for() -> None:
    """Nothing odd is in the log: Ann does three quarters of all. Beside whole sequences a few events of others look strange."""
    rng = np.random.default_rng(20121)
    log = cut_log(200, rng, "random")
    who = np.where(rng.random(len(log.tracks.links)) < 0.75, "Ann", "Ben").astype(object)
    tracks = replace(log.tracks, of_events=pd.DataFrame({"who": who}))
    memory = Memory(2, 5, (), 1, (ValueOf("who", ("Ann", "Ben")),))
    scored = scored_study(fit_study(project_of(tracks, BY_CLOSE, memory)))
    asked = FalseAlarmControl("share_of_normal", 0.1)
    review, other = (rank(scored, asked, score) for score in ("rare_kinds", "improbability"))
    assert review.control.basis.groups == "ended" and other.control.basis == asked.basis
    told = rank(scored, replace(asked, basis=Basis(groups="ended")), "rare_kinds")
    assert np.array_equal(review.p, told.p) and "of each group" in review.promise.sentence
    assert comparable(scored, "rare_kinds") == [ENDED] and len(comparable(scored, "improbability")) > 1
    assert rank(scored, FalseAlarmControl("strangest", 0.1), "rare_kinds").control.basis == asked.basis
    whole = scored_study(fit_study(project_of(tracks, ALL_ENDED, memory)))
    assert rank(whole, asked, "rare_kinds").control.basis == asked.basis and comparable(whole, "rare_kinds")[0] == ALL

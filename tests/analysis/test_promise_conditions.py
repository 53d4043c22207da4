"""Sentences that hold under conditions are not said where these are not met: counts of abnormal tracks, floors, tracks of one agent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.analysis.abnormal import share_of_abnormal
from irlcore.analysis.ranking import fitted_to_these, rank
from irlcore.analysis.scored import by_route
from irlcore.project.split import Heeded
from irlcore.report.review_words import floor_words, least_p_of, limit_words
from irlcore.report.sureness import OTHER_SCORE, promises_of
from irlcore.review.calibration.circumstances import Shift
from irlcore.review.calibration.controls import Basis, FalseAlarmControl
from tests.analysis.scored_tracks import fitted, made, scored

pytestmark = pytest.mark.kernels
NORMAL = FalseAlarmControl("share_of_normal", 0.05)


def test_how_many_are_abnormal_is_promised_only_where_false_alarms_could_be() -> None:
    strange = np.where(np.arange(900) >= 800, 90.0, made().scores.surprise)
    found = replace(made(), table=by_route(made().parts, replace(made().scores, surprise=strange)).table)
    share = share_of_abnormal(rank(found, NORMAL, "surprise"))
    assert share.promised and share.low > 0.25 and "At least" in share.sentence
    taken = replace(found.parts, heeded=Heeded(calibration_without=2))
    for spoilt, why in ((replace(found, shift=Shift(0.001, ("the hour they start at",), ("the hour they start at",))), "differ"),
                        (replace(found, apart=False), "fitted to"), (replace(found, parts=taken), "verdicts took 2"),
                        (replace(found, agents=np.where(np.arange(900) % 300 < 150, "a", "b")), "")):
        share, review = share_of_abnormal(rank(spoilt, NORMAL, "surprise")), rank(spoilt, NORMAL, "surprise")
        assert share.promised == review.promise.holds == (not why) and why in share.sentence
        if why:
            assert share.low == 0.0 and "Nothing can be promised" in share.sentence and "about" in share_of_abnormal(review).sentence


def test_where_tracks_of_one_agent_score_alike_nothing_is_promised() -> None:
    later = np.where(np.arange(900) % 10 < 5, 3.0, 0.0)  # of two agents one goes strangely
    found = replace(made(), table=by_route(made().parts, replace(made().scores, surprise=made().scores.surprise + later)).table,
                    agents=np.where(later > 0.0, "a", "b"))
    review = rank(found, NORMAL, "surprise")
    assert not review.promise.holds and "400 of 2 agents" in review.promise.sentence and not review.any_cut.holds
    assert rank(replace(found, agents=None), NORMAL, "surprise").promise.holds


@pytest.mark.parametrize(("basis", "floor"), [(Basis(), "With 400 calibration tracks no p-value"), (Basis(ties="random"), ""),
                                              (Basis(weighted=True), ""), (Basis(groups="distance"), "in the largest group no p-value")])
def test_the_least_p_value_that_is_said_is_the_least_there_can_be(basis: Basis, floor: str) -> None:
    strange = np.where(np.arange(900) >= 600, 1e6, made().scores.surprise)  # all reviewed ones are stranger than all normal ones
    found = replace(made(), table=by_route(made().parts, replace(made().scores, surprise=strange)).table)
    review = rank(found, FalseAlarmControl("share_of_normal", 0.0001, basis), "surprise")
    assert floor in floor_words(review) and bool(floor) == bool(floor_words(review)) and bool(floor) == bool(limit_words(review))
    if floor:
        assert review.p[review.parts.review].min() == pytest.approx(1.0 / (least_p_of(review) + 1))


def test_what_ranks_otherwise_than_by_the_evidence_is_promised_with_a_caution() -> None:
    usual, other = (rank(scored("town"), NORMAL, score) for score in ("", "winding"))
    assert OTHER_SCORE in promises_of(other) and OTHER_SCORE not in promises_of(usual) and usual.score == scored("town").default


def test_a_fit_that_does_not_know_its_tracks_may_have_seen_those_that_calibrate() -> None:
    project = fitted()
    assert project.fit is not None and fitted_to_these(project)
    unknown = replace(project.fit, result=replace(project.fit.result, data_hash=""))
    assert not fitted_to_these(replace(project, fits=(unknown,)))

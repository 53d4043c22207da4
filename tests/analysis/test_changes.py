"""What a refit changed: weights side by side, and who enters and leaves the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from irlcore.analysis.changes import WeightChange, as_fitted, earlier_fit, expected_false_alarms, fit_change, list_change
from irlcore.analysis.ranking import Review
from irlcore.analysis.scored import by_route
from irlcore.features.base import FeatureSpec
from irlcore.fitting.result import FitResult, Status
from irlcore.project.project import FitRecord, Outcome, Project, Verdict
from irlcore.project.split import Parts
from irlcore.report.proposal_words import ranked_change_words
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.parts.kinds import TITLES
from irlcore.review.scores import Scores
from tests.review.worlds import make_paths, one_way_mdp

SHARE = FalseAlarmControl("share_of_normal", 0.05)


def record(weights: dict[str, float], loglik: float, n: int, held_out: float = float("nan"), of: str = "truck") -> FitRecord:
    k = len(weights)
    se = np.full(k, 0.5)
    result = FitResult(tuple(weights), np.array([*weights.values()]), se, se, se, np.eye(k) / 4.0, np.zeros((n, k)), loglik, loglik - 9.0,
                       np.full(n, loglik / n), held_out, "maxent", 1.0, Status.CONVERGED, 3, 4, 0.1, (), str(date(2012, 7, 22)))
    return FitRecord(result, tuple(FeatureSpec(name, "step") for name in weights), of)


def review(flagged: str, order: str, control: FalseAlarmControl = SHARE, tracks: str = "abcdefgh") -> Review:
    """Tracks by letter: the flagged ones, and the reviewed ones strangest first."""
    paths = replace(make_paths(one_way_mdp(2, 1), [[0]] * len(tracks), [1] * len(tracks)), ids=np.array(list(tracks), object))
    n, nothing = len(tracks), np.zeros(len(tracks))
    scores = Scores(nothing, nothing, nothing, np.zeros(n, np.int64), np.ones(n, np.int64), nothing, nothing, nothing, nothing)
    order_ = np.array([tracks.index(t) for t in order])
    rest = np.setdiff1d(np.arange(n), order_)
    parts = Parts(paths, rest[:1], rest[1:], np.sort(order_), True)
    return Review(by_route(parts, scores), np.ones(n), np.isin(paths.ids, list(flagged)), order_, "surprise", control)


def said(outcome: Outcome) -> Verdict:
    return Verdict(outcome, "", "2012-07-22")


def test_weights_stand_side_by_side_in_the_order_of_the_newer_fit() -> None:
    change = fit_change(record({"length": -2.0, "left": -1.0}, -100.0, 20, -6.0), record({"marsh": -3.0, "length": -2.5}, -80.0, 40, -5.5))
    half = 0.5 * 1.959963984540054
    assert [w.feature for w in change.weights] == ["marsh", "length", "left"]
    marsh, length, left = change.weights
    assert marsh == WeightChange("marsh", None, pytest.approx((-3.0, -3.0 - half, -3.0 + half)))
    assert length.before == pytest.approx((-2.0, -2.0 - half, -2.0 + half))
    assert length.after == pytest.approx((-2.5, -2.5 - half, -2.5 + half))
    assert left.after is None and left.before == pytest.approx((-1.0, -1.0 - half, -1.0 + half))
    assert change.loglik == (-5.0, -2.0)  # nats a track
    assert change.held_out == (-6.0, -5.5)
    assert change.aic == (204.0, 164.0)


def test_who_enters_and_who_leaves_is_told_strangest_first() -> None:
    found = list_change(review("abc", "cabdef"), review("bfde", "fbdeca"), {})
    assert (found.before, found.after) == (3, 4)
    assert found.entered == ("f", "d", "e")
    assert found.left == ("c", "a")
    assert found.known == {}


def test_two_lists_that_two_scores_rank_are_told_as_such() -> None:
    one = review("abc", "abcdef")
    assert list_change(one, one, {}).scores == ("surprise", "surprise") and ranked_change_words(("surprise", "surprise")) == ""
    scores = list_change(one, replace(one, score="winding"), {}).scores
    assert scores == ("surprise", "winding")
    assert ranked_change_words(scores).startswith(f"Before, {TITLES['surprise']} ranked, now {TITLES['winding']} does, each by")


def test_where_nothing_is_promised_no_number_of_false_alarms_is_said() -> None:
    one = review("abc", "abcdef")
    assert np.isnan(expected_false_alarms(replace(one, scored=replace(one.scored, apart=False))))


def test_an_equal_list_changes_nothing() -> None:
    one = review("ab", "abcdef")
    found = list_change(one, one, {"a": said("understood")})
    assert (found.entered, found.left, found.known) == ((), (), {"understood": (1, 1)})


def test_tracks_are_known_by_their_names_where_the_newer_review_has_others() -> None:
    found = list_change(review("ab", "abcdef"), review("bz", "zbcde", tracks="zbcdegh"), {"a": said("discarded"), "z": said("discarded")})
    assert (found.entered, found.left, found.known) == (("z",), ("a",), {"discarded": (1, 1)})


def test_triaged_tracks_are_counted_by_outcome_before_and_after() -> None:
    verdicts = {"a": said("operational event"), "b": said("operational event"), "c": said("misunderstood"), "d": said("misunderstood"),
                "g": said("understood")}
    found = list_change(review("abc", "abcdef"), review("ad", "adbcef"), verdicts)
    assert found.known == {"operational event": (2, 1), "misunderstood": (1, 1), "understood": (0, 0)}


def test_false_alarms_to_be_expected_are_those_that_the_control_allows() -> None:
    assert expected_false_alarms(review("abc", "abcdef")) == pytest.approx(0.05 * 6)
    assert expected_false_alarms(review("abc", "abcdef", FalseAlarmControl("share_of_flags", 0.2))) == pytest.approx(0.2 * 3)
    assert np.isnan(expected_false_alarms(review("abc", "abcdef", FalseAlarmControl("strangest", 0.2))))
    flags = FalseAlarmControl("share_of_flags", 0.2)
    assert list_change(review("abc", "abcdef", flags), review("a", "abcdef", flags), {}).false_alarms == pytest.approx((0.6, 0.2))


def test_a_project_as_fitted_before_has_that_fit_and_its_features_alone() -> None:
    first, other, last = (record({name: -1.0}, -50.0, 10, of=of) for name, of in [("length", "truck"), ("step", "bus"), ("left", "truck")])
    project = Project(agent_class="truck", fits=(first, other, last), features=last.features, notes="kept")
    assert earlier_fit(project) is first
    assert earlier_fit(replace(project, agent_class="bus")) is None
    before = as_fitted(project, first)
    assert before.fit is first and before.notes == "kept"
    assert tuple(one for one in before.features if one.enabled) == first.features  # others are there, switched off
    assert project.fit is last

"""Verdicts count in the fit only when the analyst says so, with what that changes shown before, and calibration is not biased silently."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from irlcore.analysis.heeded import heed_study, heedless, with_heeded
from irlcore.analysis.ranking import review_study, score_study
from irlcore.analysis.study import fit_key, fit_study, staleness
from irlcore.analysis.triage import decided
from irlcore.errors import DataError, FitError
from irlcore.project.heeding import heedable, heeded_sentences, outdated
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from irlcore.project.split import Heeded, split_paths
from irlcore.review.calibration.controls import FalseAlarmControl

pytestmark = pytest.mark.kernels
CONTROL = FalseAlarmControl("share_of_flags", 0.1)


@cache
def town() -> Project:
    return fit_study(sample_project("town"), "boltzmann")


def ids(project: Project, part: str, rows: slice) -> list[str]:
    parts = split_paths(replace(project, heeded={}))
    return [str(i) for i in parts.paths.ids[getattr(parts, part)[rows]]]


def judged() -> Project:
    """Two fitted, three calibrated and one reviewed track discarded or handed over; two reviewed ones understood."""
    project = decided(town(), [*ids(town(), "fit", slice(2)), *ids(town(), "calibration", slice(1))], "discarded", "bad signal")
    project = decided(project, [*ids(town(), "calibration", slice(1, 3)), *ids(town(), "review", slice(1))], "operational event", "")
    return decided(project, ids(town(), "review", slice(1, 3)), "understood", "market")


def test_verdicts_alone_change_neither_split_nor_scores_nor_staleness() -> None:
    project, parts, old = judged(), split_paths(judged()), split_paths(town())
    for name in ("fit", "calibration", "review"):
        np.testing.assert_array_equal(getattr(parts, name), getattr(old, name))
    assert parts.heeded == Heeded() and not parts.heeded.any and heeded_sentences(parts) == ()
    assert fit_key(project) == fit_key(town()) and staleness(project) == "" and outdated(project) == []


def test_heeded_verdicts_take_tracks_out_of_their_own_part_and_leave_the_others_where_they_were() -> None:
    project = judged()
    old, parts = split_paths(project), split_paths(replace(project, heeded=heedable(project, True)))
    assert parts.heeded == Heeded(2, 3, 2)
    np.testing.assert_array_equal(parts.calibration, old.calibration[3:])
    np.testing.assert_array_equal(parts.fit, np.union1d(old.fit[2:], old.review[1:3]))
    np.testing.assert_array_equal(parts.review, old.review, err_msg="what was reviewed stays reviewed")
    assert not np.intersect1d(parts.fit, parts.calibration).size
    without = split_paths(replace(project, heeded=heedable(project, False)))
    assert without.heeded == Heeded(2, 3, 0) and not np.intersect1d(without.fit, old.review).size


def test_no_reviewed_track_is_ever_calibrated_on() -> None:
    project = judged()
    every = {str(i): "understood" for i in split_paths(project).paths.ids}
    parts = split_paths(replace(project, heeded=every))  # type: ignore[arg-type]
    np.testing.assert_array_equal(parts.calibration, split_paths(project).calibration)


def test_without_a_reference_what_is_left_out_is_still_reviewed() -> None:
    project = replace(judged(), period_column="", reference_value="")
    heeded = heedable(project, True)
    parts = split_paths(replace(project, heeded=heeded))
    assert set(heeded.values()) == {"discarded", "operational event"}, "all are fitted to already"
    assert len(parts.review) == len(parts.paths) and len(parts.fit) == len(parts.paths) - len(heeded) and not parts.has_reference
    review = review_study(fit_study(replace(project, heeded=heeded), "boltzmann"), FalseAlarmControl("strangest", 0.1))
    assert len(review.order) == len(parts.paths)


def test_too_few_left_is_said() -> None:
    project = town()
    everyone = [str(i) for i in split_paths(project).paths.ids]
    with pytest.raises(DataError, match="left to fit to"):
        split_paths(replace(project, heeded=dict.fromkeys(everyone, "discarded")))
    calibrated = ids(project, "calibration", slice(None))
    with pytest.raises(DataError, match="2 normal tracks are left to calibrate on, and 3"):
        split_paths(replace(project, heeded=dict.fromkeys(calibrated[2:], "discarded")))


def test_a_card_of_what_would_change_comes_first_and_acceptance_is_one_step() -> None:
    project = judged()
    found = heed_study(project, True, CONTROL)
    assert project.fit is town().fit and found.before is project.fit, "looking changes nothing"
    assert found.record.result.n_paths == project.fit.result.n_paths and found.change.weights
    assert found.flags.before == int(review_study(project, CONTROL).flagged.sum())
    assert any("3 of the normal tracks were taken out of calibration" in one for one in found.sentences)
    after = with_heeded(project, found)
    assert len(after.history) == len(project.history) + 1 and len(after.fits) == len(project.fits) + 1
    assert staleness(after) == "" and after.fit is found.record
    assert found.flags.after == int(review_study(after, CONTROL).flagged.sum())
    assert heedable(after, True) == after.heeded
    with pytest.raises(DataError, match="No verdict would change"):
        heed_study(after, True, CONTROL)


def test_what_is_decided_later_changes_nothing_silently_and_is_said() -> None:
    project = judged()
    after = with_heeded(project, heed_study(project, False, CONTROL))
    more = ids(project, "calibration", slice(5, 6))
    later = decided(after, more, "discarded", "")
    assert fit_key(later) == fit_key(after) and outdated(later) == more
    assert "The verdict on 1 track has changed since verdicts were last heeded" in staleness(later)
    assert staleness(decided(after, ids(project, "review", slice(9, 10)), "discarded", "")) == "", "of a reviewed track it changes nothing"
    with pytest.raises(DataError, match="changed since"):
        with_heeded(later, heed_study(project, False, CONTROL))
    none = heedless(after)
    assert not none.heeded and "have changed since this fit" in staleness(none) and heedless(none) is none
    assert "Verdicts are heeded that this fit does not know of" in staleness(replace(project, heeded=after.heeded))


def test_scores_of_another_split_are_other_scores() -> None:
    project = judged()
    parts, _ = score_study(project)
    again, _ = score_study(replace(project, heeded=heedable(project, False)))
    assert len(again.calibration) == len(parts.calibration) - 3


def test_without_a_fit_there_is_nothing_to_heed_in() -> None:
    with pytest.raises(FitError):
        heed_study(replace(judged(), fits=()), False, CONTROL)


def test_leaving_out_normal_tracks_for_being_strange_breaks_the_promise_as_is_said() -> None:
    """Normal scores, calibrated on those that are left after the strangest tenth was taken out: more than promised are flagged. The rate
    that holds lies at .05 with a standard error of .002, the other at .14 with one of .003: a failure by chance is beyond 1 in 10^5."""
    rng = np.random.default_rng(20121)
    kept, cut = 0, 0
    for _ in range(400):
        calibration, new = np.sort(rng.normal(size=99)), rng.normal(size=50)
        kept += int((new > calibration[-5]).sum())  # 5 %: stranger than all but 4 of 99
        cut += int((new > calibration[:89][-4]).sum())  # the same after 10 were taken out
    assert kept / 20_000 < 0.06 < 0.1 < cut / 20_000

"""Proposals as the pages call them: a preview says nothing for a copy, promises what a refit brings, and is accepted in one step."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from irlcore.analysis import proposals, residuals
from irlcore.analysis.proposals import (
    accept_record,
    preview_study,
    suggest_study,
    unexplained_study,
    with_accepted,
)
from irlcore.analysis.ranking import rank, scored_study
from irlcore.analysis.residuals import behind, by_place, residuals_of
from irlcore.analysis.study import fit_study
from irlcore.engine import Control
from irlcore.errors import Cancelled, FeatureError, FitError
from irlcore.features.base import FeatureSpec
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from irlcore.project.split import split_paths
from irlcore.review.calibration.controls import FalseAlarmControl

U_TURN = FeatureSpec("turning back", "turn", {"turn": "u-turn"}, reason="it is forbidden")


@cache
def town() -> Project:
    """The town without u-turns, fitted."""
    project = sample_project("town")
    return fit_study(replace(project, features=tuple(s for s in project.features if s.name != "u-turn")), "maxent")


def test_a_preview_promises_about_what_the_refit_brings_and_accepting_is_one_step() -> None:
    project = town()
    preview = preview_study(project, unexplained_study(project), U_TURN)
    record = accept_record(project, U_TURN)
    assert project.fit is not None
    gained = record.result.loglik - project.fit.result.loglik
    assert preview.test.gain > 3.0 and 0.5 * gained < preview.test.gain < 2.0 * gained
    assert np.sign(preview.test.weight) == np.sign(record.result.theta[-1])
    accepted = with_accepted(project, U_TURN, record, preview.test.gain, 7)
    assert accepted.features[-1] == U_TURN and accepted.fit is record and len(accepted.history) == len(project.history) + 1
    step = accepted.history[-1]
    assert step.why == "it is forbidden" and f"{gained:+,.1f} nats" in step.numbers and "7 candidates" in step.numbers
    with pytest.raises(FeatureError, match="was added meanwhile"):
        with_accepted(accepted, U_TURN, record, 0.0, 7)


def test_a_copy_of_a_feature_says_nothing_new() -> None:
    project = town()
    preview = preview_study(project, unexplained_study(project), replace(project.features[0], name="the same"))
    assert preview.test.lm == 0.0 and preview.correlation[0] == (project.features[0].name, pytest.approx(1.0))


def test_a_feature_that_is_0_everywhere_is_an_error_and_a_preview_can_be_stopped() -> None:
    project, left = town(), unexplained_study(town())
    assert project.world is not None
    far = FeatureSpec("far off", "bump", {"x": 1e9, "y": 1e9, "radius": 1.0})
    with pytest.raises(FeatureError, match="0 everywhere"):
        preview_study(project, left, far)
    stopped = Control()
    stopped.cancel.set()
    with pytest.raises(Cancelled):
        preview_study(project, left, U_TURN, watch=stopped)


def test_residuals_of_single_tracks_are_rows_of_those_of_all_and_lead_to_who_is_behind_a_place() -> None:
    project, left = town(), unexplained_study(town())
    parts = split_paths(project)
    some = residuals_of(project, parts.fit[[3, 1]])
    np.testing.assert_allclose(some, left.residuals[[3, 1]], atol=1e-5)
    missed = by_place(project, left.residuals)
    assert missed.sum() == pytest.approx(float(left.residuals.sum()), abs=1e-2)
    place = int(np.argmax(missed))
    order = behind(project, left.residuals, place)
    assert project.world is not None
    share = left.residuals[:, project.world.choice_place == place].sum(axis=1)
    assert share[order[0]] == share.max() and (np.diff(share[order]) <= 1e-6).all()


def test_where_the_matrix_would_be_large_its_rows_say_the_same_of_all_tracks(monkeypatch: pytest.MonkeyPatch) -> None:
    project, left = town(), unexplained_study(town())
    full = left.residuals
    assert isinstance(full, np.ndarray)
    monkeypatch.setattr(residuals, "MOST_NUMBERS", full.size - 1)
    monkeypatch.setattr(proposals, "SAMPLE", 5)
    thinned = unexplained_study(project)  # where MaxEnt expects every place of a small world, entries with their places take more
    assert 0.4 * len(full) < thinned.residuals.shape[0] < len(full)
    monkeypatch.setattr(proposals, "_evenly", lambda n, some: np.arange(n))
    rows = unexplained_study(project)
    assert not isinstance(rows.residuals, np.ndarray) and rows.residuals.shape == full.shape
    np.testing.assert_array_equal(rows.problem.paths.ids, left.problem.paths.ids)
    np.testing.assert_allclose(rows.residuals.toarray(), full, atol=1e-6)
    missed = by_place(project, full)
    np.testing.assert_allclose(by_place(project, rows.residuals), missed, atol=1e-3)
    place = int(np.argmax(missed))
    assert behind(project, rows.residuals, place)[0] == behind(project, full, place)[0]
    first, again = (preview_study(project, one, U_TURN) for one in (left, rows))
    assert again.test.lm == pytest.approx(first.test.lm, rel=1e-6)
    best, same = (suggest_study(project, one, 1).best[0] for one in (left, rows))  # of two columns that count alike here, either
    assert (same.lm, same.gain) == (pytest.approx(best.lm, rel=1e-6), pytest.approx(best.gain, rel=1e-6))


def test_a_fit_to_other_tracks_does_not_say_what_it_misses() -> None:
    for other in (replace(town(), reference_value=""), replace(town(), agent_class="courier", fits=tuple(
            replace(f, agent_class="courier") for f in town().fits))):
        with pytest.raises(FitError, match="changed since this fit"):
            unexplained_study(other)


def test_a_gain_is_told_against_the_fit_it_began_from() -> None:
    project = town()
    record = accept_record(project, U_TURN)
    assert project.fit is not None
    other = replace(project, fits=(*project.fits, replace(project.fit, result=replace(project.fit.result, loglik=-9999.0))))
    step = with_accepted(other, U_TURN, record, 1.0, 1, project.fit).history[-1]
    assert f"{record.result.loglik - project.fit.result.loglik:+,.1f} nats" in step.numbers


def test_a_track_is_said_to_leave_the_list_only_where_the_list_says_so_with_all_gains() -> None:
    project = town()
    left = unexplained_study(project)
    scored = scored_study(project)
    parts = scored.parts
    review = rank(scored, FalseAlarmControl("share_of_normal", 0.1), "surprise")
    explained = preview_study(project, left, U_TURN, review).explained
    assert {name for name, _, _ in explained} == set(parts.paths.ids[review.flagged])
    refitted = rank(scored_study(with_accepted(project, U_TURN, accept_record(project, U_TURN), 0.0, 1)), review.control, "surprise")
    stays = {str(i) for i in parts.paths.ids[refitted.flagged]}
    said = [name for name, _, leaves in explained if leaves]
    assert sum(name in stays for name in said) <= len(said) / 2
    nothing = preview_study(project, left, FeatureSpec("a whim", "attribute", {"attribute": "speed_kmh"}), review).explained
    gained = [nats for _, nats, _ in nothing]
    assert not any(leaves for (_, nats, leaves) in nothing if nats <= 0.0) and len(gained) == len(explained)
    by_cost = preview_study(project, left, U_TURN, rank(scored, review.control, "worst_stretch")).explained
    assert not any(leaves for _, _, leaves in by_cost)

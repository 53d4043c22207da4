"""A fit says when what it rests on has changed under it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from irlcore.analysis.ranking import rank, scored_study
from irlcore.analysis.study import fit_study, staleness
from irlcore.errors import DataError
from irlcore.features.base import FeatureSpec
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from irlcore.review.calibration.controls import FalseAlarmControl
from tests.analysis.test_study import stated


@cache
def fitted() -> Project:
    return fit_study(stated("town", "truck"))


def moved_zone(project: Project) -> Project:
    return replace(project, zones={name: ring + 300.0 for name, ring in project.zones.items()})


CHANGES = {
    "a feature": (lambda p: replace(p, features=(*p.features, FeatureSpec("u", "turn", {"turn": "u-turn"}))), "features"),
    "a zone under the same name": (moved_zone, "zone"),
    "no reference": (lambda p: replace(p, reference_value=""), "normal"),
    "a zone gone": (lambda p: replace(p, zones={}), "no longer"),
}


def test_nothing_changed_is_not_stale() -> None:
    assert staleness(fitted()) == ""
    assert staleness(sample_project("town")) == ""
    assert staleness(replace(fitted(), notes="seen", name="other")) == ""


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_named(change: str) -> None:
    work, named = CHANGES[change]
    assert named in staleness(work(fitted()))


def test_tracks_fitted_to_never_calibrate_unnoticed() -> None:
    """Fitted without a reference, a reference named afterwards: the calibration tracks were in the fit."""
    project = fit_study(replace(stated("town", "truck"), reference_value=""))
    assert staleness(project) == ""
    assert "normal" in staleness(replace(project, reference_value="reference"))


def test_a_ranking_that_does_not_exist_is_refused() -> None:
    project = fitted()
    scored = scored_study(project)
    control = FalseAlarmControl("share_of_normal", 0.05)
    assert rank(scored, control, "utility_gap").flagged.any()
    unknown = scored.with_route(replace(scored.scores, utility_gap=np.full(len(scored.parts.paths), np.nan)))
    with pytest.raises(DataError, match="no best way"):
        rank(unknown, control, "utility_gap")

"""The intent table against the posterior of one track at a time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.analysis.onward import intent_study
from irlcore.analysis.ranking import Review, review_study
from irlcore.analysis.study import fit_study
from irlcore.project.places import places_of
from irlcore.project.project import Project
from irlcore.project.samples import sample_project
from irlcore.report.export import intent_table
from irlcore.review.calibration.controls import FalseAlarmControl


@pytest.fixture(scope="module")
def reviewed() -> tuple[Project, Review]:
    project = fit_study(replace(sample_project("town"), agent_class="truck"))
    return project, review_study(project, FalseAlarmControl("share_of_flags", 0.1))


def test_every_row_is_the_posterior_of_its_track(reviewed: tuple[Project, Review]) -> None:
    project, review = reviewed
    strange = review.order[:6]
    table = intent_table(project, review, strange)
    assert table["track"].tolist() == [str(review.parts.paths.ids[i]) for i in strange]
    for row in table.to_dict("records"):
        asked = intent_study(project, str(row["track"]))
        posterior, paths, index, names = asked.posterior, asked.paths, asked.index, asked.names
        steps = len(posterior.probability) - 1
        assert row["steps"] == steps == paths.lengths[index]
        assert row["ended at"] == (names[asked.own] if asked.own >= 0 else places_of(project).goal(int(paths.goal[index])))
        assert row["certain from step"] == ("" if posterior.certain_step < 0 else str(posterior.certain_step))
        for said, share in (("a quarter", 0.25), ("half", 0.5), ("three quarters", 0.75)):
            chance = posterior.probability[int(share * steps)]
            assert row[f"probability ({said})"] == pytest.approx(chance.max(), abs=1e-6)  # what is kept is in single precision
            assert row[f"after {said}"] == names[int(np.argmax(chance))]


def test_a_reviewed_tracks_own_end_gives_nothing_away(reviewed: tuple[Project, Review]) -> None:
    """Candidates come from the known tracks alone, whichever track is asked about."""
    project, review = reviewed
    asked = [intent_study(project, str(review.parts.paths.ids[i])).found.index for i in review.order[:4]]
    known = review.parts.paths.goal[np.union1d(review.parts.fit, review.parts.calibration)]
    assert all((goals == asked[0]).all() for goals in asked)
    assert set(asked[0].tolist()) <= set(known.tolist())

"""What was worked out is kept for as long as the data stay the same, and no longer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.analysis import memory, ranking, study
from irlcore.analysis.goals import class_goals, end_names
from irlcore.analysis.memory import kept
from irlcore.analysis.reasons import telling_of
from irlcore.errors import DataError
from irlcore.features.base import FeatureSpec
from irlcore.project.places import places_of
from irlcore.project.project import GoalGroup, MapFile, Project, Verdict, remember
from irlcore.review.calibration.controls import FalseAlarmControl
from tests.analysis.test_judged import fitted

ZONE = np.array([[0.0, 0.0], [300.0, 0.0], [300.0, 300.0], [0.0, 300.0]])


def made(project: Project, of: str = "") -> object:
    """A new object wherever the work is done."""
    return kept(project, "object", object, equal=(of,))


def test_a_verdict_and_a_note_change_nothing_that_is_kept() -> None:
    project = fitted()
    first = made(project)
    judged = replace(project, verdicts={"0": Verdict("understood", "", "2026-01-01T00:00:00+00:00")}, notes="seen")
    assert made(remember(judged, "0: understood")) is first


@pytest.mark.parametrize("change", [
    {"zones": {"square": ZONE}}, {"agent_class": "truck"}, {"period_column": "period"}, {"reference_value": "reference"},
    {"spots": {"gate": ZONE[0]}}])
def test_other_data_are_worked_out_anew(change: dict[str, object]) -> None:
    project = fitted()
    before = made(project)
    assert made(replace(project, **change)) is not before  # type: ignore[arg-type]


def test_as_many_are_kept_as_are_asked_for_and_the_one_asked_last_stays() -> None:
    project = fitted()
    a, b = (made(project, name) for name in "ab")
    assert made(project, "a") is a
    c = made(project, "c")  # puts b away, which was asked for longest ago
    assert made(project, "a") is a and made(project, "c") is c
    assert made(project, "b") is not b


def test_names_of_places_are_made_once_for_all_that_tell_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    project = replace(fitted(), spots={})  # the fit is shared by tests, spots of its own are not: nothing is kept for them yet
    review = ranking.review_study(project, FalseAlarmControl("strangest", 0.3))
    made: list[Project] = []
    monkeypatch.setattr(memory, "places_of", lambda of: made.append(of) or places_of(of))
    for one in (project, remember(project, "looked")):
        telling_of(one, review)
        end_names(one, review.parts)
        class_goals(one, review.parts)
    assert len(made) == 1
    assert project.world is not None
    turned = replace(project.world, settings={**project.world.settings, "y_down": True})
    for other in ({"map_files": (MapFile("f", "places", ZONE[:1], np.array([0, 1]), ("gate",)),)}, {"zones": {"square": ZONE}},
                  {"goals": {"": (GoalGroup("g", ("0",)),)}}, {"world": turned}):
        memory.places_of_project(replace(project, **other))  # type: ignore[arg-type]
    assert len(made) == 5


def test_what_failed_is_not_kept() -> None:
    def fails() -> int:
        raise DataError("no", "yes")

    project = fitted()
    with pytest.raises(DataError):
        kept(project, "fails", fails)
    assert kept(project, "fails", lambda: 7) == 7


def test_the_fit_key_follows_the_data_and_scores_are_found_again() -> None:
    project = fitted()
    key = study.fit_key(project)
    noted = remember(project, "looked")
    assert study.fit_key(noted) == key
    assert ranking.score_study(noted)[1] is ranking.score_study(project)[1]
    turned = replace(project, features=(replace(project.features[0], enabled=False), *project.features[1:]))
    assert study.staleness(turned) and not study.staleness(project)
    more = replace(project, features=(*project.features, FeatureSpec("each step", "step", {})))
    again = study.fit_study(more, "maxent")
    assert study.fit_key(again) != key and ranking.score_study(again)[1] is not ranking.score_study(project)[1]

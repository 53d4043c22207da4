"""A world of a table as a project: made, fitted, reviewed, explained, saved and opened again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis.goals import class_goals
from irlcore.analysis.ranking import review_study
from irlcore.analysis.reasons import reasons_study
from irlcore.analysis.study import fit_study
from irlcore.errors import DataError, ProjectError
from irlcore.features.base import FeatureSpec
from irlcore.project.loading import with_aims, with_world
from irlcore.project.places import places_of
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.split import split_paths
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_choices import read_choices
from irlcore.worlds.tables.build import built_table

MILES = 12
OUTCOMES = pd.DataFrame(
    [(x, "keep", min(x + d, MILES - 1), 0.5, 0.3 * x, 0.0) for x in range(MILES - 1) for d in (0, 1)]
    + [(MILES - 1, "keep", MILES - 1, 1.0, 0.3 * (MILES - 1), 0.0)] + [(x, "replace", 0, 1.0, 0.0, 1.0) for x in range(MILES)],
    columns=["state", "choice", "next_state", "probability", "upkeep", "new engine"])
WITH_END = pd.concat([OUTCOMES, pd.DataFrame([(x, "sell", "sold", 1.0, 0.0, 0.0) for x in range(MILES)], columns=OUTCOMES.columns)])


def seen(sells: bool, n: int = 60, months: int = 25) -> pd.DataFrame:
    rng, rows = np.random.default_rng(11), []
    for bus in range(n):
        x = 0
        for month in range(months):
            sold, new = sells and rng.random() < 0.03, rng.random() < 0.05 * x
            rows.append((f"b{bus}", month, x, "sell" if sold else "replace" if new else "keep"))
            if sold:
                break
            x = 0 if new else min(x + int(rng.random() < 0.5), MILES - 1)
    return pd.DataFrame(rows, columns=["track", "step", "state", "choice"])


def project_of(sells: bool) -> Project:
    table = seen(sells)
    imported = read_choices(table, guess_columns(table, "choices"))
    return with_world(Project(), imported, built_table(WITH_END if sells else OUTCOMES).world)


@pytest.mark.parametrize("sells", [False, True], ids=["nothing ends", "sold in the end"])
def test_a_fit_and_a_review_stand_on_the_choices_that_were_made(sells: bool) -> None:
    project = project_of(sells)
    assert project.paths is not None and project.world is not None
    assert project.paths.goals.nowhere.tolist() == [not sells] and [spec.name for spec in project.features] == ["upkeep", "new engine"]
    if sells:
        sale = FeatureSpec("sale", "attribute", {"attribute": "choice", "equals": "sell"})
        project = replace(project, features=(*project.features, sale))
    fitted = load_project(save_project(fit_study(project, "maxent", 0.95)))
    assert fitted.fit is not None
    weights = dict(zip(fitted.fit.result.names, fitted.fit.result.theta, strict=True))
    assert weights["upkeep"] < 0.0 and weights["new engine"] < 0.0
    review = review_study(fitted, FalseAlarmControl("strangest", 0.1))
    assert len(review.order) == len(project.paths) and np.isfinite(review.scores.surprise).all()
    reasons = reasons_study(fitted, review, int(review.order[0]))
    assert reasons.sentences
    assert places_of(fitted).said(1) == "state 1"


def test_a_project_whose_choices_are_not_those_of_its_world_is_not_opened() -> None:
    project = project_of(False)
    assert project.world is not None and project.tracks is not None
    twice = {**project.world.choice_attributes, "choice": np.full(project.world.mdp.n_choices, "keep", object)}
    with pytest.raises(ProjectError, match="name two choices of a state alike"):
        save_project(replace(project, world=replace(project.world, choice_attributes=twice)))
    with pytest.raises(ProjectError, match="do not name the attribute"):
        save_project(replace(project, world=replace(project.world, settings={})))
    with pytest.raises(ProjectError, match="tell choices, and the world is a network"):
        save_project(replace(project, world=replace(project.world, kind="network")))


def test_a_track_that_was_not_seen_to_end_is_held_against_as_many_steps_and_is_not_said_to_have_ended() -> None:
    project = project_of(True)
    assert project.paths is not None and project.world is not None
    ended = project.world.place_names[project.world.place_of_state[project.paths.last_state]] == "sold"
    assert 0 < ended.sum() < len(ended) and np.array_equal(project.paths.goal >= 0, ended)
    whole = replace(project, paths=replace(project.paths, goal=np.zeros(len(ended), np.int64)))
    fitted, as_before = fit_study(project, "maxent", 0.95), fit_study(whole, "maxent", 0.95)
    assert fitted.fit is not None and as_before.fit is not None
    np.testing.assert_allclose(fitted.fit.result.loglik, as_before.fit.result.loglik, rtol=1e-9, err_msg="choices count as they did")
    np.testing.assert_allclose(fitted.fit.result.se, as_before.fit.result.se, rtol=1e-3)
    review = review_study(fitted, FalseAlarmControl("strangest", 0.99))
    cut = int(np.flatnonzero(~ended)[0])
    told = reasons_study(fitted, review, cut)
    assert "It was not seen to come to sold." in told.sentences and not any("It ended" in one for one in told.sentences)
    steps = review.scores.expected[cut] / project.paths.lengths[cut]
    alike = [i for i in np.flatnonzero(~ended) if project.paths.lengths[i] == project.paths.lengths[cut]]
    assert 0.05 < steps < 1.0 and np.ptp(review.scores.expected[alike]) < 1e-6, "as many steps from the same start"


def test_a_goal_of_several_ends_goes_by_its_name() -> None:
    table = pd.concat([WITH_END, pd.DataFrame([(0, "scrap", "scrapped", 1.0, 0.0, 0.0)], columns=WITH_END.columns)])
    rows = seen(True)
    project = with_world(Project(), read_choices(rows, guess_columns(rows, "choices")), built_table(table).world)
    assert places_of(project).goal(0) == "the end"
    assert class_goals(project, split_paths(project)).names == ("the end",)


def test_where_trips_end_is_said_by_the_table_and_not_by_aims() -> None:
    project = project_of(True)
    for aims, tracks in (({"": "nowhere"}, {}), ({}, {"b1": "unfinished"})):
        with pytest.raises(DataError, match="the states without a choice are the one goal"):
            with_aims(project, aims, tracks)  # type: ignore[arg-type]
    rows = seen(True)
    made = with_world(Project(), read_choices(rows, guess_columns(rows, "choices")), built_table(WITH_END).world, {"": "nowhere"})
    assert not made.class_aims

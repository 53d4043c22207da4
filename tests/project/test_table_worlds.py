"""A world of a table as a project: made, fitted, reviewed, explained, saved and opened again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis.reasons import reasons_study
from irlcore.analysis.study import fit_study, review_study
from irlcore.errors import ProjectError
from irlcore.features.base import FeatureSpec
from irlcore.project.loading import with_world
from irlcore.project.places import places_of
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from irlcore.review.calibration import FalseAlarmControl
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

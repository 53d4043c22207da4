"""Project files of earlier versions open, and newer parameters survive a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.hostile.opened import Opened
from irlcore.features.base import FeatureSpec
from irlcore.project.project import FitRecord, Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.samples import sample_project
from irlcore.report.fit_words import interval_sentences
from tests.fitting.test_result import made
from tests.project.test_project_file import on_a_grid

STEP = FeatureSpec("step", "step", {}, "negative", reason="fuel")


def without_parts(data: bytes, *parts: str) -> bytes:
    """The file as a version would have saved it whose features had not these parts yet, and that had no digest."""
    file = Opened(data)
    file.body["version"] = 1
    for i, _ in enumerate(file.get("features")["tuple"]):
        for part in parts:
            file.drop(f"features[{i}].{part}")
    return file.sealed(digested=False)


def test_features_saved_before_they_were_counted_and_dated_are_their_first_version() -> None:
    old = without_parts(save_project(Project(features=(STEP,))), "version", "made")
    assert load_project(old).features == (STEP,)
    assert (STEP.version, STEP.made) == (1, "")


def test_lists_and_features_within_features_come_back_as_they_were() -> None:
    near = {"name": "near", "kind": "near", "params": {"places": ["pier", "gate"], "reach": 10.0}}
    spec = FeatureSpec("both", "combine", {"first": near, "how": "or", "second": near}, version=4, made="2026-01-02T03:04:05+00:00")
    assert load_project(save_project(Project(features=(spec,)))).features == (spec,)


def test_files_of_format_2_know_no_agents_and_their_intervals_are_by_the_normal_law() -> None:
    result = made(np.array([-3.0, -1.0, 0.5]))
    features = tuple(replace(STEP, name=name) for name in "abc")
    data = save_project(replace(on_a_grid(), agent_column="driver", fits=(FitRecord(result, features, ""),), agent_class=""))
    file = Opened(data)
    file.body["version"] = 2
    file.drop("agent_column")
    for name in ("freedom", "hessian_covariance", "own_se_hessian", "curvature", "agents", "agent_column"):
        file.drop(f"fits[0].result.{name}")
    loaded = load_project(file.sealed(digested=False))
    assert loaded.agent_column == "" and loaded.fit is not None
    again = loaded.fit.result
    np.testing.assert_allclose(again.interval(), result.theta[:, None] + 1.959964 * result.se_robust[:, None] * [-1.0, 1.0], atol=1e-6)
    np.testing.assert_allclose(again.worth(0)[1], result.worth(0)[1])
    assert interval_sentences(again) == []


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5, 6, 7, 9])
def test_a_file_that_an_earlier_version_saved_opens(version: int) -> None:
    """The sample town, saved by the last commit of each format."""
    old = (Path(__file__).parent / "files" / f"format_{version}.motive").read_bytes()
    assert Opened(old).body["version"] == version
    loaded, town = load_project(old), sample_project("town")
    assert loaded.world is not None and loaded.paths is not None and town.paths is not None
    np.testing.assert_array_equal(loaded.paths.choices, town.paths.choices)
    assert loaded.features == town.features and (loaded.world.mdp.state_ids is None) == (version < 3)
    assert load_project(save_project(loaded)).features == loaded.features
    assert not loaded.class_aims and not loaded.track_aims, "before format 7 every track went to its end"
    assert not (loaded.track_notes or loaded.silencing or loaded.heeded or loaded.labels), "before format 8 there were none"

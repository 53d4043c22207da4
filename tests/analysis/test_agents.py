"""The column that names agents: read with its gaps, kept in the file, and heeded by a fit and its words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.analysis.study import fit_record, fit_study, staleness
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.samples import sample_project
from irlcore.project.split import agents_of_paths, split_paths
from irlcore.report.fit_words import interval_sentences


def with_drivers(column: pd.Series) -> Project:
    """The town with one more column."""
    project = sample_project("town")
    assert project.tracks is not None
    attributes = project.tracks.attributes.assign(driver=column)
    return replace(project, tracks=replace(project.tracks, attributes=attributes), agent_column="driver")


def drivers() -> pd.Series:
    tracks = sample_project("town").tracks
    assert tracks is not None
    return pd.Series([f"d{i % 7}" for i in range(len(tracks))])


def test_a_fit_sums_scores_by_the_agents_that_a_column_names() -> None:
    named, blind = with_drivers(drivers()), replace(with_drivers(drivers()), agent_column="")
    one, other = fit_record(named, "maxent").result, fit_record(blind, "maxent").result
    np.testing.assert_array_equal(one.theta, other.theta)
    assert (one.agents, one.agent_column, other.agents, other.agent_column) == (7, "driver", 0, "")
    assert (one.freedom <= 6.0 + 1e-9).all() and (one.se_robust != other.se_robust).all()
    assert any("7 agents (driver)" in s and "degrees of freedom" in s for s in interval_sentences(one))
    assert any("each taken for another agent's" in s for s in interval_sentences(other))
    again = load_project(save_project(replace(named, fits=(fit_record(named, "maxent"),))))
    assert again.agent_column == "driver" and again.fit is not None
    assert (again.fit.result.agents, again.fit.result.agent_column, again.fit.result.curvature) == (7, "driver", "second derivative")
    np.testing.assert_array_equal(again.fit.result.interval(), one.interval())


@pytest.mark.parametrize("missing", [None, float("nan"), "", "  ", pd.NA])
def test_a_track_without_an_agent_is_of_one_of_its_own(missing: object) -> None:
    column = drivers().astype(object)
    column[3:9] = missing
    project = with_drivers(column)
    paths = split_paths(project).paths
    labels = agents_of_paths(project, paths)
    assert labels is not None and len(labels) == len(paths)
    known = dict(zip(project.tracks.ids if project.tracks is not None else [], column, strict=True))
    lost = np.array([bool(pd.isna(known[i])) or not str(known[i]).strip() for i in paths.ids])
    assert len(np.unique(labels)) == len(set(labels[~lost])) + lost.sum()


def test_numbers_and_texts_name_agents_and_a_column_that_is_gone_names_none() -> None:
    project = with_drivers(pd.Series(np.arange(len(drivers())) % 5))
    paths = split_paths(project).paths
    assert set(agents_of_paths(project, paths) if project else []) == {"0", "1", "2", "3", "4"}
    assert agents_of_paths(replace(project, agent_column="gone"), paths) is None
    assert agents_of_paths(replace(project, agent_column=""), paths) is None


def test_no_agent_is_in_two_parts_of_a_reference_with_many() -> None:
    project = with_drivers(pd.Series([f"d{i % 40}" for i in range(len(drivers()))]))
    blind, parts = split_paths(replace(project, agent_column="")), split_paths(project)
    labels = agents_of_paths(project, parts.paths)
    assert labels is not None and not set(labels[parts.fit]) & set(labels[parts.calibration])
    known = np.union1d(parts.fit, parts.calibration)
    np.testing.assert_array_equal(known, np.union1d(blind.fit, blind.calibration))
    assert len(np.unique(labels[parts.fit])) == len(np.unique(labels[known])) // 3
    np.testing.assert_array_equal(parts.review, blind.review)
    np.testing.assert_array_equal(split_paths(project).fit, parts.fit)


def test_few_agents_are_split_track_by_track_as_without_a_column() -> None:
    project = with_drivers(drivers())
    one, blind = split_paths(project), split_paths(replace(project, agent_column=""))
    np.testing.assert_array_equal(one.fit, blind.fit)
    np.testing.assert_array_equal(one.calibration, blind.calibration)


def test_a_fit_is_out_of_date_where_a_column_splits_it_otherwise() -> None:
    project = with_drivers(pd.Series([f"d{i % 40}" for i in range(len(drivers()))]))
    blind = fit_study(replace(project, agent_column=""), "maxent")
    assert not staleness(blind) and staleness(replace(blind, agent_column="driver"))
    assert not staleness(fit_study(project, "maxent"))

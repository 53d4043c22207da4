"""A fit is told from others by what it is, never by the second in which it was made."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.analysis.study import fit_again, fit_key, fit_record, with_fit
from irlcore.features.base import FeatureSpec
from irlcore.project.project import FitRecord, Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.samples import sample_project


@pytest.fixture(scope="module")
def town() -> Project:
    project = replace(sample_project("town"), agent_class="courier")
    assert project.tracks is not None
    return with_fit(project, fit_record(project, "maxent"))


def newest(project: Project) -> FitRecord:
    assert project.fit is not None
    return project.fit


def test_thirty_fits_of_one_second_are_thirty(town: Project) -> None:
    """Each an eighth of a per mille from the last: as alike as fits can be that differ."""
    first = newest(town)
    fits = [replace(first, result=replace(first.result, theta=first.result.theta * (1.0 + k * 2.0**-13))) for k in range(30)]
    assert len({f.result.made for f in fits}) == 1
    assert len({f.identity for f in fits}) == 30
    assert len({fit_key(replace(town, fits=(f,))) for f in fits}) == 30


def test_the_same_fit_made_twice_is_one(town: Project) -> None:
    again = fit_record(town, "maxent")
    later = replace(again, result=replace(again.result, made="2031-01-01T00:00:00+00:00", seconds=99.0))
    assert later.identity == newest(town).identity
    assert fit_key(with_fit(town, later)) == fit_key(town)


@pytest.mark.parametrize("change", [
    {"gamma": 0.5}, {"rationality": "boltzmann"}, {"estimator": "apprenticeship"}, {"data_hash": "other"}, {"own": np.array([0.5])},
    {"loglik": -1.0}, {"held_out": -1.0}, {"agents": 3}, {"agent_column": "driver"}, {"curvature": "expected information"}],
    ids=lambda change: next(iter(change)))
def test_whatever_makes_it_another_fit_makes_another_identity(town: Project, change: dict[str, object]) -> None:
    one = newest(town)
    assert replace(one, result=replace(one.result, **change)).identity != one.identity


def test_class_and_features_are_part_of_it_but_not_why_they_were_named(town: Project) -> None:
    one = newest(town)
    first, *others = one.features
    assert replace(one, agent_class="taxi").identity != one.identity
    assert replace(one, features=(FeatureSpec(first.name, "zone", {"zone": "a"}), *others)).identity != one.identity
    other = replace(first, sign="positive" if first.sign != "positive" else "free")
    assert replace(one, features=(other, *others)).identity != one.identity
    assert replace(one, features=(replace(first, reason="so", made="2031", version=7), *others)).identity == one.identity


def test_it_outlives_the_file(town: Project) -> None:
    one = newest(town)
    kept = replace(town, fits=(replace(one, result=replace(one.result, loglik=np.float64(-3.25), gamma=1)),))
    again = load_project(save_project(kept))
    assert newest(again).identity == newest(kept).identity


def test_going_back_to_a_fit_of_the_same_second_takes_the_right_one(town: Project) -> None:
    first = newest(town)
    second = replace(first, result=replace(first.result, theta=first.result.theta * 1.5))
    back = fit_again(replace(town, fits=(first, second)), load_project(save_project(town)).fits[0])
    assert [f.identity for f in back.fits] == [second.identity, first.identity]

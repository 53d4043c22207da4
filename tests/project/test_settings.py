"""Settings of estimators are kept with the project and its fits, checked when a file is opened, and make a fit stale once they change."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.hostile.opened import Opened
from irlcore.analysis.choosing import with_setting
from irlcore.analysis.study import fit_again, fit_record, fit_study, staleness, with_fit
from irlcore.errors import FitError, ProjectError
from irlcore.fitting.estimators import made_by, settings_of
from irlcore.project.project import Project
from irlcore.project.project_file import load_project, save_project
from irlcore.project.samples import sample_project
from irlcore.report.fit_words import fit_provenance

pytestmark = pytest.mark.kernels


@pytest.fixture(scope="module")
def town() -> Project:
    project = with_setting(sample_project("town"), "value_basis", "lam", 0.01)
    return fit_study(project, "maxent", estimator="value_basis")


def test_a_file_keeps_them_with_the_project_and_with_the_fit(town: Project) -> None:
    again = load_project(save_project(town))
    assert again.settings == {"value_basis": {"lam": 0.01}} and again.fit is not None and town.fit is not None
    assert again.fit.result.settings == {"replannings": 1, "lam": 0.01, "l2": 0.0}
    assert again.fit.identity == town.fit.identity and staleness(again) == ""
    assert "Value basis, 1 replanning, lambda 0.01, gamma" in fit_provenance(again.fit.result)
    assert again.history[-1].what.endswith("by value basis: 1 replanning, lambda 0.01")


def test_the_last_file_of_format_9_opens_with_the_usual_ones() -> None:
    old = (Path(__file__).parent / "files" / "format_9.motive").read_bytes()
    assert Opened(old).body["version"] == 9
    loaded = load_project(old)
    assert loaded.settings == {} and loaded.features == sample_project("town").features


def test_a_fit_by_the_value_basis_of_a_file_of_format_9_was_made_with_the_usual_ones(town: Project) -> None:
    file = Opened(save_project(with_setting(town, "value_basis", "lam", 0.0)))
    file.body["version"] = 9
    file.drop("settings")
    file.drop("fits[0].result.settings")
    loaded = load_project(file.sealed())
    assert loaded.fit is not None and made_by(loaded.fit.result) == "Value basis, 1 replanning"
    assert settings_of(loaded.fit.result) == {"replannings": 1, "lam": 0.0, "l2": 0.0} and staleness(loaded) == ""


@pytest.mark.parametrize(("where", "value", "says"), [
    ("settings", {"dict": [["guess", {"dict": []}]]}, 'There is no estimator "guess"'),
    ("settings", {"dict": [["value_basis", {"dict": [["lam", -1.0]]}]]}, "Lambda cannot be -1"),
    ("settings", {"dict": [["value_basis", {"dict": [["lam", "much"]]}]]}, "not of the type float"),
    ("settings", {"dict": [["value_basis", {"dict": [["lam", {"float": "nan"}]]}]]}, "is not a number"),
    ("settings", {"dict": [["value_basis", {"dict": [["beta", 1.0]]}]]}, 'no setting "beta"'),
    ("fits[0].result.settings", {"dict": [["replannings", 0.5]]}, "Replannings cannot be 0.5"),
    ("fits[0].result.estimator", "maximum_likelihood", "Maximum likelihood has no setting")])
def test_a_file_with_settings_that_cannot_be_is_refused(town: Project, where: str, value: object, says: str) -> None:
    file = Opened(save_project(town))
    file.set(where, value)
    with pytest.raises(ProjectError, match=re.escape(says)):
        load_project(file.sealed())


def test_a_setting_that_changes_makes_the_fit_stale_and_says_what(town: Project) -> None:
    assert staleness(town) == ""
    changed = with_setting(with_setting(town, "value_basis", "lam", 0.1), "value_basis", "replannings", 2)
    assert staleness(changed) == ("Settings have changed since this fit: Replannings was 1 and is now 2; "
                                  "Lambda was 0.01 and is now 0.1.")
    assert changed.history[-1].what == "Value basis: Replannings is 2"
    assert staleness(with_setting(changed, "value_basis", "lam", 0.01)) != ""
    other = fit_study(changed, "maxent")  # by maximum likelihood, which has none
    assert staleness(other) == "" and other.fit is not None and dict(other.fit.result.settings) == {}
    with pytest.raises(FitError, match="Lambda cannot be -1"):
        with_setting(town, "value_basis", "lam", -1.0)


def test_who_goes_back_to_a_fit_has_its_settings_again(town: Project) -> None:
    first = town.fit
    assert first is not None
    later = fit_study(with_setting(town, "value_basis", "lam", 0.5), "maxent", estimator="value_basis")
    back = fit_again(later, first)
    assert back.settings["value_basis"]["lam"] == 0.01 and staleness(back) == ""


def test_settings_that_are_given_go_before_those_of_the_project(town: Project) -> None:
    found = fit_record(town, "maxent", estimator="value_basis", settings={"l2": 0.1})
    assert found.result.settings == {"replannings": 1, "lam": 0.0, "l2": 0.1}
    assert "L2 was 0.1 and is now 0" in staleness(with_fit(town, found))


def test_in_a_log_nobody_plans_so_replannings_are_neither_told_nor_stale() -> None:
    project = with_setting(sample_project("tickets"), "value_basis", "l2", 0.01)
    project = fit_study(project, estimator="value_basis")
    assert project.fit is not None and project.fit.result.settings == {"lam": 0.0, "l2": 0.01}
    assert made_by(project.fit.result) == "Value basis, L2 0.01"
    assert staleness(with_setting(project, "value_basis", "replannings", 3)) == ""
    assert np.isfinite(project.fit.result.held_out)
    replaced = replace(project, settings={})
    assert "L2 was 0.01 and is now 0" in staleness(replaced)

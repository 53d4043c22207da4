"""``motive fit``: the table for people, JSON for programs, and the very numbers of the app."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from irlcore.analysis.study import fit_study
from irlcore.cli import fitting
from irlcore.project.project_file import load_project
from irlcore.project.samples import sample_project
from irlcore.project.settings.of_project import settings_of_project
from irlcore.project.settings.settings_file import settings_text
from irlcore.review.calibration.controls import FalseAlarmControl
from tests.cli.town import TICKETS, TOWN, as_json, fitted_town, ran, town_file

pytestmark = pytest.mark.kernels


def bits(numbers: object) -> list[str]:
    return [float(one).hex() for one in np.asarray(numbers, np.float64)]


def test_the_app_s_settings_give_the_app_s_numbers_to_the_last_bit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = replace(fitted_town(), zones={"old town": np.array([[0.0, 0.0], [900.0, 0.0], [900.0, 900.0], [0.0, 900.0], [0.0, 0.0]])})
    project = fit_study(replace(project, agent_class="truck"), "boltzmann")
    assert project.fit is not None
    file = tmp_path / "trucks.toml"
    file.write_text(settings_text(settings_of_project(project, FalseAlarmControl("share_of_normal", 0.05), "surprise")), "utf-8")
    code, told, err = as_json(capsys, "fit", TOWN, "--settings", file)
    result = project.fit.result
    assert (code, err) == (0, "") and told["class"] == "truck" and told["model"] == "boltzmann"
    assert bits([one["weight"] for one in told["weights"]]) == bits(result.theta)
    assert bits([one["standard_error"] for one in told["weights"]]) == bits(result.se)
    assert bits([told["loglik"], told["held_out"]]) == bits([result.loglik, result.held_out])
    assert told["data_hash"] == result.data_hash
    code, told, err = as_json(capsys, "fit", town_file(tmp_path), "--settings", file)  # with the project file in place of its files
    assert code == 0 and "[reading] and [world.grid] of the settings are not used" in told["assumed"][0]
    assert bits([one["weight"] for one in told["weights"]]) == bits(result.theta) and told["data_hash"] == result.data_hash


def test_a_fit_that_is_there_already_is_not_made_again(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "s.toml").write_text(settings_text(settings_of_project(fitted_town())), "utf-8")
    monkeypatch.setattr(fitting, "fit_record", lambda *asked: pytest.fail("fitted"))
    assert ran(capsys, "intent", town_file(tmp_path), "--settings", tmp_path / "s.toml", "--track", "commuter-170")[0] == 0
    monkeypatch.undo()
    _, out, err = ran(capsys, "intent", town_file(tmp_path), "--track", "commuter-170", "--model", "boltzmann")
    assert "commuter-170" in out and "Another fit is asked for than the project has." in err


def test_a_log_s_settings_do_so_too_and_say_where_its_files_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = fit_study(sample_project("tickets"))
    assert project.fit is not None
    (tmp_path / "log.csv").write_bytes((TICKETS / "log.csv").read_bytes())
    (tmp_path / "tickets.toml").write_text(settings_text(settings_of_project(project)), "utf-8")
    code, told, _ = as_json(capsys, "fit", "--settings", tmp_path / "tickets.toml")  # the files are beside the settings
    assert code == 0 and bits([one["weight"] for one in told["weights"]]) == bits(project.fit.result.theta)


def test_a_folder_is_fitted_as_the_app_suggests_and_what_was_assumed_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ran(capsys, "fit", TOWN, "--model", "maxent", "--features", "length (km), left turn", "--save", tmp_path / "t.motive")
    assert code == 0 and "length (km)" in out and "standard error" in out and "Log-likelihood" in out
    assert "right turn" not in out and "One \"left turn\" costs as much as" in out
    assert "zones.geojson holds areas" in err and "Each of the 228 tracks ends where it was not before" in err
    saved = load_project((tmp_path / "t.motive").read_bytes())
    assert saved.fit is not None and saved.fit.result.names == ("length (km)", "left turn")
    code, told, err = as_json(capsys, "fit", tmp_path / "t.motive")  # as its newest fit was made
    assert (code, err) == (0, "") and told["model"] == "maxent"
    assert bits([one["weight"] for one in told["weights"]]) == bits(saved.fit.result.theta)


def test_quiet_says_the_result_alone(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ran(capsys, "fit", TOWN, "--model", "maxent", "--class", "courier", "--quiet")
    assert code == 0 and "courier" in out and err == ""


@pytest.mark.parametrize(("asked", "what", "fix"), [
    (["--model", "maxentt"], 'No model is called "maxentt"', 'Did you mean "maxent"?'),
    (["--estimator", "maximum"], 'no estimator "maximum"', "maximum_likelihood"),
    (["--features", "lenght (km)"], 'no feature called "lenght (km)"', 'Did you mean "length (km)"?'),
    (["--class", "trucks"], 'class called "trucks"', 'Did you mean "truck"?'),
    (["--gamma", "2"], "discount of 2", "above 0"),
    (["--model", "conditional_logit", "--features", ","], "", ""),
    (["--save", "out.zip"], "out.zip is no name of a project file", ".motive")])
def test_what_cannot_be_asked_is_2_with_what_was_meant(asked: list[str], what: str, fix: str, tmp_path: Path,
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = ran(capsys, "fit", town_file(tmp_path), *asked)
    assert code == 2 and what in err and fix in err and len(err.strip().splitlines()) == 1

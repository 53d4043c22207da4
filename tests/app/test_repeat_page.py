"""From the pages to the command line: files imported, fitted and reviewed on the pages; the settings that Report hands over give the very
numbers of the app."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.reporting.repeat import command, where
from irlcore.cli.command import main
from irlcore.project.samples import FOLDER
from irlcore.project.settings.of_project import known_reading, settings_of_project
from irlcore.project.settings.settings import Reading
from irlcore.project.settings.settings_file import settings_text
from tests.app.studio.on_the_map import fitted
from tests.app.test_pages import opened

FILES = {"town": ("paths.csv", "links.csv", "nodes.csv"), "tickets": ("log.csv",), "anchorage": ("points.csv",)}


def imported(sample: str) -> AppTest:
    """A sample's files, uploaded and imported as they are suggested."""
    app = opened().switch_page("screens/tracks.py").run()
    app.file_uploader(key="uploads").set_value([(name, (FOLDER / sample / name).read_bytes(), "text/csv") for name in FILES[sample]]).run()
    app.button(key="import").click().run()
    assert not app.exception and not app.error
    return app


@pytest.mark.kernels
@pytest.mark.parametrize("sample", list(FILES))
def test_what_was_done_on_the_pages_is_done_again_to_the_last_bit(sample: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = imported(sample)
    app.switch_page("screens/fit.py").run()
    if sample != "tickets":
        app.radio(key="model").set_value("maxent").run()
    app.button(key="fit_button").click().run()
    project = app.session_state["project"]
    reading = known_reading(project)
    assert reading is not None and set(reading.files) == set(FILES[sample]) and project.fit is not None
    (tmp_path / "s.toml").write_text(settings_text(settings_of_project(project)), "utf-8")
    capsys.readouterr()
    assert main(["fit", str(FOLDER / sample), "--settings", str(tmp_path / "s.toml"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    result = project.fit.result
    assert np.array_equal([one["weight"] for one in told["weights"]], result.theta)
    assert (told["loglik"], told["data_hash"], told["model"]) == (result.loglik, result.data_hash, result.rationality)


def test_report_hands_the_settings_over_with_the_command_beside_it() -> None:
    app = opened("town")
    app.session_state["project"] = fitted("town")
    app.switch_page("screens/report.py").run()
    assert not app.exception and not app.error
    assert "Settings (TOML)" in [one.proto.label for one in app.get("download_button")]
    typed = next(str(one.value) for one in app.code if "motive fit" in str(one.value))
    assert typed.startswith("motive fit FOLDER --settings port-town") and typed.endswith("_settings.toml")
    said = " ".join(str(one.value) for one in app.caption).replace("\\", "")
    assert "FOLDER is the one with paths.csv, links.csv, nodes.csv." in said


def test_the_command_fits_what_is_known_of_the_files() -> None:
    reading = Reading("points", {f"{k}.csv": "points" for k in range(6)}, {})
    assert command(None, "s.toml") == "motive fit PROJECT.motive --settings s.toml" and "Save project" in where(None)
    assert command(reading, "s.toml") == "motive fit FOLDER --settings s.toml"
    assert where(reading) == "FOLDER is the one with 0.csv, 1.csv, 2.csv, 3.csv and 2 more."

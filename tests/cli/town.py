"""The sample town as a folder and as a fitted project file, and the command line called in this process."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from irlcore.analysis.study import fit_study
from irlcore.cli.command import main
from irlcore.project.project import Project
from irlcore.project.project_file import save_project
from irlcore.project.samples import FOLDER, sample_project

TOWN, TICKETS, FISHING = (FOLDER / name for name in ("town", "tickets", "fishing"))


@cache
def fitted_town() -> Project:
    return fit_study(sample_project("town"), "maxent")


@cache
def _saved() -> bytes:
    return save_project(fitted_town())


def town_file(folder: Path) -> Path:
    """The fitted town as a project file."""
    file = folder / "town.motive"
    file.write_bytes(_saved())
    return file


def ran(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    capsys.readouterr()
    code = main([str(one) for one in arguments])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, Any], str]:
    """Exit code, the one JSON object on standard output, and standard error."""
    code, out, err = ran(capsys, *arguments, "--json")
    assert out.count("\n") == 1
    found = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert isinstance(found, dict)
    return code, found, err


def lines_of(text: str) -> Sequence[dict[str, Any]]:
    """JSON lines."""
    return [json.loads(line) for line in text.splitlines()]

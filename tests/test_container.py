"""The container file: what is checked of it without building it, and that the checks find what is wrong."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lint() -> ModuleType:
    spec = importlib.util.spec_from_file_location("containerfile", ROOT / ".ci" / "containerfile.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_container_file_keeps_to_what_it_must(lint: ModuleType) -> None:
    assert lint.problems(FILE, IGNORED) == []
    assert ".ci/containerfile.py" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize(("changed", "by", "said"), [
    ("python:3.11.13-slim-bookworm", "python:latest", "not pinned"),
    ("python:3.11.13-slim-bookworm", "python", "not pinned"),
    ("USER 10001", "USER root", "runs as root"),
    ("USER 10001", "", "runs as root"),
    ("EXPOSE 8501", "EXPOSE 80", "Port 8501"),
    ('"--port", "8501"', '"--port", "80"', "Port 8501"),
    ("HEALTHCHECK", "# HEALTHCHECK", "no HEALTHCHECK"),
    ("COPY app/ app/", "COPY apps/ app/", "apps/ is copied and is not there"),
    ("COPY app/ app/", "COPY tests/ tests/", "kept out by .dockerignore"),
    ("COPY app/ app/", "ADD https://example.org/x.tar /", "fetches what nobody has looked at"),
    ("ENV MOTIVE_HOME", "ENV MOTIVE_PASSWORD=letmein1 MOTIVE_HOME", "password stands in the image"),
])
def test_what_is_wrong_is_found(lint: ModuleType, changed: str, by: str, said: str) -> None:
    assert changed in FILE
    assert any(said in one for one in lint.problems(FILE.replace(changed, by), IGNORED))


def test_what_would_leave_the_folder_is_found(lint: ModuleType) -> None:
    found = lint.problems(FILE, "__pycache__\n.venv\n")
    assert ".git/config would go to the builder." in found and not any(".venv" in one for one in found)
    assert lint.let_in("irlcore/engine.py", IGNORED) and not lint.let_in("irlcore/linear/__pycache__/x.nbi", IGNORED)


def test_lines_that_go_on_are_one_instruction(lint: ModuleType) -> None:
    assert lint.instructions("# x\nRUN a \\\n  b\n\nuser 1\n") == [("RUN", "a  b"), ("USER", "1")]


def test_the_image_is_started_as_the_command_line_allows() -> None:
    from app.server.command import parser

    command = next(line for line in FILE.splitlines() if line.startswith("CMD"))
    program, *arguments = json.loads(command.removeprefix("CMD"))
    asked = parser().parse_args(arguments[1:])
    assert (program, arguments[0]) == ("motive", "app") and (asked.address, asked.port, asked.no_browser) == ("0.0.0.0", 8501, True)

"""The tested set of exact versions: whole, within the ranges, free of this or that machine, used, and what CI really runs."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tomllib
from importlib.metadata import distributions
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LINES = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
PINS = {canonicalize_name(pin.name): pin for pin in map(Requirement, LINES)}
NOT_PINNED = {"motive", "setuptools", "wheel"}


def version_of(pin: Requirement) -> str:
    (only,) = pin.specifier
    assert only.operator == "==", pin
    return only.version


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("constraints", ROOT / ".ci" / "constraints.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_line_is_one_exact_version_that_any_machine_can_get() -> None:
    assert sorted(LINES, key=lambda line: line.split("==")[0]) == LINES and len(PINS) == len(LINES) > 30
    assert not [line for line in LINES if not re.fullmatch(r"[a-z0-9-]+==[A-Za-z0-9.!]+( ; [^/\\:@]+)?", line)]  # no path, host or build


def test_every_requirement_is_pinned_within_its_range(writer: ModuleType) -> None:
    wanted = [Requirement(line) for line in writer.wanted()]
    assert len(wanted) > 15
    assert not [str(w) for w in wanted if canonicalize_name(w.name) not in PINS
                or not w.specifier.contains(version_of(PINS[canonicalize_name(w.name)]))]


def test_what_the_pinned_packages_need_here_is_pinned_too() -> None:
    """Everything reached from the requirements in this environment, whatever versions it has."""
    have = {canonicalize_name(one.metadata["Name"]): one for one in distributions()}
    todo, seen = set(PINS), set()
    while todo:
        name = todo.pop()
        seen.add(name)
        for line in (have[name].requires or []) if name in have else []:
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                todo |= {canonicalize_name(needed.name)} - seen
    assert not seen - set(PINS) - NOT_PINNED


def test_the_builder_of_the_docs_is_pinned_beside_all_that_motive_has(writer: ModuleType) -> None:
    """In exact versions within its ranges, none of them another than Motive's own; `make docs` takes both files."""
    lines = [line for line in (ROOT / "constraints-docs.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    pins = {canonicalize_name(pin.name): pin for pin in map(Requirement, lines)}
    assert sorted(lines, key=lambda line: line.split("==")[0]) == lines and len(pins) == len(lines) and not set(pins) & set(PINS)
    wanted = [Requirement(line) for line in writer.wanted(writer.DOCS)]
    assert wanted and all(one.specifier.contains(version_of(pins[canonicalize_name(one.name)])) for one in wanted)
    rule = (ROOT / "Makefile").read_text(encoding="utf-8").split("docs.stamp:")[1]
    assert "--constraint constraints-docs.txt" in rule and "--target $(DOCS_TOOLS)" in rule


def every_requirement() -> list[Requirement]:
    """Of running, developing, measuring, auditing and building."""
    lines = [line.strip() for path in sorted(ROOT.glob("requirements*.txt")) for line in path.read_text(encoding="utf-8").splitlines()]
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = [one for group in package["project"].get("optional-dependencies", {}).values() for one in group]
    return [Requirement(line) for line in [*lines, *package["project"]["dependencies"], *extras, *package["build-system"]["requires"]]
            if line and not line.startswith(("#", "-"))]


def bounded(wanted: Requirement) -> bool:
    """Whether a version that is yet to come, with changes nobody here has seen, stays out."""
    return any(one.operator in ("<", "<=", "==", "~=", "===") for one in wanted.specifier)


def test_every_dependency_has_an_upper_bound() -> None:
    names = {canonicalize_name(one.name) for one in every_requirement()}
    assert {"streamlit", "pytest", "quantecon", "pip-audit", "setuptools"} <= names  # every file is looked at
    assert not [str(one) for one in every_requirement() if not bounded(one)]
    assert not bounded(Requirement("pyarrow>=17")) and not bounded(Requirement("pytest")) and not bounded(Requirement("a!=2,>1"))


@pytest.mark.skipif(not os.environ.get("CI"), reason="only CI has to run the very versions that are pinned")
def test_the_environment_has_the_pinned_versions_and_no_others() -> None:
    have = {canonicalize_name(one.metadata["Name"]): one.version for one in distributions()}
    pinned = {name: version_of(pin) for name, pin in PINS.items() if pin.marker is None or pin.marker.evaluate()}
    assert {name: have.get(name) for name in pinned} == pinned
    assert not set(have) - set(PINS) - NOT_PINNED, "make constraints"


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize(("settings", "constrained"), [((), True), (("CONSTRAINTS=",), False)])
def test_setup_and_dev_install_the_tested_set_unless_told_otherwise(settings: tuple[str, ...], constrained: bool) -> None:
    said = subprocess.run(["make", "--always-make", "--dry-run", "dev", *settings], cwd=ROOT, capture_output=True, text=True, check=True)
    installs = [line for line in said.stdout.splitlines() if "pip install" in line]
    assert len(installs) == 3
    assert all(("--constraint constraints.txt" in line) == constrained for line in installs)


def test_a_package_that_some_systems_do_without_says_when_it_is_needed(writer: ModuleType) -> None:
    watched = "watchdog>=6 ; platform_system != 'Darwin'"
    found = [{"name": "streamlit", "version": "1.67.0", "requires_dist": [watched, "click", "rich ; extra == 'all'"]},
             {"name": "Click", "version": "8.1", "requires_dist": ["colorama ; platform_system == 'Windows'"]},
             {"name": "watchdog", "version": "7.0"}, {"name": "motive", "version": "0.1.0"}, {"name": "setuptools", "version": "80"}]
    assert writer.lines_of(found) == ["click==8.1", "streamlit==1.67.0", 'watchdog==7.0 ; platform_system != "Darwin"']

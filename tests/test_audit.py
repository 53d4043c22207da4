"""The audit of known vulnerabilities: what it makes of the answers, above all of none."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["audit"] = module  # a dataclass looks its module up
    spec.loader.exec_module(module)
    return module


def said(*dependencies: dict[str, object]) -> str:
    return json.dumps({"dependencies": list(dependencies), "fixes": []})


CLEAN = {"name": "numpy", "version": "2.4.6", "vulns": []}
BAD = {"name": "pillow", "version": "13.0.0", "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["13.0.1"]}]}
SKIPPED = {"name": "altair", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def test_a_service_that_knows_every_package_settles_it(audit: ModuleType) -> None:
    code, lines = audit.told({"pypi": audit.answer_of(said(CLEAN), "")})
    assert code == 0 and lines[-1].startswith("No known vulnerability")


def test_a_vulnerability_fails_and_names_package_advisory_and_cure(audit: ModuleType) -> None:
    code, lines = audit.told({"pypi": audit.answer_of(said(CLEAN, BAD, SKIPPED), "")})
    assert code == 1
    assert any(all(word in line for word in ("pillow 13.0.0", "PYSEC-1", "CVE-1", "13.0.1")) for line in lines)


@pytest.mark.parametrize(("output", "errors"), [("", "ConnectionError: no name"), ("{", ""), (said(SKIPPED), ""), (said(), ""),
                                                (said(CLEAN, SKIPPED), "")])
def test_an_audit_that_reached_nobody_or_not_all_is_no_pass(audit: ModuleType, output: str, errors: str) -> None:
    """A mirror that knows no advisories lets pip-audit end with 0: every package skipped, nothing found."""
    code, lines = audit.told({"pypi": audit.answer_of(output, errors), "osv": audit.Answer(trouble="no name")})
    assert code == 2 and lines[-1].startswith("NOT AUDITED")


def test_the_second_service_may_settle_what_the_first_left_open(audit: ModuleType) -> None:
    assert audit.told({"pypi": audit.answer_of(said(SKIPPED), ""), "osv": audit.answer_of(said(CLEAN), "")})[0] == 0

"""Every block of Python in the pages on what one may add runs as it stands, and does what the page says."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from irlcore.contracts import feature_kind, rationality, world
from irlcore.features.base import KINDS
from irlcore.rationality.models import MODELS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted((DOCS / "extending").glob("*.md"))
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture(autouse=True)
def kinds_put_back() -> Iterator[None]:
    before = dict(KINDS)
    yield
    KINDS.clear()
    KINDS.update(before)


def run(page: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The names that the blocks of a page leave behind, run one after the other."""
    text = (DOCS / "extending" / page).read_text(encoding="utf-8")
    module = ModuleType("example")  # where a class that goes to another process is found again
    monkeypatch.setitem(sys.modules, "example", module)
    names = vars(module)
    for found in BLOCK.finditer(text):
        above = "\n" * text[:found.start(1)].count("\n")  # so that an error names the line of the page
        exec(compile(above + found.group(1), page, "exec", dont_inherit=True), names)
    return names


def test_there_is_a_page_for_each_and_the_first_page_leads_to_them() -> None:
    assert [page.name for page in PAGES] == ["feature.md", "rationality.md", "world.md"]
    first = (DOCS / "extending.md").read_text(encoding="utf-8")
    assert all(f"(extending/{page.name})" in first for page in PAGES)
    counts = {"a world": world.PARTS, "a kind of feature": feature_kind.PARTS, "a model of rationality": rationality.PARTS}
    for name, parts in counts.items():
        assert re.search(rf"^\| {name} \|.*\| {len(parts)} parts", first, re.MULTILINE), name


def test_a_world(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = run("world.md", monkeypatch)
    said = capsys.readouterr().out
    assert found["checked"].parts == tuple(world.PARTS)
    assert "Of 5 places, 0 cannot be reached from another and 0 cannot be left." in said
    assert found["broken"].part == "lengths and turns are possible"
    assert "choice_length of choice 0 is -2, not a number of 0 or more." in found["broken"].what


def test_a_kind_of_feature(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = run("feature.md", monkeypatch)
    assert found["checked"].parts == tuple(feature_kind.PARTS) and len(found["checked"].cases) == 12
    assert found["matrix"].names == ("length (km)", "ways on") and found["matrix"].coverage[1] > 0.9
    assert found["broken"].part == "the order of states changes no column" and found["broken"].found != found["broken"].expected
    assert "14 parts of the contract hold in 12 cases" in capsys.readouterr().out


def test_a_model_of_rationality_that_is_fitted_without_being_registered(capsys: pytest.CaptureFixture[str],
                                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    found = run("rationality.md", monkeypatch)
    said = capsys.readouterr().out
    assert found["checked"].parts == tuple(rationality.PARTS) and "18 parts of the contract hold" in said
    assert "distracted" not in MODELS and found["found"].rationality == "distracted"
    truth = np.append(found["truth"], found["share"])
    fitted, errors = (np.append(getattr(found["found"], a), getattr(found["found"], b)) for a, b in (("theta", "own"),
                                                                                                    ("se_robust", "own_se")))
    # normal errors, half as wide again as they are told to be, miss by so much once in five million fits
    assert (errors > 0.0).all() and (np.abs(fitted - truth) < 1.5 * 5.2 * errors).all() and (errors < 0.25).all()
    assert found["broken"].part == "jvp is the derivative of log chances"
    assert abs(found["broken"].found - found["broken"].expected) > 1e-3

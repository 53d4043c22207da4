"""What stands beside the source: how to cite it, a map of the house that is true, a README of three minutes, and the licence question."""

from __future__ import annotations

import re

import irlcore
from tests.docs import FENCE, ROOT

PATH = re.compile(r"`([\w.-]+(?:/[\w.-]+)*(?:/|\.py|\.md|\.txt|\.cff))`")
WORDS_A_MINUTE = 250
"""What people read of plain text; tables and code, which are looked at and not read, count as a third."""


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_citation_is_of_this_version_and_names_the_method() -> None:
    text = read("CITATION.cff")
    fields = dict(re.findall(r"^([a-z-]+): *(.*)$", text, re.MULTILINE))
    assert fields["cff-version"] == "1.2.0" and fields["type"] == "software" and fields["version"] == irlcore.__version__
    assert {"message", "title", "authors", "references"} <= set(fields) and "license" not in fields
    assert "The Motive developers" in text and "WS-12-11" in text and "year: 2012" in text and "\t" not in text


def test_the_map_of_the_house_names_every_folder_and_nothing_that_is_gone() -> None:
    text = read("CONTRIBUTING.md")
    named = PATH.findall(text)
    assert len(named) > 40
    bases = [ROOT, *(ROOT / one for one in ("irlcore", "irlcore/features", "irlcore/fitting", "irlcore/rationality", "irlcore/review",
                                            "irlcore/worlds", "app", "docs"))]
    assert [one for one in named if not any((base / one).exists() for base in bases)] == []
    rooms = {one.name for one in (ROOT / "irlcore").iterdir() if (one / "__init__.py").exists()}
    assert len(rooms) > 15 and [one for one in sorted(rooms) if not re.search(rf"`{one}/?`", text)] == []


def minutes(text: str) -> float:
    """How long it takes to read a page."""
    code = sum(len(one["code"].split()) for one in FENCE.finditer(text))
    plain = FENCE.sub("", text)
    tables = sum(len(line.split()) for line in plain.splitlines() if line.startswith("|"))
    prose = sum(len(line.split()) for line in plain.splitlines() if not line.startswith("|"))
    return (prose + (code + tables) / 3) / WORDS_A_MINUTE


def test_the_readme_takes_three_minutes() -> None:
    """But for the paragraphs on what can be added, which few need."""
    short = re.sub(r"^\*\*Add a .*?(?=^\*\*Add|^\[CONTRIBUTING|^## )", "", read("README.md"), flags=re.MULTILINE | re.DOTALL)
    assert minutes(short) <= 3.0
    assert minutes("word " * 500) == 2.0


def test_the_question_of_the_licence_is_raised() -> None:
    assert "## Licence" in read("README.md") and "owner" in read("README.md").split("## Licence")[1]
    assert "licence" in read("CONTRIBUTING.md").lower()

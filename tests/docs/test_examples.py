"""Every block of the docs that is marked as an example (```python example) runs and shows what it says; those of a page build on
each other, as they are read."""

from __future__ import annotations

import doctest
from pathlib import Path
from typing import Any

import pytest

from tests.docs import DOCS, EXAMPLE, ROOT, blocks, pages


def examples(page: Path) -> list[tuple[str, int]]:
    """(code, line) of a page's examples."""
    return [(one.code, one.line) for one in blocks(page.read_text(encoding="utf-8")) if one.info == EXAMPLE]


def run(code: str, line: int, page: str, names: dict[str, Any]) -> None:
    """Code as a session with >>> is held against what it shows; other code has to run. Assertion errors tell the rest."""
    if not code.lstrip().startswith(">>>"):
        exec(compile("\n" * (line - 1) + code, page, "exec"), names)
        return
    session = doctest.DocTestParser().get_doctest(code, names, page, page, line - 1)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(session, out=said.append, clear_globs=False)
    names.update(session.globs)
    assert not said, "".join(said)


RUN_ELSEWHERE = "extending"
"""Pages and folders called so: their blocks are run whole, marked or not, by tests/contracts."""
WITH_EXAMPLES = [page for page in (ROOT / "README.md", *pages()) if examples(page)]


@pytest.mark.kernels
@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_examples_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # what they write stays nowhere
    names: dict[str, Any] = {"__name__": "example"}
    for code, line in examples(page):
        run(code, line, page.name, names)


def test_there_are_examples() -> None:
    assert {"index.md", "models.md", "features.md", "worlds.md"} <= {page.name for page in WITH_EXAMPLES}


def test_code_that_runs_as_a_session_is_marked() -> None:
    """So that no session is shown that nobody runs."""
    mine = [page for page in pages() if not page.relative_to(DOCS).as_posix().startswith(RUN_ELSEWHERE)]
    shown = [(page.name, one.line) for page in mine for one in blocks(page.read_text(encoding="utf-8")) if one.info != EXAMPLE
             and one.code.lstrip().startswith(">>>")]
    assert shown == []


def test_an_example_that_shows_something_else_is_found() -> None:
    with pytest.raises(AssertionError, match="Expected"):
        run(">>> 1 + 1\n3\n", 1, "page", {})
    with pytest.raises(ZeroDivisionError):
        run("1 / 0\n", 1, "page", {})

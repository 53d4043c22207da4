"""What a button does when it fails: the page is drawn all the same, and says so; so does what runs again by itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest
from streamlit.testing.v1 import AppTest

import app.session
import app.shell
from irlcore.errors import FeatureError
from tests.app.server.running import ROOT, environment
from tests.app.test_faults import raising, told, usable
from tests.app.test_pages import ENTRY, opened

FORESEEN = FeatureError("Feature 'mud' is 0 everywhere.", "Switch it off.")


def without_a_feature() -> AppTest:
    page = opened("town").switch_page("screens/features.py").run()
    return next(b for b in page.button if b.help == "Remove this feature").click().run()


@pytest.mark.parametrize(("error", "says"), [(OSError(28, "No space left"), "could not be done"), (FORESEEN, "'mud' is 0 everywhere")])
def test_a_button_that_fails_leaves_the_page_and_says_why_until_it_is_dismissed(error: Exception, says: str,
                                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    page = without_a_feature()
    monkeypatch.setattr(app.session, "undo", raising(error))
    page.run()
    page.sidebar.button(key="undo").click().run()
    usable(page)
    assert page.title[0].value.startswith("What might matter to them")
    assert len(told(page)) == 1 and says in told(page)[0].replace("\\", "")
    page.button(key="dismiss").click().run()
    assert not told(page)


def test_every_callback_of_every_page_is_one_that_says_what_it_raises() -> None:
    def answers(given: ast.expr) -> bool:
        return isinstance(given, ast.Constant) or (isinstance(given, ast.Call) and ast.unparse(given.func) == "clicked")

    bare = [f"{path.relative_to(ROOT)}:{node.value.lineno} {ast.unparse(node)}"
            for path in sorted((ROOT / "app").rglob("*.py")) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.keyword) and node.arg in ("on_click", "on_change", "on_select") and not answers(node.value)]
    assert not bare


class Broken:
    """A job whose progress cannot be told."""

    state, title, message, clock, session = "running", "Fit", "at work", "1 s so far", "test session id"

    @property
    def share(self) -> NoReturn:
        raise KeyError("share")


def test_progress_that_cannot_be_shown_is_told_once_and_by_the_part_that_runs_again_by_itself() -> None:
    page = opened("town")
    page.session_state["job"] = Broken()
    page.run()
    usable(page)
    assert len(told(page)) == 1 and "How far the work is cannot be shown" in told(page)[0] and "KeyError" in told(page)[0]


def test_so_is_a_save_that_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened("town")

    class Saving:
        state = "saving"

    savers = iter([Saving()])  # the line asks once, its fragment again

    def saving() -> Saving:
        for one in savers:
            return one
        raise KeyError("saver")

    monkeypatch.setattr(app.session, "saving", saving)
    page.run()
    usable(page)
    assert len(told(page)) == 1 and "How the project is kept cannot be told" in told(page)[0] and "KeyError" in told(page)[0]


def test_what_nothing_else_catches_is_said_in_words_too() -> None:
    def script(entry: str) -> None:
        import runpy

        from streamlit.error_util import invoke_script_error_handler

        assert invoke_script_error_handler(ValueError("no"), runpy.run_path(entry, run_name="__mp_main__")["unforeseen"])

    page = AppTest.from_function(script, args=(ENTRY,)).run()
    assert not page.exception and "The page cannot be shown" in page.error[0].value


def test_streamlit_is_given_the_words_for_it(tmp_path: Path) -> None:
    asked = "import app.streamlit_app as a; assert a.app._on_script_error is a.unforeseen"
    env = {**environment(tmp_path), "MOTIVE_PASSWORD": "correct horse"}
    subprocess.run([sys.executable, "-c", asked], cwd=ROOT, env=env, check=True)

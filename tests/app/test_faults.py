"""Whatever a page, the sidebar or a background job raises: undo and save are drawn, and the analyst is told what failed and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import app.fitting.model_comparison
import app.importing.import_form
import app.shell
from irlcore.errors import FeatureError
from tests.app.test_pages import PAGES, opened

ERRORS = (TypeError("'<' not supported between instances of 'float' and 'str'"), KeyError("speed"),
          IndexError("out of bounds"), ZeroDivisionError(), RecursionError("too deep"), MemoryError(), AssertionError(),
          ValueError("a\nb"), OSError(28, "No space left"))


def raising(error: BaseException) -> Callable[..., Any]:
    def work(*args: object, **kwargs: object) -> None:
        raise error

    return work


def told(app: AppTest) -> list[str]:
    return [one.value for one in app.error if "What to do" in one.value]


def usable(app: AppTest) -> None:
    """The sidebar is whole: all steps, undo, redo and save."""
    assert not app.exception
    assert not app.sidebar.button(key="undo").disabled
    assert app.sidebar.button(key="redo") is not None
    assert "Save project" in [one.proto.label for one in app.sidebar.get("download_button")]
    assert len(app.sidebar.get("page_link")) == len(PAGES) + 1  # the glossary


@pytest.fixture(scope="module", params=range(len(ERRORS)), ids=[type(e).__name__ for e in ERRORS])
def error(request: pytest.FixtureRequest) -> BaseException:
    return ERRORS[request.param]


def test_whatever_a_page_raises_the_shell_stays_usable_and_undo_leads_back(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    app_ = opened("town")
    before = app_.session_state["project"]
    app_.switch_page("screens/features.py").run()
    next(b for b in app_.button if b.help == "Remove this feature").click().run()
    monkeypatch.setattr(app.shell, "headline", raising(error))
    for page in PAGES:
        app_.switch_page(f"screens/{page}.py").run()
        usable(app_)
        assert len(told(app_)) == 1 and f"The page {page.capitalize()} cannot be shown" in told(app_)[0]
        assert "undo the last change" in told(app_)[0] and "Save it" in told(app_)[0]
        assert type(error).__name__ in app_.main.expander[-1].code[0].value  # the details, folded
        assert app_.main.expander[-1].label == "Details" and not app_.main.expander[-1].proto.expanded
    app_.sidebar.button(key="undo").click().run()
    assert app_.session_state["project"] is not None and len(app_.session_state["project"].features) == len(before.features)
    monkeypatch.undo()
    app_.run()
    assert not app_.error


def test_the_sidebar_itself_survives_what_its_parts_raise(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    app_ = opened("town")
    app_.switch_page("screens/fit.py").run()
    app_.button(key="fit_button").click().run()
    monkeypatch.setattr(app.shell, "labels_offered", raising(error))
    monkeypatch.setattr(app.shell, "staleness", raising(error))
    app_.session_state["held"] = (None, {})  # as after a change of the project
    app_.switch_page("screens/start.py").run()
    usable(app_)
    assert any("The classes cannot be listed" in one for one in told(app_))
    app_.switch_page("screens/fit.py").run()
    assert any("Whether this fit still holds cannot be told" in one.value for one in app_.main.warning)


def test_a_job_that_dies_is_told_above_the_page_and_can_be_dismissed(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    app_ = opened("town")
    monkeypatch.setattr(app.fitting.model_comparison, "fit_record", raising(error))
    app_.switch_page("screens/fit.py").run()
    app_.button(key="fit_button").click().run()
    usable(app_)
    assert "Fit did not end" in told(app_)[0] and len(app_.main.expander[0].code) == 1
    assert app_.session_state["project"].fit is None
    app_.button(key="dismiss").click().run()
    assert not app_.error


def test_a_result_that_cannot_be_taken_over_takes_no_page_away(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    app_ = opened("town")
    app_.switch_page("screens/fit.py").run()
    monkeypatch.setattr(app.fitting.model_comparison, "with_fit", raising(error))
    app_.button(key="fit_button").click().run()
    usable(app_)
    assert "could not be taken over" in told(app_)[0]
    app_.switch_page("screens/tracks.py").run()
    usable(app_)


def test_a_part_of_the_tracks_page_that_fails_leaves_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above all the form that names the class, which may be the way out."""
    app_ = opened("town")
    monkeypatch.setattr(app.importing.import_form, "uploaded", raising(TypeError("no")))
    app_.switch_page("screens/tracks.py").run()
    usable(app_)
    assert len(told(app_)) == 1
    assert app_.button(key="set_class") is not None


def test_an_error_that_was_foreseen_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    app_ = opened("town")
    monkeypatch.setattr(app.shell, "headline", raising(FeatureError("Feature 'mud' is 0 everywhere.", "Switch it off.")))
    app_.run()
    usable(app_)
    assert len(told(app_)) == 1 and "went wrong" not in told(app_)[0] and "Switch it off" in told(app_)[0]


def test_what_was_said_of_other_tracks_goes_with_them() -> None:
    app_ = opened("town")
    app_.session_state["notice"] = FeatureError("Nothing can be learned from these tracks.", "Add tracks.")
    app_.switch_page("screens/fit.py").run()
    assert len(told(app_)) == 1
    app_.switch_page("screens/start.py").run()
    app_.button(key="sample_anchorage").click().run()
    assert not told(app_)

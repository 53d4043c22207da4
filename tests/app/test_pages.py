"""Every page runs empty and with each sample, and the whole line works once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from irlcore.project.project_file import load_project, save_project

ENTRY = str(Path(__file__).resolve().parents[2] / "app" / "streamlit_app.py")
PAGES = ("start", "tracks", "features", "fit", "review", "intent", "report")


def opened(sample: str = "") -> AppTest:
    app = AppTest.from_file(ENTRY, default_timeout=60)
    app.session_state["run_inline"] = True
    app.run()
    if sample:
        app.button(key=f"sample_{sample}").click().run()
    return app


@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs_empty(page: str) -> None:
    app = opened().switch_page(f"screens/{page}.py").run()
    assert not app.exception
    assert not app.error
    assert app.title


@pytest.mark.parametrize("sample", ["town", "anchorage", "fishing", "tickets"])
def test_the_whole_line_on_a_sample(sample: str) -> None:
    app = opened(sample)
    assert not app.exception
    app.switch_page("screens/fit.py").run()
    app.button(key="fit_button").click().run()
    assert not app.exception
    assert app.session_state["project"].fit is not None
    for page in PAGES:
        app.switch_page(f"screens/{page}.py").run()
        assert not app.exception, page
        assert not app.error, page
    project = app.session_state["project"]
    again = load_project(save_project(project))
    assert (again.fit.result.theta == project.fit.result.theta).all()
    assert again.history == project.history


def test_undo_gives_the_former_project_back() -> None:
    app = opened("town")
    app.switch_page("screens/features.py").run()
    count = len(app.session_state["project"].features)
    next(b for b in app.button if b.help == "Remove this feature").click().run()
    assert len(app.session_state["project"].features) == count - 1
    app.run()
    app.sidebar.button(key="undo").click().run()
    assert len(app.session_state["project"].features) == count


def test_one_track_alone_goes_through_every_page() -> None:
    """Straight along one axis, its last point on the very border of the grid."""
    rows = "\n".join(f"a,{i},{i * 10},5000000" for i in range(30))
    app = opened().switch_page("screens/tracks.py").run()
    app.file_uploader(key="uploads").set_value([("points.csv", f"track,t,x,y\n{rows}".encode(), "text/csv")]).run()
    app.button(key="import").click().run()
    assert len(app.session_state["project"].paths) == 1
    app.switch_page("screens/fit.py").run()
    app.button(key="fit_button").click().run()
    for page in PAGES:
        app.switch_page(f"screens/{page}.py").run()
        assert not app.exception and not app.error, page


def test_the_script_can_be_loaded_where_streamlit_does_not_run_it() -> None:
    """As a spawned process does that finds it as the main module."""
    loaded = subprocess.run([sys.executable, ENTRY], capture_output=True, text=True)
    assert loaded.returncode == 0, loaded.stderr[-2000:]

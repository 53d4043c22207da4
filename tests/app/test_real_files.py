"""Real files go through the same pages as the samples: a network by upload, points on a grid, a network without a map."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.app.test_pages import PAGES, opened

DATA = Path(os.environ.get("MOTIVE_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
FILES = {
    "shanghai": ("links.csv", "nodes.csv", "transitions.csv", "paths.csv.gz"),
    "vmt": ("points.csv.gz", "tracks.csv"),
    "borlange": ("links.csv.gz", "transitions.csv.gz", "observations.csv.gz"),
}
TRACKS = {"shanghai": 5000, "vmt": 500, "borlange": 1000}
"""At least so many tracks are usable, whichever part of the set is here."""


def uploaded(name: str) -> AppTest:
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"needs the data set {name} in {DATA.resolve()} (MOTIVE_DATA says where)")
    app = opened().switch_page("screens/tracks.py").run()
    app.file_uploader(key="uploads").set_value([(file, (folder / file).read_bytes(), "text/csv") for file in FILES[name]])
    app.run()
    assert not app.exception and not app.error, name
    app.button(key="import").click().run()
    assert not app.exception and not app.error, name
    return app


@pytest.mark.parametrize("name", FILES)
def test_import_and_every_page_before_a_fit(name: str) -> None:
    app = uploaded(name)
    project = app.session_state["project"]
    assert len(project.paths) >= TRACKS[name]
    assert len(project.paths) >= 0.99 * len(project.tracks)
    for page in PAGES:
        app.switch_page(f"screens/{page}.py").run()
        assert not app.exception and not app.error, page


def test_points_on_a_grid_are_fitted_reviewed_and_reported() -> None:
    app = uploaded("vmt")
    app.switch_page("screens/fit.py").run()
    app.button(key="fit_button").click().run()
    fit = app.session_state["project"].fit
    assert fit is not None and np.isfinite(fit.result.loglik)
    for page in PAGES:
        app.switch_page(f"screens/{page}.py").run()
        assert not app.exception and not app.error, page

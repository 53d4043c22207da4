"""A coast among the uploaded files: known as land, drawn and blocked, and tracks on its shore are not lost."""

from __future__ import annotations

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from irlcore.errors import WorldError
from irlcore.project.project import Project
from irlcore.worlds.grid import LAND, build_grid, map_tracks
from tests.app.importing.form import said, tracks_page
from tests.app.test_pages import opened
from tests.tracks.trips.made_up import tracks

ISLAND = [[20.0, 20.0], [40.0, 20.0], [40.0, 40.0], [20.0, 40.0], [20.0, 20.0]]
LAKE = [[28.0, 28.0], [28.0, 32.0], [32.0, 32.0], [32.0, 28.0], [28.0, 28.0]]
RING = np.array(ISLAND)


def coast(name: str = "island", *rings: list[list[float]]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": name}, "geometry": {
        "type": "MultiPolygon", "coordinates": [[list(ring)] for ring in rings or (ISLAND,)]}}]}).encode()


def day(k: int, across: bool = False) -> bytes:
    """Boats that sail along the bottom; of the last day one goes over the corner of the island."""
    rows = [f"{k}-{i},{60 * t},{2 * t},{(i + 18 if across and i == 0 else i)}" for i in range(10) for t in range(30)]
    return ("id,t,x,y\n" + "\n".join(rows)).encode()


def page(name: str = "coast.geojson", area: bytes | None = None) -> AppTest:
    app = opened().switch_page("screens/tracks.py").run()
    days = [(f"d{k}.csv", day(k, k == 2), "text/csv") for k in range(3)]
    app.file_uploader(key="uploads").set_value([*days, (name, area or coast(), "application/json")]).run()
    return app


def imported(app: AppTest) -> Project:
    app.button(key="import").click().run()
    assert not app.exception
    project: Project = app.session_state["project"]
    return project


def test_days_of_the_same_columns_are_one_line_and_the_coast_is_land() -> None:
    app = page()
    words = said(app)
    assert not app.exception and not app.error and "3 files, d0.csv to d2.csv" in words and "900 rows" in words
    assert "coast.geojson** · 1 area · looks like land" in words and app.selectbox(key="areas_coast.geojson").value == "blocked"
    assert len([one for one in app.selectbox if str(one.key).startswith("role_")]) == 1


def test_land_is_drawn_and_blocked_and_who_passes_over_it_is_kept() -> None:
    shore = [[20.0, 17.0], [22.5, 17.0], [22.5, 40.0], [20.0, 40.0], [20.0, 17.0]]
    app = page(area=coast("two", shore, [[50.0, 30.0], [56.0, 30.0], [56.0, 36.0], [50.0, 30.0]]))
    app.number_input(key="cell").set_value(2.0).run()
    assert "1 of 30 tracks has points on this land" in said(app)
    project = imported(app)
    assert project.world is not None and project.paths is not None and [file.kind for file in project.map_files] == ["land"]
    assert len(project.world.settings[LAND]) == 2 and len(project.paths) == 30


def test_files_of_areas_can_be_drawn_only_or_left_out() -> None:
    app = page()
    app.selectbox(key="areas_coast.geojson").set_value("drawn").run()
    drawn = imported(app)
    assert drawn.world is not None and LAND not in drawn.world.settings and len(drawn.map_files) == 1
    app = page()
    app.selectbox(key="areas_coast.geojson").set_value("").run()
    assert not imported(app).map_files
    assert page("harbour_water.geojson").selectbox(key="areas_harbour_water.geojson").value == "drawn"


def test_a_coast_alone_is_refused_in_words() -> None:
    app = opened().switch_page("screens/tracks.py").run()
    app.file_uploader(key="uploads").set_value([("coast.geojson", coast(), "application/json")]).run()
    assert not app.exception and "its features are areas (1)" in said(app)


@pytest.mark.parametrize("heading", [False, True])
def test_cells_of_land_that_a_track_passes_stay_open_and_no_others(heading: bool) -> None:
    along = np.column_stack((60.0 * np.arange(31), 2.0 * np.arange(31), np.full(31, 30.0)))
    along[12:18, 1:] = along[11, 1:]  # unseen over the middle of the island: filled, and open too
    made = tracks(("over", along), crs=None)
    strict = build_grid(0.0, 0.0, 60.0, 60.0, 2.0, "m", blocked=[RING], heading=heading)
    coarse = build_grid(0.0, 0.0, 60.0, 60.0, 2.0, "m", land=[RING], passed=made, heading=heading)
    assert strict.n_places == 900 - 100 and coarse.n_places == 900 - 90
    with pytest.raises(WorldError, match="enters a blocked cell"):
        map_tracks(strict, made)
    assert len(map_tracks(coarse, made).paths) == 1
    assert build_grid(0.0, 0.0, 60.0, 60.0, 2.0, "m", land=[RING], heading=heading).n_places == 800


def test_the_uploaded_tables_alone_are_read_as_before() -> None:
    assert "30 tracks kept" in said(tracks_page(a=day(0), b=day(1), c=day(2)))

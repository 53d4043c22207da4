"""Files that are laid under the map: read, shown, changed, taken away, undone, and refused in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from app.observed import tracks_map
from irlcore.maps.scene import Scene
from tests.app.importing.form import said
from tests.app.test_pages import opened
from tests.maps.test_map_files import ISLE, SEA, dbf, feature, geojson, poly, shp
from tests.report import EVIL


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Scene]:
    scenes: list[Scene] = []
    monkeypatch.setattr(tracks_map, "show", lambda one, key, **_: scenes.append(one))
    return scenes


def laid(**files: bytes) -> AppTest:
    app = opened("anchorage")
    app.session_state["project"] = replace(app.session_state["project"], map_files=())  # the sample has one of its own
    app.switch_page("screens/tracks.py").run()
    app.file_uploader(key="map_files").set_value([(name.replace("__", "."), content, "application/octet-stream")
                                                  for name, content in files.items()]).run()
    return app.button(key="lay_files").click().run()


def test_a_file_lies_under_the_map_until_it_is_taken_away(shown: list[Scene]) -> None:
    app = laid(islands__geojson=geojson(feature("Polygon", [SEA, ISLE], name=EVIL)))
    assert not app.exception and not app.error
    file, = app.session_state["project"].map_files
    assert (file.kind, file.names) == ("land", (EVIL,)) and shown[-1].layers[0].name == "map land"
    app.selectbox(key=f"map_kind_{app.session_state['changes']}_0").set_value("coast").run()
    assert [f.kind for f in app.session_state["project"].map_files] == ["coast"] and shown[-1].layers[0].name == "map coast"
    app.button(key="map_remove_0").click().run()
    assert app.session_state["project"].map_files == () and not shown[-1].layers[0].name.startswith("map")
    app.sidebar.button(key="undo").click().run()
    assert len(app.session_state["project"].map_files) == 1


def test_several_files_at_once_and_a_shapefile_in_parts(shown: list[Scene]) -> None:
    app = laid(a__shp=shp(poly(3, ISLE)), a__dbf=dbf(["pier"]), water__geojson=geojson(feature("Polygon", [SEA])))
    assert [(f.name, f.kind) for f in app.session_state["project"].map_files] == [("a.shp", "coast"), ("water.geojson", "water")]
    assert [layer.name for layer in shown[-1].layers[:2]] == ["map water", "map coast"]


@pytest.mark.parametrize(("name", "content", "words"), [
    ("x__geojson", geojson(feature("LineString", [[0, 0], ["a", 1]], name="quay")), "Feature 1 ('quay')"),
    ("x__dbf", b"abc", "whose .shp is not there"), ("x__geojson", b"{", "JSON"),
    ("x__geojson", geojson(feature("LineString", [[1e7, 0], [1e7, 9]])), "lies on or near the map")])
def test_what_cannot_be_read_is_said_and_changes_nothing(name: str, content: bytes, words: str, shown: list[Scene]) -> None:
    app = laid(**{name: content})
    assert not app.exception and words in said(app)
    assert app.session_state["project"].map_files == ()


def test_a_file_that_lies_elsewhere_is_said_to(shown: list[Scene]) -> None:
    app = laid(x__geojson=geojson(feature("LineString", [[4500.0, 0.0], [5000.0, 0.0]])))
    assert len(app.session_state["project"].map_files) == 1 and "lies where the tracks are" in said(app)

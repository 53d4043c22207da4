"""What is done on a map reaches the page once, whatever a browser sends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.map import component
from tests.app.map.acting import act, maps
from tests.app.map.unpacking import unpacked

RING = [0.0, 0.0, 5.0, 0.0, 5.0, 5.0]


def page() -> None:
    import streamlit as st

    from app import session
    from app.map.component import show, show_many
    from benchmarks.screens import scenes

    town = st.session_state.setdefault("town", scenes.town(40_000 if st.session_state.get("large") else 100, 400))
    touched = show(scenes.town_scene(town, scenes.track_layers(town, 2)), "map", drawable=True)
    show_many([("a", scenes.town_scene(town)), ("<b>", scenes.town_scene(town))], "many")
    st.session_state["seen"] = [*st.session_state.get("seen", []), touched]
    st.write(f"selected {session.selected()}")


@pytest.fixture
def at() -> AppTest:
    return AppTest.from_function(page, default_timeout=60).run()


def seen(at: AppTest) -> list[Any]:
    return [one for one in at.session_state["seen"] if one.ring is not None or one.place >= 0]


def test_a_click_selects_before_the_page_runs(at: AppTest) -> None:
    act(at, {"n": 1, "track": "T7"})
    assert at.markdown[0].value == "selected T7" and not at.exception and not seen(at)
    assert len(at.session_state["seen"]) == 2  # no second rerun


def test_a_ring_is_given_back_once_and_closed(at: AppTest) -> None:
    act(at, {"n": 5, "ring": RING}, times=2)
    at.run()
    [one] = seen(at)
    assert (one.ring == np.array([[0, 0], [5, 0], [5, 5], [0, 0]])).all() and one.ring.dtype == float and one.place == -1
    assert unpacked(maps(at)[0].bytes)["heeded"] == 5


def test_a_place_is_given_back_once(at: AppTest) -> None:
    act(at, {"n": 5, "place": "31"})
    at.run()
    assert [one.place for one in seen(at)] == [31]


def test_acts_that_are_sent_again_are_not_done_again_and_none_is_lost(at: AppTest) -> None:
    """While the server is busy the browser sends what is not confirmed along with what is new."""
    act(at, {"n": 1, "track": "T1"}, {"n": 2, "ring": RING})
    act(at, {"n": 1, "track": "T1"}, {"n": 2, "ring": RING}, {"n": 3, "place": "4"})
    act(at, {"n": 3, "place": "4"}, {"n": 4, "track": "T9"})
    assert [(one.ring is not None, one.place) for one in seen(at)] == [(True, -1), (False, 4)]
    assert at.markdown[0].value == "selected T9"


@pytest.mark.parametrize("bad", [
    None, 7, "ring", {"n": 1}, {"n": "1", "track": "T1"}, {"n": -1, "track": "T1"}, {"n": 1, "track": ["T1"]}, {"n": 1, "place": "-3"},
    {"n": 1, "place": 3}, {"n": 1, "place": "9" * 40}, {"n": 1, "ring": [0, 0, 1]}, {"n": 1, "ring": ["a"] * 6},
    {"n": 1, "ring": [1e999, 0, 1, 1, 2, 2]}, {"n": 1, "ring": [True] * 6}, {"n": True, "ring": None}, {"n": 1, "ring": {"x": 1}},
])
def test_what_is_no_act_does_nothing(at: AppTest, bad: Any) -> None:
    act(at, bad)
    assert not at.exception and not seen(at) and at.markdown[0].value == "selected"


def test_heavy_layers_travel_by_themselves_and_stay_the_same() -> None:
    at = AppTest.from_function(page, default_timeout=120)
    at.session_state["large"] = True
    at.run()
    fed = {one.proto.id: one.proto.bytes for one in at.get("bidi_component") if one.proto.component_name == "motive_map_layer"}
    assert len(fed) >= 2 and all(len(data) > 20_000 for data in fed.values()) and len(maps(at)[0].bytes) < 20_000
    act(at, {"n": 1, "track": "T7"})
    again = {one.proto.id: one.proto.bytes for one in at.get("bidi_component") if one.proto.component_name == "motive_map_layer"}
    assert again == fed
    head = unpacked(maps(at)[1].bytes)
    assert head["titles"] == ["a", "<b>"] and len(head["scenes"]) == 2


def test_the_page_gets_one_program_without_imports() -> None:
    program = component._program()
    assert program.count("export default") == 1 and "\nimport " not in program and "innerHTML" not in program
    assert {path.stem for path in component.FOLDER.glob("*.js")} == set(component.ORDER)
    assert all(len(path.read_text(encoding="utf-8").splitlines()) <= 250 for path in component.FOLDER.iterdir())

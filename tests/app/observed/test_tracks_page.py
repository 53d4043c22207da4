"""The Tracks page: what each switch shows, classes side by side, a problem that shows its track, and how it is let go of."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.observed import tracks_map
from irlcore.maps.flow import passes
from irlcore.maps.scene import Cells, Lines, Moves, Scene
from tests.app.importing.form import said, tracks_page
from tests.app.test_pages import opened
from tests.report import EVIL

TRACKS = f"""track,t,x,y,class
east,0,5,5,a
east,10,15,5,a
east,20,25,5,a
east,30,35,5,a
{EVIL},0,5,5,b
{EVIL},10,35,5,b
{EVIL},20,35,15,b
still,0,5,5,b
still,10,6,6,b
lonely,0,5,5,b
""".encode()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Scene]:
    """The scenes of the map that is drawn in each run of the page, those of one run together."""
    scenes: list[Scene] = []
    monkeypatch.setattr(tracks_map, "show", lambda one, key, **_: scenes.append(one))
    monkeypatch.setattr(tracks_map, "show_many", lambda many, key, height: scenes.extend(one for _, one in many))
    return scenes


def small(shown: list[Scene]) -> AppTest:
    app = tracks_page(points=TRACKS)
    app.number_input(key="cell").set_value(10.0).run()
    app.button(key="import").click().run()
    shown.clear()
    return app


def counted(scene: Scene) -> Counter[str]:
    """How often each place is said to be passed."""
    words = {"once": 1, "twice": 2}
    found: Counter[str] = Counter()
    for layer in scene.layers:
        for text in getattr(layer, "texts", ()):
            if ": passed " in text:
                place, often = text.split(": passed ")
                found[place] += words.get(often) or int(often.removesuffix(" times").replace(",", ""))
    return found


@pytest.mark.parametrize("sample", ["town", "anchorage"])
def test_flow_counts_all_tracks_and_classes_add_up_to_it(sample: str, shown: list[Scene]) -> None:
    app = opened(sample).switch_page("screens/tracks.py").run()
    project = app.session_state["project"]
    expected = passes(project.world, project.paths, np.arange(len(project.paths)))
    whole = counted(shown[-1])
    assert whole == Counter({str(project.world.place_names[k]): int(expected[k]) for k in np.flatnonzero(expected)})
    shown.clear()
    app.toggle(key="classes_apart").set_value(True).run()
    assert len(shown) == 3 and sum((counted(one) for one in shown), Counter()) == whole
    assert not app.exception and not app.error


def test_tracks_and_points_are_shown_as_asked(shown: list[Scene]) -> None:
    app = small(shown)
    app.segmented_control(key="tracks_view").set_value("Points as read").run()
    read = next(layer for layer in shown[-1].layers if layer.name == "all points as read")
    assert isinstance(read, Lines) and read.ids == ("east", EVIL, "still") and len(read.xy) == 9
    app.segmented_control(key="tracks_view").set_value("Tracks").run()
    lines = next(layer for layer in shown[-1].layers if layer.name == "tracks")
    assert isinstance(lines, Lines) and lines.picks == "track" and lines.ids == ("east", EVIL)


def test_a_row_of_the_problems_shows_its_track(shown: list[Scene]) -> None:
    app = small(shown)
    problems = app.session_state["project"].problems["track"].tolist()
    pick(app, problems.index(EVIL))
    assert app.session_state["selected"] == EVIL and "Selected:" in said(app) and not app.exception
    named = {layer.name: layer for layer in shown[-1].layers}
    read, path = named["points as read"], named["selected"]
    assert isinstance(read, Lines) and read.xy.tolist() == [[5, 5], [35, 5], [35, 15]]
    assert isinstance(path, Lines) and path.xy.tolist() == [[10, 10], [20, 10], [30, 10]]  # the cell that was jumped over is filled in
    assert isinstance(named["moves"], Moves) and named["moves"].t.tolist() == [0.0, 10.0, 20.0]
    assert shown[-1].focus == (5.0, 5.0, 35.0, 15.0)
    app.button(key="let_go").click().run()
    assert app.session_state["selected"] == "" and "selected" not in {layer.name for layer in shown[-1].layers}


def test_a_track_that_became_no_path_is_shown_as_it_was_read(shown: list[Scene]) -> None:
    app = small(shown)
    problems = app.session_state["project"].problems["track"].tolist()
    pick(app, problems.index("still"))
    named = {layer.name: layer for layer in shown[-1].layers}
    assert "could not be made a path" in said(app) and "selected" not in named
    assert named["points as read"].xy.tolist() == [[5, 5], [6, 6]]
    pick(app, problems.index("lonely"))
    assert app.session_state["selected"] == "still" and "was not kept" in said(app)


def test_a_kind_of_problem_that_is_picked_leaves_only_its_rows(shown: list[Scene]) -> None:
    app = small(shown)
    kinds = next(table.value for table in app.dataframe if "kind" in table.value.columns)
    assert kinds["tracks"].sum() == len(app.session_state["project"].problems)
    row = next(k for k, kind in enumerate(kinds["kind"]) if kind.startswith("jumps over"))
    app.session_state[f"problem_kinds_{app.session_state['changes']}"] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    app.run()
    listed = next(table.value for table in app.dataframe if "what" in table.value.columns)
    assert len(listed) and listed["what"].str.startswith("jumps over").all() and not app.exception


def pick(app: AppTest, row: int) -> None:
    changes = app.session_state["changes"]
    app.session_state[f"problems_{changes}"] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    app.run()


def test_all_tracks_are_played_on_demand(shown: list[Scene]) -> None:
    app = small(shown).run()
    assert not any(isinstance(layer, Moves) for layer in shown[-1].layers)
    app.toggle(key="play_all").set_value(True).run()
    moves = next(layer for layer in shown[-1].layers if isinstance(layer, Moves))
    assert moves.ids == ("east", EVIL) and len(moves.xy) == 7


def test_the_way_of_y_follows_the_unit_or_the_switch_and_outlives_another_grid(shown: list[Scene]) -> None:
    app = small(shown)
    app.run()
    assert not shown[-1].y_down
    switch = next(one for one in app.toggle if "y runs down" in one.label)
    switch.set_value(True).run()
    assert shown[-1].y_down and app.session_state["project"].history[-1].what == "y runs down"
    app.number_input(key="grid_cell").set_value(5.0).run()
    app.button(key="build_grid").click().run()
    assert shown[-1].y_down and isinstance(cells := shown[-1].layers[0], Cells) and cells.cell == 5.0
    app.sidebar.button(key="undo").click().run()
    app.sidebar.button(key="undo").click().run()
    assert not shown[-1].y_down


def test_pixels_run_down(shown: list[Scene]) -> None:
    app = tracks_page(points=TRACKS)
    app.text_input(key="unit").set_value("px").run()
    app.number_input(key="cell").set_value(10.0).run()
    app.button(key="import").click().run()
    assert shown[-1].y_down and shown[-1].unit == "px"


def test_a_network_without_coordinates_has_no_map_and_says_so(shown: list[Scene]) -> None:
    app = tracks_page(links=b"link,u,v\na,0,1\nb,1,2\nc,1,3\n", paths=b"track,path\none,a_b\ntwo,a_c\n")
    app.button(key="import").click().run()
    assert not app.exception and not app.error and not shown and "no coordinates" in said(app)



"""The choice of cells, and worlds of one's own, through the import page."""

from __future__ import annotations

import numpy as np

from tests.app.importing.form import points, said, tracks_page


def test_points_go_on_hexagons_where_that_is_chosen_and_on_squares_again_from_the_page_of_tracks() -> None:
    app = tracks_page(drives=points())
    app.radio(key="cells").set_value("hexagons").run()
    assert not app.exception and not app.error
    app.button(key="import").click().run()
    made = app.session_state["project"]
    assert made.world.settings["cells"] == "hexagons" and len(made.paths) == 30 and not app.exception
    assert app.radio(key="grid_cells").value == "hexagons"
    app.radio(key="grid_cells").set_value("squares").run()
    app.button(key="build_grid").click().run()
    assert "cells" not in app.session_state["project"].world.settings and not app.exception
    app.radio(key="grid_cells").set_value("hexagons").run()
    app.button(key="build_grid").click().run()
    assert app.session_state["project"].history[-1].what.startswith("Built a grid of")
    assert "hexagonal cells" in app.session_state["project"].history[-1].what
    for page in ("features", "fit", "review", "report"):
        assert not app.switch_page(f"screens/{page}.py").run().exception, page


OUTCOMES = "state,action,next_state,probability,cost\n" + "\n".join(
    f"{x},keep,{min(x + d, 9)},{p},{x}" for x in range(9) for d, p in ((0, 0.25), (1, 0.75))) + "\n9,keep,9,1,9\n" + "\n".join(
    f"{x},replace,0,1,6" for x in range(10)) + "\n"


def test_a_world_of_ones_own_goes_from_two_tables_to_a_fit() -> None:
    rng, rows = np.random.default_rng(4), ["bus,step,state,action"]
    for bus in range(40):
        x = 0
        for month in range(20):
            replaced = x == 9 or rng.random() < 0.04 * x
            rows.append(f"b{bus},{month},{x},{'replace' if replaced else 'keep'}")
            x = 0 if replaced else min(x + int(rng.random() < 0.75), 9)
    app = tracks_page(outcomes=OUTCOMES.encode(), seen="\n".join(rows).replace("bus,", "bus_id,", 1).encode())
    assert not app.exception and not app.error
    assert "40 tracks kept" in said(app) and "Every state has a choice, so nothing ever ends" in said(app)
    app.button(key="import").click().run()
    made = app.session_state["project"]
    assert not app.exception and not app.error and made.world.kind == "table"
    assert len(made.paths) == 40 and made.paths.goals.nowhere.all() and made.name == "My world"
    assert [spec.params for spec in made.features] == [{"attribute": "cost"}]
    chosen = made.world.choice_attributes["action"][made.paths.choices]
    assert (chosen == "replace").sum() == sum(row.endswith("replace") for row in rows)
    for page in ("features", "fit", "review", "intent", "report", "tracks"):
        assert not app.switch_page(f"screens/{page}.py").run().exception and not app.error, page
    assert not [box for box in app.radio if "Where a trip ends" in str(box.label)]  # the table says it


def test_observed_choices_alone_ask_for_their_world() -> None:
    app = tracks_page(seen=b"track,step,state,choice\na,1,x,go\na,2,y,go\n")
    assert "add the table of outcomes" in said(app) and not app.exception

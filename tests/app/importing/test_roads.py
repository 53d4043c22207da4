"""Points uploaded together with a network: matched to its links, or on a grid all the same."""

from __future__ import annotations

import numpy as np
from streamlit.testing.v1 import AppTest

from irlcore.tracks.tracks import LinkTracks, Tracks
from tests.app.importing.form import said, tracks_page
from tests.app.importing.test_understood import page_of

LINKS = ("link,u,v,x0,y0,x1,y1\n" + "\n".join(f"9007199254740{i:03d},{i},{i + 1},{100 * i},0,{100 * i + 100},0" for i in range(8))).encode()
NAMES = [f"9007199254740{i:03d}" for i in range(8)]


def points(north: float = 0.0, tracks: int = 4) -> bytes:
    rng = np.random.default_rng(1)
    rows = [f"v{i},{t},{20 * t + 10 + rng.normal(0, 3):.1f},{north + rng.normal(0, 3):.1f}" for i in range(tracks) for t in range(38)]
    return ("track,t,x,y\n" + "\n".join(rows)).encode()


def matched_page(**files: bytes) -> AppTest:
    app = tracks_page(**files)
    app.button(key="match").click().run()
    assert not app.exception
    return app


def test_points_beside_a_network_are_matched_to_it_and_become_paths_with_a_confidence() -> None:
    app = matched_page(p=points(), links=LINKS)
    assert "152 points of 4 tracks were matched to the network, as 4 ways" in said(app) and "4 tracks kept" in said(app)
    app.button(key="import").click().run()
    assert not app.exception and not app.error
    project = app.session_state["project"]
    assert isinstance(project.tracks, LinkTracks) and project.world.kind == "network" and len(project.paths) == 4
    assert project.tracks.links[:8].tolist() == NAMES
    assert (project.tracks.attributes["match confidence"].astype(float) > 0.9).all()


def test_they_go_on_a_grid_where_the_analyst_says_so() -> None:
    app = tracks_page(p=points(), links=LINKS)
    assert "import" not in [button.key for button in app.button]
    app.radio(key="points_world").set_value("Grid of cells").run()
    app.button(key="import").click().run()
    assert not app.exception and not app.error
    project = app.session_state["project"]
    assert isinstance(project.tracks, Tracks) and project.world.kind == "grid"


def test_what_is_off_the_network_is_listed() -> None:
    off = points().decode().splitlines()
    off[15:19] = [f"{line.rsplit(',', 1)[0]},400" for line in off[15:19]]  # points 15 to 18 of v0
    app = tracks_page(p="\n".join(off).encode(), links=LINKS)
    for box in app.number_input:
        if str(box.key).startswith("clean_") and not box.disabled:
            box.set_value(0.0)
    app.run()
    app.button(key="match").click().run()
    problems = next(one.value for one in app.dataframe if "row" in one.value.columns)
    row = problems[problems["what"].str.contains("off the network")].iloc[0]
    assert row["row"] == "points 15 to 18" and row["track"] == "v0" and "split" in row["done"]


def test_a_network_of_another_place_is_refused_with_both_extents() -> None:
    app = matched_page(p=points(north=50_000.0), links=LINKS)
    words = said(app)
    assert "No point is near the network" in words and "y 49,9" in words and "y 0 to 0" in words
    assert "import" not in [button.key for button in app.button]


def test_links_without_places_are_not_used_and_it_is_told_why() -> None:
    app = page_of("r01_points_and_links")
    assert "not used" in said(app) and "no coordinates" in said(app)
    assert "points_world" not in [one.key for one in app.radio]


def test_points_that_are_cleaned_otherwise_are_matched_and_counted_anew() -> None:
    rows = points().decode().splitlines()
    late = [f"{track},{int(t) + 4000 * (int(t) > 20)},{x},{y}" for track, t, x, y in (row.split(",") for row in rows[1:])]
    app = matched_page(p="\n".join([rows[0], *late]).encode(), links=LINKS)
    cut = next(box for box in app.number_input if str(box.key).startswith("clean_gap"))
    cut.set_value(0.0 if cut.value else 1000.0).run()
    assert "import" not in [button.key for button in app.button]
    app.button(key="match").click().run()
    app.button(key="import").click().run()
    assert not app.exception and not app.error
    assert app.session_state["project"].world.kind == "network"

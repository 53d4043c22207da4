"""What the form asks, suggests and tells of files as people have them."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from irlcore.tracks.tracks import LinkTracks, Tracks
from tests.app.importing.form import said, tracks_page

CASES = Path(__file__).parent.parent.parent / "cases"


def page_of(case: str) -> AppTest:
    """The Tracks page with the files of a case in its form."""
    files = sorted((CASES / case).glob("*.csv"))
    app = tracks_page(**{path.stem: path.read_bytes() for path in files})
    assert not app.exception
    return app


def imported(app: AppTest) -> Tracks | LinkTracks:
    app.button(key="import").click().run()
    assert not app.exception and not app.error
    tracks = app.session_state["project"].tracks
    assert isinstance(tracks, Tracks | LinkTracks)
    return tracks


def test_what_the_dates_do_not_say_is_asked_and_read_as_answered() -> None:
    app = page_of("t01_day_first_slash")
    assert "which number is the day" in said(app) and "Day first: 5 March 2024" in said(app) and "import" not in [b.key for b in app.button]
    app.selectbox(key="time_format").set_value("day first").run()
    tracks = imported(app)
    assert isinstance(tracks, Tracks) and tracks.t[0] == 1_709_676_600.0  # 2024-03-05 22:10 UTC


def test_days_under_one_id_are_trips_as_suggested_or_as_the_analyst_says() -> None:
    app = page_of("h02_commuter_5_days_one_id")
    assert "30 tracks kept" in said(app) and "split into 30 trips" in said(app)
    kinds, listed = (next(table.value for table in app.dataframe if name in table.value.columns) for name in ("kind", "what"))
    assert kinds["kind"].iloc[0] == "a gap" and kinds["rows"].iloc[0] == len(listed) and kinds["hours"].iloc[0] > 24.0
    assert "a gap of" in str(listed["what"].iloc[0])
    gap = next(one for one in app.number_input if str(one.key).startswith("clean_gap"))
    assert gap.value == 1000.0
    gap.set_value(4e4).run()  # nights alone
    assert "15 tracks kept" in said(app)
    next(one for one in app.number_input if str(one.key).startswith("clean_gap")).set_value(0.0).run()
    assert "3 tracks kept" in said(app)
    next(one for one in app.number_input if str(one.key).startswith("clean_gap")).set_value(1000.0).run()
    assert len(imported(app)) == 30


def test_where_files_come_from_is_told_and_every_part_can_be_picked() -> None:
    app = page_of("d07_movebank")
    assert "looks like Movebank" in said(app)
    assert app.selectbox(key="points_track").value == "individual-local-identifier"
    app.selectbox(key="points_track").set_value("tag-local-identifier").run()
    assert sorted(imported(app).ids) == ["t0", "t1", "t2", "t3"]


def test_an_id_picked_by_hand_keeps_its_text() -> None:
    app = tracks_page(m=b"plate,when,x,y\n" + b"".join(b"%s,%d,%d,%d\n" % (name, k, k, k % 2) for name in (b"007", b"7") for k in range(5)))
    app.selectbox(key="role_m.csv").set_value("points").run()
    app.selectbox(key="points_track").set_value("plate").run()
    assert not app.exception and "2 tracks kept" in said(app)
    assert imported(app).ids.tolist() == ["007", "7"]


def test_columns_of_the_network_can_be_picked_by_hand() -> None:
    app = tracks_page(links=b"street,a,b,length\n1,A,B,10\n2,B,C,10\n3,B,D,10\n", paths=b"track,path\np,1 2\nq,1 3\n")
    app.selectbox(key="role_links.csv").set_value("links").run()
    for part, column in (("link", "street"), ("u", "a"), ("v", "b")):
        app.selectbox(key=f"links_{part}").set_value(column).run()
    assert not app.exception and "2 tracks kept" in said(app)
    assert imported(app).ids.tolist() == ["p", "q"]


def test_a_process_is_a_log_or_makes_its_own_network_and_that_is_told() -> None:
    app = page_of("d16_pm4py_log")
    assert "looks like an event log" in said(app) and app.radio(key="made_of").value == "log" and "A state is the last event" in said(app)
    app.radio(key="made_of").set_value("network").run()
    assert "nobody did is no choice" in said(app)
    assert isinstance(imported(app), LinkTracks) and app.session_state["project"].world.kind == "network"


def test_a_projection_that_is_named_is_heeded() -> None:
    rows = b"".join(b"a,%d,%d,%d\n" % (k, 500_000 + 100 * k, 6_100_000 + 50 * (k % 3)) for k in range(9))
    app = tracks_page(p=b"track,t,x,y\n" + rows)
    app.text_input(key="crs").set_value("epsg:25832").run()
    tracks = imported(app)
    assert isinstance(tracks, Tracks) and tracks.crs == "EPSG:25832"

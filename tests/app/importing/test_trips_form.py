"""The form of trips: pictures whose cut sets its box, stops, a column that parts trips, speeds per class, and work beside the page."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from app.importing import trips_form
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.cleaning import suggested_cleaning
from tests.app.importing.form import said, tracks_page
from tests.tracks.trips.made_up import fleet


def file_of(made: Tracks, **more: Any) -> bytes:
    table = pd.DataFrame({"track": np.repeat(made.ids, np.diff(made.offsets)), "t": made.t, "x": made.x, "y": made.y} | more)
    return table.to_csv(index=False).encode()


def days(agents: int = 3) -> Tracks:
    """Agents that drive, rest and drive back on three days, silent at night."""
    made = fleet(0, agents=agents, stays=2)
    step = np.diff(made.offsets)[0]
    night = np.tile(np.concatenate([np.full(step, 86_400.0 * day) for day in range(3)]), agents)
    flat = np.concatenate([np.tile(np.arange(a, b), 3) for a, b in zip(made.offsets[:-1], made.offsets[1:], strict=True)])
    return Tracks(made.ids, made.offsets * 3, made.t[flat] + night, made.x[flat], made.y[flat], made.attributes)


def box(app: AppTest, name: str) -> Any:
    [found] = [one for one in app.number_input if str(one.key).startswith(f"clean_{name}_")]
    return found


def pictures(app: AppTest) -> list[Any]:
    return [one.proto for one in app.get("bidi_component") if one.proto.component_name == "motive_gaps"]


def drag(app: AppTest, which: int, cut: object) -> None:
    states = app._tree.get_widget_states()
    states.widgets.append(WidgetState(id=_make_trigger_id(pictures(app)[which].id, "events"),
                                      json_trigger_value=json.dumps([{"event": "cut", "value": cut}])))
    app._run(states)


def imported(app: AppTest) -> Tracks:
    app.button(key="import").click().run()
    assert not app.exception and not app.error
    tracks = app.session_state["project"].tracks
    assert isinstance(tracks, Tracks)
    return tracks


def test_a_cut_that_is_dragged_stands_in_its_box_and_is_used() -> None:
    app = tracks_page(m=file_of(days()))
    assert not app.exception and 60.0 < box(app, "gap").value < 36_000.0 and "Splits 3 of 3 ids into 9 trips." in said(app)
    sent = json.loads(pictures(app)[0].json)
    assert sent["cut"] == box(app, "gap").value and sum(sent["counts"]) == sent["of"] and sent["unit"] == "s"
    drag(app, 0, 90_000.0)
    assert box(app, "gap").value == 90_000.0 and "Splits nothing." in said(app) and "3 tracks kept" in said(app)
    box(app, "gap").set_value(7200.0).run()
    assert json.loads(pictures(app)[0].json)["cut"] == 7200.0 and "9 tracks kept" in said(app)
    drag(app, 0, 0)  # none
    assert box(app, "gap").value == 0.0 and "3 tracks kept" in said(app)


@pytest.mark.parametrize("sent", [None, "5", -1.0, True, [7.0], {"a": 1}, 1e300])
def test_what_is_no_cut_changes_nothing(sent: object) -> None:
    app = tracks_page(m=file_of(days()))
    before = box(app, "gap").value
    drag(app, 0, sent)
    assert not app.exception and box(app, "gap").value == before and "9 tracks kept" in said(app)


def test_stops_are_held_split_or_left_as_the_analyst_says() -> None:
    app = tracks_page(m=file_of(days()))
    assert "18 stops of 3 ids." in said(app)
    assert 0.0 < box(app, "diameter").value < 240.0
    stop = next(one for one in app.selectbox if str(one.key).startswith("clean_at_stop"))
    assert stop.value == "dwell"
    stop.set_value("split").run()
    assert not app.exception and "27 tracks kept" in said(app)
    next(one for one in app.selectbox if str(one.key).startswith("clean_at_stop")).set_value("").run()
    assert "9 tracks kept" in said(app) and f"{len(days().t):,} rows kept" in said(app) and box(app, "diameter").disabled
    assert len(imported(app)) == 9


def test_trips_know_the_gap_before_them() -> None:
    tracks = imported(tracks_page(m=file_of(days())))
    hours = tracks.attributes["gap before (h)"].to_numpy()
    assert np.isnan(hours[[0, 3, 6]]).all() and (hours[[1, 2, 4, 5, 7, 8]] > 10.0).all()


def test_any_column_can_part_trips() -> None:
    made = fleet(0, agents=2, stays=0)
    leg = np.tile(np.repeat(["out", "at work", "out"], 40), 2)
    app = tracks_page(m=file_of(made, leg=leg))
    app.selectbox(key="points_change").set_value("leg").run()
    assert not app.exception and "2 ids were split where leg changes: 6 trips in all." in said(app)
    tracks = imported(app)
    assert tracks.ids.tolist() == [f"v{k} {one}" for k in range(2) for one in ("out (1)", "at work", "out (2)")]
    assert tracks.attributes["leg"].tolist() == ["out", "at work", "out"] * 2


def classes() -> bytes:
    """Walkers and cars; the walkers have fixes that only a car could reach."""
    rows = []
    for k in range(12):
        car = k % 2
        for j in range(40):
            jump = 3000.0 if not car and j == 20 else 0.0
            rows.append((f"v{k}", 60.0 * j, 4.5e5 + (900.0 if car else 60.0) * j, 5e6 + jump, "car" if car else "walker"))
    return pd.DataFrame(rows, columns=["track", "t", "x", "y", "type"]).to_csv(index=False).encode()


def test_each_class_has_its_own_limit_of_speed() -> None:
    app = tracks_page(m=classes())
    app.text_input(key="crs").set_value("EPSG:32632").run()
    assert not app.exception and "steps faster than their class can be" in said(app) and "6 tracks." in said(app)
    limits = {name: next(one for one in app.number_input if one.label == name) for name in ("car", "walker")}
    assert limits["car"].value == 75.0 and limits["walker"].value == 30.0  # five times 15 m/s, and the least that is a jump
    assert f"{12 * 40 - 6:,} rows kept" in said(app)
    limits["walker"].set_value(60.0).run()
    assert "480 rows kept" in said(app)
    next(one for one in app.selectbox if str(one.key).startswith("clean_by")).set_value("").run()
    assert "480 rows kept" in said(app) and box(app, "speed").value == 75.0


def test_many_points_are_cleaned_beside_the_page_and_as_suggested_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trips_form, "AT_ONCE", 100)
    app = tracks_page(m=file_of(days()))
    assert "9 tracks kept" in said(app)  # the reading brought it along
    box(app, "gap").set_value(0.0).run()
    assert not app.exception and "3 tracks kept" in said(app)
    box(app, "gap").set_value(1e4).run()
    assert "9 tracks kept" in said(app)


def test_where_the_suggestion_leaves_nothing_it_can_be_changed() -> None:
    app = tracks_page(m=b"track,t,x,y\n" + b"".join(b"a,%d,1,1\n" % k for k in range(30)))
    assert not app.exception and "Nothing moves" in said(app) and box(app, "gap").value == 0.0


def test_what_is_suggested_hangs_on_no_order_of_tracks() -> None:
    made = days(5)
    assert suggested_cleaning(made) == suggested_cleaning(made.take(np.array([3, 1, 4, 0, 2])))

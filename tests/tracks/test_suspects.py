"""Rows, ids and columns that only look right: marked fixes, rounded ids, numbers of trips, frames, days, files that are not used."""

from __future__ import annotations

import pandas as pd
import pytest

from irlcore.tracks.columns import guess_columns, guess_role
from irlcore.tracks.folder import by_role
from irlcore.tracks.read_tracks import Imported, read_points
from irlcore.tracks.tracks import Tracks

PLACES = {"lon": [10.0 + 0.01 * i for i in range(4)], "lat": [55.0] * 4}
WHEN = [f"2024-03-25 08:0{i}:00" for i in range(4)]


def imported(**columns: object) -> Imported:
    table = pd.DataFrame(columns)
    return read_points(table, guess_columns(table, "points"))


def seconds(found: Imported) -> float:
    assert isinstance(found.tracks, Tracks)
    return float(found.tracks.t[3] - found.tracks.t[0])


def movebank(**more: object) -> Imported:
    return imported(timestamp=WHEN, **{"location-long": PLACES["lon"], "location-lat": PLACES["lat"],
                                       "individual-local-identifier": "Stork"}, **more)


@pytest.mark.parametrize(("column", "values"), [("visible", ["true", "true", "false", "true"]), ("visible", [True, True, False, True]),
                                                ("manually-marked-outlier", [None, "", "TRUE", None])])
def test_fixes_that_their_owner_marked_go_and_are_listed(column: str, values: list[object]) -> None:
    found = movebank(**{column: values})
    assert found.rows_kept == 3 and found.problems["row"].astype(str).tolist() == ["4"]
    assert "marked as an outlier" in found.problems["what"].iloc[0]


def test_visible_of_another_source_says_nothing() -> None:
    assert imported(vessel="v", time=WHEN, visible=[True, True, False, True], **PLACES).rows_kept == 4


def test_rounded_ids_and_ids_of_several_are_told() -> None:
    found = imported(mmsi="2.19E+08", time=[WHEN[0], WHEN[0], WHEN[1], WHEN[1]], **PLACES)
    assert any("rounded by a spreadsheet" in one for one in found.said) and any("2 of 4 points" in one for one in found.said)


def test_numbers_of_trips_belong_to_who_makes_them() -> None:
    table = pd.DataFrame({"vehicle_id": ["a"] * 4 + ["b"] * 4, "trip_id": [1, 1, 2, 2] * 2, "time": WHEN * 2,
                          "lon": PLACES["lon"] * 2, "lat": 55.0})
    part = guess_columns(table, "points")
    assert (part["track"], part["trip"]) == ("vehicle_id", "trip_id")
    own = table.assign(trip_id=["a1", "a1", "a2", "a2", "b1", "b1", "b2", "b2"])
    assert guess_columns(own, "points")["track"] == "trip_id"


@pytest.mark.parametrize(("name", "step", "all_s"), [("time [ms]", 1000, 3.0), ("time_ms", 1000, 3.0), ("time (min)", 1, 180.0),
                                                     ("time [s]", 1, 3.0), ("frame", 1, 3.0)])
def test_units_of_counted_times_are_in_their_names(name: str, step: int, all_s: float) -> None:
    found = imported(vessel="v", **{name: [step * i for i in range(4)]}, **PLACES)
    assert seconds(found) == pytest.approx(all_s) and any(name in one for one in found.said) == (name != "time [s]")


def test_dates_and_times_in_digits_belong_together_and_a_day_alone_is_no_time() -> None:
    table = pd.DataFrame({"vessel": "v", "date": 20240325, "time": [235500, 235600, 235700, 235800], **PLACES})
    assert guess_columns(table, "points")["date"] == "date"
    assert seconds(read_points(table, guess_columns(table, "points"))) == 180.0
    parts = pd.DataFrame({"vessel": "v", "year": 2024, "month": 3, "day": 25, "hour": 8, **PLACES})
    assert {"t", "date"}.isdisjoint(guess_columns(parts, "points"))


def test_danish_ais_is_day_first_without_a_question() -> None:
    table = {"# Timestamp": [f"04/03/2024 08:0{i}:00" for i in range(4)], "Type of mobile": "Class A", "MMSI": 219, "Latitude": 55.0,
             "Longitude": PLACES["lon"]}
    found = imported(**table)
    assert isinstance(found.tracks, Tracks) and found.tracks.t[0] == pd.Timestamp("2024-03-04 08:00").timestamp()


def test_tables_of_steps_are_paths_and_links_from_node_to_node_are_links() -> None:
    steps = pd.DataFrame({"trip_id": ["a", "a", "a", "b", "b", "b"], "edge_id": [1, 2, 3, 1, 2, 4]})
    assert guess_role(steps) == "paths"
    assert guess_columns(steps.assign(timestamp=WHEN[0]), "paths")["step"] == "timestamp"
    assert guess_role(pd.DataFrame({"edge_id": [1, 2, 3], "vehicle": ["car", "bus", "all"]})) == "links"
    assert guess_role(pd.DataFrame({"id": [1, 2], "from": ["A", "B"], "to": ["B", "C"], "length": [1, 2]})) == "links"
    assert guess_role(pd.DataFrame({"from": [1, 2], "to": [2, 3]})) == "transitions"
    assert guess_columns(pd.DataFrame({"id": [1, 2, 3], "u": list("ABC"), "v": list("BCD")}), "links")["link"] == "id"


def test_files_in_another_order_are_one_and_what_is_not_used_is_told() -> None:
    one = pd.DataFrame({"vessel": "v", "time": WHEN, **PLACES})
    other = one.assign(vessel="w")[["lat", "time", "lon", "vessel"]]
    found = by_role({"a.csv": one, "b.csv": other, "c.csv": pd.DataFrame({"colour": ["red"]})})
    assert found["points"]["lat"].tolist() == [55.0] * 8 and len(found["points"]["vessel"].unique()) == 2
    assert any("c.csv" in told for told in found["points"].attrs["said"]) and not one.attrs

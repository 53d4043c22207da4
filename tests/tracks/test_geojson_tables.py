"""GeoJSON: lines are tracks or roads, points are rows, areas are told where they belong."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from irlcore.budget import TooLarge
from irlcore.errors import DataError
from irlcore.tracks.columns import guess_role
from irlcore.tracks.files.named_crs import named_epsg
from irlcore.tracks.files.parquet import LEFT_OUT
from irlcore.tracks.readers import preview_table, read_table
from irlcore.worlds.network import build_network

LINE = [[10.0, 55.0], [10.1, 55.1], [10.2, 55.2]]


def feature(kind: str, at: object, more: dict[str, Any] | None = None, /, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": at}, "properties": properties} | (more or {})


def raw(*features: dict[str, Any], indent: int | None = None, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)} | more, indent=indent).encode()


def read(*features: dict[str, Any], **more: Any) -> pd.DataFrame:
    """The table as the whole reading has it, which the preview must have too."""
    table, seen = read_table(raw(*features, **more), "x.geojson"), preview_table(raw(*features, indent=1, **more), "x.geojson", 1000)
    pd.testing.assert_frame_equal(seen.table, table)
    assert seen.table.attrs == table.attrs and (seen.rows, seen.exact) == (len(table), True)
    return table


@pytest.mark.parametrize("key", ["track", "Trip_ID", "id", "name", "MMSI"])
def test_a_line_is_a_track_by_the_property_that_names_it(key: str) -> None:
    table = read(feature("LineString", LINE, **{key: "v0", "kind": "ferry", "size": 3}), feature("LineString", LINE[:2], **{key: "007"}))
    assert table.columns.tolist() == ["track", "lon", "lat", "kind", "size"] and guess_role(table) == "points"
    assert table["track"].tolist() == ["v0"] * 3 + ["007"] * 2 and table["lon"].tolist() == [10, 10.1, 10.2, 10, 10.1]
    assert table["kind"].tolist()[:3] == ["ferry"] * 3 and table["kind"].isna().tolist()[3:] == [True] * 2


def test_lines_without_names_are_numbered_or_called_by_their_id() -> None:
    assert read(feature("LineString", LINE), feature("LineString", LINE, {"id": 7}))["track"].tolist() == ["1"] * 3 + ["7"] * 3


def test_parts_of_a_track_are_segments() -> None:
    table = read(feature("MultiLineString", [LINE, LINE[:2]], track="a"), feature("LineString", LINE[:2], track="b"),
                 feature("LineString", LINE[:2], track="a"))
    assert table["segment"].tolist() == [1, 1, 1, 2, 2, 1, 1, 3, 3]


TIMES = ["2024-03-01T10:00:00Z", "2024-03-01T10:01:00Z", "2024-03-01T10:02:00Z"]
TIMED = {
    "times": feature("LineString", LINE, times=TIMES), "coordTimes": feature("LineString", LINE, coordTimes=TIMES),
    "timestamps": feature("MultiLineString", [LINE[:1], LINE[1:]], timestamps=[TIMES[:1], TIMES[1:]]),
    "properties of coordinates": feature("LineString", LINE, coordinateProperties={"times": TIMES}),
    "fourth of each": feature("LineString", [[*at, 0, time] for at, time in zip(LINE, TIMES, strict=True)]),
    "moving": {"type": "Feature", "properties": {}, "temporalGeometry": {"type": "MovingPoint", "coordinates": LINE, "datetimes": TIMES}},
}


@pytest.mark.parametrize("name", TIMED)
def test_times_of_points_wherever_they_stand(name: str) -> None:
    table = read(TIMED[name])
    assert table["t"].tolist() == TIMES and LEFT_OUT not in table.attrs
    assert not {"times", "coordTimes", "timestamps", "coordinateProperties"} & set(table.columns)


def test_times_that_are_not_as_many_as_the_points_are_refused_by_the_feature() -> None:
    with pytest.raises(DataError, match=r"Feature 2 of x\.geojson has 3 points and 2 times"):
        read_table(raw(feature("LineString", LINE), feature("LineString", LINE, times=TIMES[:2])), "x.geojson")


def test_a_bare_geometry_a_feature_and_features_line_by_line_are_read() -> None:
    wanted = read(feature("LineString", LINE))
    for text in (json.dumps({"type": "LineString", "coordinates": LINE}), json.dumps(feature("LineString", LINE)),
                 json.dumps(feature("LineString", LINE)) + "\n", "\ufeff\n " + json.dumps(feature("LineString", LINE))):
        pd.testing.assert_frame_equal(read_table(text.encode()), wanted)
    for between in ("\n", "\r\n", "\n\x1e", "\n\n"):
        lines = between.join(json.dumps(feature("LineString", LINE, track=k)) for k in "ab")
        assert read_table(lines.encode())["track"].tolist() == ["a"] * 3 + ["b"] * 3


def test_points_are_rows_with_their_properties() -> None:
    table = read(feature("Point", [10.5, 55.5, 7.0], vessel="007", t=3, fast=True, crew=["x"], lon=99),
                 feature("Point", [11.5, 56.5], vessel="8", t=4.5, fast=False))
    assert table.to_dict("list") | {"ele": None} == {"vessel": ["007", "8"], "t": [3.0, 4.5], "fast": [True, False], "lon": [10.5, 11.5],
                                                     "lat": [55.5, 56.5], "ele": None}
    assert table.attrs[LEFT_OUT] == ["crew"] and table["ele"].tolist()[0] == 7.0 and np.isnan(table["ele"].iloc[1])
    assert read(feature("MultiPoint", LINE, track="a"))["track"].tolist() == ["a"] * 3


def test_roads_are_links_with_their_lines_in_words() -> None:
    table = read(feature("LineString", LINE, u=1, v=2, osmid=[5, 6], highway="residential", length=3.5),
                 feature("LineString", LINE[::-1], u=2, v=1, osmid=7, highway="residential", length=3.5))
    assert table.columns.tolist() == ["u", "v", "osmid", "highway", "length", "geometry"] and table["osmid"].tolist() == ["[5, 6]", "7"]
    assert table["geometry"].iloc[0] == "LINESTRING (10.0 55.0, 10.1 55.1, 10.2 55.2)"
    assert table.attrs["said"] == ["The lines are taken for roads: a row for each link."]
    world = build_network(table.assign(link=["a", "b"])[["link", "u", "v", "geometry"]])
    assert len(world.shape_offsets) == 3


def test_what_is_no_degrees_is_x_and_y_and_a_projection_is_told() -> None:
    table = read(feature("LineString", [[500_000, 6_000_000], [500_100, 6_000_000]]))
    assert table.columns.tolist() == ["track", "x", "y"] and "no degrees" in table.attrs["said"][0]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    table = read(feature("Point", [5, 6], track="a"), crs=crs)
    assert table.columns.tolist() == ["track", "x", "y"] and "EPSG::25832" in table.attrs["said"][0]
    assert table.attrs["crs"] == "EPSG:25832"
    degrees = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert read(feature("Point", [5, 6], track="a"), crs=degrees).columns.tolist() == ["track", "lon", "lat"]


@pytest.mark.parametrize(("name", "wanted"), [
    ("urn:ogc:def:crs:EPSG::25832", "EPSG:25832"), ("urn:ogc:def:crs:EPSG:6.9:3857", "EPSG:3857"), ("EPSG:2193", "EPSG:2193"),
    ("epsg:32633 ", "EPSG:32633"), ("urn:ogc:def:crs:OGC:1.3:CRS84", ""), ("EPSG:4326", ""), ("urn:ogc:def:crs:EPSG::4326", ""),
    ("my own", ""), ("EPSG:", "")])
def test_a_projection_is_named_in_many_ways(name: str, wanted: str) -> None:
    assert named_epsg(name) == wanted


AREA = feature("Polygon", [[[0, 0], [1, 0], [1, 1], [0, 0]]])


def test_areas_are_zones_and_what_is_left_out_beside_lines_is_told() -> None:
    with pytest.raises(DataError, match=r"zones.geojson is JSON, not a table: its features are areas \(2\)") as told:
        read_table(raw(AREA, AREA), "zones.geojson")
    assert "Features page" in told.value.fix
    nothing: Any = 5
    table = read(feature("LineString", LINE), AREA, feature("Point", [1, 2]), {"type": "Feature", "geometry": None}, nothing)
    assert len(table) == 3 and [one.split()[0] for one in table.attrs["said"]] == ["1", "2", "1"]


BAD = {"a list": "[1, 2]", "no GeoJSON": '{"a": 1}', "features that are none": '{"type": "FeatureCollection", "features": 5}',
       "a text for a number": '{"type": "LineString", "coordinates": [["a", 1], [2, 3]]}',
       "a number too few": '{"type": "Point", "coordinates": [1]}',
       "yes for a number": '{"type": "LineString", "coordinates": [[true, 1], [2, 3]]}',
       
       "a number for a line": '{"type":"LineString","coordinates":5}',
       "cut off": '{"type": "LineString", "coordinates": [[1, 2]', "NaN": '{"type": "LineString", "coordinates": [[NaN, 1], [2, 3]]}',
       "deep": '{"type": "LineString", "coordinates": ' + "[" * 5000 + "]" * 5000 + "}", "empty": "{}",
       "lines of others": '{"a": 1}\n{"a": 2}',
       "lists for a MultiLineString": '{"type": "MultiLineString", "coordinates": [[[1, 2], [3, 4]], 5]}'}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_other_json_is_refused_in_words(text: str) -> None:
    for reading in (read_table, preview_table):
        with pytest.raises(DataError) as told:
            reading(text.encode(), "x.json")  # type: ignore[operator]
        assert "x.json" in told.value.what and told.value.fix and len(str(told.value)) < 700


def test_properties_cost_what_they_become(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLarge, match="properties") as caught:
        read_table(raw(feature("LineString", LINE, **{f"p{k}": k for k in range(3000)})))
    assert caught.value.limit == "columns"
    with pytest.raises(TooLarge) as caught:
        read_table(raw(*(feature("Point", [1, 2], **{f"p{k % 1990}": k}) for k in range(4000))))
    assert caught.value.limit == "values"
    monkeypatch.setenv("MOTIVE_LIMITS", "cells=11")
    with pytest.raises(TooLarge, match="3 points"):
        read_table(raw(feature("LineString", LINE, p=1)))
    monkeypatch.setenv("MOTIVE_LIMITS", "cells=12")
    assert read_table(raw(feature("LineString", LINE, p=1))).shape == (3, 4)


def test_a_long_text_that_many_points_share_is_there_once() -> None:
    table = read_table(raw(feature("LineString", LINE * 1000, note="x" * 1_000_000)))
    assert len({id(one) for one in table["note"]}) == 1 and len(table) == 3000

"""Zones: rings from a lasso and from GeoJSON, and back."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.errors import FeatureError
from irlcore.features.zones import ring_from_points, ring_from_text, zones_from_geojson, zones_to_geojson

UTM_33 = "EPSG:32633"
TRIANGLE = [[15.0, 59.0], [15.01, 59.0], [15.0, 59.01], [15.0, 59.0]]


def area(ring: np.ndarray) -> float:
    return float(shapely.Polygon(ring).area)


def holds(ring: np.ndarray, x: float, y: float) -> bool:
    return bool(shapely.contains_xy(shapely.Polygon(ring), x, y))


def collection(*features: dict[str, object]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def feature(name: str | None, corners: list[list[float]]) -> dict[str, object]:
    properties = None if name is None else {"name": name}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [corners]}}


def test_a_lasso_becomes_a_closed_ring_that_holds_what_lies_in_it() -> None:
    ring = ring_from_points([0, 4, 4, 0], [0, 0, 3, 3])
    np.testing.assert_array_equal(ring[0], ring[-1])
    assert area(ring) == 12.0
    assert holds(ring, 2.0, 1.0) and not holds(ring, 5.0, 1.0)


def test_a_lasso_that_is_closed_already_is_the_same_zone() -> None:
    ring = ring_from_points([0, 4, 4, 0, 0], [0, 0, 3, 3, 0])
    assert area(ring) == 12.0 and len(ring) == 5


def test_where_the_lasso_crosses_itself_the_largest_part_is_kept() -> None:
    # two triangles that touch in (1, 1): a small one below it, one of nine times the area above it
    ring = ring_from_points([0, 2, -2, 4], [0, 0, 4, 4])
    assert area(ring) == pytest.approx(9.0)
    assert holds(ring, 1.0, 3.0) and not holds(ring, 1.0, 0.5)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=9))
def test_any_lasso_becomes_a_valid_closed_ring_with_some_area_or_is_refused(corners: list[tuple[int, int]]) -> None:
    try:
        ring = ring_from_points(*zip(*corners, strict=True))
    except FeatureError as error:
        assert error.fix
        return
    np.testing.assert_array_equal(ring[0], ring[-1])
    assert ring.shape[1] == 2 and shapely.Polygon(ring).is_valid and area(ring) > 0.0


@pytest.mark.parametrize(("x", "y"), [([], []), ([0, 1], [0, 1]), ([0, 1, np.nan], [0, 1, 5]), ([0, 1, 2], [0, 1, 2]),
                                      ([3, 3, 3], [4, 4, 4])],
                         ids=["nothing", "two corners", "a gap", "a line", "a point"])
def test_a_lasso_without_an_area_is_refused(x: list[float], y: list[float]) -> None:
    with pytest.raises(FeatureError) as caught:
        ring_from_points(x, y)
    assert caught.value.what and caught.value.fix


@pytest.mark.parametrize("text", ["0, 0\n4, 0\n4, 3", "0 0\n4\t0\n 4  3 \n", "0;0\n4; 0\n4.0 ;3e0", "0,0\n\n4,0;\n4,3;\n0,0",
                                  "0, 0; 4, 0; 4, 3", "0 0;4 0;4 3"])
def test_typed_corners_become_a_closed_ring(text: str) -> None:
    np.testing.assert_array_equal(ring_from_text(text), ring_from_points([0, 4, 4], [0, 0, 3]))


def test_typed_corners_that_cannot_be_read_are_named_by_line_all_at_once() -> None:
    with pytest.raises(FeatureError) as caught:
        ring_from_text("x, y\n0, 0\n1,5; 2,5\n3\n4, nan\n5, 6, 7\n8, 8")
    assert all(f"Line {n} " in caught.value.what for n in (1, 3, 4, 5, 6)) and caught.value.fix
    assert all(f"Line {n} " not in caught.value.what for n in (2, 7)) and "1,5; 2,5" in caught.value.what


@pytest.mark.parametrize("text", ["", "1, 2", "1, 2\n3, 4", "0, 0\n1, 1\n2, 2", "1;2;3"])
def test_typed_corners_without_an_area_are_refused(text: str) -> None:
    with pytest.raises(FeatureError) as caught:
        ring_from_text(text)
    assert caught.value.what and caught.value.fix


@given(st.text(alphabet="0123456789.,;-+e \n\tx", max_size=40))
def test_any_typed_text_is_a_ring_or_refused(text: str) -> None:
    try:
        assert shapely.Polygon(ring_from_text(text)).area > 0.0
    except FeatureError as error:
        assert error.fix


def test_zones_of_geojson_keep_their_names_and_get_one_where_they_have_none() -> None:
    zones = zones_from_geojson(collection(feature("port", TRIANGLE), feature(None, TRIANGLE)), None)
    assert list(zones) == ["port", "zone 2"]
    np.testing.assert_array_equal(np.unique(zones["port"], axis=0), np.unique(np.array(TRIANGLE), axis=0))


def test_two_zones_of_one_name_are_both_kept() -> None:
    other = [[16.0, 59.0], [16.02, 59.0], [16.0, 59.02], [16.0, 59.0]]
    zones = zones_from_geojson(collection(feature("port", TRIANGLE), feature("port", other)), None)
    assert len(zones) == 2
    assert sorted(area(r) for r in zones.values()) == pytest.approx([0.5e-4, 2e-4])


@pytest.mark.parametrize("text", [json.dumps(feature("zone 1", TRIANGLE)),
                                  json.dumps({"type": "Polygon", "coordinates": [TRIANGLE]})],
                         ids=["one feature", "a bare polygon"])
def test_geojson_need_not_be_a_collection(text: str) -> None:
    assert area(zones_from_geojson(text, None)["zone 1"]) == pytest.approx(0.5e-4)


def test_of_a_zone_in_parts_the_largest_is_kept() -> None:
    small = [[0, 0], [1, 0], [1, 1], [0, 0]]
    large = [[5, 5], [9, 5], [9, 9], [5, 9], [5, 5]]
    text = json.dumps({"type": "MultiPolygon", "coordinates": [[small], [large]]})
    assert area(zones_from_geojson(text, None)["zone 1"]) == 16.0


def test_in_a_projected_world_longitude_and_latitude_become_metres() -> None:
    # 15 E is the middle of UTM zone 33, where x = 500,000; 0.01 degrees of latitude are about 1.1 km
    ring = zones_from_geojson(collection(feature("port", TRIANGLE)), UTM_33)["port"]
    assert ring[:, 0].min() == pytest.approx(500_000.0, abs=0.01)
    assert np.ptp(ring[:, 1]) == pytest.approx(1114.0, rel=0.01)
    assert np.ptp(ring[:, 0]) == pytest.approx(1113.2 * np.cos(np.deg2rad(59.0)), rel=0.01)


@pytest.mark.parametrize("crs", [None, UTM_33])
def test_zones_written_and_read_again_are_the_same(crs: str | None) -> None:
    zones = {"Hafen Süd": ring_from_points([500_000, 500_400, 500_400], [6_500_000, 6_500_000, 6_500_300]),
             "two": ring_from_points([500_000, 500_100, 500_000], [6_510_000, 6_510_000, 6_510_300])}
    back = zones_from_geojson(zones_to_geojson(zones, crs), crs)
    assert list(back) == list(zones)
    for name, ring in zones.items():
        assert shapely.Polygon(back[name]).symmetric_difference(shapely.Polygon(ring)).area < 1.0


def test_zones_of_a_projected_world_are_written_in_longitude_and_latitude() -> None:
    ring = ring_from_points([500_000, 500_400, 500_400], [6_500_000, 6_500_000, 6_500_300])
    written = json.loads(zones_to_geojson({"port": ring}, UTM_33))
    (only,) = written["features"]
    corners = np.array(only["geometry"]["coordinates"][0])
    assert only["properties"]["name"] == "port"
    assert (abs(corners[:, 0] - 15.0) < 0.02).all() and (abs(corners[:, 1] - 58.6) < 0.1).all()


NO_AREA: dict[str, object] = {
    "a point": {"type": "Point", "coordinates": [15.0, 59.0]},
    "a line": {"type": "LineString", "coordinates": [[15.0, 59.0], [15.1, 59.0]]},
    "points and lines": {"type": "GeometryCollection", "geometries": [{"type": "MultiPoint", "coordinates": [[15.0, 59.0]]},
                                                                      {"type": "MultiLineString", "coordinates": []}]},
    "no place": None, "an empty polygon": {"type": "Polygon", "coordinates": []},
}


@pytest.mark.parametrize("geometry", NO_AREA.values(), ids=NO_AREA)
def test_what_is_no_area_in_a_file_of_areas_is_left_out_and_by_itself_is_called_that(geometry: object) -> None:
    other: dict[str, object] = {"type": "Feature", "properties": {"name": "port"}, "geometry": geometry}
    assert area(zones_from_geojson(collection(other, feature("port", TRIANGLE), other), None)["port"]) == pytest.approx(0.5e-4)
    assert list(zones_from_geojson(collection(other, feature(None, TRIANGLE)), UTM_33)) == ["zone 2"]
    with pytest.raises(FeatureError, match="There is no polygon in this file"):
        zones_from_geojson(collection(other, other), None)


def test_a_zone_that_lies_nowhere_on_the_globe_is_not_written_as_one() -> None:
    zones = {"port": ring_from_points([5e5, 6e5, 6e5], [6e6, 6e6, 7e6]), "far": ring_from_points([0, 1e9, 1e9], [0, 0, 1e9])}
    with pytest.raises(FeatureError, match=r"'far' .* longitude and latitude"):
        zones_to_geojson(zones, UTM_33)


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", '{"type": "FeatureCollection"}', '"text"', "3",
                                  '{"type": "Point", "coordinates": [1, 2]}',
                                  collection(feature("line", [[0, 0], [1, 1]])),
                                  '{"type": "Polygon", "coordinates": "here"}',
                                  '{"type": "Feature", "geometry": null}'])
def test_what_is_not_geojson_with_polygons_is_refused_with_a_fix(text: str) -> None:
    with pytest.raises(FeatureError) as caught:
        zones_from_geojson(text, None)
    assert caught.value.what and caught.value.fix


@pytest.mark.parametrize("ring", [[[True, 0], [1, 1], [0, 1]], [[0, 0], [1, 1], [0, False]], [[True, False], [True, True], [False, True]]])
def test_a_truth_is_no_coordinate(ring: list[list[object]]) -> None:
    """Among numbers numpy takes true for 1."""
    with pytest.raises(FeatureError, match="a corner that is not two numbers"):
        zones_from_geojson(json.dumps({"type": "Polygon", "coordinates": [ring]}), None)

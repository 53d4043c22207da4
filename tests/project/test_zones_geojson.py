"""Zones go out as GeoJSON and come back; what is no polygon is refused."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from irlcore.errors import FeatureError
from irlcore.features.zones import ring_from_points, zones_from_geojson, zones_to_geojson

SQUARE = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0]])
TRIANGLE = np.array([[10.0, 0.0], [14.0, 0.0], [10.0, 3.0], [10.0, 0.0]])


def area(ring: np.ndarray) -> float:
    return float(shapely.Polygon(ring).area)


def polygon(name: str | None, *rings: np.ndarray) -> dict[str, Any]:
    return {"type": "Feature", "properties": {} if name is None else {"name": name},
            "geometry": {"type": "Polygon", "coordinates": [ring.tolist() for ring in rings]}}


def collection(*features: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def test_zones_in_their_own_plane_come_back_exactly() -> None:
    zones = {"quay": SQUARE, "Küste 'north' <b>": TRIANGLE}
    back = zones_from_geojson(zones_to_geojson(zones, None), None)
    assert list(back) == list(zones)
    for name, ring in zones.items():
        np.testing.assert_array_equal(back[name], ring)


@pytest.mark.parametrize("crs", ["EPSG:32632", "EPSG:32756"])
def test_projected_zones_go_through_longitude_and_latitude_to_the_millimetre(crs: str) -> None:
    ring = SQUARE * 250.0 + [500_000.0, 5_000_000.0]
    text = zones_to_geojson({"quay": ring}, crs)
    outside = np.array(json.loads(text)["features"][0]["geometry"]["coordinates"][0])
    assert (np.abs(outside) <= [180.0, 90.0]).all()
    np.testing.assert_allclose(zones_from_geojson(text, crs)["quay"], ring, atol=1e-3)


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=3, max_size=12))
def test_what_is_drawn_is_refused_or_a_valid_ring_that_survives_the_file(corners: list[tuple[int, int]]) -> None:
    try:
        ring = ring_from_points(*zip(*corners, strict=True))
    except FeatureError as error:
        assert error.fix
        assert shapely.make_valid(shapely.Polygon(corners)).area == 0.0
        return
    assert shapely.Polygon(ring).is_valid
    assert (ring[0] == ring[-1]).all()
    back = zones_from_geojson(zones_to_geojson({"drawn": ring}, None), None)["drawn"]
    assert area(back) == pytest.approx(area(ring))
    assert shapely.Polygon(back).symmetric_difference(shapely.Polygon(ring)).area == pytest.approx(0.0, abs=1e-9)


def test_a_lasso_that_crosses_itself_keeps_its_larger_part() -> None:
    ring = ring_from_points([0.0, 6.0, 6.0, 0.0], [0.0, 6.0, 0.0, 2.0])  # a bow tie that crosses at (1.5, 1.5)
    assert area(ring) == pytest.approx(0.5 * 6.0 * 4.5)


def test_zones_without_a_name_are_numbered() -> None:
    text = collection(polygon(None, SQUARE), polygon("", TRIANGLE))
    assert list(zones_from_geojson(text, None)) == ["zone 1", "zone 2"]


def test_zones_of_one_name_are_all_kept() -> None:
    text = collection(polygon("land", SQUARE), polygon("land", TRIANGLE), polygon("land", SQUARE + 20.0))
    found = zones_from_geojson(text, None)
    assert sorted(area(ring) for ring in found.values()) == [6.0, 16.0, 16.0]
    assert len(set(found)) == 3
    assert all("land" in name for name in found)


def test_a_single_feature_or_bare_geometry_is_a_zone_too() -> None:
    for text in (json.dumps(polygon("quay", SQUARE)), json.dumps(polygon("quay", SQUARE)["geometry"])):
        np.testing.assert_array_equal(next(iter(zones_from_geojson(text, None).values())), SQUARE)


def test_heights_are_left_out_and_the_largest_of_several_parts_is_kept() -> None:
    high = np.column_stack((SQUARE, np.full(5, 30.0)))
    np.testing.assert_array_equal(zones_from_geojson(collection(polygon("quay", high)), None)["quay"], SQUARE)
    parts = {"type": "MultiPolygon", "coordinates": [[TRIANGLE.tolist()], [SQUARE.tolist()]]}
    np.testing.assert_array_equal(zones_from_geojson(json.dumps(parts), None)["zone 1"], SQUARE)


BAD = {
    "empty": "", "no JSON": "quay", "a list": "[]", "a number": "7", "no features": '{"type": "FeatureCollection"}',
    "no geometry": collection({"type": "Feature", "properties": {"name": "quay"}, "geometry": None}),
    "a point": '{"type": "Point", "coordinates": [1, 2]}',
    "a line": '{"type": "LineString", "coordinates": [[1, 2], [3, 4]]}',
    "no corners": '{"type": "Polygon", "coordinates": []}',
    "two corners": '{"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}',
    "words for corners": '{"type": "Polygon", "coordinates": [[["a", "b"], ["c", "d"], ["e", "f"], ["a", "b"]]]}',
    "no area": collection(polygon("quay", np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [0.0, 0.0]]))),
    "not finite": '{"type": "Polygon", "coordinates": [[[0, 0], [1, NaN], [2, 2], [0, 0]]]}',
    "beyond the map": collection(polygon("metres", SQUARE * 1000.0 + 500_000.0)),
}


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_polygon_is_refused_with_a_way_out(kind: str) -> None:
    crs = "EPSG:32632" if kind == "beyond the map" else None
    with pytest.raises(FeatureError) as caught:
        zones_from_geojson(BAD[kind], crs)
    assert caught.value.what
    assert caught.value.fix


@pytest.mark.parametrize("kind", ["no area", "beyond the map"])
def test_a_zone_that_cannot_be_used_is_named(kind: str) -> None:
    with pytest.raises(FeatureError) as caught:
        zones_from_geojson(BAD[kind], "EPSG:32632")
    assert ("'quay'" if kind == "no area" else "'metres'") in caught.value.what


@pytest.mark.parametrize("x", [[0.0, 1.0], [0.0, np.nan, 1.0]], ids=["two corners", "not finite"])
def test_a_lasso_without_three_corners_is_refused(x: list[float]) -> None:
    with pytest.raises(FeatureError) as caught:
        ring_from_points(x, x)
    assert caught.value.fix

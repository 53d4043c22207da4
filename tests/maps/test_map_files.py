"""Map files: GeoJSON and shapefiles of every kind into the world's coordinates; what is wrong names its feature."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from irlcore.errors import DataError
from irlcore.maps.file_parts import belonging
from irlcore.maps.map_files import kinds_for, lies_elsewhere, read_map_file, with_kind
from irlcore.projection import GEOGRAPHIC, moved
from tests.report import EVIL, cells, projected_streets

SEA = [[-100.0, -100.0], [100.0, -100.0], [100.0, 100.0], [-100.0, 100.0], [-100.0, -100.0]]
ISLE = [[5.0, 5.0], [5.0, 9.0], [9.0, 9.0], [9.0, 5.0], [5.0, 5.0]]
WGS84 = b'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],' \
        b'UNIT["Degree",0.0174532925199433]]'


def feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def geojson(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def shp(*records: bytes) -> bytes:
    """A shapefile of these contents."""
    body = b"".join(struct.pack(">ii", k, len(one) // 2) + one for k, one in enumerate(records, 1))
    return struct.pack(">i5ii", 9994, 0, 0, 0, 0, 0, (100 + len(body)) // 2).ljust(100, b"\0") + body


def poly(kind: int, *parts: list[list[float]]) -> bytes:
    corners = [corner for part in parts for corner in part]
    begins = np.concatenate(([0], np.cumsum([len(part) for part in parts])))[:-1]
    return (struct.pack("<i4dii", kind, 0, 0, 0, 0, len(parts), len(corners)) + struct.pack(f"<{len(parts)}i", *begins)
            + struct.pack(f"<{2 * len(corners)}d", *np.ravel(corners)))


def dbf(names: list[str], encoding: str = "utf-8", width: int = 40) -> bytes:
    field = b"NAME".ljust(11, b"\0") + b"C" + bytes(4) + bytes([width]) + bytes(15)
    rows = b"".join(b" " + name.encode(encoding).ljust(width) for name in names)
    return b"\x03" + bytes(3) + struct.pack("<IHH", len(names), 32 + 32 + 1, 1 + width) + bytes(20) + field + b"\r" + rows


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def test_an_area_is_cut_to_the_map_and_keeps_its_hole_open() -> None:
    world = cells()  # 30 x 20 m
    file = read_map_file({"sea.geojson": geojson(feature("Polygon", [SEA, ISLE], name="Bight"))}, world)
    assert (file.kind, file.names) == ("water", ("Bight",))
    assert (file.xy >= -30.0).all() and (file.xy <= 60.0).all()
    rings = with_kind(file, "coast")
    outer, hole = (shapely.Polygon(part) for part in np.split(rings.xy, rings.offsets[1:-1]))
    assert hole.equals(shapely.Polygon(ISLE)) and outer.area == pytest.approx(90.0 * 80.0)


@pytest.mark.parametrize(("name", "one", "kind"), [
    ("coastline.geojson", feature("LineString", [[0, 0], [9, 9]]), "coast"),
    ("streets.json", feature("MultiLineString", [[[0, 0], [9, 9]], [[1, 0], [2, 9]]]), "roads"),
    ("export.geojson", feature("LineString", [[0, 0], [9, 9]], highway="primary"), "roads"),
    ("export.geojson", feature("Polygon", [ISLE], natural="water"), "water"),
    ("ne_10m_land.geojson", feature("MultiPolygon", [[ISLE]]), "land"),
    ("ne_10m_ocean.geojson", feature("Polygon", [ISLE]), "water"),
    ("x.geojson", feature("Polygon", [ISLE]), "land"),
    ("x.geojson", feature("Point", [3, 4], name="pub"), "places"),
    ("x.geojson", feature("MultiPoint", [[3, 4], [5, 6]], name="pub"), "places"),
])
def test_kinds_are_guessed_from_name_fields_and_form(name: str, one: dict[str, Any], kind: str) -> None:
    assert read_map_file({name: geojson(one)}, cells()).kind == kind


def test_degrees_are_moved_to_the_worlds_projection() -> None:
    world, _ = projected_streets()
    assert world.crs is not None
    line = [[11.001, 48.001], [11.02, 48.005]]
    for files in ({"shore.geojson": geojson(feature("LineString", line))}, {"shore.shp": shp(poly(3, line)), "shore.prj": WGS84},
                  {"shore.shp": shp(poly(3, line))}):  # without .prj, but degrees by their size
        file = read_map_file(files, world)
        np.testing.assert_allclose(file.xy, moved(np.array(line), GEOGRAPHIC, world.crs), atol=1e-6)
        assert not lies_elsewhere(file, world)


def test_a_projection_that_an_older_file_names_is_heeded() -> None:
    world, _ = projected_streets()
    assert world.crs is not None
    there = moved(np.array([[11.001, 48.001], [11.02, 48.005]]), GEOGRAPHIC, "EPSG:25832").tolist()
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    file = read_map_file({"shore.geojson": geojson(feature("LineString", there), crs=crs)}, world)
    np.testing.assert_allclose(file.xy, moved(np.array(there), "EPSG:25832", world.crs), atol=1e-6)


def test_a_world_without_projection_takes_coordinates_as_they_are_and_says_when_they_lie_elsewhere() -> None:
    world = cells()
    near = read_map_file({"x.geojson": geojson(feature("LineString", [[31.0, 0.0], [35.0, 9.0]]))}, world)
    assert near.xy.tolist() == [[31.0, 0.0], [35.0, 9.0]]
    assert "lies where the tracks are" in lies_elsewhere(near, world)
    with pytest.raises(DataError, match=r"Nothing of far.geojson") as refused:
        read_map_file({"far.geojson": geojson(feature("LineString", [[1e6, 0], [1e6, 9]]))}, world)
    assert "no projection" in refused.value.fix


def test_a_shapefile_has_its_names_and_holes_whether_loose_or_packed() -> None:
    clockwise = SEA[::-1]
    parts = {"shp": shp(poly(5, clockwise, ISLE[::-1]), struct.pack("<i", 0), poly(15, ISLE)), "dbf": dbf(["Bight", "none", "Höhe"])}
    loose = read_map_file({f"lakes.{end}": content for end, content in parts.items()}, cells())
    packed = read_map_file({"lakes.zip": zipped(**{f"lakes__{end}": content for end, content in parts.items()})}, cells())
    for file in (loose, packed):
        assert file.kind == "water" and file.names == ("Bight", "Höhe")
        assert shapely.Polygon(with_kind(file, "coast").xy[file.offsets[-1] - 5:file.offsets[-1]]).area == pytest.approx(16.0)
    assert loose.xy.tolist() == packed.xy.tolist()


def test_points_of_shapefiles() -> None:
    one = struct.pack("<idd", 1, 3.0, 4.0)
    many = struct.pack("<i4di", 8, 0, 0, 0, 0, 2) + struct.pack("<4d", 1.0, 2.0, 5.0, 6.0)
    file = read_map_file({"a.shp": shp(one, many), "a.dbf": dbf(["one", "two"], "cp1252"), "a.cpg": b"1252"}, cells())
    assert file.xy.tolist() == [[3, 4], [1, 2], [5, 6]] and file.names == ("one", "two", "two") and kinds_for(file) == ("places",)


def test_parts_of_one_shapefile_belong_together() -> None:
    assert belonging(["a.shp", "b.geojson", "A.dbf", "b.zip", "a.prj", "c.shp"]) == [
        ("a.shp", "A.dbf", "a.prj"), ("b.geojson",), ("b.zip",), ("c.shp",)]


def test_lines_that_are_not_closed_are_no_land() -> None:
    file = read_map_file({"x.geojson": geojson(feature("LineString", [[0, 0], [9, 9]]))}, cells())
    assert "land" not in kinds_for(file)
    with pytest.raises(DataError, match="holds no areas"):
        read_map_file({"x.geojson": geojson(feature("LineString", [[0, 0], [9, 9]]))}, cells(), "land")


BROKEN: list[tuple[dict[str, bytes], str]] = [
    ({"x.geojson": geojson(feature("Point", [1, 2]), feature("LineString", [[0, 0], ["a", 1]], name="quay"))}, r"Feature 2 \('quay'\)"),
    ({"x.geojson": geojson(feature("LineString", [[0, 0], [True, 1]]))}, "Feature 1"),
    ({"x.geojson": geojson(feature("LineString", [[0, 0], [1e99, 1]]))}, "Feature 1"),
    ({"x.geojson": geojson(feature("Polygon", [[0, 0], [1, 1]]))}, "Feature 1"),
    ({"x.geojson": geojson(feature("Curve", []))}, "Curve"),
    ({"x.geojson": geojson({"type": "Feature", "geometry": {"coordinates": [1, 2]}})}, "Feature 1"),
    ({"x.geojson": geojson(feature("Point", [1, 2]), crs={"type": "name", "properties": {"name": "+proj=utm"}})}, "no code"),
    ({"x.geojson": b"[1, 2]"}, "no GeoJSON"), ({"x.geojson": b"{"}, "JSON"), ({"x.geojson": geojson()}, "holds nothing"),
    ({"x.shp": b"abc"}, "no shapefile"), ({"x.dbf": b"abc"}, "whose .shp is not there"),
    ({"x.shp": shp(poly(5, SEA))[:-8]}, "middle of record 1"),
    ({"x.shp": shp(poly(3, ISLE), poly(31, ISLE))}, "Record 2"),
    ({"x.shp": shp(poly(3, ISLE), poly(3, ISLE)[:60]), "x.dbf": dbf(["a", "b"])}, r"Record 2 \('b'\)"),
    ({"x.shp": shp(struct.pack("<i4dii", 5, 0, 0, 0, 0, 2**30, 2**30))}, "Record 1"),
    ({"x.shp": shp(struct.pack("<i4dii", 5, 0, 0, 0, 0, -1, -1))}, "Record 1"),
    ({"x.shp": shp(struct.pack("<idd", 1, float("nan"), 0.0))}, "Record 1"),
    ({"x.shp": shp(struct.pack("<i", 8))}, "Record 1"),
    ({"x.shp": shp(poly(3, ISLE)), "x.prj": b"+proj=utm +zone=32 +nadgrids=/etc/passwd"}, "known by a code"),
    ({"x.zip": zipped(readme__txt=b"x")}, "no shapefile and no GeoJSON"),
    ({"x.zip": zipped(a__geojson=b"{}", b__geojson=b"{}")}, "2 maps"), ({"x.zip": b"PK\x03\x04rubbish"}, "cannot be read"),
]


@pytest.mark.parametrize(("files", "said"), BROKEN, ids=range(len(BROKEN)))
def test_what_is_wrong_is_said_with_the_feature_that_has_it(files: dict[str, bytes], said: str) -> None:
    with pytest.raises(DataError, match=said):
        read_map_file(files, cells())


def test_a_bomb_in_a_zip_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_LIMITS", "unpacked=1e5")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.geojson", b" " * 10_000_000)
    with pytest.raises(DataError, match="more than 100,000 bytes"):
        read_map_file({"x.zip": out.getvalue()}, cells())


def test_too_many_corners_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTIVE_LIMITS", "points=10")
    for files in ({"x.geojson": geojson(*[feature("Polygon", [ISLE])] * 3)}, {"x.shp": shp(*[poly(5, ISLE)] * 3)}):
        with pytest.raises(DataError, match="15 corners"):
            read_map_file(files, cells())


def test_names_stay_as_they_are() -> None:
    file = read_map_file({"x.geojson": geojson(feature("Point", [1, 2], name=EVIL), feature("Point", [1, 2], name=None))}, cells())
    assert file.names == (EVIL, "")


def test_a_world_without_coordinates_takes_a_file_whole() -> None:
    world = replace(cells(), place_xy=np.full((5, 2), np.nan), shape_xy=np.empty((0, 2)))
    file = read_map_file({"x.geojson": geojson(feature("LineString", [[1e6, 0], [1e6, 9]]))}, world)
    assert len(file.xy) == 2 and not lies_elsewhere(file, world)

"""Roads of shapefiles and GeoPackages as links: their lines, ends, columns and projections; files that were made to harm."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path

import numpy as np
import pytest

from irlcore.errors import DataError
from irlcore.tracks.columns import guess_columns, guess_role
from irlcore.tracks.read_tracks import read_points
from irlcore.tracks.readers import preview_table, read_table
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.network import build
from tests.maps.test_map_files import WGS84, poly, shp
from tests.tracks.test_zip_tables import zipped

ROADS = [[[[6.60, 46.50], [6.605, 46.502], [6.61, 46.50]]], [[[6.61, 46.50], [6.61, 46.51]]], [[[6.61, 46.51], [6.60, 46.50]]],
         [[[6.605, 46.502], [6.605, 46.51]]]]


def dbf(fields: list[tuple[str, str, int]], rows: list[list[str]], encoding: str = "utf-8", deleted: tuple[int, ...] = ()) -> bytes:
    heads = b"".join(name.encode().ljust(11, b"\0") + kind.encode() + bytes(4) + bytes([width]) + bytes(15) for name, kind, width in fields)
    body = b"".join((b"*" if k in deleted else b" ") + b"".join(
        cell.encode(encoding).rjust(width) if kind == "N" else cell.encode(encoding).ljust(width)
        for cell, (_, kind, width) in zip(row, fields, strict=True)) for k, row in enumerate(rows))
    head = 32 + len(heads) + 1
    return b"\x03" + bytes(3) + struct.pack("<IHH", len(rows), head, 1 + sum(w for _, _, w in fields)) + bytes(20) + heads + b"\r" + body


FIELDS = [("osm_id", "C", 12), ("name", "C", 20), ("maxspeed", "N", 5), ("bridge", "L", 1), ("made", "D", 8)]
ROWS = [["007", "Rue de Genève", "50", "T", "20240304"], ["8", "Quai", "30", "F", ""], ["9", "", "", "", ""], ["10", "Weg", "80", "T", ""]]


def road_parts(encoding: str = "utf-8", deleted: tuple[int, ...] = ()) -> dict[str, bytes]:
    return {"roads.shp": shp(*(poly(3, *parts) for parts in ROADS)), "roads.DBF": dbf(FIELDS, ROWS, encoding, deleted), "roads.prj": WGS84,
            "roads.cpg": encoding.encode() if encoding == "utf-8" else b""}


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_roads_of_a_shapefile_are_links_that_join_at_their_ends(encoding: str, tmp_path: Path) -> None:
    parts = road_parts(encoding)
    for name, content in parts.items():
        (tmp_path / name).write_bytes(content)
    for table in (read_table(zipped(parts), "roads.zip"), read_table(tmp_path / "roads.shp"), preview_table(zipped(parts), "r.zip").table):
        assert guess_role(table) == "links" and guess_columns(table, "links")["link"] == "fid"
        assert table["fid"].tolist() == ["007", "8", "9", "10"] and table["name"].tolist()[0] == "Rue de Genève"
        np.testing.assert_array_equal(table["maxspeed"], [50, 30, np.nan, 80])
        assert table["bridge"].tolist()[:2] == ["yes", "no"] and table["made"].iloc[0] == "2024-03-04"
        assert table["u"].tolist() == ["n1", "n2", "n3", "n4"] and table["v"].tolist() == ["n2", "n3", "n1", "n5"]
        said = " ".join(table.attrs["said"])
        assert "of which there are 5" in said and "1 lines run through the end of another" in said
    world = build(table).world
    assert world.n_places == 4 and world.mdp.n_choices == 3 and world.crs == "EPSG:32632"


def test_records_that_are_deleted_go_and_rows_without_ids_are_numbered() -> None:
    parts = road_parts(deleted=(1,))
    parts["roads.DBF"] = dbf([("kind", "C", 5)], [["a"], ["b"], ["c"], ["d"]], deleted=(1,))
    table = read_table(zipped(parts), "roads.zip")
    assert table["fid"].tolist() == ["1", "3", "4"] and table["kind"].tolist() == ["a", "c", "d"]
    assert "1 records that are marked as deleted" in table.attrs["said"][0] and "called by the number" in table.attrs["said"][-1]


def test_lines_in_parts_and_points_are_read_and_areas_are_not() -> None:
    parts = {"r.shp": shp(poly(3, [[0, 0], [1, 0]], [[5, 5], [6, 5]])), "r.dbf": dbf([("id", "C", 3)], [["a"]])}
    table = read_table(zipped(parts), "r.zip")
    assert table["geometry"].tolist() == ["MULTILINESTRING ((0.0 0.0, 1.0 0.0), (5.0 5.0, 6.0 5.0))"] and table["v"].tolist() == ["n2"]
    fixes = [struct.pack("<i2d", 1, 6.6 + k / 1000, 46.5) for k in range(4)]
    rows = [["a", "2024-03-04 08:00:00"], ["a", "2024-03-04 08:01:00"], ["b", "2024-03-04 08:00:00"], ["b", "2024-03-04 08:02:00"]]
    table = read_table(zipped({"fixes.shp": shp(*fixes), "fixes.dbf": dbf([("vehicle", "C", 5), ("time", "C", 19)], rows)}), "fixes.zip")
    imported = read_points(table, guess_columns(table, "points"))
    assert isinstance(imported.tracks, Tracks) and imported.tracks.ids.tolist() == ["a", "b"] and imported.tracks.crs == "EPSG:32632"
    square = [[0, 0], [0, 1], [1, 1], [0, 0]]
    with pytest.raises(DataError, match="holds areas"):
        read_table(zipped({"land.shp": shp(poly(5, square))}), "land.zip")
    with pytest.raises(DataError, match="3 shapes, and the table beside it 1 rows"):
        read_table(zipped({"r.shp": shp(*[poly(3, [[0, 0], [1, 0]])] * 3), "r.dbf": dbf([("id", "C", 3)], [["a"]])}), "r.zip")


def gpkg(edit: str = "", srs: int = 4326, lines: int = 4) -> bytes:
    with sqlite3.connect(":memory:") as db:
        db.executescript("""
            CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER);
            INSERT INTO gpkg_spatial_ref_sys VALUES ('w', 4326, 'EPSG', 4326), ('u', 32632, 'epsg', 32632), ('own', -1, 'NONE', -1);
            CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, identifier TEXT);
            CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER);
            CREATE TABLE nodes (fid INTEGER PRIMARY KEY, geom BLOB, osmid INTEGER);
            CREATE TABLE "ed""ges; DROP TABLE nodes" (fid INTEGER PRIMARY KEY, geom BLOB, u INTEGER, v INTEGER, key INTEGER, name TEXT,
                                                      length REAL);""")
        edges = 'ed"ges; DROP TABLE nodes'
        for name in ("nodes", edges):
            db.execute("INSERT INTO gpkg_contents VALUES (?, 'features', 'x')", (name,))
            db.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'GEOMETRY', ?)", (name, srs))
        for k, (line,) in enumerate(ROADS[:lines]):
            db.execute(f'INSERT INTO "{edges.replace(chr(34), chr(34) * 2)}" VALUES (?, ?, ?, ?, 0, ?, ?)',
                       (k + 1, blob(struct.pack("<BII", 1, 2, len(line)) + np.array(line).tobytes(), 32 * (k % 2)), 12345678901234567 + k,
                        12345678901234567 + (k + 1) % 3, f"road {k}", 100.5 * k + 900))
            db.execute("INSERT INTO nodes VALUES (?, ?, ?)", (k + 1, blob(struct.pack("<BI2d", 1, 1, *line[0])), 12345678901234567 + k))
        db.executescript(edit)
        return db.serialize()


def blob(wkb: bytes, envelope: int = 0) -> bytes:
    return b"GP\0" + bytes([1 | ((1 if envelope else 0) << 1)]) + struct.pack("<i", 4326) + bytes(envelope) + wkb


def test_the_roads_of_a_geopackage_are_links_with_ids_as_text() -> None:
    for raw in (gpkg(), zipped({"lausanne.gpkg": gpkg()}), gpkg()[:18] + b"\2\2" + gpkg()[20:]):
        table = read_table(raw, "lausanne.gpkg")
        assert guess_role(table) == "links" and table["u"].tolist()[0] == 12345678901234567 and table["name"].tolist()[3] == "road 3"
        assert table["geometry"].tolist()[1] == "LINESTRING (6.61 46.5, 6.61 46.51)"
        assert "is read, and not nodes." in " ".join(table.attrs["said"])
    world = build(table).world
    assert world.n_places == 4 and world.crs == "EPSG:32632" and "fid" in guess_columns(table, "links").values()
    assert read_table(gpkg(srs=32632), "x.gpkg").attrs["crs"] == "EPSG:32632" and "crs" not in read_table(gpkg(srs=-1), "x.gpkg").attrs
    points = read_table(gpkg(lines=3, edit="DELETE FROM gpkg_geometry_columns WHERE table_name LIKE 'ed%'"), "x.gpkg")
    assert points["lon"].tolist() == [6.60, 6.61, 6.61] and guess_role(points) == "nodes"


ENDLESS = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n AS fid, zeroblob(100) AS geom FROM c"
HOSTILE = {
    "a view that never ends": (f"DROP TABLE nodes; CREATE VIEW nodes AS {ENDLESS};", ""),
    "only a view": (f"DROP TABLE nodes; DELETE FROM gpkg_geometry_columns WHERE table_name LIKE 'ed%'; CREATE VIEW nodes AS {ENDLESS};",
                    "no layer"),
    "a register that is a view": (f"DROP TABLE gpkg_contents; CREATE VIEW gpkg_contents AS {ENDLESS};", "no GeoPackage"),
    "a column that is worked out": ("DROP TABLE nodes; CREATE TABLE nodes (fid INTEGER PRIMARY KEY, geom AS (abs(fid)));", ""),
    "a column without a register": ("UPDATE gpkg_geometry_columns SET column_name = 'gone';", "cannot be read as a database"),
    "no database of maps": ("DROP TABLE gpkg_geometry_columns;", "no GeoPackage"),
    "areas": ("DELETE FROM gpkg_geometry_columns WHERE table_name LIKE 'ed%'; "
              "UPDATE nodes SET geom = x'47500001000000000103000000';", "areas"),
    "shapes cut short": ("UPDATE nodes SET geom = x'4750';", ""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_geopackage_made_to_harm_runs_nothing(name: str) -> None:
    edit, words = HOSTILE[name]
    if words:
        with pytest.raises(DataError, match=words) as told:
            read_table(gpkg(edit), "x.gpkg")
        assert "x.gpkg" in told.value.what
        return
    try:
        assert len(read_table(gpkg(edit), "x.gpkg")) == 4
    except DataError as error:  # refused by SQLite before anything is worked out
        assert "cannot be read as a database" in error.what


def test_a_damaged_geopackage_is_refused_wherever_it_is_damaged() -> None:
    whole = gpkg()
    rng = np.random.default_rng(5)
    for _ in range(150):
        raw = bytearray(whole)
        for at in rng.integers(16, len(raw), 30):
            raw[at] = int(rng.integers(256))
        try:
            read_table(bytes(raw[:int(rng.integers(100, len(raw)))] if rng.random() < 0.3 else raw), "x.gpkg")
        except DataError:
            continue


def test_a_damaged_shapefile_is_refused_wherever_it_is_damaged() -> None:
    parts, rng = road_parts(), np.random.default_rng(6)
    for _ in range(150):
        broken = dict(parts)
        for name in ("roads.shp", "roads.DBF"):
            raw = bytearray(parts[name])
            for at in rng.integers(0, len(raw), 3):
                raw[at] = int(rng.integers(256))
            broken[name] = bytes(raw)
        try:
            read_table(zipped(broken), "x.zip")
        except DataError:
            continue

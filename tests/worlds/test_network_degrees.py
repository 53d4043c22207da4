"""Where a network lies: degrees under any name, reference systems, both sides of the antimeridian, the poles; or a plane."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod, Transformer

from irlcore.errors import DataError
from irlcore.tracks.coordinates import OWN_PLANE
from irlcore.tracks.options import Options
from irlcore.worlds.links.lines import srid_of
from irlcore.worlds.network import Built, build

ENDS = {"link": list("12345"), "u": list("ABCCF"), "v": list("BCDEB")}
EARTH = Geod(ellps="WGS84")


def network(nodes: dict[str, tuple[float, float]], way: str, **more: object) -> Built:
    """The five links between these nodes, as one of the ways in which tables have lines."""
    table = pd.DataFrame(ENDS)
    at = [(*nodes[u], *nodes[v]) for u, v in zip(table["u"], table["v"], strict=True)]
    lines = [shapely.LineString([one[:2], one[2:]]) for one in at]
    apart = None
    if way == "nodes":
        apart = pd.DataFrame({"osmid": list(nodes), "y": [y for _, y in nodes.values()], "x": [x for x, _ in nodes.values()]})
    elif way == "ends":
        table[["x0", "y0", "x1", "y1"]] = at
    elif way == "wkt":
        table["wkt"] = [shapely.to_wkt(line, rounding_precision=-1) for line in lines]
    elif way == "ewkt":
        table["geometry"] = [f"SRID=4326;{shapely.to_wkt(line, rounding_precision=-1)}" for line in lines]
    elif way == "ewkb":
        table["geometry"] = [shapely.to_wkb(shapely.set_srid(line, 4326), include_srid=True, hex=True) for line in lines]
    elif way == "wkb":
        table["geometry"] = [shapely.to_wkb(line, hex=True) for line in lines]
    return build(table.assign(**more), None, apart)


def moved(lon: float, lat: float, scale: float = 1.0) -> dict[str, tuple[float, float]]:
    east = scale * 0.01
    return {"A": (lon, lat), "B": (lon + east, lat), "C": (lon + 2 * east, lat + 0.5 * east), "D": (lon + 3 * east, lat + 0.5 * east),
            "E": (lon + 2 * east, lat + 1.5 * east), "F": (lon + east, lat - east)}


def check(built: Built, nodes: dict[str, tuple[float, float]]) -> None:
    """Links are as long as they are on the ground."""
    world = built.world
    assert world.unit == "m" and any("degrees" in one for one in built.said)
    for place, length in zip(world.place_names[world.choice_place], world.choice_length, strict=True):
        k = ENDS["link"].index(place)
        assert length == pytest.approx(EARTH.inv(*nodes[ENDS["u"][k]], *nodes[ENDS["v"][k]])[2], rel=1e-6)
    span = np.ptp(world.shape_xy, axis=0)
    widest = max(EARTH.inv(*a, *b)[2] for a in nodes.values() for b in nodes.values())
    assert (span > 0.0).all() and span.max() < 1.3 * widest


@pytest.mark.parametrize("way", ["nodes", "ends", "wkt", "ewkt", "ewkb", "wkb"])
@pytest.mark.parametrize(("lon", "lat", "crs"), [(4.3, 52.0, "EPSG:32631"), (-0.12, 51.5, "EPSG:32630"), (-74.0, 40.6, "EPSG:32618"),
                                                 (151.2, -33.9, "EPSG:32756"), (285.0, 40.6, "EPSG:32618"), (359.985, 51.5, "EPSG:32630")])
def test_short_links_in_degrees_are_degrees_under_any_name(lon: float, lat: float, crs: str, way: str) -> None:
    nodes = {name: (x % 360.0 if lon > 180.0 else x, y) for name, (x, y) in moved(lon, lat).items()}
    built = network(nodes, way)
    check(built, nodes)
    assert built.world.crs == crs


@pytest.mark.parametrize("way", ["nodes", "ends", "wkt"])
@pytest.mark.parametrize(("lon", "lat", "scale"), [(4.0, 52.0, 150.0), (120.0, 30.0, 300.0), (-30.5, 40.0, 100.0)])
def test_long_lanes_far_from_the_zero_of_planes_are_degrees(lon: float, lat: float, scale: float, way: str) -> None:
    nodes = {name: (x + 0.03, y + 0.07) for name, (x, y) in moved(lon, lat, scale).items()}
    check(network(nodes, way), nodes)


ROUND_THE_WORLD = [(-122.5, 37.7), (-150.2, 40.1), (179.5, 45.3), (140.1, 35.2), (121.9, 31.1), (103.8, 1.2), (80.3, 5.9), (43.5, 12.4),
                   (32.6, 29.9), (15.1, 35.8), (-5.6, 35.9), (4.1, 52.0), (-40.2, 45.1), (-74.1, 40.3)]


def test_lanes_round_the_world_are_degrees_and_what_no_map_holds_is_listed() -> None:
    lines = list(itertools.pairwise(ROUND_THE_WORLD))
    built = build(pd.DataFrame({"link": range(len(lines)), "u": range(len(lines)), "v": range(1, len(lines) + 1),
                                "wkt": [shapely.to_wkt(shapely.LineString(one), rounding_precision=-1) for one in lines]}))
    assert built.world.crs is not None and "its map is distorted; lengths are those on the ground" in " ".join(built.said)
    np.testing.assert_allclose(built.world.choice_length, [EARTH.inv(*a, *b)[2] for a, b in lines[1:]], rtol=1e-6)
    far = network(moved(4.3, 52.0) | {"F": (93.0, 0.5)}, "ewkt")
    assert far.problems[["row", "done"]].to_numpy().tolist() == [["6", "kept without a place"]]
    assert np.flatnonzero(np.isnan(far.world.place_xy).any(axis=1)).tolist() == [4]


@pytest.mark.parametrize(("unit", "factor"), [("m", 1.0), ("km", 1000.0), ("miles", 1609.344), ("sea miles", 1852.0), ("feet", 0.3048)])
def test_lengths_tell_degrees_and_their_own_unit(unit: str, factor: float) -> None:
    nodes = moved(0.0, 0.0, 100.0)  # links of a degree at zero: a plane's, by themselves
    assert network(nodes, "nodes").world.crs is None
    metres = [EARTH.inv(*nodes[u], *nodes[v])[2] for u, v in zip(ENDS["u"], ENDS["v"], strict=True)]
    built = network(nodes, "nodes", length=[one / factor for one in metres])
    check(built, nodes)
    assert any(f"are in {unit}, as the lines say" in one for one in built.said) == (unit != "m")


def test_lengths_in_degrees_are_not_taken_for_metres() -> None:
    nodes = moved(4.3, 52.0)
    built = network(nodes, "wkt", length=[math.dist(nodes[u], nodes[v]) for u, v in zip(ENDS["u"], ENDS["v"], strict=True)])
    check(built, nodes)
    assert any("lengths in length are in degrees" in one for one in built.said)


@pytest.mark.parametrize("nodes", [
    moved(0.0, 0.0, 100.0), moved(0.0, 0.0, 1e4), moved(5e5, 5.8e6, 1e4),
    {name: (round(x), round(y)) for name, (x, y) in moved(3, 40, 700).items()}, moved(500.0, 20.0), moved(20.0, 120.0)],
    ids=["at zero", "a town", "UTM", "whole numbers", "x too large", "y too large"])
@pytest.mark.parametrize("way", ["nodes", "ends", "wkt"])
def test_a_plane_stays_a_plane(nodes: dict[str, tuple[float, float]], way: str) -> None:
    world = network(nodes, way).world
    assert world.crs is None
    np.testing.assert_allclose(world.shape_xy[:2], [nodes["A"], nodes["B"]])


def test_an_option_may_say_that_numbers_are_no_degrees() -> None:
    table = pd.DataFrame(ENDS).assign(x0=4.31, y0=52.02, x1=[4.32, 4.33, 4.34, 4.35, 4.36], y1=52.03)
    assert build(table).world.crs == "EPSG:32631"
    built = build(table, options=Options(crs=OWN_PLANE))
    assert built.world.crs is None and built.said == ()


def test_a_small_plane_is_told_by_its_lengths() -> None:
    nodes = moved(0.0, 0.0)
    built = network(nodes, "nodes", length=[math.dist(nodes[u], nodes[v]) for u, v in zip(ENDS["u"], ENDS["v"], strict=True)])
    assert built.world.crs is None
    assert any("not as degrees, though they could be both" in one for one in built.said)


@pytest.mark.parametrize("way", ["nodes", "ewkt"])
@pytest.mark.parametrize("lat", [10.0, 70.0])
def test_links_across_the_antimeridian_are_neighbours(lat: float, way: str) -> None:
    nodes = {name: ((lon + 180.0) % 360.0 - 180.0, y) for name, (lon, y) in moved(179.985, lat).items()}
    assert min(x for x, _ in nodes.values()) < -179.0 and max(x for x, _ in nodes.values()) > 179.0
    check(network(nodes, way), nodes)


@pytest.mark.parametrize(("lat", "crs"), [(88.0, "EPSG:5041"), (-82.0, "EPSG:5042")])
def test_polar_links_have_a_polar_plane(lat: float, crs: str) -> None:
    built = network(moved(20.0, lat), "ewkt")
    check(built, moved(20.0, lat))
    assert built.world.crs == crs


def in_crs(crs: str) -> dict[str, tuple[float, float]]:
    move = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    return {name: move.transform(*place) for name, place in moved(4.3, 52.0).items()}


@pytest.mark.parametrize(("crs", "kept"), [("EPSG:28992", True), ("EPSG:32631", True), ("EPSG:3857", False), ("EPSG:2263", False)])
@pytest.mark.parametrize("named", ["srid", "option", "file"])
def test_a_named_projection_is_kept_where_its_metres_are_metres(crs: str, kept: bool, named: str) -> None:
    if crs == "EPSG:2263":  # feet, of New York
        move = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        on_globe = moved(-74.0, 40.7)
        nodes = {name: move.transform(*place) for name, place in on_globe.items()}
    else:
        on_globe, nodes = moved(4.3, 52.0), in_crs(crs)
    table = pd.DataFrame(ENDS)
    lines = [shapely.to_wkt(shapely.LineString([nodes[u], nodes[v]]), rounding_precision=-1)
             for u, v in zip(table["u"], table["v"], strict=True)]
    table["geometry"] = [f"SRID={crs[5:]};{line}" if named == "srid" else line for line in lines]
    if named == "file":
        table.attrs["crs"] = crs
    built = build(table, options=Options(crs=crs) if named == "option" else None)
    assert (built.world.crs == crs) == kept and any(crs in one for one in built.said)
    lengths = dict(zip(built.world.place_names[built.world.choice_place], built.world.choice_length, strict=True))
    assert lengths["2"] == pytest.approx(EARTH.inv(*on_globe["B"], *on_globe["C"])[2], rel=1e-3)


def test_an_option_may_say_that_numbers_are_degrees() -> None:
    table = pd.DataFrame(ENDS).assign(x0=[0, 1, 2, 2, 1], y0=[0, 0, 1, 1, -1], x1=[1, 2, 3, 2, 1], y1=[0, 1, 1, 2, 0])
    assert build(table).world.crs is None
    assert build(table, options=Options(crs="EPSG:4326")).world.crs == "EPSG:32631"


@pytest.mark.parametrize("crs", ["EPSG:999999", "RD", "+proj=utm +zone=31"])
def test_a_projection_that_nobody_knows_is_refused(crs: str) -> None:
    table = pd.DataFrame(ENDS).assign(wkt="LINESTRING (0 0, 1 1)")
    with pytest.raises(DataError, match="no projection that is known") as caught:
        build(table, options=Options(crs=crs))
    assert "EPSG" in caught.value.fix


def test_lines_in_two_reference_systems_are_refused_by_their_rows() -> None:
    lines = pd.Series(["SRID=4326;LINESTRING (4 52, 4.1 52)", "LINESTRING (4 52, 4.1 52)", "SRID=28992;LINESTRING (4 52, 4.1 52)"])
    assert srid_of(lines[:2]) == 4326 and srid_of(lines[1:2]) == 0
    with pytest.raises(DataError, match="row 2 of the links has the reference system 4326, that of row 4 28992"):
        srid_of(lines)


def test_a_link_beyond_the_globe_is_listed_and_has_no_line() -> None:
    n = 40
    lon = np.linspace(4.3, 4.7, n + 1)
    table = pd.DataFrame({"link": range(n), "u": range(n), "v": range(1, n + 1),
                          "lon0": lon[:-1], "lat0": 52.0, "lon1": lon[1:], "lat1": 52.0})
    table.loc[7, "lon1"] = 999.0
    built = build(table)
    assert built.problems["row"].tolist() == ["9"] and "longitude 999" in built.problems["what"][0]
    assert np.flatnonzero(np.isnan(built.world.place_xy).any(axis=1)).tolist() == [7]
    named = build(table.rename(columns={"lon0": "x0", "lat0": "y0", "lon1": "x1", "lat1": "y1"}))
    assert named.world.crs == built.world.crs and named.problems["row"].tolist() == ["9"]


def test_latitudes_before_longitudes_are_told() -> None:
    nodes = {name: (lat, lon) for name, (lon, lat) in moved(151.2, -33.9).items()}
    with pytest.raises(DataError, match=r"beyond 90 degrees of latitude \(151.2, row 2\)") as caught:
        network(nodes, "ewkt")
    assert "swapped" in caught.value.fix


def test_a_node_at_zero_and_zero_far_from_all_others_has_no_place() -> None:
    nodes = moved(4.3, 52.0) | {"F": (0.0, 0.0)}
    built = network(nodes, "nodes")
    assert built.world.crs == "EPSG:32631" and built.problems["row"].tolist() == ["6"]
    assert "longitude 0 and latitude 0" in built.problems["what"][0]
    assert np.flatnonzero(np.isnan(built.world.place_xy).any(axis=1)).tolist() == [4]


def test_straight_edges_of_osmnx_are_drawn_between_their_nodes() -> None:
    nodes = moved(4.3, 52.0)
    bent = "LINESTRING (4.31 52.0, 4.315 52.01, 4.32 52.005)"
    apart = pd.DataFrame({"osmid": list(nodes), "x": [x for x, _ in nodes.values()], "y": [y for _, y in nodes.values()]})
    built = build(pd.DataFrame(ENDS).assign(geometry=[None, bent, None, "", None]), None, apart)
    assert np.diff(built.world.shape_offsets).tolist() == [2, 3, 2, 2, 2] and np.isfinite(built.world.place_xy).all()
    assert built.world.crs == "EPSG:32631"

"""A network: which link follows which, where the links lie, how long they are and how they turn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from irlcore.budget import TooLarge
from irlcore.errors import DataError
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World

# A crossing at (0, 0): "in" comes from the south, then one can go on, right, left or back.
CROSSING = pd.DataFrame({
    "link": ["in", "on", "right", "left", "back"],
    "u": [1, 0, 0, 0, 0], "v": [0, 2, 3, 4, 1],
    "x0": [0, 0, 0, 0, 0], "y0": [-100, 0, 0, 0, 0],
    "x1": [0, 0, 200, -300, 0], "y1": [0, 50, 0, 0, -100]})
NO_ENDS = CROSSING.drop(columns=["x0", "y0", "x1", "y1"])
NODES = pd.DataFrame({"node": [0, 1, 2, 3, 4], "x": [0, 0, 0, 200, -300], "y": [0, -100, 50, 0, 0]})
WKT = ["LINESTRING (0 -100, 0 0)", "LINESTRING (0 0, 0 50)", "LINESTRING (0 0, 200 0)", "LINESTRING (0 0, -300 0)",
       "LINESTRING (0 0, 0 -100)"]


def follows(world: World) -> set[tuple[str, str]]:
    """(from, to) names of every choice."""
    return set(zip(world.place_names[world.choice_from], world.place_names[world.choice_place], strict=True))


def at(world: World, start: str, end: str) -> int:
    names = world.place_names.tolist()
    return int(np.flatnonzero((world.choice_from == names.index(start)) & (world.choice_place == names.index(end)))[0])


def test_a_link_leads_to_every_link_that_starts_at_its_end() -> None:
    world = build_network(NO_ENDS)
    assert follows(world) == {("in", "on"), ("in", "right"), ("in", "left"), ("in", "back"), ("back", "in")}
    assert world.kind == "network" and world.mdp.deterministic


def test_nodes_named_by_numbers_and_by_text_join_alike() -> None:
    mixed = NO_ENDS.assign(u=NO_ENDS["u"].astype(float), v=NO_ENDS["v"].astype(str))
    assert follows(build_network(mixed)) == follows(build_network(NO_ENDS))


def test_a_table_of_transitions_takes_the_place_of_the_join() -> None:
    pairs = pd.DataFrame({"from_link": ["in", "in", "in"], "to_link": ["on", "right", "on"], "signal": [1, 0, 0]})
    world = build_network(NO_ENDS, pairs)
    assert follows(world) == {("in", "on"), ("in", "right")}
    assert world.mdp.n_choices == 2  # the pair given twice is one choice, as it stands first
    assert world.choice_attributes["signal"][at(world, "in", "on")] == 1.0


def test_columns_of_the_transitions_stay_with_their_transition() -> None:
    pairs = pd.DataFrame({"from_link": ["right", "in", "left", "in"], "to_link": ["in", "left", "in", "on"],
                          "signal": [1, 2, 3, 4], "sign": ["stop", "none", "none", "yield"]})
    world = build_network(NO_ENDS, pairs)
    wanted = {("right", "in"): (1, "stop"), ("in", "left"): (2, "none"), ("left", "in"): (3, "none"),
              ("in", "on"): (4, "yield")}
    for (start, end), (number, text) in wanted.items():
        m = at(world, start, end)
        assert world.choice_attributes["signal"][m] == number and world.choice_attributes["sign"][m] == text


def test_columns_of_the_links_become_attributes_of_places() -> None:
    world = build_network(NO_ENDS.assign(speed=[30, 50, None, 50, 30], road=["a", " b", None, "b", "a"]))
    np.testing.assert_array_equal(world.place_attributes["speed"], [30, 50, np.nan, 50, 30])
    assert world.place_attributes["road"].tolist() == ["a", "b", "", "b", "a"]
    assert set(world.place_attributes) == {"speed", "road"}


def test_links_that_only_transitions_name_become_places_without_choices() -> None:
    pairs = pd.DataFrame({"from_link": ["in", "on"], "to_link": ["on", "END"]})
    world = build_network(CROSSING.assign(speed=50, road="a"), pairs)
    assert world.place_names.tolist() == ["in", "on", "right", "left", "back", "END"]
    assert (world.choice_from != 5).all()
    assert world.choice_length[at(world, "on", "END")] == 0.0
    assert np.isnan(world.place_xy[5]).all() and np.isnan(world.choice_turn[at(world, "on", "END")])
    assert world.place_attributes["speed"][5] == 0.0 and world.place_attributes["road"][5] == ""


def test_transitions_of_another_network_are_refused() -> None:
    pairs = pd.DataFrame({"from_link": ["7", "8", "9"], "to_link": ["8", "9", "7"]})
    with pytest.raises(DataError) as caught:
        build_network(NO_ENDS, pairs)
    assert "7" in caught.value.what and caught.value.fix


@pytest.mark.parametrize(("links", "nodes"), [(CROSSING, None), (NO_ENDS, NODES), (NO_ENDS.assign(wkt=WKT), None)],
                         ids=["end coordinates", "nodes", "wkt"])
def test_middles_lengths_and_turns_come_from_any_kind_of_geometry(links: pd.DataFrame,
                                                                  nodes: pd.DataFrame | None) -> None:
    world = build_network(links, None, nodes)  # in wkt, x of 200 and more says that these are no degrees
    assert world.crs is None and world.unit == "m"
    np.testing.assert_allclose(world.place_xy, [[0, -50], [0, 25], [100, 0], [-150, 0], [0, -50]])
    wanted = {"on": (50.0, 0.0), "right": (200.0, 90.0), "left": (300.0, -90.0)}
    for end, (length, degrees) in wanted.items():
        assert world.choice_length[at(world, "in", end)] == pytest.approx(length)
        assert np.rad2deg(world.choice_turn[at(world, "in", end)]) == pytest.approx(degrees)
    assert abs(np.rad2deg(world.choice_turn[at(world, "in", "back")])) == pytest.approx(180.0)
    assert world.choice_length[at(world, "back", "in")] == pytest.approx(100.0)


def test_a_bent_line_is_as_long_as_its_pieces_and_turns_by_its_ends() -> None:
    table = pd.DataFrame({"link": ["a", "b"], "u": [1, 2], "v": [2, 3],
                          "wkt": ["LINESTRING (0 0, 0 300, 400 300)", "LINESTRING (400 300, 400 0, 0 0)"]})
    world = build_network(table)
    assert world.choice_length.tolist() == [700.0]
    assert np.rad2deg(world.choice_turn[0]) == pytest.approx(90.0)  # a arrives going east, b leaves going south
    assert world.shape_offsets.tolist() == [0, 3, 6]


def test_a_length_column_is_believed_before_the_geometry() -> None:
    world = build_network(CROSSING.assign(length=[1.0, 2.0, 3.0, 4.0, 5.0]))
    assert world.choice_length[at(world, "in", "left")] == 4.0


def test_a_link_without_a_shape_has_no_length_and_no_middle() -> None:
    world = build_network(NO_ENDS.assign(wkt=[WKT[0], WKT[1], None, WKT[3], WKT[4]]))
    assert np.isnan(world.choice_length[at(world, "in", "right")])
    assert np.isnan(world.place_xy[2]).all()
    assert world.choice_length[at(world, "in", "on")] == 50.0 and world.choice_length[at(world, "in", "left")] == 300.0


def test_without_geometry_or_lengths_nothing_is_known_of_the_ground() -> None:
    world = build_network(NO_ENDS)
    assert not world.has_coordinates and world.unit == ""
    assert np.isnan(world.choice_length).all() and np.isnan(world.choice_turn).all()


@pytest.mark.parametrize("way", ["end coordinates", "nodes", "wkt"])
def test_longitude_and_latitude_are_projected_to_metres(way: str) -> None:
    lon, lat = np.array([17.00, 17.01, 17.01]), np.array([59.00, 59.00, 59.01])
    table = pd.DataFrame({"link": ["east", "north"], "u": [0, 1], "v": [1, 2]})
    nodes = None
    if way == "nodes":
        nodes = pd.DataFrame({"node": [0, 1, 2], "lon": lon, "lat": lat})
    elif way == "wkt":
        table["wkt"] = [f"LINESTRING ({lon[i]} {lat[i]}, {lon[i + 1]} {lat[i + 1]})" for i in range(2)]
    else:
        table = table.assign(lon0=lon[:2], lat0=lat[:2], lon1=lon[1:], lat1=lat[1:])
    world = build_network(table, None, nodes)
    assert world.crs == "EPSG:32633" and world.unit == "m"
    true = Geod(ellps="WGS84").inv(lon[1], lat[1], lon[2], lat[2])[2]
    assert world.choice_length[0] == pytest.approx(true, rel=1e-3)
    assert np.rad2deg(world.choice_turn[0]) == pytest.approx(-90.0, abs=0.1)


def test_a_node_without_coordinates_leaves_its_links_without_a_length() -> None:
    nodes = pd.DataFrame({"node": [0, 1, 2], "lon": [17.0, 17.01, None], "lat": [59.0, 59.0, 59.01]})
    world = build_network(pd.DataFrame({"link": ["a", "b"], "u": [0, 1], "v": [1, 2]}), None, nodes)
    assert np.isnan(world.choice_length).all() and np.isnan(world.place_xy[1]).all()
    assert np.isfinite(world.place_xy[0]).all()


ON_GLOBE = {"lon0": [17.0, 17.01], "lat0": 59.0, "lon1": [17.01, 17.02], "lat1": 59.0}


@pytest.mark.parametrize("columns", [{"lon0": 500.0}, {"lat0": 500.0, "lat1": 500.0}, {"lon0": 5e5, "lon1": 5e5, "lat0": 6e6, "lat1": 6e6},
                                     {"lon0": 1e20, "lon1": 1e20}], ids=str)
def test_links_that_lie_beyond_all_maps_are_refused_in_words(columns: dict[str, object]) -> None:
    table = pd.DataFrame({"link": ["a", "b"], "u": [0, 1], "v": [1, 2]}).assign(**ON_GLOBE).assign(**columns)
    with pytest.raises(DataError, match=r"The middle of the links, .* is no place in degrees") as caught:
        build_network(table)
    assert "degrees" in caught.value.fix


@pytest.mark.parametrize(("columns", "crs"), [({"lat0": 89.0, "lat1": 89.0}, "EPSG:5041"), ({"lat0": -85.0, "lat1": -85.0}, "EPSG:5042"),
                                              ({"wkt": ["LINESTRING (5 89, 5.01 89)"] * 2}, "EPSG:5041")], ids=str)
def test_links_near_a_pole_lie_on_a_polar_plane(columns: dict[str, object], crs: str) -> None:
    table = pd.DataFrame({"link": ["a", "b"], "u": [0, 1], "v": [1, 2]}).assign(**ON_GLOBE).assign(**columns)
    world = build_network(table)
    start, end = ((5.0, 89.0), (5.01, 89.0)) if "wkt" in columns else ((17.01, columns["lat0"]), (17.02, columns["lat0"]))
    assert world.crs == crs and np.isfinite(world.place_xy).all()
    assert world.choice_length[0] == pytest.approx(Geod(ellps="WGS84").inv(*start, *end)[2], rel=1e-3)


@pytest.mark.parametrize("lat", [None, "north"])
def test_links_of_which_no_place_is_known_have_none(lat: str | None) -> None:
    table = pd.DataFrame({"link": ["a", "b"], "u": [0, 1], "v": [1, 2]}).assign(**ON_GLOBE | {"lat0": lat, "lat1": lat})
    world = build_network(table)
    assert world.crs is None and world.mdp.n_choices == 1 and np.isnan(world.place_xy).all() and np.isnan(world.choice_length).all()


def test_turns_of_the_table_are_believed_before_the_geometry() -> None:
    pairs = pd.DataFrame({"from_link": ["in", "in"], "to_link": ["left", "right"]})
    degrees = build_network(CROSSING, pairs.assign(turn_deg=[-80.0, 70.0]))
    assert np.rad2deg(degrees.choice_turn[at(degrees, "in", "left")]) == pytest.approx(-80.0)
    radians = build_network(CROSSING, pairs.assign(turn_angle=[-1.5, 1.25], angle_known=[0, 1]))
    assert np.isnan(radians.choice_turn[at(radians, "in", "left")])
    assert radians.choice_turn[at(radians, "in", "right")] == 1.25


@pytest.mark.parametrize(("links", "transitions", "nodes", "named"), [
    (pd.concat([NO_ENDS, NO_ENDS.iloc[[2]]]), None, None, "right"),
    (NO_ENDS.drop(columns=["link", "u"]), None, None, "link"),
    (NO_ENDS.drop(columns="v"), None, None, "v"),
    (NO_ENDS, pd.DataFrame({"from_link": ["in"]}), None, "to_link"),
    (NO_ENDS, None, NODES.iloc[:3], "3"),
    (NO_ENDS, None, NODES.drop(columns="y"), "y"),
], ids=["a link twice", "no ids", "no end nodes", "no target of transitions", "a node missing", "no y of nodes"])
def test_what_is_missing_or_twice_there_is_named(links: pd.DataFrame, transitions: pd.DataFrame | None,
                                                 nodes: pd.DataFrame | None, named: str) -> None:
    with pytest.raises(DataError) as caught:
        build_network(links, transitions, nodes)
    assert named in caught.value.what and caught.value.fix


def test_the_settings_count_links_and_transitions() -> None:
    assert build_network(NO_ENDS).settings == {"links": 5, "transitions": 5}


def test_a_node_that_stands_for_all_missing_ones_is_refused_before_its_links_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    """20,000 links into and out of one node are 400 million turns; three into and out of it are nine."""
    links = pd.DataFrame({"link": [*"abcdef"], "u": ["x", "y", "z", "?", "?", "?"], "v": ["?", "?", "?", "x", "y", "z"], "length": 1.0})
    assert build_network(links, None, None).mdp.n_choices == 9 + 3
    monkeypatch.setenv("MOTIVE_LIMITS", "transitions=11")
    with pytest.raises(TooLarge, match="12 ways: some node has very many"):
        build_network(links, None, None)

"""Places by name: streets, zones, spots, what is nearest; against a slow search, in any unit and order."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from irlcore.project.places import Places, places_of
from irlcore.project.project import GoalGroup, MapFile, Project
from irlcore.project.samples import sample_project
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.grid import build_grid
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.mapping import Mapped
from irlcore.worlds.network import build_network
from irlcore.worlds.street_names import street_names
from irlcore.worlds.world import World

SQUARE = np.array([[1000.0, 500.0], [1400.0, 500.0], [1400.0, 900.0], [1000.0, 900.0], [1000.0, 500.0]])


@pytest.fixture(scope="module")
def anchorage() -> Project:
    return replace(sample_project("anchorage"), map_files=())


def row_of_links(**columns: list[object]) -> Project:
    """Four links one after the other, 100 m each, eastwards, with a path along them."""
    n = 4
    links = pd.DataFrame({"link": [f"{k}" for k in range(n)], "u": range(n), "v": range(1, n + 1), "x0": [100.0 * k for k in range(n)],
                          "y0": 0.0, "x1": [100.0 * k + 100.0 for k in range(n)], "y1": 0.0, **columns})
    world = build_network(links)
    tracks = LinkTracks(np.array(["a"], object), np.array([0, n]), links["link"].to_numpy(object), pd.DataFrame(index=[0]))
    mapped: Mapped = map_link_tracks(world, tracks)
    return Project(tracks=tracks, world=world, paths=mapped.paths)


def test_a_street_gives_its_name_and_a_link_without_one_says_how_far_the_next_street_is() -> None:
    places = places_of(row_of_links(name=["Quay Street", "Quay Street", "", ""]))
    assert [places.said(k) for k in range(4)] == ["Quay Street", "Quay Street", "50 m east of Quay Street", "150 m east of Quay Street"]


def test_streets_are_told_with_the_street_that_crosses_them() -> None:
    places = places_of(row_of_links(name=["Quay Street", "Mill Lane", "Mill Lane", ""]))
    assert [places.at(k) for k in range(3)] == ["Quay Street at Mill Lane", "Mill Lane", "Mill Lane"]


@pytest.mark.parametrize("columns", [{}, {"road": ["street", "arterial", "street", "street"]}, {"name": ["12", "13", "14", "15"]}])
def test_without_names_the_id_comes_last(columns: dict[str, list[object]]) -> None:
    assert places_of(row_of_links(**columns)).said(3) == "link 3"


def test_all_places_are_told_as_each_and_by_id_where_to_look_for_the_nearest_would_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    project = row_of_links(name=["Quay Street", "Quay Street", "", ""])
    places = places_of(project)
    assert places.all_said == tuple(places.said(k) for k in range(4))
    monkeypatch.setattr("irlcore.project.places.MOST_SOUGHT", 1)
    assert places_of(project).all_said == ("Quay Street", "Quay Street", "link 2", "link 3")


def test_a_class_of_roads_is_no_name_but_many_different_roads_are() -> None:
    world = row_of_links(name=["Quay Street"] * 4).world
    assert world is not None
    many = np.array([f"Road {chr(97 + k % 26)}{chr(97 + k)}" for k in range(25)], object)
    told = {name: street_names(replace_attributes(world, {name: values})) for name, values in
            (("road", many), ("highway", many), ("osm_name", many[:4]), ("road2", many))}
    assert told["road"] is not None and told["osm_name"] is not None and told["highway"] is None and told["road2"] is None


def replace_attributes(world: World, attributes: dict[str, np.ndarray]) -> World:
    return replace(world, place_attributes=attributes)


def test_a_cell_is_told_by_its_zone_and_the_smallest_zone_counts(anchorage: Project) -> None:
    inner = shapely.get_coordinates(shapely.Polygon(SQUARE).centroid.buffer(120.0))
    project = replace(anchorage, zones={"old harbour": SQUARE, "pool": inner})
    assert project.world is not None
    places, xy = places_of(project), project.world.place_xy
    for place in range(0, len(xy), 7):
        here = shapely.Point(xy[place])
        within = [name for name, ring in (("pool", inner), ("old harbour", SQUARE)) if shapely.Polygon(ring).contains(here)]
        assert not within or places.said(place) == within[0]


def slowly(project: Project, things: dict[str, shapely.Geometry], place: int) -> tuple[str, float]:
    """The nearest thing and how far it is, one after the other."""
    assert project.world is not None
    here = shapely.Point(project.world.place_xy[place])
    return min(((name, round(here.distance(shape), 6)) for name, shape in things.items()), key=lambda one: (one[1], one[0]))


def test_else_by_the_nearest_thing_with_a_name(anchorage: Project) -> None:
    ends = MapFile("places.geojson", "places", np.array([[2000.0, 60.0], [3960.0, 1510.0]]), np.array([0, 1, 2]), ("buoy", "light"))
    project = replace(anchorage, zones={"old harbour": SQUARE}, spots={"wreck": np.array([2310.0, 1490.0])}, map_files=(ends,))
    things = {"old harbour": shapely.Polygon(SQUARE), "wreck": shapely.Point(2310, 1490), "buoy": shapely.Point(2000, 60),
              "light": shapely.Point(3960, 1510)}
    assert project.world is not None
    places, named = places_of(project), set()
    for place in range(0, project.world.n_places):
        name, far = slowly(project, things, place)
        said = places.said(place)
        named.add(said)
        assert said.endswith(name)
        if said != name:
            amount, unit = said.split()[:2]
            assert float(amount) * {"m": 1.0, "km": 1000.0}[unit] == pytest.approx(far, rel=0.06)
    assert {"wreck", "buoy", "light"} <= named


@pytest.mark.parametrize(("step", "word"), [((0, 1), "north"), ((1, 1), "north-east"), ((1, 0), "east"), ((1, -1), "south-east"),
                                            ((0, -1), "south"), ((-1, -1), "south-west"), ((-1, 0), "west"), ((-1, 1), "north-west")])
def test_directions_and_pictures_that_grow_downwards(anchorage: Project, step: tuple[int, int], word: str) -> None:
    world = anchorage.world
    assert world is not None
    at = np.array([2050.0, 1050.0])
    place = int(np.argmin(np.hypot(*(world.place_xy - at).T)))
    spot = world.place_xy[place] - 300.0 * np.array(step)
    said = places_of(replace(anchorage, spots={"wreck": spot})).said(place)
    assert said.endswith(f" {word} of wreck")
    pixels = replace(anchorage, world=replace(world, unit="px"), spots={"wreck": spot})
    upright = {"north": "below", "south": "above", "east": "right of", "west": "left of", "north-east": "below right of",
               "north-west": "below left of", "south-east": "above right of", "south-west": "above left of"}[word]
    assert places_of(pixels).said(place).split(" px ")[1] == f"{upright} wreck"


def test_names_do_not_hang_on_the_unit(anchorage: Project) -> None:
    world = anchorage.world
    assert world is not None
    project = replace(anchorage, zones={"old harbour": SQUARE}, spots={"wreck": np.array([2310.0, 1490.0])})
    settings = {**world.settings, "cell": world.settings["cell"] / 1000.0}
    in_km = replace(world, unit="km", place_xy=world.place_xy / 1000.0, shape_xy=world.shape_xy / 1000.0, settings=settings)
    other = replace(project, world=in_km, zones={"old harbour": SQUARE / 1000.0}, spots={"wreck": np.array([2.31, 1.49])})
    here, there = places_of(project), places_of(other)
    assert not [(here.said(k), there.said(k)) for k in range(world.n_places) if here.said(k) != there.said(k)]


def test_goals_are_called_as_the_analyst_named_them_and_are_places_too(anchorage: Project) -> None:
    paths, world = anchorage.paths, anchorage.world
    assert paths is not None and world is not None
    ends = tuple(str(one) for one in paths.goals.names[:2])
    project = replace(anchorage, goals={anchorage.agent_class: (GoalGroup("ferry terminal", ends),)})
    places: Places = places_of(project)
    assert places.goal(0) == places.goal(1) == places.said(places.goal_place(1)) == "ferry terminal"
    assert all("ferry terminal" in places.said(k) for k in range(world.n_places))
    assert places_of(anchorage).goal(0) == f"cell {ends[0]}"
    assert places_of(replace(project, agent_class="another")).goal(0) == f"cell {ends[0]}"


def test_many_points_name_what_a_slow_search_names_and_that_soon() -> None:
    world = build_grid(0.0, 0.0, 1500.0, 1500.0, 10.0, "m")
    project = row_of_links()
    rng = np.random.default_rng(4)
    at = np.concatenate((rng.uniform(-200.0, 1700.0, (50_000, 2)), 10.0 * rng.integers(0, 150, (500, 2))))  # corners of cells, too
    file = MapFile("p.csv", "places", at, np.arange(len(at) + 1), tuple(f"point {k}" for k in range(len(at))))
    begun = time.perf_counter()
    own = places_of(replace(project, world=world, map_files=(file,))).own
    assert time.perf_counter() - begun < 8.0, "it looks at every place for every point"
    few = replace(file, xy=at[-700:], offsets=np.arange(701), names=file.names[-700:])
    expected = np.full(world.n_places, "", object)
    for name, (x, y) in zip(few.names, few.xy, strict=True):
        far = np.hypot(*(world.place_xy - (x, y)).T)
        expected[(far < far.min() + 1e-6) & (far < 7.0711) & (expected == "")] = name
    assert places_of(replace(project, world=world, map_files=(few,))).own.tolist() == expected.tolist()
    assert len(set(own)) > 10_000


def test_on_a_network_a_point_names_the_link_whose_middle_it_is_and_no_other() -> None:
    project = row_of_links()
    assert project.world is not None
    at = np.concatenate((project.world.place_xy[[2, 2]] + [[0.0, 5.0], [0.0, 0.0]], [[0.0, 0.0], [8.0, 0.0]]))
    file = MapFile("p.csv", "places", at, np.array([0, 0, 1, 2, 4]), ("nothing", "beside", "depot", ""))
    places = places_of(replace(project, map_files=(file,)))
    assert places.own.tolist() == ["", "", "depot", ""] and places.names == ("beside", "depot")
    middle = replace(file, names=("nothing", "", "", "line"))
    shape = places_of(replace(project, map_files=(middle,))).tree.geometries
    assert shapely.get_coordinates(shape).tolist() == [[4.0, 0.0]]


def test_both_samples_have_names_everywhere() -> None:
    for name in ("town", "anchorage"):
        project = sample_project(name)
        assert project.world is not None
        places = places_of(project)
        assert not [k for k in range(project.world.n_places) if any(word in places.said(k) for word in ("link ", "cell "))]

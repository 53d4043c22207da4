"""The ground: every street once and as wide as its class, cells and the lines round them, names now and then, what is seen at first."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.maps.ground import bounds_of, ground, identity_of, is_y_down, names_of_streets, raster
from irlcore.maps.roads import GREAT, MAIN, SMALL, greatness, one_a_street
from irlcore.maps.scene import Cells, Lines
from irlcore.worlds.grid import build_grid
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World
from tests.maps import LINES, lines_of, with_attributes
from tests.report import cells, plain_streets


def two_way(names: list[str] | None = None, roads: list[str] | None = None) -> World:
    """Streets 0-1, 1-2 and 2-3 in both directions, those back after those there."""
    rows = [{"link": f"{a}{b}", "u": a, "v": b, "x0": 100.0 * a, "y0": 0.0, "x1": 100.0 * b, "y1": 0.0}
            for a, b in ((0, 1), (1, 2), (2, 3), (1, 0), (2, 1), (3, 2))]
    table = pd.DataFrame(rows)
    if names is not None:
        table["name"] = names
    if roads is not None:
        table["highway"] = roads
    return build_network(table)


def roads_of(world: World) -> Lines:
    layer = ground(world).layers[0]
    assert isinstance(layer, Lines)
    return layer


def test_every_road_is_drawn_once_along_its_line() -> None:
    world, _ = plain_streets()
    assert sorted(lines_of(roads_of(world))) == sorted([(float(x), float(y)) for x, y in line] for line in LINES.values())


def test_both_directions_of_a_street_are_one_line() -> None:
    drawn = lines_of(roads_of(two_way()))
    assert drawn == [[(0.0, 0.0), (100.0, 0.0)], [(100.0, 0.0), (200.0, 0.0)], [(200.0, 0.0), (300.0, 0.0)]]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=0, max_size=4), min_size=1, max_size=8))
def test_lines_are_the_same_street_if_their_corners_are(listed: list[list[tuple[int, int]]]) -> None:
    xy = np.array([corner for line in listed for corner in line], np.float64).reshape(-1, 2)
    offsets = np.concatenate(([0], np.cumsum([len(line) for line in listed]))).astype(np.int64)
    found = one_a_street(xy, offsets)
    keys = [tuple(sorted(line)) if line else i for i, line in enumerate(listed)]
    assert found.tolist() == [keys.index(key) for key in keys]


@pytest.mark.parametrize(("column", "values", "expected"), [
    ("highway", ["motorway_link", "secondary", "residential", ""], [GREAT, MAIN, SMALL, SMALL]),
    ("fclass", ["trunk", "living_street", "primary", "track"], [GREAT, SMALL, MAIN, SMALL]),
    ("highway", ["['primary', 'tertiary']", "service", "service", "service"], [MAIN, SMALL, SMALL, SMALL]),
    ("road", ["arterial", "street", "street", "street"], [MAIN, SMALL, SMALL, SMALL]),
    ("frc", [0.0, 2.0, 5.0, np.nan], [GREAT, MAIN, SMALL, SMALL]),
    ("maxspeed", ["120 km/h", "80", "30", ""], [GREAT, MAIN, SMALL, SMALL]),
    ("lanes", [1.0, 1.0, 1.0, 1.0], [SMALL] * 4),  # all alike say nothing
    ("highway", ["residential"] * 4, [SMALL] * 4),
    ("colour", ["motorway", "red", "blue", "x"], [SMALL] * 4),  # not a column of classes
])
def test_classes_of_roads(column: str, values: list[object], expected: list[int]) -> None:
    world, _ = plain_streets()
    assert greatness(with_attributes(world, **{column: values})).tolist() == expected


def test_great_roads_are_wider_and_lie_on_top_and_one_direction_is_enough_for_it() -> None:
    layer = roads_of(two_way(roads=["residential", "residential", "residential", "motorway", "residential", "residential"]))
    widths = [layer.styles[k].width for k in layer.style]
    assert widths == sorted(widths) and widths[-1] > widths[0]
    assert lines_of(layer)[-1] == [(0.0, 0.0), (100.0, 0.0)]


def test_a_name_stands_on_the_longest_link_of_its_street_and_again_only_far_off() -> None:
    names = names_of_streets(two_way(names=["High Street"] * 3 + ["High Street"] * 3)).layers[0]
    assert set(names.texts) == {"High Street"}
    gaps = np.abs(np.diff(np.sort(names.xy[:, 0])))
    assert (gaps >= 0.35 * 300.0 - 1e-9).all()
    assert (np.abs(names.angle) <= np.pi / 2 + 1e-6).all()


@pytest.mark.parametrize("names", [["1", "2", "3", "4", "5", "6"], ["", "", "", "", "", ""], [" ", "A1", "7b", "12", "x", "y"]])
def test_numbers_are_no_names_of_streets(names: list[str]) -> None:
    assert not names_of_streets(two_way(names=names)).layers


def test_streets_with_chinese_names_have_names() -> None:
    assert set(names_of_streets(two_way(names=["淮海中路"] * 3 + ["徐家汇路"] * 3)).layers[0].texts) == {"淮海中路"}


def test_open_cells_are_tinted_and_blocked_ones_bare() -> None:
    world = cells()
    layer = ground(world).layers[0]
    assert isinstance(layer, Cells) and layer.cell == 10.0
    np.testing.assert_array_equal(layer.xy, world.place_xy)


@settings(max_examples=40, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=8))
def test_lines_lie_round_open_cells_and_nowhere_else(blocked: set[tuple[int, int]]) -> None:
    rings = [np.array([[c, r], [c + 1, r], [c + 1, r + 1], [c, r + 1], [c, r]], np.float64) * 10.0 for c, r in blocked]
    world = build_grid(0.0, 0.0, 40.0, 30.0, 10.0, "m", blocked=rings)
    xy, offsets = raster(world)
    found = set()
    for a, b in pairwise(offsets):
        (x0, y0), (x1, y1) = (xy[a:b] / 10.0).round().astype(int).tolist()
        steps = max(x1 - x0, y1 - y0)
        pieces = [((x0, y0 + k), (x0, y0 + k + 1)) if x0 == x1 else ((x0 + k, y0), (x0 + k + 1, y0)) for k in range(steps)]
        assert not found & set(pieces)  # each once
        found |= set(pieces)
    expected = set()
    for c, r in ((c, r) for c in range(4) for r in range(3) if (c, r) not in blocked):
        expected |= {((c, r), (c + 1, r)), ((c, r + 1), (c + 1, r + 1)), ((c, r), (c, r + 1)), ((c + 1, r), (c + 1, r + 1))}
    assert found == expected


def test_a_stray_link_far_off_does_not_shrink_the_others() -> None:
    rows = [{"link": str(k), "u": k, "v": k + 1, "x0": 10.0 * k, "y0": 0.0, "x1": 10.0 * k + 10.0, "y1": 5.0} for k in range(400)]
    rows.append({"link": "stray", "u": 9000, "v": 9001, "x0": 1e7, "y0": 1e7, "x1": 1e7 + 1.0, "y1": 1e7})
    low_x, low_y, high_x, high_y = bounds_of(build_network(pd.DataFrame(rows)))
    assert 0.0 <= low_x < 100.0 and 3900.0 < high_x < 4500.0 and high_y - low_y < 10.0


def test_a_world_and_its_copy_are_one_ground_and_another_is_not() -> None:
    world, _ = plain_streets()
    assert identity_of(world) == identity_of(replace(world, shape_xy=world.shape_xy.copy(), settings={"y_down": True}))
    assert identity_of(world) != identity_of(replace(world, shape_xy=world.shape_xy + 1.0))


@pytest.mark.parametrize(("unit", "setting", "crs", "expected"), [
    ("px", None, None, True), ("Pixels", None, None, True), ("m", None, None, False), ("m", True, None, True), ("px", False, None, False),
    ("px", "yes", None, True), ("m", "yes", None, False), ("px", None, "EPSG:32632", False)])
def test_y_runs_down_in_pixels_or_where_it_was_said(unit: str, setting: object, crs: str | None, expected: bool) -> None:
    world = cells()
    said = {} if setting is None else {"y_down": setting}
    assert is_y_down(replace(world, unit=unit, crs=crs, settings={**world.settings, **said})) is expected

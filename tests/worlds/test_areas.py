"""Areas made sound and asked: the answers of shapely's own functions, on rings on which these take minutes too."""

from __future__ import annotations

import threading
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.budget import TooLarge
from irlcore.engine import Control, run_all
from irlcore.errors import Cancelled, FeatureError, WorldError
from irlcore.features.base import Context
from irlcore.features.kinds.distance import straight_distance
from irlcore.features.kinds.zone import inside_zone
from irlcore.features.zones import ring_from_points
from irlcore.worlds.areas import Tally, distances, inside, largest_ring, sound_area
from irlcore.worlds.grid import build_grid

SOON = 15.0  # seconds of the processor, of what took 100 to 300 before; measured: 0.1 to 3
SIDE = 500
CORNER = st.tuples(st.integers(-9, 9), st.integers(-9, 9))
RING = st.lists(CORNER, min_size=3, max_size=9).map(lambda corners: np.array(corners, np.float64))


def cells(across: int) -> np.ndarray:
    return np.stack(np.meshgrid(*2 * [(np.arange(across) + 0.5) * SIDE / across]), axis=-1).reshape(-1, 2)


def circle(corners: int, seed: int = 0) -> np.ndarray:
    """A ring with 40 waves and a rough line; no crossings."""
    turn = np.linspace(0.0, 2.0 * np.pi, corners, endpoint=False)
    away = 150.0 + 10.0 * np.sin(40.0 * turn) + 0.001 * np.random.default_rng(seed).random(corners)
    return SIDE / 2.0 + away[:, None] * np.column_stack((np.cos(turn), np.sin(turn)))


def star(corners: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((corners, 2)) * SIDE


def comb(corners: int) -> np.ndarray:
    """Upright teeth across the map: a level line meets all of them."""
    x = np.repeat(np.linspace(1.0, SIDE - 1.0, corners // 2), 2)
    y = np.where(np.arange(len(x)) // 2 % 2, SIDE - 10.0, 10.0)
    return np.vstack((np.column_stack((x[1:-1], y[:-2])), [[SIDE - 0.5, 5.0], [1.0, 5.0]]))


def two_combs(corners: int) -> np.ndarray:
    """Upright teeth in the left half and lying ones in the right: level and upright lines alike meet half of them on average."""
    left = comb(corners // 2 // 4 * 4)[:-2] * [0.5, 1.0]
    right = left[:, ::-1] * [0.5, 1.95] + [253.0, 5.0]
    return np.vstack((left, right, [[499.0, 498.0], [0.2, 498.0], [0.2, 10.0]]))


def zigzag(corners: int) -> np.ndarray:
    """Slanting lines side by side, whose boxes all meet."""
    odd = np.arange(corners) % 2
    top = np.column_stack((np.arange(corners) * 1e-3 + odd * SIDE, odd * float(SIDE)))
    return np.vstack((top, [[top[-1, 0], -5.0], [0.0, -5.0]]))


def spiral(turns: int, corners: int) -> np.ndarray:
    """Inward, and straight back out over all turns: as many layers as turns."""
    turn = np.linspace(0.0, 2.0 * np.pi * turns, corners)
    return np.vstack((np.linspace(100.0, 10.0, corners)[:, None] * np.column_stack((np.cos(turn), np.sin(turn))), [[150.0, -0.5]]))


def soon(of: Callable[[], object]) -> None:
    start = time.process_time()
    of()
    assert time.process_time() - start < SOON


def outline(ring: np.ndarray) -> np.ndarray:
    """The same ring, from whichever corner and whichever way round it is told."""
    return shapely.get_coordinates(shapely.normalize(shapely.Polygon(ring)))


def largest_of_shapely(area: shapely.Geometry) -> np.ndarray | None:
    """What zones were made of before: the outline of the largest polygon that ``make_valid`` finds."""
    parts = [p for g in getattr(area, "geoms", [area]) for p in getattr(g, "geoms", [g]) if p.geom_type == "Polygon"]
    return np.asarray(max(parts, key=lambda p: p.area).exterior.coords) if parts else None


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(RING, min_size=1, max_size=2), min_size=1, max_size=2))
def test_what_is_peeled_is_what_make_valid_makes(rings: list[list[np.ndarray]]) -> None:
    parts = [shapely.Polygon(polygon[0], polygon[1:]) for polygon in rings]
    expected = largest_of_shapely(shapely.make_valid(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)))
    try:
        found = largest_ring(sound_area(rings, "It", Tally()), "It")
    except FeatureError as error:
        assert expected is None and "has no area" in error.what
    else:
        assert expected is not None
        np.testing.assert_array_equal(outline(found), outline(expected))


@pytest.mark.parametrize("seed", range(3))
def test_a_star_of_some_hundred_crossings_is_what_make_valid_makes(seed: int) -> None:
    expected = largest_of_shapely(shapely.make_valid(shapely.Polygon(star(60, seed))))
    assert expected is not None
    np.testing.assert_array_equal(outline(ring_from_points(*star(60, seed).T.tolist())), outline(expected))


def test_a_sound_ring_stays_as_it_is() -> None:
    ring = circle(50_000)
    np.testing.assert_array_equal(largest_ring(sound_area([[ring]], "It", Tally()), "It")[:-1], ring)


@pytest.mark.parametrize("ring", [circle(25_000), comb(25_000), circle(25_000)[:, ::-1], comb(25_000)[:, ::-1], star(30)],
                         ids=["waves", "comb", "waves, turned", "comb, turned", "star"])
@pytest.mark.parametrize("across", [50, 5], ids=["with an index", "without"])
def test_places_lie_in_and_away_from_an_area_as_shapely_says(ring: np.ndarray, across: int) -> None:
    area = sound_area([[ring]], "it", Tally())
    xy = cells(across)
    xy = np.vstack((xy, ring[::500], (ring[:-1] + ring[1:])[::500] / 2.0))  # on corners, and on lines or next to them
    unprepared = shapely.from_wkb(shapely.to_wkb(area))
    np.testing.assert_array_equal(inside(area, xy, "it"), shapely.contains(unprepared, shapely.points(xy)))
    np.testing.assert_array_equal(distances(area, xy, "it"), shapely.distance(shapely.points(xy), unprepared))


def test_the_index_finds_what_looking_at_each_corner_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(5):
        area = sound_area([[circle(300, seed)], [star(3, seed)]], "it", Tally())
        xy = star(500, seed + 100)
        plain = inside(area, xy, "it"), distances(area, xy, "it")
        with monkeypatch.context() as patch:
            patch.setattr("irlcore.worlds.areas.FEW", 0)
            np.testing.assert_array_equal(inside(area, xy, "it"), plain[0])
            np.testing.assert_array_equal(distances(area, xy, "it"), plain[1])


REFUSED = {"500 random corners": (star(500), "crossings"), "50,000 random corners": (star(50_000), "operations"),
           "a zigzag": (zigzag(20_000), "operations"), "a spiral": (spiral(1000, 60_000), "operations"),
           "500,000 corners": (circle(500_000), "corners")}


@pytest.mark.parametrize(("ring", "limit"), REFUSED.values(), ids=REFUSED)
def test_a_ring_that_costs_too_much_is_refused_in_words(ring: np.ndarray, limit: str) -> None:
    def refused() -> None:
        with pytest.raises(TooLarge) as caught:
            sound_area([[ring]], "the zone 'port'", Tally())
        assert caught.value.limit == limit and "zone 'port'" in caught.value.what and "MOTIVE_LIMITS" in caught.value.fix

    soon(refused)


def test_a_lasso_that_costs_too_much_is_refused_as_a_feature_error() -> None:
    with pytest.raises(FeatureError, match="The line round the zone meets itself") as caught:
        ring_from_points(*star(500).T.tolist())
    assert isinstance(caught.value, TooLarge)


def test_many_small_areas_of_a_file_count_together() -> None:
    tally = Tally()
    with pytest.raises(TooLarge, match="crossings"):
        for _ in range(100):
            sound_area([[star(40)]], "a zone", tally)
    with pytest.raises(TooLarge, match="corners"):
        for _ in range(100):
            sound_area([[circle(2000)]], "a zone", Tally(corners=99_000))


@pytest.fixture(scope="module")
def large() -> Context:
    return Context(zones={"waves": circle(99_000), "comb": comb(99_000), "both ways": two_combs(99_000)})


@pytest.fixture(scope="module")
def fine_grid() -> object:
    return build_grid(0.0, 0.0, float(SIDE), float(SIDE), 1.0, "m")


@pytest.mark.parametrize("name", ["waves", "comb"])
def test_zones_of_100_000_corners_are_asked_of_250_000_cells_soon(name: str, large: Context, fine_grid: object) -> None:
    soon(lambda: inside_zone(fine_grid, large, name))  # type: ignore[arg-type]


def test_the_distance_of_250_000_cells_from_100_000_corners_is_soon_there(large: Context, fine_grid: object) -> None:
    soon(lambda: straight_distance(fine_grid, large, "waves"))  # type: ignore[arg-type]


def test_a_zone_that_costs_too_much_in_this_world_is_refused_in_words(large: Context, fine_grid: object) -> None:
    def refused() -> None:
        with pytest.raises(FeatureError, match=r"both ways.*steps of arithmetic"):
            inside_zone(fine_grid, large, "both ways")  # type: ignore[arg-type]

    soon(refused)


def test_blocked_areas_of_a_grid_are_within_the_same_budget() -> None:
    with pytest.raises(TooLarge, match="blocked area 2"):
        build_grid(0.0, 0.0, 10.0, 10.0, 1.0, "m", blocked=[star(10), star(500)])
    soon(lambda: build_grid(0.0, 0.0, float(SIDE), float(SIDE), 2.0, "m", blocked=[comb(50_000)]))
    with pytest.raises(WorldError, match="blocked"):
        build_grid(0.0, 0.0, 10.0, 10.0, 1.0, "m", blocked=[np.array([[-1, -1], [11, -1], [11, 11], [-1, 11]])])


def test_a_stop_is_heeded_between_batches_of_places(large: Context, fine_grid: object) -> None:
    control = Control()
    threading.Timer(0.3, control.cancel.set).start()

    def stopped() -> None:
        with pytest.raises(Cancelled):
            run_all(lambda name: straight_distance(fine_grid, large, name), ["waves"], control)  # type: ignore[arg-type]

    soon(stopped)


def test_memory_stays_small() -> None:
    ring = circle(99_000)
    tracemalloc.start()
    try:
        distances(sound_area([[ring]], "it", Tally()), cells(100), "it")
        assert tracemalloc.get_traced_memory()[1] < 200e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("ring", [[[0, 0], [1, 1]], [], [[0, 0], [1, 0], [np.nan, 1]], [[0, 0], [1, 0], [np.inf, 1]],
                                  [[0, 0], [1e300, 0], [1e300, 1e300]], [[0, 0], [1, 1], [2, 2]], [[3, 4]] * 3],
                         ids=["two", "none", "a gap", "infinite", "far away", "a line", "a point"])
def test_what_is_no_area_is_refused(ring: list[list[float]]) -> None:
    with pytest.raises(FeatureError) as caught:
        largest_ring(sound_area([[np.array(ring, np.float64).reshape(-1, 2)]], "The zone", Tally()), "The zone")
    assert caught.value.what.startswith("The zone") and caught.value.fix

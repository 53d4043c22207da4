"""Kinds that measure distances, near and around places, against values worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from irlcore.contracts.grounds import grid, town
from irlcore.errors import FeatureError
from irlcore.features.base import KINDS, Context
from irlcore.features.feature_set import feature_column
from irlcore.features.kinds.bump import LEAST, lattice_bumps
from irlcore.features.kinds.distance import ALONG, along_distance, straight_distance
from irlcore.worlds.grid import build_grid
from irlcore.worlds.mdp import build_mdp
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World

SOUTH = np.array([[20.0, -20.0], [80.0, -20.0], [80.0, 20.0], [20.0, 20.0], [20.0, -20.0]])
"""Holds the middles of the links 0-1 and 1-0 of the town, at (50, 0)."""


def by_place(world: World, column: np.ndarray) -> dict[str, float]:
    """The value at each place, which must be the same for every choice that leads there."""
    names = world.place_names[world.choice_place]
    found = {str(n): float(v) for n, v in zip(names, column, strict=True)}
    np.testing.assert_array_equal([found[n] for n in names], column)
    return found


def column(kind: str, world: World, context: Context, **params: Any) -> dict[str, float]:
    return by_place(world, KINDS[kind].column(world, context, params))


def blocks(a: int, b: int) -> int:
    """Streets between two crossings of the town."""
    return abs(a % 3 - b % 3) + abs(a // 3 - b // 3)


@pytest.mark.parametrize("context", [Context({"s": SOUTH}), Context(spots={"s": np.array([50.0, 3.0])})], ids=["zone", "spot"])
def test_along_the_town_a_link_is_as_far_as_the_links_after_it_up_to_the_target(context: Context) -> None:
    far = column("distance", town(), context, place="s", reach=1000.0, measured=ALONG)
    # after a link that ends at crossing v come the streets from v to 0 or 1, and then 0-1 or 1-0 itself, 100 m each
    for link, value in far.items():
        v = int(link[-1])
        hundreds = 0 if link in ("0-1", "1-0") else 1 + min(blocks(v, 0), blocks(v, 1))
        assert value == pytest.approx(hundreds / 10), link
    assert (far["1-2"], far["4-1"], far["7-8"], far["8-7"]) == pytest.approx((0.2, 0.1, 0.4, 0.3))


def test_round_a_one_way_block_the_way_back_is_the_long_way_round() -> None:
    links = pd.DataFrame({"link": ["a", "b", "c", "d"], "u": [0, 1, 2, 3], "v": [1, 2, 3, 0], "length": [10.0, 20.0, 30.0, 40.0]})
    nodes = pd.DataFrame({"node": range(4), "x": [0.0, 100.0, 100.0, 0.0], "y": [0.0, 0.0, 100.0, 100.0]})
    far = along_distance(build_network(links, None, nodes), Context(spots={"s": np.array([50.0, 0.0])}), "s")
    np.testing.assert_allclose(far, [0.0, 80.0, 50.0, 10.0])


@pytest.mark.parametrize(("heading", "slip"), [(False, 0.0), (True, 0.0), (True, 0.3)])
def test_along_a_grid_it_is_the_octile_distance(heading: bool, slip: float) -> None:
    world = build_grid(0, 0, 5, 4, 1, "m", heading=heading, slip=slip)
    away = np.abs(world.place_xy - [3.5, 1.5])
    octile = away.max(axis=1) + (2**0.5 - 1.0) * away.min(axis=1)
    far = along_distance(world, Context(spots={"s": np.array([3.4, 1.7])}), "s")
    np.testing.assert_allclose(far, octile[world.place_of_state])


@pytest.mark.parametrize("world", [town(), grid(), grid(heading=True, slip=0.1)], ids=["town", "grid", "slippery grid"])
def test_along_is_never_shorter_than_straight_and_the_same_both_ways(world: World) -> None:
    middles = {str(n): xy for n, xy in zip(world.place_names, world.place_xy, strict=True)}
    context = Context(spots=middles)
    first = np.array([np.flatnonzero(world.place_of_state == p)[0] for p in range(world.n_places)])
    along = np.array([along_distance(world, context, n)[first] for n in middles])
    straight = np.array([straight_distance(world, context, n) for n in middles])
    assert (along >= straight - 1e-9).all() and (along > straight + 1e-9).any()
    # the two ways of a street lie in the same place: from either of them, whichever way it points, the nearer way back counts
    place = np.unique(world.place_xy, axis=0, return_inverse=True)[1].ravel()
    shortest = np.full((place.max() + 1,) * 2, np.inf)
    np.minimum.at(shortest, (place[:, None], place[None, :]), along)
    np.testing.assert_allclose(shortest, shortest.T)


def test_where_no_way_leads_to_the_target_it_counts_as_the_reach() -> None:
    links = pd.DataFrame({"link": ["a", "b", "c"], "u": [0, 1, 2], "v": [1, 2, 3]})
    nodes = pd.DataFrame({"node": range(4), "x": [0.0, 10.0, 20.0, 30.0], "y": 0.0})
    far = column("distance", build_network(links, None, nodes), Context(spots={"s": np.array([15.0, 0.0])}), place="s", reach=1e6,
                 measured=ALONG)
    assert far == {"b": 0.0, "c": 1.0}


def test_of_two_choices_between_the_same_states_the_shorter_counts_and_no_length_is_a_length() -> None:
    mdp, _ = build_mdp(3, np.array([0, 0, 1]), np.array([1, 1, 2]))
    world = World("network", mdp, "m", np.arange(3), np.array(["a", "b", "c"], object), np.array([[0.0, 0.0], [5.0, 0.0], [5.0, 5.0]]),
                  np.empty((0, 2)), np.zeros(4, np.int64), np.array([5.0, 3.0, 0.0]), np.full(3, np.nan))
    np.testing.assert_array_equal(along_distance(world, Context(spots={"s": np.array([5.0, 5.0])}), "s"), [3.0, 0.0, 0.0])


def test_without_lengths_there_is_a_straight_distance_alone() -> None:
    links = pd.DataFrame({"link": ["a", "b"], "u": [0, 1], "v": [1, 2], "length": [1.0, None]})
    world = build_network(links, None, pd.DataFrame({"node": range(3), "x": [0.0, 10.0, 20.0], "y": 0.0}))
    context = Context(spots={"s": np.array([5.0, 0.0])})
    assert column("distance", world, context, place="s", reach=20.0) == {"b": 0.5}
    with pytest.raises(FeatureError) as caught:
        column("distance", world, context, place="s", measured=ALONG)
    assert "length" in caught.value.what and caught.value.fix


def test_near_takes_the_nearest_of_the_places() -> None:
    context = Context({"s": SOUTH}, {"corner": np.array([200.0, 200.0])})
    within = column("near", town(), context, places=["s", "corner"], reach=50.0)
    # (150, 200) and (200, 150) are 50 m from the corner; (0, 50) and (100, 50) are 36 m from the corners of the zone
    assert {n for n, v in within.items() if v == 1.0} == {"0-1", "1-0", "0-3", "3-0", "1-4", "4-1", "7-8", "8-7", "5-8", "8-5"}
    assert set(within.values()) == {0.0, 1.0}
    fading = column("near", town(), context, places=["s", "corner"], reach=25.0, how="fading")
    assert fading["0-1"] == 1.0 and fading["7-8"] == pytest.approx(np.exp(-2.0))
    assert fading["1-4"] == pytest.approx(np.exp(-np.hypot(20.0, 30.0) / 25.0))


def test_near_one_place_fades_as_its_distance_grows() -> None:
    context = Context({"s": SOUTH})
    straight = straight_distance(town(), context, "s")
    fading = KINDS["near"].column(town(), context, {"places": ["s"], "how": "fading", "reach": 70.0})
    np.testing.assert_allclose(-70.0 * np.log(fading), straight[town().choice_place], atol=1e-12)


def test_a_bump_is_that_of_gauss_and_nought_far_away() -> None:
    bump = column("bump", town(), Context(), x=50.0, y=0.0, radius=50.0)
    assert bump["0-1"] == 1.0
    assert bump["1-4"] == bump["3-0"] == pytest.approx(np.exp(-1.0))  # (100, 50) is 50 * sqrt(2) away
    assert bump["1-2"] == pytest.approx(np.exp(-2.0))
    assert bump["7-8"] == 0.0 and 0.0 < np.exp(-0.5 * np.hypot(2.0, 4.0) ** 2) < LEAST


def test_a_square_holds_its_border() -> None:
    square = column("bump", town(), Context(), x=50.0, y=0.0, radius=50.0, shape="square")
    assert {n for n, v in square.items() if v} == {"0-1", "1-0", "0-3", "3-0", "1-4", "4-1"}
    assert set(square.values()) == {0.0, 1.0}


def test_where_a_place_has_no_middle_nothing_is_near() -> None:
    pairs = pd.DataFrame({"from_link": ["a", "b"], "to_link": ["b", "END"]})
    world = build_network(pd.DataFrame({"link": ["a", "b"], "x0": [0, 9], "y0": [0, 0], "x1": [9, 18], "y1": [0, 0]}), pairs)
    context = Context(spots={"s": np.array([13.5, 0.0])})
    for kind, params in (("near", {"places": ["s"]}), ("near", {"places": ["s"], "how": "fading"}), ("bump", {"x": 13.5}),
                         ("bump", {"x": 13.5, "shape": "square"})):
        assert column(kind, world, context, **params) == {"b": 1.0, "END": 0.0}


def test_squares_of_a_lattice_share_out_the_places() -> None:
    world = build_grid(0, 0, 160, 80, 5, "m")
    specs = lattice_bumps(world, 4, "square")
    assert len({s.name for s in specs}) == len(specs) == 4 * 2
    columns = np.array([feature_column(s, world, Context()) for s in specs])
    inside = columns.sum(axis=0)
    assert (inside == 1.0).mean() > 0.9 and inside.max() <= 1.0 and (columns.sum(axis=1) > 0.0).all()


def test_bumps_of_a_lattice_cover_the_world_evenly_but_not_the_empty_parts_of_it() -> None:
    hole = np.array([[40.0, 40.0], [200.0, 40.0], [200.0, 200.0], [40.0, 200.0]])
    world = build_grid(0, 0, 160, 160, 4, "m", blocked=[hole])  # an L of two arms, 40 m wide
    specs = lattice_bumps(world, 8)
    assert 0 < len(specs) < 8 * 8
    everywhere = np.sum([feature_column(s, world, Context()) for s in specs], axis=0)
    assert everywhere.min() > 0.3
    whole = build_grid(0, 0, 160, 160, 4, "m")
    flat = np.sum([feature_column(s, whole, Context()) for s in lattice_bumps(whole, 8)], axis=0)
    middle = (np.abs(whole.place_xy - 80.0) < 40.0).all(axis=1)[whole.choice_place]
    assert np.ptp(flat[middle]) < 0.05 * flat[middle].mean()


def test_one_place_far_away_does_not_stretch_the_lattice() -> None:
    x = np.append(np.linspace(0.0, 100.0, 400), 1e6)
    nodes = pd.DataFrame({"node": np.arange(401), "x": x, "y": 0.0})
    links = pd.DataFrame({"link": np.arange(400), "u": np.arange(400), "v": np.arange(1, 401)})
    assert max(s.params["x"] for s in lattice_bumps(build_network(links, None, nodes))) < 110.0


def test_without_coordinates_there_is_no_lattice_and_no_points_across_is_an_error() -> None:
    assert lattice_bumps(town(places=False)) == []
    with pytest.raises(FeatureError) as caught:
        lattice_bumps(town(), 0)
    assert caught.value.fix

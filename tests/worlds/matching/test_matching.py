"""Streets where it is plain which way was driven, and what is told where it is not."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from irlcore.engine import Control
from irlcore.errors import Cancelled, DataError, WorldError
from irlcore.projection import moved
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.grid import grid_over
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.matching import matching
from irlcore.worlds.matching.attributes import CONFIDENCE
from irlcore.worlds.matching.matching import match
from irlcore.worlds.network import build_network
from tests.worlds.matching.streets import of_points, streets, town, track, ways

# A street from A over B and C to D, and a loop round the block B C F E.
BLOCK = {"A": (0.0, 0.0), "B": (200.0, 0.0), "C": (400.0, 0.0), "D": (600.0, 0.0), "E": (200.0, 200.0), "F": (400.0, 200.0)}


def test_a_street_is_followed_the_way_that_the_points_go() -> None:
    world = streets(BLOCK, [], ["AB", "BC", "CD"])
    assert ways(match(world, track((10, 3), (590, 3)))) == [["AB", "BC", "CD"]]
    assert ways(match(world, track((590, 3), (10, 3)))) == [["DC", "CB", "BA"]]


def test_a_one_way_street_is_not_driven_against_its_way() -> None:
    """B to C is closed that way: whoever comes from A to D went round the block."""
    world = streets(BLOCK, ["CB"], ["AB", "BE", "EF", "FC", "CD"])
    sparse = of_points([np.array([[20.0, 0.0], [150.0, 0.0], [450.0, 0.0], [580.0, 0.0]])])
    assert ways(match(world, sparse, sigma=5.0)) == [["AB", "BE", "EF", "FC", "CD"]]
    back = of_points([sparse_points(sparse)[::-1]])
    assert ways(match(world, back, sigma=5.0)) == [["DC", "CB", "BA"]]


def sparse_points(tracks: Tracks) -> np.ndarray:
    return np.column_stack((tracks.x, tracks.y))


def test_a_forbidden_turn_is_not_taken() -> None:
    nodes = {"A": (0.0, 0.0), "B": (200.0, 0.0), "C": (200.0, 200.0), "D": (400.0, 0.0), "E": (400.0, 200.0)}
    links = ["AB", "BC", "BD", "DE", "EC"]
    drove = of_points([np.array([[20.0, 0.0], [120.0, 0.0], [200.0, 180.0]])])
    assert ways(match(streets(nodes, links), drove, sigma=5.0)) == [["AB", "BC"]]
    forbidden = pd.DataFrame({"from_link": ["AB"], "to_link": ["BC"], "restriction": ["no_left_turn"]})
    world = streets(nodes, links, (), forbidden)
    assert not {("AB", "BC")} & set(zip(world.place_names[world.choice_from], world.place_names[world.choice_place], strict=True))
    assert ways(match(world, drove, sigma=5.0)) == [["AB", "BD", "DE", "EC"]]


def test_of_two_parallel_roads_the_nearer_is_taken_and_noise_makes_no_jumps_between_them() -> None:
    """20 m apart with a noise of 8 m: single points are often nearer to the wrong one, the whole track is not. Over ten seeds at most one
    may fail: with 30 points each, the two differ by 30 * 20^2 / (2 * 8^2) = 94 nats on average."""
    nodes = {"A": (0.0, 0.0), "B": (300.0, 0.0), "C": (600.0, 0.0), "D": (0.0, 20.0), "E": (300.0, 20.0), "F": (600.0, 20.0)}
    world = streets(nodes, ["AB", "BC", "DE", "EF", "BE", "EB"])
    right = sum(ways(match(world, track((5, 0), (595, 0), sigma=8.0, seed=seed), sigma=8.0)) == [["AB", "BC"]] for seed in range(10))
    assert right >= 9


def test_noise_against_the_way_makes_no_loops() -> None:
    """A point each 10 m with a noise of 15 m: every third one lies behind the one before. The side streets are never entered."""
    nodes = {f"{chr(65 + k)}": (100.0 * k, 0.0) for k in range(8)} | {f"{chr(97 + k)}": (100.0 * k, 80.0) for k in range(1, 7)}
    main = [f"{chr(65 + k)}{chr(66 + k)}" for k in range(7)]
    world = streets(nodes, [], [*main, *(f"{chr(65 + k)}{chr(97 + k)}" for k in range(1, 7))])
    right = 0
    for seed in range(10):
        noisy = track((50, 0), (650, 0), spacing=10.0, sigma=15.0, seed=seed)
        assert (np.diff(noisy.x) < 0).mean() > 0.2
        right += ways(match(world, noisy, sigma=15.0)) == [main]
    assert right >= 9


def test_a_turn_round_in_a_link_is_found_where_turning_is_allowed() -> None:
    there_and_back = track((20, 0), (500, 0), (20, 0))
    assert ways(match(streets(BLOCK, [], ["AB", "BC", "CD"]), there_and_back, sigma=5.0)) == [["AB", "BC", "CD", "DC", "CB", "BA"]]
    forbidden = pd.DataFrame({"from_link": ["CD"], "to_link": ["DC"], "restriction": ["no_u_turn"]})
    closed = match(streets(BLOCK, [], ["AB", "BC", "CD"], forbidden), there_and_back, sigma=5.0)
    assert not any(a == b[::-1] == "CD" for way in ways(closed) for a, b in pairwise(way))


def test_a_round_of_the_block_is_driven_once_round() -> None:
    world = streets(BLOCK, [], ["AB", "BC", "CF", "FE", "EB"])
    round_it = track((20, 0), (200, 0), (400, 0), (400, 200), (200, 200), (200, 0), (20, 0))
    assert ways(match(world, round_it, sigma=5.0)) == [["AB", "BC", "CF", "FE", "EB", "BA"]]


def test_a_gap_that_no_way_closes_splits_and_each_half_is_kept() -> None:
    nodes = {"A": (0.0, 0.0), "B": (200.0, 0.0), "C": (400.0, 0.0), "D": (600.0, 0.0), "E": (800.0, 0.0), "F": (1000.0, 0.0)}
    world = streets(nodes, ["AB", "BC", "DE", "EF"])
    assert not len(match(world, track((10, 0), (390, 0)), sigma=5.0).problems)
    both = of_points([np.concatenate((sparse_points(track((10, 0), (390, 0))), sparse_points(track((610, 0), (990, 0)))))])
    found = match(world, both, sigma=5.0)
    assert ways(found) == [["AB", "BC"], ["DE", "EF"]] and found.tracks.ids.tolist() == ["0 #1", "0 #2"] and found.of.tolist() == [0, 0]
    gap = found.problems[found.problems["done"] == "split"].iloc[0]
    assert gap["row"] == "point 20" and gap["track"] == "0" and "220 m" in gap["what"] and "1 s" in gap["what"]


def test_a_long_dark_gap_is_not_filled_though_a_way_leads_through_it() -> None:
    nodes = {chr(65 + k): (1000.0 * k, 0.0) for k in range(12)}
    world = streets(nodes, [f"{chr(65 + k)}{chr(66 + k)}" for k in range(11)])
    near, far = sparse_points(track((500, 0), (2500, 0))), sparse_points(track((8500, 0), (10500, 0)))
    found = match(world, of_points([np.concatenate((near, far))]), sigma=5.0)
    assert ways(found) == [["AB", "BC", "CD"], ["IJ", "JK", "KL"]]
    assert "6,000 m" in found.problems["what"].iloc[0]


def test_a_stretch_off_the_road_is_told_and_nothing_is_filled_in_there() -> None:
    world = streets(BLOCK, [], ["AB", "BC", "CD"])
    xy = sparse_points(track((10, 0), (590, 0)))
    away = xy.copy()
    away[10:16, 1] += 500.0
    found = match(world, of_points([away]), sigma=5.0)
    row = found.problems[found.problems["what"].str.contains("off the network")].iloc[0]
    assert row["row"] == "points 11 to 16" and "for 100 m" in row["what"] and "split" in row["done"]
    assert np.isnan(found.sure[10:16]).all() and (found.state[10:16] == -1).all() and (found.state[:10] >= 0).all()
    one = xy.copy()
    one[12, 1] += 500.0
    found = match(world, of_points([one]), sigma=5.0)
    assert ways(found) == [["AB", "BC", "CD"]]  # one wrong fix is left out
    assert found.problems[["row", "done"]].to_numpy().tolist() == [["point 13", "dropped"]]


def test_a_wrong_fix_on_another_road_is_left_out() -> None:
    """The point in the middle lies on a street that joins the right one at its ends: there and back would be 400 m."""
    nodes = {"A": (0.0, 0.0), "B": (200.0, 0.0), "C": (400.0, 0.0), "D": (600.0, 0.0), "E": (200.0, 150.0), "F": (400.0, 150.0)}
    world = streets(nodes, [], ["AB", "BC", "CD", "BE", "EF", "FC"])
    xy = sparse_points(track((10, 0), (590, 0)))
    xy[15, 1] = 150.0
    found = match(world, of_points([xy]), sigma=5.0)
    assert ways(found) == [["AB", "BC", "CD"]] and found.state[15] == -1
    assert found.problems[["row", "what", "done"]].to_numpy().tolist() == [
        ["point 16", "no way past it fits the points before and after", "dropped"]]


def test_confidence_is_low_where_two_ways_fit_alike_and_high_where_one_does() -> None:
    nodes = {"A": (0.0, 0.0), "B": (200.0, 0.0), "C": (400.0, 12.0), "D": (400.0, -12.0), "E": (600.0, 0.0), "F": (800.0, 0.0)}
    world = streets(nodes, ["AB", "BC", "BD", "CE", "DE", "EF"])
    found = match(world, track((10, 0), (790, 0)), sigma=12.0)
    x = track((10, 0), (790, 0)).x
    middle = (x > 280) & (x < 520)
    assert found.sure[middle].max() < 0.75 and found.sure[((x > 20) & (x < 150)) | (x > 700)].min() > 0.9
    clear = match(streets(nodes, ["AB", "BC", "CE", "EF"]), track((10, 0), (790, 0)), sigma=12.0)
    assert clear.sure.min() > 0.95 and clear.tracks.attributes[CONFIDENCE].iloc[0] > found.tracks.attributes[CONFIDENCE].iloc[0]


def test_a_cost_of_choices_decides_between_ways_that_fit_alike() -> None:
    nodes = {"A": (0.0, 0.0), "B": (200.0, 0.0), "C": (400.0, 12.0), "D": (400.0, -12.0), "E": (600.0, 0.0), "F": (800.0, 0.0)}
    world = streets(nodes, ["AB", "BC", "BD", "CE", "DE", "EF"])
    for dear, way in (("BC", ["AB", "BD", "DE", "EF"]), ("BD", ["AB", "BC", "CE", "EF"])):
        cost = np.where(world.place_names[world.choice_place] == dear, 5.0, 1.0)
        assert ways(match(world, track((10, 0), (790, 0)), sigma=12.0, choice_cost=cost)) == [way]


def test_the_order_of_links_and_of_tracks_makes_no_difference() -> None:
    """Symmetric streets are full of ties: two ways round a block, points in the middle between two roads."""
    nodes = {f"{i}{j}": (100.0 * i, 100.0 * j) for i in range(4) for j in range(4)}
    rows = [(a, b) for a in nodes for b in nodes if abs(int(a[0]) - int(b[0])) + abs(int(a[1]) - int(b[1])) == 1]
    table = pd.DataFrame({"link": [f"{a}-{b}" for a, b in rows], "u": [a for a, _ in rows], "v": [b for _, b in rows]})
    ends = pd.DataFrame({"node": list(nodes), "x": [x for x, _ in nodes.values()], "y": [y for _, y in nodes.values()]})
    tracks = of_points([np.array([[0.0, 0.0], [300.0, 300.0]]), np.array([[50.0, 50.0], [250.0, 50.0]]),
                        np.array([[0.0, 150.0], [150.0, 150.0], [300.0, 150.0]])])
    seen = []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        found = match(build_network(table.iloc[rng.permutation(len(table))], None, ends), tracks.take(rng.permutation(3)), sigma=20.0)
        seen.append(dict(zip(found.tracks.ids, ways(found), strict=True)))
    assert seen.count(seen[0]) == 4 and len(seen[0]) == 3
    shifted = match(build_network(table, None, ends.assign(x=ends["x"] + 1e5 / 3, y=ends["y"] + 7e6 / 3)),
                    replace(tracks, x=tracks.x + 1e5 / 3, y=tracks.y + 7e6 / 3), sigma=20.0)
    assert dict(zip(shifted.tracks.ids, ways(shifted), strict=True)) == seen[0]  # though the last bits differ


def test_the_noise_is_estimated() -> None:
    """Within a quarter, over several seeds: of 300 points the estimate has a standard deviation of 7 per cent."""
    nodes = {chr(65 + k): (150.0 * k, 40.0 * (k % 2)) for k in range(20)}
    world = streets(nodes, [], [f"{chr(65 + k)}{chr(66 + k)}" for k in range(19)])
    for sigma in (4.0, 12.0):
        for seed in range(3):
            drove = track((10, 2), *((150.0 * k, 40.0 * (k % 2)) for k in range(1, 19)), spacing=10.0, sigma=sigma, seed=seed)
            assert abs(match(world, drove).sigma / sigma - 1.0) < 0.25


def test_a_long_track_is_matched_in_pieces_and_tracks_in_several_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    world = town(rng)
    tracks = of_points([rng.uniform(0, 180, (2, 2)).repeat([3, 3], axis=0) + rng.normal(0, 8, (6, 2)) for _ in range(12)])
    whole = match(world, tracks, sigma=8.0)
    monkeypatch.setattr(matching, "CHUNK", 10)
    parts = match(world, tracks, sigma=8.0)
    assert ways(whole) == ways(parts) and whole.tracks.ids.tolist() == parts.tracks.ids.tolist()
    np.testing.assert_array_equal(whole.sure, parts.sure)
    monkeypatch.setattr(matching, "LONGEST", 15)
    long = match(streets(BLOCK, [], ["AB", "BC", "CD"]), track((10, 0), (590, 0)), sigma=5.0)
    assert ways(long) == [["AB", "BC"], ["BC", "CD"]]
    assert long.problems[["row", "what", "done"]].to_numpy().tolist() == [["point 15", "more points than can be matched at once", "split"]]


def test_a_stop_is_heeded() -> None:
    watch = Control()
    watch.cancel.set()
    with pytest.raises(Cancelled):
        match(streets(BLOCK, [], ["AB", "BC", "CD"]), track((10, 0), (590, 0)), watch=watch)


def test_what_is_matched_can_be_mapped_and_wide_ids_and_both_ways_keep_their_names() -> None:
    ids = ["9007199254740993", "9007199254740995", "007"]  # beyond what a float tells apart
    table = pd.DataFrame({"link": ids, "u": ["A", "B", "C"], "v": ["B", "C", "D"], "oneway": ["no", "no", "no"]})
    ends = pd.DataFrame({"node": list(BLOCK), "x": [x for x, _ in BLOCK.values()], "y": [y for _, y in BLOCK.values()]})
    world = build_network(table, None, ends)
    found = match(world, track((590, 3), (10, 3)), sigma=5.0)
    assert ways(found) == [[f"{one} (back)" for one in reversed(ids)]]
    paths = map_link_tracks(world, found.tracks).paths
    assert world.place_names[world.place_of_state[paths.states(world.mdp, 0)]].tolist() == ways(found)[0]


def test_points_and_network_in_degrees_meet_on_one_plane_and_far_ones_are_refused_with_both_extents() -> None:
    lonlat = moved(np.array([[500_000.0 + x, 5_000_000.0 + y] for x, y in BLOCK.values()]), "EPSG:32632", "EPSG:4326")
    ends = pd.DataFrame({"node": list(BLOCK), "lon": lonlat[:, 0], "lat": lonlat[:, 1]})
    world = build_network(pd.DataFrame({"link": ["AB", "BC", "CD"], "u": ["A", "B", "C"], "v": ["B", "C", "D"]}), None, ends)
    drove = track((10, 3), (590, 3))
    there = replace(drove, x=drove.x + 500_000.0, y=drove.y + 5_000_000.0, crs="EPSG:32632")
    other = moved(np.column_stack((there.x, there.y)), "EPSG:32632", "EPSG:32631")
    for tracks in (there, replace(there, x=other[:, 0], y=other[:, 1], crs="EPSG:32631")):
        assert ways(match(world, tracks, sigma=5.0)) == [["AB", "BC", "CD"]]
    with pytest.raises(DataError, match=r"longitude 9\.000 .* latitude 45\.\d+.*links at longitude 9\.000") as far:
        match(world, replace(there, y=there.y + 50_000.0))
    assert "No point is near" in far.value.what
    with pytest.raises(DataError, match="plane of their own"):
        match(world, drove)


def test_what_has_no_lines_or_another_unit_is_refused() -> None:
    bare = build_network(pd.DataFrame({"link": ["1", "2"], "u": ["A", "B"], "v": ["B", "C"]}))
    with pytest.raises(WorldError, match="no lines"):
        match(bare, track((0, 0), (10, 0)))
    with pytest.raises(WorldError, match="no lines"):
        match(grid_over(track((0, 0), (100, 50)), 10.0), track((0, 0), (10, 0)))
    with pytest.raises(DataError, match="in px"):
        match(streets(BLOCK, ["AB"]), replace(track((0, 0), (10, 0)), unit="px"))
    with pytest.raises(DataError, match="No track could be matched"):
        match(streets(BLOCK, ["AB"]), track((10, 300), (190, 300)), sigma=5.0)

"""Links that may be used both ways, or against their line; turns that a table forbids; links without ids of their own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.errors import DataError, WorldError
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.links.paths import map_link_tracks
from irlcore.worlds.network import Built, build
from irlcore.worlds.world import World

ROAD = pd.DataFrame({"link": ["1", "2", "3"], "u": list("ABC"), "v": list("BCD"), "length": [100.0, 110.0, 120.0],
                     "wkt": ["LINESTRING (0 0, 200 0)", "LINESTRING (200 0, 200 200)", "LINESTRING (200 200, 400 200)"]})


def follows(world: World) -> set[tuple[str, str]]:
    return set(zip(world.place_names[world.choice_from], world.place_names[world.choice_place], strict=True))


def tracks_of(*paths: str) -> LinkTracks:
    tracks = read_paths(pd.DataFrame({"track": range(len(paths)), "path": paths}), {"track": "track", "path": "path"}).tracks
    assert isinstance(tracks, LinkTracks)
    return tracks


def driven(world: World, *paths: str) -> list[list[str]]:
    """The names of the places of each path that could be mapped."""
    mapped = map_link_tracks(world, tracks_of(*paths)).paths
    return [world.place_names[mapped.states(world.mdp, k)].tolist() for k in range(len(mapped))]


@pytest.mark.parametrize("ways", [["no", "no", "yes"], [False, False, True], [0, 0, 1], ["B", "B", "F"], ["", "N/A", "FT"],
                                  ["No", "NO", "YES"],
                                  [0.0, None, 1.0], ["f", "f", "t"], ["both", "two-way", "forward"], ["reversible", "no", "1"]], ids=str)
def test_two_way_links_are_read_in_both_directions(ways: list[object]) -> None:
    built = build(ROAD.assign(oneway=ways))
    assert built.world.place_names.tolist() == ["1", "2", "3", "1 (back)", "2 (back)"]
    assert driven(built.world, "1 2 3", "2 1") == [["1", "2", "3"], ["2 (back)", "1 (back)"]]
    assert any(one.startswith("2 links may be used both ways (oneway)") for one in built.said)


@pytest.mark.parametrize("ways", [["-1", "yes", "yes"], ["TF", "FT", "FT"], ["reverse", 1, True], ["T", "B", "F"],
                                  ["reversed", "yes", "yes"]], ids=str)
def test_a_link_against_its_line_is_turned_round(ways: list[object]) -> None:
    built = build(ROAD.assign(oneway=ways))
    assert ("1", "2") not in follows(built.world) and ("2", "3") in follows(built.world)
    assert built.world.shape_xy[:2].tolist() == [[200.0, 0.0], [0.0, 0.0]]
    assert any("1 link may be used against the line alone" in one for one in built.said)


def test_the_way_back_has_the_line_the_length_and_the_attributes_of_its_link() -> None:
    world = build(ROAD.assign(oneway="no", lanes=[1, 2, 3])).world
    at = world.place_names.tolist().index("2 (back)")
    line = world.shape_xy[world.shape_offsets[at]:world.shape_offsets[at + 1]]
    assert line.tolist() == [[200.0, 200.0], [200.0, 0.0]] and world.place_attributes["lanes"][at] == 2.0
    ends = zip(world.place_names[world.choice_from], world.place_names[world.choice_place], strict=True)
    onto = {pair: m for m, pair in enumerate(ends)}
    m = onto["3 (back)", "2 (back)"]
    assert world.choice_length[m] == 110.0 and np.rad2deg(world.choice_turn[m]) == pytest.approx(-90.0)  # west, then south: left
    assert np.rad2deg(world.choice_turn[onto["1", "2"]]) == pytest.approx(-90.0)


def test_a_table_with_a_row_for_each_direction_stays_as_it_is() -> None:
    both = pd.concat([ROAD, ROAD.assign(link=["4", "5", "6"], u=ROAD["v"], v=ROAD["u"])], ignore_index=True)
    built = build(both.assign(oneway=[False] * 6))
    assert built.world.place_names.tolist() == list("123456")
    assert "The links have a row for each direction: each row is taken as one way." in built.said
    assert build(both).world.place_names.tolist() == list("123456")  # and so without a column that says so


def test_without_a_column_of_ways_links_lead_one_way() -> None:
    assert build(ROAD).world.place_names.tolist() == ["1", "2", "3"]


def test_closed_links_are_left_out_and_listed() -> None:
    built = build(ROAD.assign(oneway=["FT", "N", "TF"]))
    assert built.world.place_names.tolist() == ["1", "3"]
    assert built.problems["row"].tolist() == ["3"] and built.problems["done"].tolist() == ["dropped"]


def test_a_way_that_nobody_knows_is_refused_by_its_row() -> None:
    with pytest.raises(DataError, match="Row 3 of the links has 'sometimes' in the column oneway") as caught:
        build(ROAD.assign(oneway=["no", "sometimes", "yes"]))
    assert "yes, no or -1" in caught.value.fix


def test_a_name_that_the_way_back_would_have_is_refused() -> None:
    with pytest.raises(DataError, match=r"called 1 \(back\)"):
        build(ROAD.assign(link=["1", "1 (back)", "3"], oneway="no"))


def test_turning_round_and_parallel_links_are_read() -> None:
    loop = pd.DataFrame({"link": list("abc"), "u": list("PPQ"), "v": list("QQR"), "oneway": "no"})
    world = build(loop).world
    assert driven(world, "a b", "c b a", "c a b") == [["a", "b (back)"], ["c (back)", "b (back)", "a"], ["c (back)", "a (back)", "b"]]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=9), st.integers(0, 10**6))
def test_any_walk_over_two_way_links_is_found_again(ends: list[tuple[int, int]], seed: int) -> None:
    table = pd.DataFrame(ends, columns=["u", "v"]).assign(link=[f"L{k}" for k in range(len(ends))], oneway="no")
    rng, node, walk = np.random.default_rng(seed), ends[0][0], []
    for _ in range(6):
        options = [k for k, pair in enumerate(ends) if node in pair and (not walk or k != walk[-1])]
        if not options:
            break
        walk.append(int(rng.choice(options)))
        a, b = ends[walk[-1]]
        node = b if node == a else a
    if len(walk) < 2:
        return
    world = build(table).world if not _opposite(ends) else None
    if world is None:
        return
    try:
        found = driven(world, " ".join(f"L{k}" for k in walk))
    except WorldError as error:  # the trip ends in the link where it began
        assert "ends where it starts" in error.what
        return
    assert [name.removesuffix(" (back)") for name in found[0]] == [f"L{k}" for k in walk][:len(found[0])]


def _opposite(ends: list[tuple[int, int]]) -> bool:
    own = [(a, b) for a, b in ends if a != b]
    return bool(own) and sum((b, a) in ends for a, b in own) >= 0.5 * len(own)


def test_a_path_may_turn_round_in_a_link_that_leads_both_ways() -> None:
    world = build(ROAD.assign(oneway="no")).world
    assert driven(world, "1 2 2 1", "1 1 2 2 2 3") == [["1", "2", "2 (back)", "1 (back)"], ["1", "2", "3"]]
    assert driven(world, "3 2 X", "3 2 2") == [["3 (back)", "2 (back)"]]  # an unknown link is as unknown as ever


def test_a_link_that_is_named_again_and_again_counts_once() -> None:
    mapped = map_link_tracks(build(ROAD).world, tracks_of("1 1 2 2 2 3", "1 2 3"))
    assert mapped.paths.lengths.tolist() == [2, 2]
    assert mapped.problems["done"].tolist() == ["repaired: counted once"] and "3 links" in mapped.problems["what"][0]


def test_the_cause_that_is_named_is_what_dropped_a_track() -> None:
    with pytest.raises(WorldError, match="First problem: track 0, step 1: no transition from 1 to 3"):
        map_link_tracks(build(ROAD).world, tracks_of("1 1 3"))


# A crossing at O: a comes from the west, b leads on, c to the left, d back
TURNS = pd.DataFrame({"link": list("abcd"), "u": list("WOOO"), "v": list("OENW")})


@pytest.mark.parametrize(("rows", "left"), [
    ({"restriction": ["no_left_turn", "no_u_turn"]}, {("a", "b"), ("d", "a")}),
    ({"type": ["only_straight_on"], "to_link": ["b"]}, {("a", "b"), ("d", "a")}),
    ({"forbidden": [1, "yes"]}, {("a", "b"), ("d", "a")}), ({"allowed": [False, False]}, {("a", "b"), ("d", "a")}),
    ({"Restriction Type": ["no left turn", "no u turn"]}, {("a", "b"), ("d", "a")}),
], ids=["no", "only", "forbidden", "allowed", "words"])
def test_a_table_that_forbids_turns_takes_them_from_those_by_nodes(rows: dict[str, list[object]], left: set[tuple[str, str]]) -> None:
    table = pd.DataFrame({"from_link": "a", "to_link": ["c", "d"]} | rows if "to_link" not in rows else {"from_link": ["a"]} | rows)
    built = build(TURNS, table)
    assert follows(built.world) == left
    assert any("2 turns forbidden" in one for one in built.said)


def test_a_table_of_transitions_may_forbid_some_of_them() -> None:
    table = pd.DataFrame({"from_link": "a", "to_link": ["b", "c", "d"], "forbidden": [0, 1, 0]})
    assert follows(build(TURNS, table).world) == {("a", "b"), ("a", "d")}


def test_a_forbidden_turn_that_is_none_is_listed() -> None:
    built = build(TURNS, pd.DataFrame({"from_link": ["a", "b", "x"], "to_link": ["c", "c", "c"], "type": "no_left_turn"}))
    assert built.problems[["row", "done"]].to_numpy().tolist() == [["3", "left out"], ["4", "left out"]]


def test_turns_are_forbidden_of_two_way_links_too() -> None:
    table = pd.DataFrame({"from_link": ["1", "2"], "to_link": ["2", "2"], "type": ["no_left_turn", "no_u_turn"]})
    world = build(ROAD.assign(oneway="no"), table).world
    assert ("1", "2") not in follows(world) and ("2", "2 (back)") not in follows(world)
    assert {("2 (back)", "1 (back)"), ("2", "3"), ("3 (back)", "2 (back)")} <= follows(world)


EDGES = pd.DataFrame({"u": [10, 11, 11, 12], "v": [11, 12, 10, 13], "key": 0, "osmid": 5, "length": [90.0, 80.0, 90.0, 70.0]})


def test_links_without_ids_are_called_by_their_nodes() -> None:
    built = build(EDGES)
    assert built.world.place_names.tolist() == ["10_11", "11_12", "11_10", "12_13"]
    assert any("no column of ids" in one and "10_11" in one for one in built.said)
    for path in ("10_11 11_12 12_13", "10_11_0 11_12_0 12_13_0", "[(10, 11, 0), (11, 12, 0), (12, 13, 0)]", "10 11 12 13",
                 "[10, 11, 12, 13]"):
        assert driven(built.world, path) == [["10_11", "11_12", "12_13"]], path


def test_parallel_edges_have_their_key() -> None:
    parallel = pd.concat([EDGES, pd.DataFrame({"u": [11], "v": [12], "key": [1], "osmid": 6, "length": 99.0})], ignore_index=True)
    world = build(parallel).world
    assert world.place_names.tolist() == ["10_11_0", "11_12_0", "11_10_0", "12_13_0", "11_12_1"]
    assert driven(world, "10_11_0 11_12_1 12_13_0", "10_11 11_12 12_13")[0] == ["10_11_0", "11_12_1", "12_13_0"]
    assert build(parallel.drop(columns="key")).world.place_names.tolist() == world.place_names.tolist()


def test_paths_may_name_rows_where_every_step_exists_and_only_then() -> None:
    mapped = map_link_tracks(build(EDGES).world, tracks_of("0 1 3", "1 3"))
    assert mapped.paths.lengths.tolist() == [2, 1] and mapped.problems["done"].tolist() == ["read so"]
    assert "number of their row, from 0" in mapped.problems["what"][0]
    assert "from 1" in map_link_tracks(build(EDGES).world, tracks_of("1 2 4")).problems["what"][0]
    two_way = build(EDGES.iloc[[0, 1, 3]].assign(oneway=False)).world
    assert driven(two_way, "2 1 0", "0 1") == [["12_13 (back)", "11_12 (back)", "10_11 (back)"], ["10_11", "11_12"]]
    for path in ("0 3", "0 1 9", "0 one"):
        with pytest.raises(WorldError, match="No link of the paths"):
            map_link_tracks(build(EDGES).world, tracks_of(path))


def test_nodes_name_links_that_lead_both_ways() -> None:
    world = build(EDGES.iloc[[0, 1, 3]].assign(oneway=False)).world
    assert driven(world, "13 12 11 10") == [["12_13 (back)", "11_12 (back)", "10_11 (back)"]]


def test_paths_that_name_no_link_are_told_with_both_names() -> None:
    with pytest.raises(WorldError, match="the paths name 1, 2, 3, and the links are called 10_11, 11_12, 11_10") as caught:
        map_link_tracks(build(EDGES).world, tracks_of("1 2 3", "7 8"))
    assert "ids" in caught.value.fix


def test_a_built_network_keeps_its_problems_apart() -> None:
    assert isinstance(build(ROAD), Built) and len(build(ROAD).problems) == 0

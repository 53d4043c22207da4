"""Tables of links, nodes and transitions as people have them: what is bad is listed by its row, what was assumed is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import DataError
from irlcore.tracks.problems import MOST_LISTED
from irlcore.tracks.readers import read_table
from irlcore.worlds.network import Built, build
from irlcore.worlds.world import World

LINKS = pd.DataFrame({"link": ["1", "2", "3", "4", "5"], "u": list("ABCCF"), "v": list("BCDEB"), "length": [100.0, 100, 100, 120, 90]})
NODES = pd.DataFrame({"node": list("ABCDEF"), "x": [0.0, 100, 200, 300, 200, 100], "y": [0.0, 0, 0, 0, 120, -90]})


def follows(world: World) -> set[tuple[str, str]]:
    return set(zip(world.place_names[world.choice_from], world.place_names[world.choice_place], strict=True))


def listed(built: Built) -> list[tuple[str, str]]:
    return list(built.problems[["row", "done"]].itertuples(index=False, name=None))


def lengths(world: World) -> dict[str, float]:
    return dict(zip(world.place_names[world.choice_place], world.choice_length.tolist(), strict=True))


@pytest.mark.parametrize("blank", ["", None, "NA", "nan", "NULL", "None", " ", "<NA>", "n/a", np.nan], ids=repr)
def test_a_blank_end_joins_nothing_and_is_listed(blank: object) -> None:
    links = LINKS.assign(v=["B", "C", blank, blank, "B"])
    more = pd.DataFrame({"link": ["6", "7"], "u": [blank, blank], "v": ["X", "Y"], "length": 50.0})
    built = build(pd.concat([links, more], ignore_index=True))
    assert follows(built.world) == {("1", "2"), ("2", "3"), ("2", "4"), ("5", "2")}
    assert sorted(listed(built)) == [(row, "kept: it joins nothing there") for row in "4578"]
    assert "link 3 has no node" in built.problems["what"].str.cat()


def test_a_node_may_still_be_called_zero() -> None:
    assert follows(build(LINKS.assign(u=[1, 0, 2, 2, 3], v=[0, 2, 4, 5, 0])).world) == {("1", "2"), ("2", "3"), ("2", "4"), ("5", "2")}


@pytest.mark.parametrize("blank", ["", None, "NA", np.nan])
def test_a_link_without_an_id_is_left_out_and_listed(blank: object) -> None:
    more = pd.DataFrame({"link": [blank, blank], "u": ["G", "D"], "v": ["H", "G"], "length": 10.0})
    built = build(pd.concat([LINKS, more], ignore_index=True))
    assert built.world.place_names.tolist() == ["1", "2", "3", "4", "5"]
    assert listed(built) == [("7", "dropped"), ("8", "dropped")]


def test_ids_of_numbers_with_gaps_are_whole() -> None:
    assert build(LINKS.assign(link=[1.0, 2.0, 3.0, None, 5.0])).world.place_names.tolist() == ["1", "2", "3", "5"]


def test_a_link_twice_is_refused_with_both_rows() -> None:
    with pytest.raises(DataError, match=r"Link 2 is listed twice, in rows 3 and 6 \(1 such row\)"):
        build(LINKS.assign(link=["1", "2", "3", "4", "2"]))


BAD_LENGTHS = {"text": "long", "negative": -100.0, "infinite": np.inf, "empty": None, "a word for nothing": "NA"}


@pytest.mark.parametrize("bad", BAD_LENGTHS.values(), ids=BAD_LENGTHS)
def test_a_length_that_cannot_be_one_is_listed_and_unknown(bad: object) -> None:
    links = LINKS.assign(length=pd.Series([100, bad, 100, 120, 90], dtype=object if isinstance(bad, str) else float))
    built = build(links)
    assert listed(built) == [("3", "kept without a length")]
    assert np.isnan(lengths(built.world)["2"]) and lengths(built.world)["4"] == 120.0
    assert np.isnan(built.world.place_attributes["length"][1]) and built.world.place_attributes["length"].dtype == np.float64
    assert any("1 link without a usable length" in one for one in built.said)


@pytest.mark.parametrize("bad", BAD_LENGTHS.values(), ids=BAD_LENGTHS)
def test_a_link_with_a_line_is_then_as_long_as_that(bad: object) -> None:
    links = LINKS.assign(length=pd.Series([100, bad, 100, 120, 90], dtype=object if isinstance(bad, str) else float))
    built = build(links, None, NODES)
    assert listed(built) == [("3", "repaired: as long as its line")] and lengths(built.world)["2"] == 100.0
    assert not any("without a usable length" in one for one in built.said)


def test_a_line_in_another_unit_is_no_stand_in() -> None:
    built = build(LINKS.assign(length=[0.1, None, 0.1, 0.12, 0.09]), None, NODES)
    assert listed(built) == [("3", "kept without a length")] and np.isnan(lengths(built.world)["2"])


def test_a_column_of_lengths_that_is_all_blank_is_none() -> None:
    built = build(LINKS.assign(length=None), None, NODES)
    assert listed(built) == [] and lengths(built.world)["4"] == 120.0


@pytest.mark.parametrize(("written", "read"), [
    (["100,5", "99,1", "12,0", "80,5", "7"], [100.5, 99.1, 12.0, 80.5, 7.0]),
    (["1.100,5", "99,1", "1.200", "80,5", "7"], [1100.5, 99.1, 1200.0, 80.5, 7.0]),
    (["0,512", "1,234", "2,000", "3,100", "4"], [0.512, 1.234, 2.0, 3.1, 4.0]),
    (["1,5e2", "-0,0", ",5", "2,25", "+3,5"], [150.0, 0.0, 0.5, 2.25, 3.5]),
], ids=["decimal", "with thousands", "three digits, one below 1", "odd ones"])
def test_numbers_with_decimal_commas_are_read_and_told(written: list[str], read: list[float]) -> None:
    built = build(LINKS.assign(length=written, width=written))
    assert built.world.place_attributes["length"].tolist() == read
    assert built.world.place_attributes["width"].tolist() == read
    assert "Numbers with decimal commas: length of the links." in built.said and listed(built) == []


def test_commas_that_may_be_either_are_refused_by_their_row() -> None:
    with pytest.raises(DataError, match="Row 3 of the links has '1,234' in the column length: its comma may be") as caught:
        build(LINKS.assign(length=["900", "1,234", "2,000", "80", "7"]))
    assert "decimal point" in caught.value.fix


def test_a_file_with_semicolons_and_commas_is_read_as_it_was_meant() -> None:
    world = build(read_table(b"link;u;v;length\n1;A;B;100,5\n2;B;C;99,1\n3;C;D;12,0\n4;B;D;80,5\n", "links.csv")).world
    assert lengths(world) == {"2": 99.1, "3": 12.0, "4": 80.5}


def test_transitions_list_blank_repeated_and_strange_rows() -> None:
    rows = pd.DataFrame({"from_link": ["1", "2", "", "2", "1", "4"], "to_link": ["2", "3", "4", None, "2", "home"]})
    built = build(LINKS, rows)
    assert follows(built.world) == {("1", "2"), ("2", "3"), ("4", "home")}
    assert sorted(listed(built)) == [("4", "dropped"), ("5", "dropped"), ("6", "dropped"), ("7", "kept as a place without a line")]
    assert "link home is not in the table of links" in built.problems["what"].str.cat()


def test_transitions_of_which_none_is_usable_are_refused() -> None:
    with pytest.raises(DataError, match="No transition is left"):
        build(LINKS, pd.DataFrame({"from_link": ["", None], "to_link": ["1", "2"]}))


def test_nodes_list_what_they_lack() -> None:
    nodes = pd.concat([NODES, pd.DataFrame({"node": ["A", ""], "x": [1.0, 2.0], "y": 0.0})], ignore_index=True)
    nodes["y"] = ["0", "0", "0", "north", "120", "-90", "0", "0"]
    built = build(LINKS.drop(columns="length"), None, nodes)
    assert sorted(listed(built)) == [("5", "kept without a place"), ("8", "dropped"), ("9", "dropped")]
    assert np.isnan(lengths(built.world)["3"]) and lengths(built.world)["2"] == 100.0
    np.testing.assert_array_equal(built.world.place_xy[0], [50.0, 0.0])  # where A stands first
    assert "1 node without a place." in built.said


def test_columns_picked_by_hand_count() -> None:
    links = LINKS.rename(columns={"link": "name", "u": "a", "v": "b", "length": "metres"}).assign(link="same")
    nodes = NODES.rename(columns={"node": "called", "x": "east", "y": "north"})
    picked = {"links": {"link": "name", "u": "a", "v": "b", "length": "metres"}, "nodes": {"node": "called", "x": "east", "y": "north"}}
    built = build(links, None, nodes, picked)
    assert follows(built.world) == {("1", "2"), ("2", "3"), ("2", "4"), ("5", "2")} and built.world.has_coordinates
    rows = pd.DataFrame({"before": ["1"], "behind": ["3"], "angle": [90.0]})
    picked["transitions"] = {"from_link": "before", "to_link": "behind", "turn": "angle"}
    built = build(links, rows, nodes, picked)
    assert follows(built.world) == {("1", "3")} and built.world.choice_turn[0] == pytest.approx(np.pi / 2)
    assert "angle of the transitions is in degrees, as its numbers say." in built.said


def test_parts_of_a_network_are_told() -> None:
    far = pd.DataFrame({"link": ["8", "9"], "u": ["X", "Y"], "v": ["Y", "X"], "length": 1.0})
    said = build(pd.concat([LINKS, far], ignore_index=True)).said
    assert "The network falls into 2 parts that no way leads between; the largest has 5 of 7 links." in said
    assert build(LINKS).said == ()


def test_of_very_many_bad_rows_the_first_are_listed_and_the_rest_counted() -> None:
    n = MOST_LISTED + 500
    problems = build(pd.DataFrame({"link": range(n), "u": "A", "v": None})).problems
    assert len(problems) == MOST_LISTED + 1 and "500 more rows" in problems["what"].iloc[-1]


@pytest.mark.parametrize(("written", "metres", "unit"), [
    (["100 m", "99.5m", "", "1e2 m", "7 M"], [100.0, 99.5, np.nan, 100.0, 7.0], "m"),
    (["0,1 km", "2 km", "NA", "3 km", "4 km"], [100.0, 2000.0, np.nan, 3000.0, 4000.0], "km")])
def test_lengths_written_with_their_unit_are_read(written: list[str], metres: list[float], unit: str) -> None:
    built = build(LINKS.assign(length=written))
    np.testing.assert_allclose(built.world.place_attributes["length"], metres)
    assert listed(built) == [("4", "kept without a length")] and any(f"are written in {unit}" in one for one in built.said)


def test_lengths_in_two_units_are_listed() -> None:
    assert len(listed(build(LINKS.assign(length=["100 m", "1 km", "2 m", "3 m", "4 m"])))) == 5


def test_links_without_a_line_where_others_have_one_are_listed_and_points_told() -> None:
    links = LINKS.drop(columns="length").assign(wkt=["LINESTRING (0 0, 500 0)", "", "POINT (900 0)", "LINESTRING (500 0, 900 0)", None])
    built = build(links)
    assert listed(built) == [("3", "kept without a line"), ("6", "kept without a line")]
    assert "1 link drawn as a single point in wkt: no length and no direction." in built.said

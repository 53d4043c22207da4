"""What is told of a track holds of the place named, in one unit, and on networks of which not all is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from irlcore.report.summary import _kinds
from irlcore.review.apart import Found, compared
from irlcore.review.behaviour import Finding, spots_of, walk_of
from irlcore.review.findings import behaviour_findings, known_of
from irlcore.review.reasons import _shared_by_few
from irlcore.review.words.amounts import STEPS
from irlcore.worlds.network import build_network
from irlcore.worlds.world import World
from tests.review.streets import choices_by, drives, town

TOWN = town()


def told_on(world: World, drive: list[int], way: list[int], known: list[list[int]], among: bool = False) -> dict[str, Finding]:
    """What is told of a drive by crossings; among: it is one of the known ones itself. Places are called by their streets."""
    paths, names = drives(world, [drive, *known]), TOWN.place_attributes["name"]
    spots = spots_of(world)
    usual = known_of(spots, paths, np.arange(0 if among else 1, len(paths)), lambda p: str(names[p]))
    told = behaviour_findings(spots, paths, 0, choices_by(world, way), usual, usual.said)
    assert len({one.kind for one in told}) == len(told)
    return {one.kind: one for one in told}


@pytest.mark.parametrize("among", [False, True])
def test_where_no_known_track_did_holds_of_the_street_that_is_named(among: bool) -> None:
    who = "other" if among else "known"
    far = told_on(TOWN, [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5], [[30, 31, 32, 33]], among)  # row a, where nobody was
    assert far["end"].sentence == f"It ended at row a, where no {who} track did." and far["end"].where == "row a"
    assert far["unused"].sentence == f"No {who} track went where it did at row a: 400 m." and far["unused"].where == "row a"
    near = told_on(TOWN, [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5], [[0, 1, 2], [10, 4, 3]], among)  # others end on row a, too
    assert near["end"].sentence == f"It ended in a part of row a where no {who} track did." and near["end"].where == ""
    assert near["unused"].short == f"Went in a part of row a where no {who} track did" and near["unused"].where == ""
    passed = told_on(TOWN, [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5], [[4, 3, 9]], among)  # one went along row a and ended elsewhere
    assert passed["end"].sentence == far["end"].sentence and passed["unused"].short == near["unused"].short
    two = told_on(TOWN, [1, 7, 13, 14, 15], [1, 7, 13, 14, 15], [[31, 25, 19]], among)
    assert two["unused"].short == f"Went on a way between column b and row c where no {who} track did"


def told_of(kind: str, amount: float = 1.0) -> Finding:
    return Finding(kind, amount, f"It {kind}.", kind, kind)


def test_nobody_did_is_not_followed_by_how_many_did() -> None:
    findings = {k: Found(np.zeros(0, np.int64), (), tuple(told_of(kind) for kind in ("end", "unused", "turn") if k < 2)) for k in range(20)}
    apart = compared(findings)
    said = [_shared_by_few(apart, 0, one) for one in findings[0].findings]
    assert said == ["It end.", "It unused.", "It turn; 1 of the 19 other flagged tracks did so."]


def test_a_track_counts_once_a_kind() -> None:
    twice = Found(np.zeros(0, np.int64), (), (told_of("turn", 2.0), told_of("turn", 5.0)))
    assert compared({0: twice, 1: twice}).amounts["turn"].tolist() == [5.0, 5.0]
    assert [len(alike) for alike in _kinds([twice.findings, twice.findings])] == [2]


def bare(world: World, turns: dict[tuple[str, str], float]) -> World:
    """The same network without lines, and with these turns between links by name."""
    at = {name: k for k, name in enumerate(world.place_names.tolist())}
    turn = np.zeros(world.mdp.n_choices)
    for (before, after), angle in turns.items():
        turn[(world.choice_from == at[before]) & (world.choice_place == at[after])] = angle
    return replace(world, shape_offsets=np.zeros(world.n_places + 1, np.int64), shape_xy=np.zeros((0, 2)), choice_turn=turn)


def test_without_lines_a_turn_is_told_once_and_is_none_of_the_likeliest_way() -> None:
    world = bare(TOWN, {("0-1", "1-0"): np.pi, ("1-2", "2-1"): np.pi, ("2-1", "1-2"): np.pi, ("8-2", "2-8"): -np.pi})
    drive = [0, 1, 0, 1, 2, 3]
    assert "U-turn" not in told_on(world, drive, drive, [drive])
    only = told_on(world, [0, 1, 0, 6, 7, 8, 2, 8, 9, 3], [0, 1, 0, 6, 7, 8, 9, 3], [[0, 1, 2, 3]])
    assert only["U-turn"].sentence == "It turned round on the spot at column c." and only["U-turn"].amount == 1.0
    both = told_on(world, [0, 1, 2, 1, 2, 3], [0, 1, 2, 3], [[0, 1, 2, 3]])  # links 1-2, 2-1 and 1-2 again: out and back as well
    assert "turn" in both and "U-turn" not in both and both["turn"].amount == pytest.approx(200.0)


def test_amounts_of_a_network_with_some_lengths_missing_are_all_steps() -> None:
    length = TOWN.choice_length.copy()
    length[choices_by(TOWN, [1, 7, 8])] = np.nan
    world = replace(TOWN, choice_length=length)
    spots = spots_of(world)
    ways = [choices_by(world, one) for one in ([0, 1, 7, 8, 2, 3], [0, 1, 2, 3])]
    assert {walk_of(spots, np.append(world.choice_from[way], world.choice_place[way[-1:]]), way).unit for way in ways} == {STEPS}
    # the way that has no lengths told in steps, the other in metres: a detour of 2 steps is missed, and one of 300 is made up
    assert told_on(world, [0, 1, 7, 8, 2, 3], [0, 1, 2, 3], [[0, 1, 2]])["detour"].amount == 2.0
    assert "detour" not in told_on(world, [0, 6, 7, 8], [0, 1, 7, 8], [[0, 1, 2]])


def test_a_detour_is_told_by_its_farthest_spot_though_some_have_no_coordinates() -> None:
    rows = [(k, k + 1) for k in range(4)] + [(1, 5), (5, 6), (6, 7), (7, 8), (8, 3)]
    x, y = [0, 1, 2, 3, 4, 1, 1, 3, 3], [0, 0, 0, 0, 0, 1, 9, 2, 1]
    lines = [f"LINESTRING ({x[u] * 100} {y[u] * 100}, {x[v] * 100} {y[v] * 100})" for u, v in rows]
    table = pd.DataFrame({"link": [f"{u}-{v}" for u, v in rows], "u": [u for u, _ in rows], "v": [v for _, v in rows], "wkt": lines,
                          "length": 100.0})
    table.loc[[1, 7], "wkt"] = None  # 1-2 of the likeliest way, and 7-8 of the detour
    world = build_network(table)
    paths, spots = drives(world, [[0, 1, 5, 6, 7, 8, 3, 4]]), spots_of(world)
    usual = known_of(spots, paths, np.zeros(1, np.int64), lambda p: str(world.place_names[p]))
    told = {one.kind: one for one in behaviour_findings(spots, paths, 0, choices_by(world, [0, 1, 2, 3, 4]), usual, usual.said)}
    assert told["detour"].where == "5-6"  # whose end is 900 m off


def test_a_stray_link_joins_no_spots_of_the_others() -> None:
    east, north = 500_000.0, 6_000_000.0
    rows = [(0.0, 0.0, 100.0, 0.0), (100.0, 0.0, 102.0, 0.0), (102.0, 0.0, 200.0, 0.0)]
    lines = [f"LINESTRING ({east + a} {north + b}, {east + c} {north + d})" for a, b, c, d in rows]
    table = pd.DataFrame({"link": ["a", "b", "c", "stray"], "u": [0, 1, 2, 8], "v": [1, 2, 3, 9],
                          "wkt": [*lines, "LINESTRING (0 0, 100 0)"]})
    spots = spots_of(build_network(table))
    assert (spots.begin != spots.end).all()
    assert spots.end[:2].tolist() == spots.begin[1:3].tolist()

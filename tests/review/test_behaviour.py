"""Circles, turns, detours: found on ways made up to have them, and nowhere else; the pieces against a plain search."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.review.behaviour import Finding, Walk, excursions, partings, spots_of, walk_of
from irlcore.review.findings import behaviour_findings, known_of
from irlcore.worlds.grid import build_grid
from irlcore.worlds.mdp import Paths, build_goals, choices_between
from irlcore.worlds.world import World
from tests.review.streets import choices_by, drives, town

TOWN = town()
STRAIGHT = [0, 1, 2, 3, 4, 5]
NAMES = TOWN.place_attributes["name"]


def street(place: int) -> str:
    return str(NAMES[place])


def found_on(crossings: list[int], way: list[int], known: list[list[int]] | None = None) -> dict[str, Finding]:
    """What is told of a drive whose likeliest way is ``way``; the known drives pass everywhere unless they are given."""
    paths = drives(TOWN, [crossings, *(known or [crossings])])
    spots = spots_of(TOWN)
    usual = known_of(spots, paths, np.arange(1, len(paths)), street)
    told = behaviour_findings(spots, paths, 0, choices_by(TOWN, way), usual, street)
    assert len({one.kind for one in told}) == len(told)
    return {one.kind: one for one in told}


def test_the_likeliest_way_itself_tells_nothing() -> None:
    assert not found_on(STRAIGHT, STRAIGHT)


def test_another_way_of_the_same_length_is_no_detour() -> None:
    assert not found_on([0, 6, 7, 8, 9, 10, 11], [0, 6, 12, 13, 14, 15, 16, 10, 11])
    assert not found_on([0, 1, 7, 8, 9, 10, 11], [0, 1, 2, 3, 4, 10, 11])


@pytest.mark.parametrize(("round_", "word"), [([2, 3, 9, 8, 2], "twice"), ([2, 3, 9, 8, 2], "")])
def test_a_block_circled_is_told_with_its_street_and_length(round_: list[int], word: str) -> None:
    drive = [0, 1, *round_, *(round_[1:] if word else []), 3, 4, 5]
    circle = found_on(drive, STRAIGHT)["circle"]
    length = (8 if word else 4) * 100.0
    assert circle.amount == pytest.approx(length)
    assert circle.short == f"Circled the block {'twice, first ' if word else ''}at column c"
    assert f"{length:.0f} m" in circle.sentence
    assert set(found_on(drive, STRAIGHT)) == {"circle"}


def test_a_long_way_round_is_no_block() -> None:
    ring = [1, 2, 3, 4, 5, 11, 17, 23, 29, 28, 27, 26, 25, 19, 13, 7, 1]
    assert found_on([0, *ring, 2, 3, 4, 5], STRAIGHT)["circle"].short == "Went round in a circle at column b"


def test_a_way_out_and_back_is_a_turn_where_it_turned() -> None:
    told = found_on([0, 1, 2, 8, 14, 8, 2, 3, 4, 5], STRAIGHT)
    assert set(told) == {"turn"}
    assert told["turn"].short == "Turned round at column c"
    assert told["turn"].amount == pytest.approx(400.0) and "400 m out and back" in told["turn"].sentence


def test_two_turns_are_counted_and_the_longest_is_told() -> None:
    turn = found_on([0, 1, 7, 1, 2, 8, 14, 8, 2, 3, 4, 5], STRAIGHT)["turn"]
    assert turn.short == "Turned round at column c" and "1 more time elsewhere" in turn.sentence
    assert turn.amount == pytest.approx(600.0)


@pytest.mark.parametrize(("drive", "turn", "circle"), [
    ([1, 7, 13, 7, 8, 7, 1, 2, 3, 4, 5], 600.0, None),  # two ends of a lane that forks: each street there and back once
    ([1, 7, 8, 14, 13, 7, 1, 2, 3, 4, 5], 200.0, 400.0),  # out, round a block, back
    ([1, 7, 13, 14, 20, 19, 13, 7, 1, 2, 3, 4, 5], 400.0, 400.0)])
def test_a_piece_inside_another_is_counted_once(drive: list[int], turn: float, circle: float | None) -> None:
    told = found_on([0, *drive], STRAIGHT)
    assert told["turn"].amount == pytest.approx(turn) and f": {turn:.0f} m out and back" in told["turn"].sentence
    assert set(told) == ({"turn"} if circle is None else {"turn", "circle"})
    if circle is not None:
        assert told["circle"].amount == pytest.approx(circle) and told["circle"].sentence.startswith("It circled the block at ")


def test_what_the_likeliest_way_does_too_is_not_told() -> None:
    way = [1, 0, 1, 2, 3, 4, 5]  # it begins the wrong way round
    assert not found_on(way, way)
    assert set(found_on([*way[:4], 8, 2, 3, 4, 5], way)) == {"turn"}


def test_a_detour_is_told_in_metres_and_by_way_of_a_street() -> None:
    detour = found_on([0, 1, 2, 8, 14, 15, 9, 3, 4, 5], STRAIGHT)["detour"]
    assert detour.amount == pytest.approx(400.0)
    assert detour.short == "Detour of 400 m by way of row c"
    assert "at row a by way of row c and came back to it at column d: 400 m longer" in detour.sentence


def test_a_detour_that_never_comes_back_ends_at_the_goal() -> None:
    told = found_on([0, 6, 12, 13, 14, 15, 16, 17, 11, 5], [0, 6, 7, 8, 9, 10, 11, 5])
    assert told["detour"].amount == pytest.approx(200.0)


def test_circles_are_not_counted_again_as_detours() -> None:
    assert set(found_on([0, 1, 2, 3, 9, 8, 2, 3, 4, 5], STRAIGHT)) == {"circle"}


def test_a_goal_passed_the_other_way_and_come_back_to() -> None:
    way = [0, 1, 2, 3]
    told = found_on([0, 1, 2, 8, 9, 3, 2, 1, 7, 8, 2, 3], way)
    assert told["passed its goal"].short == "Passed its goal, row a"
    assert "passed its goal" not in found_on([0, 1, 2, 8, 9, 10, 4, 3], [0, 1, 2, 3])


def test_ground_and_ends_that_no_known_track_used() -> None:
    known = [[0, 1, 2, 3, 4, 5]] * 3
    told = found_on([0, 1, 7, 8, 9, 3, 4, 10], [0, 1, 2, 3, 4, 10], known)
    assert {"unused", "end"} <= set(told)
    assert told["unused"].amount == pytest.approx(400.0)
    assert "no known track did" in told["end"].short
    alone = drives(TOWN, [STRAIGHT, [6, 7, 8, 9, 10, 11]])  # all tracks are known: each is told against the others
    spots = spots_of(TOWN)
    known_ones = known_of(spots, alone, np.arange(2), street)
    kinds = {one.kind: one for one in behaviour_findings(spots, alone, 0, choices_by(TOWN, STRAIGHT), known_ones, street)}
    assert "no other track did" in kinds["end"].short and "unused" in kinds


def cells(world: World, xy: list[tuple[int, int]]) -> tuple[Paths, np.ndarray]:
    """A path over cells by column and row."""
    at = {name: k for k, name in enumerate(world.place_names.tolist())}
    states = np.array([at[f"{x},{y}"] for x, y in xy])
    choices = choices_between(world.mdp, states[:-1], states[1:])
    assert (choices >= 0).all()
    return Paths(np.array(["p"], object), np.array([0, len(choices)]), choices, states[-1:], np.zeros(1, np.int64),
                 build_goals([states[-1:]], ["goal"])), choices


@pytest.mark.parametrize(("walk", "kinds"), [
    ([(0, 0), (1, 0), (2, 0), (1, 0), (2, 0), (3, 0), (4, 0)], set()),  # one cell back is noise
    ([(0, 0), (1, 0), (2, 0), (2, 1), (1, 1), (1, 0), (2, 0), (3, 0), (4, 0)], set()),  # a ring round a corner of cells is noise
    ([(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1), (0, 0), (1, 0), (2, 0), (3, 0), (4, 0)], {"circle"}),
    ([(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (2, 1), (2, 0), (3, 0), (4, 0)], {"turn"})])
def test_on_a_grid_noise_is_not_told(walk: list[tuple[int, int]], kinds: set[str]) -> None:
    world = build_grid(0.0, 0.0, 600.0, 400.0, 100.0, "m")
    paths, _ = cells(world, walk)
    _, way = cells(world, [(k, 0) for k in range(5)])
    spots = spots_of(world)
    told = behaviour_findings(spots, paths, 0, way, known_of(spots, paths, np.zeros(0, np.int64), str), str)
    assert {one.kind for one in told} - {"unused", "end", "detour"} == kinds


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=2, max_size=30))
def test_pieces_are_those_of_the_loop_erasure(numbers: list[int]) -> None:
    spots = spots_of(TOWN)
    walk = Walk(np.array(numbers), np.zeros(len(numbers), np.int64), np.ones(len(numbers)), "m")
    moved = np.append(True, walk.spots[1:] != walk.spots[:-1])
    walk = Walk(walk.spots[moved], walk.places[moved], walk.length[moved], "m")
    erased: list[int] = []
    closed = 0
    for spot in walk.spots.tolist():  # Lawler's definition, word for word
        if spot in erased:
            erased, closed = erased[:erased.index(spot) + 1], closed + 1
        else:
            erased.append(spot)
    pieces = excursions(spots, walk)
    assert all(walk.spots[one.first] == walk.spots[one.last] and one.first <= one.far < one.last for one in pieces)
    assert bool(pieces) == bool(closed)
    steps = [step for one in pieces for step in one.steps]  # each is a piece's own, or the erased way's
    assert len(set(steps)) == len(steps) == len(walk.spots) - len(erased)
    assert all(one.first < step <= one.last for one in pieces for step in one.steps)


def test_partings_are_where_two_ways_differ() -> None:
    spots = spots_of(TOWN)
    own, other = ([int(c) for c in one] for one in ([0, 1, 7, 8, 2, 3, 9, 10, 4, 5], STRAIGHT))
    walks = [walk_of(spots, TOWN.place_of_state[np.append(TOWN.mdp.choice_state[c], TOWN.mdp.successors[c[-1]])], c)
             for c in (choices_by(TOWN, own), choices_by(TOWN, other))]
    told = [(piece.own, piece.other, piece.extra) for piece in partings(*walks)]
    assert told == [((1, 4), (1, 2), pytest.approx(200.0)), ((5, 8), (3, 4), pytest.approx(200.0))]

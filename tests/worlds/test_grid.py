"""A grid of cells: its states, moves, turns and slips, and the cell size that is proposed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.errors import WorldError
from irlcore.tracks.tracks import Tracks
from irlcore.worlds.cells.squares import MOVES
from irlcore.worlds.grid import build_grid, suggest_cell
from irlcore.worlds.world import World

SQUARE_OVER_MIDDLE = np.array([[1.1, 1.1], [1.9, 1.1], [1.9, 1.9], [1.1, 1.9]])


def neighbours(world: World, name: str) -> set[str]:
    """Names of the places that a place without headings leads to."""
    place = world.place_names.tolist().index(name)
    return set(world.place_names[world.choice_place[world.choice_from == place]])


def choice(world: World, start: str, end: str) -> int:
    names = world.place_names.tolist()
    here = (world.choice_from == names.index(start)) & (world.choice_place == names.index(end))
    return int(np.flatnonzero(here)[0])


def track(x: list[float], y: list[float]) -> Tracks:
    n = len(x)
    return Tracks(np.array(["a"], object), np.array([0, n]), np.arange(n, dtype=float), np.array(x), np.array(y),
                  pd.DataFrame(index=[0]))


def test_moves_go_clockwise_from_north_by_45_degrees() -> None:
    bearing = np.rad2deg(np.arctan2(MOVES[:, 0], MOVES[:, 1])) % 360.0
    np.testing.assert_allclose(bearing, 45.0 * np.arange(8))


def test_an_inner_cell_leads_to_all_eight_cells_around_it() -> None:
    world = build_grid(0, 0, 3, 3, 1, "m")
    assert neighbours(world, "1,1") == {"0,0", "1,0", "2,0", "0,1", "2,1", "0,2", "1,2", "2,2"}


def test_a_corner_leads_to_three_cells_and_an_edge_to_five() -> None:
    world = build_grid(0, 0, 3, 3, 1, "m")
    assert neighbours(world, "0,0") == {"1,0", "0,1", "1,1"}
    assert neighbours(world, "1,2") == {"0,2", "2,2", "0,1", "1,1", "2,1"}


def test_blocked_cells_are_no_places_and_nothing_leads_to_them() -> None:
    world = build_grid(0, 0, 3, 3, 1, "m", blocked=[SQUARE_OVER_MIDDLE])
    assert world.n_places == world.mdp.n_states == 8
    assert "1,1" not in world.place_names
    assert neighbours(world, "0,0") == {"1,0", "0,1"}


def test_a_grid_with_every_cell_blocked_is_refused() -> None:
    ring = np.array([[-1.0, -1.0], [4.0, -1.0], [4.0, 4.0], [-1.0, 4.0]])
    with pytest.raises(WorldError) as caught:
        build_grid(0, 0, 3, 3, 1, "m", blocked=[ring])
    assert caught.value.fix


def test_cells_have_their_middles_outlines_and_names() -> None:
    world = build_grid(10, 20, 14, 22, 2, "km")
    assert world.place_names.tolist() == ["0,0", "1,0"] and world.unit == "km"
    np.testing.assert_allclose(world.place_xy, [[11, 21], [13, 21]])
    outline = world.shape_xy[world.shape_offsets[1]:world.shape_offsets[2]]
    np.testing.assert_allclose(outline, [[12, 20], [14, 20], [14, 22], [12, 22], [12, 20]])


def test_a_rectangle_that_cells_do_not_fill_evenly_is_covered_whole() -> None:
    world = build_grid(0, 0, 5, 3, 2, "m")
    assert (world.settings["columns"], world.settings["rows"]) == (3, 2)


def test_a_straight_step_is_one_cell_long_and_a_slanting_one_root_two() -> None:
    world = build_grid(0, 0, 10, 10, 5, "m")
    assert world.choice_length[choice(world, "0,0", "0,1")] == 5.0
    assert world.choice_length[choice(world, "0,0", "1,1")] == pytest.approx(5.0 * np.sqrt(2.0))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.floats(0.5, 20.0), st.booleans(), st.floats(0.0, 0.9))
def test_each_step_is_as_long_as_the_middles_lie_apart(columns: int, rows: int, cell: float, heading: bool,
                                                       slip: float) -> None:
    world = build_grid(0, 0, columns * cell, rows * cell, cell, "m", heading=heading, slip=slip)
    apart = world.place_xy[world.choice_place] - world.place_xy[world.choice_from]
    np.testing.assert_allclose(world.choice_length, np.hypot(*apart.T))


@pytest.mark.parametrize("heading", [False, True])
def test_a_slip_makes_the_other_moves_equally_likely(heading: bool) -> None:
    world = build_grid(0, 0, 2, 2, 1, "m", slip=0.3, heading=heading)
    np.testing.assert_allclose(world.mdp.transition_matrix().sum(axis=1), 1.0)
    mine = world.mdp.probabilities.reshape(-1, 3)  # a corner has three moves
    np.testing.assert_allclose(np.sort(mine, axis=1), np.tile([0.1, 0.1, 0.8], (len(mine), 1)))
    straight = build_grid(0, 0, 2, 2, 1, "m", heading=heading)
    np.testing.assert_array_equal(world.choice_place, straight.choice_place)


def test_without_a_heading_no_turn_is_known() -> None:
    assert np.isnan(build_grid(0, 0, 2, 2, 1, "m").choice_turn).all()


def test_with_a_heading_a_state_is_a_cell_and_the_last_move() -> None:
    world = build_grid(0, 0, 3, 3, 1, "m", heading=True)
    assert world.n_places == 9 and world.mdp.n_states == 72
    np.testing.assert_array_equal(np.bincount(world.place_of_state), np.full(9, 8))
    step = world.place_xy[world.choice_place] - world.place_xy[world.choice_from]
    np.testing.assert_array_equal(MOVES[world.mdp.likeliest % 8], step)


@pytest.mark.parametrize(("last", "move", "degrees"), [
    (0, 0, 0.0), (0, 2, 90.0), (0, 6, -90.0), (0, 1, 45.0), (0, 7, -45.0), (7, 0, 45.0), (2, 5, 135.0), (6, 1, 135.0),
])
def test_turns_are_right_positive(last: int, move: int, degrees: float) -> None:
    assert turn_of(last, move) == pytest.approx(degrees)


@pytest.mark.parametrize("last", range(8))
def test_turning_back_is_a_half_turn(last: int) -> None:
    assert abs(turn_of(last, (last + 4) % 8)) == pytest.approx(180.0)


def turn_of(last: int, move: int) -> float:
    """Degrees turned in the middle cell of nine by a move after another."""
    world = build_grid(0, 0, 3, 3, 1, "m", heading=True)
    state = world.place_names.tolist().index("1,1") * 8 + last
    here = (world.mdp.choice_state == state) & (world.mdp.likeliest % 8 == move)
    return float(np.rad2deg(world.choice_turn[here][0]))


@pytest.mark.parametrize(("x1", "cell"),
                         [(3.0, 0.0), (3.0, -1.0), (0.0, 1.0), (-1.0, 1.0), (np.inf, 1.0), (3.0, np.nan)])
def test_an_impossible_rectangle_or_cell_is_refused(x1: float, cell: float) -> None:
    with pytest.raises(WorldError) as caught:
        build_grid(0, 0, x1, 3, cell, "m")
    assert str(cell) in caught.value.what and caught.value.fix


def test_too_many_cells_are_refused_with_a_cell_size_that_works() -> None:
    with pytest.raises(WorldError) as caught:
        build_grid(0, 0, 1000, 1000, 1, "m")
    assert "1000 x 1000" in caught.value.what
    assert "2 m" in caught.value.fix  # 500 x 500 cells are 250,000, the most there may be


def test_the_proposed_cell_is_about_a_fortieth_of_the_longer_side() -> None:
    x = np.linspace(0.0, 4000.0, 401).tolist()
    assert suggest_cell(track(x, [0.0] * 401)) == 100.0


def test_the_proposed_cell_grows_with_the_median_step_where_samples_lie_far_apart() -> None:
    assert suggest_cell(track([0.0, 100.0, 200.0, 300.0, 310.0], [0.0] * 5)) == 100.0  # a fortieth would be 7.75


def test_jumps_between_tracks_do_not_make_the_proposed_cell_larger() -> None:
    x = np.array([0.0, 1.0, 1000.0, 2000.0])
    three = Tracks(np.array(["a", "b", "c"], object), np.array([0, 2, 3, 4]), np.array([0.0, 1.0, 0.0, 0.0]), x,
                   np.zeros(4), pd.DataFrame(index=range(3)))
    assert suggest_cell(three) == 1.0  # the one step, however far the tracks lie apart


def test_a_cell_is_proposed_even_for_a_track_that_stays_where_it_is() -> None:
    cell = suggest_cell(track([5.0, 5.0], [5.0, 5.0]))
    assert np.isfinite(cell) and cell > 0.0

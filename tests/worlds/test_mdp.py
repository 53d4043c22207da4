"""What must hold of every MDP, of its slippery copy, and of paths and goals in it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.errors import WorldError
from irlcore.worlds.grid import build_grid
from irlcore.worlds.mdp import Paths, build_goals, build_mdp
from irlcore.worlds.slip import with_slip

PAIRS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=30)
SLIPS = st.floats(0.0, 0.99)


def of_pairs(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    state, after = np.array(pairs).T
    return state, after


@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_an_mdp_holds_the_given_pairs_grouped_by_state(pairs: list[tuple[int, int]]) -> None:
    state, after = of_pairs(pairs)
    mdp, order = build_mdp(8, state, after)
    assert mdp.n_states == 8 and mdp.n_choices == len(pairs)
    assert sorted(order) == list(range(len(pairs)))
    np.testing.assert_array_equal(mdp.choice_state, state[order])
    np.testing.assert_array_equal(mdp.successors, after[order])
    for s in range(8):
        assert (mdp.choice_state[mdp.choice_offsets[s]:mdp.choice_offsets[s + 1]] == s).all()
    assert mdp.choice_offsets[0] == 0 and mdp.choice_offsets[-1] == len(pairs)


@settings(max_examples=60, deadline=None)
@given(PAIRS, SLIPS)
def test_every_row_of_the_transition_matrix_sums_to_one(pairs: list[tuple[int, int]], slip: float) -> None:
    mdp = with_slip(build_mdp(8, *of_pairs(pairs))[0], slip)
    matrix = mdp.transition_matrix()
    assert matrix.shape == (mdp.n_choices, 8)
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0)
    assert (mdp.probabilities >= 0.0).all()


@settings(max_examples=60, deadline=None)
@given(PAIRS, SLIPS)
def test_a_slip_keeps_states_choices_and_the_likeliest_successor(pairs: list[tuple[int, int]], slip: float) -> None:
    straight = build_mdp(8, *of_pairs(pairs))[0]
    slippery = with_slip(straight, slip)
    np.testing.assert_array_equal(slippery.choice_offsets, straight.choice_offsets)
    np.testing.assert_array_equal(slippery.choice_state, straight.choice_state)
    np.testing.assert_array_equal(slippery.likeliest, straight.successors)


def test_a_slip_is_shared_evenly_among_the_choices_of_the_state() -> None:
    mdp = with_slip(build_mdp(4, np.array([0, 0, 0, 3]), np.array([1, 2, 3, 3]))[0], 0.3)
    np.testing.assert_allclose(mdp.transition_matrix().toarray(), [
        [0.0, 0.8, 0.1, 0.1],
        [0.0, 0.1, 0.8, 0.1],
        [0.0, 0.1, 0.1, 0.8],
        [0.0, 0.0, 0.0, 1.0]])
    assert not mdp.deterministic


def test_no_slip_leaves_the_mdp_deterministic() -> None:
    mdp = build_mdp(2, np.array([0, 1]), np.array([1, 0]))[0]
    assert with_slip(mdp, 0.0).deterministic


@pytest.mark.parametrize("slip", [-0.1, 1.0, 1.5, float("nan")])
def test_a_slip_that_is_no_probability_is_refused(slip: float) -> None:
    mdp = build_mdp(2, np.array([0, 1]), np.array([1, 0]))[0]
    with pytest.raises(WorldError) as caught:
        with_slip(mdp, slip)
    assert str(slip) in caught.value.what and caught.value.fix


@pytest.mark.parametrize("pair", [(0, 3), (3, 0), (-1, 0), (0, -1)])
def test_a_choice_of_a_state_that_does_not_exist_is_refused(pair: tuple[int, int]) -> None:
    with pytest.raises(WorldError) as caught:
        build_mdp(3, *of_pairs([pair]))
    assert caught.value.fix


def line_paths(times: np.ndarray | None = None) -> Paths:
    """On 0 -> 1 -> 2 -> 3 (choice m leads from m to m + 1): a goes 0 to 2, b goes 2 to 3, c goes 1 to 3."""
    return Paths(np.array(["a", "b", "c"], object), np.array([0, 2, 3, 5]), np.array([0, 1, 2, 1, 2]),
                 np.array([2, 3, 3]), np.array([0, 1, 1]), build_goals([np.array([2]), np.array([3])],
                 ["two", "three"]), times)


def test_paths_know_their_states_starts_and_lengths() -> None:
    mdp, paths = build_mdp(4, np.arange(3), np.arange(1, 4))[0], line_paths()
    assert paths.lengths.tolist() == [2, 1, 2]
    assert paths.owner.tolist() == [0, 0, 1, 2, 2]
    assert paths.first_state(mdp).tolist() == [0, 2, 1]
    assert [paths.states(mdp, i).tolist() for i in range(3)] == [[0, 1, 2], [2, 3], [1, 2, 3]]


def test_take_gives_the_asked_paths_in_the_asked_order_and_keeps_goals_whole() -> None:
    taken = line_paths(np.array([0.0, 10.0, 20.0, 30.0, 40.0])).take(np.array([2, 0]))
    assert taken.ids.tolist() == ["c", "a"]
    assert taken.offsets.tolist() == [0, 2, 4]
    assert taken.choices.tolist() == [1, 2, 0, 1]
    assert taken.last_state.tolist() == [3, 2]
    assert taken.goal.tolist() == [1, 0] and taken.goals.names.tolist() == ["two", "three"]
    assert taken.times is not None and taken.times.tolist() == [30.0, 40.0, 0.0, 10.0]


def test_take_of_nothing_is_no_paths() -> None:
    taken = line_paths().take(np.array([], np.int64))
    assert len(taken) == 0 and len(taken.choices) == 0 and taken.times is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2), max_size=8))
def test_take_copies_each_path_as_it_is(index: list[int]) -> None:
    mdp, paths = build_mdp(4, np.arange(3), np.arange(1, 4))[0], line_paths()
    taken = paths.take(np.array(index, np.int64))
    assert len(taken) == len(index)
    for i, old in enumerate(index):
        assert taken.states(mdp, i).tolist() == paths.states(mdp, old).tolist()


def test_a_goal_at_a_place_is_its_one_state_where_no_heading_is_kept() -> None:
    world = build_grid(0, 0, 3, 1, 1, "m")
    goals = world.goals_at(np.array([2, 0]))
    assert [goals.of(0).tolist(), goals.of(1).tolist()] == [[2], [0]]
    assert goals.names.tolist() == ["2,0", "0,0"]


def test_a_goal_at_a_place_is_all_its_headings() -> None:
    world = build_grid(0, 0, 3, 1, 1, "m", heading=True)
    goals = world.goals_at(np.array([1]))
    assert len(goals) == 1 and sorted(goals.of(0).tolist()) == list(range(8, 16))


def test_no_places_are_no_goals() -> None:
    assert len(build_grid(0, 0, 3, 1, 1, "m").goals_at(np.array([], np.int64))) == 0

"""Value features as numbers, against a slow reference; what they are called; where they are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.contracts.grounds import a_log, grid, town, without_coordinates
from irlcore.errors import FeatureError
from irlcore.rationality.guided.columns import ValueColumns
from irlcore.rationality.guided.value_features import ValueSpec, offered, read
from irlcore.worlds.world import World
from tests.rationality.guided.agents import HEADING, MUD, STEPS, STRAIGHT, WAY, YARD, ZONE, ground, mud


def slow_sums(world: World, goal: int, amount: np.ndarray) -> np.ndarray:
    """(S,) mean over the ways from each state that are shortest, shared evenly at each step, of what adds up along them."""
    mdp, cost = world.mdp, world.choice_length + 1e-3 * world.choice_length.mean()
    far = np.full(mdp.n_states, np.inf)
    far[goal] = 0.0
    for _ in range(mdp.n_states):
        for m in range(mdp.n_choices):
            far[mdp.choice_state[m]] = min(far[mdp.choice_state[m]], cost[m] + far[mdp.successors[m]])
        far[goal] = 0.0
    out = np.zeros(mdp.n_states)
    for s in np.argsort(far):
        if s != goal:
            mine = np.arange(mdp.choice_offsets[s], mdp.choice_offsets[s + 1])
            best = mine[np.abs(cost[mine] + far[mdp.successors[mine]] - far[s]) < 1e-6]
            out[s] = np.mean(amount[best] + out[mdp.successors[best]])
    return out


@pytest.mark.kernels
@pytest.mark.parametrize("world", [ground(), town()], ids=["grid", "town"])
def test_columns_are_those_of_a_slow_reference(world: World) -> None:
    mdp, goal = world.mdp, 5
    specs = (STRAIGHT, WAY, STEPS, MUD)
    found = ValueColumns(world, specs, {}, {"mud": mud(world)}).of(np.arange(mdp.n_choices), np.array([goal]))
    xy = world.place_xy[world.place_of_state]
    sums = [slow_sums(world, goal, amount) for amount in (world.choice_length / 1000.0, np.ones(mdp.n_choices), mud(world))]
    slow = np.column_stack((np.hypot(*(xy - xy[goal]).T) / 1000.0, *sums))
    np.testing.assert_allclose(found, slow[mdp.successors], atol=1e-9)


def test_heading_is_the_angle_between_a_step_and_the_line_to_the_goal() -> None:
    world = ground()
    columns = ValueColumns(world, [HEADING])
    at = {tuple(xy): s for s, xy in enumerate(world.place_xy[world.place_of_state].round().astype(int).tolist())}
    goal, here = at[2750, 250], at[250, 250]  # due east
    by_step = {}
    for m in range(world.mdp.choice_offsets[here], world.mdp.choice_offsets[here + 1]):
        by_step[tuple(world.place_xy[world.choice_place[m]].round().astype(int))] = float(columns.of(np.array([m]), np.array([goal]))[0, 0])
    assert by_step[750, 250] == pytest.approx(0.0)
    assert by_step[250, 750] == pytest.approx(1.0)
    assert by_step[750, 750] == pytest.approx(0.5)
    last = next(m for m in range(world.mdp.n_choices) if world.mdp.successors[m] == goal)
    assert columns.of(np.array([last]), np.array([goal]))[0, 0] == 0.0


@pytest.mark.kernels
def test_where_chance_decides_it_is_the_mean_over_what_comes_of_a_choice() -> None:
    world, plain = ground(0.2), ground()
    goal = np.array([14])
    specs = (STRAIGHT, ZONE)
    found = ValueColumns(world, specs, {"yard": YARD}).of(np.arange(world.mdp.n_choices), goal)
    xy = world.place_xy[world.place_of_state]
    by_state = np.column_stack((np.hypot(*(xy - xy[goal]).T), ValueColumns(plain, [ZONE], {"yard": YARD})._far["yard"])) / 1000.0
    by_state[goal, 0] = 0.0
    np.testing.assert_allclose(found, world.mdp.transition_matrix() @ by_state, atol=1e-12)


@pytest.mark.kernels
def test_some_choices_have_what_they_have_among_all() -> None:
    world = ground(0.2)
    columns = ValueColumns(world, (HEADING, STRAIGHT, WAY, ZONE), {"yard": YARD})
    some = np.random.default_rng(0).permutation(world.mdp.n_choices)[:20]
    everything = columns.of(np.arange(world.mdp.n_choices), np.array([7]))
    assert (columns.of(some, np.array([7])) == everything[some]).all()


@pytest.mark.parametrize("spec", [HEADING, STRAIGHT, ZONE, ValueSpec("zone", "Harbour + @ east: 2", "m"), MUD], ids=lambda s: s.text)
def test_a_value_feature_is_read_back_from_its_word(spec: ValueSpec) -> None:
    assert read(spec.text) == spec
    assert "+" not in spec.text


@pytest.mark.parametrize("text", ["nothing", "zone", "heading:yard", ""])
def test_what_is_no_value_feature_is_refused(text: str) -> None:
    with pytest.raises(FeatureError):
        read(text)


def test_they_are_offered_where_they_make_sense() -> None:
    assert offered(a_log()) == []
    kinds = {name: [s.kind for s in offered(world, ["yard"], ["mud"])] for name, world in (
        ("grid", grid()), ("bare", without_coordinates(grid())), ("town", town(places=False)))}
    assert kinds == {"grid": ["heading", "straight", "way", "steps", "zone", "ahead"], "bare": ["way", "steps", "ahead"], "town": []}
    assert {s.unit for s in offered(grid()) if s.kind in ("straight", "way")} == {"km"}
    assert {s.title for s in offered(replace(grid(), unit="cells")) if s.kind == "straight"} == {
        "Straight distance to the goal (per cells)"}


def test_a_world_without_what_is_needed_is_refused_with_the_cause() -> None:
    with pytest.raises(FeatureError, match="no coordinates"):
        ValueColumns(without_coordinates(grid()), [HEADING])
    with pytest.raises(FeatureError, match="no length"):
        ValueColumns(town(places=False), [WAY])

"""Observed choices as paths: which one was made is kept, and what the world does not have is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from irlcore.errors import DataError, WorldError
from irlcore.fitting.likelihood import evaluate
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.solution import group_by_goal
from irlcore.worlds.tables.build import built_table, choice_names
from irlcore.worlds.tables.observed import observed_paths
from irlcore.worlds.world import World
from tests.worlds.tables.test_build import TABLE

SEEN = pd.DataFrame({"track": ["t", "t", "t", "u"], "step": [1, 2, 3, 1], "state": ["a", "a", "b", "b"],
                     "choice": ["wait", "go", "jump", "go"]})


@pytest.fixture
def world() -> World:
    return built_table(TABLE).world


def made(world: World, seen: pd.DataFrame) -> list[list[str]]:
    paths = observed_paths(world, seen).paths
    return [choice_names(world)[paths.choices[a:b]].tolist() for a, b in zip(paths.offsets[:-1], paths.offsets[1:], strict=True)]


def test_the_choice_itself_is_kept(world: World) -> None:
    for seen in (SEEN, SEEN.iloc[[1, 0, 2, 3]], SEEN.iloc[[2, 1, 0, 3]]):  # steps tell the order, not rows
        assert made(world, seen) == [["wait", "go", "jump"], ["go"]]
    paths = observed_paths(world, SEEN).paths
    assert paths.ids.tolist() == ["t", "u"] and paths.last_state.tolist() == [2, 2]
    assert paths.goals.names.tolist() == ["c"] and paths.goals.states.tolist() == [2]
    paths.check_within(world.mdp)


def test_where_nothing_ends_there_is_no_destination() -> None:
    endless = built_table(TABLE.assign(next_state=["a", "b", "a", "a", "a"])).world
    paths = observed_paths(endless, SEEN.assign(track=["t", "t", "t", "u"])).paths
    assert paths.goals.nowhere.tolist() == [True] and paths.goal.tolist() == [0, 0]


def test_a_last_row_without_a_choice_and_a_next_state_tell_where_a_track_was_last(world: World) -> None:
    ended = pd.concat([SEEN.iloc[:2], pd.DataFrame({"track": ["t"], "step": [3], "state": ["b"], "choice": [None]})])
    by_next = SEEN.iloc[:2].assign(next_state=["a", "b"])
    for seen in (ended, by_next):
        paths = observed_paths(world, seen).paths
        assert paths.last_state.tolist() == [1] and len(paths.choices) == 2


@pytest.mark.parametrize(("changed", "said"), [
    ({"state": ["a", "z", "b", "b"]}, "step 2: there is no state 'z'"),
    ({"choice": ["wait", "fly", "jump", "go"]}, "step 2: state 'a' has no choice 'fly'"),
    ({"state": ["a", "b", "b", "b"], "choice": ["wait", "go", "jump", "go"]}, "step 1: choice 'wait' of state 'a' never leads to 'b'"),
    ({"choice": ["wait", None, "jump", "go"]}, "no choice, and the track goes on"),
    ({"next_state": ["b", "b", "c", "c"]}, "its next state is not the state of the next row"),
])
def test_a_track_that_the_world_cannot_have_is_dropped_and_told(world: World, changed: dict[str, object], said: str) -> None:
    mapped = observed_paths(world, SEEN.assign(**changed))
    assert mapped.paths.ids.tolist() == ["u"]
    assert mapped.problems["what"].tolist() == [said] and mapped.problems["track"].tolist() == ["t"]
    with pytest.raises(DataError, match="1 of the observed choices or tracks cannot be used"):
        world.paths_of(SEEN.assign(**changed))


def test_nothing_left_is_an_error_with_the_first_cause(world: World) -> None:
    with pytest.raises(WorldError, match="track t, step 1: there is no state 'x'"):
        observed_paths(world, SEEN.assign(state="x"))


@pytest.mark.parametrize("model", [MaxEnt(), Boltzmann()], ids=lambda model: model.name)
@pytest.mark.parametrize("gamma", [0.9, 1.0])
def test_the_likelihood_is_that_of_the_choices(world: World, model: MaxEnt | Boltzmann, gamma: float) -> None:
    """Of two choices that lead alike the dearer one has the smaller chance; what chance makes of a choice is given."""
    phi = -np.column_stack([world.choice_attributes["cost"], np.ones(world.mdp.n_choices)])
    paths = world.paths_of(SEEN)
    prepared = model.prepare(world.mdp, phi @ [0.5, 1.0], gamma)
    solution = model.solve(prepared, paths.goals.of(0))
    found = evaluate(model, prepared, phi, paths, group_by_goal(paths))
    assert float(found.loglik.sum()) == pytest.approx(float(solution.log_policy[paths.choices].sum()))
    jump, go = (int(np.flatnonzero((choice_names(world) == name) & (world.mdp.choice_state == 1))[0]) for name in ("jump", "go"))
    assert solution.log_policy[go] - solution.log_policy[jump] == pytest.approx(0.5 * 4.0)

"""Environments as worlds: a made-up one always, those of gymnasium where it is installed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import irlcore as ir
from irlcore.errors import WorldError
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.worlds.tables.build import choice_names, ends_of
from irlcore.worlds.world import World

# 0 1      action 0: on, action 1: stay. 3 ends, 2 is a hole that ends, too; both have rows of their own, as in gymnasium
# 2 3
SMALL = {0: {0: [(0.75, 1, 0.0, False), (0.25, 0, -1.0, False)], 1: [(1.0, 0, 0.0, False)]},
         1: {0: [(0.5, 3, 1.0, True), (0.25, 2, 0.0, True), (0.25, 2, 2.0, True)], 1: [(1.0, 1, 0.0, False)]},
         2: {0: [(1.0, 2, 0.0, True)], 1: [(1.0, 2, 0.0, True)]}, 3: {0: [(1.0, 3, 0.0, True)], 1: [(1.0, 3, 0.0, True)]}}


def env(table: object = SMALL, **more: Any) -> Any:
    return SimpleNamespace(unwrapped=SimpleNamespace(P=table, **more))


@pytest.mark.parametrize("starts", [None, np.array([1.0, 0, 0, 0])], ids=["starts unknown", "starts known"])
def test_a_table_of_transitions_becomes_a_world(starts: np.ndarray | None) -> None:
    world: World = ir.from_gymnasium(env(initial_state_distrib=starts, shape=(2, 2)), ["on", "stay"])
    assert set(world.place_names) == {"0", "1", "2", "3"}
    at = {name: k for k, name in enumerate(world.place_names)}
    assert set(world.place_names[ends_of(world)]) == {"2", "3"} and world.mdp.n_choices == 4
    on = int(np.flatnonzero((choice_names(world) == "on") & (world.mdp.choice_state == at["1"]))[0])
    row = world.mdp.transition_matrix().toarray()[on]
    assert row[at["3"]] == row[at["2"]] == 0.5  # the same outcome twice is one
    assert world.choice_attributes["reward"][on] == pytest.approx(0.5 * 1.0 + 0.25 * 2.0)
    assert world.place_xy[at["0"]].tolist() == [0.0, 1.0] and world.place_xy[at["3"]].tolist() == [1.0, 0.0]


def test_states_nobody_comes_to_are_left_out() -> None:
    table = {**SMALL, 4: {0: [(1.0, 3, 0.0, False)]}}
    known: World = ir.from_gymnasium(env(table, initial_state_distrib=np.array([1.0, 0, 0, 0, 0])))
    assert "4" not in known.place_names and not known.has_coordinates


def test_an_end_that_others_pass_through_is_an_end_of_its_own() -> None:
    table = {0: {0: [(0.5, 1, 0.0, True), (0.5, 1, 0.0, False)]}, 1: {0: [(1.0, 0, 0.0, False)]}}
    world: World = ir.from_gymnasium(env(table))
    assert set(world.place_names) == {"0", "1", "1, the end"} and world.place_names[ends_of(world)].tolist() == ["1, the end"]


@pytest.mark.parametrize(("table", "said"), [
    (None, "has no table of transitions"), ({}, "has no table of transitions"), ({0: {0: [(1.0, 0)]}}, "Transitions of state 0"),
    ({0: {0: [(1.0, 7, 0.0, False)]}}, "leads to state 7, which the table does not have"),
])
def test_what_is_no_such_environment_is_said(table: object, said: str) -> None:
    with pytest.raises(WorldError, match=said):
        ir.from_gymnasium(env(table))


def test_every_action_needs_a_name_where_any_has() -> None:
    with pytest.raises(WorldError, match="1 names for actions of which one has the number 1"):
        ir.from_gymnasium(env(), ["on"])


@pytest.mark.parametrize(("name", "states", "ends"), [("FrozenLake", 16, 5), ("CliffWalking", 38, 1), ("Taxi", 404, 4)])
def test_the_toy_texts_of_gymnasium(name: str, states: int, ends: int) -> None:
    gymnasium = pytest.importorskip("gymnasium", reason="gymnasium is not installed; it is no dependency, and the tests above stand for it")
    made = gymnasium.make(name)
    world: World = ir.from_gymnasium(made)
    assert (world.mdp.n_states, len(ends_of(world))) == (states, ends)
    solution = Boltzmann().solve(Boltzmann().prepare(world.mdp, world.choice_attributes["reward"], 0.9), ends_of(world))
    index = {str(k): k for k in made.unwrapped.P}
    value = dict.fromkeys(index.values(), 0.0)
    for _ in range(400):  # plain value iteration on the environment's own table
        value = {s: max(sum(p * (r + 0.9 * value[t] * (not over)) for p, t, r, over in outcomes) for outcomes in choices.values())
                 for s, choices in made.unwrapped.P.items()}
    live = [k for k in range(world.mdp.n_states) if k not in set(ends_of(world).tolist())]
    np.testing.assert_allclose(solution.value[live], [value[index[str(world.place_names[k])]] for k in live], atol=1e-9)


def test_observed_choices_go_in() -> None:
    world: World = ir.from_gymnasium(env())
    seen = pd.DataFrame({"track": ["e"] * 3, "step": [0, 1, 2], "state": [0, 0, 1], "action": [1, 0, 0]})
    paths = world.paths_of(seen)
    assert choice_names(world)[paths.choices].tolist() == ["1", "0", "0"] and paths.goals.names.tolist() == ["the end"]

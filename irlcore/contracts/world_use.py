"""What must work in a world: places that can be reached, goals, models, the features a fit begins with, files."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from irlcore.contracts.checking import Here
from irlcore.contracts.filled_forms import context
from irlcore.contracts.walks import dearest_needed, ground_in
from irlcore.errors import MotiveError
from irlcore.features import kinds  # noqa: F401  registers them
from irlcore.features.feature_set import feature_matrix, suggest_features
from irlcore.planning.graph import graph_of, reach
from irlcore.project.archive import held_arrays
from irlcore.project.decoding import decode
from irlcore.project.encoding import encode
from irlcore.project.ground import check_world as fits_a_project
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.world import World


def reachable(here: Here, world: World, _: None) -> None:
    """Some choice leads on to another state, and what leads where is found alike by a slow search."""
    mdp = world.mdp
    leaves = mdp.successors != mdp.choice_state[mdp.outcome_choice]
    here.need(bool(leaves.any()), "no choice leads to another state", "Say where choices lead.")
    goal = int(mdp.successors[np.argmax(leaves)])
    fast = np.zeros(mdp.n_states, bool)
    fast[reach(graph_of(mdp), np.array([goal]), 1.0).order] = True
    here.at(f"goal {goal}").same(fast, _surely_leads_to(world, goal), "whether it leads to the goal", where=_of("state"))


def goals(here: Here, world: World, _: None) -> None:
    """The goal at a place is all its states, and has its name."""
    found, n = world.goals_at(np.arange(world.n_places)), world.n_places
    sizes = np.diff(found.offsets)
    here.same(sizes, np.bincount(world.place_of_state, minlength=n), "the number of states of the goal", where=_of("place"))
    here.same(world.place_of_state[found.states], np.repeat(np.arange(n), sizes), "the place of a goal's state")
    here.need(list(found.names) == [str(name) for name in world.place_names], "goals have other names than their places")


def modelled(here: Here, world: World, _: None) -> None:
    """Agents of MaxEnt have chances that sum to 1 wherever they can come to a place that others lead to; without one under gamma < 1."""
    mdp, model = world.mdp, MaxEnt()
    reward = np.full(mdp.n_choices, -dearest_needed(mdp))
    try:
        aims = [(1.0, ground_in(mdp, "", 1.0).goals[:1])]
    except MotiveError:  # nothing is sure to be reached, as where agents go on for ever
        aims = []
    for gamma, goal in [*aims, (0.9, ())]:
        states = np.array(goal, np.int64)
        policy = model.solve(model.prepare(mdp, reward, gamma), states).policy
        wanted = np.zeros(mdp.n_states)
        wanted[reach(graph_of(mdp), states, gamma).order] = 1.0
        wanted[states] = 0.0
        here.at(f"gamma {gamma:g}, goal {goal[0] if goal else 'none'}").same(
            np.bincount(mdp.choice_state, policy, mdp.n_states), wanted, "the sum of the chances of a state's choices", 1e-9, _of("state"))


def start_features(here: Here, world: World, _: None) -> None:
    """The features that a fit begins with are there, and are finite."""
    specs = suggest_features(world)
    found = feature_matrix(specs, world, context(world))
    here.need(found.values.shape == (world.mdp.n_choices, len(specs)) and np.isfinite(found.values).all(),
              f"the start features {', '.join(found.names)} have no finite columns")


def to_other_processes(here: Here, world: World, _: None) -> None:
    """Pickled it is the same."""
    _same(here, world, pickle.loads(pickle.dumps(world)), "once it was pickled")


def through_a_project_file(here: Here, world: World, _: None) -> None:
    """What a project file keeps of it opens, fits together and is the same."""
    arrays: dict[str, np.ndarray] = {}
    try:
        body = json.loads(json.dumps(encode(world, arrays)))
        back: World = decode(body, World, "", held_arrays({name: array.copy() for name, array in arrays.items()}))
        fits_a_project(back)
    except MotiveError as error:
        here.need(False, f"a project file does not take it: {error.what}", error.fix)
        return
    _same(here, world, back, "from a project file")


def told_of_reach(world: World) -> str:
    """How many places no choice leads to from elsewhere, and how many nobody can leave."""
    mdp, n = world.mdp, world.n_places
    before, after = world.choice_from[mdp.outcome_choice], world.place_of_state[mdp.successors]
    moves = before != after
    into, out = n - len(np.unique(after[moves])), n - len(np.unique(before[moves]))
    return f"Of {n:,} places, {into:,} cannot be reached from another and {out:,} cannot be left."


def _surely_leads_to(world: World, goal: int) -> np.ndarray:
    """(S,) bool, by plain rounds: states from which some way comes to the goal whatever chance does, so long as it is followed."""
    mdp = world.mdp
    usable = mdp.choice_state != goal
    while True:
        led = np.zeros(mdp.n_states, bool)
        led[goal] = True
        while True:
            leads = usable & (np.bincount(mdp.outcome_choice, led[mdp.successors], mdp.n_choices) > 0)
            more = led | (np.bincount(mdp.choice_state[leads], minlength=mdp.n_states) > 0)
            if np.array_equal(more, led):
                break
            led = more
        safe = usable & (np.bincount(mdp.outcome_choice, ~led[mdp.successors], mdp.n_choices) == 0)
        if np.array_equal(safe, usable):
            return led
        usable = safe


def _same(here: Here, one: Any, other: Any, when: str, name: str = "the world") -> None:
    """Whether two values are alike in all their parts."""
    here.need(type(other) is type(one) or isinstance(one, Mapping | tuple | list), f"{name} is of type {type(other).__name__} {when}")
    if is_dataclass(one) and not isinstance(one, type):
        for f in fields(one):
            if f.init:
                _same(here, getattr(one, f.name), getattr(other, f.name), when, f.name)
    elif isinstance(one, np.ndarray):
        alike = one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
        here.need(alike, f"{name} is another {when}")
    elif isinstance(one, Mapping):
        here.need(list(one) == list(other), f"{name} has other names {when}")
        for key in one:
            _same(here, one[key], other[key], when, f"{name}[{key!r}]")
    else:
        here.need(_plain(one) == _plain(other), f"{name} is another {when}")


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value)) if isinstance(value, tuple | list) else value


def _of(what: str) -> Callable[[tuple[int, ...]], str]:
    return lambda at: f"{what} {at[0]}"

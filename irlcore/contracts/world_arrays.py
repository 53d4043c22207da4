"""What a world's arrays must keep: sizes, chances, places, shapes, lengths, attributes, settings."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

import numpy as np

from irlcore.contracts.checking import Here
from irlcore.features import kinds  # noqa: F401  registers them
from irlcore.worlds.limits import check_transitions
from irlcore.worlds.world import A_PLACE, World

TO_ONE = 1e-6
"""How far the chances of a choice may sum from 1: tables are often given to six digits."""


def sizes_agree(here: Here, world: World, _: None) -> None:
    """Every array is as long as there are states, choices or places."""
    s, m, n = world.mdp.n_states, world.mdp.n_choices, world.n_places
    here.need(world.kind in A_PLACE, f"its kind is {world.kind!r}, none of {', '.join(A_PLACE)}")
    here.need(s > 0 and m > 0 and n > 0, f"it has {s:,} states, {m:,} choices and {n:,} places", "A world has some of each.")
    wanted = {"place_of_state": (s,), "place_names": (n,), "place_xy": (n, 2), "shape_offsets": (n + 1,), "choice_length": (m,),
              "choice_turn": (m,)}
    for name, shape in wanted.items():
        found = getattr(world, name)
        here.need(isinstance(found, np.ndarray), f"{name} is of type {type(found).__name__}", "Give a numpy array.")
        here.need(found.shape == shape, f"{name} has the shape {found.shape}, and should have {shape}",
                  f"There are {s:,} states, {m:,} choices and {n:,} places.")
    here.need(world.shape_xy.ndim == 2 and world.shape_xy.shape[1] == 2, f"shape_xy has the shape {world.shape_xy.shape}, not (V, 2)")
    for name in ("place_xy", "shape_xy", "choice_length", "choice_turn"):
        here.need(getattr(world, name).dtype == np.float64, f"{name} is of {getattr(world, name).dtype}, not of float64")
    for name in ("place_of_state", "shape_offsets"):
        here.need(getattr(world, name).dtype.kind in "iu", f"{name} is of {getattr(world, name).dtype}, and holds whole numbers")


def transitions(here: Here, world: World, _: None) -> None:
    """Choices grouped by state, successors that are states, chances of each choice from 0 to 1 that sum to 1."""
    mdp = world.mdp
    total = np.bincount(mdp.outcome_choice, mdp.probabilities, mdp.n_choices)
    here.same(total, np.ones(mdp.n_choices), "the sum of the chances of a choice", TO_ONE, _of("choice"))
    check_transitions(mdp.choice_offsets, mdp.successor_offsets, mdp.successors, mdp.probabilities, mdp.choice_state)


def states_told_apart(here: Here, world: World, _: None) -> None:
    """No two states have one id, by which errors are drawn and order is settled; copies for time bands share theirs."""
    mine = world.mdp.ids[:max(world.mdp.n_states // world.n_bands, 1)]
    ids, count = np.unique(mine, return_counts=True)
    twice = np.flatnonzero(count > 1)
    if len(twice):
        both = np.flatnonzero(mine == ids[twice[0]])[:2]
        here.need(False, f"states {both[0]} and {both[1]} have one id, {ids[twice[0]]}", "Give each state its own (``state_ids.ids_of``).")


def places(here: Here, world: World, _: None) -> None:
    """Every state lies in a place that is there, every place has a state, and a name of its own."""
    at, n = world.place_of_state, world.n_places
    wrong = np.flatnonzero((at < 0) | (at >= n))
    if len(wrong):
        here.need(False, f"state {wrong[0]} lies in place {at[wrong[0]]}, and there are {n:,} places", "Number places from 0.")
    empty = np.flatnonzero(np.bincount(at, minlength=n) == 0)
    here.need(not len(empty), f"place {empty[0] if len(empty) else 0} has no state", "Leave out places that nobody can be in.")
    texts = [name for name in world.place_names.tolist() if not isinstance(name, str) or not name.strip()]
    here.need(not texts, f"a place is called {texts[0] if texts else ''!r}", "Give each a text.")
    twice = [name for name, count in Counter(world.place_names.tolist()).items() if count > 1]
    here.need(not twice, f"{twice[0] if twice else ''!r} is the name of two places or more", "Give each a name of its own.")


def shapes(here: Here, world: World, _: None) -> None:
    """Offsets from 0 up to the number of corners that never fall."""
    offsets = world.shape_offsets
    here.same(offsets[[0, -1]], np.array([0, len(world.shape_xy)]), "the first and last entry of shape_offsets")
    falls = np.flatnonzero(np.diff(offsets) < 0)
    here.need(not len(falls), f"shape_offsets fall after place {falls[0] if len(falls) else 0}", "Keep corners in the order of places.")


def coordinates(here: Here, world: World, _: None) -> None:
    """A place's middle has both numbers or none, and nothing lies infinitely far away."""
    for name in ("place_xy", "shape_xy"):
        xy = getattr(world, name)
        half = np.flatnonzero(np.isfinite(xy[:, 0]) != np.isfinite(xy[:, 1])) if name == "place_xy" else np.zeros(0, np.int64)
        if len(half):
            here.need(False, f"{name} of place {half[0]} is {xy[half[0]].tolist()}", "Give both numbers, or NaN twice.")
        far = np.flatnonzero(np.isinf(xy).any(axis=1))
        here.need(not len(far), f"row {far[0] if len(far) else 0} of {name} is infinite", "NaN stands for what is not known.")


def lengths_and_turns(here: Here, world: World, _: None) -> None:
    """Lengths of 0 or more, turns within half a turn either way, NaN where they are not known."""
    for name, low, high in (("choice_length", 0.0, np.finfo(float).max), ("choice_turn", -np.pi, np.pi)):
        values = getattr(world, name)
        wrong = np.flatnonzero(~(np.isnan(values) | ((values >= low) & (values <= high))))
        if len(wrong):
            limit = "of 0 or more" if name == "choice_length" else "from -pi to pi"
            here.need(False, f"{name} of choice {wrong[0]} is {values[wrong[0]]:g}, not a number {limit}",
                      "NaN stands for what is not known.")


def attributes(here: Here, world: World, _: None) -> None:
    """One value for each place, or for each choice: float64, or text."""
    for what, held, size in (("place", world.place_attributes, world.n_places), ("choice", world.choice_attributes, world.mdp.n_choices)):
        for name, values in held.items():
            said = f"the attribute {name!r} of {what}s"
            here.need(isinstance(name, str) and bool(name.strip()), f"{said} has no name that is a text")
            here.need(isinstance(values, np.ndarray) and values.shape == (size,), f"{said} has the shape {np.shape(values)}, and there are "
                      f"{size:,} {what}s", f"Give one value for each {what}.")
            here.need(values.dtype in (np.float64, object), f"{said} is of {values.dtype}", "Give float64, or texts as objects.")
            odd = [v for v in values.tolist() if not isinstance(v, str)] if values.dtype == object else []
            here.need(not odd, f"{said} holds {odd[0] if odd else ''!r} among texts", 'Write "" where there is none.')


def settings(here: Here, world: World, _: None) -> None:
    """Plain JSON values, since files and pages hold them."""
    try:
        back = json.loads(json.dumps(dict(world.settings), allow_nan=False))
    except (TypeError, ValueError) as error:
        here.need(False, f"its settings are no plain values: {error}", "Keep numbers, texts, lists and dictionaries there.")
        return
    here.need(set(back) == set(world.settings), "its settings have names that are no texts", "Name them by texts.")


def _of(what: str) -> Callable[[tuple[int, ...]], str]:
    return lambda at: f"{what} {at[0]}"

"""A world in which staying is a choice: every state gets one more, that leads to itself and never slips.

Who has no destination also waits, fishes, grazes or lies at anchor, and how long it does so says what it wants. A stay takes
``settings["stay_s"]`` seconds; a track that dwells d seconds in a place makes floor(d / stay_s) of them there (``worlds.dwell``). The
choice to stay is the last one of its state, so copies for time bands (``worlds.clock``) keep the rule, whichever is made first.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.errors import WorldError
from irlcore.worlds.clock import ADDED
from irlcore.worlds.mdp import MDP
from irlcore.worlds.world import World

LEAST_S, MOST_S = 1e-3, 1e8
"""Seconds that a stay may take: from a thousandth to three years."""


def stay_seconds(world: World) -> float:
    """How long a stay takes, seconds; 0 where the world knows none."""
    return float(world.settings.get("stay_s", 0.0))


def stays_of(world: World) -> np.ndarray:
    """(M,) bool: the choices to stay."""
    found = np.zeros(world.mdp.n_choices, bool)
    if stay_seconds(world) > 0.0:
        found[world.mdp.choice_offsets[1:] - 1] = True
    return found


def with_staying(world: World, seconds: float) -> World:
    """The world with one choice more in every state: to stay for ``seconds``, of length 0 and without a turn.

    A stay has the attributes of the place where it is made; of the attributes of transitions, which it is none of, numbers are 0 and texts
    empty, but hour and weekday of a clock are those of its band. WorldError where the world has stays already, or for other seconds than
    from ``LEAST_S`` to ``MOST_S``.
    """
    if stay_seconds(world) > 0.0:
        raise WorldError("In this world staying is a choice already.", "Take it away first (without_staying).")
    if not LEAST_S <= seconds <= MOST_S:
        raise WorldError(f"A stay of {seconds:g} seconds is not possible.", f"Choose from {LEAST_S:g} to {MOST_S:,.0f} seconds.")
    mdp, n = world.mdp, world.mdp.n_states
    at = mdp.choice_offsets[1:]  # a stay goes before what follows its state's choices
    outcomes = mdp.successor_offsets[at]
    widths = np.insert(np.diff(mdp.successor_offsets), at, 1)
    offsets = mdp.choice_offsets + np.arange(n + 1)
    stayed = MDP(offsets, np.concatenate(([0], np.cumsum(widths))).astype(np.int64), np.insert(mdp.successors, outcomes, np.arange(n)),
                 np.insert(mdp.probabilities, outcomes, 1.0), np.repeat(np.arange(n), np.diff(offsets)), mdp.state_ids,
                 mdp.choices_seen)
    attributes = {name: np.insert(values, at, _of_stays(world, name, values)) for name, values in world.choice_attributes.items()}
    return replace(world, mdp=stayed, choice_length=np.insert(world.choice_length, at, 0.0),
                   choice_turn=np.insert(world.choice_turn, at, np.nan), choice_attributes=attributes,
                   settings={**world.settings, "stay_s": float(seconds)})


def _of_stays(world: World, name: str, values: np.ndarray) -> np.ndarray | float | str:
    """What stays have for an attribute of transitions: one value, or one for each state."""
    if name in ADDED and world.n_bands > 1:
        band = np.arange(world.mdp.n_states) // (world.mdp.n_states // world.n_bands)
        return np.asarray(values[band * (world.mdp.n_choices // world.n_bands)])
    return "" if values.dtype == object else 0.0


def without_staying(world: World) -> World:
    """The world without its stays; another one as it is."""
    stays = stays_of(world)
    if not stays.any():
        return world
    mdp, moves = world.mdp, ~stays
    widths, kept = np.diff(mdp.successor_offsets)[moves], moves[mdp.outcome_choice]
    left = MDP(mdp.choice_offsets - np.arange(mdp.n_states + 1), np.concatenate(([0], np.cumsum(widths))).astype(np.int64),
               mdp.successors[kept], mdp.probabilities[kept], mdp.choice_state[moves], mdp.state_ids, mdp.choices_seen)
    return replace(world, mdp=left, choice_length=world.choice_length[moves], choice_turn=world.choice_turn[moves],
                   choice_attributes={name: values[moves] for name, values in world.choice_attributes.items()},
                   settings={name: value for name, value in world.settings.items() if name != "stay_s"})

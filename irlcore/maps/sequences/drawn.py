"""A reviewed sequence as a band, and the way of one through the process: from paths and scores to what is drawn."""

from __future__ import annotations

import numpy as np

from irlcore.maps.sequences.band import Band, Onward
from irlcore.review.scores import Scores
from irlcore.worlds.history.classes import aspects_of, class_names
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World


def choices_of(paths: Paths, index: int) -> np.ndarray:
    """(n,) int64: the choices of one path."""
    return paths.choices[paths.offsets[index]:paths.offsets[index + 1]]


def names_of(world: World, choices: np.ndarray) -> tuple[str, ...]:
    """What the choices (n,) of a log are called."""
    return tuple(str(one) for one in world.place_names[world.choice_place[choices]])


def kinds_of(world: World, choices: np.ndarray) -> tuple[str, ...]:
    """The same with what events are told apart by: "export (night)"; nothing where that is their names alone."""
    return tuple(class_names(world, choices)) if aspects_of(world) else ()


def process_path(world: World, paths: Paths, index: int) -> np.ndarray:
    """(n + 1,) int64: the places of a sequence, the start first."""
    choices = choices_of(paths, index)
    return np.append(world.choice_from[choices[:1]], world.choice_place[choices])


def reviewed_band(world: World, paths: Paths, scores: Scores, index: int, likelier: np.ndarray) -> Band:
    """A sequence with its least expected stretch, and what was likelier from there: choices (k,), none where nothing was."""
    choices, first, last = choices_of(paths, index), int(scores.worst_start[index]), int(scores.worst_end[index])
    nats = scores.step_surprise[paths.offsets[index]:paths.offsets[index + 1]]
    onward = (Onward(first, names_of(world, likelier), f"Likelier from event {first + 1:,} on"),) if len(likelier) else ()
    return Band(str(paths.ids[index]), names_of(world, choices), nats, (first, last), onward,
                kinds=kinds_of(world, choices))

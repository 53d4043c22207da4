"""The classified events of a log's world: which event each choice is, by what it is told apart, and what that is called."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from irlcore.tracks.attributes import MISSING
from irlcore.tracks.logs.rare import RARE
from irlcore.worlds.history.build import TOLD_APART
from irlcore.worlds.history.classifier import FIRST, UNKNOWN, Classes, Part, part_of
from irlcore.worlds.world import World

NO_KINDS = "Nothing tells the events of this log apart beside their names."


def class_count(world: World) -> int:
    """A, how many classified events there are, the end left out: as many as events where nothing else tells these apart."""
    return int(world.mdp.choice_offsets[1]) - 1


def class_of_choice(world: World, choices: np.ndarray) -> np.ndarray:
    """(n,) int64: which classified event each choice (n,) is, A for the end."""
    return np.asarray(choices % (class_count(world) + 1))


def event_of_class(world: World) -> np.ndarray:
    """(A,) int64: the event of each classified event, as a place."""
    return np.asarray(world.place_of_state[world.mdp.successors[:class_count(world)]])


def parts_of(world: World) -> tuple[Part, ...]:
    """What tells the events of a log apart beside their names."""
    return tuple(part_of(one) for one in world.settings.get(TOLD_APART, ()))


def aspects_of(world: World) -> tuple[str, ...]:
    """Names of these, which are attributes of choices: "hour", "resource"."""
    return tuple(str(one["name"]) for one in world.settings.get(TOLD_APART, ()))


def world_classes(world: World) -> Classes:
    """The classified events in the order of the choices of each state."""
    many = class_count(world)
    return Classes(event_of_class(world), {name: world.choice_attributes[name][:many] for name in aspects_of(world)})


def told_by(world: World, choice: int) -> tuple[str, ...]:
    """What is known of a choice beside its event, in words: "night", "under 1 min"; of the end nothing."""
    if class_of_choice(world, np.array([choice]))[0] == class_count(world):
        return ()
    return tuple(str(world.choice_attributes[name][choice]) for name in aspects_of(world))


def class_names(world: World, choices: np.ndarray) -> list[str]:
    """What the choices (n,) of a log are, with what they are told apart by in brackets: "export (night)"."""
    names = [str(one) for one in world.place_names[world.choice_place[choices]]]
    if not aspects_of(world):
        return names
    return [with_class(name, told_by(world, choice)) for name, choice in zip(names, choices.tolist(), strict=True)]


def with_class(name: str, told: Sequence[str]) -> str:
    """An event with what it is told apart by; that it is the first of its sequence goes without saying."""
    rare = bool(told) and set(told) == {RARE}
    inside = "a rare kind" if rare else ", ".join(_bare(one) for one in told if one != FIRST)
    return f"{name} ({inside})" if inside else name


def _bare(label: str) -> str:
    """A label as it stands within brackets."""
    return label[1:-1] if label in (RARE, MISSING, UNKNOWN) else label

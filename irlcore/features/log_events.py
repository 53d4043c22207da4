"""The events of a log as features read them: the event of each choice, what its state knows of the past, and sequences as they were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.errors import FeatureError
from irlcore.features.ngrams.counts import Counts, count_ngrams
from irlcore.tracks.cells import shown
from irlcore.worlds.goal_prior import unfinished
from irlcore.worlds.history.build import events_of
from irlcore.worlds.history.classes import class_count, event_of_class
from irlcore.worlds.mdp import MDP, Paths
from irlcore.worlds.world import World

NO_LOG = "This is for logs of events."
THEN = ">"
"""Stands between the events of a pattern."""


def event_count(world: World) -> int:
    """A, how many different events a log has, the end left out. FeatureError where the world is no log."""
    if world.kind != "log":
        raise FeatureError(NO_LOG, "Choose another kind of feature.")
    return world.n_places - 2


def event_of_choice(world: World) -> np.ndarray:
    """(M,) int64, the event that each choice is, A for the end; of several kinds of one event all the same."""
    n_events = event_count(world)
    return np.minimum(world.choice_place, n_events)  # no choice leads to the start


def of_choices(world: World, values: np.ndarray) -> np.ndarray:
    """(M,): what each state but the end has for each event and, last, the end, (S - 1, A + 1), as all kinds of that event have it."""
    at = np.append(event_of_class(world), event_count(world))
    return np.ascontiguousarray(values[:, at]).ravel()


def of_states(world: World, values: np.ndarray) -> np.ndarray:
    """(M,): what each state but the end has, (S - 1,), at all its choices."""
    return np.repeat(values, class_count(world) + 1)


def recent_of(world: World) -> np.ndarray:
    """(S - 1, n) int64, the last events of each state but the end, in order at the end of the row, A for the start, -1 before what it
    knows."""
    event_count(world)
    order = int(world.settings["order"])
    return np.array(world.settings["recent"], np.int64).reshape(-1, order)


def event_number(world: World, name: str) -> int:
    """Which event of the log is called so. FeatureError where none is."""
    names = list(events_of(world))
    if name not in names:
        raise FeatureError(f"There is no event {shown(name)!r} in this log.", f"Choose one of its events, such as {shown(names[0])!r}.")
    return names.index(name)


def pattern_of(world: World, text: str) -> np.ndarray:
    """(k,) int64, the events of a pattern such as "login > open", in order; none for an empty text. FeatureError where it names an event
    that the log does not have, or more of them than its states look back."""
    parts, found, names = [part.strip() for part in text.split(THEN)], [], {name: k for k, name in enumerate(events_of(world))}
    at = 0 if text.strip() else len(parts)
    while at < len(parts):
        many = next((k for k in range(len(parts), at, -1) if f" {THEN} ".join(parts[at:k]) in names), 0)  # a name may hold the sign itself
        if not many:
            event_number(world, parts[at])
        found.append(names[f" {THEN} ".join(parts[at:many])])
        at = many
    most = int(world.settings["order"])
    if len(found) > most:
        raise FeatureError(f"The pattern has {len(found)} events, and this log looks back {most}.",
                           "Name fewer, or let the log go further back.")
    return np.array(found, np.int64)


def event_sequences(world: World, paths: Paths) -> tuple[np.ndarray, np.ndarray]:
    """The events of the paths, one after the other, offsets (N + 1,) and events (P,) int64, without their ends and whatever their kinds."""
    events = world.place_of_state[world.mdp.likeliest[paths.choices]]
    inner = events < event_count(world)
    offsets = np.concatenate(([0], np.cumsum(inner)))[paths.offsets]
    return offsets.astype(np.int64), events[inner]


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was counted last: of these choices and offsets, which tell who has ended, as far back as the log looks."""

    choices: np.ndarray
    offsets: np.ndarray
    counts: Counts


def counted_ngrams(world: World, training: Paths) -> Counts:
    """What followed the last events of the paths, 0 to as many as the states of the log look back. Counted once for all that is asked of
    the same paths: features that look back less far need the same counts."""
    memory = world.mdp.derived(_last_counted)
    last = memory[0]
    if last is None or last.choices is not training.choices or last.offsets is not training.offsets:
        n_events, order = event_count(world), int(world.settings["order"])
        counts = count_ngrams(*event_sequences(world, training), n_events, order, ~unfinished(training))
        last = memory[0] = _Counted(training.choices, training.offsets, counts)  # one record at once, for the sake of other threads
    return last.counts


def _last_counted(mdp: MDP) -> list[_Counted | None]:
    return [None]

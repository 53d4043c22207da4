"""A world from an event log: states are contexts of the last events, a choice is the next event, and the end is where every sequence goes.

A history may remember more than its context: whether each of some named events has happened already (``remembered``), as a grid may
remember the heading. Appending an event to a history is no matter of chance, so the world is deterministic. Every event may follow in every
state, whether it was seen there or not: a model needs all of them to say how likely one is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.budget import within
from irlcore.errors import WorldError
from irlcore.tracks.cells import shown
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.history.contexts import LONGEST, Contexts, build_contexts, count_contexts, reached
from irlcore.worlds.mdp import MDP
from irlcore.worlds.state_ids import ids_of
from irlcore.worlds.tables.build import CHOICE
from irlcore.worlds.world import World

EVENT, START, END = "event", "(start)", "(end)"
ORDERS = (3, 2, 1)
USUAL_LEAST = 5
MOST_CHOICES = 2_000_000
"""Of a world whose size is chosen here: six features of so many choices are 96 MB."""
MOST_REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class Memory:
    """What of a history a state keeps. order: most events back. least: how often a context was seen that goes back more than one.
    remembered: events of which it keeps whether they have happened."""

    order: int = 3
    least: int = USUAL_LEAST
    remembered: tuple[str, ...] = ()


def usual_memory(tracks: LinkTracks) -> Memory:
    """As far back as makes a world of a size that answers soon; contexts that are seen more often where even that is too much."""
    names, events = event_names(tracks)
    for least in (USUAL_LEAST, 20, 100):
        for order in ORDERS:
            if count_contexts(tracks.offsets, events, len(names), order, least) * (len(names) + 1) <= MOST_CHOICES:
                return Memory(order, least)
    return Memory(1, USUAL_LEAST)


def event_names(tracks: LinkTracks) -> tuple[np.ndarray, np.ndarray]:
    """(A,) str, the events of a log in the order of their names, and which one each point is, (P,) int64."""
    codes, names = pd.factorize(tracks.links, sort=True)
    return np.asarray(names, object), codes.astype(np.int64)


def build_history(tracks: LinkTracks, memory: Memory | None = None) -> World:
    """The world of an event log: ``tracks.links`` are its events. memory: the usual one where None. WorldError where it asks for what
    cannot be; TooLarge where the world would be."""
    names, events = event_names(tracks)
    if not len(names):
        raise WorldError("The log has no events.", "Check which column holds them.")
    memory = memory or usual_memory(tracks)
    bits = _bits(names, memory)
    history_size(tracks, memory)
    contexts = build_contexts(tracks.offsets, events, len(names), memory.order, memory.least)
    return _world(names, contexts, bits, memory)


def history_size(tracks: LinkTracks, memory: Memory) -> tuple[int, int]:
    """How many states and choices there would be, at most, without building them. WorldError where it asks for what cannot be; TooLarge
    where the world would be."""
    names, events = event_names(tracks)
    if not 1 <= memory.order <= LONGEST or memory.least < 1:
        raise WorldError(f"A context of {memory.order} events that were seen {memory.least} times or more cannot be.",
                         f"Go back 1 to {LONGEST} events, seen once or more.")
    states = count_contexts(tracks.offsets, events, len(names), memory.order, memory.least) * 2 ** len(memory.remembered)
    many = states * (len(names) + 1)
    within("transitions", many, f"Contexts of {memory.order} of {len(names):,} events make {many:,} choices.",
           "Go back fewer events, or ask that contexts be seen more often.")
    return states, many


def _bits(names: np.ndarray, memory: Memory) -> np.ndarray:
    """(A,) int64: the bit that each event sets for good, 0 for most."""
    unknown = [one for one in memory.remembered if one not in set(names.tolist())]
    if unknown:
        raise WorldError(f"There is no event {shown(unknown[0])!r} to remember.", "Name events of the log.")
    if len(memory.remembered) > MOST_REMEMBERED:
        raise WorldError(f"{len(memory.remembered)} events are to be remembered.", f"Name at most {MOST_REMEMBERED}.")
    bits = np.zeros(len(names), np.int64)
    for k, one in enumerate(memory.remembered):
        bits[np.flatnonzero(names == one)] = 1 << k
    return bits


def _world(names: np.ndarray, contexts: Contexts, bits: np.ndarray, memory: Memory) -> World:
    """States are (context, what is remembered), those that can be come to; the last state is the end."""
    n_events, n_bits = len(names), 2 ** len(memory.remembered)
    after = contexts.after[:, None, :].astype(np.int64) * n_bits + (np.arange(n_bits)[:, None] | bits[None, :])[None]
    after = after.reshape(-1, n_events)
    seen = reached(after, contexts.start * n_bits)
    number = np.cumsum(seen) - 1
    n = int(seen.sum())
    successors = np.column_stack((number[after[seen]], np.full(n, n))).ravel()
    m = len(successors)
    offsets = np.append(np.arange(n + 1) * (n_events + 1), m)
    context, memo = np.divmod(np.flatnonzero(seen), n_bits)
    recent = contexts.recent[context]
    place = np.append(recent[:, -1], n_events + 1).astype(np.int64)
    mdp = MDP(offsets.astype(np.int64), np.arange(m + 1), successors.astype(np.int64), np.ones(m), np.repeat(np.arange(n), n_events + 1),
              ids_of([*_told(names, recent, memo, memory), END]), True)
    called = np.tile(np.append(names, END), n)
    settings: Mapping[str, object] = {
        CHOICE: EVENT, "order": memory.order, "least": memory.least, "remembered": list(memory.remembered),
        "recent": recent.tolist(), "remembers": memo.tolist()}
    return World("log", mdp, "", place, np.append(names, [START, END]), np.full((n_events + 2, 2), np.nan), np.empty((0, 2)),
                 np.zeros(n_events + 3, np.int64), np.full(m, np.nan), np.full(m, np.nan), {}, {EVENT: called}, None, settings)


def _told(names: np.ndarray, recent: np.ndarray, memo: np.ndarray, memory: Memory) -> list[str]:
    """What each state is: its events, and what is remembered."""
    all_names = [*names.tolist(), START]
    many = len(memory.remembered)
    known = ["".join(f" | {memory.remembered[k]}" for k in range(many) if mask >> k & 1) for mask in range(2**many)]
    return [" > ".join(all_names[e] for e in row if e >= 0) + known[mask] for row, mask in zip(recent.tolist(), memo.tolist(), strict=True)]


def context_names(world: World) -> list[str]:
    """(S,): what each state of a log is, in words: its last events, then, behind bars, what is remembered to have happened."""
    s = world.settings
    memory = Memory(int(s["order"]), int(s["least"]), tuple(s["remembered"]))
    recent, memo = np.array(s["recent"], np.int32).reshape(-1, memory.order), np.array(s["remembers"], np.int64)
    return [*_told(world.place_names[:-2], recent, memo, memory), END]


def start_state(world: World) -> int:
    """The state in which every sequence of a log begins: nothing has happened yet."""
    recent = world.settings["recent"]
    return next(k for k, row in enumerate(recent) if row[-1] == world.n_places - 2)


def events_of(world: World) -> Sequence[str]:
    """The events of a log, in the order of the choices of each state; the end, which is the last choice, is none of them."""
    return [str(one) for one in world.place_names[:-2]]

"""A world from an event log: states are contexts of the last events, a choice is the next event, and the end is where every sequence goes.

A history may remember more than its context: how often each of some named events has happened already (``remembered``), as a grid may
remember the heading. Appending an event to a history is no matter of chance, so the world is deterministic. Every event may follow in every
state, whether it was seen there or not: a model needs all of them to say how likely one is.

Where events are told apart by more than their names (``classifier``) each class of event is a choice of its own, and classes of one event
lead on to the same state: what is remembered is the event, so that states are as many as without.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.budget import within
from irlcore.errors import WorldError
from irlcore.tracks.cells import shown
from irlcore.tracks.tracks import LinkTracks
from irlcore.worlds.history.classifier import Classes, Part, classes_of, labels_of
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
MOST_REMEMBERED, MOST_COUNTED = 8, 9
"""Events of which it is kept how often they have happened, and how far that is counted."""
FEWEST_KINDS = (1, 2, 3, 5, 10, 20, 50, 100)
"""How often a kind of event may have to be seen, where less makes too large a world."""
TOLD_APART = "told_apart"
"""The setting of a world that says by what its events are told apart, in JSON."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What of a history a state keeps, and what a choice is. order: most events back. least: how often a context was seen that goes back
    more than one. remembered: events of which it keeps how often they have happened, ``count`` times or more being as good as that; once
    or more where it is 1. told_apart: what tells events apart beside their names. fewest: how often a class of event was seen that stands
    for itself, and not among the rare ones of its event."""

    order: int = 3
    least: int = USUAL_LEAST
    remembered: tuple[str, ...] = ()
    count: int = 1
    told_apart: tuple[Part, ...] = ()
    fewest: int = 1


def usual_memory(tracks: LinkTracks, orders: Sequence[int] = ORDERS, told_apart: tuple[Part, ...] = (), fewest: int = 1) -> Memory:
    """As far back, by the first of ``orders``, as makes a world of a size that answers soon; contexts that are seen more often where even
    that is too much."""
    names, events = event_names(tracks)
    wide = len(classes_of(events, len(names), labels_of(told_apart, tracks), fewest)[0]) + 1
    for least in (USUAL_LEAST, 20, 100):
        for order in orders:
            if count_contexts(tracks.offsets, events, len(names), order, least) * wide <= MOST_CHOICES:
                return Memory(order, least, (), 1, told_apart, fewest)
    return Memory(1, USUAL_LEAST, (), 1, told_apart, fewest)


def usual_fewest_kinds(tracks: LinkTracks, memory: Memory) -> int:
    """How often a kind of event must be seen to stand for itself, so that the world is of a size that answers soon: once where that is so
    anyway."""
    names, events = event_names(tracks)
    labels = labels_of(memory.told_apart, tracks)
    states = count_contexts(tracks.offsets, events, len(names), memory.order, memory.least) * (memory.count + 1) ** len(memory.remembered)
    fits = (one for one in FEWEST_KINDS if states * (len(classes_of(events, len(names), labels, one)[0]) + 1) <= MOST_CHOICES)
    return next(fits, FEWEST_KINDS[-1])


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
    _check_remembered(names, memory)
    history_size(tracks, memory)
    classes, _ = classes_of(events, len(names), labels_of(memory.told_apart, tracks), memory.fewest)
    contexts = build_contexts(tracks.offsets, events, len(names), memory.order, memory.least)
    return _world(names, contexts, classes, memory)


def history_size(tracks: LinkTracks, memory: Memory) -> tuple[int, int]:
    """How many states and choices there would be, at most, without building them. WorldError where it asks for what cannot be; TooLarge
    where the world would be."""
    names, events = event_names(tracks)
    if not 1 <= memory.order <= LONGEST or memory.least < 1:
        raise WorldError(f"A context of {memory.order} events that were seen {memory.least} times or more cannot be.",
                         f"Go back 1 to {LONGEST} events, seen once or more.")
    classes, _ = classes_of(events, len(names), labels_of(memory.told_apart, tracks), memory.fewest)
    states = count_contexts(tracks.offsets, events, len(names), memory.order, memory.least) * (memory.count + 1) ** len(memory.remembered)
    many, what = states * (len(classes) + 1), f"{len(names):,} events"
    fix = "Go back fewer events, or ask that contexts be seen more often."
    if memory.told_apart:
        what, fix = f"{what}, which are {len(classes):,} as they are told apart,", f"Tell events apart by less. {fix}"
    within("transitions", many, f"Contexts of {memory.order} of {what} make {many:,} choices.", fix)
    return states, many


def _check_remembered(names: np.ndarray, memory: Memory) -> None:
    """WorldError where what is to be remembered cannot be."""
    unknown = [one for one in memory.remembered if one not in set(names.tolist())]
    if unknown:
        raise WorldError(f"There is no event {shown(unknown[0])!r} to remember.", "Name events of the log.")
    if len(memory.remembered) > MOST_REMEMBERED:
        raise WorldError(f"{len(memory.remembered)} events are to be remembered.", f"Name at most {MOST_REMEMBERED}.")
    if not 1 <= memory.count <= MOST_COUNTED:
        raise WorldError(f"Events are to be counted up to {memory.count}.", f"Count up to 1 to {MOST_COUNTED}.")


def remembered_after(names: Sequence[str], remembered: Sequence[str], count: int) -> np.ndarray:
    """(R, E) int64: what is remembered after each of E events, by what was before. What is remembered is one number, of which digit k to
    the base ``count + 1`` is how often event k of ``remembered`` has happened."""
    base, known = count + 1, list(names)
    memos = np.arange(base ** len(remembered))
    after = np.repeat(memos[:, None], len(known), axis=1)
    for k, one in enumerate(remembered):
        after[:, known.index(one)] += (times_remembered(memos, k, count) < count) * base**k
    return after


def times_remembered(memo: np.ndarray, which: int, count: int) -> np.ndarray:
    """How often event number ``which`` of those that are remembered has happened, ``count`` at most, by what is remembered (n,) int64."""
    return np.asarray(memo // (count + 1) ** which % (count + 1))


def _world(names: np.ndarray, contexts: Contexts, classes: Classes, memory: Memory) -> World:
    """States are (context, what is remembered), those that can be come to; the last state is the end."""
    onward = remembered_after(names.tolist(), memory.remembered, memory.count)
    n_memos, width = len(onward), len(classes) + 1
    after = (contexts.after[:, None, :].astype(np.int64) * n_memos + onward[None]).reshape(-1, len(names))
    seen = reached(after, contexts.start * n_memos)
    number = np.cumsum(seen) - 1
    n, n_events = int(seen.sum()), len(names)
    successors = np.column_stack((number[after[seen]][:, classes.event], np.full(n, n))).ravel()
    m = len(successors)
    offsets = np.append(np.arange(n + 1) * width, m)
    context, memo = np.divmod(np.flatnonzero(seen), n_memos)
    recent = contexts.recent[context]
    place = np.append(recent[:, -1], n_events + 1).astype(np.int64)
    mdp = MDP(offsets.astype(np.int64), np.arange(m + 1), successors.astype(np.int64), np.ones(m), np.repeat(np.arange(n), width),
              ids_of([*_told(names, recent, memo, memory), END]), True)
    told = {EVENT: np.append(names[classes.event], END), **{name: np.append(one, END) for name, one in classes.labels.items()}}
    settings: dict[str, object] = {
        CHOICE: EVENT, "order": memory.order, "least": memory.least, "remembered": list(memory.remembered),
        "recent": recent.tolist(), "remembers": memo.tolist()}
    if memory.count > 1:
        settings["count"] = memory.count
    if memory.told_apart:
        settings[TOLD_APART] = [part.to_json() for part in memory.told_apart]
    return World("log", mdp, "", place, np.append(names, [START, END]), np.full((n_events + 2, 2), np.nan), np.empty((0, 2)),
                 np.zeros(n_events + 3, np.int64), np.full(m, np.nan), np.full(m, np.nan), {},
                 {name: np.tile(one, n) for name, one in told.items()}, None, settings)


def _told(names: np.ndarray, recent: np.ndarray, memo: np.ndarray, memory: Memory) -> list[str]:
    """What each state is: its events, and what is remembered."""
    all_names = [*names.tolist(), START]
    memos = np.arange((memory.count + 1) ** len(memory.remembered))
    known = [""] * len(memos)
    for k, one in enumerate(memory.remembered):
        times = times_remembered(memos, k, memory.count).tolist()
        known = [said + ("" if not n else f" | {one}" if n == 1 else f" | {n} x {one}") for said, n in zip(known, times, strict=True)]
    return [" > ".join(all_names[e] for e in row if e >= 0) + known[mask] for row, mask in zip(recent.tolist(), memo.tolist(), strict=True)]


def context_names(world: World) -> list[str]:
    """(S,): what each state of a log is, in words: its last events, then, behind bars, what is remembered to have happened."""
    s = world.settings
    memory = Memory(int(s["order"]), int(s["least"]), tuple(s["remembered"]), count_of(world))
    recent, memo = np.array(s["recent"], np.int32).reshape(-1, memory.order), np.array(s["remembers"], np.int64)
    return [*_told(world.place_names[:-2], recent, memo, memory), END]


def start_state(world: World) -> int:
    """The state in which every sequence of a log begins: nothing has happened yet."""
    recent = world.settings["recent"]
    return next(k for k, row in enumerate(recent) if row[-1] == world.n_places - 2)


def events_of(world: World) -> Sequence[str]:
    """The events of a log, in the order of their places; the end is none of them."""
    return [str(one) for one in world.place_names[:-2]]


def count_of(world: World) -> int:
    """How far a log counts the events that it remembers; 1 where it only knows whether they have happened."""
    return int(world.settings.get("count", 1))

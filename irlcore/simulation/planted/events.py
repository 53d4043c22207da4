"""Oddities of event sequences: stretches that are another's, out of order, left out or gone over again, events out of place, and events of
another kind."""

from __future__ import annotations

import numpy as np

from irlcore.simulation.planted.ground import Way
from irlcore.simulation.planted.sources import Made, One, Sources
from irlcore.worlds.history.classes import aspects_of, class_count, event_of_class
from irlcore.worlds.mdp import MDP
from irlcore.worlds.world import World

STRETCH = 0.3
SHORTEST = 2
STRAY = 0.1  # of events, that are put in
TURNS = 4  # of two sequences that take turns, how often each has its turn
TRIES = 10


def foreign(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """``STRETCH`` of its events are another sequence's, as many of them and in their order."""
    own, a, b = _stretch(sources, one, rng)
    for _ in range(TRIES if b > a else 0):
        theirs = _events(sources, int(rng.integers(len(sources.ordinary.paths))))
        begin = int(rng.integers(0, max(len(theirs) - (b - a), 0) + 1))
        if not np.array_equal(put := theirs[begin:begin + b - a], own[a:b]) and len(put):
            return _made(sources, one, np.concatenate((own[:a], put, own[b:])))
    return None


def shuffled(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """``STRETCH`` of its events come in another order."""
    own, a, b = _stretch(sources, one, rng)
    for _ in range(TRIES if b > a else 0):
        if not np.array_equal(mixed := rng.permutation(own[a:b]), own[a:b]):
            return _made(sources, one, np.concatenate((own[:a], mixed, own[b:])))
    return None


def left_out(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """``STRETCH`` of its events do not happen."""
    own, a, b = _stretch(sources, one, rng)
    return _made(sources, one, np.concatenate((own[:a], own[b:]))) if b > a else None


def gone_over(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """``STRETCH`` of its events happen twice, the whole stretch at once more."""
    own, a, b = _stretch(sources, one, rng)
    return _made(sources, one, np.concatenate((own[:b], own[a:]))) if b > a else None


def stray(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """Events of any kind, each as likely, happen in between, ``STRAY`` as many as it has, one at least."""
    own = _events(sources, one.number)
    world = sources.ordinary.world
    many = max(1, round(STRAY * len(own)))
    at = np.sort(rng.integers(0, len(own) + 1, many))
    put = rng.integers(0, world.n_places - 2, many)
    return _made(sources, one, np.insert(own, at, put if not aspects_of(world) else _some_kinds(world, put, rng)))


def other_kinds(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """``STRETCH`` of its events, one at least, are of another kind: at another hour, by somebody else. What happens, and in which order,
    stays as it was."""
    own, event = _events(sources, one.number), event_of_class(sources.ordinary.world)
    first, many = _kinds_of_events(event)
    able = np.flatnonzero(many[event[own]] > 1)
    if not len(able):
        return None
    at = rng.permutation(able)[:max(1, round(STRETCH * len(own)))]
    mine = event[own[at]]
    shifted = own.copy()
    shifted[at] = first[mine] + (own[at] - first[mine] + rng.integers(1, many[mine])) % many[mine]
    return _made(sources, one, shifted)


def _some_kinds(world: World, events: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(n,) int64: a kind of each of the ``events`` (n,), each as likely."""
    first, many = _kinds_of_events(event_of_class(world))
    return np.asarray(first[events] + rng.integers(0, many[events]))


def _kinds_of_events(event: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(E,) int64: the number of the first kind of each event, and how many it has; the kinds of an event follow each other."""
    many = np.bincount(event)
    return np.cumsum(many) - many, many


def taking_turns(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """Another sequence happens in between: of both a part at a time, ``TURNS`` each."""
    own = _events(sources, one.number)
    for _ in range(TRIES):
        other = int(rng.integers(len(sources.ordinary.paths)))
        theirs = _events(sources, other)
        if other != one.number and len(theirs) and not np.array_equal(theirs, own):
            parts = zip(np.array_split(own, TURNS), np.array_split(theirs, TURNS), strict=True)
            return _made(sources, one, np.concatenate([piece for pair in parts for piece in pair]))
    return None


def one_by_one(sources: Sources, one: One, rng: np.random.Generator) -> Made | None:
    """As many events as it has, each after the one before as some sequence does, and nothing kept in mind beyond that: pair by pair it is
    ordinary."""
    paths, mdp = sources.ordinary.paths, sources.ordinary.world.mdp
    own = _events(sources, one.number)
    many = len(own)
    if many < 2 * SHORTEST:
        return None
    events, event = _event_of(mdp, paths.choices), event_of_class(sources.ordinary.world)
    last = sources.ordinary.world.place_of_state[mdp.choice_state[paths.choices]]
    out = [int(own[0])]
    order = np.argsort(last, kind="stable")
    ranked = last[order]
    the_end = class_count(sources.ordinary.world)
    for _ in range(many - 1):
        here = int(event[out[-1]])
        first, behind = np.searchsorted(ranked, [here, here + 1])
        onward = events[order[first:behind]]
        onward = onward[onward < the_end]
        if not len(onward):
            break
        out.append(int(onward[rng.integers(len(onward))]))
    made = np.array(out, np.int64)
    return None if np.array_equal(made, own) else _made(sources, one, made)


def _events(sources: Sources, track: int) -> np.ndarray:
    """(n,) int64, the events of one track by their kinds, its end left out."""
    paths, mdp = sources.ordinary.paths, sources.ordinary.world.mdp
    events = _event_of(mdp, paths.choices[paths.offsets[track]:paths.offsets[track + 1]])
    return np.asarray(events[events < class_count(sources.ordinary.world)])


def _event_of(mdp: MDP, choices: np.ndarray) -> np.ndarray:
    return np.asarray(choices - mdp.choice_offsets[mdp.choice_state[choices]])


def _stretch(sources: Sources, one: One, rng: np.random.Generator) -> tuple[np.ndarray, int, int]:
    """Its events, and from where to where a stretch of them goes; 0 to 0 where it is too short for one."""
    own = _events(sources, one.number)
    if len(own) < 2 * SHORTEST:
        return own, 0, 0
    long = max(SHORTEST, round(STRETCH * len(own)))
    first = int(rng.integers(0, len(own) - long + 1))
    return own, first, first + long


def _made(sources: Sources, one: One, events: np.ndarray) -> Made:
    """These events, then the end; a choice is the track's own where it is the same, counted from the front and from the back."""
    mdp, paths = sources.ordinary.world.mdp, sources.ordinary.paths
    states = [int(one.states[0])]
    for event in events.tolist():
        states.append(int(mdp.successors[mdp.choice_offsets[states[-1]] + event]))
    states.append(int(one.states[-1]))
    path = np.array(states, np.int64)
    choices = np.append(mdp.choice_offsets[path[:-2]] + events, mdp.choice_offsets[path[-2] + 1] - 1)
    old = paths.choices[paths.offsets[one.number]:paths.offsets[one.number + 1]]
    own, short = np.full(len(choices), -1), min(len(old), len(choices))
    back = np.cumprod(old[::-1][:short] == choices[::-1][:short]).sum()
    front = np.cumprod(old[:short] == choices[:short]).sum()
    own[len(choices) - back:] = np.arange(len(old) - back, len(old))
    own[:front] = np.arange(front)
    return Made(Way(path, own), one.goal, choices=choices)

"""Tracks become paths; what cannot be mapped is listed, not lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from irlcore.errors import WorldError
from irlcore.tracks.tracks import blocks_of, problem_table
from irlcore.worlds.aims import NOWHERE, NOWHERE_NAME, TO_ITS_END, aims_of
from irlcore.worlds.mdp import Goals, Paths, build_goals, choices_between
from irlcore.worlds.world import World

BLOCK = 1 << 20  # steps that are looked at together


@dataclass(frozen=True, slots=True)
class Mapped:
    """Paths through a world, and the tracks (or parts) that could not be mapped."""

    paths: Paths
    problems: pd.DataFrame


def paths_from_states(world: World, ids: np.ndarray, offsets: np.ndarray, states: np.ndarray, good: np.ndarray,
                      times: np.ndarray | None, problems: list[tuple[object, object, str, str]],
                      describe: str, aims: np.ndarray | None = None) -> Mapped:
    """Paths from visited states. ids (N,), offsets (N + 1,), states (P,), good (N,) bool: usable so far. aims: (N,), what each track is
    after (``worlds.aims``), all their ends where None.

    The goal is the last place. A track that passes its goal before its end is cut at the first time it gets
    there: a trip ends when it arrives. One that roams, or was cut off, is kept whole: the goal of the first is the one without a state,
    that of the second is not known (-1). ``describe`` names a step for messages ("move", "transition").
    """
    aims = aims_of(len(ids), aims)
    arrives, last = aims == TO_ITS_END, offsets[1:] - 1
    choice, broken, arrival = _walked(world, offsets, states, good, arrives)
    owner = np.searchsorted(offsets, broken, side="right") - 1
    for p, i in zip(broken.tolist(), owner.tolist(), strict=True):
        a, b = (world.place_names[world.place_of_state[s]] for s in states[p:p + 2])
        problems.append(("", ids[i], f"step {p - offsets[i] + 1}: no {describe} from {a} to {b}", "dropped"))
    good = good.copy()
    good[owner] = False
    goal = world.place_of_state[states[last]]
    early = good & (arrival < last) & (arrival > offsets[:-1])
    for i in np.flatnonzero(early):
        problems.append(("", ids[i], f"passes its own goal {world.place_names[goal[i]]} before its end",
                         "repaired: cut where it first arrives"))
    for i in np.flatnonzero(good & (arrival == offsets[:-1])):
        what = "ends where it starts" if arrives[i] else "stays in one place"
        problems.append(("", ids[i], f"{what} ({world.place_names[goal[i]]})", "dropped"))
    good &= arrival > offsets[:-1]
    if not good.any():
        first = next((one for one in problems if one[3] == "dropped"), None)
        why = f" First problem: track {str(first[1])[:60]}, {first[2][:200]}." if first else ""  # ids may be of any length
        raise WorldError(f"None of the {len(ids)} tracks can be mapped to this world.{why}",
                         "Check that tracks and world belong together, and the cell size.")
    end = np.where(good, arrival, offsets[:-1])
    lengths = np.where(good, end - offsets[:-1], 0)
    used = _used(offsets, lengths)
    lengths = lengths[good]
    goals, goal_index = _goals_of(world, goal[good], aims[good])
    paths = Paths(ids[good], np.concatenate(([0], np.cumsum(lengths))).astype(np.int64), choice[used].astype(np.int64),
                  states[end[good]], goal_index, goals, None if times is None else times[used])
    return Mapped(paths, problem_table(problems))


def _walked(world: World, offsets: np.ndarray, states: np.ndarray, good: np.ndarray,
            arrives: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of tracks that visit ``states`` (P,): the choice made in each state, (P,), -1 where a track ends or there is none; where the first
    step stands that is none, of each good track that has one; and where each gets to its last place first, (N,), its end where it does not
    arrive. Some tracks at a time: what is worked out a step is soon as large as all that there is."""
    kind = np.int32 if world.mdp.n_choices < 2**31 else np.int64
    choice, arrival, broken = np.empty(len(states), kind), np.empty(len(offsets) - 1, np.int64), []
    for i, j in blocks_of(offsets, BLOCK):
        here, begin = states[offsets[i]:offsets[j]], offsets[i:j + 1] - offsets[i]
        owner, last = np.repeat(np.arange(j - i), np.diff(begin)), begin[1:] - 1
        made = np.append(choices_between(world.mdp, here[:-1], here[1:]), -1)[:len(here)]
        made[last] = -1
        choice[offsets[i]:offsets[j]] = made
        lost = made < 0
        lost[last] = False
        at = np.flatnonzero(lost)
        at = at[good[i:j][owner[at]]]
        broken.append(offsets[i] + at[np.unique(owner[at], return_index=True)[1]])
        place = world.place_of_state[here]
        mine = arrives[i:j]
        at = np.flatnonzero(place == np.repeat(place[last], np.diff(begin)))
        first = np.where(mine, np.iinfo(np.int64).max, last)
        at = at[mine[owner[at]]]
        np.minimum.at(first, owner[at], at)
        arrival[i:j] = offsets[i] + first
    return choice, np.concatenate(broken) if broken else np.zeros(0, np.int64), arrival


def _used(offsets: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """(P,) bool: the first ``lengths`` (N,) steps of each track."""
    used = np.zeros(offsets[-1], bool)
    for i, j in blocks_of(offsets, BLOCK):
        begin = offsets[i:j]
        used[offsets[i]:offsets[j]] = np.arange(offsets[i], offsets[j]) < np.repeat(begin + lengths[i:j], np.diff(offsets[i:j + 1]))
    return used


def _goals_of(world: World, ends: np.ndarray, aims: np.ndarray) -> tuple[Goals, np.ndarray]:
    """The goals of paths that end in the places ``ends`` (N,) and have the aims (N,), and which one each has, (N,) int64: the places where
    those end that arrive, then the goal without a state where some roam; -1 of those cut off."""
    index = np.full(len(ends), -1)
    places, index[aims == TO_ITS_END] = np.unique(ends[aims == TO_ITS_END], return_inverse=True)
    goals = world.goals_at(places)
    if (aims == NOWHERE).any():
        index[aims == NOWHERE] = len(goals)
        goals = build_goals([*(goals.of(g) for g in range(len(goals))), np.empty(0, np.int64)], [*goals.names, NOWHERE_NAME])
    return goals, index.astype(np.int64)

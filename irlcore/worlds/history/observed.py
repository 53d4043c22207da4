"""Sequences of a log as paths through its world: what was done is known, and every sequence goes to the end. One that was still running
when the log was taken has not come there: nothing is said of what it would have done next."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.errors import WorldError
from irlcore.tracks.cells import shown
from irlcore.tracks.tracks import LinkTracks, problem_table
from irlcore.worlds.aims import NOWHERE, UNFINISHED, aims_of
from irlcore.worlds.history import kernels
from irlcore.worlds.history.build import events_of, start_state
from irlcore.worlds.history.classes import parts_of, world_classes
from irlcore.worlds.history.classifier import labels_of
from irlcore.worlds.mapping import Mapped
from irlcore.worlds.mdp import Paths, build_goals
from irlcore.worlds.world import World

THE_END = "the end"
"""The name of the one goal of a log."""


def map_log(world: World, tracks: LinkTracks, aims: np.ndarray | None = None) -> Mapped:
    """Sequences as paths: one choice for each event, and one for the end, at the time of the last event. aims: (N,) int8 of
    ``worlds.aims``: an unfinished one makes no choice of the end, and its goal is not known (-1); all have ended where None.

    A sequence with an event that the log of the world does not know is dropped, and named. WorldError where none is left, or an aim is none
    that a sequence can have.
    """
    aims = aims_of(len(tracks), aims)
    if (aims == NOWHERE).any():
        raise WorldError("A sequence of a log has ended or is still running: none is without an end.", "Say which of the two it is.")
    known = pd.Index(events_of(world)).get_indexer(pd.Index(tracks.links)).astype(np.int64)
    parts = parts_of(world)
    labels = labels_of(parts, tracks)
    events = world_classes(world).numbers(known, labels)
    owner = np.repeat(np.arange(len(tracks)), np.diff(tracks.offsets))
    unknown = np.flatnonzero(events < 0)
    first = unknown[np.unique(owner[unknown], return_index=True)[1]]
    problems: list[tuple[object, object, str, str]] = [
        ("", tracks.ids[owner[p]], f"event {p - tracks.offsets[owner[p]] + 1}: the log of this world has no {shown(tracks.links[p])}"
         + (f" of this kind ({', '.join(str(one[p]) for one in labels.values())})" if known[p] >= 0 else ""), "dropped") for p in first]
    good = np.ones(len(tracks), bool)
    good[owner[first]] = False
    if not good.any():
        raise WorldError(f"None of the {len(tracks)} sequences can be mapped to this world. First problem: sequence "
                         f"{shown(problems[0][1])}, {problems[0][2][:200]}.", "Check that sequences and world belong together.")
    lengths = np.diff(tracks.offsets)[good]
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    ended = aims[good] != UNFINISHED
    choices, last = np.empty(int(offsets[-1]) + int(ended.sum()), np.int64), np.empty(len(lengths), np.int64)
    mdp, used = world.mdp, good[owner]
    kernels.follow(offsets, events[used], ended, mdp.choice_offsets, mdp.successors, start_state(world), choices, last)
    with_end = offsets + np.concatenate(([0], np.cumsum(ended)))
    times = None if tracks.times is None else _until_the_end(tracks.times[used], offsets[1:][ended])
    paths = Paths(tracks.ids[good], with_end, choices, last, np.where(ended, 0, -1).astype(np.int64),
                  build_goals([np.array([mdp.n_states - 1])], [THE_END]), times)
    return Mapped(paths, problem_table(problems))


def _until_the_end(times: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """The times of the events, that of the last before each of ``ends`` once more for the end."""
    return np.insert(times, ends, times[ends - 1])

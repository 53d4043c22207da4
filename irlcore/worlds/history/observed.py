"""Sequences of a log as paths through its world: what was done is known, and every sequence goes to the end."""

from __future__ import annotations

import numpy as np
import pandas as pd

from irlcore.errors import WorldError
from irlcore.tracks.cells import shown
from irlcore.tracks.tracks import LinkTracks, problem_table
from irlcore.worlds.history import kernels
from irlcore.worlds.history.build import events_of, start_state
from irlcore.worlds.history.classes import parts_of, world_classes
from irlcore.worlds.history.classifier import labels_of
from irlcore.worlds.mapping import Mapped
from irlcore.worlds.mdp import Paths, build_goals
from irlcore.worlds.world import World

THE_END = "the end"
"""The name of the one goal of a log."""


def map_log(world: World, tracks: LinkTracks) -> Mapped:
    """Sequences as paths: one choice for each event, and one for the end, at the time of the last event.

    A sequence with an event that the log of the world does not know is dropped, and named. WorldError where none is left.
    """
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
        raise WorldError(f"None of the {len(tracks)} sequences can be mapped to this world. First problem: track {shown(problems[0][1])}, "
                         f"{problems[0][2][:200]}.", "Check that sequences and world belong together.")
    lengths = np.diff(tracks.offsets)[good]
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    choices = np.empty(int(offsets[-1]) + len(lengths), np.int64)
    mdp, used = world.mdp, good[owner]
    kernels.follow(offsets, events[used], mdp.choice_offsets, mdp.successors, start_state(world), choices)
    with_end = offsets + np.arange(len(offsets))
    times = None if tracks.times is None else _until_the_end(tracks.times[used], offsets)
    end = mdp.n_states - 1
    paths = Paths(tracks.ids[good], with_end, choices, np.full(len(lengths), end), np.zeros(len(lengths), np.int64),
                  build_goals([np.array([end])], [THE_END]), times)
    return Mapped(paths, problem_table(problems))


def _until_the_end(times: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The times of the events, that of the last once more for the end."""
    return np.insert(times, offsets[1:], times[offsets[1:] - 1])

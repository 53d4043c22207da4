"""What known sequences of a log have: which events, how often, in which order, and which right after which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

NEVER = np.iinfo(np.int32).max
"""Where an event that a sequence does not have first came: after all others."""


@dataclass(frozen=True, slots=True, eq=False)
class UsualSequences:
    """Of n known sequences, index (n,) into the paths. Rows are a sequence with an event each, event by event: offsets (L + 1,), owner (R,)
    which of the n, count (R,) how often it came, first (R,) its place in the sequence when it came first. pair (B,) int64, ascending,
    before * L + after: what came right after what, and by how many sequences (B,)."""

    index: np.ndarray
    offsets: np.ndarray
    owner: np.ndarray
    count: np.ndarray
    first: np.ndarray
    pair: np.ndarray
    paired: np.ndarray

    def row_of(self, index: int) -> int:
        """Which of the n path ``index`` is, -1 for none: what a track did itself is not usual for that."""
        at = np.flatnonzero(self.index == index)
        return int(at[0]) if len(at) else -1

    def others(self, row: int) -> int:
        """How many there are beside that one."""
        return len(self.index) - (row >= 0)

    def having(self, event: int, row: int, least: int = 1) -> int:
        """By how many others an event came ``least`` times or more."""
        mine = slice(self.offsets[event], self.offsets[event + 1])
        return int(((self.count[mine] >= least) & (self.owner[mine] != row)).sum())

    def widespread(self) -> np.ndarray:
        """(L,) int64: how many of the n have each event."""
        return np.diff(self.offsets)

    def first_places(self, events: np.ndarray, row: int) -> np.ndarray:
        """(d, n) int32: where each of ``events`` (d,) came first, ``NEVER`` where it did not; of the sequence ``row`` itself nowhere."""
        out = np.full((len(events), len(self.index)), NEVER, np.int32)
        for k, event in enumerate(events.tolist()):
            mine = slice(self.offsets[event], self.offsets[event + 1])
            out[k, self.owner[mine]] = self.first[mine]
        if row >= 0:
            out[:, row] = NEVER
        return out

    def following(self, pairs: np.ndarray) -> np.ndarray:
        """By how many of the n each pair (p,) of codes came; a sequence counts once."""
        if not len(self.pair):
            return np.zeros(len(pairs), np.int64)
        at = np.minimum(np.searchsorted(self.pair, pairs), len(self.pair) - 1)
        return np.where(self.pair[at] == pairs, self.paired[at], 0)


def events_of_paths(world: World, paths: Paths) -> np.ndarray:
    """(C,) int64: the event, as a place, that each choice of the paths is; the last place is the end."""
    return np.asarray(world.choice_place[paths.choices])


def pairs_of(world: World, paths: Paths) -> np.ndarray:
    """(C,) int64: what came before each choice * L + what it is."""
    return np.asarray(world.choice_from[paths.choices] * np.int64(world.n_places) + world.choice_place[paths.choices])


def usual_sequences(world: World, paths: Paths, index: np.ndarray) -> UsualSequences:
    """Of the paths ``index`` (n,); which comes first makes no difference."""
    known, wide = paths.take(index), np.int64(world.n_places)
    owner = np.repeat(np.arange(len(known)), known.lengths)
    place = np.arange(len(owner)) - np.repeat(known.offsets[:-1], known.lengths)
    code = events_of_paths(world, known) * np.int64(max(len(known), 1)) + owner
    rows, first, count = np.unique(code, return_index=True, return_counts=True)
    event, of = np.divmod(rows, np.int64(max(len(known), 1)))
    offsets = np.searchsorted(event, np.arange(wide + 1))
    once = np.unique(pairs_of(world, known) * np.int64(max(len(known), 1)) + owner) // np.int64(max(len(known), 1))
    pair, paired = np.unique(once, return_counts=True)
    return UsualSequences(np.asarray(index, np.int64), offsets, of, count, place[first].astype(np.int32), pair, paired)

"""What was observed: tracks as points, or as link ids on a network.

Flat arrays plus offsets: points (or links) of track i are ``offsets[i]:offsets[i + 1]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from irlcore.errors import DataError
from irlcore.tracks.plain_text import plain_text

PROBLEM_COLUMNS = ["row", "track", "what", "done"]
LONGEST = 300  # letters of one cell in a table of problems: an id may have a hundred million, and stand in every row


def problem_table(rows: Sequence[tuple[object, object, str, str]]) -> pd.DataFrame:
    """Table of data problems: ``row`` (line of the file, as text; empty where the problem is the whole
    track's), ``track``, ``what`` is wrong, and what was ``done`` ("dropped" or "repaired")."""
    return pd.DataFrame([tuple(plain_text(str(v)[:LONGEST]) for v in row) for row in rows], columns=PROBLEM_COLUMNS, dtype="str")


@dataclass(frozen=True, slots=True)
class Tracks:
    """N tracks of points.

    ids: (N,) str, unique. offsets: (N + 1,) int64. t: (P,) float64, seconds, or the sample's index where
    ``timed`` is False; strictly increasing within a track. x, y: (P,) float64 in ``unit``.
    attributes: one row a track, in the order of ``ids`` (class of agent, period, label ...).
    crs: the projection of x and y ("EPSG:32631"), None where the data has its own plane.
    """

    ids: np.ndarray
    offsets: np.ndarray
    t: np.ndarray
    x: np.ndarray
    y: np.ndarray
    attributes: pd.DataFrame
    unit: str = "m"
    crs: str | None = None
    timed: bool = True

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, index: np.ndarray) -> Tracks:
        """The tracks at ``index`` ((n,) int), in that order."""
        offsets, flat = take_flat(self.offsets, index)
        attributes = self.attributes.iloc[index].reset_index(drop=True)
        return Tracks(self.ids[index], offsets, self.t[flat], self.x[flat], self.y[flat],
                      attributes, self.unit, self.crs, self.timed)


@dataclass(frozen=True, slots=True)
class LinkTracks:
    """N tracks given as link ids on a network.

    ids: (N,) str, unique. offsets: (N + 1,) int64. links: (P,) str, link ids as the network table names them.
    attributes: one row a track (class of agent, period ...). choices: (P,) str, in a world made of a table of states and choices, whose
    states ``links`` then are: what was chosen there, "" only where a track ends and nothing more was; None elsewhere. times: (P,) float64,
    seconds, when each link was come to, never falling within a track; None where the data carries no time of steps. of_events: P rows, in
    an event log what changes within a sequence (who did it, what it cost), a column each; None where nothing does, or elsewhere.
    """

    ids: np.ndarray
    offsets: np.ndarray
    links: np.ndarray
    attributes: pd.DataFrame
    choices: np.ndarray | None = None
    times: np.ndarray | None = None
    of_events: pd.DataFrame | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, index: np.ndarray) -> LinkTracks:
        """The tracks at ``index`` ((n,) int), in that order."""
        offsets, flat = take_flat(self.offsets, index)
        attributes = self.attributes.iloc[index].reset_index(drop=True)
        return LinkTracks(self.ids[index], offsets, self.links[flat], attributes, None if self.choices is None else self.choices[flat],
                          None if self.times is None else self.times[flat],
                          None if self.of_events is None else self.of_events.iloc[flat].reset_index(drop=True))


def take_flat(offsets: np.ndarray, index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """New offsets (n + 1,) and flat positions of the groups at ``index`` ((n,) int) of a flat array."""
    index = np.asarray(index, dtype=np.int64)
    lengths = offsets[index + 1] - offsets[index]
    new_offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    flat = np.arange(new_offsets[-1]) + np.repeat(offsets[index] - new_offsets[:-1], lengths)
    return new_offsets, flat


def blocks_of(offsets: np.ndarray, size: int) -> list[tuple[int, int]]:
    """From which group to which of a flat array there are about ``size`` entries."""
    cuts = [*np.unique(np.searchsorted(offsets, np.arange(0, offsets[-1], size))).tolist(), len(offsets) - 1]
    return [(i, j) for i, j in pairwise(cuts) if i < j]


def find_ids(ids: np.ndarray, wanted: Sequence[str]) -> np.ndarray:
    """Positions ((n,) int64) of ``wanted`` in ``ids``; a DataError names the first that is not there."""
    asked = np.asarray(wanted, dtype=object)
    if len(ids) == len(asked) and np.array_equal(ids, asked):  # as they nearly always are, and without a table of them
        return np.arange(len(ids))
    where = pd.Index(ids, dtype=object).get_indexer(pd.Index(asked, dtype=object))
    if (where < 0).any():
        missing = asked[int(np.argmax(where < 0))]
        raise DataError(f"There is no track called {missing!r}.", "Choose one of the tracks in the table.")
    return where.astype(np.int64)

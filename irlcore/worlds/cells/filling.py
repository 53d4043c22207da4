"""The cells that a track passed between two points of it, where it was not seen in them."""

from __future__ import annotations

import numpy as np

from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.dark_gaps import dark
from irlcore.tracks.trips.splitting import told
from irlcore.worlds.cells.lattice import Lattice


def silent(tracks: Tracks, lattice: Lattice, column: np.ndarray, row: np.ndarray) -> list[tuple[object, object, str, str]]:
    """Long silences over which cells are filled although nobody saw the agent there; each track's longest way is told."""
    at = dark(tracks)
    cells = lattice.moves_between((column[at], row[at]), (column[at + 1], row[at + 1])) - 1
    at, cells = at[cells > 0], cells[cells > 0]
    track = np.searchsorted(tracks.offsets, at, side="right") - 1
    worst = np.lexsort((-cells, track))
    worst = worst[np.unique(track[worst], return_index=True)[1]]
    return [("", tracks.ids[track[k]], f"a gap of {told(float(tracks.t[at[k] + 1] - tracks.t[at[k]]))} over {cells[k]:,} "
             f"{'cell' if cells[k] == 1 else 'cells'} that nobody saw it cross", "kept: split at gaps when you import to leave it open")
            for k in worst]


def filled(lattice: Lattice, column: np.ndarray, row: np.ndarray, owner: np.ndarray, times: np.ndarray, left: np.ndarray, ids: np.ndarray,
           problems: list[tuple[object, object, str, str]]) -> tuple[np.ndarray, ...]:
    """Insert the cells of the straight line where a sample jumps over cells; ``times`` when each is come to, ``left`` from when it goes
    on. Last comes (n,) bool, which are samples and not inserted."""
    same = np.append(np.diff(owner) == 0, False)
    following = np.minimum(np.arange(len(owner)) + 1, len(owner) - 1)
    steps = np.where(same, lattice.moves_between((column, row), (column[following], row[following])), 1)
    over = np.bincount(owner, steps - 1, len(ids)).astype(np.int64)
    for i in np.flatnonzero(over):
        problems.append(("", ids[i], f"jumps over {over[i]:,} {'cell' if over[i] == 1 else 'cells'}",
                         "repaired: filled along the straight line"))
    source = np.repeat(np.arange(len(owner)), steps)
    part = np.arange(len(source)) - np.repeat(np.cumsum(steps) - steps, steps)
    share = part / steps[source]
    after = np.minimum(source + 1, len(owner) - 1)
    gap = np.where(same[source], times[after] - left[source], 0.0)
    when = np.where(part > 0, left[source], times[source]) + share * gap
    to = np.where(same[source], after, source)
    cells = lattice.between((column[source], row[source]), (column[to], row[to]), share)
    return (*cells, owner[source], when, np.where(part > 0, when, left[source]), part == 0)

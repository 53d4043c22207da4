"""How long tracks dwell in the places they pass, and stays made of that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.errors import WorldError
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.dark_gaps import FEWEST, LONG, dark
from irlcore.tracks.trips.regroup import owners
from irlcore.tracks.trips.splitting import told
from irlcore.worlds.cells.kinds import lattice_of
from irlcore.worlds.world import World

ROUND_S = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 21600.0, 43200.0, 86400.0)
"""Seconds that a stay may be suggested to take: 1 s to 24 h."""
PASSING = 3.0
"""Times the usual time in a cell from which being there is no passing through."""
MOST_STAYS = 20_000_000


def points_in_cells(s: Mapping[str, Any], tracks: Tracks) -> tuple[np.ndarray, np.ndarray]:
    """Column and row (P,) int64 of the cell of each point in a grid with the settings ``s``; those of points outside are none of the
    grid's, near its rim."""
    lattice = lattice_of(s)
    nx, ny, cell = int(s["columns"]), int(s["rows"]), lattice.cell
    inside_x, inside_y = ((v >= s[low]) & (v <= s[high]) for v, low, high in ((tracks.x, "x0", "x1"), (tracks.y, "y0", "y1")))
    x = np.clip(tracks.x, s["x0"] - cell, s["x1"] + cell)  # a jump far outside is not worth filling
    y = np.clip(tracks.y, s["y0"] - cell, s["y1"] + cell)
    column, row = lattice.cells_at(x, y)
    column[inside_x] = np.clip(column[inside_x], 0, nx - 1)  # the far border belongs to the last cell
    row[inside_y] = np.clip(row[inside_y], 0, ny - 1)
    return column, row


def visits_of(column: np.ndarray, row: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """(P,) bool: the first point of every visit to a cell; owner (P,): the track of each point."""
    first = np.ones(len(owner), bool)
    first[1:] = (np.diff(column) != 0) | (np.diff(row) != 0) | (np.diff(owner) != 0)
    return first


def departures(first: np.ndarray, times: np.ndarray) -> np.ndarray:
    """(V,) when each visit was last seen in its cell; first (P,) bool, times (P,)."""
    return np.asarray(times[np.append(np.flatnonzero(first)[1:], len(first)) - 1])


def gaps_in(tracks: Tracks, first: np.ndarray) -> np.ndarray:
    """(D,) int64: points behind which nothing is heard for long (``dark_gaps.dark``) until the agent is seen in the same visit to a cell
    again; first (P,) bool. It may have been anywhere. Not where its place is exactly the same, as that of a stop that is held; nor where it
    is usual in that visit, as of a vessel at anchor that reports more seldom."""
    at = dark(tracks)
    still = (tracks.x[at] == tracks.x[at + 1]) & (tracks.y[at] == tracks.y[at + 1])
    at = at[~first[at + 1] & ~still]
    begin = np.append(np.flatnonzero(first), len(first))
    visit = np.searchsorted(begin, at, side="right") - 1
    usual = {k: np.partition(np.diff(tracks.t[begin[k]:begin[k + 1]]), -FEWEST)[-FEWEST] for k in np.unique(visit).tolist()
             if begin[k + 1] - begin[k] > FEWEST}  # so many of its intervals are as long, or longer
    return at[tracks.t[at + 1] - tracks.t[at] > LONG * np.array([usual.get(k, 0.0) for k in visit.tolist()])]


def no_stays(tracks: Tracks, gaps: np.ndarray) -> list[tuple[object, object, str, str]]:
    """What is said of such gaps, the longest of each track."""
    track, long = np.searchsorted(tracks.offsets, gaps, side="right") - 1, tracks.t[gaps + 1] - tracks.t[gaps]
    worst = np.lexsort((-long, track))
    worst = worst[np.unique(track[worst], return_index=True)[1]]
    return [("", tracks.ids[track[k]], f"a gap of {told(float(long[k]))} within one cell, where nobody saw it stay",
             "kept: counts as no stay") for k in worst]


def unseen_in(tracks: Tracks, first: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    """(V,) float64: seconds of each visit that are in ``gaps`` (D,), points of the tracks (``gaps_in``); first (P,) bool."""
    visit = np.cumsum(first)[gaps] - 1
    return np.bincount(visit, tracks.t[gaps + 1] - tracks.t[gaps], int(first.sum()))


def stays_in(arrived: np.ndarray, left: np.ndarray, seconds: float, settled: np.ndarray, unseen: np.ndarray) -> np.ndarray:
    """(V,) int64: how many stays of ``seconds`` fit between ``arrived`` and ``left`` (V,), without the seconds ``unseen`` (V,); none
    where the trip has ``settled`` (V,) bool, having come to its end. WorldError where there are too many to be kept."""
    dwelt = np.where(settled, 0.0, np.maximum(left - arrived - unseen, 0.0))
    stays = np.floor(dwelt / seconds * (1.0 + 1e-12))
    if stays.sum() > MOST_STAYS:
        raise WorldError(f"In stays of {seconds:g} s these tracks stay {stays.sum():,.0f} times, and {MOST_STAYS:,} are the most.",
                         "Let a stay take longer.")
    return stays.astype(np.int64)


def with_stays(states: np.ndarray, owner: np.ndarray, times: np.ndarray, stays: np.ndarray,
               seconds: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """States, tracks and times with every state repeated for its ``stays`` (V,), one each ``seconds``; all (V,) on entry."""
    source = np.repeat(np.arange(len(states)), 1 + stays)
    nth = np.arange(len(source)) - np.repeat(np.cumsum(1 + stays) - 1 - stays, 1 + stays)
    return states[source], owner[source], times[source] + nth * seconds


def suggest_stay(tracks: Tracks, world: World) -> float | None:
    """Seconds that a stay might take: a round number, ``PASSING`` times the usual (median) time that these tracks take from one cell of the
    grid to the next, or the next above, so that passing through is no staying. None where there are no times, or nothing moves."""
    if not tracks.timed or world.kind != "grid":
        return None
    owner = owners(tracks)
    column, row = points_in_cells(world.settings, tracks)
    first = visits_of(column, row, owner)
    column, row, owner, arrived = column[first], row[first], owner[first], tracks.t[first]
    went_on = np.diff(owner) == 0
    moves = lattice_of(world.settings).moves_between((column[:-1], row[:-1]), (column[1:], row[1:]))[went_on]
    took = np.diff(arrived)[went_on] / np.maximum(moves, 1)  # over a jump, for each of the cells it went over
    if not len(took):
        return None
    wanted = PASSING * float(np.median(took))
    return next((one for one in ROUND_S if one >= wanted * (1.0 - 1e-9)), ROUND_S[-1])

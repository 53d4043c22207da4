"""One id into trips: at gaps of time and of distance, as the data suggests them. A gap is never filled as if it had been travelled."""

from __future__ import annotations

import numpy as np

from irlcore.tracks.problems import MOST_LISTED, Problems
from irlcore.tracks.problems import more as list_more
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.regroup import owners, regrouped

FEWEST_GAPS = 20  # between points, before anything is suggested
CLEAR = 4.0  # the shortest gap that splits is so many times the longest that does not
OFTEN = 0.2  # gaps are rare: at most so many of all


def gaps(tracks: Tracks) -> tuple[np.ndarray, np.ndarray]:
    """From each point to the next of its track: the time (seconds; steps where there is none) and the distance, (P - 1,) each; NaN between
    tracks."""
    own = np.diff(owners(tracks)) == 0
    return np.where(own, np.diff(tracks.t), np.nan), np.where(own, np.hypot(np.diff(tracks.x), np.diff(tracks.y)), np.nan)


def suggested_gap(values: np.ndarray) -> float:
    """A cut between the usual gaps and the rare long ones, in their unit; infinite where nothing sets them apart. values: of ``gaps``."""
    known = np.sort(values[np.isfinite(values) & (values > 0.0)])
    if len(known) < FEWEST_GAPS:
        return np.inf
    first = int(np.ceil((1.0 - OFTEN) * len(known)))  # from here on gaps are rare
    ratio = known[first:] / known[first - 1:-1]
    k = int(np.argmax(ratio)) if len(ratio) else 0
    if not len(ratio) or ratio[k] < CLEAR:
        return np.inf
    low, high = known[first + k - 1], known[first + k]
    return _round(float(np.sqrt(low * high)), float(low), float(high))


def _round(wanted: float, low: float, high: float) -> float:
    """A number near the wanted one with one digit, or two, between the others: so that it does not hang on the last bit of a mean."""
    for digits in (0, 1, 2):
        scale = 10.0 ** (np.floor(np.log10(wanted)) - digits)
        found = float(np.rint(wanted / scale) * scale)
        if low < found < high:
            return found
    return wanted


def gap_cuts(tracks: Tracks, seconds: float, distance: float) -> np.ndarray:
    """(C,) int64: points behind which a trip ends, since the next one of the track is more than ``seconds`` or ``distance`` (in the tracks'
    unit) away; infinite for none."""
    time, way = gaps(tracks)
    return np.flatnonzero((time > seconds) | (way > distance))


def split_at_gaps(tracks: Tracks, seconds: float, distance: float) -> tuple[Tracks, Problems]:
    """Trips that end at such gaps; and the gaps, a line each, with their lengths; of very many the first, and how many more there are."""
    where = gap_cuts(tracks, seconds, distance)
    if not len(where):
        return tracks, []
    made, _, alone = parted(tracks, where)
    return made, [*listed(tracks, where), *alone]


def parted(tracks: Tracks, where: np.ndarray, kept: np.ndarray | None = None) -> tuple[Tracks, np.ndarray, Problems]:
    """Trips that end behind the points ``where`` (C,), sorted; the first point that each would have had, (N,) int64; and what went with
    trips of one point. kept: (P,) bool, the points that are left."""
    owner = owners(tracks)
    behind = np.zeros(len(owner), np.int64)
    behind[where + 1] = 1
    number = np.cumsum(behind)
    piece = number - number[tracks.offsets[:-1]][owner]
    made, of = regrouped(tracks, piece if kept is None else np.where(kept, piece, -1), "{id} #{k}")
    begins = np.flatnonzero((behind > 0) | np.concatenate(([True], np.diff(owner) != 0)))
    many = np.diff(np.append(begins, len(owner)))
    alone = int((many == 1).sum())
    problems: Problems = []
    if alone:
        problems.append(("points", "", "1 trip of one point" if alone == 1 else f"{alone:,} trips of one point", "dropped"))
    left = many if kept is None else np.add.reduceat(kept.astype(np.int64), begins)
    assert int((left > 1).sum()) == len(of)
    return made, begins[left > 1], problems


def listed(tracks: Tracks, where: np.ndarray) -> Problems:
    """The gaps behind the points ``where`` (C,), a line each, with their lengths and where they begin and end; of very many the first."""
    owner = owners(tracks)
    problems: Problems = []
    for p in where[:MOST_LISTED]:
        i, long = owner[p], f"{told(float(tracks.t[p + 1] - tracks.t[p]))} and " if tracks.timed else ""
        way = np.hypot(tracks.x[p + 1] - tracks.x[p], tracks.y[p + 1] - tracks.y[p])
        ends = f"from ({tracks.x[p]:.6g}, {tracks.y[p]:.6g}) to ({tracks.x[p + 1]:.6g}, {tracks.y[p + 1]:.6g})"
        what = f"a gap of {long}{way:,.3g} {tracks.unit} behind it, {ends}"
        problems.append((f"point {p - tracks.offsets[i] + 1}", tracks.ids[i], what, "split"))
    list_more(len(where), "a gap", "split", problems)
    return problems


def told(seconds: float) -> str:
    """A length of time as people say it: "90 s", "25 min", "8.5 h", "3.2 days"."""
    for size, name in ((86_400.0, "days"), (3_600.0, "h"), (60.0, "min")):
        if seconds >= 2.0 * size:
            return f"{seconds / size:.3g} {name}"
    return f"{seconds:.3g} s"

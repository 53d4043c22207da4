"""Speeds that nothing of its kind moves at: fixes far off, and two agents under one id.

A point is compared with those soon after it: where two agents send under one id in turn, every step is a jump, and every second point is
where one would be. What cannot be reached at the limit from where the track was is another agent's, or a wrong fix.
"""

from __future__ import annotations

import numpy as np

from irlcore.tracks.problems import Problems
from irlcore.tracks.regroup import owners, regrouped
from irlcore.tracks.tracks import Tracks

AHEAD = 3  # points after one that may be its own agent's next
SHARE = 0.75  # of a track's speeds: the rest may be jumps
OF_TRACKS = 0.9
FACTOR, OWN_PLANE_FACTOR = 5.0, 20.0  # above the top speed that is usual; where units are not known a sprint may be ten times that
LEAST_M_S = 30.0  # below 108 km/h nothing is a jump, where the units are known
FEWEST_POINTS = 8  # of a track that tells what is usual
MOST_AGENTS = 4  # under one id; with more the limit does not suit this track
OWN_SHARE = 0.2  # of a track's points: so many are an agent, fewer are wrong fixes
SHOWN = 3


def suggested_limit(tracks: Tracks) -> float:
    """The speed, in units a second, above which a step is a jump; infinite where times or too few points do not tell."""
    if not tracks.timed or len(tracks.t) < FEWEST_POINTS:
        return np.inf
    speed, owner = _speeds(tracks), owners(tracks)
    order = np.lexsort((speed, owner))
    long = np.flatnonzero(np.diff(tracks.offsets) >= FEWEST_POINTS)
    if not len(long):
        return np.inf
    n = np.diff(tracks.offsets)[long] - 1  # the last point of a track has no speed, and stands last
    tops = speed[order][tracks.offsets[long] + np.floor(SHARE * (n - 1)).astype(np.int64)]
    usual = float(np.quantile(tops, OF_TRACKS, method="lower"))
    if tracks.crs is not None:
        return max(FACTOR * usual, LEAST_M_S)
    return OWN_PLANE_FACTOR * usual if usual > 0.0 else np.inf


def _speeds(tracks: Tracks) -> np.ndarray:
    """(P,) float64: from each point to that of the next few of its track which is reached most slowly; infinite for the last."""
    owner, slowest = owners(tracks), np.full(len(tracks.t), np.inf)
    for k in range(1, AHEAD + 1):
        if len(tracks.t) <= k:
            break
        apart = np.hypot(tracks.x[k:] - tracks.x[:-k], tracks.y[k:] - tracks.y[:-k])
        own = owner[k:] == owner[:-k]
        slowest[:-k] = np.where(own, np.fmin(slowest[:-k], apart / (tracks.t[k:] - tracks.t[:-k])), slowest[:-k])
    return slowest


def jumps(tracks: Tracks, limit: float) -> np.ndarray:
    """(J,) int64: points of the tracks that are reached from the one before faster than ``limit``, in units a second."""
    if not (tracks.timed and np.isfinite(limit)):
        return np.empty(0, np.int64)
    own = np.diff(owners(tracks)) == 0
    speed = np.hypot(np.diff(tracks.x), np.diff(tracks.y)) / np.where(own, np.diff(tracks.t), np.inf)
    return np.flatnonzero(own & (speed > limit)) + 1


def without_jumps(tracks: Tracks, limit: float) -> tuple[Tracks, Problems]:
    """The tracks without fixes that cannot be theirs, and with two agents under one id told apart; what was done, a line a track."""
    problems: Problems = []
    piece = np.zeros(len(tracks.t), np.int64)
    for i in np.unique(owners(tracks)[jumps(tracks, limit)]):
        points = slice(tracks.offsets[i], tracks.offsets[i + 1])
        agent = _agents(tracks.t[points], tracks.x[points], tracks.y[points], limit)
        if agent is None:
            what = f"jumps all the time, at more than {limit:.3g} {tracks.unit}/s"
            problems.append(("points", tracks.ids[i], what, "kept as it is"))
            continue
        many = np.bincount(agent)
        rank = np.argsort(-many, kind="stable")
        own = rank[many[rank] >= max(2.0, OWN_SHARE * len(agent))]
        place = np.full(len(many), -1)
        place[own] = np.arange(len(own))
        piece[points] = place[agent]
        far = np.flatnonzero(place[agent] < 0)
        if len(far):
            at = ", ".join(f"({tracks.x[points][k]:.6g}, {tracks.y[points][k]:.6g})" for k in far[:SHOWN])
            more = ", ..." if len(far) > SHOWN else ""
            what = f"{len(far):,} {'point' if len(far) == 1 else 'points'} out of reach of the others, at more than {limit:.3g} " \
                   f"{tracks.unit}/s: {at}{more}"
            problems.append(("points", tracks.ids[i], what, "dropped"))
        if len(own) > 1:
            what = f"{len(own)} agents under one id, out of each other's reach"
            problems.append(("points", tracks.ids[i], what, "repaired: told apart"))
    if not problems:
        return tracks, problems
    return regrouped(tracks, piece, "{id} ({k})")[0], problems


def _agents(t: np.ndarray, x: np.ndarray, y: np.ndarray, limit: float) -> np.ndarray | None:
    """(n,) int64: whose each point of a track is, where an agent is never faster than the limit; None where that takes too many, or leaves
    too much of the track to nobody."""
    last: list[int] = []
    out = np.zeros(len(t), np.int64)
    for k in range(len(t)):
        speed = [float(np.hypot(x[k] - x[j], y[k] - y[j]) / (t[k] - t[j])) for j in last]
        best = int(np.argmin(speed)) if speed else -1
        if best < 0 or speed[best] > limit:
            best = len(last)
            last.append(k)
        out[k] = best
        last[best] = k
    many = np.bincount(out)
    own = many >= max(2.0, OWN_SHARE * len(t))
    return out if own.sum() <= MOST_AGENTS and many[own].sum() >= (1.0 - OWN_SHARE) * len(t) else None

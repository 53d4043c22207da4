"""Speeds that nothing of its kind moves at: fixes far off, and two agents under one id.

A point is compared with those soon after it: where two agents send under one id in turn, every step is a jump, and every second point is
where one would be. What cannot be reached at the limit from where the track was is another agent's, or a wrong fix. Points that follow each
other much faster than usual tell no speed: a position is some way off, and a second is short. So a fifth of the usual time between points
is added to each.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from irlcore.tracks.problems import Problems
from irlcore.tracks.tracks import Tracks
from irlcore.tracks.trips.regroup import owners, regrouped

AHEAD = 3  # points after one that may be its own agent's next
SHARE = 0.75  # of a track's speeds: the rest may be jumps
OF_TRACKS = 0.9
FACTOR, OWN_PLANE_FACTOR = 5.0, 20.0  # above the top speed that is usual; where units are not known a sprint may be ten times that
LEAST_M_S = 30.0  # below 108 km/h nothing is a jump, where the units are known
FEWEST_POINTS = 8  # of a track that tells what is usual
OFF = 0.2  # of the usual time between points of a track: how far times and places are off, as time
MOST_AGENTS = 4  # under one id; with more the limit does not suit this track
OWN_SHARE = 0.2  # of a track's points: so many are an agent, fewer are wrong fixes
SHOWN = 3
REMEMBERED = 16  # agents that a point may be of, those heard last: a track full of wrong fixes would take the square of their number
STEADY, AT_ONCE = 64, 65_536  # points of one agent in turn, after which many at once are looked at; and how many


def suggested_limit(tracks: Tracks) -> float:
    """The speed, in units a second, above which a step is a jump; infinite where times or too few points do not tell."""
    if not tracks.timed or len(tracks.t) < FEWEST_POINTS:
        return np.inf
    speed = sorted_within(_speeds(tracks), tracks.offsets)
    long = np.flatnonzero(np.diff(tracks.offsets) >= FEWEST_POINTS)
    if not len(long):
        return np.inf
    n = np.diff(tracks.offsets)[long] - 1  # the last point of a track has no speed, and stands last
    tops = speed[tracks.offsets[long] + np.floor(SHARE * (n - 1)).astype(np.int64)]
    usual = float(np.quantile(tops, OF_TRACKS, method="lower"))
    if tracks.crs is not None:
        return _two_digits(max(FACTOR * usual, LEAST_M_S))
    return _two_digits(OWN_PLANE_FACTOR * usual) if usual > 0.0 else np.inf


def _two_digits(value: float) -> float:
    """The next number with two digits: nobody reads 41.8397 as a limit."""
    places = 1 - math.floor(math.log10(value))
    return math.ceil(round(value * 10.0 ** places, 6)) / 10.0 ** places


def sorted_within(values: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Values (P,) of tracks with offsets (N + 1,), sorted within each; some tracks at a time: in all at once, places lie too far apart in
    memory."""
    out = np.empty_like(values)
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    cuts = offsets[np.unique(np.searchsorted(offsets, np.arange(0, len(values) + AT_ONCE, AT_ONCE).clip(max=len(values))))]
    for start, end in pairwise(cuts.tolist()):
        here = values[start:end]
        out[start:end] = np.sort(here) if owner[start] == owner[end - 1] else here[np.lexsort((here, owner[start:end]))]
    return out


def _speeds(tracks: Tracks) -> np.ndarray:
    """(P,) float64: from each point to that of the next few of its track which is reached most slowly; infinite for the last."""
    owner, slowest = owners(tracks), np.full(len(tracks.t), np.inf)
    for k in range(1, AHEAD + 1):
        if len(tracks.t) <= k:
            break
        apart = np.hypot(tracks.x[k:] - tracks.x[:-k], tracks.y[k:] - tracks.y[:-k])
        own = owner[k:] == owner[:-k]
        time = np.where(own, tracks.t[k:] - tracks.t[:-k], 1.0)
        slowest[:-k] = np.where(own, np.fmin(slowest[:-k], apart / time), slowest[:-k])
    return slowest


def jumps(tracks: Tracks, limits: float | np.ndarray) -> np.ndarray:
    """(J,) int64: points of the tracks that are reached from the one before faster than the limit, in units a second: one, or (N,) of each
    track."""
    if not (tracks.timed and np.isfinite(limits).any()):
        return np.empty(0, np.int64)
    owner = owners(tracks)
    own = np.diff(owner) == 0
    way, time = np.hypot(np.diff(tracks.x), np.diff(tracks.y)), np.diff(tracks.t)
    limit = limits[owner[1:]] if isinstance(limits, np.ndarray) else limits
    fast = np.flatnonzero(own & (way / np.where(own, time, np.inf) > limit))
    if not len(fast):
        return fast
    of, which = np.unique(owner[fast], return_inverse=True)
    off = np.array([_off(tracks.t[tracks.offsets[i]:tracks.offsets[i + 1]]) for i in of])[which]
    return fast[way[fast] > (limit[fast] if isinstance(limit, np.ndarray) else limit) * (time[fast] + off)] + 1


def _off(t: np.ndarray) -> float:
    """How much longer than it seems the time between two points of a track may be."""
    return OFF * float(np.median(np.diff(t))) if len(t) > 1 else 0.0


def without_jumps(tracks: Tracks, limits: float | np.ndarray) -> tuple[Tracks, Problems]:
    """The tracks without fixes that cannot be theirs, and with two agents under one id told apart; what was done, a line a track. limits:
    as in ``jumps``."""
    problems: Problems = []
    piece = np.zeros(len(tracks.t), np.int64)
    of_track = np.broadcast_to(limits, len(tracks))
    for i in np.unique(owners(tracks)[jumps(tracks, limits)]):
        limit = float(of_track[i])
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
    """(n,) int64: whose each point of a track is: of the agents that can have come there at the limit, the nearest; where there is none,
    one more. None where that takes too many, or leaves too much of the track to nobody.

    The nearest and not the slowest: hours after a wrong fix that lies far off it can be reached so slowly that nothing else can compete.
    """
    at = t.tolist(), x.tolist(), y.tolist()
    off = _off(t)
    heard = [0]  # the last point of each agent that may go on, the one heard last first
    out = np.zeros(len(t), np.int64)
    k, found, steady = 1, 1, 0
    while k < len(t):
        best, near = -1, math.inf
        for place, j in enumerate(heard):
            apart = math.hypot(at[1][k] - at[1][j], at[2][k] - at[2][j])
            if apart < near and apart <= limit * (at[0][k] - at[0][j] + off):
                best, near = place, apart
        steady = steady + 1 if best == 0 else 0
        if best < 0:
            out[k] = found
            found += 1
        else:
            out[k] = out[heard.pop(best)]
        heard = [k, *heard[:REMEMBERED - 1]]
        k += 1
        if steady >= STEADY:
            end = _alone_until(t, x, y, k, heard[1:], limit, off)
            out[k:end] = out[k - 1]
            heard[0], k, steady = end - 1, end, 0
    many = np.bincount(out)
    own = many >= max(2.0, OWN_SHARE * len(t))
    return out if own.sum() <= MOST_AGENTS and many[own].sum() >= (1.0 - OWN_SHARE) * len(t) else None


def _alone_until(t: np.ndarray, x: np.ndarray, y: np.ndarray, k: int, others: list[int], limit: float, off: float) -> int:
    """The first point from ``k`` on that is not of the agent of the point before it, or the end. others: last points of other agents. off:
    as ``_off`` says."""
    size = STEADY
    while k < len(t):
        size = min(4 * size, AT_ONCE)
        here = slice(k, min(k + size, len(t)))
        before = slice(here.start - 1, here.stop - 1)
        step = np.hypot(x[here] - x[before], y[here] - y[before])
        own = step <= limit * (t[here] - t[before] + off)
        for j in others:
            apart = np.hypot(x[here] - x[j], y[here] - y[j])
            own &= (step <= apart) | (apart > limit * (t[here] - t[j] + off))
        if not own.all():
            return k + int(np.argmin(own))
        k = here.stop
    return k

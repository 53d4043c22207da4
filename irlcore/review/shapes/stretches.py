"""Short stretches of tracks, and how far each is from the nearest stretch of a normal track.

One local oddity is averaged out where whole tracks are compared; the stretch that is farthest from all others keeps it. It is the discord
of time series (Keogh, Lin and Fu, "HOT SAX", 2005), found by a join of one set of series with another (Yeh et al., "Matrix profile I",
2016), of points in the plane, at equal ways. Two stretches are as far apart as the root mean square of the distances of their points, taken
in order, so direction counts, and where along its track a stretch lies does not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from irlcore.engine import checkpoint
from irlcore.review.shapes.lines import DIGITS, Lines

POINTS = 5  # of a stretch: its ends, its middle, and between
RUNGS = 2  # stretches that begin between two points of one that lie next to each other, where they need not begin at corners
HALVINGS = 3  # a track that is shorter than a stretch is held against shorter stretches; below an eighth it has no shape
BASIS = np.linalg.qr(np.vander(np.linspace(-1.0, 1.0, POINTS), increasing=True))[0]
AT_ONCE = 20_000  # stretches between two looks at whether a stop was asked for


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """m stretches of the same length. points: (m, POINTS, 2) float64. owner, begin: (m,), the line of each, and where on it."""

    points: np.ndarray
    owner: np.ndarray
    begin: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Farthest:
    """Of n lines: distance (n,) float64 of the stretch that is farthest from all normal ones, NaN where there is none; middle (n, 2), where
    that is; length (n,), of that stretch; nearest: (n,) int64, the normal line that comes nearest to it."""

    distance: np.ndarray
    middle: np.ndarray
    length: np.ndarray
    nearest: np.ndarray


def stretches_of(lines: Lines, which: np.ndarray, length: float) -> Stretches:
    """Stretches of lines ``which`` (m,) that are long enough: from and to each corner where corners are places', so that those who pass
    the same places have the same stretches, else one every so much way; and the last one of each line."""
    room = lines.length[which] - length
    slack = 10.0**-DIGITS * length
    which, room = which[room >= -slack], np.maximum(room[room >= -slack], 0.0)
    if lines.by_places:
        rank, corner = _counted(np.diff(lines.offsets)[which])
        along = lines.along[lines.offsets[:-1][which][rank] + corner]
        onward, back = along < room[rank] - slack, (along > length + slack) & (along < room[rank] + length - slack)
        rank, begin = np.concatenate((rank[onward], rank[back])), np.concatenate((along[onward], along[back] - length))
        points = _points(lines, which[rank], begin, length)
    else:
        # all points lie on one ladder along each line, so each of its rungs is looked up once
        every = length / ((POINTS - 1) * RUNGS)
        count = np.ceil((room - slack) / every).clip(min=0).astype(np.int64)
        reach = count + (POINTS - 1) * RUNGS
        owner, rung = _counted(reach)
        ladder = lines.at(which[owner], every * rung)
        rank, step = _counted(count)
        first = np.append(0, np.cumsum(reach))[:-1][rank] + step
        points, begin = ladder[first[:, None] + RUNGS * np.arange(POINTS)], every * step
    last = _points(lines, which, room, length)
    return Stretches(np.concatenate((points, last)), np.concatenate((which[rank], which)), np.concatenate((begin, room)))


def _counted(count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For counts (m,): which of them each of so many things belongs to, and which of its things it is."""
    owner = np.repeat(np.arange(len(count)), count)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)


def _points(lines: Lines, which: np.ndarray, begin: np.ndarray, length: float) -> np.ndarray:
    """(m, POINTS, 2): the stretches of lines ``which`` (m,) from ``begin`` (m,) on."""
    way = begin[:, None] + length * np.linspace(0.0, 1.0, POINTS)
    return lines.at(np.repeat(which, POINTS), way.ravel()).reshape(len(which), POINTS, 2)


def farthest(lines: Lines, known: np.ndarray, asked: np.ndarray) -> Farthest:
    """Of the lines ``asked`` (n,): which stretch is farthest from all of the lines ``known`` (m,), none of which is among them."""
    n, reach = len(asked), lines.reach(known)
    found = Farthest(np.full(n, np.nan), np.full((n, 2), np.nan), np.full(n, np.nan), np.full(n, -1))
    if not reach > 0.0:
        return found
    place = np.full(len(lines), -1)
    place[asked] = np.arange(n)
    size = np.round(lines.length[asked] / reach, DIGITS)
    for halving in range(HALVINGS + 1):
        length = reach / 2.0**halving
        mine = asked[(size >= 2.0**-halving) & ((size < 2.0 ** (1 - halving)) | (halving == 0))]
        usual = stretches_of(lines, known, length)
        if not len(mine) or not len(usual.owner):
            continue
        own = stretches_of(lines, mine, length)
        far, near = _nearest(usual, own, length, lines.by_places)
        order = np.lexsort((own.begin, -far, own.owner))
        worst = order[np.unique(own.owner[order], return_index=True)[1]]
        at = place[own.owner[worst]]
        found.distance[at], found.middle[at] = far[worst] * length, own.points[worst, POINTS // 2]
        found.length[at], found.nearest[at] = length, usual.owner[near[worst]]
    return found


def _nearest(usual: Stretches, own: Stretches, length: float, repeated: bool) -> tuple[np.ndarray, np.ndarray]:
    """For each stretch of ``own``: the distance to the nearest of ``usual``, as a share of their length, and which that is. repeated: many
    are the same, and each is looked at once."""
    base = np.concatenate((usual.points, own.points)).min(axis=(0, 1))
    there, here = (np.round((one.points - base) / length, DIGITS).reshape(len(one.owner), -1) / np.sqrt(POINTS) for one in (usual, own))
    first, back = np.arange(len(there)), np.arange(len(here))
    if repeated:
        there, first = np.unique(there, axis=0, return_index=True)
        here, back = np.unique(here, axis=0, return_inverse=True)
    # by where it is, which way it goes, how it bends: the same distances, and a tree that is searched several times faster
    there, here = (np.einsum("mpk,pj->mjk", one.reshape(-1, POINTS, 2), BASIS).reshape(len(one), -1) for one in (there, here))
    tree = cKDTree(there)
    far, near = np.empty(len(here)), np.empty(len(here), np.int64)
    for begin in range(0, len(here), AT_ONCE):
        checkpoint()
        far[begin:begin + AT_ONCE], near[begin:begin + AT_ONCE] = tree.query(here[begin:begin + AT_ONCE])
    return np.round(far, DIGITS)[back.ravel()], first[near][back.ravel()]

"""Lines and rings cut to what a map shows, thinned to what can be seen, and rings joined to one line that fills with its holes open."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

Box = tuple[float, float, float, float]


def clipped_ring(ring: np.ndarray, box: Box) -> np.ndarray:
    """A closed ring (V, 2) cut to a box (x, y, x, y), closed; empty where nothing of it lies inside.

    Sutherland and Hodgman (1974): one side of the box after the other. Where the ring leaves and comes back, it runs along the side.
    """
    for axis, bound, sign in ((0, box[0], 1.0), (0, box[2], -1.0), (1, box[1], 1.0), (1, box[3], -1.0)):
        ring = ring[:-1] if len(ring) > 1 and (ring[0] == ring[-1]).all() else ring
        if not len(ring):
            return ring
        inside = sign * (ring[:, axis] - bound) >= 0.0
        if inside.all():
            ring = _closed(ring)
            continue
        nxt, nxt_in = np.roll(ring, -1, axis=0), np.roll(inside, -1)
        crosses = inside != nxt_in
        cut = _cut(ring, nxt, axis, bound)
        both = np.stack((ring, cut), axis=1).reshape(-1, 2)
        ring = _closed(both[np.column_stack((inside, crosses)).ravel()])
    return ring


def clipped_line(line: np.ndarray, box: Box) -> list[np.ndarray]:
    """The pieces (V, 2) of a line that lie in a box (Liang and Barsky 1984, for all its segments at once)."""
    if len(line) < 2:
        return []
    start, step = line[:-1], np.diff(line, axis=0)
    enter, leave = np.zeros(len(start)), np.ones(len(start))
    out = np.zeros(len(start), bool)
    for axis, low, high in ((0, box[0], box[2]), (1, box[1], box[3])):
        still = step[:, axis] == 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            a, b = (low - start[:, axis]) / step[:, axis], (high - start[:, axis]) / step[:, axis]
        enter = np.where(still, enter, np.maximum(enter, np.minimum(a, b)))
        leave = np.where(still, leave, np.minimum(leave, np.maximum(a, b)))
        out |= still & ((start[:, axis] < low) | (start[:, axis] > high))
    kept = np.flatnonzero(~out & (enter <= leave))
    if not len(kept):
        return []
    first = start[kept] + enter[kept, None] * step[kept]
    last = np.where(leave[kept, None] >= 1.0, line[kept + 1], start[kept] + leave[kept, None] * step[kept])
    follows = np.append(False, (np.diff(kept) == 1) & (leave[kept[:-1]] >= 1.0) & (enter[kept[1:]] <= 0.0))
    begins = np.append(np.flatnonzero(~follows), len(kept))
    pieces = [np.concatenate((first[a:a + 1], last[a:b])) for a, b in pairwise(begins)]
    return [piece for piece in pieces if (piece != piece[0]).any()]


def thinned(line: np.ndarray, step: float) -> np.ndarray:
    """A line (V, 2) without the corners that fall in the same square of side ``step`` as the one before; first and last stay."""
    if len(line) < 4:
        return line
    square = np.floor(line / step)
    new = np.append(True, (np.diff(square, axis=0) != 0.0).any(axis=1))
    new[-1] = True
    return line[new]


def bridged(rings: Sequence[np.ndarray]) -> np.ndarray:
    """Closed rings (V, 2) as one closed line: from the first corner of the first to each other and back, which fills to nothing.

    Outer rings and holes must run in opposite directions (``turned``).
    """
    rings = [_closed(ring) for ring in rings if len(ring)]
    if not rings:
        return np.empty((0, 2))
    parts = [rings[0]]
    for ring in rings[1:]:
        parts += [ring, rings[0][:1]]
    return np.concatenate(parts)


def unbridged(line: np.ndarray) -> list[np.ndarray]:
    """The rings that ``bridged`` joined."""
    rings, at, home = [], 0, line[0]
    while at < len(line):
        again = np.flatnonzero((line[at + 1:] == line[at]).all(axis=1))
        if not len(again):
            break
        end = at + 1 + int(again[0])
        rings.append(line[at:end + 1])
        at = end + 1
        if len(rings) > 1 and at < len(line) and (line[at] == home).all():
            at += 1
    return rings or [line]


def outer_rings(line: np.ndarray) -> list[np.ndarray]:
    """The rings that ``bridged`` joined, without holes: those that run to the left."""
    return [ring for ring in unbridged(line) if (turned(ring, True) == ring).all()]


def turned(ring: np.ndarray, left: bool) -> np.ndarray:
    """A closed ring (V, 2) that runs to the left (anticlockwise, as outer rings do) or to the right."""
    middle = ring - ring[0]  # near 0, so that nothing cancels
    area = float((middle[:-1, 0] * middle[1:, 1] - middle[1:, 0] * middle[:-1, 1]).sum())
    return ring if (area >= 0.0) == left else ring[::-1]


def _closed(ring: np.ndarray) -> np.ndarray:
    return ring if not len(ring) or (ring[0] == ring[-1]).all() else np.concatenate((ring, ring[:1]))


def _cut(start: np.ndarray, end: np.ndarray, axis: int, bound: float) -> np.ndarray:
    """Where the segments meet the line on which a side of the box lies; anything where they do not."""
    step = end - start
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (bound - start[:, axis]) / step[:, axis]
        cut = start + np.where(np.isfinite(share), share, 0.0)[:, None] * step
    cut[:, axis] = bound
    return np.asarray(cut)

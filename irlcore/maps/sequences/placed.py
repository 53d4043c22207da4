"""Where the boxes and lines of a process stand on its picture: along from the start to the end, and across; to the right, or downwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from irlcore.maps.sequences.layers import Layout
from irlcore.maps.svg_words import width_of

LETTERS, SIZE, SMALL = 18, 12.0, 10.5
ROW, APART, APART_DOWN, EDGE, TOP = 56.0, 38.0, 26.0, 10.0, 34.0
"""Pixels: between events of a layer, between layers (to the right, and downwards), round the picture, and before it for steps of an event
to itself."""
LEAST_HIGH, MORE_HIGH, LEAST_WIDE, PAD = 28.0, 14.0, 44.0, 9.0
NARROWEST = 400.0
"""Pixels: of a picture downwards, so that its key has room."""
BESIDE, BACK = 16.0, 9.0
"""Pixels between boxes that stand side by side, and by which what runs back stands aside from what runs forth."""


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """Of n boxes. wide, high: (n,) float64 pixels."""

    wide: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Where n boxes are. down: whether along is downwards. along, across: (n,) float64, their middles, pixels; layers: (m,) of each layer.
    begin: where 0 of the layout is across, ``unit`` pixels to one of it. wide, high: of the picture."""

    of: Sizes
    down: bool
    along: np.ndarray
    across: np.ndarray
    layers: np.ndarray
    begin: float
    unit: float
    wide: float
    high: float

    def at(self, along: float, across: float) -> tuple[float, float]:
        """(x, y) of a point so far along the way from start to end, and so far across it."""
        return (across, along) if self.down else (along, across)

    def box(self, k: int) -> tuple[float, float, float, float]:
        """x and y of the middle of a box, and how wide and high it is."""
        return *self.at(float(self.along[k]), float(self.across[k])), float(self.of.wide[k]), float(self.of.high[k])

    def half(self, k: int) -> tuple[float, float]:
        """Half of a box, along and across."""
        wide, high = float(self.of.wide[k]) / 2, float(self.of.high[k]) / 2
        return (high, wide) if self.down else (wide, high)


def sizes(labels: Sequence[str], often: np.ndarray, inner: np.ndarray) -> Sizes:
    """Boxes with room for their labels, the larger the more ``often`` (n,) an event came. inner: (n,) bool, neither start nor end."""
    count = often.astype(np.float64)
    share = np.sqrt(count / max(float(count[inner].max(initial=1.0)), 1.0)).clip(0.0, 1.0)
    wide = np.array([width_of(label, SIZE, LETTERS) for label in labels]) + 2 * PAD + 6.0 * share
    return Sizes(np.maximum(wide, LEAST_WIDE), LEAST_HIGH + MORE_HIGH * share)


def room_across(of: Sizes) -> np.ndarray:
    """(n,) what each box takes in its layer where layers are rows, in units of ``ROW``."""
    return (of.wide + BESIDE) / ROW


def placed(of: Sizes, found: Layout, down: bool, looped: np.ndarray, narrowest: float = NARROWEST) -> Placed:
    """Boxes where the layout has them. looped: (l,) int64, those with a step to themselves. narrowest: pixels that a picture downwards is
    wide at least, itself in the middle."""
    layers = int(found.layer.max()) + 1
    long, apart = (of.high, APART_DOWN) if down else (of.wide, APART)
    longest = np.array([long[found.layer == k].max(initial=24.0) for k in range(layers)])
    middles = EDGE + np.cumsum(longest + apart) - apart - longest / 2.0
    far = float(middles[-1] + longest[-1] / 2 + EDGE)
    if not down:
        across = TOP + LEAST_HIGH / 2 + found.y * ROW
        high = float(TOP + LEAST_HIGH + MORE_HIGH + found.height * ROW + EDGE)
        return Placed(of, down, middles[found.layer], across, middles, TOP + LEAST_HIGH / 2, ROW, far, high)
    before = of.wide / 2 + BACK
    before[looped] += TOP
    bends = np.concatenate([np.zeros(0), *(each[:, 1] for each in found.bends)])
    begin = EDGE + max(float((before - found.y * ROW).max()), float((36.0 - bends * ROW).max(initial=0.0)))
    wide = EDGE + begin + max(float((of.wide / 2 + found.y * ROW).max()), float((36.0 + bends * ROW).max(initial=0.0)))
    begin, wide = begin + max(narrowest - wide, 0.0) / 2, max(wide, narrowest)
    return Placed(of, down, middles[found.layer], begin + found.y * ROW, middles, begin, ROW, wide, far)


Tip = tuple[float, float, float]
"""Where an arrow ends, along and across, and the direction it comes from, radians."""


def curve(a: int, b: int, bends: np.ndarray, place: Placed) -> tuple[str, Tip, tuple[float, float], str]:
    """Path data of the line from box a to box b, its tip, where its number stands, and which end of that stands there."""
    a0, c0, a1, c1 = float(place.along[a]), float(place.across[a]), float(place.along[b]), float(place.across[b])
    (half_a, broad), (half_b, _) = place.half(a), place.half(b)
    anchor = "start" if place.down else "middle"
    if a == b:
        top, half = c0 - broad, 13.0 if not place.down else 8.0
        data = _path(place, (a0 - half, top), [((a0 - 2 * half, top - 24), (a0 + 2 * half, top - 24), (a0 + half, top - 3))])
        return data, (a0 + half, top, 2.0), _beside(place, a0, top - 20.0, 0.0, 3.5), "end" if place.down else anchor
    on = 1.0 if a1 > a0 else -1.0
    if abs(a1 - a0) < 1.0:  # of one layer: round by the side
        side = a0 + max(half_a, half_b)
        data = _path(place, (side, c0), [((side + 30, c0), (side + 30, c1), (side + 3, c1))])
        return data, (side, c1, np.pi), place.at(side + 22, (c0 + c1) / 2), "middle"
    low = 0.0 if on > 0.0 else -BACK if place.down else BACK
    begin, end = a0 + on * half_a, a1 - on * half_b
    points = [(begin, c0 + low), *((float(place.layers[int(layer)]), place.begin + float(y) * place.unit) for layer, y in bends),
              (end - on * 3.0, c1 + low)]
    level = 0.45
    parts = [((p + level * (q - p), pc), (q - level * (q - p), qc), (q, qc)) for (p, pc), (q, qc) in pairwise(points)]
    k, other = (len(points) - 1) // 2, len(points) // 2  # the same where a bend is in the middle
    middle, across = (points[k][0] + points[other][0]) / 2, (points[k][1] + points[other][1]) / 2
    at = _beside(place, middle, across, 5.0 * on, 3.5) if place.down else place.at(middle, across + (-4.0 if on > 0.0 else 12.0))
    anchor = "end" if place.down and on < 0.0 else anchor
    return _path(place, points[0], parts), (end, c1 + low, 0.0 if on > 0.0 else np.pi), at, anchor


def _beside(place: Placed, along: float, across: float, right: float, lower: float) -> tuple[float, float]:
    """x and y of a number beside a line that runs downwards; above it else."""
    x, y = place.at(along, across)
    return (x + right, y + lower) if place.down else (x, y)


Point = tuple[float, float]


def _path(place: Placed, begin: Point, parts: Sequence[tuple[Point, Point, Point]]) -> str:
    def told(point: Point) -> str:
        x, y = place.at(*point)
        return f"{x:.1f} {y:.1f}"

    return f"M{told(begin)}" + "".join("C" + " ".join(map(told, part)) for part in parts)


def arrow(place: Placed, tip: Tip, size: float, drawn: str) -> str:
    """The head of a line."""
    along, across, turn = tip
    shape = np.array([(0.0, 0.0), (-size * 1.4, -size * 0.7), (-size * 1.4, size * 0.7)])
    ca, sa = np.cos(turn), np.sin(turn)
    points = [place.at(p, c) for p, c in shape @ np.array([[ca, sa], [-sa, ca]]) + (along, across)]
    return f'<path d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in points)}z" {drawn}/>'

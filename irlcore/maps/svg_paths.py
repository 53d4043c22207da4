"""Lines, areas and marks as the path data of SVG, in whole tenths of a pixel and as few of them as can be seen.

A card of a report shows a piece of a town of 40,000 streets in a picture 700 pixels wide. What lies outside it is left out, a corner that
moves a line by less than a part of a pixel too, and where more is left than a page should carry, streets that fall on the same pixels (the
two directions of a road) are drawn once and the faintest go first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from irlcore.tracks.tracks import take_flat

TENTHS = 10
"""Units of a picture in a pixel: whole numbers are shorter to write than tenths."""
SEEN = 3
"""Tenths of a pixel by which a line may be moved to have fewer corners."""
LARGEST = 1e12
"""Units: no coordinate that a map is made of is larger."""
FAR = 50
"""Pixels beyond the frame up to which lines go on, so that neither their ends nor their joins are seen."""
MARKS: dict[str, tuple[tuple[float, float], ...]] = {
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)), "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    "star": tuple((float(r * np.sin(k * np.pi / 5)), float(-r * np.cos(k * np.pi / 5))) for k, r in enumerate((1.35, 0.55) * 5))}
"""Corners round the middle, for a radius of 1."""


@dataclass(frozen=True, slots=True)
class View:
    """Where the world lies in a picture. low: (2,) the corner of the world that is seen at the lower left (upper left where ``y_down``).
    scale: tenths of a pixel to one unit. size: width and height in tenths."""

    low: np.ndarray
    scale: float
    size: tuple[int, int]
    y_down: bool

    def px(self, xy: np.ndarray) -> np.ndarray:
        """(n, 2) float64 tenths of a pixel from the upper left corner of the places xy (n, 2)."""
        at = (np.asarray(xy, np.float64).reshape(-1, 2) - self.low) * self.scale
        return at if self.y_down else np.column_stack((at[:, 0], self.size[1] - at[:, 1]))

    @property
    def clip(self) -> tuple[float, float, float, float]:
        """The frame with some room round it."""
        far = FAR * TENTHS
        return -far, -far, self.size[0] + far, self.size[1] + far


def view_of(bounds: Sequence[float], width: int, height: int, y_down: bool, margin: float, least: float = 0.0) -> View:
    """The whole of ``bounds`` (x, y, x, y) in the middle of a picture, with a margin round it as a share of its size. least: what the
    picture shows at least across, in the unit of the world; where that is nothing too, one unit."""
    low, high = np.array(bounds[:2], np.float64), np.array(bounds[2:], np.float64)
    known = (np.abs(low) < LARGEST) & (np.abs(high) < LARGEST)
    low, high = np.where(known, np.minimum(low, high), 0.0), np.where(known, np.maximum(low, high), 1.0)
    room = np.array([width, height], np.float64) * TENTHS
    extent = np.maximum(high - low, least)
    extent = extent if extent.max() > 1e-9 * max(1.0, float(np.abs([low, high]).max())) else np.ones(2)
    scale = float((room / (np.maximum(extent, 1e-9 * extent.max()) * (1.0 + 2.0 * margin))).min())
    return View((low + high) / 2.0 - room / scale / 2.0, scale, (width * TENTHS, height * TENTHS), y_down)


@dataclass(frozen=True, slots=True)
class Pieces:
    """n lines in a picture. at: (V, 2) int64 tenths of a pixel; offsets: (n + 1,) int64, each line has two corners or more; owner: (n,)
    int64, which of the lines asked for each is a piece of."""

    at: np.ndarray
    offsets: np.ndarray
    owner: np.ndarray

    def __len__(self) -> int:
        return len(self.owner)

    def take(self, index: np.ndarray) -> Pieces:
        """The lines at ``index`` ((k,) int)."""
        offsets, flat = take_flat(self.offsets, index)
        return Pieces(self.at[flat], offsets, self.owner[index])

    def each(self) -> list[np.ndarray]:
        """The corners (k, 2) of each line."""
        return np.split(self.at, self.offsets[1:-1]) if len(self) else []


def polylines(view: View, xy: np.ndarray, offsets: np.ndarray, seen: float = SEEN) -> Pieces:
    """The lines as far as they are near the frame. Corners without a place are left out, and lines of one corner."""
    of = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    at = view.px(xy[offsets[0]:offsets[-1]])
    known = np.isfinite(at).all(axis=1)
    at, of = np.clip(at[known], -1e7, 1e7), of[known]
    many = np.bincount(of, minlength=len(offsets) - 1)
    at, of = at[many[of] > 1], of[many[of] > 1]
    if len(of):
        first = np.flatnonzero(np.diff(of, prepend=-1))
        low, high, box = np.minimum.reduceat(at, first), np.maximum.reduceat(at, first), view.clip
        near = np.zeros(len(many), bool)
        near[of[first]] = (high >= box[:2]).all(axis=1) & (low <= box[2:]).all(axis=1)
        at, of = at[near[of]], of[near[of]]
    if not len(of):
        return Pieces(np.zeros((0, 2), np.int64), np.zeros(1, np.int64), np.zeros(0, np.int64))
    owners, line = np.unique(of, return_inverse=True)
    cut = shapely.clip_by_rect(shapely.simplify(shapely.linestrings(at, indices=line), seen, preserve_topology=False), *view.clip)
    parts, of_part = shapely.get_parts(cut, return_index=True)
    whole, part = shapely.get_coordinates(parts, return_index=True)
    whole = np.rint(whole).astype(np.int64)
    same = (np.diff(whole, axis=0, prepend=whole[:1] - 1) == 0).all(axis=1) & (np.diff(part, prepend=-1) == 0)
    whole, part = whole[~same], part[~same]
    several = np.bincount(part, minlength=len(parts)) > 1
    whole, part = whole[several[part]], part[several[part]]
    kept, count = np.unique(part, return_counts=True)
    return Pieces(whole, np.concatenate(([0], np.cumsum(count))).astype(np.int64), owners[of_part[kept]])


def steps_of(pieces: Pieces, grain: int) -> np.ndarray:
    """(n, 4) int64: the steps from corner to corner of all lines on a grid of ``grain`` tenths, each once whatever its direction."""
    at = np.rint(pieces.at / grain).astype(np.int64) * grain
    steps = np.delete(np.column_stack((at[:-1], at[1:])), pieces.offsets[1:-1] - 1, axis=0)
    back = (steps[:, 0] > steps[:, 2]) | ((steps[:, 0] == steps[:, 2]) & (steps[:, 1] > steps[:, 3]))
    steps = np.where(back[:, None], steps[:, [2, 3, 0, 1]], steps)
    return np.unique(steps[(steps[:, :2] != steps[:, 2:]).any(axis=1)], axis=0)


def walked(steps: np.ndarray, seen: float) -> list[np.ndarray]:
    """The steps as long lines, each step in one of them, without the corners that move a line by less than ``seen`` tenths."""
    ends: dict[tuple[int, int], dict[tuple[int, int], None]] = defaultdict(dict)
    for x0, y0, x1, y1 in steps.tolist():
        ends[x0, y0][x1, y1] = None
        ends[x1, y1][x0, y0] = None
    lines = []
    odd = [one for one, others in ends.items() if len(others) % 2]
    for start in [*odd, *ends]:  # a walk that begins at an odd end comes out longest
        while ends[start]:
            here, walk = start, [start]
            while ends[here]:
                onward = next(iter(ends[here]))
                del ends[here][onward], ends[onward][here]
                walk.append(onward)
                here = onward
            lines.append(shapely.LineString(walk))
    simple = shapely.simplify(np.array(lines, object), seen)
    return [np.rint(shapely.get_coordinates(line)).astype(np.int64) for line in simple]


def rings(view: View, xy: np.ndarray, offsets: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """Rings of the polygons within the frame, each (k, 2) int64 and turning the same way, and which polygon each is of."""
    pieces, owner = [], []
    box = view.clip
    for k, (a, b) in enumerate(pairwise(offsets.tolist())):
        at = view.px(xy[a:b])
        at = np.clip(at[np.isfinite(at).all(axis=1)], -1e7, 1e7)
        if len(at) < 3 or (at.max(axis=0) < box[:2]).any() or (at.min(axis=0) > box[2:]).any():
            continue
        polygon = shapely.simplify(shapely.Polygon(at), SEEN)
        polygon = polygon if shapely.is_valid(polygon) else shapely.make_valid(polygon)
        for part in shapely.get_parts(shapely.clip_by_rect(polygon, *box)):
            if part.geom_type != "Polygon" or part.area < TENTHS ** 2:  # a square pixel
                continue
            ring = shapely.get_exterior_ring(part)
            whole = np.rint(shapely.get_coordinates(ring)).astype(np.int64)[:-1]
            pieces.append(whole if shapely.is_ccw(ring) else whole[::-1])  # areas that overlap must not cancel each other
            owner.append(k)
    return pieces, np.array(owner, np.int64)


def path_data(pieces: Sequence[np.ndarray], closed: bool = False) -> str:
    """The lines (k, 2) int64 as the ``d`` of one path: from each first point by differences, which are short."""
    out = []
    for piece in pieces:
        steps = np.diff(piece, axis=0).ravel().tolist()
        out.append(f"M{piece[0, 0]} {piece[0, 1]}l{' '.join(map(str, steps))}{'z' if closed else ''}".replace(" -", "-"))
    return "".join(out)


def marks(at: np.ndarray, radius: np.ndarray, symbol: str) -> str:
    """Marks in the middles at (n, 2) tenths as the ``d`` of one path; radius: (n,) tenths."""
    if symbol in MARKS:
        shape = np.array(MARKS[symbol])
        return path_data([np.rint(middle + shape * r).astype(np.int64) for middle, r in zip(at, radius, strict=True)], closed=True)
    out = []
    for (x, y), r in zip(np.rint(at).astype(np.int64).tolist(), np.maximum(np.rint(radius), 1).astype(np.int64).tolist(), strict=True):
        out.append(f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0-{2 * r} 0z")
    return "".join(out)


def runs(view: View, xy: np.ndarray, cell: float) -> tuple[list[np.ndarray], float]:
    """Cells with the middles xy (n, 2) as level strokes through neighbours of a row, and how wide a stroke is, in tenths. Cells smaller
    than a pixel are joined into squares that are not."""
    side = cell * view.scale
    join = max(1, int(np.ceil(1.5 * TENTHS / max(side, 1e-9))))
    if not len(xy):
        return [], side
    at = np.floor((xy - xy.min(axis=0)) / (cell * join) + (0.5 if join == 1 else 0.0)).astype(np.int64)
    at = np.unique(at[:, ::-1], axis=0)  # by row, then by column
    begins = np.flatnonzero(np.append(True, (np.diff(at[:, 0]) != 0) | (np.diff(at[:, 1]) != 1)))
    ends = np.append(begins[1:], len(at)) - 1
    middle = xy.min(axis=0) + cell * (join - 1) / 2.0
    half = np.array([0.5, 0.0])
    left = view.px(middle + (at[begins, ::-1] - half) * cell * join)
    right = view.px(middle + (at[ends, ::-1] + half) * cell * join)
    return [np.rint(np.array([a, b])).astype(np.int64) for a, b in zip(left, right, strict=True)], side * join

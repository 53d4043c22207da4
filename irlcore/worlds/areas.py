"""Areas on the ground: made sound, and asked which places lie in them and how far the others are, at a cost that is known before.

What GEOS does with a ring cannot be stopped, and on some rings it takes minutes: to make one of 500 random corners valid, 112 s, since
it peels layer after layer off some 30,000 crossings; to measure 250,000 places to one of 100,000 corners, 190 s, since it looks at
every corner for every place. So crossings are counted first, layers are peeled here, one at a time, and long rings get an index. The
answers are those of ``shapely.make_valid``, ``contains_xy`` and ``distance``, to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from irlcore.budget import within
from irlcore.engine import checkpoint
from irlcore.errors import FeatureError
from irlcore.tracks.bounds import FARTHEST_CORNER

FEW = 50_000_000  # segments times places that are looked at one by one in a fraction of a second
SIMPLE = 64  # segments: all pairs of so few are soon tested
AT_ONCE = 2_000_000  # pairs asked of an index in one call, for the sake of memory
PLACES_AT_ONCE = 20_000  # between two looks at whether a stop was asked for
PIECE = 8  # segments in one piece of the index; measured best of 1 to 64, with 4 to a node
# Operations (about a nanosecond each), as measured on stars, spirals, combs and zigzags.
PER_PAIR, PER_TEST, PER_CORNER_OF_A_LAYER, PER_STAB, PER_PIECE = 200, 700, 15_000, 10, 500
# Of a place: measured to an area by an index, looked for in it by an index, measured to a spot; and to each corner without an index.
PER_PLACE, PER_PLACE_INSIDE, PER_SPOT, PER_CORNER = 5_000, 300, 100, 8
DRAW = "Draw it with fewer corners that lie apart, or simplify it."


@dataclass(slots=True)
class Tally:
    """What the areas of one file have come to so far: corners, crossings of their lines, and operations to sort these out."""

    corners: int = 0
    crossings: int = 0
    operations: int = 0

    def add_corners(self, number: int, what: str) -> None:
        """``TooLarge`` where there are now too many; to be asked before anything is made of the corners."""
        self.corners += number
        within("corners", self.corners, f"{begun(what)} comes to {self.corners:,} corners, with those before it.", "Simplify the areas.")


def begun(what: str) -> str:
    """The words for a thing at the beginning of a sentence."""
    return what[:1].upper() + what[1:]


def sound_area(rings: list[list[np.ndarray]], what: str, tally: Tally) -> shapely.Geometry:
    """Polygons, each a shell (V, 2) and its holes, as one valid area: what an odd number of lines goes round.

    Raises FeatureError where a shell has no three corners, or a corner is not finite; ``TooLarge`` where the lines cross too often.
    """
    for polygon in rings:
        for ring in polygon:
            tally.add_corners(len(ring), what)
            if len(ring) < 3 or not (np.abs(ring) <= FARTHEST_CORNER).all():
                raise FeatureError(f"{begun(what)} needs at least three corners, each of two finite numbers.",
                                   "Draw round the area once more.")
    try:
        parts = [shapely.Polygon(polygon[0], polygon[1:]) for polygon in rings]
        area = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
        pairs = _check_pairs(area, what, tally)
        return area if shapely.is_valid(area) else _peeled(area, what, tally, pairs)
    except shapely.errors.ShapelyError as error:
        raise FeatureError(f"{begun(what)} is no polygon ({str(error)[:200]}).", "Draw round the area once more.") from error


def largest_ring(area: shapely.Geometry, what: str) -> np.ndarray:
    """The closed outline (V, 2) of the largest polygon of a valid area. FeatureError where it has none."""
    parts = shapely.get_parts(shapely.get_parts(area))
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    size = shapely.area(polygons)
    if not size.max(initial=0.0) > 0.0:
        raise FeatureError(f"{begun(what)} has no area.", "Draw round the area once more.")
    return np.asarray(polygons[int(np.argmax(size))].exterior.coords)[:, :2]


def inside(area: shapely.Geometry, xy: np.ndarray, what: str) -> np.ndarray:
    """Which of the points (L, 2) lie within an area, not on its line, (L,) bool. ``TooLarge`` where that takes too long."""
    start, end = _segments(area)
    if len(start) * len(xy) > FEW:
        # the index is one of heights: for a point it looks at every line that is met by a level one through it; turned, by an upright one
        by_height, by_width = (_stabs(start[:, axis], end[:, axis], xy[:, axis]) for axis in (1, 0))
        steps = PER_STAB * min(by_height, by_width)
        within("operations", steps, f"To find the {len(xy):,} places in {what}, of {len(start):,} corners, takes {steps:,} steps.", DRAW)
        if by_width < by_height:
            area, xy = shapely.transform(area, lambda corners: corners[:, ::-1]), xy[:, ::-1]
    shapely.prepare(area)
    return _in_batches(lambda part: shapely.contains_xy(area, part[:, 0], part[:, 1]), xy, bool)


def distances(area: shapely.Geometry, xy: np.ndarray, what: str) -> np.ndarray:
    """Distance of finite points (L, 2) to an area, (L,) float64, 0 within it. ``TooLarge`` where that takes too long."""
    rings = [shapely.get_coordinates(ring) for ring in _rings(area)]  # none of a point
    if sum(map(len, rings)) * len(xy) <= FEW:
        return np.asarray(shapely.distance(shapely.points(xy), area))
    outside = ~inside(area, xy, what)
    pieces = np.array([shapely.LineString(ring[at:at + PIECE + 1]) for ring in rings for at in range(0, len(ring) - 1, PIECE)])

    def check(pairs: int) -> None:
        """A place must be measured to as many pieces as lie over each other: nearly all of them in a dense zigzag."""
        steps = round(outside.sum() * (PER_PLACE + PER_PIECE * pairs / len(pieces)))
        within("operations", steps, f"To measure how far {outside.sum():,} places are from {what} takes {steps:,} steps or more.", DRAW)

    _pairs(pieces, None, check)
    tree = shapely.STRtree(pieces, node_capacity=4)
    far = np.zeros(len(xy))
    far[outside] = _in_batches(lambda part: tree.query_nearest(shapely.points(part), return_distance=True, all_matches=False)[1],
                               xy[outside], float)
    return far


def steps_of_distances(corners: int, places: int) -> int:
    """Operations that ``distances`` takes, of a ring that does not lie over itself; of a spot, with no corners."""
    return places * (PER_SPOT + min(PER_CORNER * corners, PER_PLACE))


def steps_of_inside(corners: int, places: int) -> int:
    """Operations that ``inside`` takes, of a ring that no line meets often."""
    return places * min(PER_CORNER * corners, PER_PLACE_INSIDE)


def _check_pairs(area: shapely.Geometry, what: str, tally: Tally) -> int:
    """What comes before GEOS looks at an area at all: it tests each two segments whose boxes meet, whose number this is."""
    start, end = _segments(area)
    before = tally.operations

    def check(pairs: int) -> None:
        tally.operations = before + PER_PAIR * pairs
        within("operations", tally.operations, f"Too many lines of {what} lie side by side: to sort them out takes "
               f"{tally.operations:,} steps or more.", DRAW)

    if len(start) > SIMPLE:
        return _pairs(shapely.box(*np.minimum(start, end).T, *np.maximum(start, end).T), None, check)
    check(len(start) ** 2 // 2)
    return len(start) ** 2 // 2


def _peeled(area: shapely.Geometry, what: str, tally: Tally, pairs: int) -> shapely.Geometry:
    """The method "linework" of ``make_valid``: the outermost faces of the lines, less those of the lines left when theirs are gone, and
    so on. What is left of lines without a face has no area."""
    start, end = _segments(area)
    before = tally.crossings

    def charge(operations: int) -> None:
        tally.operations += operations
        within("operations", tally.operations, f"To sort out where the line round {what} crosses itself takes {tally.operations:,} "
               "steps or more.", DRAW)

    def check(meet: int) -> None:
        tally.crossings = before + max(meet - len(start), 0)  # without each with the next
        within("crossings", tally.crossings, f"The line round {what} meets itself {tally.crossings:,} times or more.", DRAW)

    charge(PER_TEST * pairs)
    _pairs(shapely.linestrings(np.stack((start, end), axis=1)), "intersects", check)
    lines = _lines(shapely.union(shapely.boundary(area), shapely.Point(start[0])))
    sound: shapely.Geometry = shapely.Polygon()
    while not shapely.is_empty(lines):
        checkpoint()
        charge(PER_CORNER_OF_A_LAYER * int(shapely.get_num_coordinates(lines)))
        faces = shapely.build_area(lines)
        if faces is None or shapely.is_empty(faces):
            break
        sound = shapely.symmetric_difference(sound, faces)
        lines = _without(lines, faces)
    return sound


def _without(lines: shapely.Geometry, faces: shapely.Geometry) -> shapely.Geometry:
    """Lines less the outlines of faces made of them: the same corners to the last bit, so segments can be told by their ends."""
    left, gone = (np.stack(_ends(shape), axis=1).reshape(-1, 4) + 0.0 for shape in (shapely.get_parts(lines), _rings(faces)))
    known = {row.tobytes() for row in np.vstack((gone, gone[:, [2, 3, 0, 1]]))}
    kept = np.array([row.tobytes() not in known for row in left], bool)
    return shapely.multilinestrings(shapely.linestrings(left[kept].reshape(-1, 2, 2)))


def _pairs(shapes: np.ndarray, predicate: str | None, check: Callable[[int], None]) -> int:
    """How many pairs of shapes meet, or have boxes that do; the count so far is shown to ``check`` again and again."""
    tree, hits, few = shapely.STRtree(shapes), 0, max(1, AT_ONCE // len(shapes))
    for at in range(0, len(shapes), few):
        checkpoint()
        part = shapes[at:at + few]
        hits += tree.query(part, predicate=predicate).shape[1] - len(part)  # each meets itself
        check(hits // 2)
    return hits // 2


def _lines(shape: shapely.Geometry) -> shapely.Geometry:
    """The lines of a mixed bag: a lone point among them is no outline."""
    parts = shapely.get_parts(shape)
    return shapely.multilinestrings(parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING])


def _rings(area: shapely.Geometry) -> np.ndarray:
    return shapely.get_rings(shapely.get_parts(area))


def _segments(area: shapely.Geometry) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of every segment of every ring, (n, 2) each."""
    return _ends(_rings(area))


def _ends(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    xy, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    return xy[:-1][same], xy[1:][same]


def _stabs(start: np.ndarray, end: np.ndarray, at: np.ndarray) -> int:
    """How many pairs there are of a segment and a place between whose ends it lies, along one axis."""
    low, high = np.sort(np.minimum(start, end)), np.sort(np.maximum(start, end))
    at = at[(at >= low[0]) & (at <= high[-1])]
    return int((np.searchsorted(low, at, side="right") - np.searchsorted(high, at, side="left")).sum())


def _in_batches(of: Callable[[np.ndarray], Any], xy: np.ndarray, kind: type) -> np.ndarray:
    """``of`` all points, with a look between batches at whether a stop was asked for."""
    out: np.ndarray = np.empty(len(xy), kind)
    for at in range(0, len(xy), PLACES_AT_ONCE):
        checkpoint()
        out[at:at + PLACES_AT_ONCE] = of(xy[at:at + PLACES_AT_ONCE])
    return out

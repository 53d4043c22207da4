"""Many tracks as walks over spots, side by side, and what each of them went round, back and again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from irlcore.review.behaviour import CELLS_BACK, ROUND, Spots, spots_of
from irlcore.review.parts.base import Material
from irlcore.review.shapes.kernels import erase_loops
from irlcore.review.shapes.lines import places_of
from irlcore.review.words.amounts import STEPS
from irlcore.tracks.tracks import take_flat
from irlcore.worlds.cells.kinds import lattice_of
from irlcore.worlds.world import World

A_PAUSE = 1e-6  # cells: what is shorter by no more than rounding is as long


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """n walks, without pauses. offsets: (n + 1,) int64. spots, places: (V,) int64, and length: (V,) float64 of the step that led to each, 0
    at the start. unit: of lengths. world_spots: what the spots are numbers of."""

    offsets: np.ndarray
    spots: np.ndarray
    places: np.ndarray
    length: np.ndarray
    unit: str
    world_spots: Spots

    @property
    def owner(self) -> np.ndarray:
        """(V,) int64: the walk of each."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def total(self, length: np.ndarray) -> np.ndarray:
        """(n,) float64: the sum of ``length`` (V,) over each walk."""
        return np.bincount(self.owner, length, len(self.offsets) - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Passed:
    """Way of some sort that n walks went. amount: (n,) float64, in the unit of the walks. count: (n,) int64, how many pieces. place: (n,)
    int64, where the longest of them is, the first of several as long, -1 where there is none."""

    amount: np.ndarray
    count: np.ndarray
    place: np.ndarray


def spots_by_turns(world: World) -> Spots:
    """Spots of a world; of a network whose links have no lines by the turns alone: where one link leads on to another, the one ends where
    the other begins."""
    spots = spots_of(world)
    if spots.meet or world.kind != "network":
        return spots
    n = world.n_places
    ends, begins = world.choice_from[world.mdp.outcome_choice], world.place_of_state[world.mdp.successors]
    same = sp.coo_array((np.ones(len(ends)), (n + ends, begins)), shape=(2 * n, 2 * n))
    _, spot = connected_components(same, directed=False)
    return replace(spots, begin=spot[:n].astype(np.int64), end=spot[n:].astype(np.int64), xy=np.full((2 * n, 2), np.nan))


def ways_of(material: Material, index: np.ndarray) -> Ways:
    """The tracks ``index`` (n,) as walks, as ``behaviour.walk_of`` has each of them."""
    world, paths = material.world, material.paths
    spots = spots_by_turns(world)
    place, offsets = places_of(material, index)
    chosen, flat = take_flat(paths.offsets, index)
    step = world.choice_length[paths.choices[flat]] if spots.measured else np.ones(len(flat))
    length = np.insert(step, chosen[:-1], 0.0)
    at = spots.end[place]
    if spots.meet:
        first = offsets[:-1]
        at = np.insert(at, first, spots.begin[place[first]])
        place, length = np.insert(place, first, place[first]), np.insert(length, first, 0.0)
        offsets = offsets + np.arange(len(offsets))
    moved = np.append(True, at[1:] != at[:-1])[:len(at)]
    moved[offsets[:-1]] = True
    before = np.append(0, np.cumsum(moved))
    return Ways(before[offsets].astype(np.int64), at[moved], place[moved], length[moved], world.unit if spots.measured else STEPS, spots)


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """m excursions: positions first, last and farthest (m,) int64, whether each is a circle, its own way (m,) float64, and whether it is no
    more than noise on a grid."""

    first: np.ndarray
    last: np.ndarray
    far: np.ndarray
    circle: np.ndarray
    way: np.ndarray
    noise: np.ndarray


def pieces_of(ways: Ways) -> Pieces:
    """What the walks came back from to where they had been (``behaviour.excursions``)."""
    spots, v = ways.world_spots, len(ways.spots)
    grid = spots.world.kind == "grid"
    xy = spots.xy[ways.spots]
    where, way = np.empty((v, 4), np.int64), np.empty(v)
    seen = np.full(int(ways.spots.max(initial=0)) + 1, -1)
    area = float(lattice_of(spots.world.settings).area) if grid else 0.0
    x, y = (np.ascontiguousarray(xy[:, axis]) for axis in (0, 1))
    n = erase_loops(ways.spots, ways.offsets, ways.length, x, y, ROUND, area, seen, where, way)
    first, last, far, circle = where[:n].T
    noise = np.zeros(n, bool)
    if grid:
        out = lattice_of(spots.world.settings).moves_over(xy[far] - xy[first])
        noise = (circle == 0) & (out < CELLS_BACK - A_PAUSE)
    return Pieces(first, last, far, circle == 1, way[:n], noise)


def circles(ways: Ways) -> Passed:
    """Rings that enclose something, each by its own way."""
    found = pieces_of(ways)
    return _passed(ways, found.first[found.circle], found.way[found.circle], found.first[found.circle])


def backs(ways: Ways) -> Passed:
    """Ways out and back, each by its own way, told by where it turned."""
    found = pieces_of(ways)
    back = ~found.circle & ~found.noise
    return _passed(ways, found.first[back], found.way[back], found.far[back])


def without_noise(ways: Ways) -> Ways:
    """The walks without what is noise on a grid: to and fro between two cells."""
    found = pieces_of(ways)
    gone = np.zeros(len(ways.spots) + 1, np.int64)
    np.add.at(gone, found.first[found.noise] + 1, 1)
    np.add.at(gone, found.last[found.noise] + 1, -1)
    kept = np.cumsum(gone)[:-1] == 0
    before = np.append(0, np.cumsum(kept))
    return replace(ways, offsets=before[ways.offsets].astype(np.int64), spots=ways.spots[kept], places=ways.places[kept],
                   length=ways.length[kept])


def repeats(ways: Ways) -> Passed:
    """Steps between the same two spots, in the same direction, that were made before; each run of them is one piece."""
    ways = without_noise(ways)
    owner, v = ways.owner, len(ways.spots)
    step = np.flatnonzero(np.append(False, owner[1:] == owner[:-1])[:v])
    if not len(step):
        return _passed(ways, step, np.zeros(0), step)
    _, kind = np.unique(np.column_stack((owner[step], ways.spots[step - 1], ways.spots[step])), axis=0, return_inverse=True)
    kind = kind.ravel()
    first = np.full(int(kind.max()) + 1, v)
    np.minimum.at(first, kind, step)
    again = np.zeros(v + 1, bool)
    again[step] = step > first[kind]
    begin = np.flatnonzero(again[:v] & ~np.append(False, again[:v - 1]))
    run = np.cumsum(again[:v] & ~np.append(False, again[:v - 1])) - 1
    mine = np.flatnonzero(again[:v])
    return _passed(ways, begin, np.bincount(run[mine], ways.length[mine], len(begin)), begin - 1)


def _passed(ways: Ways, at: np.ndarray, way: np.ndarray, told: np.ndarray) -> Passed:
    """Pieces that begin at positions ``at`` (m,), each by its ``way`` (m,), and told by the place at ``told`` (m,)."""
    n = len(ways.offsets) - 1
    owner = ways.owner[at]
    place = np.full(n, -1)
    order = np.lexsort((-at, np.round(way, 9), owner))  # the last of each owner is the longest, the first of several as long
    place[owner[order]] = ways.places[told[order]]
    return Passed(np.bincount(owner, way, n), np.bincount(owner, minlength=n), place)

"""Tracks as lines on the ground, by which one is compared with another: their own points on a grid, else the places that they passed.

A cell is coarser than what sets tracks apart (on labelled vehicles the nearest stretch of another track finds .61 of average precision by
points, .29 by cells of 10 px), a link of a network is not; and there points are noisier than links.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.review.behaviour import spots_of
from irlcore.review.parts.base import Material
from irlcore.review.parts.once import once, same_way
from irlcore.review.shapes.kernels import corners_after, way_from_beginning
from irlcore.tracks.tracks import take_flat

SHARE = 0.2
"""Of the size of a usual track's bounding box: a stretch that is long enough to have a direction and short enough to be local."""
DIGITS = 6  # of a reach, that count


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """n lines. offsets: (n + 1,) int64. xy: (V, 2) float64, corners in ``unit``; a line may have none. along: (V,) float64, way from the
    line's beginning. by_places: whether corners are places', so that tracks that pass the same ones have the same corners."""

    offsets: np.ndarray
    xy: np.ndarray
    along: np.ndarray
    unit: str
    by_places: bool

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def length(self) -> np.ndarray:
        """(n,) float64, of the way from the first corner to the last; 0 where there are no two."""
        some = np.diff(self.offsets) > 0
        last = np.zeros(len(self))
        last[some] = self.along[self.offsets[1:][some] - 1]
        return last

    @property
    def size(self) -> np.ndarray:
        """(n,) float64, the diagonal of each line's bounding box; 0 where it has no corner."""
        some = np.flatnonzero(np.diff(self.offsets) > 0)
        out = np.zeros(len(self))
        if len(some):
            first = self.offsets[:-1][some]  # empty lines in between take nothing from their neighbours
            out[some] = np.hypot(*(np.maximum.reduceat(self.xy, first) - np.minimum.reduceat(self.xy, first)).T)
        return out

    def reach(self, known: np.ndarray) -> float:
        """How long a stretch is that one looks at: ``SHARE`` of the median size of those of the lines ``known`` (m,) that go anywhere; 0
        where none does."""
        return reach_of(self.size, known)

    def at(self, line: np.ndarray, along: np.ndarray) -> np.ndarray:
        """(m, 2): where on lines ``line`` (m,), none of them empty, one is after so much way ``along`` (m,)."""
        first, last, after = self.offsets[line], self.offsets[line + 1] - 1, np.empty(len(line), np.int64)
        corners_after(self.offsets, self.along, line, along, after)
        after = np.clip(after, np.minimum(first + 1, last), last)
        before = np.maximum(after - 1, first)
        step = self.along[after] - self.along[before]
        share = np.clip((along - self.along[before]) / np.where(step > 0.0, step, 1.0), 0.0, 1.0)
        return np.asarray(self.xy[before] + share[:, None] * (self.xy[after] - self.xy[before]))

    def turning(self, every: float) -> np.ndarray:
        """(n,) float64, radians: how much each line turns in all, to either side, between points so much way apart and its end; NaN for one
        that goes no farther than ``every``, and where that is 0."""
        out = np.full(len(self), np.nan)
        long = np.flatnonzero(self.length > every * (1.0 + 10.0**-DIGITS)) if every > 0.0 else np.zeros(0, np.int64)
        if not len(long):
            return out
        count = np.maximum(np.rint(self.length[long] / every).astype(np.int64), 2) + 1
        owner = np.repeat(np.arange(len(long)), count)
        rung = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
        xy = self.at(long[owner], self.length[long][owner] * rung / (count - 1)[owner])
        step, same = xy[1:] - xy[:-1], owner[1:] == owner[:-1]
        same &= np.hypot(*step.T) > 10.0**-DIGITS * every  # it turned back just there: which way it goes is told by the next
        step, whose = step[same], owner[1:][same]
        cross = step[:-1, 0] * step[1:, 1] - step[:-1, 1] * step[1:, 0]
        turn = np.abs(np.arctan2(cross, (step[:-1] * step[1:]).sum(axis=1)))
        joined = whose[1:] == whose[:-1]
        out[long] = np.bincount(whose[1:][joined], turn[joined], len(long))
        return out

    def resampled(self, count: int) -> np.ndarray:
        """(n, count, 2): so many points at equal ways along each line; NaN for a line without a corner."""
        out = np.full((len(self), count, 2), np.nan)
        some = np.flatnonzero(np.diff(self.offsets) > 0)
        way = self.length[some][:, None] * np.linspace(0.0, 1.0, count)
        out[some] = self.at(np.repeat(some, count), way.ravel()).reshape(len(some), count, 2)
        return out


def reach_of(size: np.ndarray, known: np.ndarray) -> float:
    """``Lines.reach``, from the size of each line."""
    moving = size[known]
    moving = moving[moving > 0.0]
    return SHARE * float(np.median(moving)) if len(moving) else 0.0


def on_points(material: Material) -> bool:
    """Whether tracks are lines by their own points."""
    return material.world.kind == "grid" and material.points is not None


def all_lines(material: Material) -> tuple[Lines, np.ndarray]:
    """All different tracks as lines, and which of them each track is, (N,) int64."""
    if on_points(material):
        every = np.arange(len(material.paths))
        return lines_of(material, every), every
    different, back = once(same_way(material), np.arange(len(material.paths)))
    return lines_of(material, different.index), back


def lines_of(material: Material, index: np.ndarray) -> Lines:
    """The tracks ``index`` (n,) as lines; all without a corner where the world has no coordinates."""
    world, points = material.world, material.points
    if on_points(material) and points is not None:
        offsets, flat = take_flat(points.offsets, index)
        return _lines(offsets, np.column_stack((points.x[flat], points.y[flat])), points.unit, False)
    spots = spots_of(world)
    place, offsets = places_of(material, index)
    xy = spots.xy[spots.end[place]]
    if spots.meet:
        starts = offsets[:-1]
        xy = np.insert(xy, starts, spots.xy[spots.begin[place[starts]]], axis=0)
        offsets = offsets + np.arange(len(offsets))
    return _lines(offsets, xy, world.unit, True)


def places_of(material: Material, index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The places that the tracks ``index`` (n,) passed, the last one included, flat (V,) int64, and their offsets (n + 1,)."""
    paths, world = material.paths, material.world
    offsets, flat = take_flat(paths.offsets, index)
    states = np.insert(world.mdp.choice_state[paths.choices[flat]], offsets[1:], paths.last_state[index])
    return world.place_of_state[states], offsets + np.arange(len(offsets))


def _lines(offsets: np.ndarray, xy: np.ndarray, unit: str, by_places: bool) -> Lines:
    """Without corners that are not known or where nothing has moved."""
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    known = np.isfinite(xy).all(axis=1)
    xy, owner = xy[known], owner[known]
    if not len(xy):
        return Lines(np.zeros(len(offsets), np.int64), xy, np.zeros(0), unit, by_places)
    same = np.append(False, owner[1:] == owner[:-1])
    moved = ~same
    moved[1:] |= (xy[1:] != xy[:-1]).any(axis=1)
    xy, owner, same = xy[moved], owner[moved], same[moved]
    step = np.zeros(len(xy))
    step[1:] = np.where(same[1:], np.hypot(*(xy[1:] - xy[:-1]).T), 0.0)
    begins = np.searchsorted(owner, np.arange(len(offsets))).astype(np.int64)
    along = np.empty(len(step))
    way_from_beginning(begins, step, along)
    return Lines(begins, xy, along, unit, by_places)

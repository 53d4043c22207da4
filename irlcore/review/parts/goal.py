"""Where a track ended, against where its like ended: those that began where it did, and those that went the way it began by.

Both are chances learned from tracks that arrived, smoothed over neighbouring starts and ends (``shapes.thereabouts``), and drawn towards
what is known more broadly as if that had been seen ``STRENGTH`` times: where any track ended, from there, at that hour, by that step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from irlcore.engine import checkpoint
from irlcore.review.nearest import occurrences
from irlcore.review.parts.base import NO_WAYS, Family, Material
from irlcore.review.parts.once import different_ways, numbered, once, same_way
from irlcore.review.shapes.thereabouts import Thereabouts, thereabouts
from irlcore.review.words import kinds as words
from irlcore.review.words.places import at_token, place_token
from irlcore.worlds.goal_prior import arrived

STRENGTH = 3.0  # tracks; of 2 to 10 the held-out ends of trips on a road network are told best by 2 to 3
HOURS, DAY_H = 2.0, 24.0  # how near in the day starts are
AT_ONCE = 2_000_000  # pairs of tracks compared in one piece, for the sake of memory
DIGITS = 9
NO_DESTINATION = "No track of this class is known to have come to a destination."


@dataclass(frozen=True, eq=False)
class Ends:
    """The tracks ``learn`` (m,) of ``material`` that arrived, and how near places are to each other."""

    material: Material
    learn: np.ndarray

    @cached_property
    def near(self) -> Thereabouts:
        """By their size."""
        return thereabouts(self.material, self.learn)

    @cached_property
    def start(self) -> np.ndarray:
        """(N,) int64: the place where each path of the material began."""
        return self.material.world.place_of_state[self.material.paths.first_state(self.material.world.mdp)]

    @cached_property
    def end(self) -> np.ndarray:
        """(N,) int64: the place where each was last seen."""
        return self.material.world.place_of_state[self.material.paths.last_state]

    def chances(self, index: np.ndarray) -> np.ndarray:
        """(n,) float64: the chance that tracks ``index`` (n,) end thereabouts, by where, and where known at what hour, they began."""
        starts, row = numbered(self.start[self.learn], self.material.world.n_places)
        ends, column = numbered(self.end[self.learn], self.material.world.n_places)
        hour = hour_of(self.material)
        apart = np.abs(np.arange(DAY_H)[:, None] - np.arange(DAY_H)[None, :])
        alike = (1.0 + (np.minimum(apart, DAY_H - apart) / HOURS) ** 2) ** -2.0

        def trips(weight: np.ndarray) -> sp.csr_array:
            """(A, B): the weight of the trips from each start to each end."""
            return sp.csr_array((weight, (row, column)), shape=(len(starts), len(ends)))

        anywhen, own = trips(np.ones(len(row))), hour[self.learn]
        at = {h: trips(np.where(np.isfinite(own), alike[h][np.nan_to_num(own).astype(np.int64)], 0.0))
              for h in np.unique(hour[index][np.isfinite(hour[index])]).astype(np.int64).tolist()} if np.isfinite(own).any() else {}
        often = np.bincount(column)
        index, back = self._once_by_ends(index, hour)
        out = np.empty(len(index))
        for some in _pieces(len(index), len(starts) + len(ends)):
            here = index[some]
            goal, which = np.unique(self.end[here], return_inverse=True)
            ended = self.near.weights(goal, ends)[which]
            origin, whence = np.unique(self.start[here], return_inverse=True)
            began = self.near.weights(origin, starts)
            chance = _drawn(np.tile(often, (len(here), 1)), ended, np.full(len(here), 1.0 / len(ends)))
            chance = _drawn(np.asarray(began @ anywhen)[whence], ended, chance)
            for h, then in at.items():
                mine = np.flatnonzero(hour[here] == h)
                if len(mine):
                    chance[mine] = _drawn(np.asarray(began[np.unique(whence[mine])] @ then)[
                        np.unique(whence[mine], return_inverse=True)[1]], ended[mine], chance[mine])
            out[some] = chance
        return np.asarray(out[back])

    def _once_by_ends(self, index: np.ndarray, hour: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """One of the tracks ``index`` (n,) for each start, end and hour, and which of them stands for each."""
        then = np.nan_to_num(hour[index], nan=DAY_H).astype(np.int64)
        key = (self.start[index] * np.int64(self.material.world.n_places) + self.end[index]) * (int(DAY_H) + 1) + then
        _, first, back = np.unique(key, return_index=True, return_inverse=True)
        return index[first], back

    def surprise_by_step(self, index: np.ndarray, chance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of the steps of the first halves of tracks ``index`` (n,): minus the log of the chance that who makes this step ends there, flat,
        and the offsets (n + 1,). chance: (n,), what was known without."""
        paths = self.material.paths
        count = (paths.lengths[index] + 1) // 2
        offsets = np.append(0, np.cumsum(count))
        flat = np.arange(offsets[-1]) + np.repeat(paths.offsets[index] - offsets[:-1], count)
        choice, owner = paths.choices[flat], np.repeat(np.arange(len(index)), count)
        different = once(same_way(self.material), self.learn)[0]
        ends, of = numbered(self.end[different.index], self.material.world.n_places)
        many, (ways, way) = self.material.world.mdp.n_choices, different_ways(self.material)
        usual = ways.take(way[different.index])
        made = np.flatnonzero(occurrences(usual) == 0)  # each step of a track once
        what, who = usual.choices[made], usual.owner[made]
        led = sp.csr_array((different.often[who].astype(np.float64), (what, of[who])), shape=(many, len(ends)))
        total = np.bincount(what, different.often[who], many)
        out = np.empty(len(flat))
        for some in _pieces(len(index), len(ends)):
            mine = slice(int(offsets[some.start]), int(offsets[some.stop]))
            goal, which = np.unique(self.end[index[some]], return_inverse=True)
            step, at = np.unique(choice[mine], return_inverse=True)
            there = led[step] @ self.near.weights(ends, goal)
            own = owner[mine]
            out[mine] = -np.log((there[at, which[own - some.start]] + STRENGTH * chance[own]) / (total[choice[mine]] + STRENGTH))
        return out, offsets

    def nearby(self, places: np.ndarray, place: int) -> np.ndarray:
        """(n,) bool: which of ``places`` (n,) lie within reach of one."""
        return np.asarray(self.near.distances(np.array([place]), places)[0] <= 1.0)

    def said(self, which: np.ndarray, like: str, end: int) -> str:
        """How many of the normal tracks ``which`` (m',) ended where this one did, and where most did. like: what they have in common."""
        ended = self.end[which]
        count = int(self.nearby(ended, end).sum())
        place, often = np.unique(ended, return_counts=True)
        usual = int(place[np.argmax(often)])
        told = len(which) == 1 or (often.max() > 1 and not self.nearby(np.array([usual]), end)[0])
        return words.ended_elsewhere(like, len(which), count, place_token(end), at_token(end), at_token(usual) if told else "")


def hour_of(material: Material) -> np.ndarray:
    """(N,) float64: the hour of the day at which each track began, NaN where that is not known."""
    return np.asarray(np.floor(material.began / 3600.0) % DAY_H)


def _pieces(n: int, width: int) -> Iterator[slice]:
    few = max(1, AT_ONCE // max(width, 1))
    for begin in range(0, n, few):
        checkpoint()
        yield slice(begin, min(begin + few, n))


def _drawn(weight: np.ndarray, near: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """(n,): the share of the weight (n, E) of each end that lies near (n, E), drawn towards ``chance`` (n,)."""
    found: np.ndarray = (np.einsum("ij,ij->i", weight, near) + STRENGTH * chance) / (weight.sum(axis=1) + STRENGTH)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Destinations:
    """What was found of the tracks ``index`` (n,). values: (n,) nats. step: (n,) int64, the choice whose other makers ended elsewhere the
    most, -1 where it is the start that tells."""

    ends: Ends
    index: np.ndarray
    values: np.ndarray
    step: np.ndarray

    def words(self, at: int) -> str:
        """Where its like ended."""
        if not np.isfinite(self.values[at]):
            return ""
        ends, i, choice = self.ends, int(self.index[at]), int(self.step[at])
        world, learn = ends.material.world, ends.learn
        end, start = int(ends.end[i]), int(ends.start[i])
        if choice >= 0:
            ways, way = different_ways(ends.material)
            made = np.bincount(ways.owner[ways.choices == choice], minlength=len(ways)) > 0
            like = learn[made[way[learn]]]
            did = words.went_like_it(*(place_token(int(one[choice])) for one in (world.choice_from, world.choice_place)))
        else:
            like, did = learn[ends.nearby(ends.start[learn], start)], words.began_like_it(place_token(start))
        return ends.said(like, did, end) if len(like) else words.ended_elsewhere(did, 0, 0, "", "", "")


class ByEnds:
    """What kinds that ask where a track ended have in common."""

    family: Family = "goal"
    unit = "nats"

    def missing(self, material: Material) -> str:
        """Who roams, and who was cut off, has ended nowhere."""
        if material.world.kind == "log":
            return NO_WAYS
        return "" if arrived(material.paths).any() else NO_DESTINATION

    def same(self, material: Material) -> np.ndarray | None:
        """Tracks that go the same way, at the same hour where hours are known."""
        same = same_way(material)
        if not np.isfinite(material.began).any():
            return same
        hour = np.nan_to_num(hour_of(material), nan=DAY_H).astype(np.int64)
        return np.asarray(np.unique(same * (int(DAY_H) + 1) + hour, return_inverse=True)[1])


def _asked(material: Material, learn: np.ndarray, index: np.ndarray) -> tuple[Ends, np.ndarray]:
    """What there is to learn from, and the places in ``index`` of those that can be asked about."""
    known = arrived(material.paths)
    ends = Ends(material, learn[known[learn]])
    return ends, np.flatnonzero(known[index]) if len(ends.learn) else np.zeros(0, np.int64)


class Destination(ByEnds):
    """Minus the log of the chance of where it ended, by where it began."""

    name = "destination"
    title = "Unusual destination"
    sentence = "How rarely tracks that begin there, and at that hour where hours are known, end where this one did."

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Destinations:
        """By where those of ``learn`` ended."""
        ends, asked = _asked(material, learn, index)
        values = np.full(len(index), np.nan)
        if len(asked):
            values[asked] = np.round(-np.log(ends.chances(index[asked])), DIGITS)
        return Destinations(ends, index, values, np.full(len(index), -1))


class LeftItsCourse(ByEnds):
    """The mean, over the steps of its first half, of minus the log of the chance that who makes this step ends where it ended."""

    name = "left_its_course"
    title = "Ended elsewhere than it headed"
    sentence = "How rarely tracks that go the first half of its way end where this one did."

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Destinations:
        """By where those of ``learn`` that made the same steps ended."""
        ends, asked = _asked(material, learn, index)
        values, step = np.full(len(index), np.nan), np.full(len(index), -1)
        asked = asked[material.paths.lengths[index[asked]] > 0]
        if len(asked):
            here = index[asked]
            found, offsets = ends.surprise_by_step(here, ends.chances(here))
            values[asked] = np.round(np.add.reduceat(found, offsets[:-1]) / np.diff(offsets), DIGITS)
            owner = np.repeat(np.arange(len(here)), np.diff(offsets))
            order = np.lexsort((np.arange(len(found)), -np.round(found, DIGITS), owner))
            worst = order[offsets[:-1]]
            paths = material.paths
            step[asked] = paths.choices[paths.offsets[here] + worst - offsets[:-1]]
        return Destinations(ends, index, values, step)

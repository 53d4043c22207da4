"""Unusual way: the part of a track, of any length, where its turns and places are rarer than those of others between the same places.

    rarity of a step = -log P(turn) - 1/2 log P(place), nats;   of a track = max over parts of the sum of rarity less what is allowed a step

by what tracks from near the same start to near the same goal did (``usual.alike``). The turn and the place that it leads to are two looks
at one step, so the second counts half. Allowed is half as much again as a step of the class has on average, so that what adds up is a
stretch out of the ordinary and not a long way (a cumulative sum: Page, *Continuous inspection schemes*, Biometrika 1954). Where few have
gone between two places every way looks rare: so a track is compared with what tracks of the class get from the others where as much is
known, a regression of mean and spread on the logarithms of how much that is. Divided by the root of the spread: where it is twice as
wide, what is strange lies farther out, too, though not twice as far.

Nothing of a model is in it, so it also sees what the features cannot say. (Ours. Its numbers were chosen on Shanghai's training trips,
where any of them from half to twice as large moves the average precision of detours by less than .05.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.errors import DataError
from irlcore.review.parts.base import NO_WAYS, Family, Material
from irlcore.review.parts.once import once, same_way
from irlcore.review.parts.usual.alike import Alike, alike
from irlcore.review.stretch.kernels import largest_sums
from irlcore.review.words import kinds as words
from irlcore.review.words.places import place_token
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import A_PLACE, World

PLACES_COUNT, ALLOWED = 0.5, 1.5
RARE = 0.05
"""A turn that fewer take is named."""
LEAST_KNOWN = 0.1  # tracks
ENOUGH = 3.0
"""Tracks between such places below which nothing is said of them."""
MOST_COMPARED, SEED = 1_000, 20121
"""Tracks that what is usual is regressed on, a sample where there are more."""
NARROWEST = 0.3
"""Of the common spread: where the class goes one way only, leaving it is not endlessly strange."""
STEADIED = 5.0
"""Tracks' worth of no slope at all (ridge), so that a handful of tracks draws no steep curve."""


@dataclass(frozen=True, slots=True, eq=False)
class Unusual:
    """What was found of n tracks: values (n,); first, last (n,) int64: the part that it is about, choices first:last of each track;
    paths: these tracks."""

    values: np.ndarray
    first: np.ndarray
    last: np.ndarray
    found: Alike
    paths: Paths
    world: World

    def words(self, at: int) -> str:
        """How many steps, and how many places of the part it is about, are rare, and what is known of the rarest step."""
        if not np.isfinite(self.values[at]):
            return ""
        start, end = (int(step) for step in self.paths.offsets[at:at + 2])
        said, one_in = [], round(1 / RARE)
        part = slice(start + int(self.first[at]), start + int(self.last[at]))
        way = self._name(self.world.choice_from, part.start), self._name(self.world.choice_place, part.stop - 1)
        if self.values[at] > 0.0 and self.found.like[at] < ENOUGH:
            said.append(words.unknown_way(*way))
        elif self.values[at] > 0.0 and (rare := self._rare_places(part)):
            said.append(words.rare_places(*way, rare, A_PLACE[self.world.kind], one_in))
        if rare := int((self.found.turn[start:end] < RARE).sum()):
            least = start + int(np.argmin(self.found.turn[start:end]))
            there, so = (round(float(w)) for w in self.found.by_goal[least])
            said.append(words.rare_steps(rare, end - start, one_in, self._name(self.world.choice_from, least),
                                         self._name(self.world.choice_place, least), there, so))
        return words.unusual_way(said, one_in)

    def _rare_places(self, part: slice) -> int:
        into = self.world.choice_place[self.paths.choices[part]]
        return len(np.unique(into[self.found.place[part] < RARE]))

    def _name(self, place_of: np.ndarray, step: int) -> str:
        return place_token(int(place_of[self.paths.choices[step]]))


class UsualWays:
    """How far from the ways that others take between the same places."""

    name = "usual_ways"
    family: Family = "route"
    title = "Unusual way"
    unit = ""
    sentence = ("How far some part of it, short or long, leaves the ways that other tracks take between the same places; 0 is ordinary. It "
                "needs no features, so it also sees what they cannot say.")

    def missing(self, material: Material) -> str:
        """Where no track goes anywhere."""
        if material.world.kind == "log":
            return NO_WAYS
        if not _with_goal(material.paths).any():
            return "No track of this class has a destination, so there is no usual way to one."
        return ""

    def same(self, material: Material) -> np.ndarray:
        """Tracks that go the same way."""
        return same_way(material)

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Unusual:
        """The tracks ``index`` (n,) against the tracks ``learn`` (m,); NaN for one that was cut off before it arrived."""
        world, paths = material.world, material.paths
        if np.isin(index, learn).any():
            raise DataError("A track is measured against what was learned from itself.", "Leave it out of the tracks learned from.")
        going = _with_goal(paths)
        learn = learn[going[learn]]
        compared = learn
        if len(learn) > MOST_COMPARED:
            compared = np.sort(np.random.default_rng(SEED).choice(np.sort(learn), MOST_COMPARED, replace=False))
        mine, asked = paths.take(index), going[index]
        both, known = np.concatenate((index, compared)), once(same_way(material), learn)[0]
        itself = np.arange(len(both)) >= len(index)
        found, known_steps = alike(world, paths, known.index, both, known.often, itself), paths.take(both)
        n, rarity = len(index), -np.log(found.turn) - PLACES_COUNT * np.log(found.place)
        ordinary = rarity[len(mine.choices):]
        allowed = ALLOWED * float(ordinary.mean()) if len(ordinary) else 0.0
        sums, first, last = np.zeros(len(both)), np.zeros(len(both), np.int64), np.zeros(len(both), np.int64)
        largest_sums(rarity - allowed, known_steps.offsets, sums, first, last)
        much = np.log(np.column_stack((found.like, found.to_goal)) + LEAST_KNOWN)
        values = _beyond_usual(much[n:], sums[n:], much[:n], sums[:n])
        return Unusual(np.where(asked, values, np.nan), first[:n], last[:n], _first(found, mine), mine, world)


def _with_goal(paths: Paths) -> np.ndarray:
    """(N,) bool: tracks that went somewhere, and came there."""
    known = paths.goal >= 0
    return np.asarray(known & ~paths.goals.nowhere[np.where(known, paths.goal, 0)] if len(paths.goals) else known)


def _beyond_usual(known: np.ndarray, usual: np.ndarray, asked: np.ndarray, found: np.ndarray) -> np.ndarray:
    """(n,) how far ``found`` (n,) is above what is usual where as much is known as in ``asked`` (n, 2), by ordinary tracks, ``usual`` (m,)
    and ``known`` (m, 2); over the root of how far these lie from it, one being what is common."""
    if not len(usual):
        return found
    off = np.abs(usual - _regressed(known, usual, known))
    common = max(float(off.mean()), 1e-9)
    spread = np.maximum(_regressed(known, off, asked) / common, NARROWEST)
    return np.asarray((found - _regressed(known, usual, asked)) / np.sqrt(spread))


def _regressed(known: np.ndarray, of: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """(n,) what ``of`` (m,) is on average where as much is known as in ``asked`` (n, 2): a parabola in ``known`` (m, 2), by least squares
    with a ridge; level beyond what was seen."""
    low, high, middle = known.min(axis=0), known.max(axis=0), known.mean(axis=0)

    def columns(rows: np.ndarray) -> np.ndarray:
        off = np.clip(rows, low, high) - middle
        return np.column_stack((off, off**2))

    X = columns(known)
    centre, spread = X.mean(axis=0), np.maximum(X.std(axis=0), 1e-9)
    X = (X - centre) / spread
    slope = np.linalg.solve(X.T @ X + STEADIED * np.eye(X.shape[1]), X.T @ (of - of.mean()))
    at = (columns(asked) - centre) / spread
    return np.asarray(of.mean() + (at * slope).sum(axis=1))  # by a product with a vector a row's last bit would hang on where it stands


def _first(found: Alike, mine: Paths) -> Alike:
    """What was found of the first tracks, ``mine``."""
    n, steps = len(mine), len(mine.choices)
    return Alike(found.turn[:steps], found.place[:steps], found.by_goal[:steps], found.to_goal[:n], found.like[:n])

"""The shape of a track against tracks of its size: circles, ways out and back, the same again, a winding way, turning."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from irlcore.quantities import plain, said_length
from irlcore.review.parts.base import NO_WAYS, Family, Material
from irlcore.review.parts.once import once, same_way
from irlcore.review.parts.spread import Usual
from irlcore.review.shapes.lines import Lines, all_lines, on_points, reach_of
from irlcore.review.shapes.ways import Passed, Ways, backs, circles, repeats, ways_of
from irlcore.review.words import kinds as words
from irlcore.review.words.amounts import said_way
from irlcore.review.words.places import at_token
from irlcore.tracks.tracks import blocks_of

NO_COORDINATES = "This world has no coordinates."
BLOCK = 1 << 20  # steps that are looked at together, for the sake of memory
RUNGS = 4  # in a stretch (``Lines.reach``): turning is told by the way from one to the next, not by every sample


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """Of n tracks: values (n,), how many spreads above the usual (n,) of tracks of its size each amount (n,) is."""

    values: np.ndarray
    amount: np.ndarray
    usual: np.ndarray
    sentences: PassedWords | LineWords

    def words(self, at: int) -> str:
        """Empty where the track does no more of it than others."""
        return self.sentences.of(at, float(self.amount[at]), float(self.usual[at])) if self.values[at] > 0.0 else ""


@dataclass(frozen=True, slots=True, eq=False)
class PassedWords:
    """verb: "Went round in a circle". passed: where."""

    verb: str
    passed: Passed
    unit: str

    def of(self, at: int, amount: float, usual: float) -> str:
        """How often, where, how much, and what is usual."""
        count, place = int(self.passed.count[at]), int(self.passed.place[at])
        return words.passed_again(self.verb, count, "" if place < 0 else at_token(place), said_way(amount, self.unit),
                                  said_way(usual, self.unit) if usual > 0.0 else "")


@dataclass(frozen=True, slots=True, eq=False)
class LineWords:
    """say: what is said of an amount, a size and what is usual, in words. degrees: amounts are angles. size: (n,) float64."""

    say: Callable[[str, str, str], str]
    unit: str
    size: np.ndarray
    degrees: bool = False

    def of(self, at: int, amount: float, usual: float) -> str:
        """How much, and what is usual."""
        told = [f"{plain(np.rad2deg(one))}°" if self.degrees else said_length(one, self.unit) for one in (amount, usual)]
        return self.say(told[0], said_length(float(self.size[at]), self.unit), told[1])


class ByPassing(ABC):
    """Way of some sort that the walk goes, against tracks whose other way is as long."""

    family: Family = "shape"
    unit = "spreads"
    name: str
    title: str
    sentence: str
    verb: str

    def missing(self, material: Material) -> str:
        """Where no two steps have a spot in common nothing is ever passed again."""
        if material.world.kind == "log":
            return NO_WAYS
        return "A table of states has no ways." if material.world.kind == "table" else ""

    @abstractmethod
    def passed(self, ways: Ways) -> Passed:
        """What there is of it."""

    def same(self, material: Material) -> np.ndarray | None:
        """Tracks that go the same way."""
        return same_way(material)

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Amounts:
        """Above what is usual among ``learn``."""
        all_, size, order, unit = material.derived(_passed_by_all, self)
        known = among(order, learn)
        usual = Usual(size[known], all_.amount[known], in_order=True)
        own, size = Passed(all_.amount[index], all_.count[index], all_.place[index]), size[index]
        return Amounts(usual.distance(size, own.amount), own.amount, usual.middle(size), PassedWords(self.verb, own, unit))


class Circles(ByPassing):
    """Way that closes round something (``shapes.ways``)."""

    name, title, verb = "circles", "Circles", "Went round in a circle"
    sentence = "Way in closed loops, against tracks that are as long without theirs."

    def passed(self, ways: Ways) -> Passed:
        """Rings that enclose something."""
        return circles(ways)


class BackAndForth(ByPassing):
    """Way out and back again, round nothing (``shapes.ways``)."""

    name, title, verb = "back_and_forth", "Back and forth", "Went out and back"
    sentence = "Way out and back again, against tracks that are as long without theirs."

    def passed(self, ways: Ways) -> Passed:
        """Rings that enclose nothing."""
        return backs(ways)


class Repeats(ByPassing):
    """Way that the track had gone before (``shapes.ways``)."""

    name, title, verb = "repeats", "The same way again", "Went the same way again"
    sentence = "Way that the track had gone before, in the same direction, against tracks that are as long without theirs."

    def passed(self, ways: Ways) -> Passed:
        """Steps that the same track made before, in the same direction."""
        return repeats(ways)


class OnTheGround(ABC):
    """An amount of the line that a track is."""

    family: Family = "shape"
    unit = "spreads"
    name: str
    title: str
    sentence: str

    def missing(self, material: Material) -> str:
        """Why there is none here: events go no way, and lines need coordinates; empty where there is one."""
        if material.world.kind == "log":
            return NO_WAYS
        return "" if material.world.has_coordinates else NO_COORDINATES

    @abstractmethod
    def found(self, material: Material, lines: Lines, known: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        """Of the lines (``all_lines``) sizes (n,), amounts (n,), and the least spread, 0 where it follows from these; known (m,): those
        that are learned from."""

    @abstractmethod
    def told(self, lines: Lines, size: np.ndarray) -> LineWords:
        """Of the tracks that are measured."""

    def same(self, material: Material) -> np.ndarray | None:
        """Tracks that pass the same places, where their points are not known."""
        return None if on_points(material) else same_way(material)

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Amounts:
        """Above what is usual among ``learn``."""
        lines, place = material.derived(all_lines)
        size, amount, least = self.found(material, lines, place[learn])
        size, amount = size[place], amount[place]
        usual = Usual(size[learn], amount[learn], least)
        size, amount = size[index], amount[index]
        return Amounts(usual.distance(size, amount), amount, usual.middle(size), self.told(lines, size))


class Winding(OnTheGround):
    """Its length against that of tracks that end as far from where they began."""

    name, title = "winding", "Length for the distance"
    sentence = "The length of the way, against tracks that end as far from where they began."

    def found(self, material: Material, lines: Lines, known: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        """Distances from start to end, lengths."""
        return *material.derived(_distance_and_length), 0.0

    def told(self, lines: Lines, size: np.ndarray) -> LineWords:
        """Both, and what is usual."""
        return LineWords(words.wound, lines.unit, size)


class Turning(OnTheGround):
    """How much it turns in all, to either side."""

    name, title = "turning", "Turning"
    sentence = "How much the track turns in all, against tracks as long."

    def found(self, material: Material, lines: Lines, known: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        """The length of each line, how far it turns in all, in radians, and the least spread of that."""
        return lines.length, material.derived(_turning, reach_of(material.derived(_sizes), known) / RUNGS), LEAST_TURN

    def told(self, lines: Lines, size: np.ndarray) -> LineWords:
        """Both, and what is usual."""
        return LineWords(words.turned, lines.unit, size, True)


LEAST_TURN = np.pi / 36.0
"""Radians: no spread of turning is smaller."""


def _passed_by_all(material: Material, kind: ByPassing) -> tuple[Passed, np.ndarray, np.ndarray, str]:
    """Of all N tracks what there is of it, the size (N,) of each without, their order (N,) by size and amount, and the unit."""
    different, back = once(same_way(material), np.arange(len(material.paths)))
    amount, size = (np.zeros(len(different.index)) for _ in range(2))
    count, place = (np.zeros(len(different.index), np.int64) for _ in range(2))
    unit = ways_of(material, different.index[:1]).unit
    for i, j in blocks_of(np.append(0, np.cumsum(material.paths.lengths[different.index])), BLOCK):
        ways = ways_of(material, different.index[i:j])
        found = kind.passed(ways)
        amount[i:j], count[i:j], place[i:j] = found.amount, found.count, found.place
        size[i:j] = ways.total(ways.length) - found.amount
    amount, size = amount[back], size[back]
    return Passed(amount, count[back], place[back]), size, np.lexsort((amount, size)), unit


def among(order: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Those of ``order`` (N,) that are in ``index`` (n,), in that order."""
    asked = np.zeros(len(order), bool)
    asked[index] = True
    return np.asarray(order[asked[order]])


def _distance_and_length(material: Material) -> tuple[np.ndarray, np.ndarray]:
    """(n,) float64 each, of all lines: from start to end, and along it; NaN for one without a corner."""
    lines, _ = material.derived(all_lines)
    ends = lines.resampled(2)
    length = np.where(np.isfinite(ends).all(axis=(1, 2)), lines.length, np.nan)
    return np.hypot(*(ends[:, 1] - ends[:, 0]).T), length


def _sizes(material: Material) -> np.ndarray:
    return material.derived(all_lines)[0].size


def _turning(material: Material, every: float) -> np.ndarray:
    return material.derived(all_lines)[0].turning(every)

"""The shape of a track against tracks of its size: circles, ways out and back, the same again, a winding way, turning."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from irlcore.quantities import plain, said_length
from irlcore.review.parts.base import NO_WAYS, Family, Material
from irlcore.review.parts.spread import Usual
from irlcore.review.shapes.lines import Lines, lines_of
from irlcore.review.shapes.ways import Passed, Ways, backs, circles, repeats, ways_of
from irlcore.review.words import kinds as words
from irlcore.review.words.amounts import said_way
from irlcore.review.words.places import at_token

NO_COORDINATES = "This world has no coordinates."
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

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Amounts:
        """Above what is usual among ``learn``."""
        ways = ways_of(material, np.concatenate((learn, index)))
        found, m = self.passed(ways), len(learn)
        size = ways.total(ways.length) - found.amount
        usual = Usual(size[:m], found.amount[:m])
        own = Passed(found.amount[m:], found.count[m:], found.place[m:])
        return Amounts(usual.distance(size[m:], own.amount), own.amount, usual.middle(size[m:]), PassedWords(self.verb, own, ways.unit))


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
    def found(self, lines: Lines, known: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        """Sizes (n,), amounts (n,), and the least spread, 0 where it follows from these; known (m,): the lines that are learned from."""

    @abstractmethod
    def told(self, lines: Lines, size: np.ndarray) -> LineWords:
        """Of the tracks that are measured."""

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Amounts:
        """Above what is usual among ``learn``."""
        lines, m = lines_of(material, np.concatenate((learn, index))), len(learn)
        size, amount, least = self.found(lines, np.arange(m))
        usual = Usual(size[:m], amount[:m], least)
        return Amounts(usual.distance(size[m:], amount[m:]), amount[m:], usual.middle(size[m:]), self.told(lines, size[m:]))


class Winding(OnTheGround):
    """Its length against that of tracks that end as far from where they began."""

    name, title = "winding", "Length for the distance"
    sentence = "The length of the way, against tracks that end as far from where they began."

    def found(self, lines: Lines, known: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        """Distances from start to end, lengths."""
        ends = lines.resampled(2)
        length = np.where(np.isfinite(ends).all(axis=(1, 2)), lines.length, np.nan)
        return np.hypot(*(ends[:, 1] - ends[:, 0]).T), length, 0.0

    def told(self, lines: Lines, size: np.ndarray) -> LineWords:
        """Both, and what is usual."""
        return LineWords(words.wound, lines.unit, size)


class Turning(OnTheGround):
    """How much it turns in all, to either side."""

    name, title = "turning", "Turning"
    sentence = "How much the track turns in all, against tracks as long."

    def found(self, lines: Lines, known: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
        """The length of each line, how far it turns in all, in radians, and the least spread of that."""
        return lines.length, lines.turning(lines.reach(known) / RUNGS), LEAST_TURN

    def told(self, lines: Lines, size: np.ndarray) -> LineWords:
        """Both, and what is usual."""
        return LineWords(words.turned, lines.unit, size, True)


LEAST_TURN = np.pi / 36.0
"""Radians: no spread of turning is smaller."""

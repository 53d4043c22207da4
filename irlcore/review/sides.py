"""The sides of a track by families of scores, route, pace, gaps, goal and shape: how unusual each is, and what its strangest score says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from irlcore.review.parts.base import FAMILIES, Family
from irlcore.review.parts.kinds import KINDS, ROUTE, TITLES
from irlcore.review.parts.table import InFolds, PartTable
from irlcore.review.parts.unusual import FamilyTable, Unusual, by_family
from irlcore.review.sequences.findings import OF_EVENTS
from irlcore.review.words import rarity as words
from irlcore.review.words.places import Said, with_places
from irlcore.worlds.called import called as of_kind
from irlcore.worlds.world import World

FAMILY: dict[str, Family] = {**dict.fromkeys(ROUTE, "route"), **{name: kind.family for name, kind in KINDS.items()}}
"""Score -> the side that it tells of."""

SAME_AS: dict[str, tuple[str, ...]] = {"circles": ("circle",), "back_and_forth": ("turn", "U-turn"), "repeats": ("circle", "turn"),
                                       "winding": ("detour", "circle", "turn"), "turning": ("circle",),
                                       "unshared_steps": ("unused", "detour", "circle", "turn")}
"""Score of a shape -> kinds of findings (``review.findings``) that say the same, with more of where."""


UNSHARED = "unshared_steps"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a track that is unusual. unusual: how much. rare: that in words. says: what its strangest score says, whole; short: the
    first of that."""

    unusual: Unusual
    rare: str
    says: str
    short: str

    @property
    def sentence(self) -> str:
        """What is unusual, and how rare that is."""
        return words.unusual(self.unusual.title, self.says, self.rare)

    @property
    def of_way(self) -> bool:
        """Whether it is the way itself, which the model and the findings tell of."""
        return self.unusual.family == "route"

    def same(self, kinds: Sequence[str]) -> str:
        """The first of these kinds of findings that says the same; empty for none."""
        of_events = self.unusual.score == UNSHARED
        return next((kind for kind in kinds if kind in SAME_AS.get(self.unusual.score, ()) or (of_events and kind.startswith(OF_EVENTS))),
                    "")


@dataclass(frozen=True, slots=True)
class Sides:
    """All sides, in the order of ``FAMILIES``, and the unusual ones, the strangest first. flagged: the side that the track is flagged by,
    which is not called ordinary though it may be no stranger by all its scores than 1 in 20 tracks; empty for none."""

    all: tuple[Unusual, ...] = ()
    unusual: tuple[Side, ...] = ()
    flagged: str = ""

    @property
    def ordinary(self) -> str:
        """What is ordinary, in one line; empty where nothing is known to be."""
        return words.ordinary([one.title for one in self.all if one.measured and one.ordinary and one.family != self.flagged])

    def apart_from(self, kinds: Sequence[str]) -> Sequence[Side]:
        """The unusual sides that are to be told by themselves, beside findings of these ``kinds``."""
        return [side for side in self.unusual if not side.same(kinds)]


NO_SIDES = Sides()


@dataclass(frozen=True, slots=True, eq=False)
class Ordinary:
    """The tracks that others are held against: index (n,) int64. called: what one of them is. Where no track is known to be normal each is
    held against all others."""

    index: np.ndarray
    called: str


def titles_in(world: World) -> Mapping[Family, str]:
    """What the sides are called in a world."""
    words_here = of_kind(world)
    return {**FAMILIES, "route": words_here.route, "shape": words_here.shape}


def family_table(table: PartTable, fitted: np.ndarray, titles: Mapping[Family, str] = FAMILIES) -> FamilyTable:
    """The scores of all tracks by sides. fitted: (m,) int64, the tracks that tell what is rare. titles: what the sides are called."""
    return by_family(table, fitted, FAMILY, titles)


def sides_of(families: FamilyTable, said: Mapping[str, InFolds], index: int, ordinary: Ordinary, name: Said, score: str = "") -> Sides:
    """The sides of the track ``index``. said: by score, what was found, for words. name: what places are called. score: that the track is
    flagged by, empty where it is not."""
    against = ordinary.index[ordinary.index != index]
    found = families.of(index, against)
    strange = sorted((one for one in found if not one.ordinary), key=lambda one: (round(one.p, 9), -round(one.nats, 6)))
    return Sides(tuple(found), tuple(_side(one, said, index, len(against), ordinary.called, name) for one in strange),
                 FAMILY.get(score, ""))


def _side(one: Unusual, said: Mapping[str, InFolds], index: int, of: int, called: str, name: Said) -> Side:
    found = words.called(said[one.score].words(index) if one.score in said else "", called)
    says = found or words.nameless(one.score, TITLES[one.score])
    says = words.first_clause(says) if one.family == "route" else says  # the rest is told with the way
    return Side(one, words.how_rare(one.p, one.lowest, of, called), with_places(says, name), with_places(words.in_short(says), name))

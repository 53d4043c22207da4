"""How unusual each family of a track's scores is beside ordinary tracks: "route ordinary, pace 1 in 2,000".

A family is as strange as the strangest of its scores, each told in nats of rarity among the fitted tracks (``review.tails``), so that
scores of any unit compare. Its p-value is conformal: the share, among the tracks that calibrate and the track itself, of those whose family
is at least as strange. Tails are learned from neither, so it holds whatever the number of scores is, and no p is below 1 / (n + 1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from irlcore.review.calibration.p_values import measured_p
from irlcore.review.parts.base import FAMILIES, Family
from irlcore.review.parts.table import PartTable
from irlcore.review.tails import tail_of
from irlcore.review.words.rarity import one_in

ORDINARY = 0.05
"""A family is called ordinary where more than this share of ordinary tracks are as strange in it."""
DIGITS = 9


@dataclass(frozen=True, slots=True)
class Unusual:
    """One family of one track. p: conformal. floor: no p-value can be below it. score: the strangest of it. nats: of that. measured: False
    where nothing was."""

    family: Family
    p: float
    floor: float
    score: str
    nats: float = 0.0
    measured: bool = True
    title: str = ""

    @property
    def ordinary(self) -> bool:
        """Whether nothing is unusual in it."""
        return not self.measured or self.p > ORDINARY

    @property
    def lowest(self) -> bool:
        """Whether no ordinary track is as strange."""
        return self.p <= self.floor * (1.0 + 1e-9)

    @property
    def words(self) -> str:
        """ "ordinary", "1 in 2,000", or "fewer than 1 in 214" where no ordinary track is as strange."""
        if not self.measured:
            return "not measured"
        if self.ordinary:
            return "ordinary"
        return f"fewer than {one_in(self.p)}" if self.lowest else one_in(self.p)


@dataclass(frozen=True, slots=True, eq=False)
class FamilyTable:
    """N tracks by the families that are there, in the order of ``FAMILIES``. nats: (N, F) float64, of the strangest score, NaN where the
    track gives nothing to measure in any. strangest: (N, F) int64, which score, into ``scores``. titles: what each family is called."""

    families: tuple[Family, ...]
    scores: tuple[str, ...]
    nats: np.ndarray
    strangest: np.ndarray
    titles: Mapping[Family, str]

    def of(self, index: int, against: np.ndarray) -> list[Unusual]:
        """Of one track, held against the tracks ``against`` (n,) int64, none of which it is; empty where there are none."""
        if not len(against):
            return []
        floor, found = 1.0 / (len(against) + 1.0), []
        for family, p, own, score in zip(self.families, self.p(np.array([index]), against)[0], self.nats[index], self.strangest[index],
                                         strict=True):
            title = self.titles[family]
            found.append(Unusual(family, 1.0, floor, "", 0.0, False, title) if np.isnan(own) else
                         Unusual(family, float(p), floor, self.scores[score], float(own), True, title))
        return found

    def p(self, index: np.ndarray, against: np.ndarray) -> np.ndarray:
        """(n, F) float64: of the tracks ``index`` (n,), family by family, NaN where it gives nothing to measure."""
        return np.column_stack([np.zeros((len(index), 0)), *(measured_p(nats[against], nats[index]) for nats in self.nats.T)])


def by_family(table: PartTable, fitted: np.ndarray, families: Mapping[str, Family],
              titles: Mapping[Family, str] = FAMILIES) -> FamilyTable:
    """The scores of N tracks, of those that ``families`` names the family of; ``fitted`` (m,) int64: which tracks tell what is rare.
    titles: what each family is called."""
    scores = tuple(name for name in table.names if name in families)
    there = tuple(one for one in FAMILIES if one in {families[name] for name in scores})
    n = len(table.values)
    nats, strangest = np.full((n, len(there)), np.nan), np.zeros((n, len(there)), np.int64)
    for k, name in enumerate(scores):
        values, column = table.of(name), there.index(families[name])
        rarity = np.round(tail_of(values[fitted]).nats(values), DIGITS)
        more = ~np.isnan(values) & ~(rarity <= nats[:, column])  # NaN is less than any
        nats[more, column], strangest[more, column] = rarity[more], k
    return FamilyTable(there, scores, nats, strangest, titles)


def sentence(found: Sequence[Unusual]) -> str:
    """ "Route ordinary, pace 1 in 2,000." Families that were not measured are left out; empty where none was."""
    said = [f"{one.title.lower()} {one.words}" for one in found if one.measured]
    return f"{', '.join(said).capitalize()}." if said else ""

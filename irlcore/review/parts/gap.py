"""Kinds of score that tell of dark gaps: how long and how far nothing was heard, and how fast it must have gone meanwhile.

Most tracks have no gap, so the first question is how many of the class have one, and only the second how large those are (a hurdle:
Cragg 1971): P(a gap of x or more) = P(a gap) P(x or more | a gap). Sizes are told by their logs, with the spread that they have, and what
is believed before any is seen counts as one of them; so a class without gaps tells how strange one is, too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

from irlcore.quantities import said_amount
from irlcore.review.parts.base import NO_WAYS, Family, Material
from irlcore.review.parts.told import Told
from irlcore.review.words import pace as words
from irlcore.tracks.trips.dark_gaps import BEFORE_H, HOUR, LONGEST_H, MANY, before_way

KILO = 1000.0
TAILS = 4.0
BEFORE, BELIEVED = 1.0, 3.0
"""Spread of log sizes that is believed before any is seen (a factor of e), as if that had been seen so many times."""

FAST = 0.9  # a track's own speed is what nine in ten of its steps are under: the rest may be errors of a clock


@dataclass(frozen=True, slots=True)
class Sizes:
    """What is usual of one measure of gaps. many: of ``of`` tracks have one. middle, spread: of the logs of their sizes."""

    many: int
    of: int
    middle: float
    spread: float

    def nats(self, sizes: np.ndarray, least: float = 0.0) -> np.ndarray:
        """(n,) float64: minus the log of how likely a gap at least as large is; 0 where there is none (0). least: what any gap has."""
        some = sizes > 0.0
        logs = np.log(np.maximum(np.where(some, sizes, 1.0), max(least, 1e-300)))
        tail = student.logsf((logs - self.middle) / self.spread, TAILS)
        if least > 0.0:
            tail = tail - student.logsf((np.log(least) - self.middle) / self.spread, TAILS)
        return np.where(some, -tail - np.log((self.many + 0.5) / (self.of + 1.0)), 0.0)


def sizes_of(values: np.ndarray, believed: float) -> Sizes:
    """What sizes (m,) teach, 0 for none. believed: what a size might be before any is seen.

    The middle is the mean of logs, those far off weighed down; so is the spread.
    """
    logs = np.log(values[values > 0.0])
    n = len(logs)
    middle = float(np.median(logs)) if n else float(np.log(believed))
    squared = BEFORE**2
    for _ in range(20 if n else 0):
        weight = (TAILS + 1.0) / (TAILS + (logs - middle) ** 2 / squared)
        middle = float((weight * logs).sum() + np.log(believed)) / (float(weight.sum()) + 1.0)
        squared = (float((weight * (logs - middle) ** 2).sum()) + BELIEVED * BEFORE**2) / (n + BELIEVED)
    return Sizes(n, len(values), middle, float(np.sqrt(squared * (1.0 + 1.0 / (n + 1.0)))))


@dataclass(slots=True)
class DarkGap:
    """How rare a gap as long, as far or as often as the track's is in its class."""

    name: str = "gap"
    family: Family = "gap"
    title: str = "Dark gap"
    unit: str = "nats"
    sentence: str = "How rare it is in its class that nothing is heard for so long, over so far, or so often."

    def missing(self, material: Material) -> str:
        """Why nothing can be told of gaps."""
        return "" if _measures(material) else "No track has a gap that is known: nothing says that one was not heard of for a while."

    def same(self, material: Material) -> np.ndarray | None:
        """None: each is a track of its own."""
        return None

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Told:
        """The tracks ``index`` against ``learn``: the strangest of their measures, with what looking at several costs taken off."""
        measures = _measures(material)
        columns = [np.nan_to_num(material.facts[name]) for name in measures]
        usual = [sizes_of(one[learn], _believed(material, name, learn)) for name, one in zip(measures, columns, strict=True)]
        least = [1.0 if name == MANY else 0.0 for name in measures]
        nats = np.array([size.nats(one[index], any_has) for size, one, any_has in zip(usual, columns, least, strict=True)])
        values = np.maximum(nats.max(axis=0) - np.log(len(measures)), 0.0)

        def say(at: int) -> str:
            k = int(np.argmax(nats[:, at]))
            return _said(material, measures[k], usual[k], int(index[at])) if nats[k, at] > 0.0 else ""

        return Told(values, say)


@dataclass(slots=True)
class GapSpeed:
    """How much faster than its class it must have gone over the gap before it."""

    name: str = "gap_speed"
    family: Family = "gap"
    title: str = "Speed over a gap"
    unit: str = "nats"
    sentence: str = "How rare it is in its class to be as fast as it must have been to come so far over the gap before it."

    def missing(self, material: Material) -> str:
        """Why no speed can be told."""
        if material.world.kind == "log":
            return NO_WAYS
        if BEFORE_H not in material.facts or before_way(material.world.unit) not in material.facts:
            return "No track has a gap before it of which time and distance are known."
        return "" if np.isfinite(material.derived(speeds_of)).any() else "No step's length and time are both known, so no speed is."

    def same(self, material: Material) -> np.ndarray | None:
        """None: each is a track of its own."""
        return None

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Told:
        """The tracks ``index`` against ``learn``; 0 for a track without a gap before it."""
        fast = material.derived(speeds_of)[learn]
        fast = fast[np.isfinite(fast)]
        if not len(fast):
            return Told(np.full(len(index), np.nan))
        usual = sizes_of(fast, float(np.median(fast)))
        over = _over_gap(material)[index]
        off = (np.log(np.where(over > 0.0, over, 1.0)) - usual.middle) / usual.spread
        values = np.where(over > 0.0, -student.logsf(off, TAILS), 0.0)

        def say(at: int) -> str:
            speed, can = float(over[at]), float(np.exp(usual.middle))
            return words.fast_over_it(speed, can, material.world.unit) if speed > can else ""

        return Told(values, say)


def _measures(material: Material) -> list[str]:
    """The facts that tell of any gap."""
    known = (BEFORE_H, before_way(material.world.unit), LONGEST_H, MANY)
    return [name for name in known if name in material.facts and (np.nan_to_num(material.facts[name]) > 0.0).any()]


def lasting(material: Material) -> tuple[np.ndarray, np.ndarray]:
    """(N,) float64 each: how long and how far each track goes, as far as that is known, in the clock and the unit of the world."""
    paths, n = material.paths, len(material.paths)
    spent = np.zeros(n) if material.spent is None else np.bincount(paths.owner, np.nan_to_num(material.spent), n)
    return spent, np.bincount(paths.owner, np.nan_to_num(material.world.choice_length[paths.choices]), n)


def _believed(material: Material, name: str, learn: np.ndarray) -> float:
    """A gap, before any is seen, might be as long as the class's usual track lasts, or goes; where that is not known 1 h, 1 km, one gap."""
    time, way = (float(np.median(one[learn])) for one in material.derived(lasting))
    scale = time / HOUR if name in (BEFORE_H, LONGEST_H) and material.clock == "s" else 0.0
    if name == before_way(material.world.unit):
        scale = way / KILO if material.world.unit == "m" else way
    return scale if scale > 0.0 else 1.0


def speeds_of(material: Material) -> np.ndarray:
    """(N,) float64, how fast each track goes where it is fast, in units of the world a second; NaN where that is not known."""
    out = np.full(len(material.paths), np.nan)
    if material.spent is None or material.clock != "s":
        return out
    paths, length = material.paths, material.world.choice_length[material.paths.choices]
    told = (material.spent > 0.0) & (length > 0.0)
    fast = pd.Series(length[told] / material.spent[told]).groupby(paths.owner[told]).quantile(FAST)
    out[fast.index.to_numpy()] = fast.to_numpy()
    return out


def _over_gap(material: Material) -> np.ndarray:
    """(N,) float64: the least speed over the gap before each track, in units of the world a second; 0 where there is none."""
    unit = material.world.unit
    hours, way = (np.nan_to_num(material.facts[name]) for name in (BEFORE_H, before_way(unit)))
    return np.where(hours > 0.0, way * (KILO if unit == "m" else 1.0) / np.where(hours > 0.0, hours * HOUR, 1.0), 0.0)


def _said(material: Material, name: str, usual: Sizes, at: int) -> str:
    """One sentence on a measure of the track ``at`` of the material's."""
    unit = material.world.unit
    facts = {one: float(np.nan_to_num(material.facts[one][at])) for one in _measures(material)}
    hours, way = facts.get(BEFORE_H, 0.0), facts.get(before_way(unit), 0.0)
    size = float(np.exp(usual.middle))
    if name == MANY:
        return words.silences(round(facts[MANY]), usual.many, usual.of, size)
    if name == LONGEST_H:
        return words.longest(HOUR * facts[LONGEST_H], usual.many, usual.of, HOUR * size)
    as_a_rule = said_amount(HOUR * size, "s") if name == BEFORE_H else words.said_far(size, unit)
    return words.before(HOUR * hours, way, unit, usual.many, usual.of, as_a_rule)


GAP = (DarkGap(), GapSpeed())

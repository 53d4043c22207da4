"""What is usual in a class at each step, and how tracks stand to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

from irlcore.review.parts.base import Material
from irlcore.review.parts.durations.pooling import Level, Pooled, load_of, pool
from irlcore.review.parts.durations.visits import visits_of

STARTED = 0.25
"""Logarithms of times are taken from a quarter of the class's usual visit on: a clock, and the corner of a cell that a track cuts, make
errors of a part of that, not of a share of the time; and a visit may take 0 (Tukey's started logarithm, 1977)."""

LOOSE, LEAST_APART = 3.0, 0.1
"""Where a stretch or a stop is looked for, a track's own pace may be so many times as far from the class's as tracks are, and a tenth more:
one that is slower than any all along is slow as a whole, and has no stretch of its own for that."""

TRACK = "track"
FAR_OUT = 1e15  # spreads: nothing is farther, so that no probability becomes 0


@dataclass(frozen=True, slots=True, eq=False)
class Usual:
    """What some tracks of a class teach. pooled: of log(time + started). started: in the material's clock."""

    pooled: Pooled
    started: float

    @property
    def drivers(self) -> Level:
        """How much tracks of the class differ as a whole."""
        return self.pooled.levels[TRACK]

    @property
    def loose(self) -> float:
        """How far a track's own pace may be from the class's before it is drawn there: a variance."""
        return LOOSE**2 * self.drivers.between + LEAST_APART**2


@dataclass(frozen=True, slots=True, eq=False)
class Against:
    """V visits of n tracks held against the usual.

    visits: (V,) int64, which of the material's. track: (V,) int64, of the n. log: (V,) float64, log(time + started), expected: what that is
    in the class, variance: squared spread of one visit about it. load: how much a track that takes longer by a share adds to log
    (``load_of``). own: (n,) float64, the usual difference of each track from the class, in logs of time (0.1 = takes 10 % longer), and
    unsure: its variance, infinite where nothing tells it. steps: (n,) int64, visits of each.
    """

    usual: Usual
    visits: np.ndarray
    track: np.ndarray
    log: np.ndarray
    expected: np.ndarray
    variance: np.ndarray
    load: np.ndarray
    own: np.ndarray
    unsure: np.ndarray
    steps: np.ndarray

    @property
    def pace(self) -> np.ndarray:
        """(n,) float64, ``own`` drawn towards that of the class where it is hardly known."""
        return np.asarray(self.own * (self.usual.loose / (self.usual.loose + self.unsure)))

    @property
    def at_its_pace(self) -> np.ndarray:
        """(V,) float64, what log is expected to be of a track of this pace."""
        return np.asarray(self.expected + self.load * self.pace[self.track])

    def times(self, logs: np.ndarray) -> np.ndarray:
        """Times of such logs, in the material's clock."""
        return np.maximum(np.exp(logs) - self.usual.started, 0.0)


def usual_of(material: Material, learn: np.ndarray) -> Usual | None:
    """What the tracks ``learn`` (m,) int64 teach; None where the time of none of their visits is known."""
    visits = material.derived(visits_of)
    at = np.flatnonzero(np.isin(visits.track, learn) & visits.sure)
    if not len(at):
        return None
    started = STARTED * float(np.median(visits.spent[at]))
    if not started > 0.0:  # most take no time that the clock can tell
        positive = visits.spent[at][visits.spent[at] > 0.0]
        started = float(np.min(positive)) if len(positive) else 1.0
    codes = {name: code[at] for name, code in visits.codes.items()} | {TRACK: np.searchsorted(np.sort(learn), visits.track[at])}
    pooled = pool(np.log(visits.spent[at] + started), codes, {**visits.sizes, TRACK: len(learn)}, ("length", "turn", "place"), TRACK,
                  by_way(visits.way[at]), started)
    return Usual(pooled, started)


def against(material: Material, learn: np.ndarray, index: np.ndarray) -> Against | None:
    """The tracks ``index`` (n,) int64 against what ``learn`` (m,) int64 teach; None where these teach nothing."""
    usual = material.derived(usual_of, learn)
    if usual is None:
        return None
    visits = material.derived(visits_of)
    row = np.full(len(material.paths), -1)
    row[index] = np.arange(len(index))
    at = np.flatnonzero(row[visits.track] >= 0)
    track, codes = row[visits.track[at]], {name: code[at] for name, code in visits.codes.items()}
    log, expected = np.log(visits.spent[at] + usual.started), usual.pooled.mean(codes, by_way(visits.way[at]))
    variance = usual.pooled.variance(codes)
    # times that are all alike must leave nothing, and not what the last digit says
    expected = log - np.round(log - expected, 9)
    load = load_of(expected, usual.started)
    own, unsure = _own((log - expected) / load, variance / load**2, track, visits.sure[at], len(index), usual.pooled)
    return Against(usual, at, track, log, expected, variance, load, own, unsure, np.bincount(track, minlength=len(index)))


def by_way(way: np.ndarray) -> np.ndarray:
    """(V,) float64: what the length of a step adds if it takes time in proportion; way in usual steps, NaN where it is not known."""
    return np.log((np.where(np.isfinite(way), way, 1.0) + STARTED) / (1.0 + STARTED))


def _own(left: np.ndarray, variance: np.ndarray, track: np.ndarray, sure: np.ndarray, n: int,
         pooled: Pooled) -> tuple[np.ndarray, np.ndarray]:
    """(n,) each track's own mean of what is ``left`` (V,), robust, and its variance: infinite where nothing is known of it."""
    own: np.ndarray = pd.Series(left[sure]).groupby(track[sure]).median().reindex(range(n), fill_value=0.0).to_numpy(np.float64)
    total: np.ndarray = np.zeros(n)
    for _ in range(5):
        weight = np.where(sure, (pooled.tails + 1.0) / (pooled.tails + (left - own[track]) ** 2 / variance) / variance, 0.0)
        total = np.bincount(track, weight, n).astype(np.float64)
        own = np.bincount(track, weight * left, n) / np.where(total > 0.0, total, 1.0)
    return own, np.where(total > 0.0, pooled.carry / np.where(total > 0.0, total, 1.0), np.inf)


def others_pace(found: Against, sure: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The pace of each visit's track by its other visits, drawn towards that of the class, and its variance, (V,) float64 each: no visit
    counts for itself. sure: (V,) bool, which of them counted for ``own``."""
    pooled = found.usual.pooled
    left, variance, own = (found.log - found.expected) / found.load, found.variance / found.load**2, found.own[found.track]
    known = np.where(np.isfinite(found.unsure), 1.0 / found.unsure, 0.0)[found.track]
    weight = (pooled.tails + 1.0) / (pooled.tails + (left - own) ** 2 / variance) / variance / pooled.carry * sure
    unsure = 1.0 / (np.maximum(known - weight, 0.0) + 1.0 / found.usual.loose)
    return (known * own - weight * left) * unsure, unsure


def rare(spreads: np.ndarray, tails: float, tries: np.ndarray) -> np.ndarray:
    """(n,) float64 nats: minus the log of the probability that the largest of ``tries`` (n,) t errors is at least so many ``spreads``
    (n,); 0 where it is nothing above the usual, NaN where there is no try."""
    one = student.sf(np.clip(spreads, 0.0, FAR_OUT), tails)
    found = -np.log(-np.expm1(np.maximum(tries, 1) * np.log1p(-one)))
    return np.where(tries > 0, np.where(spreads > 0.0, found, 0.0), np.nan)

"""One score made of many, by a rule that is learned from tracks which are neither calibrated on nor reviewed.

Every score is told in nats of rarity among ordinary tracks (``tails``), so that nothing hangs on its unit. For each kind of anomaly that
was planted into ordinary tracks an *expert* says how many times likelier such scores are of that kind than of an ordinary track: a logistic
regression with weights from 0 up, drawn towards 0, so that a stranger part never makes a track more ordinary. One more expert knows no
kind: it says how strange the strangest score is by itself, as e-values do of p-values (Vovk and Wang 2021). The combined score is the log
of the mean of what all experts say, weighed by how often each kind is met: to be strange in one way is enough, and being a little strange
in several ways that go together counts for more than each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from scipy.optimize import minimize
from scipy.stats import binom

from irlcore.review.parts.table import PartTable
from irlcore.review.tails import Tail, tail_of
from irlcore.simulation.planted.plant import HELD_BACK, PLANTED

ORDINARY_EACH = 19.0  # ordinary tracks are weighed so many times as much as planted ones: what counts is who is in the strangest twentieth
WEIGHT = 1.0  # mean of a weight's exponential prior: with 1 a score counts as if its p-value were a likelihood ratio
UNKNOWN = 0.25  # of anomalies are of a kind that none was planted of
FEWEST = 8  # anomalies of a kind that an expert is learned from
CLOSE = {"maxiter": 500, "ftol": 1e-14, "gtol": 1e-9}  # so that the last bit of a score moves no weight that anybody sees
ALARMS, LUCK = 0.05, 0.001  # false alarms at which an expert on sequences must find more than chance would, this unlikely by luck
LEAST_ORDINARY = 20  # ordinary tracks that a rule is learned from


class Rule(Protocol):
    """How scores become one."""

    def combine(self, table: PartTable) -> np.ndarray:
        """(N,) float64, higher = stranger."""


@dataclass(frozen=True, slots=True, eq=False)
class Experts:
    """names: (J,) of the scores. tails: what is ordinary of each. kinds: (K,) that there is an expert of, with bias (K,) and weights (K, J)
    from 0 up, log odds and log odds per nat."""

    names: tuple[str, ...]
    tails: tuple[Tail, ...]
    kinds: tuple[str, ...]
    bias: np.ndarray
    weights: np.ndarray

    def nats(self, table: PartTable) -> np.ndarray:
        """(N, J) float64: how rare each score is. A score that was not measured says nothing."""
        columns = [tail.nats(table.of(name)) if name in table.names else np.full(len(table.values), tail.usual)
                   for name, tail in zip(self.names, self.tails, strict=True)]
        return np.column_stack(columns) if columns else np.zeros((len(table.values), 0))

    def combine(self, table: PartTable) -> np.ndarray:
        """(N,) float64, log of how many times likelier such scores are of an anomaly."""
        return self.of_nats(self.nats(table))

    def of_nats(self, nats: np.ndarray) -> np.ndarray:
        """The same from rarities (N, J)."""
        said = strangest(nats)
        if not len(self.kinds):
            return said
        known = np.logaddexp.reduce(np.log(met(self.kinds)) + self.bias + nats @ self.weights.T, axis=1)
        return np.asarray(np.logaddexp(said + np.log(UNKNOWN), known + np.log1p(-UNKNOWN)))

    def without(self, kind: str) -> Experts:
        """The rule that was never told of a kind."""
        kept = np.array([name != kind for name in self.kinds], bool)
        return replace(self, kinds=tuple(name for name in self.kinds if name != kind), bias=self.bias[kept], weights=self.weights[kept])


@dataclass(frozen=True, slots=True, eq=False)
class Crossed:
    """The rule for N tracks some of which it was learned from: those by one that was learned without them. fold: (N,) int64, which of
    ``parts``; -1 for tracks that nothing was learned from, which ``whole`` is for."""

    whole: Experts
    parts: tuple[Experts, ...]
    fold: np.ndarray

    def combine(self, table: PartTable) -> np.ndarray:
        """(N,) float64, of the same N tracks."""
        out = np.zeros(len(self.fold))
        for k, rule in enumerate((*self.parts, self.whole)):
            mine = np.flatnonzero(self.fold == (k if k < len(self.parts) else -1))
            if len(mine):
                out[mine] = rule.combine(PartTable(table.names, table.values[mine]))
        return out


def met(kinds: tuple[str, ...]) -> np.ndarray:
    """(K,) float64, sum 1: how often each kind is taken to be met. Anomalies that are seen in the way, in times alone and in gaps, and
    sequences of a kind held back, are as likely, however many kinds of each were planted: several that are seen by the same scores are one
    more often, and no more evidence."""
    family = [PLANTED[kind].seen_by if kind in PLANTED else None for kind in kinds]
    return np.array([1.0 / (family.count(one) * len(set(family))) for one in family])


def strangest(nats: np.ndarray) -> np.ndarray:
    """(N,) float64, log of the mean e-value (``e_value``) over scores: by rarities (N, J) alone."""
    if not nats.shape[1]:
        return np.zeros(len(nats))
    return np.asarray(np.logaddexp.reduce(e_value(nats), axis=1) - np.log(nats.shape[1]))


def e_value(nats: np.ndarray) -> np.ndarray:
    """Log of the mean over k in (0, 1) of k p^(k - 1), p = exp(-nats): 1 on average over ordinary tracks whatever k, and so their mean
    (Vovk and Wang 2021, equation 2)."""
    n = np.maximum(nats, 1e-3)
    left = -np.expm1(-n) - n * np.exp(-n)
    return np.asarray(n - 2.0 * np.log(n) + np.log(left))


def learn_rule(ordinary: PartTable, planted: PartTable, kind: np.ndarray, doubtful: float = 0.0) -> Experts:
    """From the scores of ordinary tracks and of anomalies of a ``kind`` each, (n,) str. Kinds with fewer than ``FEWEST`` have no expert of
    their own. doubtful: share of the ordinary ones, the rarest, that may be anomalies: no expert learns from them that to be rare is
    ordinary. Where kinds of sequences that were held back can be told from the others, they alone are learned from: they are real, and what
    was made up of sequences that differ as much as theirs do teaches what is odd about the making (on normal traces of a host a rule that
    is told of both finds fewer of those held back: average precision .13 against .15)."""
    tails = tuple(tail_of(ordinary.of(name)) for name in ordinary.names)
    plain = Experts(ordinary.names, tails, (), np.zeros(0), np.zeros((0, len(tails))))
    if not len(kind):
        return plain
    usual, strange = plain.nats(ordinary), plain.nats(planted)
    if doubtful > 0.0:
        rarity = plain.of_nats(usual)
        usual = usual[rarity <= np.quantile(rarity, 1.0 - doubtful)]
    names = [name for name in dict.fromkeys(kind.tolist()) if (kind == name).sum() >= FEWEST]
    found = {name: likelihood_ratio(usual, strange[kind == name]) for name in names}
    found = {name: one for name, one in found.items() if not _of_events(name) or tells(one[1], usual, strange[kind == name])}
    if HELD_BACK in found:
        found = {HELD_BACK: found[HELD_BACK]}
    if not found:
        return plain
    return replace(plain, kinds=tuple(found), bias=np.array([one[0] for one in found.values()]),
                   weights=np.array([one[1] for one in found.values()]))


def tells(weights: np.ndarray, usual: np.ndarray, strange: np.ndarray) -> bool:
    """Whether ``weights`` (J,) tell rarities of strange tracks (m, J) from those of usual ones (n, J) beyond luck: more of them than chance
    would have are above all but ``ALARMS`` of the usual. What is odd in one class of sequences is common in another, and an expert on what
    cannot be seen may say anything."""
    above = strange @ weights > np.quantile(usual @ weights, 1.0 - ALARMS)
    return bool(binom.sf(above.sum() - 1, len(above), ALARMS) <= LUCK)


def _of_events(kind: str) -> bool:
    return kind in PLANTED and PLANTED[kind].of_events


def likelihood_ratio(usual: np.ndarray, strange: np.ndarray) -> tuple[float, np.ndarray]:
    """Bias and weights (J,) of the log of how many times likelier rarities are of strange tracks (m, J) than of usual ones (n, J)."""
    n, m = len(usual), len(strange)
    middle = usual.mean(axis=0)
    rows = np.vstack((usual, strange)) - middle
    strange_ones = np.arange(n + m) >= n
    each = min(ORDINARY_EACH * m / n, 1.0)  # no track counts for more than one
    weight = np.where(strange_ones, 1.0, each)
    odds_before = np.log(m / (each * n))

    def lost(point: np.ndarray) -> tuple[float, np.ndarray]:
        odds = point[0] + rows @ point[1:]
        value = float(weight @ (np.logaddexp(0.0, odds) - strange_ones * odds) + point[1:].sum() / WEIGHT)
        slope = weight * (0.5 * (1.0 + np.tanh(0.5 * odds)) - strange_ones)
        return value, np.concatenate(([slope.sum()], rows.T @ slope + 1.0 / WEIGHT))

    start = np.concatenate(([odds_before], np.zeros(rows.shape[1])))
    bounds = [(None, None)] + [(0.0, None)] * rows.shape[1]
    found = minimize(lost, start, jac=True, method="L-BFGS-B", bounds=bounds, options=CLOSE).x
    return float(found[0] - found[1:] @ middle - odds_before), found[1:]

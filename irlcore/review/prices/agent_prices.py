"""What one agent pays: its own weights, whether they differ from those of its class, and in which features."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import norm

from irlcore.engine import Control
from irlcore.fitting.problem import Problem
from irlcore.review.calibration.p_values import conformal_p
from irlcore.review.prices.against import against_normal, one_by_one, step_down
from irlcore.review.prices.coverage import intervals_hold, level_of
from irlcore.review.prices.evidence import Evidence
from irlcore.review.prices.own_weights import OneAgent
from irlcore.review.prices.score_test import score_agents
from irlcore.review.prices.spread import ClassPrices

How = Literal["normal agents", "simulated agents", "law of many tracks"]
LEVEL = 0.05
"""p-value, adjusted for how many features were looked at, up to which a weight is said to differ."""


@dataclass(frozen=True, slots=True)
class WeightTest:
    """joint: p-value of all weights at once. each: (K,) of one weight each. z: (K,), by which like p-values are told apart. told: (K,)
    bool, whether the tracks tell something of it. how: by what, and by how many agents. tracks: how many of the agent's were used."""

    joint: float
    each: np.ndarray
    z: np.ndarray
    told: np.ndarray
    how: How
    agents: int
    tracks: int


Tester = Callable[[np.ndarray], WeightTest]
"""A test of all weights but those (K,) bool that are left free."""


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """K weights of one agent beside its class's.

    who: its name. tracks: (n,) int64, its tracks among the class's. theta: (K,), the class's weights. usual: (K, 2), between which lie 95 %
    of the agents of the class, as far as its fitted agents tell. class_se: (K,) standard errors of theta. weights: (K,), the agent's most
    probable ones with the class as prior. own: (K,), of those that differ, each without a prior, NaN where the tracks do not tell it and of
    all others. interval: (K, 2), of which 95 % hold the weight (``coverage``), infinite where the tracks set no limit, NaN where own is,
    and where sure is False: under this model intervals are not known to hold. edge: (K, 2) bool, ends that are no more than the edge of
    what the model allows. p: (K,) of one test each; adjusted: (K,) for how many were looked at. differs: the features whose weight is
    another one, the surest first. impossible: how many of the tracks make a choice that the class's model cannot make; these say nothing of
    weights. known: whether the fit tells how sure the class's weights are; class_se is NaN where not.
    """

    who: str
    names: tuple[str, ...]
    tracks: np.ndarray
    theta: np.ndarray
    usual: np.ndarray
    class_se: np.ndarray
    weights: np.ndarray
    own: np.ndarray
    interval: np.ndarray
    edge: np.ndarray
    test: WeightTest
    p: np.ndarray
    adjusted: np.ndarray
    differs: tuple[int, ...]
    impossible: int = 0
    sure: bool = True
    known: bool = True


def simulated_test(own: Evidence, null: Evidence, prices: ClassPrices, tracks: int) -> Tester:
    """A test against drawn agents of the class (``null_trips``). own: of the one agent."""
    def test(free: np.ndarray) -> WeightTest:
        found, normal = score_agents(own, prices, free), score_agents(null, prices, free)
        joint = float(conformal_p(normal.joint, found.joint)[0])
        return WeightTest(joint, one_by_one(normal, found)[0], found.z[0], found.told[0], "simulated agents", len(null), tracks)

    return test


def normal_agents_test(mine: np.ndarray, calibration: Sequence[np.ndarray], tracks: Evidence, prices: ClassPrices,
                       rank: np.ndarray) -> Tester:
    """A test against agents known as normal (``against_normal``). mine: (n,) the agent's tracks; calibration: those of the others."""
    def test(free: np.ndarray) -> WeightTest:
        found = against_normal([mine], calibration, tracks, prices, rank, free)
        scored = score_agents(tracks.summed([mine]), prices, free)
        return WeightTest(float(found.joint[0]), found.each[0], scored.z[0], scored.told[0], "normal agents", int(found.agents[0]),
                          int(found.tracks[0]))

    return test


def normal_test(own: Evidence, prices: ClassPrices, tracks: int) -> Tester:
    """A test by the normal law, which holds where tracks are many."""
    def test(free: np.ndarray) -> WeightTest:
        found = score_agents(own, prices, free)
        return WeightTest(float(found.normal_p[0]), 2.0 * norm.sf(np.abs(found.z[0])), found.z[0], found.told[0],
                          "law of many tracks", 0, tracks)

    return test


def which_differ(tester: Tester, k: int, explains: Callable[[np.ndarray], float] | None = None,
                 ) -> tuple[WeightTest, np.ndarray, np.ndarray, tuple[int, ...]]:
    """The test of all K weights, p-values (K,) of one test each and adjusted for how many, and the features that differ.

    Weights hang together: who pays less for length seems to like turns. So of those that are sure the one that explains the tracks best is
    left free before the others are looked at again, until no other is sure. explains: nats that the tracks have where weights (K,) bool are
    free; where not given, the largest z is taken. That the first is found although none differs has a chance of at most ``LEVEL``
    (Bonferroni); those after it are found by tests that are told that it differs.
    """
    free = np.zeros(k, bool)
    first = now = tester(free)
    p, adjusted, least = first.each.copy(), step_down(first.each, first.told), 0.0
    found: list[int] = []
    while now.told.any():
        each = np.where(now.told, now.each, np.inf)
        sure = np.flatnonzero(each * int(now.told.sum()) <= LEVEL)
        if not len(sure):
            break
        one = np.eye(k, dtype=bool)
        order = np.abs(now.z[sure]) if explains is None or len(sure) == 1 else np.array([explains(free | one[j]) for j in sure])
        at = int(sure[np.argmax(order)])
        least = max(least, min(float(each[at]) * int(now.told.sum()), 1.0))
        found.append(at)
        p[at], adjusted[at], free[at] = each[at], least, True
        now = tester(free)
        rest = ~free
        p[rest], adjusted[rest] = now.each[rest], np.maximum(step_down(now.each, now.told), least)[rest]
    return first, p, adjusted, tuple(found)


def prices_of(who: str, tracks: np.ndarray, problem: Problem, possible: np.ndarray, prices: ClassPrices, tester: Tester,
              control: Control | None = None) -> Prices:
    """The prices of the agent whose trips are those of ``problem``; tracks: (n,) int64, and possible: (n,) bool, of these."""
    k, names = len(problem.names), problem.names
    error = np.sqrt(np.diag(prices.prior)) * float(norm.ppf(0.975))
    usual = np.clip(np.column_stack((prices.theta - error, prices.theta + error)), prices.lower[:, None], prices.upper[:, None])
    weights, own, interval, edge = np.full(k, np.nan), np.full(k, np.nan), np.full((k, 2), np.nan), np.zeros((k, 2), bool)
    dear = bool(problem.model.parameters)  # beliefs are planned with one by one, at every evaluation: fewer are asked for
    sure = intervals_hold(problem.model) and prices.known
    agent = OneAgent(problem, prices, problem.groups(), control or Control())
    usual_point = agent.most_probable(np.zeros(k, bool)) if possible.all() else None

    def explains(free: np.ndarray) -> float:
        best = agent.most_probable(free) if usual_point is not None else None
        return -np.inf if best is None else best.value

    test, p, adjusted, differs = which_differ(tester, k, explains if usual_point is not None and not dear else None)
    if usual_point is not None:
        weights = usual_point.theta[:k]
        free = np.isin(np.arange(k), differs)
        best = agent.most_probable(free, weights) if len(differs) else None
        level = level_of(len(differs), int(test.told.sum()))
        for j in differs:
            if best is None:
                break
            if sure:
                found = agent.interval(j, free, best, level)
                own[j], interval[j], edge[j] = found.best, found.ends, found.edge
            elif abs(best.theta[j] - prices.theta[j]) > agent.error(j, best):
                own[j] = best.theta[j]
    return Prices(who, names, tracks, prices.theta, usual, prices.se, weights, own, interval,
                  edge, test, p, adjusted, differs, int((~possible).sum()), sure, prices.known)

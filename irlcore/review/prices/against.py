"""p-values of agents against the agents that are known as normal, exact whatever the model gets wrong.

Conformal, as of tracks (``review.calibration``): p = (1 + calibration agents at least as strange) / (n + 1). That asks for agents who are
as good as drawn together, and an agent of many tracks tells more than one of few. So like is held against like (ours): an agent of m tracks
against those of m or more, each by m of its tracks drawn at random; where fewer than ``FEWEST`` have so many, the agent is thinned as well,
to as many tracks as that many have. The draw hangs on the ids of the tracks alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from irlcore.review.calibration.p_values import conformal_p
from irlcore.review.prices.evidence import Evidence
from irlcore.review.prices.score_test import Scored, score_agents
from irlcore.review.prices.spread import ClassPrices

FEWEST = 19
"""Agents that a p-value of 1 in 20 takes."""
SEED = 20121


@dataclass(frozen=True, slots=True, eq=False)
class Against:
    """Of A agents. joint: (A,) p-value of all weights at once. each: (A, K) of one weight each, 1 where the agent's tracks tell nothing of
    it. agents: (A,) int64, the calibration agents that each was held against. tracks: (A,) int64, its tracks that were used."""

    joint: np.ndarray
    each: np.ndarray
    agents: np.ndarray
    tracks: np.ndarray


def random_order(ids: np.ndarray) -> np.ndarray:
    """(N,) int64, a random rank of every track, the same whatever the order of the tracks."""
    rank = np.empty(len(ids), np.int64)
    rank[np.argsort(ids.astype(str), kind="stable")] = np.random.default_rng(SEED).permutation(len(ids))
    return rank


def against_normal(agents: Sequence[np.ndarray], calibration: Sequence[np.ndarray], tracks: Evidence, prices: ClassPrices,
                   rank: np.ndarray, free: np.ndarray | None = None, itself: np.ndarray | None = None) -> Against:
    """Every one of ``agents`` against the ``calibration`` agents, both by the tracks (n,) int64 of each, none of which is in two.

    rank: (N,) of ``random_order``. free: (K,) bool, weights left free (``score_test``). itself: (A,) int64, which of the calibration agents
    the agent is by other tracks, -1 where none: nobody is held against itself. DataError where there is no calibration agent.
    """
    sizes = np.array([len(one) for one in calibration], np.int64)
    wanted = np.array([min(len(one), comparable(sizes, len(one))) for one in agents], np.int64)
    k, who = len(prices.theta), np.full(len(agents), -1) if itself is None else itself
    joint, each, against = np.ones(len(agents)), np.ones((len(agents), k)), np.zeros(len(agents), np.int64)
    for m in np.unique(wanted).tolist():
        mine, others = np.flatnonzero(wanted == m).tolist(), np.flatnonzero(sizes >= m).tolist()
        found = score_agents(tracks.summed([thinned(agents[a], m, rank) for a in mine]), prices, free)
        normal = score_agents(tracks.summed([thinned(calibration[a], m, rank) for a in others]), prices, free)
        joint[mine], each[mine], against[mine] = conformal_p(normal.joint, found.joint), one_by_one(normal, found), len(others)
        for at, a in enumerate(mine):
            rest = np.flatnonzero(np.array(others) != who[a])
            if len(rest) < len(others):
                joint[a], each[a], against[a] = 1.0, 1.0, len(rest)
                if len(rest):
                    alone, left = found.take([at]), normal.take(rest)
                    joint[a], each[a] = conformal_p(left.joint, alone.joint)[0], one_by_one(left, alone)[0]
    return Against(joint, each, against, wanted)


def comparable(sizes: np.ndarray, most: int) -> int:
    """How many tracks, ``most`` at most, agents can be held against each other by, where calibration agents have ``sizes`` (n,): the most
    that ``FEWEST`` of them have; 1 where not so many are there."""
    if len(sizes) < FEWEST:
        return 1
    return int(min(most, np.sort(sizes)[-FEWEST]))


def thinned(tracks: np.ndarray, many: int, rank: np.ndarray) -> np.ndarray:
    """``many`` of an agent's tracks, drawn at random."""
    return tracks if len(tracks) == many else tracks[np.argsort(rank[tracks])[:many]]


def one_by_one(normal: Scored, found: Scored) -> np.ndarray:
    """(A, K) two-sided p-values of each weight, against those of the normal agents whose tracks tell something of it."""
    out: np.ndarray = np.ones_like(found.z)
    for k in range(len(found.z[0]) if len(found) else 0):
        told, theirs = found.told[:, k], np.abs(normal.z[normal.told[:, k], k])
        if told.any():
            out[told, k] = conformal_p(theirs, np.abs(found.z[told, k])) if len(theirs) else 1.0
    return out


def step_down(each: np.ndarray, told: np.ndarray) -> np.ndarray:
    """(K,) p-values of one agent's weights adjusted for how many were looked at (Holm 1979): where all up to a rate are said, the chance
    that one of them is wrong is at most that rate. each: (K,) of one test each. told: (K,) bool; 1 where not told."""
    out, index = np.ones(len(each)), np.flatnonzero(told)
    order = index[np.argsort(each[index], kind="stable")]
    steps = each[order] * (len(order) - np.arange(len(order)))
    out[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return out

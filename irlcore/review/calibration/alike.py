"""Whether tracks of one agent score alike: then many tracks of few agents tell less than as many tracks of different ones.

Bounds that hold at every cut, on what was picked and on how many are abnormal count calibration tracks as draws on their own. Where agents
differ they are not: with 20 agents of 20 tracks each, 86 of 100 bounds of 95 % held where a tenth of the variance of scores lies between
agents, 54 where six tenths do, and p-values of 1 in 100 came up to 1.6 times as often. Whether they differ is asked of ranks, by an
analysis of variance (Kruskal and Wallis 1952) whose chance is counted by dealing the tracks anew to the agents, so its level is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from irlcore.review.calibration.circumstances import LEVEL

SEED = 20121
SHUFFLES = 499


@dataclass(frozen=True, slots=True)
class Alike:
    """p: of the permutation test. agents: how many the tracks are of."""

    p: float
    agents: int

    @property
    def found(self) -> bool:
        """Whether tracks of one agent were found to score alike."""
        return self.p <= LEVEL


def alike_within(values: np.ndarray, agents: np.ndarray | None) -> Alike | None:
    """Of the scores ``values`` (n,) of tracks of ``agents`` (n,) labels; None where nobody says whose tracks they are, each is of its own,
    or all are of one. The same whatever the order of the tracks and the unit of the scores."""
    if agents is None:
        return None
    of = np.unique(agents.astype(str), return_inverse=True)[1].ravel()
    count = np.bincount(of)
    if len(count) < 2 or count.max() < 2:
        return None
    rank = rankdata(values)
    order = np.lexsort((rank, of))
    of, away = of[order], rank[order] - 0.5 * (len(values) + 1.0)
    rng = np.random.default_rng(SEED)
    seen = _between(away, of, count)
    as_much = sum(_between(rng.permutation(away), of, count) >= seen * (1.0 - 1e-9) for _ in range(SHUFFLES))
    return Alike((1.0 + as_much) / (SHUFFLES + 1.0), len(count))


def _between(away: np.ndarray, of: np.ndarray, count: np.ndarray) -> float:
    """Sum of squares between agents."""
    return float((np.bincount(of, away) ** 2 / count).sum())

"""How many of a batch's tracks that look strange are normal: a bound that holds at every cut, and for every choice made by hand, at once.

Let m reviewed tracks be compared with n calibration tracks, and V_j be how many normal ones among the reviewed are stranger than the j-th
strangest calibration track, which are those with p <= j / (n + 1). Where normal tracks are exchangeable all orders are as likely, so that
numbers B_j with P(V_j <= B_j for all j) >= 95 % follow from counting orders: exactly, whatever the scores, and for finite n and m (Gazin,
Blanchard and Roquain 2024, "Transductive conformal inference with adaptive scores", whose envelopes of a closed form are wider). Were all m
normal V_j would be larger, so nobody needs to know how many are.

Of a set S that was picked in whatever way, at most min over j of B_j + (how many of S have p > j / (n + 1)) are normal, on the same event
and so for all S at once (Blanchard, Neuvial and Roquain 2020, "Post hoc confidence bounds on false positives using reference families").
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import betaincinv, gammaln

from irlcore.review.calibration.controls import check_rate
from irlcore.review.calibration.kernels import weight_within
from irlcore.review.calibration.level import highest_level

TINY = 1e-20
LEAST_SPREAD = 0.25


def chance_within(n: int, m: int, most: np.ndarray) -> float:
    """P(V_j <= most[j] for all j = 1..n) where all m reviewed tracks are normal. most: (n + 1,) int64, never falling, in [0, m]."""
    if m == 0:
        return 1.0
    chosen = gammaln(n + m + 1) - gammaln(n + 1) - gammaln(m + 1) + (n + 1) * np.log(n / (n + m)) + m * np.log(m / (n + m))
    return float(weight_within(n, m, np.array(most, np.int64), TINY) / np.exp(chosen))


@lru_cache(maxsize=64)
def most_normal(n: int, m: int, confidence: float = 0.95) -> np.ndarray:
    """B (n + 2,) int64, read only: of m reviewed tracks at most B[j] normal ones have p <= j / (n + 1), for all j at once with the
    ``confidence``; n calibration tracks.

    Each B[j] fails with a chance about in proportion to 1 / sqrt(j), as nearly as whole numbers allow: most picks are at small j.
    """
    check_rate(confidence, "confidence")
    j = np.arange(1, n + 1, dtype=np.float64)
    # a beta law with the mean and the variance of V_j / m, which is beta-binomial; the bound is exact all the same, its level is solved for
    spread = max((n + 2.0) * m / (n + 1.0 + m) - 1.0, LEAST_SPREAD)
    below, above = spread * j / (n + 1.0), spread * (n + 1.0 - j) / (n + 1.0)

    def bound(level: float) -> np.ndarray:
        share = 1.0 - betaincinv(above, below, level / np.sqrt(j))
        found: np.ndarray = np.concatenate(([0], np.maximum.accumulate(np.clip(np.rint(m * share), 0, m)))).astype(np.int64)
        return found

    level = highest_level(lambda one: chance_within(n, m, bound(one)), confidence) if m else confidence
    out = np.append(bound(level), m)
    out.flags.writeable = False
    return out


def normal_at_most(p: np.ndarray, n: int, m: int, confidence: float = 0.95) -> int:
    """At most so many of the picked tracks are normal, however they were picked among the m reviewed. p: (k,) their conformal p-values by
    the same n calibration tracks."""
    place = np.sort(np.rint(np.asarray(p, np.float64) * (n + 1)).astype(np.int64))
    most = most_normal(n, m, confidence)
    cuts = np.unique(np.append(place, 0))  # between two p-values only B grows
    outside = len(place) - np.searchsorted(place, cuts, side="right")
    return int((most[cuts] + outside).min())

"""How often normal tracks are flagged in the long run: a bound that holds at every cut at once.

A track is flagged at the cut p <= j / (n + 1) if it is stranger than the j-th strangest of n calibration tracks. Given these, the share of
normal tracks that are is the j-th smallest of n uniform numbers (ties only make it smaller), by chance more or less than j / (n + 1)
(Vovk 2012, "Conditional validity of inductive conformal predictors"). Numbers b_j that all n of them stay below with 95 % bound it at every
cut (Bates et al. 2023, "Testing for outliers with conformal p-values", section 4). Here b_j fails at j with a chance in proportion to
1 / sqrt(j) (one for all would be Berk and Jones 1979): rare ends, where cuts are made, get more, which costs about 1 % of it elsewhere.
The chance of all is summed exactly, as uniform numbers below b_1, b_2, ... are counts of a Poisson process, given that there are n
(Moscovich and Nadler 2017, "Fast calculation of boundary crossing probabilities for Poisson processes"). A band of one width for all j
(Dvoretzky, Kiefer and Wolfowitz) is twice and three times as wide at the rare end.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.signal import convolve
from scipy.special import betaincinv, gammaln

from irlcore.review.calibration.controls import check_rate
from irlcore.review.calibration.level import highest_level

TINY = 1e-18
EVERY, STEP = 400, 1.005
"""The first so many cuts are bounded each; of later ones as many as lie apart by this factor, those between by the next one's bound."""


def chance_below(n: int, cuts: np.ndarray, bound: np.ndarray) -> float:
    """P(the j-th smallest of n uniform numbers is at most bound[i], j = cuts[i], for all i). cuts: (c,) int64, bound: (c,) float64, both
    rising. What is too small to count is left out, which makes it smaller and never larger (but for rounding, some 1e-13)."""
    log_factorial = gammaln(np.arange(n + 1) + 1.0)
    chances, first, reached = np.ones(1), 0, 0.0  # chances[k]: of first + k numbers below ``reached``, all bounds so far kept
    for j, end in zip(cuts, bound, strict=True):
        chances, first = _more(chances, first, n * (end - reached), log_factorial, n)
        kept = np.flatnonzero(chances > TINY)
        kept = kept[first + kept >= j]
        if not len(kept):
            return 0.0
        chances, first, reached = chances[kept[0]:kept[-1] + 1], first + int(kept[0]), end
    rest = n - first - np.arange(len(chances))
    mean = n * (1.0 - reached)
    last = np.exp(rest * np.log(mean) - mean - log_factorial[rest]) if mean > 0.0 else (rest == 0).astype(np.float64)
    return float(chances @ last / np.exp(n * np.log(n) - n - log_factorial[n]))


def _more(chances: np.ndarray, first: int, mean: float, log_factorial: np.ndarray, n: int) -> tuple[np.ndarray, int]:
    """Chances of counts after a Poisson number of more, of the ``mean``; counts above n can never come back."""
    if mean <= 0.0:
        return chances, first
    spread = 10.0 * np.sqrt(mean) + 45.0
    k = np.arange(max(int(mean - spread), 0), min(int(mean + spread), n - first) + 1)
    if not len(k):
        return np.zeros(1), first
    more = np.exp(k * np.log(mean) - mean - log_factorial[k])
    return np.maximum(convolve(chances, more), 0.0)[:n - first - k[0] + 1], first + int(k[0])


@lru_cache(maxsize=64)
def highest_rate(n: int, confidence: float = 0.95) -> np.ndarray:
    """b (n + 2,) float64, read only: at the cut p <= j / (n + 1) at most the share b[j] of normal tracks is flagged, for all j at once with
    the ``confidence`` over which n tracks calibrate. They and those to come must be independent draws of one law."""
    check_rate(confidence, "confidence")
    later = np.exp(np.arange(np.log(EVERY), np.log(max(n, EVERY)) + np.log(STEP), np.log(STEP)))
    cuts = np.unique(np.minimum(np.concatenate((np.arange(1, min(n, EVERY) + 1), np.ceil(later).astype(np.int64), [n])), n))

    def bound(level: float) -> np.ndarray:
        found: np.ndarray = np.maximum.accumulate(1.0 - betaincinv(n + 1.0 - cuts, cuts, level / np.sqrt(cuts)))
        return found

    level = highest_level(lambda one: chance_below(n, cuts, bound(one)), confidence)
    out = np.concatenate(([0.0], bound(level)[np.searchsorted(cuts, np.arange(1, n + 1))], [1.0]))
    out.flags.writeable = False
    return out

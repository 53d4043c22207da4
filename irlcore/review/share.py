"""How many of the reviewed tracks are abnormal: what can be promised, what can be guessed, and what cannot be known.

With normal tracks to hold them against (calibration scores that are exchangeable with those of the normal ones among the reviewed): of n0
normal reviewed tracks the number above the k-th largest of m calibration scores is beta-binomial (n0, k, m + 1 - k) whatever the scores'
law (Vovk, "Conditional validity of inductive conformal predictors", 2012), less where scores are equal. So a number n1 of abnormal tracks
is too small where more than n1 and a quantile of that lie above, for one of a few k (Bonferroni): inverted, that gives a lower confidence
bound for n1, as Meinshausen and Rice ("Estimating the proportion of false null hypotheses among a large number of independently tested
hypotheses", 2006) have from independent p-values; ours needs no independence. There is no upper bound without more assumptions: abnormal
tracks that score as normal ones do cannot be counted. The guess is Storey's (2002), from the share of tracks in the lower half.

Without: an empirical null (Efron 2004), a gamma law with a shift fitted to the lower four fifths of the scores alone; what lies above
beyond what that law expects is abnormal. That holds as far as normal scores follow such a law, which nothing here can test.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammainc
from scipy.stats import betabinom

from irlcore.errors import DataError

SEED = 20121
CENTRE = 0.8  # of the tracks, from below, that the law of normal ones is fitted to
BINS, DRAWS = 16, 100
FEWEST = 60  # tracks, to fit a law to
SMALLEST_SHAPE, LARGEST_SHAPE = 0.3, 400.0  # of the gamma law: from steeper than exponential to next to normal


@dataclass(frozen=True, slots=True)
class Share:
    """How many of ``of`` reviewed tracks are abnormal. guess, low, high: shares of them; high is 1 where no upper end is known. level: of
    the interval. promised: whether ``low`` holds whatever the law of the scores. sentence: all of it in words."""

    of: int
    guess: float
    low: float
    high: float
    level: float
    promised: bool
    sentence: str


def share_against(calibration: np.ndarray, reviewed: np.ndarray, level: float = 0.95) -> Share:
    """From the scores (m,) of normal tracks that nothing was learned from and those (n,) of the reviewed; higher = stranger. DataError
    where there are none, or one is NaN."""
    _check(calibration, reviewed)
    m, n = len(calibration), len(reviewed)
    ordered = np.sort(calibration)[::-1]
    ranks = np.unique(np.minimum(2 ** np.arange(int(np.log2(m)) + 1), max(1, m // 2)))
    least = max(_fewest(int((reviewed > ordered[k - 1]).sum()), n, int(k), m, (1.0 - level) / len(ranks)) for k in ranks)
    half = np.median(calibration)
    ordinary = float((reviewed <= half).mean()) / max(float((calibration <= half).mean()), 0.5)
    guess = max(1.0 - min(ordinary, 1.0), least / n)
    found = "" if round(guess * n) <= least else f", and about {_tracks(round(guess * n))} by how many score low"
    start = (f"Nothing shows that any of the {n:,} reviewed tracks is abnormal" if not least else
             f"At least {_tracks(least)} of the {n:,} reviewed {'is' if least == 1 else 'are'} abnormal ({100.0 * level:g} % sure)")
    return Share(n, guess, least / n, 1.0, level, True,
                 f"{start}{found}. How many there are at most cannot be known: abnormal tracks that this score takes for normal are not "
                 "counted.")


def _fewest(above: int, n: int, k: int, m: int, error: float) -> int:
    """The smallest number of abnormal tracks under which ``above`` of n are not too many above the k-th largest of m."""
    low, high = 0, above
    while low < high:
        middle = (low + high) // 2
        if above - middle <= betabinom.ppf(1.0 - error, n - middle, k, m + 1 - k):
            high = middle
        else:
            low = middle + 1
    return low


def share_alone(reviewed: np.ndarray, level: float = 0.95) -> Share:
    """From the scores (n,) of the reviewed tracks alone; higher = stranger. DataError where there are none, or one is NaN."""
    _check(reviewed, reviewed)
    n, finite = len(reviewed), reviewed[np.isfinite(reviewed)]
    if len(finite) < FEWEST or np.ptp(np.quantile(finite, [0.05, CENTRE])) <= 0.0:
        return Share(n, 0.0, 0.0, 1.0, level, False, f"How many of the {_tracks(n)} are abnormal cannot be said: no normal tracks are "
                     "named, and too few scores differ to tell what is usual among these.")
    edges = np.unique(np.quantile(finite, np.linspace(0.0, CENTRE, BINS + 1)))
    counts = np.histogram(reviewed, edges)[0]
    rest = n - int(counts.sum())
    start = _law(edges, counts)
    guess, rng = _abnormal(edges, counts, n, start), np.random.default_rng(SEED)
    drawn = []
    for some in rng.multinomial(n, np.append(counts, rest) / n, DRAWS):
        drawn.append(_abnormal(edges, some[:-1], n, _law(edges, some[:-1], start)))
    tail = 0.5 - 0.5 * level
    low, high = (float(q) for q in np.quantile(drawn, [tail, 1.0 - tail]))
    return Share(n, guess, low, high, level, False,
                 f"About {_tracks(round(guess * n))} of {n:,} seem abnormal ({round(low * n):,} to {round(high * n):,}), if the scores of "
                 f"the normal ones above follow the law of the lower {round(100 * CENTRE)} %. No tracks are named as normal, so nothing "
                 "tests that, and this is no promise.")


def _law(edges: np.ndarray, counts: np.ndarray, start: np.ndarray | None = None) -> np.ndarray:
    """Log shape, log scale and shift of the gamma law that is likeliest for the counts (B,) between edges (B + 1,)."""
    wide, lowest = float(np.ptp(edges)), float(edges[0])

    def lost(point: np.ndarray) -> float:
        shape, scale, shift = np.exp(point[0]), wide * np.exp(point[1]), lowest - wide * np.exp(point[2])
        if not SMALLEST_SHAPE <= shape <= LARGEST_SHAPE:
            return 1e12
        share = np.diff(gammainc(shape, np.maximum(edges - shift, 0.0) / scale))
        return float(-(counts @ np.log(np.maximum(share / max(share.sum(), 1e-300), 1e-300))))

    found = minimize(lost, np.array([np.log(4.0), np.log(0.25), np.log(0.1)]) if start is None else start, method="Nelder-Mead",
                     options={"maxiter": 600 if start is None else 150, "xatol": 1e-3, "fatol": 1e-3})
    return np.asarray(found.x)


def _abnormal(edges: np.ndarray, counts: np.ndarray, n: int, point: np.ndarray) -> float:
    """The share of n tracks that are none of those whose law the centre follows."""
    wide = float(np.ptp(edges))
    shift = float(edges[0]) - wide * np.exp(point[2])
    below = float(np.diff(gammainc(np.exp(point[0]), np.maximum(edges[[0, -1]] - shift, 0.0) / (wide * np.exp(point[1]))))[0])
    return max(0.0, 1.0 - float(counts.sum()) / (n * max(below, 1e-300)))


def _tracks(count: int) -> str:
    return f"{count:,} track{'' if count == 1 else 's'}"


def _check(calibration: np.ndarray, reviewed: np.ndarray) -> None:
    for what, scores in (("calibration", calibration), ("reviewed", reviewed)):
        if not len(scores):
            raise DataError(f"There are no {what} tracks to count.", "Name normal tracks, or load tracks to review.")
        missing = np.flatnonzero(np.isnan(scores))
        if len(missing):
            raise DataError(f"The score of {what} track {missing[0]} (counted from 0) is not a number; {len(missing)} in all.",
                            "Choose a score that exists for every track.")

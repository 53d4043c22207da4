"""How many of the reviewed tracks are abnormal: what can be promised, what can be guessed, and what cannot be known.

With normal tracks to hold them against (calibration scores that are exchangeable with those of the normal ones among the reviewed): of n0
normal reviewed tracks the number above the k-th largest of m calibration scores is beta-binomial (n0, k, m + 1 - k) whatever the scores'
law (Vovk, "Conditional validity of inductive conformal predictors", 2012), less where scores are equal. So a number n1 of abnormal tracks
is too small where more than n1 and a quantile of that lie above, for one of a few k (Bonferroni): inverted, that gives a lower confidence
bound for n1, as Meinshausen and Rice ("Estimating the proportion of false null hypotheses among a large number of independently tested
hypotheses", 2006) have from independent p-values; ours needs no independence. There is no upper bound without more assumptions: abnormal
tracks that score as normal ones do cannot be counted. The guess is Storey's (2002), from the share of tracks in the lower half.

Without: an empirical null (Efron 2004), a gamma or lognormal law with a shift fitted to the lower four fifths of the scores alone; what
lies above beyond what that law expects is abnormal. The interval is by profile likelihood, over all these laws: of 95 % ones 91 to 100 of
100, 97 on average, covered where normal scores follow a normal, exponential, gamma or lognormal law (seeds of their own, 60 to 1,500
tracks, up to 15 % strange); of scores that lean downwards more than these laws can, as few as 67 did. Whether scores follow them above,
nothing here can test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import gammaincinv, gammaln, ndtri
from scipy.stats import betabinom, chi2

from irlcore.errors import DataError
from irlcore.quantities import counted, listed

CENTRE = 0.8  # of the tracks, from below, that the law of normal ones is fitted to
BINS, EACH, FEWEST_EDGES = 16, 10, 5
FEWEST = 60  # tracks, to fit a law to
DOUBT = 0.01  # chance of a warning about normal tracks that are, where their scores follow such a law
SHARES = np.arange(0.0, 0.1951, 0.0025)  # that are looked at: the centre has to be of normal tracks
SKEWS = np.linspace(-0.975, 2.825, 77)  # of gamma laws, turned round where below 0, from next to normal to steeper than exponential
SPREADS = np.linspace(0.05, 1.5, 30)  # of lognormal ones, of the logarithm


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


def share_against(calibration: np.ndarray, reviewed: np.ndarray, level: float = 0.95, missing: Sequence[str] = ()) -> Share:
    """From the scores (m,) of normal tracks that nothing was learned from and those (n,) of the reviewed; higher = stranger. missing: why
    nothing may be promised of them (``Ground.missing``): then there is a guess alone. DataError where there are none, or one is NaN."""
    _check(calibration, reviewed)
    m, n = len(calibration), len(reviewed)
    ordered = np.sort(calibration)[::-1]
    ranks = np.unique(np.minimum(2 ** np.arange(int(np.log2(m)) + 1), max(1, m // 2)))
    least = max(_fewest(int((reviewed > ordered[k - 1]).sum()), n, int(k), m, (1.0 - level) / len(ranks)) for k in ranks)
    half = np.median(calibration)
    ordinary = float((reviewed <= half).mean()) / max(float((calibration <= half).mean()), 0.5)
    guess = max(1.0 - min(ordinary, 1.0), least / n)
    if missing:
        guess = max(1.0 - min(ordinary, 1.0), 0.0)
        return Share(n, guess, 0.0, 1.0, level, False, f"Nothing can be promised about how many of the {counted(n, 'reviewed track')} are "
                     f"abnormal, because {listed(list(missing))}. By how many score low it would be about {round(guess * n):,}.")
    found = "" if round(guess * n) <= least else f", and about {counted(round(guess * n), 'track')} by how many score low"
    start = (f"Nothing shows that any of the {n:,} reviewed tracks is abnormal" if not least else
             f"At least {counted(least, 'track')} of the {n:,} reviewed {'is' if least == 1 else 'are'} abnormal "
             f"({100.0 * level:g} % sure)")
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
    n, found = len(reviewed), beyond_the_law(reviewed)
    if found is None:
        return Share(n, 0.0, 0.0, 1.0, level, False, f"How many of the {counted(n, 'track')} are abnormal cannot be said: no normal tracks "
                     "are named, and too few scores differ to tell what is usual among these.")
    inside = SHARES[found <= found.min() + float(chi2.ppf(level, 1))]
    guess, low, high = float(SHARES[np.argmin(found)]), float(inside[0]), float(inside[-1])
    high = 1.0 if high >= SHARES[-1] else high
    most = "or more" if high == 1.0 else f"to {round(high * n):,}"
    return Share(n, guess, low, high, level, False,
                 f"About {counted(round(guess * n), 'track')} of {n:,} seem abnormal ({round(low * n):,} {most}), if scores of the normal "
                 f"ones follow a gamma or lognormal law, as the lower {round(100 * CENTRE)} % do best. No tracks are named as normal, so "
                 "nothing tests that above, and this is no promise.")


def doubt_of(calibration: np.ndarray) -> str:
    """A warning where the scores (m,) of normal tracks have more above than the law of their lower part lets expect, at 1 %; empty where
    they have not, or where that cannot be told. It withdraws no promise: no test can tell abnormal tracks from a class whose scores have a
    heavy tail, and none is needed. As long as abnormal tracks among the normal ones score no lower than these, p-values come out larger
    than they should (each counts the calibration tracks that are as strange), and all that is promised still holds; what is lost is finds.
    """
    found = beyond_the_law(calibration)
    if found is None or found[0] - found.min() <= float(chi2.ppf(1.0 - 2.0 * DOUBT, 1)):
        return ""
    m, low = len(calibration), float(SHARES[found <= found.min() + float(chi2.ppf(1.0 - 2.0 * DOUBT, 1))][0])
    guess = max(1, round(m * max(float(SHARES[np.argmin(found)]), low)))
    look = "looks" if guess == 1 else "look"
    return (f"About {guess:,} of the {counted(m, 'track')} that calibrate {look} abnormal {'itself' if guess == 1 else 'themselves'}, by "
            "how the others score. That breaks no promise about false alarms, but fewer abnormal tracks are found: look at the strangest "
            "normal ones (Tracks page).")


def beyond_the_law(scores: np.ndarray) -> np.ndarray | None:
    """(E,) float64, -2 log likelihood of each of ``SHARES`` under the law that suits it best: of the quantiles up to ``CENTRE``, which are
    jointly normal about those of the law (Mosteller 1946). None where too few scores (n,) differ."""
    n, bins = len(scores), min(BINS, len(scores) // EACH)
    at = np.arange(1, bins + 1) * CENTRE / max(bins, 1)
    if np.isfinite(scores).sum() < FEWEST:
        return None
    ordered, place = np.sort(scores), at * n - 0.5  # Hazen's quantiles
    low = place.astype(np.int64)
    known = np.isfinite(ordered[low]) & np.isfinite(ordered[low + 1])
    at, low, part = at[known], low[known], (place - low)[known]
    edges = ordered[low] + part * (ordered[low + 1] - ordered[low])
    if len(edges) < FEWEST_EDGES or (np.diff(edges) <= 0.0).any():
        return None
    whiten = np.linalg.inv(np.linalg.cholesky(np.minimum.outer(at, at) - np.outer(at, at)))
    q, density = _laws(tuple(at.tolist()))
    density = density * (1.0 - SHARES)[:, None]
    edges = (edges - edges[0]) / (edges[-1] - edges[0])
    one, y, x = (np.einsum("ij,lej->lei", whiten, density * column) for column in (1.0, edges, q))
    size = (one * one).sum(axis=2)
    y, x = (v - one * ((one * v).sum(axis=2) / size)[:, :, None] for v in (y, x))
    a, b, c = (y * y).sum(axis=2), (y * x).sum(axis=2), (x * x).sum(axis=2)
    scale = (b + np.sqrt(b * b + 4.0 * a * len(at) / n)) / (2.0 * a)  # one over that of the law
    value = n * (a * scale**2 - 2.0 * b * scale + c) - 2.0 * len(at) * np.log(scale) - 2.0 * np.log(density).sum(axis=2)
    return np.minimum(_lowest(value[:len(SKEWS)]), _lowest(value[len(SKEWS):]))


def _lowest(value: np.ndarray) -> np.ndarray:
    """(E,) float64: the lowest of values (L, E) along laws, where a parabola through it and its neighbours has its lowest point."""
    at = np.clip(np.argmin(value, axis=0), 1, len(value) - 2)
    before, here, after = (value[at + k, np.arange(value.shape[1])] for k in (-1, 0, 1))
    slope, bend = 0.5 * (after - before), before + after - 2.0 * here
    inside = (bend > 0.0) & (np.abs(slope) < bend)
    return np.asarray(np.where(inside, here - 0.5 * slope**2 / np.where(inside, bend, 1.0), np.minimum(np.minimum(before, after), here)))


@lru_cache(maxsize=4)
def _laws(at: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles of each law and its density there, (L, E, B), where shares ``at`` (B,) of all tracks lie below."""
    below = np.array(at)[None, :] / (1.0 - SHARES[:, None])
    turned, shapes, z = (SKEWS < 0.0)[:, None, None], (4.0 / SKEWS**2)[:, None, None], ndtri(below)
    q = gammaincinv(shapes, np.where(turned, 1.0 - below, below))
    density = np.exp((shapes - 1.0) * np.log(q) - q - gammaln(shapes))
    q = np.where(turned, -q, q)
    wide = SPREADS[:, None, None]
    skewed = np.exp(wide * z)
    return np.concatenate((q, skewed)), np.concatenate((density, np.exp(-0.5 * z * z) / (np.sqrt(2.0 * np.pi) * wide * skewed)))


def _check(calibration: np.ndarray, reviewed: np.ndarray) -> None:
    for what, scores in (("calibration", calibration), ("reviewed", reviewed)):
        if not len(scores):
            raise DataError(f"There are no {what} tracks to count.", "Name normal tracks, or load tracks to review.")
        missing = np.flatnonzero(np.isnan(scores))
        if len(missing):
            raise DataError(f"The score of {what} track {missing[0]} (counted from 0) is not a number; {len(missing)} in all.",
                            "Choose a score that exists for every track.")

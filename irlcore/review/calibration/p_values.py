"""p-values of tracks from the scores of normal ones.

Split conformal p-values (Vovk, Gammerman and Shafer 2005): p = (1 + number of calibration scores at least as
large) / (n + 1). If a track is as normal as the calibration tracks, P(p <= a) <= a, whatever the model's quality.
Where scores tie, those that are equal count; they may be told apart by a second score, which keeps p a number of that kind,
or a share of them be drawn, with which P(p <= a) = a for every a (the smoothed p-value of the same book).
"""

from __future__ import annotations

import hashlib

import numpy as np

from irlcore.errors import DataError

SEED = 20121

STRANGEST = 1e9
FEW = 8  # scores, that are compared with each calibration score


def conformal_p(calibration: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """p-values (N,) of ``scores`` (N,) against those of normal tracks (n,); both higher = stranger.

    Exact only if the calibration tracks were kept out of the fit and are normal.
    """
    calibration, scores = clean(calibration, "calibration score"), clean(scores, "score")
    _need(calibration)
    if len(scores) <= FEW:  # as one track is asked about, where sorting all normal ones would cost more
        larger = np.array([np.count_nonzero(calibration >= one) for one in scores], np.int64)
    else:
        larger = len(calibration) - np.searchsorted(np.sort(calibration), scores, side="left")
    p: np.ndarray = (1.0 + larger) / (len(calibration) + 1.0)
    return p


def finer_p(calibration: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """The same of scores (N, K) against (n, K): of the second one where the first ties, of the third where both do."""
    _need(calibration)
    everyone = np.concatenate((calibration, scores)).astype(np.float64)
    for column in everyone.T:
        clean(column, "score")
    place = np.unique(everyone, axis=0, return_inverse=True)[1].ravel()  # rows in lexical order
    return conformal_p(place[:len(calibration)], place[len(calibration):])


def random_p(calibration: np.ndarray, scores: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """p-values (N,) with a share of the ties, and of the track itself, drawn from its id (N,): exactly uniform over all chances for a
    normal track, and below the least of the others where a track is stranger than all."""
    calibration, scores = clean(calibration, "calibration score"), clean(scores, "score")
    _need(calibration)
    ranked = np.sort(calibration)
    above = len(ranked) - np.searchsorted(ranked, scores, side="right")
    equal = len(ranked) - np.searchsorted(ranked, scores, side="left") - above
    p: np.ndarray = (above + drawn(ids) * (1.0 + equal)) / (len(ranked) + 1.0)
    return p


def drawn(ids: np.ndarray) -> np.ndarray:
    """A number in (0, 1) for each id (N,), that looks like chance and is the same wherever the id stands and whenever it is asked."""
    words = [hashlib.blake2b(f"{SEED} {i}".encode(), digest_size=8).digest() for i in ids]
    whole = np.array([int.from_bytes(word, "big") >> 11 for word in words], np.float64)  # 53 bits, so that none is rounded up to 1
    share: np.ndarray = (whole + 0.5) / 2.0**53
    return share


def rank_share(scores: np.ndarray) -> np.ndarray:
    """Share (N,) of the batch that is at least as strange as each track, itself included: 1 / N for the strangest.

    This is a place in a list and no p-value: where no track is known to be normal, nothing in the batch says how many of
    its strangest are.
    """
    scores = clean(scores, "score")
    share: np.ndarray = (len(scores) - np.searchsorted(np.sort(scores), scores, side="left")) / max(len(scores), 1)
    return share


def as_ordinary(values: np.ndarray) -> np.ndarray:
    """Scores (any shape) in which what gives nothing to measure (NaN) is as ordinary as can be."""
    return np.where(np.isnan(values), -np.inf, values)


def as_ranked(values: np.ndarray) -> np.ndarray:
    """The same as a ranking takes them: all that is impossible is as strange as can be, alike."""
    return np.minimum(as_ordinary(values), STRANGEST)


def measured_p(calibration: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """``conformal_p`` of ``scores`` (N,) against ``calibration`` (n,) where something was measured, NaN elsewhere."""
    known, p = ~np.isnan(scores), np.full(len(scores), np.nan)
    if known.any():
        p[known] = conformal_p(as_ordinary(calibration), scores[known])
    return p


def clean(values: np.ndarray, what: str) -> np.ndarray:
    """(N,) float64; DataError where one is no number."""
    values = np.asarray(values, np.float64)
    missing = np.flatnonzero(np.isnan(values))
    if len(missing):
        raise DataError(f"The {what} of track {missing[0]} (counted from 0) is not a number; {len(missing)} in all.",
                        "Choose a score that exists for every track.")
    return values


def _need(calibration: np.ndarray) -> None:
    if not len(calibration):
        raise DataError("There are no calibration tracks, so no score can be called unusual.",
                        "Keep some normal tracks out of the fit for calibration.")

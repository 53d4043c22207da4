"""From scores to p-values and flags, with a false-alarm rate the analyst chooses in words.

Split conformal p-values (Vovk, Gammerman and Shafer 2005): p = (1 + number of calibration scores at least as
large) / (n + 1). If a track is as normal as the calibration tracks, P(p <= a) <= a, whatever the model's quality.
Benjamini and Hochberg (1995) then bound the share of normal tracks among the flags; that holds for conformal
p-values too, although they share their calibration tracks (Bates et al. 2023, theorem 2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from irlcore.errors import DataError


@dataclass(frozen=True, slots=True)
class FalseAlarmControl:
    """Which false alarms are limited, and to what rate in (0, 1).

    kind: "share_of_flags" limits the share of normal tracks among the flagged ones; "share_of_normal" limits the
    share of normal tracks that get flagged. "strangest" limits nothing: it lists that share of the batch, which is all that
    can be done where no track is known to be normal.
    """

    kind: Literal["share_of_flags", "share_of_normal", "strangest"]
    rate: float

    def __post_init__(self) -> None:
        if self.kind not in ("share_of_flags", "share_of_normal", "strangest"):
            raise DataError(f"False alarms cannot be limited by {self.kind!r}.",
                            "Choose share_of_flags, share_of_normal or strangest.")
        _check_rate(self.rate, "false-alarm rate")


def conformal_p(calibration: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """p-values (N,) of ``scores`` (N,) against those of normal tracks (n,); both higher = stranger.

    Exact only if the calibration tracks were kept out of the fit and are normal.
    """
    calibration, scores = _clean(calibration, "calibration score"), _clean(scores, "score")
    if not len(calibration):
        raise DataError("There are no calibration tracks, so no score can be called unusual.",
                        "Keep some normal tracks out of the fit for calibration.")
    larger = len(calibration) - np.searchsorted(np.sort(calibration), scores, side="left")
    p: np.ndarray = (1.0 + larger) / (len(calibration) + 1.0)
    return p


def rank_share(scores: np.ndarray) -> np.ndarray:
    """Share (N,) of the batch that is at least as strange as each track, itself included: 1 / N for the strangest.

    This is a place in a list and no p-value: where no track is known to be normal, nothing in the batch says how many of
    its strangest are.
    """
    scores = _clean(scores, "score")
    share: np.ndarray = (len(scores) - np.searchsorted(np.sort(scores), scores, side="left")) / max(len(scores), 1)
    return share


def benjamini_hochberg(p: np.ndarray, rate: float) -> np.ndarray:
    """Flags (N,) bool: the k smallest p-values, k the largest with p_(k) <= rate k / N."""
    _check_rate(rate, "rate")
    p = _clean(p, "p-value")
    ranked = np.sort(p)
    passed = np.flatnonzero(ranked <= rate * np.arange(1, len(p) + 1) / max(len(p), 1))
    if not len(passed):
        return np.zeros(len(p), np.bool_)
    flags: np.ndarray = p <= ranked[passed[-1]]
    return flags


def flag(p: np.ndarray, control: FalseAlarmControl) -> np.ndarray:
    """Flags (N,) bool under the chosen control; p (N,) are p-values, or for "strangest" places (``rank_share``)."""
    if control.kind == "share_of_flags":
        return benjamini_hochberg(p, control.rate)
    flags: np.ndarray = _clean(p, "p-value") <= control.rate
    return flags


def control_sentence(control: FalseAlarmControl, n_reviewed: int) -> str:
    """The control in plain words."""
    often = _one_in(control.rate)
    tracks = f"{n_reviewed:,} reviewed {'track' if n_reviewed == 1 else 'tracks'}"
    if control.kind == "share_of_flags":
        return (f"At most about {often} flagged tracks is expected to be a normal one. With {tracks}, the list is "
                f"as long as this allows; it may be empty.")
    if control.kind == "strangest":
        return (f"The strangest {100.0 * control.rate:.3g} % of {tracks} are listed. No tracks are named as normal (Tracks page), so "
                f"nothing says how many of these are ordinary.")
    count = control.rate * n_reviewed
    number = f"about {count:,.0f}" if count >= 1.5 else "about 1" if count >= 0.5 else "most likely none"
    return (f"About {often} normal tracks will be flagged. If all of the {tracks} were normal, that would be "
            f"{number}.")


def calibration_limit(n_calibration: int, control: FalseAlarmControl, n_reviewed: int) -> str:
    """Empty where there are enough calibration tracks for a lone abnormal track to be flagged, else what to do."""
    needed = control.rate / (n_reviewed if control.kind == "share_of_flags" else 1)
    enough = math.ceil(1.0 / needed - 1e-9) - 1 if n_reviewed else 0
    if n_calibration >= enough:
        return ""
    told = f"With {n_calibration:,} calibration tracks no p-value is below 1 in {n_calibration + 1:,}"
    together = math.ceil(1.0 / (needed * (n_calibration + 1)) - 1e-9) if control.kind == "share_of_flags" else 0
    if 1 < together <= n_reviewed:  # each of k may be as sure as a k-th of what one alone would have to be
        return (f"{told}: at this rate none is flagged unless at least {together:,} are as strange as that, and one alone asks for "
                f"{enough:,}. Name what the model misses, calibrate on more tracks or allow more false alarms.")
    return f"{told}; {enough:,} are needed to flag a single track at this rate. Calibrate on more tracks or allow more false alarms."


def _one_in(rate: float) -> str:
    """A rate as "1 in n", or "k in 10" where 1 in n would round too far."""
    n = round(1.0 / rate)
    if n >= 2 and abs(1.0 / n - rate) <= 0.05 * rate:
        return f"1 in {n:,}"
    return f"{100.0 * rate:.3g} in 100"


def _check_rate(rate: float, what: str) -> None:
    if not 0.0 < rate < 1.0:
        raise DataError(f"A {what} of {rate} is not possible.", "Choose a number between 0 and 1.")


def _clean(values: np.ndarray, what: str) -> np.ndarray:
    values = np.asarray(values, np.float64)
    missing = np.flatnonzero(np.isnan(values))
    if len(missing):
        raise DataError(f"The {what} of track {missing[0]} (counted from 0) is not a number; {len(missing)} in all.",
                        "Choose a score that exists for every track.")
    return values

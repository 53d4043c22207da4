"""What the analyst chooses: which false alarms are limited and to what rate, and what a p-value rests on; the flags that follow.

Benjamini and Hochberg (1995) bound the share of normal tracks among the flags; that holds for conformal p-values too, although they share
their calibration tracks (Bates, Candès, Lei, Romano and Sesia 2023, "Testing for outliers with conformal p-values", theorem 2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from irlcore.errors import DataError
from irlcore.review.calibration.p_values import clean

ROUNDED = 1e-12
"""Of a limit: what rounding may take of it. p-values that are equal to it are within."""

Kind = Literal["share_of_flags", "share_of_normal", "strangest"]
Ties = Literal["counted", "finer", "random"]
GroupBy = Literal["", "distance", "hour", "ended"]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a p-value rests on. The usual one is exact and needs nothing else: every normal track that is at least as strange counts.

    ties: of equally strange tracks "counted" counts all, "finer" those that are at least as strange by a second score, "random" a share of
    them that is drawn for each reviewed track from its id. groups: tracks are compared with normal ones of their own distance between start
    and end, or hour of the day; or sequences that have ended with such, and those still running with such. weighted: normal tracks count
    by how much they are like the reviewed ones in start, distance and hour.
    adaptive: where the share of flags is limited, the share of abnormal tracks is estimated: more flags are raised where that is large,
    and fewer where it is small. crossed: every normal track is compared with, by the fit of several that has not seen it (``cross``).
    """

    ties: Ties = "counted"
    groups: GroupBy = ""
    weighted: bool = False
    adaptive: bool = False
    crossed: bool = False

    def __post_init__(self) -> None:
        if self.ties not in ("counted", "finer", "random"):
            raise DataError(f"Ties cannot be broken by {self.ties!r}.", "Choose counted, finer or random.")
        if self.groups not in ("", "distance", "hour", "ended"):
            raise DataError(f"Tracks cannot be grouped by {self.groups!r}.", "Choose distance, hour or ended, or no groups.")
        if self.weighted and (self.groups or self.ties != "counted"):
            raise DataError("Weighted p-values are made of all normal tracks, ties counted.", "Leave groups out, and let ties count.")
        if self.crossed and (self.groups or self.weighted or self.ties != "counted"):
            raise DataError("p-values by several fits are made of all normal tracks alike, ties counted.",
                            "Leave groups and weights out, and let ties count.")

    @property
    def plain(self) -> bool:
        """Whether each p-value compares one track with all calibration tracks alike and by one fit, ties counted or broken by a finer
        score."""
        return not self.groups and not self.weighted and not self.crossed and self.ties != "random"


USUAL = Basis()


@dataclass(frozen=True, slots=True)
class FalseAlarmControl:
    """Which false alarms are limited, and to what rate in (0, 1).

    kind: "share_of_flags" limits the share of normal tracks among the flagged ones; "share_of_normal" limits the
    share of normal tracks that get flagged. "strangest" limits nothing: it lists that share of the batch, which is all that
    can be done where no track is known to be normal. basis: what the p-values rest on.
    """

    kind: Kind
    rate: float
    basis: Basis = USUAL

    def __post_init__(self) -> None:
        if self.kind not in ("share_of_flags", "share_of_normal", "strangest"):
            raise DataError(f"False alarms cannot be limited by {self.kind!r}.",
                            "Choose share_of_flags, share_of_normal or strangest.")
        check_rate(self.rate, "false-alarm rate")

    @property
    def by_one_fit(self) -> FalseAlarmControl:
        """The same of p-values by one fit, where several were asked for."""
        return replace(self, basis=USUAL) if self.basis.crossed else self


USUAL_RATE, USUAL_SHARE = 0.1, 0.02
"""What a review begins with: the share of normal tracks among the flagged ones, and without a reference the share that is listed."""


def usual_control(has_reference: bool) -> FalseAlarmControl:
    """The control that a review begins with. has_reference: whether some tracks are known to be normal."""
    return FalseAlarmControl("share_of_flags", USUAL_RATE) if has_reference else FalseAlarmControl("strangest", USUAL_SHARE)


def benjamini_hochberg(p: np.ndarray, rate: float) -> np.ndarray:
    """Flags (N,) bool: the k smallest p-values, k the largest with p_(k) <= rate k / N. rate: above 0; an estimated share of normal tracks
    may have raised it to 1 and beyond, where all are flagged."""
    if not rate > 0.0:
        raise DataError(f"A rate of {rate} is not possible.", "Choose a number above 0.")
    p = clean(p, "p-value")
    ranked = np.sort(p)
    passed = np.flatnonzero(ranked <= rate * np.arange(1, len(p) + 1) / max(len(p), 1) * (1.0 + ROUNDED))
    if not len(passed):
        return np.zeros(len(p), np.bool_)
    flags: np.ndarray = p <= ranked[passed[-1]]
    return flags


def share_of_normal(p: np.ndarray, n: int) -> float:
    """An estimate, above 0 and now and then above 1, of the share of normal tracks among those with conformal p-values ``p`` (m,) by ``n``
    calibration tracks, that Benjamini and Hochberg's rate may be divided by (Storey 2002): (1 + how many are above L) / (m (1 - L)).

    L is the middle one of the values k / (n + 1) that p-values can have. That the share of normal tracks among the flags stays below the
    rate with estimates of this kind is of Marandon, Lei, Mary and Roquain (2024, "Adaptive novelty detection with false discovery rate
    guarantee"). It must not be cut off at 1: where all tracks are normal more would be flagged than by a rate that is not divided, up to a
    tenth more often than asked for (counted over all orders of few tracks).
    """
    p = clean(p, "p-value")
    k = (n + 1) // 2
    if not len(p) or not 0 < k < n + 1:
        return 1.0
    above = int((np.rint(p * (n + 1)) > k).sum())
    return float((1 + above) / (len(p) * (1.0 - k / (n + 1))))


def flag(p: np.ndarray, control: FalseAlarmControl, normal: float = 1.0) -> np.ndarray:
    """Flags (N,) bool under the chosen control; p (N,) are p-values, or for "strangest" places (``rank_share``). normal: the estimated
    share of normal tracks (``share_of_normal``), where the basis is adaptive."""
    if control.kind == "share_of_flags":
        return benjamini_hochberg(p, control.rate / normal)
    flags: np.ndarray = clean(p, "p-value") <= control.rate * (1.0 + ROUNDED)
    return flags


def check_rate(rate: float, what: str) -> None:
    """DataError unless 0 < rate < 1."""
    if not 0.0 < rate < 1.0:
        raise DataError(f"A {what} of {rate} is not possible.", "Choose a number between 0 and 1.")

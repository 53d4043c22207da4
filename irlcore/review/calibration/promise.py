"""Promises: a guarantee that travels with the result that it is about, and cannot be said where it does not hold.

A promise holds what it stands on (``Ground``) and which numbers were asked; its bound is worked out from these when it is read, and its
sentence is that of the bound only where every condition is met. Else it says why nothing can be promised.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor

import numpy as np

from irlcore.quantities import counted, listed
from irlcore.review.calibration.batch import normal_at_most
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.review.calibration.cross import crossed_chance
from irlcore.review.calibration.ground import Ground
from irlcore.review.calibration.rate import highest_rate
from irlcore.review.calibration.words import one_in, percent_up

ONLY_PLAIN = "it is known only for p-values that compare each track with all normal ones alike"
NEARLY = 0.9  # of the rate asked for: as whole calibration tracks allow no closer, less than that is not "about" it


@dataclass(frozen=True, slots=True)
class Promise:
    """What may be said of false alarms. Subclasses give the bound, its words, and what it asks for beside its ground."""

    ground: Ground

    @property
    def missing(self) -> tuple[str, ...]:
        """Why it does not hold, clauses; empty where it does."""
        return self.ground.missing or self._asks()

    @property
    def holds(self) -> bool:
        """Whether every condition is met."""
        return not self.missing

    @property
    def sentence(self) -> str:
        """The promise, or why there is none; one or two sentences."""
        return self._said() if self.holds else f"Nothing can be promised about {self._about()}, because {listed(self.missing)}."

    def _asks(self) -> tuple[str, ...]:
        return ()

    def _about(self) -> str:
        return "false alarms"

    def _said(self) -> str:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class ShareOfFlags(Promise):
    """The expected share of normal tracks among the flagged ones is at most ``rate`` (Bates et al. 2023, theorem 2)."""

    rate: float

    def _asks(self) -> tuple[str, ...]:
        if self.ground.basis.ties == "random":
            return ("this is not known to hold for p-values with drawn ties (let ties count)",)
        if self.ground.basis.crossed:
            return ("this is not known to hold for p-values by several fits (limit which of the normal tracks are flagged)",)
        if self.ground.basis.adaptive and self.ground.basis.groups:
            return ("this is not known to hold with groups and an estimated share of abnormal tracks together",)
        return ()

    def _said(self) -> str:
        return (f"At most about {one_in(self.rate)} flagged tracks is expected to be a normal one. With {_reviewed(self.ground)}, the list "
                f"is as long as this allows; it may be empty.")


@dataclass(frozen=True, slots=True)
class ShareOfNormal(Promise):
    """A normal track is flagged with a chance of at most ``rate``."""

    rate: float

    @property
    def reached(self) -> float:
        """The chance that can be reached with whole calibration tracks, the most that is not above ``rate``."""
        if self.ground.basis.ties == "random":
            return self.rate
        return floor(self.rate * (self.ground.n + 1) + 1e-9) / (self.ground.n + 1)

    def _said(self) -> str:
        often, kept = one_in(self.rate), counted(self.ground.n, "calibration track")
        if self.ground.basis.groups:
            return f"At most about {often} normal tracks of each group will be flagged."
        if self.reached <= 0.0:
            return f"At most about {often} normal tracks would be flagged; with {kept} none can be."
        count = self.reached * self.ground.m
        number = f"about {count:,.0f}" if count >= 1.5 else "about 1" if count >= 0.5 else "most likely none"
        about = f"About {often} normal tracks will be flagged" if self.reached >= NEARLY * self.rate else \
            f"At most {often} normal tracks will be flagged, with {kept} about {one_in(self.reached)}"
        return f"{about}. If all of the {_reviewed(self.ground)} were normal, that would be {number}."


@dataclass(frozen=True, slots=True)
class Strangest(Promise):
    """No promise: the strangest ``rate`` of the batch are listed."""

    rate: float

    def _asks(self) -> tuple[str, ...]:
        return ("the list has the length that was asked for, whoever is in it",)

    @property
    def sentence(self) -> str:
        """What is listed, and what that does not say."""
        told = self.ground.has_reference
        why = "The list has the length that was asked for" if told else "No tracks are named as normal (Tracks page)"
        return (f"The strangest {100.0 * self.rate:.3g} % of {_reviewed(self.ground)} are listed. {why}, so "
                f"nothing says how many of these are ordinary.")


@dataclass(frozen=True, slots=True)
class AnyCut(Promise):
    """At the cut p <= ``cut`` / (n + 1) at most ``bound`` of all normal tracks are flagged: at all cuts at once, with ``confidence``."""

    cut: int
    confidence: float = 0.95

    @property
    def bound(self) -> float:
        """The highest share of normal tracks; 1 where nothing is promised."""
        return float(highest_rate(self.ground.n, self.confidence)[self.cut]) if self.holds else 1.0

    def _asks(self) -> tuple[str, ...]:
        return () if self.ground.basis.plain else (ONLY_PLAIN,)

    def _about(self) -> str:
        return "every cut at once"

    def down_to(self, k: int) -> str:
        """The same of a list that ends here, with ``k`` tracks; empty where nothing is bounded."""
        if not self.holds or self.bound >= 1.0:
            return ""
        return (f"Stopping here lists {k:,} of {self.ground.m:,}; at most {percent_up(self.bound)} of normal tracks are this strange "
                f"({100.0 * self.confidence:.3g} % sure, wherever you stop).")

    def _said(self) -> str:
        if not self.cut:
            return "At this cut no track is flagged."
        return (f"At this cut at most {percent_up(self.bound)} of normal tracks are flagged. You may move the cut as you like: with "
                f"{100.0 * self.confidence:.3g} % certainty such bounds hold at all cuts at once.")


@dataclass(frozen=True, slots=True)
class Picked(Promise):
    """Of reviewed tracks picked in whatever way at most ``bound`` are normal: for all that may be picked at once, with ``confidence``.
    places: p (n + 1) of each, rounded."""

    places: tuple[int, ...]
    confidence: float = 0.95

    @property
    def bound(self) -> int:
        """The largest number of normal ones; all where nothing is promised."""
        if not self.holds or not self.places:
            return len(self.places)
        return normal_at_most(np.array(self.places) / (self.ground.n + 1), self.ground.n, self.ground.m, self.confidence)

    def _asks(self) -> tuple[str, ...]:
        return () if self.ground.basis.plain else (ONLY_PLAIN,)

    def _about(self) -> str:
        return "the tracks you picked"

    def _said(self) -> str:
        k, bound, sure = len(self.places), self.bound, f"{100.0 * self.confidence:.3g} %"
        if not k:
            return "No track is picked."
        if bound >= k:
            return f"{'The track' if k == 1 else f'All {k:,} tracks'} that you picked may be normal: their scores alone do not tell."
        most = "none is" if not bound else f"at most {bound:,} {'is' if bound == 1 else 'are'}"
        which = "The track that you picked is not normal" if k == 1 else f"Of the {k:,} tracks that you picked, {most} normal"
        return f"{which}, with {sure} certainty, however you picked."


@dataclass(frozen=True, slots=True)
class Crossed(Promise):
    """A normal track has a cross-conformal p-value of ``rate`` or less with a chance of at most ``bound``. folds: models fitted."""

    rate: float
    folds: int

    @property
    def bound(self) -> float:
        """At most about twice the rate; 1 where nothing is promised."""
        return crossed_chance(self.rate, self.ground.n, self.folds) if self.holds else 1.0

    def _said(self) -> str:
        turns = f"{counted(self.ground.n, 'normal track')} in all, each compared with by the one of {self.folds} fits that has not seen it"
        if not self.bound:
            return f"At this rate no track can be flagged. There are {turns}."
        return (f"About {one_in(self.rate)} normal tracks will be flagged; what is certain is at most {percent_up(self.bound)}. There are "
                f"{turns}.")


def promise_of(control: FalseAlarmControl, ground: Ground) -> Promise:
    """What the control promises."""
    if control.kind == "share_of_normal" and ground.basis.crossed:
        return Crossed(ground, control.rate, ground.folds)
    made = {"share_of_flags": ShareOfFlags, "share_of_normal": ShareOfNormal, "strangest": Strangest}
    return made[control.kind](ground, control.rate)


def picked_promise(p: Iterable[float], ground: Ground, confidence: float = 0.95) -> Picked:
    """What is promised of reviewed tracks with these p-values."""
    return Picked(ground, tuple(int(round(one * (ground.n + 1))) for one in p), confidence)


def _reviewed(ground: Ground) -> str:
    return counted(ground.m, "reviewed track")

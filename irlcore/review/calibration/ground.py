"""What a promise stands on: which tracks were compared with which, and all that must hold for anything to be promised of it."""

from __future__ import annotations

from dataclasses import dataclass

from irlcore.quantities import listed
from irlcore.review.calibration.alike import Alike
from irlcore.review.calibration.circumstances import Shift
from irlcore.review.calibration.controls import USUAL, Basis
from irlcore.review.calibration.words import one_in


@dataclass(frozen=True, slots=True)
class Ground:
    """n: calibration tracks. m: reviewed ones. has_reference: whether tracks are named as normal. apart: whether the calibration tracks
    were kept out of all that was fitted or learned. doubt: why some of them may not be normal, a clause; empty where nothing speaks for it.
    shift: the test of whether reviewed and calibration tracks differ beforehand; None where it could not be made. basis: what the
    p-values rest on. worth: how many calibration tracks of one weight they are worth, where they are weighted. folds: fits by which they
    were compared, 0 for the one that is shown. removed: normal tracks that verdicts took out of calibration. alike: the test of whether
    tracks of one agent score alike; None where nothing says whose they are."""

    n: int
    m: int
    has_reference: bool
    apart: bool
    doubt: str = ""
    shift: Shift | None = None
    basis: Basis = USUAL
    worth: float = float("nan")
    folds: int = 0
    removed: int = 0
    alike: Alike | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Why nothing can be promised, clauses; empty where all conditions of conformal p-values are met as far as can be checked."""
        if not self.has_reference:
            return ("no tracks are named as normal (Tracks page)",)
        found = []
        if not self.n:
            found.append("no normal track is left to calibrate with")
        if not self.apart:
            found.append("the calibration tracks may have been fitted to (fit again)")
        if self.removed:
            found.append(f"verdicts took {self.removed:,} of those known as normal out of calibration, after a look at "
                         f"{'it' if self.removed == 1 else 'them'}")
        if self.doubt:
            found.append(self.doubt)
        if self.alike is not None and self.alike.found:
            found.append(f"tracks of one agent score alike (chance of so much by luck: {one_in(self.alike.p)}), so that {self.n:,} of "
                         f"{self.alike.agents:,} agents tell less than as many of different ones")
        if self.basis.weighted:
            found.append(f"the normal tracks are weighted by estimates, by which the {self.n:,} are worth about {self.worth:,.0f}")
        elif self.shift is not None and self.shift.found:
            found.append(f"the reviewed tracks differ from the normal ones in {listed(self.shift.differs)} "
                         f"(chance of so much by luck: {one_in(self.shift.p)})")
        return tuple(found)

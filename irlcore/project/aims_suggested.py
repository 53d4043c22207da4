"""What a class seems to be after, told by how its tracks end; a suggestion, for the analyst to follow or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.project.aims import Ways
from irlcore.project.project import ClassAim

MANY = 1.0 / 3.0  # of a class's tracks
REST, FEWEST_STEPS = 0.25, 3
"""A track passes its end long before it ends where a quarter of its steps, and more than two, are still ahead. Fewer are a turn at the
end, or the points of one place that fall into two cells."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """aim: of the class. tracks: how many there are that move. round_trips: those that end where they start; passing: those that are where
    they end long before."""

    aim: ClassAim
    tracks: int
    round_trips: int
    passing: int

    @property
    def said(self) -> str:
        """What the suggestion rests on, in a sentence: how many tracks end where they start or pass their end."""
        many = self.round_trips + self.passing
        told = f"{many:,} of {self.tracks:,} tracks end where they start or pass their end long before it"
        if self.aim == "nowhere":
            return f"{told}: they seem to have no destination."
        return f"{told}." if many else f"Each of the {self.tracks:,} tracks ends where it was not before."


def kept_under(ways: Ways, mine: np.ndarray, arrives: np.ndarray | None) -> dict[ClassAim, tuple[int, int]]:
    """How many of the ways ``mine`` (n,) bool are kept under each aim, and how many of these unfinished. A track that is taken for one that
    arrives where it starts is none. arrives: (n,) bool, whether each ends at an exit or a known stop; without it nothing is said of
    "stops"."""
    goes = ways.first[mine] > 0
    found: dict[ClassAim, tuple[int, int]] = {"ends": (int(goes.sum()), 0), "nowhere": (len(goes), 0)}
    if arrives is not None:
        there = arrives[mine]
        found["stops"] = (int((goes | ~there).sum()), int((~there).sum()))
    return found


def suggested_aim(ways: Ways, mine: np.ndarray | None = None) -> Suggestion:
    """No destination where a third of the tracks or more end where they start or pass their end long before it. mine: (n,) bool, which
    of the ways are of the class; all where None."""
    first, steps = (one if mine is None else one[mine] for one in (ways.first, ways.steps))
    left = steps - first
    round_trips = int((first == 0).sum())
    passing = int(((first > 0) & (left >= np.maximum(FEWEST_STEPS, np.ceil(REST * steps)))).sum())
    many = len(steps) > 0 and round_trips + passing >= MANY * len(steps)
    return Suggestion("nowhere" if many else "ends", len(steps), round_trips, passing)

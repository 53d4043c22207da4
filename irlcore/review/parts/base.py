"""What a kind of score is: what it is measured on, what it gives, what it says.

A kind learns what is usual from some tracks and measures others against that. A track is never measured against what was learned from
itself (``table.measured``), so that scores of the tracks that were learned from compare with all others'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar

import numpy as np

from irlcore.tracks.tracks import Tracks
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

P = ParamSpec("P")
T = TypeVar("T")
NO_WAYS = "The sequences of a log go through no places and have one end: what they did is told by their events."
"""Why what is measured on ways is not measured on logs."""
Family = Literal["route", "pace", "gap", "goal", "shape"]
FAMILIES: dict[Family, str] = {"route": "Route", "pace": "Pace", "gap": "Gaps", "goal": "Goal", "shape": "Shape"}


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What N tracks of a class can be scored on, beside the model.

    began: (N,) float64, seconds since 1970 or of the day, NaN where that is not known. spent: (C,) float64, seconds that each choice of
    ``paths`` took, from when it was made until the next one was, NaN where that is not known (as of a track's last one often is); None
    where the data carries no time. facts: name -> (N,) float64, what is known of gaps (``tracks.trips.dark_gaps``), NaN where nothing is.
    clock: what ``spent`` counts, "s", or "samples" where points have no times but their order.
    points: the points that the paths were made of, track by track in their order; None where they were made of links, or are not known.
    """

    world: World
    paths: Paths
    began: np.ndarray
    spent: np.ndarray | None = None
    facts: Mapping[str, np.ndarray] = field(default_factory=dict)
    clock: Literal["s", "samples"] = "s"
    points: Tracks | None = None
    _derived: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def derived(self, make: Callable[Concatenate[Material, P], T], *arguments: P.args, **named: P.kwargs) -> T:
        """``make(self, *arguments)``, made at first use and kept: several kinds that learn from the same tracks learn once.

        arguments: hashable, or arrays, of which the content counts. ``make`` is a function of a module, so that it is the same every time.
        """
        key = (make, *((one.tobytes() if isinstance(one, np.ndarray) else one) for one in (*arguments, *named.items())))
        if key not in self._derived:
            self._derived[key] = make(self, *arguments, **named)
        found: T = self._derived[key]
        return found


class Measured(Protocol):
    """What a kind found of n tracks."""

    @property
    def values(self) -> np.ndarray:
        """(n,) float64, higher = stranger, inf where it is impossible, NaN where the track gives nothing to measure."""

    def words(self, at: int) -> str:
        """One sentence on track ``at`` of the n, in units; empty where there is nothing to say. A place in it is a token, to be
        named by who shows it (``places.with_places``)."""


class PartKind(Protocol):
    """One kind of score. name: its key, in tables and files. title, unit: as lists show it. sentence: help, one line."""

    name: str
    family: Family
    title: str
    unit: str
    sentence: str

    def missing(self, material: Material) -> str:
        """Why it cannot be measured here, one sentence; empty where it can."""

    def same(self, material: Material) -> np.ndarray | None:
        """(N,) int64, equal for tracks that are the same to it: each such is measured once. None where each is a track of its own."""

    def measure(self, material: Material, learn: np.ndarray, index: np.ndarray) -> Measured:
        """The tracks ``index`` (n,) int64 against what is usual among the tracks ``learn`` (m,) int64, none of which is among them."""

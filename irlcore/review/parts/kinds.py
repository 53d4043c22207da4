"""All scores by name: those of the way, which a model gives (``review.scores``), and the kinds beside it."""

from __future__ import annotations

from collections.abc import Mapping

from irlcore.review.parts.base import PartKind
from irlcore.review.parts.ends import EndsTogether
from irlcore.review.parts.gap import GAP
from irlcore.review.parts.goal import Destination, LeftItsCourse
from irlcore.review.parts.nearest import StepsUnshared, StretchDistance
from irlcore.review.parts.pace import PACE
from irlcore.review.parts.sequences.alike import EVENTS, PAIRS, Mix
from irlcore.review.parts.sequences.of_kinds import RareKinds
from irlcore.review.parts.sequences.rare import RareNext, UnseenStretches
from irlcore.review.parts.shape import BackAndForth, Circles, Repeats, Turning, Winding
from irlcore.review.parts.usual.ways import UsualWays

ROUTE = {"surprise": "Surprise", "improbability": "Improbability", "utility_gap": "Extra cost paid", "worst_stretch": "Worst stretch"}
ROUTE_UNITS = {"surprise": "sd", "improbability": "nats", "utility_gap": "", "worst_stretch": "nats"}
WIDER_OF_FEW = ("rare_kinds",)
"""Scores that spread wider over few events than over many: by them a sequence that was still running, and so has few, looks strange more
often than one that has ended."""
COMBINED = "combined"
"""The score that a learned rule makes of all others."""

_ALL: tuple[PartKind, ...] = (UsualWays(), *PACE, *GAP, Destination(), LeftItsCourse(), EndsTogether(), StretchDistance(),
                               StepsUnshared(), Circles(), BackAndForth(), Repeats(), Winding(), Turning(), RareNext(), UnseenStretches(),
                               EVENTS, PAIRS, Mix(), RareKinds())
KINDS: Mapping[str, PartKind] = {one.name: one for one in _ALL}

TITLES = {**ROUTE, **{name: one.title for name, one in KINDS.items()}, COMBINED: "All together"}
UNITS = {**ROUTE_UNITS, **{name: one.unit for name, one in KINDS.items()}, COMBINED: ""}

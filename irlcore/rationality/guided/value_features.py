"""Every value feature by its name: what of the place that a choice leads to, and of the goal, an agent may judge it by beside its plan.

Such a number cannot be a reward: one that hangs on the state alone is a potential, which a planner takes out again (Ng, Harada and
Russell, *Policy invariance under reward transformations*, ICML 1999). So it sits in the value, as a bias of what comes next. That people
go by the direction of the goal and not by length alone was found in a large number of walks (Bongiorno et al., *Vector-based pedestrian
navigation in cities*, Nature Computational Science 1, 678-685, 2021).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote

import numpy as np

from irlcore.errors import FeatureError
from irlcore.worlds.world import World

KM = "km"


@dataclass(frozen=True, slots=True)
class ValueKind:
    """One kind of value feature. title, sentence: for people, ``{}`` in them for the zone or feature that it is of. unit: what it counts
    in, empty for a length in the world's unit. aims: whether it needs a goal. placed, measured: whether it needs coordinates, lengths of
    steps."""

    name: str
    title: str
    sentence: str
    unit: str = ""
    aims: bool = True
    placed: bool = False
    measured: bool = False

    def missing(self, world: World) -> str:
        """What keeps it from being used in a world, one sentence; empty where nothing does."""
        if world.kind == "log":
            return "A log of events has no ground and no goals."
        if self.placed and not world.has_coordinates:
            return "This world has no coordinates."
        if self.measured and not (np.isfinite(world.choice_length) & (world.choice_length >= 0.0)).all():
            return "Some steps have no length, or one below 0."
        return ""


KINDS: dict[str, ValueKind] = {kind.name: kind for kind in (
    ValueKind("heading", "Heading off the goal",
              "How far the direction of a step is off the straight line to the goal: 0 is straight towards it, 1 across (90°), 2 straight "
              "away.", "90°", placed=True),
    ValueKind("straight", "Straight distance to the goal", "How far from the goal a step leads, as the crow flies.", placed=True),
    ValueKind("way", "Shortest way to the goal", "How long the shortest way to the goal is from where a step leads.", measured=True),
    ValueKind("steps", "Steps to go", "How many steps the shortest way to the goal has from where a step leads.", "step", measured=True),
    ValueKind("zone", "Distance to {}", "How far from {} a step leads, as the crow flies.", aims=False, placed=True),
    ValueKind("ahead", "{} still to come", "How much of {} the shortest way to the goal has from where a step leads.", "unit",
              measured=True))}
"""name -> kind, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class ValueSpec:
    """One value feature as the analyst named it: a name in ``KINDS``, the zone or feature that it is of, the unit of a length."""

    kind: str
    of: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise FeatureError(f"{self.kind!r} is no value feature that this version knows.", f"Known ones: {', '.join(KINDS)}.")
        if ("{}" in KINDS[self.kind].title) != bool(self.of):
            raise FeatureError(f"The value feature {self.kind!r} is {'of nothing' if not self.of else f'not of {self.of!r}'}.",
                               "Name the zone or feature that it is of." if not self.of else "Leave that out.")

    @property
    def text(self) -> str:
        """The same as a word without blanks, ``read`` reads it back."""
        of, unit = (quote(part, safe="") for part in (self.of, self.unit))
        return self.kind + (f":{of}" if of else "") + (f"@{unit}" if unit else "")

    @property
    def called(self) -> str:
        """What it is, in the midst of a sentence."""
        title = KINDS[self.kind].title
        return f"the {title[:1].lower()}{title[1:]}".format(self.of) if self.kind != "ahead" else f"{self.of} still to come"

    @property
    def title(self) -> str:
        """What people call it, its unit included."""
        kind = KINDS[self.kind]
        unit = self.unit or kind.unit or "map unit"
        return f"{kind.title.format(self.of)} (per {unit})"

    @property
    def sentence(self) -> str:
        """What its weight says."""
        return (f"{KINDS[self.kind].sentence.format(self.of)} Below 0: the agent shuns more of it, whatever its plan says. 0: it goes by "
                "its plan.")


def read(text: str) -> ValueSpec:
    """The value feature that a word stands for. FeatureError where it stands for none."""
    rest, _, unit = text.partition("@")
    kind, _, of = rest.partition(":")
    return ValueSpec(kind, unquote(of), unquote(unit))


def unit_of(world: World) -> str:
    """The unit that lengths are told in: kilometres where the world knows metres."""
    return KM if world.unit == "m" else world.unit


def offered(world: World, zones: Iterable[str] = (), features: Iterable[str] = ()) -> list[ValueSpec]:
    """The value features that make sense in a world, with the zones that are drawn and features that may be counted along the way."""
    of = {"zone": list(zones), "ahead": list(features)}
    found = list[ValueSpec]()
    for kind in KINDS.values():
        unit = "" if kind.unit else unit_of(world)
        found += [] if kind.missing(world) else [ValueSpec(kind.name, name, unit) for name in of.get(kind.name, [""])]
    return found

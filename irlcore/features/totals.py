"""What the total of a feature along a track counts, so that it can be told in a unit: metres, minutes, steps, times."""

from __future__ import annotations

from dataclasses import dataclass

from irlcore.features.base import FeatureSpec
from irlcore.worlds.world import World

STEPS, TIMES = "steps", "times"
BY_KIND = {"step": STEPS, "zone": STEPS, "time": STEPS, "turn": TIMES}
"""Kind of feature that is 1 or 0 at each step -> what its total counts."""


@dataclass(frozen=True, slots=True)
class Total:
    """unit: of length, "min", ``STEPS``, ``TIMES``; empty where it has none that is known. per: how much of the unit one of it is."""

    unit: str = ""
    per: float = 1.0


def total_of(spec: FeatureSpec, world: World) -> Total:
    """What this feature's total counts in a world. An attribute has the unit of its column, which nobody named."""
    if spec.kind == "length":
        return Total(world.unit or "map units", float(spec.params.get("per", 1.0)))
    if spec.kind == "duration":
        return Total("min")
    if spec.kind == "staying":
        return Total("min" if spec.params.get("counted") == "minutes" else TIMES)
    if spec.kind == "attribute" and spec.params.get("equals") not in (None, ""):
        return Total(STEPS)
    return Total(BY_KIND.get(spec.kind, ""))

"""What every step costs: a constant, its length, its duration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, FeatureParameter, register
from irlcore.features.kinds.attribute import Attribute
from irlcore.worlds.staying import stay_seconds, stays_of
from irlcore.worlds.world import World


@register
class Step(FeatureKind):
    """1 for every step; 0 for arriving at a place without extent from which nothing leads on (a dummy destination).

    A link of length 0 that is driven on is a step like any other: were it free, going round on two of them would be too.
    """

    kind = "step"
    title = "Every step"
    sentence = "The same cost for every link or cell, however long: few long steps are liked better than many short ones."

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        to_stay = int(stay_seconds(world) > 0.0)  # who can only stay has come to an end
        ends = np.diff(world.mdp.choice_offsets)[world.mdp.likeliest] == to_stay
        return (~((world.choice_length == 0.0) & ends & ~stays_of(world))).astype(np.float64)

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        return "1 for every step (no unit)."


@register
class Length(FeatureKind):
    """Length of the step."""

    kind = "length"
    title = "Length"
    sentence = "How long the step is."
    parameters = (FeatureParameter("per", "Counted in", "number", 1.0, 1e-9, help="1000 counts kilometres where the unit is m."),)

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        if np.isnan(world.choice_length).any():
            raise FeatureError("Some links have no length.", "Add a length column or coordinates, or use another feature.")
        return world.choice_length / self.number(params, "per")

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        per = self.number(params, "per")
        shown = unit or "map units"
        known = {("m", 1000.0): "km", ("m", 1.0): "m"}
        return f"Length of the step, in {known.get((unit, per), shown if per == 1.0 else f'{per:g} {shown}')}."

    def available(self, world: World) -> str:
        return "" if np.isfinite(world.choice_length).all() else "The links have no lengths."


@register
class Duration(FeatureKind):
    """Length over the speed that a column gives."""

    kind = "duration"
    title = "Duration"
    sentence = "How long the step takes: its length over a speed column."
    parameters = (FeatureParameter("speed", "Speed column", "place_attribute", "speed_kmh"),
                  FeatureParameter("speed_unit", "The column is in", "choice", "km/h", options=("km/h", "m/s", "kn")))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        speed = Attribute().column(world, context, {"attribute": params.get("speed", "speed_kmh")})
        factor = {"km/h": 1.0 / 3.6, "m/s": 1.0, "kn": 1852.0 / 3600.0}[self.option(params, "speed_unit")]
        length = Length().column(world, context, {})
        speed = np.where(length == 0.0, 1.0, speed)  # arriving at a place without extent takes no time
        if (speed <= 0.0).any():
            raise FeatureError(f"The speed {params.get('speed', 'speed_kmh')!r} is 0 or less at {(speed <= 0).sum()} choices.",
                               "Give every link a speed above 0.")
        return np.where(stays_of(world), stay_seconds(world), length / (speed * factor)) / 60.0

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        return "Duration of the step, in minutes."

    def available(self, world: World) -> str:
        if not any(values.dtype != object for values in world.place_attributes.values()):
            return "A speed column is needed."
        return Length().available(world)

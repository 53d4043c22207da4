"""Staying where one is, in worlds in which that is a choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, FeatureParameter, register
from irlcore.worlds.staying import stay_seconds, stays_of
from irlcore.worlds.world import World


@register
class Staying(FeatureKind):
    """1 for a stay, or the time that it takes."""

    kind = "staying"
    title = "Staying"
    sentence = "1 for each time that the agent stays where it is: how much it likes, or minds, to wait."
    parameters = (FeatureParameter("counted", "Counted in", "choice", "stays", options=("stays", "minutes")),)

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        if self.available(world):
            raise FeatureError(self.available(world), "Let agents stay, with a duration, where the world is made.")
        each = stay_seconds(world) / 60.0 if self.option(params, "counted") == "minutes" else 1.0
        return stays_of(world) * each

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        return "Time spent staying where it is, in minutes." if params.get("counted") == "minutes" else "1 for each stay (no unit)."

    def available(self, world: World) -> str:
        return "" if stay_seconds(world) > 0.0 else "In this world staying is no choice."

"""Kinds of turn, from the geometry or the transitions' own angle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, FeatureParameter, register
from irlcore.worlds.world import World

U_TURN_FROM = 177.0
KINDS_OF_TURN = ("left", "right", "u-turn", "straight", "any turn")


@register
class Turn(FeatureKind):
    """1 where the step turns in the chosen way."""

    kind = "turn"
    title = "Turn"
    sentence = "1 where a step turns left, right, back or not at all."
    parameters = (FeatureParameter("turn", "Which", "choice", "left", options=KINDS_OF_TURN),
                  FeatureParameter("from_degrees", "A turn starts at (degrees)", "number", 30.0, 0.0))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        kind = self.option(params, "turn")
        least = self.number(params, "from_degrees")
        if least >= U_TURN_FROM:
            raise FeatureError(f"from_degrees is {least}.", f"Choose an angle from 0 up to {U_TURN_FROM:g} degrees.")
        if self.available(world):
            raise FeatureError(self.available(world), "Use a grid that remembers the heading, or a network with shapes.")
        angle = np.rad2deg(world.choice_turn)  # NaN compares as no turn
        back = np.abs(angle) > U_TURN_FROM
        columns = {"left": (angle < -least) & ~back, "right": (angle > least) & ~back, "u-turn": back,
                   "straight": np.abs(angle) <= least, "any turn": np.abs(angle) > least}
        return columns[kind].astype(np.float64)

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        kind, least = str(params.get("turn", "left")), float(params.get("from_degrees", 30.0))
        words = {"left": f"a left turn of more than {least:g} degrees", "right": f"a right turn of more than {least:g} degrees",
                 "u-turn": f"turning back, more than {U_TURN_FROM:g} degrees",
                 "straight": f"going on, within {least:g} degrees", "any turn": f"any turn of more than {least:g} degrees"}
        return f"1 for {words.get(kind, f'a step of the kind {kind!r}')} (no unit)."

    def available(self, world: World) -> str:
        return "" if np.isfinite(world.choice_turn).any() else "This world knows no turn angles."

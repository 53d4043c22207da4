"""Near any of several spots and zones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.budget import within
from irlcore.engine import checkpoint
from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, FeatureParameter, register
from irlcore.features.kinds.distance import straight_distance
from irlcore.features.refusals import as_feature_errors
from irlcore.worlds.areas import steps_of_distances
from irlcore.worlds.world import World


@register
class Near(FeatureKind):
    """With d the straight distance to the nearest of the places: 1 where d <= reach, or exp(-d / reach)."""

    kind = "near"
    title = "Near any of several places"
    sentence = "1 for every step that leads near to one of the spots and zones, or a value that fades with the distance."
    parameters = (FeatureParameter("places", "Spots and zones", "places"),
                  FeatureParameter("reach", "Near is up to", "number", 1000.0, 1e-9, help="In the world's unit."),
                  FeatureParameter("how", "Counted", "choice", "within", options=("within", "fading"),
                            help="1 within the reach and 0 beyond, or 1 there and fading, to 0.37 at the reach."))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        reach, how = self.number(params, "reach"), self.option(params, "how")
        names = params.get("places")
        if not isinstance(names, list | tuple) or not names:
            raise FeatureError(f"places is {names!r}, not a list of spots and zones.", "Pick at least one.")
        nearest, different = np.full(world.n_places, np.inf), dict.fromkeys(map(_name, names))
        steps = sum(steps_of_distances(len(context.zones.get(name, ())), world.n_places) for name in different)
        with as_feature_errors():
            within("operations", steps, f"To find the nearest of {len(different):,} spots and zones takes {steps:,} steps.", "Pick fewer.")
        for name in different:
            checkpoint()
            nearest = np.minimum(nearest, straight_distance(world, context, name))
        nearest = nearest / reach
        near = (nearest <= 1.0).astype(np.float64) if how == "within" else np.exp(-nearest)
        return np.asarray(near[world.choice_place])

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        names = params.get("places")
        nearest = ", ".join(map(str, names)) if isinstance(names, list | tuple) else str(names)
        reach = f"{params.get('reach', 1000.0):g} {unit or 'map units'}"
        if params.get("how") == "fading":
            return f"1 at the nearest of {nearest}, fading to 0.37 at {reach} from it (no unit)."
        return f"1 within {reach} of any of {nearest}, else 0 (no unit)."

    def available(self, world: World) -> str:
        return "" if world.has_coordinates else "This world has no coordinates."


def _name(value: object) -> str:
    if not isinstance(value, str):
        raise FeatureError(f"places holds {str(value)[:40]!r}, not a name.", "Pick spots and zones.")
    return value

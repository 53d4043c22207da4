"""Inside a zone that the analyst drew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, FeatureParameter, register
from irlcore.features.refusals import as_feature_errors
from irlcore.worlds.areas import inside
from irlcore.worlds.world import World


@register
class Zone(FeatureKind):
    """1 where the place that a choice leads to has its middle in the zone."""

    kind = "zone"
    title = "Inside a zone"
    sentence = "1 for every step into a link or cell whose middle lies in the zone."
    parameters = (FeatureParameter("zone", "Zone", "zone"),)

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        inside = inside_zone(world, context, params.get("zone"))
        if not world.has_coordinates:
            raise FeatureError(self.available(world), "Add node coordinates or shapes to the links.")
        return np.asarray(inside[world.choice_place], np.float64)

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        return f"1 for each step inside {params.get('zone')} (no unit)."

    def available(self, world: World) -> str:
        return "" if world.has_coordinates else "This world has no coordinates."


def zone_ring(context: Context, name: object) -> np.ndarray:
    """The ring of a zone by name; FeatureError where there is none."""
    if not isinstance(name, str) or name not in context.zones:
        have = ", ".join(context.zones) or "none yet"
        raise FeatureError(f"There is no zone {name!r}.", f"Draw it first. Zones: {have}.")
    return context.zones[name]


def zone_area(context: Context, name: object) -> shapely.Geometry:
    """The zone as a polygon. FeatureError where there is none of the name, or its ring is none."""
    try:
        return shapely.Polygon(zone_ring(context, name))
    except (shapely.errors.ShapelyError, ValueError, TypeError) as error:
        raise FeatureError(f"The zone {name!r} is no polygon ({str(error)[:100]}).", "Draw it once more.") from error


@as_feature_errors()
def inside_zone(world: World, context: Context, name: object) -> np.ndarray:
    """Whether each place has its middle in a zone, (L,) bool; False where a place has no coordinates. FeatureError, also
    where the zone costs too much in this world."""
    return inside(zone_area(context, name), world.place_xy, f"the zone {name!r}")

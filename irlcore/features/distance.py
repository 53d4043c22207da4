"""Straight distance to a spot or a zone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, Parameter, register
from irlcore.features.zone import zone_ring
from irlcore.worlds.world import World


@register
class Distance(FeatureKind):
    """Distance of the place a choice leads to, capped and divided by ``reach`` so that it runs from 0 to 1."""

    kind = "distance"
    title = "Distance to a place"
    sentence = "How far a step leads from a spot or zone: 0 there, 1 from the reach on."
    parameters = (Parameter("place", "Spot or zone", "spot"),
                  Parameter("reach", "Matters up to", "number", 1000.0, 1e-9, help="In the world's unit."))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        if not world.has_coordinates:
            raise FeatureError(self.available(world), "Add node coordinates or shapes to the links.")
        try:
            reach = float(params.get("reach", 1000.0))
        except (TypeError, ValueError) as error:
            raise FeatureError(f"reach is {params.get('reach')!r}, not a number.", "Type a distance.") from error
        if not (np.isfinite(reach) and reach > 0.0):
            raise FeatureError(f"reach is {reach}.", "Type a distance above 0.")
        far = np.minimum(straight_distance(world, context, params.get("place")) / reach, 1.0)
        return np.asarray(far[world.choice_place])

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        return f"Distance to {params.get('place')} over {params.get('reach', 1000.0):g} {unit or 'map units'}, at most 1 (no unit)."

    def available(self, world: World) -> str:
        return "" if world.has_coordinates else "This world has no coordinates."


def straight_distance(world: World, context: Context, name: object) -> np.ndarray:
    """Straight distance of each place to a spot or zone, (L,) in the world's unit; inf where a place has no coordinates."""
    if name in context.spots:
        target = shapely.Point(context.spots[str(name)])
    else:
        target = shapely.Polygon(zone_ring(context, name))
    known = np.isfinite(world.place_xy).all(axis=1)
    far = np.full(world.n_places, np.inf)
    far[known] = shapely.distance(shapely.points(world.place_xy[known]), target)
    return far

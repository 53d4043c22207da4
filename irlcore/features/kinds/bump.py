"""Around a point, as a soft bump or a square; and a lattice of such points over the whole world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from scipy.spatial import cKDTree

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, FeatureParameter, FeatureSpec, register
from irlcore.worlds.world import World

LEAST = 1e-4  # a bump is 0 below it (4.3 radii away), so that its column is mostly zeros
OVERLAP = 0.6  # radius of a bump over the spacing of its lattice: neighbours add up to a nearly flat surface


@register
class Bump(FeatureKind):
    """exp(-d^2 / (2 radius^2)) with d from the point to the middle of a place, or 1 where |dx| and |dy| <= radius."""

    kind = "bump"
    title = "Around a point"
    sentence = "1 for a step to the point, fading around it, or 1 in a square around it."
    parameters = (FeatureParameter("x", "East (x)", "number", 0.0, help="In the world's coordinates."),
                  FeatureParameter("y", "North (y)", "number", 0.0, help="In the world's coordinates."),
                  FeatureParameter("radius", "Radius", "number", 1000.0, 1e-9, help="In the world's unit; half the side of a square."),
                  FeatureParameter("shape", "Shape", "choice", "bump", options=("bump", "square")))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        if not world.has_coordinates:
            raise FeatureError(self.available(world), "Add node coordinates or shapes to the links.")
        x, y, radius = (self.number(params, name) for name in ("x", "y", "radius"))
        away = np.abs(world.place_xy - [x, y]) / radius  # NaN where a place has no middle, and so 0 below
        if self.option(params, "shape") == "square":
            value = (away <= 1.0).all(axis=1).astype(np.float64)
        else:
            value = np.exp(-0.5 * np.hypot(*away.T) ** 2)
            value[~(value >= LEAST)] = 0.0
        return np.asarray(value[world.choice_place])

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        point = f"({params.get('x', 0.0):g}, {params.get('y', 0.0):g})"
        radius = f"{params.get('radius', 1000.0):g} {unit or 'map units'}"
        if params.get("shape") == "square":
            return f"1 within {radius} of {point} both ways, a square, else 0 (no unit)."
        return f"1 at {point}, fading to 0.61 at {radius} from it (no unit)."

    def available(self, world: World) -> str:
        return "" if world.has_coordinates else "This world has no coordinates."


def lattice_bumps(world: World, across: int = 8, shape: Literal["bump", "square"] = "bump") -> list[FeatureSpec]:
    """Bumps, or squares side by side, on a square lattice over the world's places, ``across`` of them along its longer side.

    The lattice covers all places but the outermost 0.5% each way, and has only those points that have a place within the
    radius: 0.6 of the spacing, for squares half of it. None where the world has no coordinates or no extent.
    """
    if across < 1:
        raise FeatureError(f"A lattice of {across} points across has no point.", "Choose at least 1.")
    xy = world.place_xy[np.isfinite(world.place_xy).all(axis=1)]
    if not len(xy):
        return []
    low, high = np.quantile(xy, [0.005, 0.995], axis=0)
    spacing = float((high - low).max()) / across
    if spacing <= 0.0:
        return []
    counts = np.maximum(np.ceil((high - low) / spacing - 1e-9), 1).astype(int)
    start = (low + high - (counts - 1) * spacing) / 2.0
    column, row = (part.ravel() for part in np.meshgrid(*map(np.arange, counts)))
    points = start + spacing * np.column_stack((column, row))
    radius = spacing * (OVERLAP if shape == "bump" else 0.5)
    away, _ = cKDTree(xy).query(points, p=2 if shape == "bump" else np.inf)
    return [FeatureSpec(f"{shape} {column[i] + 1}, {row[i] + 1}", "bump",
                        {"x": float(points[i, 0]), "y": float(points[i, 1]), "radius": radius, "shape": shape})
            for i in np.flatnonzero(away <= radius)]

"""Distance to a spot or a zone: straight, or along the links or cells of the world.

Along the world, d(s) = min over ways from s of the sum of the lengths of their choices, up to the first state whose place
is the target's; one search from all of these states at once on the reversed graph (Dijkstra) finds it for every s.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import scipy.sparse as sp
import shapely
from scipy.sparse.csgraph import dijkstra

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, FeatureParameter, register
from irlcore.features.kinds.zone import zone_area
from irlcore.features.refusals import as_feature_errors
from irlcore.worlds.areas import distances
from irlcore.worlds.world import World

ALONG = "along the world"
SAME = 1e-9  # of the world's extent: places nearer to each other than this are equally near (both ways of a street)


@register
class Distance(FeatureKind):
    """Distance of where a choice leads to, capped and divided by ``reach`` so that it runs from 0 to 1."""

    kind = "distance"
    title = "Distance to a place"
    sentence = "How far a step leads from a spot or zone: 0 there, 1 from the reach on."
    parameters = (FeatureParameter("place", "Spot or zone", "spot"),
                  FeatureParameter("reach", "Matters up to", "number", 1000.0, 1e-9, help="In the world's unit."),
                  FeatureParameter("measured", "Measured", "choice", "straight", options=("straight", ALONG),
                            help="As the crow flies, or the length of the shortest way along the links or cells."))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        reach, name = self.number(params, "reach"), params.get("place")
        if self.option(params, "measured") == ALONG:
            far = along_distance(world, context, name)[world.mdp.likeliest]
        else:
            far = straight_distance(world, context, name)[world.choice_place]
        return np.asarray(np.minimum(far / reach, 1.0))

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        along = " along the world" if params.get("measured") == ALONG else ""
        return (f"Distance to {params.get('place')}{along} over {params.get('reach', 1000.0):g} {unit or 'map units'}, "
                "at most 1 (no unit).")

    def available(self, world: World) -> str:
        return "" if world.has_coordinates else "This world has no coordinates."


def usual_reach(world: World) -> float:
    """A reach to begin with: a quarter of the map's width, to one digit, in the world's unit."""
    width = float(np.ptp(world.place_xy[np.isfinite(world.place_xy[:, 0]), 0]))
    return float(f"{max(width / 4.0, 1e-6):.1g}")


@as_feature_errors()
def straight_distance(world: World, context: Context, name: object) -> np.ndarray:
    """Straight distance of the middle of each place to a spot or zone, (L,) float64 in the world's unit, 0 in the zone.

    Infinite where a place has no middle. FeatureError where the name is not known or the world has no coordinates.
    """
    if not world.has_coordinates:
        raise FeatureError("This world has no coordinates.", "Add node coordinates or shapes to the links.")
    if isinstance(name, str) and name in context.spots:
        target = shapely.Point(context.spots[name])
    else:
        target = zone_area(context, name)
    known = np.isfinite(world.place_xy).all(axis=1)
    far = np.full(world.n_places, np.inf)
    far[known] = distances(target, world.place_xy[known], f"the place {name!r}")
    return far


def along_distance(world: World, context: Context, name: object) -> np.ndarray:
    """Length of the shortest way from each state to a spot or zone, (S,) float64 in the world's unit; infinite where none leads there.

    A place is there where its middle lies in the zone; for a spot, or a zone that holds no middle, the places nearest to
    it are. Where a choice may slip it leads to its likeliest successor. FeatureError where lengths are missing.
    """
    length = world.choice_length
    if not (np.isfinite(length) & (length >= 0.0)).all():
        raise FeatureError("Some steps have no length, or one below 0, so there is no distance along the world.",
                           "Add a length column or coordinates, or measure it straight.")
    straight = straight_distance(world, context, name)
    known = np.isfinite(straight)
    extent = np.ptp(world.place_xy[known], axis=0).max() if known.any() else 0.0
    there = known & (straight <= straight.min() + SAME * extent)
    sources = np.flatnonzero(there[world.place_of_state])
    if not len(sources):
        return np.full(world.mdp.n_states, np.inf)
    return np.asarray(dijkstra(_reversed(world), indices=sources, min_only=True))


def _reversed(world: World) -> sp.csr_array:
    """(S, S) lengths of the choices, from where each leads to to where it is made; of two between the same states the shorter."""
    start, end, n = world.mdp.choice_state, world.mdp.likeliest, world.mdp.n_states
    order = np.lexsort((world.choice_length, start, end))
    start, end, length = start[order], end[order], world.choice_length[order]
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(start) != 0) | (np.diff(end) != 0)  # a sparse matrix would add them up
    return sp.csr_array((length[first], (end[first], start[first])), shape=(n, n))

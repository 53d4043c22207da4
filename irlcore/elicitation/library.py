"""The library of candidate features: what an analyst could name in this world, before anybody has thought of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from irlcore.elicitation.log_library import log_candidates
from irlcore.features.base import Context, FeatureSpec
from irlcore.features.checks import embedded, spec_problems
from irlcore.features.kinds.bump import lattice_bumps
from irlcore.features.kinds.distance import usual_reach
from irlcore.features.kinds.traffic import COUNTED
from irlcore.features.kinds.turn import KINDS_OF_TURN
from irlcore.tracks.attributes import known_counts
from irlcore.tracks.bounds import LONGEST_NAME
from irlcore.worlds.staying import stay_seconds
from irlcore.worlds.world import World

MOST_TEXTS = 12  # values of a text attribute
MOST_LEVELS = 5  # a numeric attribute with as few values is also taken value by value
LATTICES = (4, 8, 16)


def single_candidates(world: World, context: Context, fit: Mapping[str, Any] | None = None) -> list[FeatureSpec]:
    """Every attribute, turn kind, staying, zone, place, lattice bump and count of the class's traffic; with a described ``fit`` its habits
    too. Of a log see ``log_library``."""
    if world.kind == "log":
        return log_candidates(world, context)
    found = [*_attributes(world), *_turns(world), *_drawn(world, context), *_traffic(world, context, fit)]
    if world.has_coordinates:
        found += [replace(spec, name=_around(spec.params, world.unit)) for across in LATTICES for spec in lattice_bumps(world, across)]
    return [spec for spec in found if len(spec.name) <= LONGEST_NAME]  # a value of an attribute of places may be of any length


def pair_candidates(specs: Sequence[FeatureSpec], basis: Sequence[FeatureSpec] = ()) -> list[FeatureSpec]:
    """Products of every two of ``specs``, and of each of them with each of ``basis``; two bumps are left apart: their product is a
    third bump, which says less to an analyst than either."""
    pairs = [*combinations(specs, 2), *((a, b) for a in specs for b in basis)]
    pairs = [(a, b) for a, b in pairs if not a.kind == b.kind == "bump"]
    made = [FeatureSpec(f"{a.name} × {b.name}", "combine", {"first": embedded(a), "second": embedded(b), "how": "times"}) for a, b in pairs]
    return [spec for spec in made if not spec_problems(spec)]


def _around(params: Mapping[str, Any], unit: str) -> str:
    decimals = max(0, 1 - math.floor(math.log10(params["radius"])))  # far from the origin, too, neighbours differ
    return f"around {params['x']:.{decimals}f}, {params['y']:.{decimals}f} ({params['radius']:.3g} {unit or 'map units'})"


def _attributes(world: World) -> Iterator[FeatureSpec]:
    columns: dict[str, np.ndarray] = {**world.place_attributes, **world.choice_attributes}
    for name, values in columns.items():
        if values.dtype == object:
            texts = known_counts(values)
            if len(texts) > 0.5 * len(values):
                continue  # names of streets: each is a place of its own, and places have candidates of their own
            levels = {text: text for text in [*texts][:MOST_TEXTS]}
        else:
            if np.isfinite(values).all():
                yield FeatureSpec(name, "attribute", {"attribute": name})
            numbers = np.unique(values[np.isfinite(values)])
            few = 2 < len(numbers) <= MOST_LEVELS or not np.isfinite(values).all()
            levels = {f"{v:g}": repr(float(v)) for v in numbers[:MOST_TEXTS]} if few else {}
        for level, exactly in levels.items():
            yield FeatureSpec(f"{name}: {level}", "attribute", {"attribute": name, "equals": exactly})


def _turns(world: World) -> Iterator[FeatureSpec]:
    if np.isfinite(world.choice_turn).any():
        for kind in KINDS_OF_TURN:
            yield FeatureSpec("any turn" if kind == "any turn" else f"{kind} turn" if kind in ("left", "right") else kind, "turn",
                              {"turn": kind})
        yield FeatureSpec("sharp turn", "turn", {"turn": "any turn", "from_degrees": 110.0})
    if stay_seconds(world) > 0.0:
        yield FeatureSpec("staying", "staying")


def _drawn(world: World, context: Context) -> Iterator[FeatureSpec]:
    if not world.has_coordinates:
        return
    for name in context.zones:
        yield FeatureSpec(f"in {name}", "zone", {"zone": name})
    for name in (*context.spots, *context.zones):
        yield FeatureSpec(f"distance to {name}", "distance", {"place": name, "reach": usual_reach(world)})


def _traffic(world: World, context: Context, fit: Mapping[str, Any] | None) -> Iterator[FeatureSpec]:
    if context.training is None or not len(context.training):
        return
    for of in COUNTED:
        yield FeatureSpec(f"class traffic: {of}", "traffic", {"of": of})
    if fit is not None:
        for of in ("turn", "place"):
            spec = FeatureSpec(f"habit by {of}, beyond {len(fit['features'])} features", "habit", {"of": of, "fit": dict(fit)})
            if not spec_problems(spec):  # a fit of habits of fits of habits: at some depth there is an end
                yield spec

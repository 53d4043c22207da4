"""How much a place, or a turn, is used by the class, counted on the training paths alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, Parameter, register
from irlcore.worlds.world import World


@register
class Traffic(FeatureKind):
    """Log of the class's use, 0 for the most used and negative below, so that it never pays at gamma = 1."""

    kind = "traffic"
    title = "Used by the class"
    sentence = "How much others of the class use a link or cell, or take this turn here: 0 where most, lower where fewer."
    parameters = (Parameter("of", "Counted", "choice", "place", options=("place", "turn share"),
                            help="Uses of the place, or the share of visits here that take this choice."),)

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        if context.training is None:
            raise FeatureError("Traffic needs training tracks.", "Map tracks to the world first.")
        used = np.bincount(context.training.choices, minlength=world.mdp.n_choices).astype(np.float64)
        of = params.get("of", "place")
        if of == "place":
            into = np.bincount(world.choice_place, weights=used, minlength=world.n_places)
            return np.asarray(np.log((1.0 + into) / (1.0 + into.max()))[world.choice_place])
        if of == "turn share":
            here = np.add.reduceat(np.append(used, 0.0), np.minimum(world.mdp.choice_offsets[:-1], len(used)))
            width = np.diff(world.mdp.choice_offsets)
            state = world.mdp.choice_state
            return np.asarray(np.log((used + 1.0) / (here[state] + width[state])))
        raise FeatureError(f"Traffic of {of!r} is not known.", "Choose 'place' or 'turn share'.")

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        what = "the share of visits that take this turn" if params.get("of") == "turn share" else "uses of the place"
        return f"Natural log of {what} in the training tracks (no unit)."

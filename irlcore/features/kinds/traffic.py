"""How much a place, or a turn, is used by the class, counted on the training paths alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, FeatureParameter, register
from irlcore.worlds.goal_prior import unfinished
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

COUNTED = {"place": "uses of the place", "turn share": "the share of visits that take this turn",
           "end share": "the share of uses of the place that end there"}
SMALLEST_COUNT = 1e-3


@register
class Traffic(FeatureKind):
    """Log of the class's use, 0 for the most used and negative below, so that it never pays at gamma = 1.

    Shares are those of a class whose choices at a place were drawn from a Dirichlet prior with ``unseen`` at each turn: so a turn that
    nobody has taken yet is rare, not impossible.
    """

    kind = "traffic"
    title = "Used by the class"
    sentence = "How much others of the class use a link or cell, or take this turn here: 0 where most, lower where fewer."
    parameters = (FeatureParameter("of", "Counted", "choice", "place", options=tuple(COUNTED),
                            help="Uses of the place, the share of visits here that take this choice, or the share of uses that are the "
                                 "end of a trip."),
                  FeatureParameter("unseen", "Count what was never seen as", "number", 1.0, SMALLEST_COUNT,
                            help="In uses. Smaller: what nobody has done yet counts as rarer."))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        training, unseen = _training(context), self.number(params, "unseen")
        used, of = used_choices(world, training), self.option(params, "of")
        if of == "turn share":
            state, width = world.ground_state[world.mdp.choice_state], np.diff(world.mdp.choice_offsets)[world.mdp.choice_state]
            used = np.bincount(world.ground_choice, used)[world.ground_choice]  # of all hours together
            here = np.bincount(state, used / world.n_bands)
            return np.asarray(np.log((used + unseen) / (here[state] + unseen * width)))
        into = np.bincount(world.choice_place, used, world.n_places)
        if of == "place":
            return np.asarray(np.log((unseen + into) / (unseen + into.max()))[world.choice_place])
        # tracks that were cut off have ended nowhere; walks with no destination end where they end
        ends = np.bincount(world.place_of_state[training.last_state[~unfinished(training)]], minlength=world.n_places)
        return np.asarray(np.log((unseen + ends) / (2.0 * unseen + np.maximum(into, ends)))[world.choice_place])

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        return f"Natural log of {COUNTED.get(str(params.get('of', 'place')), 'its use')} in the training tracks (no unit)."

    def counts_tracks(self, params: Mapping[str, Any]) -> bool:
        return True


def _training(context: Context) -> Paths:
    if context.training is None:
        raise FeatureError("Traffic needs training tracks.", "Map tracks to the world first.")
    return context.training


def used_choices(world: World, paths: Paths) -> np.ndarray:
    """(M,) float64: how often the paths made each choice."""
    return np.bincount(paths.choices, minlength=world.mdp.n_choices).astype(np.float64)

"""Used more than a fit expects: what the class does here beyond its wants, as the residual map shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, FeatureParameter, register
from irlcore.features.checks import fit_problems
from irlcore.features.kinds.traffic import SMALLEST_COUNT, used_choices
from irlcore.worlds.world import World

OF = {"turn": "this turn", "place": "the place"}


@register
class Habit(FeatureKind):
    """log((n + a) / (e + a)): n uses by the training tracks, e uses that a fit expects of tracks from the same starts to the same
    goals, a = ``unseen``.

    (Ours.) One step of iterative proportional fitting on the class's use of each place or turn; shrunk towards 0 where little was seen.
    The fit is kept in the parameters as it was (features, weights, model), so that the column can be counted anew on other tracks.
    """

    kind = "habit"
    title = "Used more than expected"
    sentence = "Where the class goes more (above 0) or less (below) than a fit expects: the map of what the model misses as a feature."
    parameters = (FeatureParameter("of", "Counted by", "choice", "turn", options=tuple(OF), help="By place, or by turn at each place."),
                  FeatureParameter("unseen", "Hold back by", "number", 5.0, SMALLEST_COUNT,
                            help="In uses. Larger: places where few were seen count as ordinary."),
                  FeatureParameter("fit", "Against", "fit", help="The fit that says what is expected."))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        unseen, of, fit = self.number(params, "unseen"), self.option(params, "of"), params.get("fit")
        if context.training is None or context.expected is None:
            raise FeatureError("Habits need training tracks.", "Map tracks to the world first.")
        problems = fit_problems(fit)
        if problems or not isinstance(fit, Mapping):
            raise FeatureError(f"There is no fit that says what is expected. {' '.join(problems)}", "Make the feature anew from a fit.")
        seen, expected = used_choices(world, context.training), context.expected(world, context, fit)
        if of == "place":
            seen, expected = (np.bincount(world.choice_place, use, world.n_places)[world.choice_place] for use in (seen, expected))
        return np.asarray(np.log((seen + unseen) / (expected + unseen)))

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        fit = params.get("fit")
        known = isinstance(fit, Mapping) and not fit_problems(fit)
        names = ", ".join(str(f["name"]) for f in fit["features"]) if known and isinstance(fit, Mapping) else ""
        used = OF.get(str(params.get("of", "turn")), "it")
        return f"Natural log of how much more {used} is used than a fit with {names or 'no feature'} expects (no unit)."

    def counts_tracks(self, params: Mapping[str, Any]) -> bool:
        return True

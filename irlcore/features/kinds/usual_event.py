"""How usual each next event is after the last ones, counted on the training tracks alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, FeatureParameter, register
from irlcore.features.log_events import NO_LOG, counted_ngrams, event_count, of_choices, recent_of
from irlcore.features.ngrams.kneser_ney import KneserNey
from irlcore.quantities import plain
from irlcore.worlds.world import World


@register
class UsualEvent(FeatureKind):
    """Natural log of the share of each event, and of the end, after the last k events, smoothed by shorter ones (``ngrams.kneser_ney``).

    With the weight 1 on the longest one a conditional logit is that n-gram, so a fit explains its tracks no worse.
    """

    kind = "usual_event"
    title = "Usual next event"
    sentence = "How often others go on with this event after the last ones: 0 where all do, lower where fewer."
    parameters = (FeatureParameter("back", "Events back", "number", 1.0, 0.0,
                                   help="After how many last events it is counted. 0 counts how often each event happens at all."),)

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        event_count(world)
        back = self.number(params, "back")
        most = int(world.settings["order"])
        if back != int(back) or back > most:
            raise FeatureError(f"back is {back:g}, and the events of this log are told by the last {most} at most.",
                               f"Type a whole number from 0 to {most}, or let the log go further back.")
        if context.training is None:
            raise FeatureError("Usual events need training tracks.", "Map tracks to the world first.")
        order = int(back)
        chances = KneserNey(counted_ngrams(world, context.training), order).chances(recent_of(world))
        return of_choices(world, np.log(chances))

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        back = int(self.number(params, "back"))
        after = f" after the last {'event' if back == 1 else f'{plain(back)} events'}" if back else ""
        return f"Natural log of the share of this event{after} in the training sequences (no unit)."

    def counts_tracks(self, params: Mapping[str, Any]) -> bool:
        return True

    def available(self, world: World) -> str:
        return "" if world.kind == "log" else NO_LOG

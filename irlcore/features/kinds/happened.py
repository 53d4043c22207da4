"""Whether something has happened before, however long ago: for events that the states of a log remember."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, FeatureParameter, register
from irlcore.features.log_events import NO_LOG, event_count, event_number, event_of_choice
from irlcore.tracks.cells import shown
from irlcore.worlds.world import World

WHEN = {"has happened": "once", "has not happened": "before"}


@register
class Happened(FeatureKind):
    """1 where an event comes next, once a remembered one has happened, or before it has.

    Where no next event is named it is the remembered one itself: again, or for the first time.
    """

    kind = "happened"
    title = "Event once another has happened"
    sentence = "1 where this event follows, given that another has happened before, however long ago, or has not."
    parameters = (FeatureParameter("remembered", "Remembered event", "text", "",
                                   help="One of the events that the log remembers. Empty: any of them."),
                  FeatureParameter("when", "It", "choice", "has happened", options=tuple(WHEN)),
                  FeatureParameter("event", "Comes", "text", "",
                                   help="An event of the log. Empty: the remembered event itself, again or for the first time."))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        if why := self.available(world):
            raise FeatureError(why, "Name events to remember where the log is read.")
        n_events, known = event_count(world), [str(one) for one in world.settings["remembered"]]
        name, event = (str(params.get(part, "") or "") for part in ("remembered", "event"))
        if name and name not in known:
            raise FeatureError(f"This log does not remember whether {shown(name)!r} has happened.",
                               f"Choose one of those that it does: {', '.join(map(shown, known))}.")
        bits = {event_number(world, one): 1 << k for k, one in enumerate(known) if not name or one == name}
        memory = np.array(world.settings["remembers"], np.int64)
        comes, has = event_of_choice(world), self.option(params, "when") == "has happened"
        out = np.zeros(world.mdp.n_choices)
        asked = dict.fromkeys([event_number(world, event)], sum(bits.values())) if event else bits
        for number, bit in asked.items():
            there = ((memory & bit) != 0) == has
            out[(comes == number) & np.repeat(there, n_events + 1)] = 1.0
        return out

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        name, event = (str(params.get(part, "") or "") for part in ("remembered", "event"))
        has = str(params.get("when", "has happened")) == "has happened"
        if not event:
            return f"1 for {name or 'a remembered event'} {'once more' if has else 'for the first time'}, else 0 (no unit)."
        what = name or "any remembered event"
        return f"1 for {event} {f'once {what} has happened' if has else f'while {what} has not happened'}, else 0 (no unit)."

    def available(self, world: World) -> str:
        if world.kind != "log":
            return NO_LOG
        return "" if world.settings.get("remembered") else "This log remembers no events."

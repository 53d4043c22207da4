"""Whether, or how often, something has happened before, however long ago: for events that the states of a log remember."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, FeatureParameter, register
from irlcore.features.log_events import NO_LOG, event_number, event_of_choice, of_states
from irlcore.quantities import plain
from irlcore.tracks.cells import shown
from irlcore.worlds.history.build import count_of, times_remembered
from irlcore.worlds.world import World

WHEN = {"has happened": "once", "has not happened": "before"}


@register
class Happened(FeatureKind):
    """1 where an event comes next, once a remembered one has happened so often or more, or before it has.

    Where no next event is named it is the remembered one itself: again, or for the first time.
    """

    kind = "happened"
    title = "Event once another has happened"
    sentence = "1 where this event follows, given that another has happened before, however long ago, or has not."
    parameters = (FeatureParameter("remembered", "Remembered event", "text", "",
                                   help="One of the events that the log remembers. Empty: any of them."),
                  FeatureParameter("when", "It", "choice", "has happened", options=tuple(WHEN)),
                  FeatureParameter("times", "So many times, or more", "number", 1.0, 1.0,
                                   help="As far as the log counts what it remembers."),
                  FeatureParameter("event", "Comes", "text", "",
                                   help="An event of the log. Empty: the remembered event itself, again or for the first time."))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        if why := self.available(world):
            raise FeatureError(why, "Name events to remember where the log is read.")
        known, count = [str(one) for one in world.settings["remembered"]], count_of(world)
        name, event = (str(params.get(part, "") or "") for part in ("remembered", "event"))
        if name and name not in known:
            raise FeatureError(f"This log does not remember whether {shown(name)!r} has happened.",
                               f"Choose one of those that it does: {', '.join(map(shown, known))}.")
        times = self.number(params, "times")
        if times != int(times) or times > count:
            raise FeatureError(f"times is {times:g}, and this log counts up to {count} what has happened.",
                               f"Type a whole number from 1 to {count}, or let the log count further.")
        memory, has = np.array(world.settings["remembers"], np.int64), self.option(params, "when") == "has happened"
        often = {one: times_remembered(memory, k, count) >= times for k, one in enumerate(known) if not name or one == name}
        comes, out = event_of_choice(world), np.zeros(world.mdp.n_choices)
        asked = {event: np.any(list(often.values()), axis=0)} if event else often
        for one, so in asked.items():
            out[(comes == event_number(world, one)) & of_states(world, so == has)] = 1.0
        return out

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        name, event = (str(params.get(part, "") or "") for part in ("remembered", "event"))
        has = str(params.get("when", "has happened")) == "has happened"
        often = params.get("times", 1) or 1
        so = "" if often == 1 else f" {plain(float(often))} times or more" if isinstance(often, int | float) else " so often"
        if not event and not so:
            return f"1 for {name or 'a remembered event'} {'once more' if has else 'for the first time'}, else 0 (no unit)."
        what = name or ("any remembered event" if event else "it")
        said = f"once {what} has happened{so}" if has else f"while {what} has not happened{so}"
        return f"1 for {event or name or 'a remembered event'} {said}, else 0 (no unit)."

    def available(self, world: World) -> str:
        if world.kind != "log":
            return NO_LOG
        return "" if world.settings.get("remembered") else "This log remembers no events."

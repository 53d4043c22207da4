"""One event right after others, the end among them; and the same event once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.features.base import Context, FeatureKind, FeatureParameter, register
from irlcore.features.log_events import NO_LOG, THEN, event_count, event_number, event_of_choice, of_states, pattern_of, recent_of
from irlcore.worlds.world import World


@register
class Sequel(FeatureKind):
    """1 where a named event comes next, right after named ones.

    A state that does not look back as far as the pattern goes, since what happened there is too rare to be told apart, counts as after
    none.
    """

    kind = "sequel"
    title = "Event right after others"
    sentence = "1 where this event follows, such as export right after login; or the end, where no event is named."
    parameters = (FeatureParameter("after", "Right after", "text", "",
                                   help=f"The last events in their order, such as login {THEN} open. Empty: after anything."),
                  FeatureParameter("event", "Comes", "text", "", help="An event of the log. Empty: the end of the sequence."))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        n_events = event_count(world)
        pattern, name = pattern_of(world, str(params.get("after", "") or "")), str(params.get("event", "") or "")
        event = event_number(world, name) if name else n_events
        recent = recent_of(world)
        after = (recent[:, recent.shape[1] - len(pattern):] == pattern).all(axis=1)
        return (of_states(world, after) & (event_of_choice(world) == event)).astype(np.float64)

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        after, event = str(params.get("after", "") or ""), str(params.get("event", "") or "")
        right = f" right after {after.replace(THEN, 'then') if THEN in after else after}" if after else ""
        return f"1 for {event or 'the end'}{right}, else 0 (no unit)."

    def available(self, world: World) -> str:
        return "" if world.kind == "log" else NO_LOG


@register
class Again(FeatureKind):
    """1 where the event that has just happened happens once more."""

    kind = "again"
    title = "Same event again"
    sentence = "1 where the same event follows that has just happened."

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        last = recent_of(world)[:, -1]
        comes = event_of_choice(world)
        return ((of_states(world, last) == comes) & (comes < event_count(world))).astype(np.float64)

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        return "1 where the last event happens again at once, else 0 (no unit)."

    def available(self, world: World) -> str:
        return "" if world.kind == "log" else NO_LOG

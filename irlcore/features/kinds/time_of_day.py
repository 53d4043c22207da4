"""The time of day or the days of the week in which the trip starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from irlcore.errors import FeatureError
from irlcore.features.base import Context, FeatureKind, FeatureParameter, register
from irlcore.features.kinds.step import Step
from irlcore.worlds.clock import WEEKEND, Bands, clock_of, hour_text
from irlcore.worlds.world import World

DAYS = ("any", "weekdays", "weekend")
SAME_HOUR = 1e-6


@register
class TimeOfDay(FeatureKind):
    """1 for every step of a trip that starts in these hours; bands are told apart whole, so hours have to be edges of bands.

    It is the same for all ways that a trip may take, so alone it says how much steps cost then; joined with another feature it
    says where that one matters by time.
    """

    kind = "time"
    title = "Time of day or week"
    sentence = "1 for every step of a trip that starts in these hours, on these days."
    parameters = (FeatureParameter("from_hour", "From (hour)", "number", 0.0, 0.0,
                                   help="22 to 6 goes over midnight; 0 to 24 is the whole day."),
                  FeatureParameter("to_hour", "To (hour)", "number", 24.0, 0.0),
                  FeatureParameter("days", "Days", "choice", "any", options=DAYS))

    def column(self, world: World, context: Context, params: Mapping[str, Any]) -> np.ndarray:
        start, end, days = self._hour(params, "from_hour"), self._hour(params, "to_hour"), self.option(params, "days")
        bands = clock_of(world)
        if bands is None:
            raise FeatureError(self.available(world), "Switch it on there, or switch this feature off.")
        wanted = _within(bands, start, end)
        if days != "any":
            if bands.days == "all":
                raise FeatureError("The clock of this world does not tell days apart.",
                                   "Tell them apart on the Tracks page, or choose any day.")
            wanted &= (bands.weekdays >= WEEKEND) == (days == "weekend")
        return Step().column(world, context, {}) * wanted[world.choice_band]

    def describe(self, params: Mapping[str, Any], unit: str) -> str:
        start, end = self._hour(params, "from_hour"), self._hour(params, "to_hour")
        hours = "" if (end - start) % 24.0 == 0.0 else f" between {hour_text(start)} and {hour_text(end)} o'clock"
        days = {"weekdays": " on Monday to Friday", "weekend": " on Saturday or Sunday"}.get(str(params.get("days")), "")
        return f"1 for every step of a trip that starts{(hours + days) or ' at any time'} (no unit)."

    def _hour(self, params: Mapping[str, Any], name: str) -> float:
        hour = self.number(params, name)
        if hour > 24.0:
            raise FeatureError(f"{name} is {hour:g}.", "Type an hour from 0 to 24.")
        return hour

    def available(self, world: World) -> str:
        return "" if world.n_bands > 1 else "This world has no clock: let time matter on the Tracks page."


def _within(bands: Bands, start: float, end: float) -> np.ndarray:
    """(B,) bool: bands between two hours, over midnight where the second is not later. FeatureError where that cuts a band."""
    if (end - start) % 24.0 == 0.0:
        return np.ones(bands.n_bands, bool)
    edges = np.asarray(bands.edges, np.float64)
    for hour in (start % 24.0, end % 24.0):
        if not (np.abs(edges - hour) < SAME_HOUR).any():
            known = ", ".join(hour_text(e) for e in edges)
            raise FeatureError(f"No band of the clock begins at {hour_text(hour)} o'clock.",
                               f"Choose from {known}, or finer bands on the Tracks page." if known else
                               "Choose 0 to 24, or tell hours apart on the Tracks page.")
    inside = (edges - start + SAME_HOUR) % 24.0 < (end - start) % 24.0
    return np.tile(inside, bands.n_bands // len(edges))

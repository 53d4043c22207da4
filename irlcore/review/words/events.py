"""What is said of a sequence of a log: which event was least expected after which, and what is likelier there."""

from __future__ import annotations

import math

from irlcore.quantities import plain
from irlcore.review.words.amounts import chance

TELLING = 2.0
"""Times rarer from which on it is said."""


def least_expected_event(event: str, after: str, number: int, of: int, nats: float, rarer: float, likeliest: str,
                         share: float) -> str:
    """The event, number ``number`` of ``of`` of a sequence with its end, that was least expected after ``after`` ("" at the start).
    event: "" for the end. nats: -log of its chance. rarer: how many times rarer it is there than among all events; NaN where that is
    not known. likeliest: the event that is likeliest there, "" for the end, and its chance ``share``.
    """
    where = f"After {after}" if after else "At the start"
    what = f"{event} was least expected" if event else "the end was least expected"
    odds = "the model sees no chance of it" if not math.isfinite(nats) else f"the model gives it {chance(nats)}"
    times = f", {plain(rarer)} times rarer than among all events" if rarer >= TELLING and event else ""
    better = "" if likeliest == event else f"; likeliest there is {likeliest or 'the end'} ({share:.0%})"
    return f"{where}, {what} (event {number:,} of {of:,}): {odds}{times}{better}."


def event_headline(event: str, after: str) -> str:
    """One line on a sequence that nothing else sets apart."""
    return f"{event or 'The end'} after {after}" if after else f"{event or 'The end'} at the start"

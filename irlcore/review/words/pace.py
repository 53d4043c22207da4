"""What scores of pace and of dark gaps say. Places are as they stand in sentences of parts (``places``)."""

from __future__ import annotations

from irlcore.quantities import counted, plain, said_amount
from irlcore.review.words.amounts import TWO, often, said_time, times_as_long, usual_time

KILO = 1000.0


def all_along(ratio: float, waits: bool = False) -> str:
    """ratio: of its times to usual ones; empty where it is nearly 1. waits: they passed between events, and nobody took a step."""
    told = times_as_long(ratio)
    if not told:
        return ""
    if waits:
        return f"The time between its events was {told.replace('less time', 'less')} usual after such events, all along."
    return f"Its steps took {told} usual there, all along."


def waited(took: float, events: int, first: str, last: str, usual: float, own: float, clock: str, beside_usual: bool = True) -> str:
    """The time that passed from one event of a log to a later one, ``events`` further. own: what it would be at its own pace."""
    many = "" if events == 1 else f", {events:,} events further"
    than = usual_time(usual, clock) if beside_usual else f"at its own pace it would be {said_time(own, clock)}"
    return f"{said_time(took, clock)} passed from {first} to {last}{many}; {than}."


def waited_again(time: float, event: str, waits: int, passing: float, clock: str) -> str:
    """The time that passed after an event of a log in all, which came more often than once."""
    return (f"In all {said_time(time, clock)} passed after {event}, which came {often(waits)}; {usual_time(passing, clock)} where it comes "
            f"{TWO}.")


def on_a_stretch(took: float, steps: int, where: str, usual: float, own: float, clock: str, beside_usual: bool) -> str:
    """How long ``steps`` steps took. own: what they would take at its own pace. beside_usual: it is what is usual there that says
    something; else, as where it is slow all along and was as fast as others are on this stretch, its own pace."""
    many = "" if steps == 1 else f" for {counted(steps, 'step')}"
    there = f"{usual_time(usual, clock)} there" if beside_usual else f"at its own pace it would be {said_time(own, clock)}"
    return f"It took {said_time(took, clock)}{many} {where}; {there}."


def stopped(took: float, where: str, usual: float, clock: str) -> str:
    """The longest that it spent in one place."""
    return f"It spent {said_time(took, clock)} {where}; {usual_time(usual, clock)} there."


def loitered(time: float, where: str, visits: int, places: int, passing: float, clock: str) -> str:
    """The time in one neighbourhood, most of it at one place."""
    return (f"It spent {said_time(time, clock)} {where} and close by, in {counted(visits, 'visit')} to {counted(places, 'place')}; "
            f"{usual_time(passing, clock)} for passing there and back.")


def said_speed(speed: float, unit: str) -> str:
    """A speed in units of the world a second: "30 km/h", "3 px/s"."""
    if unit == "m":
        return f"{plain(3.6 * speed)} km/h"
    return f"{plain(speed)} {unit}/s" if unit else f"{plain(speed)} map units a second"


def said_far(way: float, unit: str) -> str:
    """A way of a fact on gaps, which are in km where the world is in metres."""
    return said_amount(way * KILO, "m") if unit == "m" else said_amount(way, unit)


def fast_over_it(speed: float, usual: float, unit: str) -> str:
    """How fast it must have gone, and what is fast for its class."""
    must, can = (said_speed(one, unit) for one in (speed, usual))
    return f"It must have gone at {must} or more over the gap before it; {can} is fast for its class."


def silences(many: int, have: int, of: int, as_a_rule: float) -> str:
    """How often it fell silent. have: of the ``of`` tracks that it is held against so many do, ``as_a_rule`` times."""
    said = f"It fell silent {counted(many, 'time')} on its way"
    if not have:
        return _no_other(said, of)
    middle = plain(as_a_rule, 2)
    return f"{said}; {_others(have, of)} {'does' if have == 1 else 'do'}, {middle} time{'' if middle == '1' else 's'} as a rule."


def longest(seconds: float, have: int, of: int, as_a_rule: float) -> str:
    """The longest gap on its way, in seconds."""
    return _beside(f"Nothing was heard for {said_amount(seconds, 's')} on its way", have, of, said_amount(as_a_rule, "s"))


def before(seconds: float, way: float, unit: str, have: int, of: int, as_a_rule: str) -> str:
    """The gap before it: for how long and how far, 0 where that is not known."""
    for_long = f" for {said_amount(seconds, 's')}" if seconds > 0.0 else ""
    return _beside(f"Nothing was heard{for_long} before it{f', {said_far(way, unit)} away' if way > 0.0 else ''}", have, of, as_a_rule)


def _beside(said: str, have: int, of: int, as_a_rule: str) -> str:
    if not have:
        return _no_other(said, of)
    return f"{said}; {_others(have, of)} {'has' if have == 1 else 'have'} such a gap, of {as_a_rule} as a rule."


def _no_other(said: str, of: int) -> str:
    return f"{said}; none of the {of:,} tracks that it is held against has such a gap."


def _others(have: int, of: int) -> str:
    return f"{have:,} of the {of:,} tracks that it is held against"

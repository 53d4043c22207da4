"""What scores of dark gaps say."""

from __future__ import annotations

from irlcore.quantities import plain, said_amount
from irlcore.review.words.amounts import counted

KILO = 1000.0


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

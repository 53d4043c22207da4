"""What a track is held beside, in words: how much of a feature is usual, in its unit, how rare that is and how many others did so; and
which ordinary tracks it is most like."""

from __future__ import annotations

import math
from collections.abc import Sequence

from irlcore.quantities import counted, listed, plain, said_amount
from irlcore.review.words.amounts import STEPS, deviations, often, said_steps, said_way
from irlcore.review.words.places import at, is_distance

ALIKE = 0.01
"""Of its way: ways whose lengths differ by less are as long."""
AS_FAR = "; as far off: "
TIMES = "times"
"""The unit of what is counted."""


def amount(value: float, unit: str) -> str:
    """A total of a feature: "1.2 km", "3 steps", "4 times", or a number alone where it has no unit."""
    if math.isnan(value):
        return "an amount that is not known"
    if math.isinf(value):
        return "no limit"
    if unit in (STEPS, TIMES) and value == 0.0:
        return "none"
    if unit == STEPS:
        return said_steps(value)
    if unit == TIMES:
        return often(int(value)) if value == round(value) and value > 0 else f"{plain(value)} times"
    return said_amount(value, unit) if unit else plain(value)


def usual(value: float, unit: str) -> str:
    """What is usual of it: "400 m is usual", "next to none is usual"; of what is counted the number alone, which is a mean."""
    if 0.0 <= value < 0.01:
        return "next to none is usual"
    return f"{plain(value, 2) if unit in (STEPS, TIMES) and math.isfinite(value) else amount(value, unit)} is usual"


def used(name: str, observed: float, expected: float, unit: str, z: float, rare: str = "") -> str:
    """A feature of which more or less was used than the model expects. z: in standard deviations. rare: how many ordinary tracks did so."""
    word = "more" if z > 0.0 else "less"
    return (f"It used {word} of \"{name}\" than expected: {amount(observed, unit)} where {usual(expected, unit)} "
            f"({deviations(z)}{f'{AS_FAR}{rare}' if rare else ''}).")


def short(name: str, z: float, far: float) -> str:
    """The same as a line of a list. far: from so many deviations on it is far more."""
    return f'{"Far" if abs(z) >= far else "Somewhat"} {"more" if z > 0.0 else "less"} "{name}" than usual'


def shared(name: str, z: float) -> str:
    """What several tracks did alike, in half a sentence: used more, or less, of a feature."""
    return f'used {"more" if z > 0.0 else "less"} of "{name}"'


def as_ordinary(as_far: int, of: int, called: str) -> str:
    """How many of the ``of`` tracks known to be ordinary are as far off on that side: "none of 214 ordinary tracks"; empty where none is
    known."""
    return f"{f'{as_far:,}' if as_far else 'none'} of {counted(of, called)}" if of else ""


def beside_flagged(sentence: str, as_far: int, of: int) -> str:
    """The sentence (``used``), with how many of the ``of`` other flagged tracks are as far off on that side."""
    told, begun = sentence.removesuffix(")."), AS_FAR in sentence
    return f"{told}{', ' if begun else AS_FAR}{f'{as_far:,}' if as_far else 'none'} of {counted(of, 'other flagged track')})."


def nearest(names: Sequence[str], called: str, kept_to: str, longer: Sequence[float], way: float, unit: str) -> str:
    """names: of the nearest, the nearest first; empty where none shares any of its way. called: what one of them is. kept_to: where they
    went and it did not, "" for none in common. longer: by how much each is longer than the track, whose way is ``way``."""
    if not names:
        return f"No {called} shares any of its way."
    every = "" if len(names) == 1 else " both" if len(names) == 2 else " all"
    are, size = "is" if len(names) == 1 else "are", _longer(longer, way, unit)
    kept = f"kept to {kept_to}" if not is_distance(kept_to) else f"went {at(kept_to)}"
    if kept_to:
        said = f", which{every} {kept}{f' and {are} {size}' if size else ''}"
    else:
        said = f", which {are}{every} {size}" if size else ""
    return f"Most like it among {called}s: {listed(list(names))}{said}."


def _longer(longer: Sequence[float], way: float, unit: str) -> str:
    """"640 m shorter", of several that differ "at least 640 m shorter"; empty where they are as long, or not all on one side."""
    if not longer or not way > 0.0 or min(map(abs, longer)) < ALIKE * way or (min(longer) < 0.0) != (max(longer) < 0.0):
        return ""
    least, most = (said_way(one(map(abs, longer)), unit) for one in (min, max))
    return f"{'' if least == most else 'at least '}{least} {'shorter' if longer[0] < 0.0 else 'longer'}"

"""Which ordinary tracks a track is most like, in words: "Most like it among ordinary tracks: T-104 and T-77, which both kept to Harbour
Street and are 640 m shorter."."""

from __future__ import annotations

from collections.abc import Sequence

from irlcore.quantities import listed
from irlcore.review.words.amounts import said_way
from irlcore.review.words.places import at, is_distance

ALIKE = 0.01
"""Of its way: ways whose lengths differ by less are as long."""


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

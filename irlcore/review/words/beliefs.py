"""Which belief would explain a way, in words."""

from __future__ import annotations

from irlcore.review.words.amounts import counted, more_or_less
from irlcore.review.words.places import is_distance


def named(first: str, last: str) -> str:
    """What is believed to cost something else: "Bridge Road", or the way between two places."""
    if first != last:
        return f"the way from {first} to {last}"
    return f"the way {first}" if is_distance(first) else first


def explained(what: str, ratio: float, have: int, of: int) -> str:
    """That a belief explains the way. what: of ``named``. ratio: what it is believed to cost, over what it does. have: how many of the
    ``of`` beliefs that were tried are at least so far off."""
    return (f"It would be ordinary for someone who believes that {what} costs {more_or_less(ratio)} (as {have:,} of the "
            f"{counted(of, 'belief')} that were tried {'has' if have == 1 else 'have'} it, or more so).")

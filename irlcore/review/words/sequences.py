"""What scores of event sequences say. Events are tokens (``places``) until who shows the sentence knows their names."""

from __future__ import annotations

from collections.abc import Sequence

from irlcore.quantities import plain
from irlcore.review.words.events import bare
from irlcore.review.words.rarity import one_in

OFTEN = 0.1
"""From this share on it is told in per cent."""


def unlike_events(other: str, new: Sequence[str], n_new: int, n_own: int, gone: Sequence[str], n_gone: int) -> str:
    """Which of its ``n_own`` different events the sequence most like it lacks, and which events it lacks itself."""
    said = []
    if n_new:
        those = "its only event" if n_own == 1 else f"{n_new:,} of its {n_own:,} different events"
        said.append(f"{those} {_are(n_new)} new ({_some(new, n_new)})")
    if n_gone:
        said.append(f"{n_gone:,} of that one's {_are(n_gone)} missing ({_some(gone, n_gone)})")
    if not said:
        return f"It has the same events as the normal sequence most like it, {other}, but puts them side by side otherwise."
    return f"Beside the normal sequence most like it, {other}, {' and '.join(said)}."


def _are(n: int) -> str:
    return "is" if n == 1 else "are"


def _some(named: Sequence[str], n: int) -> str:
    return f"{', '.join(named)}{' and others' if n > len(named) else ''}"


def other_share(event: str, own: float, usual: float, other: str) -> str:
    """The event whose share differs most from that in the sequence most like it."""
    mine, theirs = (f"{100.0 * share:.3g} %" if share > 0.0 else "none" for share in (own, usual))
    return f"{event} makes up {mine} of its events, and {theirs} of those of {other}, the normal sequence most like it."


def rare_pair(before: str, after: str, times: int, could: int, usual: float) -> str:
    """How often an event came right after another, and how often it does in normal sequences. before, after: empty for start and end."""
    came = f"{after} followed" if after else "the sequence ended"
    where = f"After {before}" if before else "At the start"
    how = f"{times:,} of {could:,} times" if could > 1 else "here"
    return f"{where} {came} {how}; normally it does so {one_in(usual)} times, {plain(times / could / usual, 2)} times more rarely."


def rare_kind(event: str, by: str, label: str, times: int, could: int, usual: float) -> str:
    """How often an event was of a kind, "night" by "hour", and how often it is in normal sequences."""
    how = f"{times:,} of the {could:,} times that {event} came" if could > 1 else f"When {event} came"
    often = f"{100.0 * usual:.0f} % of the times" if usual >= OFTEN else f"{one_in(usual)} times"
    return f"{how}, its {by} was {bare(label)}; normally it is so {often}."


def unseen(count: int, of: int, length: int, shortest: Sequence[str], begins: bool, ends: bool) -> str:
    """How many of its ``of`` stretches of up to so many events no normal sequence has, and the shortest of them. begins, ends: whether the
    start or the end of the sequence is part of that."""
    at = " at its start" if begins else " at its end" if ends else ""
    those = f"{count:,} of its {of:,} stretches of 1 to {length} events {_are(count)} in no normal sequence"
    return f"{those}{'' if count == 1 else ', the shortest of them'}{':' if count == 1 else ''} {', '.join(shortest)}{at}."

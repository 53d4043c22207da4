"""What scores of event sequences say. Events are tokens (``places``) until who shows the sentence knows their names."""

from __future__ import annotations

from collections.abc import Sequence

from irlcore.quantities import plain
from irlcore.review.words.rarity import one_in


def unlike_events(other: str, new: Sequence[str], n_new: int, n_own: int, gone: Sequence[str], n_gone: int) -> str:
    """Which of its ``n_own`` different events the sequence most like it lacks, and which events it lacks itself."""
    kinds = "The sequence" if n_own == 1 else f"{n_new:,} of its {n_own:,} different events"
    said = []
    if n_new:
        all_new = "its only event is" if n_own == 1 else f"{kinds[0].lower() if kinds[0].isalpha() else kinds[0]}{kinds[1:]} {_are(n_new)}"
        said.append(f"{all_new} not in it ({_some(new, n_new)})")
    if n_gone:
        said.append(f"{n_gone:,} of that one's {_are(n_gone)} missing here ({_some(gone, n_gone)})")
    if not said:
        return f"The normal sequence most like it, {other}, has the same events, but puts them side by side otherwise."
    return f"Beside the normal sequence most like it, {other}, {', and '.join(said)}."


def _are(n: int) -> str:
    return "is" if n == 1 else "are"


def _some(named: Sequence[str], n: int) -> str:
    return f"{', '.join(named)}{' and others' if n > len(named) else ''}"


def other_share(event: str, own: float, usual: float, other: str) -> str:
    """The event whose share differs most from that in the sequence most like it."""
    there = f"{100.0 * usual:.3g} %" if usual > 0.0 else "none"
    return f"{event} makes up {f'{100.0 * own:.3g} %' if own > 0.0 else 'none'} of its events; in {other}, the normal sequence most like it, {there}."


def rare_pair(before: str, after: str, times: int, could: int, usual: float) -> str:
    """How often an event came right after another, and how often it does in normal sequences. before, after: empty for start and end."""
    came = f"{after} followed" if after else "the sequence ended"
    where = f"After {before}" if before else "At the start"
    how = f"{times:,} of {could:,} times" if could > 1 else "here"
    return f"{where} {came} {how}; normally it does so {one_in(usual)} times, {plain(times / could / usual, 2)} times more rarely."


def unseen(count: int, of: int, length: int, first: Sequence[str]) -> str:
    """How many stretches of so many events no normal sequence has, and the first of them."""
    those = f"{count:,} of its {of:,} stretches of {length} events {_are(count)}" if of > 1 else "The sequence as a whole is"
    told = f", such as {', '.join(first)}" if first else ""
    return f"{those} in no normal sequence{told}."

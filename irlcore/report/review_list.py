"""The list of reviewed tracks in words: its score, how far the review is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from irlcore.analysis.ranking import Review
from irlcore.analysis.silencing import Silenced
from irlcore.analysis.triage import Progress
from irlcore.project.silencing import rule_words
from irlcore.quantities import counted, plain
from irlcore.review.parts.kinds import UNITS

FEWEST_DECIDED = 5  # a share of fewer says nothing


def list_scores(review: Review) -> list[str]:
    """The score that ranks for each of ``review.order``, with digits that tell neighbours apart and its unit: "20.3 sd"."""
    values, unit = review.values[review.order], UNITS[review.score]
    return [f"{digits(float(value))} {unit}".strip() for value in values]


def digits(value: float) -> str:
    """A score with one decimal, two below 10; "no way" where it is infinite, since some choice was impossible."""
    if np.isnan(value):
        return "not known"
    if np.isinf(value):
        return "no way" if value > 0.0 else "-∞"
    text = f"{value:,.1f}" if abs(value) >= 10.0 else f"{value:.2f}"
    return text if float(text.replace(",", "")) else text.lstrip("-")


def list_places(review: Review) -> list[str]:
    """The p-value of each of ``review.order``; how many in a hundred are as strange where nothing is calibrated."""
    p = review.p[review.order]
    if review.control.kind == "strangest":
        return [f"top {plain(100.0 * float(value))} %" for value in p]
    return [f"p {plain(float(value))}" for value in p]


def silenced_words(found: Silenced) -> str:
    """How many of the flagged tracks rules silence: "12 flagged, 3 silenced by 1 rule."; empty where there is no rule."""
    if not found.rules:
        return ""
    return f"{found.flagged:,} flagged, {int(found.mask.sum()):,} silenced by {counted(len(found.rules), 'rule')}."


def rule_lines(found: Silenced, say: Callable[[str], str] = str) -> tuple[str, ...]:
    """Each rule in words, with how many flagged tracks it silences now, why it was made, and what it names and is no more. say: how
    a sentence of ours is said of a world (``Called.say``)."""
    said = []
    for rule, many, gone in zip(found.rules, found.many, found.gone, strict=True):
        because = f" Why: {rule.why.strip()}" if rule.why.strip() else ""
        tells = f" {gone}" if gone else ""
        said.append(say(f"A track that {rule_words(rule, found.timed)}: {counted(many, 'flagged track')} silenced.") + because + tells)
    return tuple(said)


PROGRESS_HELP = ("An operational event is a flag that was right. The list begins with the strangest tracks, so among those still to be "
                 "decided the share may be lower.")
"""Beside ``progress_words``: what the share is of."""


def progress_words(found: Progress) -> str:
    """How far the review is, and how often a flag was right so far: one line."""
    said = f"{found.decided:,} of {found.flagged:,} flagged decided"
    if not found.decided:
        return said + "."
    events = f"{found.events:,} of them were operational events" if found.events > 1 else \
        f"{'1' if found.events else 'none'} of them was an operational event"
    share = f" ({found.events / found.decided:.0%})" if found.events and found.decided >= FEWEST_DECIDED else ""
    return f"{said}; {events}{share}."

"""What a proposal promises, in words: pure functions of a preview's numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from irlcore.elicitation.suggestions import Suggestion, least_support
from irlcore.proposals import Preview, adjusted

ALIKE = 0.95
LEVEL = 0.05
GOOD, LUCK, NOTHING, HARM = "Worth accepting", "Could be luck", "Says nothing new", "Would do harm on tracks held out"


def verdict_words(test: Suggestion, tried: int, n_trips: int) -> str:
    """One of the four above; what rests on very few of the ``n_trips`` could be luck whatever its statistic."""
    if test.lm == 0.0:
        return NOTHING
    if adjusted(test.lm, tried) > LEVEL or test.support < least_support(n_trips):
        return LUCK
    return GOOD if test.held_out > 0.0 else HARM


def luck_words(lm: float, tried: int) -> str:
    """The chance of so large a statistic where nothing is there, the number of candidates counted in."""
    p = adjusted(lm, tried)
    if p >= 0.5:
        chance = "quite likely by luck"
    elif p < 1e-9:
        chance = "less than 1 in a billion by luck"
    else:
        chance = f"{p:.0%} by luck" if p >= 0.1 else f"1 in {round_to_two(1.0 / p):,} by luck"
    looked = "1 candidate" if tried <= 1 else f"{tried:,} candidates"
    return f"{chance}, with {looked} looked at"


def round_to_two(value: float) -> int:
    """A whole number of two digits that count."""
    digits = max(0, math.floor(math.log10(max(value, 1.0))) - 1)
    return int(round(value / 10**digits) * 10**digits)


def nats(value: float) -> str:
    """A gain with its sign, a digit after the point where it is small."""
    return f"{value:+,.0f} nats" if abs(value) >= 10.0 else f"{round(value, 1) + 0.0:+.1f} nats"


def gain_words(test: Suggestion, n_trips: int) -> str:
    """The predicted gain on the trips fitted to, and held out."""
    return f"about {nats(test.gain)} on {n_trips:,} tracks, held out {nats(test.held_out).removesuffix(' nats')}"


def sign_words(weight: float) -> str:
    """What the predicted weight means."""
    return "no effect" if weight == 0.0 else "avoided" if weight < 0.0 else "sought"


def alike_words(preview: Preview) -> str:
    """The closest feature of the fit, and whether the proposal says almost the same."""
    if not preview.correlation:
        return ""
    name, r = preview.correlation[0][0], round(preview.correlation[0][1], 2) + 0.0
    if abs(r) >= ALIKE:
        return f"says almost the same as {name} (correlation {r:.2f})"
    return f"closest to {name} (correlation {r:.2f})"


def known_words(known: Mapping[str, tuple[int, int]], verdicts: Mapping[Any, int]) -> list[str]:
    """What became of the tracks with a verdict: one sentence an outcome. verdicts: how many there are of each outcome."""
    said = {"understood": "called understood", "discarded": "discarded", "misunderstood": "not understood yet",
            "operational event": "operational events"}
    lines = []
    for outcome, (before, after) in known.items():
        n = verdicts.get(outcome, 0)
        now = "all are" if after == n > 1 else "none is" if after == 0 else f"{after} {'is' if after == 1 else 'are'}"
        lines.append(f"Of {n} {said.get(outcome, outcome)}, {before} {'was' if before == 1 else 'were'} flagged before, {now} flagged now.")
    return lines

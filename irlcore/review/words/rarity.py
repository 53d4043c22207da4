"""How unusual each side of a track is, in words: "Pace: it spent 23 min at Harbour Street; 40 s is usual there (1 in 2,000 ordinary
tracks)", "Route and goal are ordinary"."""

from __future__ import annotations

import math
from collections.abc import Sequence

from irlcore.quantities import counted, listed

ENDS = ("; ", ": ", ", where ", ", all along", " by the ")
"""Where the first thing that a sentence says ends."""


def one_in(p: float) -> str:
    """"1 in 2,000"."""
    return f"1 in {max(int(math.floor(1.0 / p + 1e-9)), 1):,}"


def how_rare(p: float, lowest: bool, of: int, called: str) -> str:
    """How rare it is to be as strange: "1 in 2,000 ordinary tracks", "none of 214 ordinary tracks is as strange" where p is as low as it
    can be. of: how many it was held against. called: what one of them is."""
    if lowest:
        return f"none of {counted(of, called)} is as strange" if of != 1 else f"the only {called} is less strange"
    return f"{one_in(p)} {called}s"


def unusual(side: str, sentence: str, rare: str) -> str:
    """What is unusual of a side of a track. sentence: what its kind of score says, whole. rare: of ``how_rare``."""
    return f"{side}: {uncapital(sentence).rstrip('.')} ({rare})."


def ordinary(sides: Sequence[str]) -> str:
    """What is not unusual, in one line: "Route and goal are ordinary."; empty where there is none."""
    if not sides:
        return ""
    many = len(sides) > 1 or sides[0].endswith("s")
    said = listed([one if not k else one.lower() for k, one in enumerate(sides)])
    return f"{said} {'are' if many else 'is'} ordinary."


def in_short(sentence: str) -> str:
    """The first thing that a sentence says, for a line of a list."""
    end = min((at for mark in ENDS if (at := sentence.find(mark)) > 0), default=len(sentence))
    return sentence[:end].rstrip(" .,;:")


ORDINARY, NORMAL = "ordinary track", "normal sequence"


def called(sentence: str, what: str) -> str:
    """The sentence with the tracks that it speaks of called ``what``: where none is known to be ordinary, they are but others."""
    return sentence if what == ORDINARY else sentence.replace(ORDINARY, what).replace(NORMAL, what.replace("track", "sequence"))


def first_clause(sentence: str) -> str:
    """The sentence up to its first semicolon, as a whole one."""
    return f"{sentence.split('; ', 1)[0].rstrip('.')}."


ROUTE = {"surprise": "The way as a whole is not what the model expects", "improbability": "The way as a whole is improbable",
         "utility_gap": "It cost more than it need have", "worst_stretch": "One stretch of the way is hardly to be expected"}
"""What scores of a model say by themselves, where the sentences on the way say how."""


def nameless(score: str, title: str) -> str:
    """A sentence on a score whose kind says nothing of this track."""
    return f"{ROUTE.get(score, title)}."


def uncapital(sentence: str) -> str:
    """The sentence as it goes on after a colon: what begins with a word of its own keeps it."""
    first = sentence.split(" ", 1)[0]
    plain_word = len(first) == 1 or (first.isalpha() and first[1:].islower())
    return sentence[:1].lower() + sentence[1:] if plain_word else sentence


def beside(sentence: str, rare: str) -> str:
    """A sentence, with how rare that is."""
    return f"{sentence[:-1]} ({rare})."

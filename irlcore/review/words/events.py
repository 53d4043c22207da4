"""What sequences of events did, in words: what is missing, too often or out of order, where they were least expected, what was likelier.

Names of events stand in quotation marks: "open" is then no verb of ours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from irlcore.quantities import counted, listed, plain
from irlcore.review.words.amounts import chance, often
from irlcore.review.words.did import Wording

LONGEST, MOST = 40, 6
"""Characters of a name, and events of a stretch, that a sentence holds."""
CERTAIN = 0.995
ENDS = {"(start)": "the start", "(end)": "the end"}
"""What is no event, by the names that a world has for it."""


def event(name: str) -> str:
    """An event by its name."""
    return ENDS.get(name) or f'"{name if len(name) <= LONGEST else name[:LONGEST - 1].rstrip() + "…"}"'


def run(names: Sequence[str]) -> str:
    """Events in their order; of many the first and the last: "a" > "b" > "c"."""
    told = [event(one) for one in names]
    if len(told) > MOST:
        told = [*told[:MOST - 2], f"{len(told) - MOST + 1:,} more", told[-1]]
    return " > ".join(told)


def in_all(nats: float) -> str:
    """A chance of e^-nats, as it stands in brackets: "76 %", "1 in 52"."""
    if not math.isfinite(nats):
        return "impossible"
    if nats < math.log(10.0):
        share = math.exp(-nats)
        return "nearly certain" if share > CERTAIN else f"{100.0 * share:.0f} %"
    if nats < math.log(1e6):
        return f"1 in {plain(math.exp(nats))}"
    return "fewer than 1 in a million"


def _who(have: int, of: int, called: str, does: str, do: str) -> str:
    """ "1 of 120 known sequences has", "none of 120 known sequences has"."""
    return f"{f'{have:,}' if have else 'none'} of {counted(of, called)} {does if have <= 1 else do}"


def missing(name: str, have: int, of: int, called: str) -> Wording:
    """have: how many of the ``of`` others have it."""
    what = event(name)
    who = f"all {counted(of, called)} have" if have == of > 1 else _who(have, of, called, "has", "have")
    return Wording(f"It has no {what}, which {who}.", f"No {what}", f"had no {what}")


def unknown(name: str, of: int, called: str) -> Wording:
    """An event that no other has."""
    what = event(name)
    return Wording(f"It has {what}, which {_who(0, of, called, 'has', 'have')}.", f"Has {what}, as no {called}", f"had {what}")


def repeated(name: str, count: int, have: int, of: int, called: str) -> Wording:
    """have: how many of the ``of`` others have it as often."""
    what = event(name)
    return Wording(f"{what} came {often(count)}; {_who(have, of, called, 'has', 'have')} it as often.", f"{what} {often(count)}",
                   f"had {what} unusually often")


def out_of_order(first: str, second: str, have: int, both: int, called: str) -> Wording:
    """have: how many of the ``both`` others that have both events have them in this order."""
    a, b = event(first), event(second)
    return Wording(f"{a} came before {b}, as in {f'{have:,}' if have else 'none'} of {counted(both, called)} that {_has(both)} both.",
                   f"{a} before {b}", f"had {a} before {b}")


def _has(count: int) -> str:
    return "has" if count == 1 else "have"


def one_after_the_other(before: str, after: str, begins: bool, ends: bool, more: int, of: int, called: str) -> Wording:
    """What came right after what as in none of ``of`` others. begins, ends: it is how the sequence began or ended. more: further such
    pairs."""
    a, b = event(before), event(after)
    did = f"ended right after {a}" if ends else f"began with {b}" if begins else f"has {b} right after {a}"
    also = f" ({counted(more, 'more such pair')})" if more else ""
    return Wording(f"It {did}, as none of {counted(of, called)}{also}.", did[:1].upper() + did[1:], did.replace("has ", "had ", 1))


def least_expected(names: Sequence[str], first: int, last: int, nats: float) -> str:
    """The stretch that was least expected, events ``first`` to ``last`` from 1. nats: -log of the chance of these."""
    one = first == last
    where = f"event {last}" if one else f"events {first} to {last}"
    if not math.isfinite(nats):
        return f"Least expected: {where}, {run(names)}: the model gives {'it' if one else 'these'} no chance."
    return f"Least expected: {where}, {run(names)}: the model gives {'it' if one else 'these'} {chance(nats)}."


def running() -> str:
    """Of a sequence that had not ended when the log was taken."""
    return "It was still running when the log was taken: what it has done so far is judged, and what may still come is not."


def strange(rare: str) -> str:
    """How unlikely a sequence is under the model beside ordinary ones. rare: that in words."""
    return f"In all, or on some stretch, it is hardly to be expected ({rare})."


def rarer(before: Sequence[str], came: str, nats: float, likeliest: str, other: float) -> str:
    """How much rarer what came is than the likeliest event there. before: what came just before, nothing at the start. nats, other: -log of
    the chance of either; empty where it is hardly rarer."""
    if other > nats - math.log(1.5):
        return ""
    there = f"After {run(before)}" if before else "At the start"
    if not math.isfinite(nats):
        return f"{there}, {event(came)} cannot follow under the model; {event(likeliest)} is the likeliest there ({in_all(other)})."
    ratio = math.exp(nats - other)
    times = f"{plain(ratio, 2)} times rarer" if ratio < 1e6 else "more than a million times rarer"
    return (f"{there}, {event(came)} is {times} than {event(likeliest)}, the likeliest there ({in_all(nats)} against {in_all(other)}).")


def rarer_kind(came: str, kind: Sequence[tuple[str, str]], nats: float, usual: Sequence[tuple[str, str]], other: float) -> str:
    """How much rarer the kind of an event is than the likeliest kind of it there. kind, usual: what tells kinds apart, with its label, as
    ("hour", "night"). nats, other: -log of the chance of either, given that it is this event; empty where it is hardly rarer."""
    if other > nats - math.log(1.5):
        return ""
    mine, theirs = (listed([f"{by} {bare(label)}" for by, label in one]) for one in (kind, usual))
    if not math.isfinite(nats):
        return f"{event(came)} cannot be of {mine} there under the model; the likeliest is {theirs} ({in_all(other)})."
    ratio = math.exp(nats - other)
    times = f"{plain(ratio, 2)} times rarer" if ratio < 1e6 else "more than a million times rarer"
    return f"Where {event(came)} comes here, {mine} is {times} than {theirs} ({in_all(nats)} against {in_all(other)})."


def bare(label: str) -> str:
    """A label as it stands in a sentence: in quotation marks, but what is no value of the file's own as it is, without its brackets."""
    return label[1:-1] if label[:1] == "(" and label[-1:] == ")" else f'"{label}"'


def instead(names: Sequence[str], ends: bool, nats: float, first: int) -> str:
    """The likelier continuation from event number ``first`` on, and how many times likelier it is than what came, by the log of that.
    ends: it ends there."""
    there = f"from event {first} on"
    told = f"{run(names)}{', then the end' if ends else ''}" if names else "the end"
    if not math.isfinite(nats):
        return f"Likelier {there}: {told}, where what came has no chance under the model."
    if nats < math.log(1.5):
        return f"Likelier {there}: {told}, about as likely as what came."
    times = f"{plain(math.exp(nats))} times" if nats < math.log(1e6) else "more than a million times"
    return f"Likelier {there}: {told}, {times} as likely as what came."


def as_likeliest(names: Sequence[str]) -> str:
    """Where nothing else was likelier than what came."""
    return f"Nothing else was likelier there than {run(names)}."


def headline(before: str, came: str) -> str:
    """One line on a sequence that nothing sets apart: where it was least expected."""
    return f"Least expected: {event(came)} after {event(before)}"


def unshared(count: int, of: int) -> str:
    """How many of its ``of`` events, the end counted, the sequence that is most like it lacks there."""
    those = f"{count:,} of its {of:,} events, the end counted," if of > 1 else "Its only event"
    return f"{those} {'does' if count == 1 else 'do'} not come so in the ordinary track that is most like it."

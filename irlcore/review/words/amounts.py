"""Counts, times, shares and chances as sentences on tracks say them."""

from __future__ import annotations

import math

from irlcore.quantities import plain, said_amount, said_length

STEPS, EVENTS = "steps", "events"
"""The unit of ways whose lengths are not known, and of sequences of a log."""
SAME = 0.005
"""Less than half a per cent more or less is nothing to say."""
ONE, TWO = "once", "twice"


def often(count: int) -> str:
    """"once", "twice", "12 times"."""
    return {1: ONE, 2: TWO}.get(count, f"{count:,} times")


def said_steps(count: float, unit: str = STEPS) -> str:
    """A number of steps in words; unit: ``STEPS`` or ``EVENTS``."""
    told = plain(count) if count != round(count) else f"{count:,.0f}"
    return f"{told} {unit.removesuffix('s') if told == '1' else unit}"


def said_way(amount: float, unit: str) -> str:
    """A way in words, in steps where lengths are not known."""
    return said_steps(amount, unit) if unit in (STEPS, EVENTS) else said_length(amount, unit)


def said_time(amount: float, clock: str) -> str:
    """"23 min", "1 sample". clock: "s", or "samples" where points have no times but their order."""
    if clock == "s":
        return said_amount(amount, "s")
    told = plain(amount)
    return f"{told} sample{'' if told == '1' else 's'}"


def usual_time(amount: float, clock: str) -> str:
    """"40 s is usual", "3 samples are usual"; what no clock can tell: "hardly any time is usual"."""
    if not amount > 0.0:
        return "hardly any time is usual"
    told = said_time(amount, clock)
    return f"{told} {'are' if told.endswith('samples') else 'is'} usual"


def times_as_long(ratio: float) -> str:
    """A ratio of times: "11 % longer than is", "12 % less time than is", "2.3 times as long as is"; empty where it is nearly 1."""
    if abs(ratio - 1.0) < SAME:
        return ""
    if ratio >= 2.0:
        return f"{plain(ratio, 2)} times as long as is"
    return f"{percent(abs(ratio - 1.0))} {'longer' if ratio > 1.0 else 'less time'} than is"


def more_or_less(ratio: float) -> str:
    """What something costs beside what it does cost: "34 % more than it does", "half of what it does", "2.3 times what it does"."""
    if ratio >= 2.0:
        return f"{plain(ratio, 2)} times what it does"
    return f"{percent(abs(ratio - 1.0))} {'more' if ratio >= 1.0 else 'less'} than it does"


def percent(share: float) -> str:
    """A share to a whole per cent: "34 %"; what is more than nothing is at least 1 %."""
    return f"{max(round(100.0 * share), 1 if share > 0.0 else 0):,} %"


def chance(nats: float) -> str:
    """A probability of e^-nats in words."""
    if nats < math.log(1.5):
        return f"a probability of {math.exp(-nats):.2f}"
    if nats < math.log(1e6):
        return f"1 chance in {plain(math.exp(nats))}"
    if nats < math.log(1e9):
        return f"1 chance in {math.exp(nats) / 1e6:,.0f} million"
    return "less than 1 chance in a billion"


def odds(nats: float) -> str:
    """How many times likelier one way is than the one that was taken, by the log of that, as a sentence that goes on."""
    if not math.isfinite(nats):
        return "it is possible under the model, the way taken is not."
    if nats < math.log(1.5):
        return "it is about as likely as the way taken."
    if nats < math.log(1e6):
        return f"it is {plain(math.exp(nats))} times as likely as the way taken."
    return "it is more than a million times as likely as the way taken."


def deviations(z: float) -> str:
    """"4.2 standard deviations"; beyond 20 the number says no more."""
    far = f"{abs(z):.1f}" if abs(z) < 20.0 else "more than 20"
    return f"{far} standard deviation{'' if far == '1.0' else 's'}"

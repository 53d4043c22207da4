"""What the model says of a way, in words: where it was least expected, what it lost, the likeliest way beside it, and the belief that would
explain it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from irlcore.quantities import counted, listed, plain, said_amount
from irlcore.review.words.amounts import chance, more_or_less, odds
from irlcore.review.words.places import at, between, is_distance

NOTHING = 1e-9  # of utility


@dataclass(frozen=True, slots=True)
class Yardstick:
    """The feature that utility is told in: "as much as 340 m of length".

    weight: utility per unit of the feature, its theta. unit: "m", "s"; empty where it has none.
    """

    feature: str
    weight: float
    unit: str = ""

    def said(self, gap: float) -> str:
        """A utility lost, in the feature's unit: "340 m of length"."""
        amount = gap / abs(self.weight)
        return f"{said_amount(amount, self.unit) if self.unit else plain(amount)} of {self.feature}"


def cut_off(goal: str, share: float, many: int) -> str:
    """That it was cut off, and which of ``many`` goals what follows is held against. share: how likely that one is."""
    if many == 1 and share > 0.0:
        return f"It was not seen to come to {goal}."
    if share <= 0.0:
        return "It was cut off before it arrived, and its way fits no goal that the model knows."
    return f"It was cut off before it arrived; its way so far fits a trip to {goal} best ({share:.0%})."


def least_expected(before: str, after: str, first: int, last: int, nats: float, goal: str) -> str:
    """Its worst stretch, steps ``first`` to ``last`` from 1, between two places. nats: -log of the chance of these choices."""
    one = first == last
    where = f"Least expected {between(before, after)} ({f'step {last}' if one else f'steps {first} to {last}'}): "
    if not math.isfinite(nats):
        return where + f"the model sees no way {'to the goal' if goal else 'on'} in a choice made there."
    return where + f"the model gives {'this choice' if one else 'these choices'} {chance(nats)}."


def lost(gap: float, goal: str, yardstick: Yardstick | None) -> str:
    """Utility lost; empty where that does not exist. goal: what it is called, "" of who has none."""
    best = f"the best way to {goal}" if goal else "the best that it could do at each step"
    if math.isnan(gap):
        return ""
    if math.isinf(gap):
        return f"The model knows no way from its start to {goal}." if goal else "It went where the model knows no way on."
    if gap <= NOTHING:
        return f"It lost nothing against {best}."
    if yardstick is None or yardstick.weight == 0.0:
        units = plain(gap)
        return f"It lost {units} unit{'' if units == '1' else 's'} of utility against {best}."
    return f"Against {best} it lost as much as {yardstick.said(gap)} is worth."


def likeliest(goal: str) -> str:
    """What the likeliest way is called."""
    return f"likeliest way to {goal}" if goal else "likeliest walk of as many steps"


def took_likeliest(goal: str, so_far: bool = False) -> str:
    """That it is the likeliest way, as far as it was seen."""
    return f"{'So far it' if so_far else 'It'} took the {likeliest(goal)}."


def parts_from_it(goal: str, place: str, onward: str, parted: bool, nats: float) -> str:
    """Where the likeliest way leaves it, and how much likelier that is. parted: where has been said already. nats: the log of how many
    times likelier; NaN where the two cannot be compared, and then nothing is left to say of a way that has parted already."""
    towards = "" if onward == place else f" and goes on to {onward}"
    where = f"The {likeliest(goal)}" if parted else f"The {likeliest(goal)} parts from it {at(place)}{towards}"
    if math.isnan(nats):
        return "" if parted else f"{where}."
    return f"{where} {odds(nats).removeprefix('it ')}" if parted else f"{where}; {odds(nats)}"


def headline(before: str, after: str, possible: bool, gap: float, yardstick: Yardstick | None) -> str:
    """One line on a track that nothing sets apart: where it was least expected, and what it lost in all."""
    if not possible:
        return f"No way to its goal {at(before)}"
    paid = f": +{yardstick.said(gap)}" if yardstick is not None and yardstick.weight and math.isfinite(gap) and gap > NOTHING else ""
    return f"Least expected {between(before, after)}{paid}"


def most_share(did: list[str]) -> str:
    """What most flagged tracks did as well, in one line; empty where there is nothing."""
    return f"As do most flagged tracks, it {listed(did)}." if did else ""


def few_share(sentence: str, others: int, of: int) -> str:
    """The sentence, with how many of the ``of`` other flagged tracks did the same."""
    return f"{sentence[:-1]}; {f'{others:,}' if others else 'none'} of the {of:,} other flagged tracks did so."


def believed_of(first: str, last: str) -> str:
    """What is believed to cost something else: "Bridge Road", or the way between two places."""
    if first != last:
        return f"the way from {first} to {last}"
    return f"the way {first}" if is_distance(first) else first


def explained(what: str, ratio: float, have: int, of: int) -> str:
    """That a belief explains the way. what: of ``named``. ratio: what it is believed to cost, over what it does. have: how many of the
    ``of`` beliefs that were tried are at least so far off."""
    return (f"It would be ordinary for someone who believes that {what} costs {more_or_less(ratio)} (as {have:,} of the "
            f"{counted(of, 'belief')} that were tried {'has' if have == 1 else 'have'} it, or more so).")

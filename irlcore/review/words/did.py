"""What a track did, in words: each a sentence, a line of a list, and what follows "as do most flagged tracks, it ..."."""

from __future__ import annotations

from typing import NamedTuple

from irlcore.review.words.amounts import often
from irlcore.review.words.places import at, between, part_of


class Wording(NamedTuple):
    """One thing that a track did. sentence: whole. short: a line of a list. shared: what several did, after "it" or "three tracks"."""

    sentence: str
    short: str
    shared: str


def passed_goal(goal: str, way: str) -> Wording:
    """It was at its goal and went on. way: how long it took to come back."""
    return Wording(f"It passed its goal, {goal}, and came back to it {way} later.", f"Passed its goal, {goal}", "passed the goal")


def circled(spot: str, count: int, way: str, block: bool) -> Wording:
    """It went round ``count`` times, first at ``spot``, ``way`` in all. block: small enough to be a block of streets."""
    did = "circled the block" if block else "went round in a circle"
    times = "" if count == 1 else f" {often(count)}, first"
    return Wording(f"It {did}{times} {at(spot)}: {way}{' in all' if times else ''}.", f"{did.capitalize()}{times} {at(spot)}",
                   "went round in a circle")


def turned_round(spot: str, count: int, way: str) -> Wording:
    """It went out and back ``count`` times, the farthest to ``spot``, ``way`` in all."""
    more = "" if count == 1 else f", and {count - 1} more time{'s' if count > 2 else ''} elsewhere"
    return Wording(f"It turned round {at(spot)} and went back{more}: {way} out and back.", f"Turned round {at(spot)}", "turned round")


def turned_on_the_spot(spot: str) -> Wording:
    """A U-turn by the links' own turns."""
    return Wording(f"It turned round on the spot {at(spot)}.", f"Turned round on the spot {at(spot)}", "turned round on the spot")


def made_a_detour(where: str, middle: str, back: str, goal: str, longer: str) -> Wording:
    """It left the likeliest way at ``where``, was the farthest from it at ``middle``, and came back at ``back``, or, where ``goal`` is not
    empty, no sooner than there."""
    by = "" if middle in (where, back) else f" by way of {middle}"
    end = f"before {goal}" if goal else at(back)
    return Wording(f"It left the likeliest way {at(where)}{by} and came back to it {end}: {longer} longer.",
                   f"Detour of {longer}{by or ' ' + at(where)}", "made a detour")


def went_where_none_did(first: str, last: str, way: str, called: str, by_name: bool) -> Wording:
    """called: what one of the known tracks is called. by_name: no known track was at a place of either name; else only at another part."""
    shared, where = f"went where no {called} did", between(first, last)
    if by_name:
        return Wording(f"No {called} went where it did {where}: {way}.", f"Where no {called} went, {where}", shared)
    part = f"{part_of(first) if first == last else f'on a way {where}'} where no {called} did"
    return Wording(f"It went {way} {part}.", f"Went {part}", shared)


def ended_where_none_did(goal: str, called: str, by_name: bool) -> Wording:
    """The same of where it ended."""
    did = f"where no {called} did"
    if by_name:
        return Wording(f"It ended {at(goal)}, {did}.", f"Ended {at(goal)}, {did}", f"ended {did}")
    return Wording(f"It ended {part_of(goal)} {did}.", f"Ended {part_of(goal)} {did}", f"ended {did}")

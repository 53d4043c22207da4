"""Where a sequence was least expected, told by its events, and the likelier continuation from there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.rationality.likely_events import by_where_it_leads, likely_ways_on
from irlcore.rationality.seen import first_alike
from irlcore.rationality.solution import Solution
from irlcore.review.words import events as words
from irlcore.worlds.history.classes import aspects_of, class_names, told_by
from irlcore.worlds.world import World

LEAST_AHEAD, MORE, MOST_AHEAD = 3, 2, 12
"""Events of the likelier continuation: so many more than the stretch has, not fewer and not more than these."""
DIGITS = 9
BEFORE = 2
"""Events before the rarest one that are told."""


@dataclass(frozen=True, slots=True, eq=False)
class LeastExpected:
    """sentences: on the stretch. onward: (n,) int64, choices of the likelier continuation from its first event on; empty where what came
    was the likeliest. short: one line."""

    sentences: tuple[str, ...]
    onward: np.ndarray
    short: str


def least_expected(world: World, solution: Solution, choices: np.ndarray, nats: np.ndarray, first: int, last: int) -> LeastExpected:
    """Of a sequence's ``choices`` (n,), of which each has -log chance ``nats`` (n,), the stretch from ``first`` to before ``last``."""
    names, kinds = event_names(world, choices), class_names(world, choices)
    at = rarest(nats, first, last)
    before = str(world.place_names[world.choice_from[choices[at]]])
    came = str(world.place_names[world.choice_place[choices[at]]])
    of_events, same = by_where_it_leads(world.mdp, solution.log_policy)
    rare = _rarer(world, of_events, int(same[choices[at]]), names[max(at - BEFORE, 0):at], came)
    other = _rarer_kind(world, solution.log_policy, of_events, int(choices[at]), int(same[choices[at]]), came)
    said = [words.least_expected(kinds[first:last], first + 1, last, float(nats[first:last].sum())), other, rare]
    steps = int(np.clip(last - first + MORE, LEAST_AHEAD, MOST_AHEAD))
    state = int(world.mdp.choice_state[choices[first]])
    onward = likely_ways_on(world.mdp, of_events, state, steps, 1)
    likely = onward[0].choices if onward else np.zeros(0, np.int64)
    own = same[choices[first:first + steps]]
    short = words.headline(before, kinds[at])
    if not len(likely) or np.array_equal(likely, own):
        return LeastExpected(tuple(one for one in (*said, words.as_likeliest(names[first:last])) if one), np.zeros(0, np.int64), short)
    told = event_names(world, likely)
    ends = int(world.choice_place[likely[-1]]) == world.n_places - 1
    odds = float(of_events[likely].sum() - of_events[own].sum())  # both of so many steps, or to the end
    said.append(words.instead(told[:-1] if ends else told, ends, odds, first + 1))
    return LeastExpected(tuple(one for one in said if one), likely, short)


def rarest(nats: np.ndarray, first: int, last: int) -> int:
    """Which event of a sequence is the rarest of the stretch from ``first`` to before ``last``, the first of several. nats: (n,)."""
    return first + int(np.argmax(np.round(nats[first:last], DIGITS)))


def event_names(world: World, choices: np.ndarray) -> list[str]:
    """What the choices (n,) of a log are."""
    return [str(one) for one in world.place_names[world.choice_place[choices]]]


def _rarer(world: World, log_policy: np.ndarray, choice: int, before: list[str], came: str) -> str:
    """How much rarer an event is than the likeliest one there. log_policy: (M,) of events, whatever their kinds."""
    best = _likeliest(world, log_policy, choice)
    likeliest = str(world.place_names[world.choice_place[best]])
    return words.rarer(before, came, float(-log_policy[choice]), likeliest, float(-log_policy[best]))


def _rarer_kind(world: World, log_policy: np.ndarray, of_events: np.ndarray, choice: int, event: int, came: str) -> str:
    """How much rarer the kind of an event is than the likeliest kind of the same event there; empty where it is hardly rarer, or nothing
    tells kinds apart. of_events: (M,) log_policy of events, event: the choice that stands for all its kinds."""
    aspects = aspects_of(world)
    alike = first_alike(world.mdp) == event
    if not aspects or int(alike.sum()) < 2:
        return ""
    kinds = np.flatnonzero(alike)
    best = int(kinds[int(np.argmax(np.round(log_policy[kinds], DIGITS)))])
    mine, usual = told_by(world, choice), told_by(world, best)
    other = [k for k in range(len(aspects)) if mine[k] != usual[k]]
    own_kind, usual_kind = ([(aspects[k], one[k]) for k in other] for one in (mine, usual))
    if not other:
        return ""
    return words.rarer_kind(came, own_kind, float(of_events[event] - log_policy[choice]), usual_kind,
                            float(of_events[event] - log_policy[best]))


def _likeliest(world: World, log_policy: np.ndarray, choice: int) -> int:
    """The likeliest choice of the state in which ``choice`` is made, the first of several."""
    mdp = world.mdp
    state = int(mdp.choice_state[choice])
    first = int(mdp.choice_offsets[state])
    return first + int(np.argmax(log_policy[first:int(mdp.choice_offsets[state + 1])]))

"""Where a sequence was least expected, told by its events, and the likelier continuation from there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.rationality.likely_events import likely_ways_on
from irlcore.rationality.solution import Solution
from irlcore.review.words import events as words
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
    names = event_names(world, choices)
    at = rarest(nats, first, last)
    before = str(world.place_names[world.choice_from[choices[at]]])
    came = str(world.place_names[world.choice_place[choices[at]]])
    rare = _rarer(world, solution, int(choices[at]), float(nats[at]), names[max(at - BEFORE, 0):at], came)
    said = [words.least_expected(names[first:last], first + 1, last, float(nats[first:last].sum())), rare]
    steps = int(np.clip(last - first + MORE, LEAST_AHEAD, MOST_AHEAD))
    state = int(world.mdp.choice_state[choices[first]])
    onward = likely_ways_on(world.mdp, solution.log_policy, state, steps, 1)
    likely = onward[0].choices if onward else np.zeros(0, np.int64)
    own = choices[first:first + steps]
    short = words.headline(before, came)
    if not len(likely) or np.array_equal(likely, own):
        return LeastExpected(tuple(one for one in (*said, words.as_likeliest(names[first:last])) if one), np.zeros(0, np.int64), short)
    told = event_names(world, likely)
    ends = int(world.choice_place[likely[-1]]) == world.n_places - 1
    odds = float(nats[first:first + steps].sum() + solution.log_policy[likely].sum())  # both of so many steps, or to the end
    said.append(words.instead(told[:-1] if ends else told, ends, odds, first + 1))
    return LeastExpected(tuple(one for one in said if one), likely, short)


def rarest(nats: np.ndarray, first: int, last: int) -> int:
    """Which event of a sequence is the rarest of the stretch from ``first`` to before ``last``, the first of several. nats: (n,)."""
    return first + int(np.argmax(np.round(nats[first:last], DIGITS)))


def event_names(world: World, choices: np.ndarray) -> list[str]:
    """What the choices (n,) of a log are."""
    return [str(one) for one in world.place_names[world.choice_place[choices]]]


def _rarer(world: World, solution: Solution, choice: int, nats: float, before: list[str], came: str) -> str:
    mdp = world.mdp
    state = int(mdp.choice_state[choice])
    here = slice(int(mdp.choice_offsets[state]), int(mdp.choice_offsets[state + 1]))
    best = int(mdp.choice_offsets[state]) + int(np.argmax(solution.log_policy[here]))
    likeliest = str(world.place_names[world.choice_place[best]])
    return words.rarer(before, came, nats, likeliest, float(-solution.log_policy[best]))

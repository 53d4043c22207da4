"""Reasons for a sequence of a log. Nobody plans a way there, so what counts is the event that was least expected after those before it."""

from __future__ import annotations

import numpy as np

from irlcore.rationality.solution import Solution
from irlcore.review.scores import Scores
from irlcore.review.words import events as words
from irlcore.worlds.mdp import Paths
from irlcore.worlds.world import World

RARELY = 1e-300  # a chance of 0, of which there is no logarithm


def event_sentence(world: World, paths: Paths, solution: Solution, index: int) -> str:
    """The least expected event of path ``index``, how much rarer it is there than among all events of the paths, and what is likelier."""
    at, choice = _least(paths, solution, index)
    mdp, n = world.mdp, int(paths.offsets[index + 1] - paths.offsets[index])
    state = int(mdp.choice_state[choice])
    here = solution.log_policy[mdp.choice_offsets[state]:mdp.choice_offsets[state + 1]]
    best = int(mdp.choice_offsets[state] + np.argmax(here))
    event = int(world.choice_place[choice])
    used = np.bincount(world.choice_place[paths.choices], minlength=world.n_places)
    share = used[event] / used.sum()
    rarer = float(share / max(np.exp(solution.log_policy[choice]), RARELY)) if share > 0.0 else np.nan
    return words.least_expected_event(_named(world, event), _named(world, int(world.choice_from[choice])), at + 1, n,
                                      -float(solution.log_policy[choice]), rarer, _named(world, int(world.choice_place[best])),
                                      float(np.exp(here.max())))


def event_headline(world: World, paths: Paths, scores: Scores, index: int) -> str:
    """One line: the event that surprised most, and what it came after."""
    own = slice(int(paths.offsets[index]), int(paths.offsets[index + 1]))
    choice = int(paths.choices[own][int(np.argmax(scores.step_surprise[own]))])
    return words.event_headline(_named(world, int(world.choice_place[choice])), _named(world, int(world.choice_from[choice])))


def _least(paths: Paths, solution: Solution, index: int) -> tuple[int, int]:
    choices = paths.choices[paths.offsets[index]:paths.offsets[index + 1]]
    at = int(np.argmin(solution.log_policy[choices]))
    return at, int(choices[at])


def _named(world: World, place: int) -> str:
    """What an event is called; "" for the start and the end, which are none."""
    return "" if place >= world.n_places - 2 else str(world.place_names[place])

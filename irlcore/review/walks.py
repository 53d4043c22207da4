"""Walks of agents without a destination, which nothing ends.

They do not arrive, so (I - W)^-1 of ``review.scores.Arrivals`` does not exist: the rows of W sum to 1. They are compared with the model's
own walks of the *same number of steps* from the same start (``review.before_arrival``, with no goal to arrive at).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from irlcore.engine import checkpoint
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.seen import log_seen, recorded_choices
from irlcore.rationality.solution import Group, Prepared, Solution
from irlcore.review.before_arrival import moments_before_arrival
from irlcore.worlds.mdp import MDP


def walk_uses(mdp: MDP, solution: Solution, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Expected number (M,) of times each choice is recorded, over walks of ``lengths`` (n,) steps from ``starts`` (n,)."""
    owner = mdp.outcome_choice
    chance, choice = solution.policy[owner] * mdp.probabilities, recorded_choices(mdp)
    before, after = mdp.choice_state[choice], mdp.successors
    under_way: np.ndarray = np.zeros(mdp.n_states)
    visits = np.zeros(mdp.n_states)
    for begin in reversed(list(_ended(lengths))):  # those with most steps left set out first, so that all end together
        checkpoint()
        onward = np.bincount(after, chance * under_way[before], mdp.n_states)
        under_way = np.asarray(onward + np.bincount(starts[begin], minlength=mdp.n_states), np.float64)
        visits += under_way
    return np.bincount(choice, chance * visits[before], mdp.n_choices)


def _ended(lengths: np.ndarray) -> Iterator[np.ndarray]:
    """Which walks, (n,) indices, have 1, 2, 3, ... steps, up to the longest."""
    order = np.argsort(lengths, kind="stable")
    cuts = np.searchsorted(lengths[order], np.arange(1, int(lengths.max(initial=0)) + 2))
    return (order[a:b] for a, b in pairwise(cuts))


def walk_moments(prepared: Prepared, solution: Solution, group: Group) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation (n,) of -log P, nats, over the model's own walks from where each of the group's walks starts, as long as
    it is."""
    log_q = log_seen(prepared, solution)
    cost = np.where(np.isfinite(log_q), -log_q, 0.0)
    mean, variance = moments_before_arrival(prepared.mdp, solution, cost[:, None], starts_of(prepared.mdp, group), np.diff(group.offsets))
    return mean[:, 0], np.sqrt(variance[:, 0])


def starts_of(mdp: MDP, group: Group) -> np.ndarray:
    """(n,) int64: where each of the group's walks starts."""
    return np.asarray(mdp.choice_state[group.choices[group.offsets[:-1]]])


def walk_losses(prepared: Prepared, group: Group) -> np.ndarray:
    """(n,) utility lost step by step, sum of V*(s) - Q*(s, m): what every choice lost against the best that could be made there, going on
    in the best way afterwards. Towards a goal at gamma = 1, where nothing slips, that is V*(start) less the return. inf where a choice
    leads where no walk can go on."""
    hard = Boltzmann().solve(Boltzmann().prepare(prepared.mdp, prepared.reward, prepared.gamma), group.goal_states)
    q = hard.q[group.choices]
    lost = np.where(np.isfinite(q), hard.value[prepared.mdp.choice_state[group.choices]] - np.where(np.isfinite(q), q, 0.0), np.inf)
    return np.asarray(np.add.reduceat(np.maximum(lost, 0.0), group.offsets[:-1]))

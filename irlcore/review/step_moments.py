"""What agents that plan nothing are expected to do, step by step.

With c = -log q of a step, H(s) its mean and V(s) its variance under the model in the state where the step is made, the sum of c - H over a
path's steps is a martingale, whose variance is the expected sum of V: so sum (c - H) over the root of sum V says how strange the steps
were, whatever states they led to and however many there were. Where nothing is planned, to be long is no choice that was made at the start.
"""

from __future__ import annotations

import numpy as np

from irlcore.rationality.base import Rationality
from irlcore.rationality.seen import log_seen
from irlcore.rationality.solution import Group, Prepared, Solution, sum_trips


def step_moments(model: Rationality, prepared: Prepared, solution: Solution, group: Group) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation (n,) of -log P, nats, of each of the group's trips, given the states that it was in."""
    mdp = prepared.mdp
    log_q = log_seen(prepared, solution)
    cost = np.where(np.isfinite(log_q), -log_q, 0.0)
    chance = solution.policy * (solution.policy > 0.0)
    mean = np.bincount(mdp.choice_state, chance * cost, mdp.n_states)
    spread = np.bincount(mdp.choice_state, chance * (cost - mean[mdp.choice_state]) ** 2, mdp.n_states)
    states = mdp.choice_state[group.choices]
    return sum_trips(mean[states], group.offsets), np.sqrt(sum_trips(spread[states], group.offsets))

"""Trips drawn from choice probabilities."""

from __future__ import annotations

import numpy as np

from irlcore.worlds.limits import check_goal_states, check_index
from irlcore.worlds.mdp import MDP


def draw_path(mdp: MDP, policy: np.ndarray, start: int, goal_states: np.ndarray, rng: np.random.Generator,
              longest: int = 400) -> list[int]:
    """States of one path drawn from ``policy`` (M,) until a goal; empty where it takes more than ``longest`` steps. Without a goal a walk
    of ``longest`` steps; empty where it gets stuck."""
    check_index("places to start from", np.array([start]), mdp.n_states, "states")
    goals = set(check_goal_states(goal_states, mdp.n_states, least=0).tolist())
    states = [int(start)]
    while states[-1] not in goals:
        first, last = mdp.choice_offsets[states[-1]], mdp.choice_offsets[states[-1] + 1]
        chance = policy[first:last]
        if len(states) > longest and not goals:
            return states
        if len(states) > longest or chance.sum() <= 0.0:
            return []
        choice = int(rng.choice(np.arange(first, last), p=chance / chance.sum()))
        ends = slice(mdp.successor_offsets[choice], mdp.successor_offsets[choice + 1])
        states.append(int(rng.choice(mdp.successors[ends], p=mdp.probabilities[ends])))
    return states

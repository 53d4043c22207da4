"""Made-up agents: paths drawn from a model, and detours planted among them."""

from __future__ import annotations

import numpy as np

from irlcore.rationality.base import Prepared, Rationality
from irlcore.rationality.routes import likeliest_path
from irlcore.worlds.mdp import MDP


def draw_path(mdp: MDP, policy: np.ndarray, start: int, goal_states: np.ndarray, rng: np.random.Generator,
              longest: int = 400) -> list[int]:
    """States of one path drawn from ``policy`` (M,) until a goal; empty where it takes more than ``longest`` steps."""
    goals = set(goal_states.tolist())
    states = [int(start)]
    while states[-1] not in goals:
        first, last = mdp.choice_offsets[states[-1]], mdp.choice_offsets[states[-1] + 1]
        chance = policy[first:last]
        if len(states) > longest or chance.sum() <= 0.0:
            return []
        choice = int(rng.choice(np.arange(first, last), p=chance / chance.sum()))
        ends = slice(mdp.successor_offsets[choice], mdp.successor_offsets[choice + 1])
        states.append(int(rng.choice(mdp.successors[ends], p=mdp.probabilities[ends])))
    return states


def detour(model: Rationality, prepared: Prepared, start: int, via: int, goal_states: np.ndarray) -> list[int]:
    """States of the best way from ``start`` to the goal that goes through ``via`` first; empty where there is none."""
    states = [int(start)]
    for target in (np.array([via]), goal_states):
        solution = model.solve(prepared, target)
        if not np.isfinite(solution.value[states[-1]]):
            return []
        chosen = likeliest_path(prepared, solution, states[-1])
        states += [int(s) for s in prepared.mdp.likeliest[chosen]]
    return states if len(states) > 2 and not set(goal_states.tolist()) & set(states[:-1]) else []

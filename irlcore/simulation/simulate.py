"""Made-up abnormal agents: detours to plant among ordinary trips."""

from __future__ import annotations

import numpy as np

from irlcore.rationality.base import Rationality
from irlcore.rationality.routes import likeliest_path
from irlcore.rationality.solution import Prepared


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

"""The likeliest way on: the path of highest probability to a goal under a solved model."""

from __future__ import annotations

import numpy as np

from irlcore.errors import WorldError
from irlcore.rationality.base import Prepared, Solution
from irlcore.rationality.graph import graph_of
from irlcore.rationality.values import Plan, shortest_plan
from irlcore.worlds.mdp import build_mdp


def likeliest_plan(prepared: Prepared, solution: Solution) -> Plan:
    """Best choice of every state when a path costs -log of its probability (a choice's likeliest successor is
    taken where it has several)."""
    if prepared.mdp.deterministic:
        return shortest_plan(graph_of(prepared.mdp), solution.log_policy, solution.goal_states)
    key = "likeliest graph"
    if key not in prepared.mdp.cache:
        prepared.mdp.cache[key] = graph_of(build_mdp(prepared.mdp.n_states, prepared.mdp.choice_state,
                                                     prepared.mdp.likeliest)[0])
    return shortest_plan(prepared.mdp.cache[key], solution.log_policy, solution.goal_states)


def likeliest_path(prepared: Prepared, solution: Solution, start: int, plan: Plan | None = None) -> np.ndarray:
    """Choices (n,) int64 of the likeliest path from ``start``; WorldError where the goal is out of reach."""
    plan = plan or likeliest_plan(prepared, solution)
    goals = set(solution.goal_states.tolist())
    after = prepared.mdp.likeliest
    out: list[int] = []
    at = int(start)
    while at not in goals:
        if not np.isfinite(plan.value[at]):
            raise WorldError("There is no way from here to the goal.", "Choose another goal.")
        out.append(int(plan.choice[at]))
        at = int(after[out[-1]])
    return np.array(out, np.int64)

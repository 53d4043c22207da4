"""The reward that a value stands for: r = Q - gamma V', whatever it was found by.

It is known up to potential shaping (Ng, Harada and Russell 1999): r + gamma f(s') - f(s) has the same softmax for any f that is 0 in the
goal. So what holds of it are sums over whole ways from one start, and differences between these, not single numbers.
"""

from __future__ import annotations

import numpy as np

from irlcore.fitting.problem import Problem
from irlcore.planning.graph import graph_of


def rewards_of(problem: Problem, weights: np.ndarray, goal: int = 0, phi: np.ndarray | None = None) -> np.ndarray:
    """(M,) float64 nats: r = Q - gamma E V' of every choice on the way to goal number ``goal`` under weights (K,), V = log sum exp Q and 0
    in the goal; -inf where a choice does not lead there. phi: (M, K), the problem's own by default.

    Under ``MaxEnt`` that is the reward itself, under other models the one for which a soft-optimal agent would choose as they do.
    """
    model, graph, goals = problem.model, graph_of(problem.mdp), problem.paths.goals.of(goal)
    solution = model.solve(problem.prepare(weights, phi), goals)
    value = np.full(graph.n_states, -np.inf)
    np.logaddexp.at(value, graph.choice_state.astype(np.int64), solution.q)
    value[goals] = 0.0
    possible = np.isfinite(solution.q)
    after = value[graph.successors] if graph.deterministic else graph.P @ np.where(np.isfinite(value), value, 0.0)
    return np.where(possible, np.where(possible, solution.q, 0.0) - problem.gamma * np.where(possible, after, 0.0), -np.inf)

"""How log choice probabilities change with the rewards, for policies that are a softmax of Q = r + gamma P V.

With pi_V the policy behind the value (greedy for the hard, softmax for the soft one), dV = (I - gamma P_pi_V)^-1
E_pi_V[dr]: one sparse factorisation serves both directions (implicit differentiation of the Bellman equation).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from irlcore.planning.graph import Graph, graph_of
from irlcore.planning.values import Evaluation
from irlcore.rationality.solution import Prepared, Solution

PullPlan = Callable[[Graph, Solution, np.ndarray, np.ndarray], None]


def evaluation_of(prepared: Prepared, solution: Solution) -> Evaluation:
    """The factorised evaluation of the policy behind the value, made at first use."""
    if "evaluation" not in solution.cache:
        solution.cache["evaluation"] = Evaluation(graph_of(prepared.mdp), solution.cache["policy"], prepared.gamma,
                                                  solution.cache["reach"], solution.goal_states)
    made: Evaluation = solution.cache["evaluation"]
    return made


def push_values(prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
    """dV for reward directions ``columns`` (M, K): (S, K)."""
    mean = sum_by_state(graph_of(prepared.mdp), solution.cache["policy"][:, None] * columns)
    return evaluation_of(prepared, solution).solve(mean)


def sum_by_state(graph: Graph, columns: np.ndarray) -> np.ndarray:
    """Sum of the rows (M, K) of each state's choices, (S, K)."""
    running = np.zeros((graph.n_choices + 1, columns.shape[1]))
    np.cumsum(columns, axis=0, out=running[1:])
    return running[graph.choice_offsets[1:]] - running[graph.choice_offsets[:-1]]


def pull_values(prepared: Prepared, solution: Solution, weights: np.ndarray, pull_plan: PullPlan | None) -> np.ndarray:
    """``weights`` (B, M) on log pi pulled back to the rewards, (B, M).

    pull_plan: pushes weights on V (B, S) down a shortest-path tree; None solves the adjoint system instead.
    """
    graph = graph_of(prepared.mdp)
    out = weights - solution.policy * sum_by_state(graph, weights.T).T[:, graph.choice_state]
    on_values = prepared.gamma * (graph.P.T @ out.T).T
    if pull_plan is not None:
        pull_plan(graph, solution, np.ascontiguousarray(on_values), out)
        return out
    adjoint = evaluation_of(prepared, solution).solve(on_values.T, transposed=True).T
    return out + solution.cache["policy"] * adjoint[:, graph.choice_state]

"""How log choice probabilities change with the rewards, for policies that are a softmax of Q = r + gamma P V.

With pi_V the policy behind the value (greedy for the hard, softmax for the soft one), dV = (I - gamma P_pi_V)^-1
E_pi_V[dr]: one sparse factorisation serves both directions (implicit differentiation of the Bellman equation).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from irlcore.planning.graph import Graph, graph_of
from irlcore.planning.values import PolicyEvaluation
from irlcore.rationality import kernels
from irlcore.rationality.solution import Prepared, Solution
from irlcore.worlds.limits import check_numbers

PullPlan = Callable[[Graph, Solution, np.ndarray, np.ndarray], None]


def evaluation_of(prepared: Prepared, solution: Solution) -> PolicyEvaluation:
    """The factorised evaluation of the policy behind the value, made at first use."""
    if "evaluation" not in solution.cache:
        solution.cache["evaluation"] = PolicyEvaluation(graph_of(prepared.mdp), solution.cache["policy"], prepared.gamma,
                                                  solution.cache["reach"], solution.goal_states)
    made: PolicyEvaluation = solution.cache["evaluation"]
    return made


def push_values(prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
    """dV for reward directions ``columns`` (M, K): (S, K), what lies ahead along the plan."""
    check_numbers("columns", columns, (prepared.mdp.n_choices, -1))
    if "plan" in solution.cache:
        graph, plan = graph_of(prepared.mdp), solution.cache["plan"]
        out = np.zeros((graph.n_states, columns.shape[1]))
        kernels.push_along_plan(plan.order, len(plan.order), plan.choice, graph.successors, len(solution.goal_states), columns, out)
        return out
    mean = sum_by_state(graph_of(prepared.mdp), solution.cache["policy"][:, None] * columns)
    return evaluation_of(prepared, solution).solve(mean)


def sum_by_state(graph: Graph, columns: np.ndarray) -> np.ndarray:
    """Sum of the rows (M, K) of each state's choices, (S, K)."""
    running = np.zeros((graph.n_choices + 1, columns.shape[1]))
    np.cumsum(columns, axis=0, out=running[1:])
    return running[graph.choice_offsets[1:]] - running[graph.choice_offsets[:-1]]


def pull_values(prepared: Prepared, solution: Solution, weights: np.ndarray, pull_plan: PullPlan | None = None) -> np.ndarray:
    """``weights`` (B, M) on log pi = log softmax(Q) pulled back to the rewards, (B, M); ``pull_plan`` as in ``pull_q``."""
    graph = graph_of(prepared.mdp)
    check_numbers("weights", weights, (-1, graph.n_choices))
    on_q = weights - solution.policy * sum_by_state(graph, weights.T).T[:, graph.choice_state]
    return pull_q(prepared, solution, on_q, 0.0, pull_plan)


def pull_q(prepared: Prepared, solution: Solution, on_q: np.ndarray, on_values: np.ndarray | float,
           pull_plan: PullPlan | None = None) -> np.ndarray:
    """Weights on Q (B, M), and on V (B, S) beside, pulled back to the rewards, (B, M).

    pull_plan: pushes weights on V (B, S) down to the choices (B, M), where the model has a way of its own; else they follow the
    shortest-path tree, or the adjoint system is solved.
    """
    graph = graph_of(prepared.mdp)
    check_numbers("weights", on_q, (-1, graph.n_choices))
    back: np.ndarray = np.ascontiguousarray(prepared.gamma * (graph.P.T @ on_q.T).T + on_values)
    if pull_plan is None and "plan" in solution.cache:
        pull_plan = _pull_plan
    if pull_plan is not None:
        out = on_q.copy()
        pull_plan(graph, solution, back, out)
        return out
    adjoint = evaluation_of(prepared, solution).solve(back.T, transposed=True).T
    pulled: np.ndarray = on_q + solution.cache["policy"] * adjoint[:, graph.choice_state]
    return pulled


def _pull_plan(graph: Graph, solution: Solution, weight: np.ndarray, out: np.ndarray) -> None:
    plan = solution.cache["plan"]
    kernels.pull_along_plan(plan.order, len(plan.order), plan.choice, graph.successors, len(solution.goal_states), weight, out)

"""How log choice probabilities change with the rewards, for policies that are a softmax of Q = r + gamma P V.

With pi_V the policy behind the value (spread over the best choices for the hard, softmax for the soft one), dV = (I - gamma P_pi_V)^-1
E_pi_V[dr]: one sparse factorisation serves both directions (implicit differentiation of the Bellman equation).
"""

from __future__ import annotations

import numpy as np

from irlcore.planning.graph import Graph, Reach, graph_of
from irlcore.planning.values import PolicyEvaluation
from irlcore.rationality import kernels
from irlcore.rationality.solution import Prepared, Solution, ValueSlope
from irlcore.worlds.limits import check_numbers


class BellmanSlope(ValueSlope):
    """The slope of values that solve the Bellman equation; factorised at first use."""

    def __init__(self, graph: Graph, policy: np.ndarray, gamma: float, reach: Reach, goal_states: np.ndarray) -> None:
        """policy: (M,) behind the value."""
        self.graph, self.policy, self.gamma, self.reach, self.goal_states = graph, policy, gamma, reach, goal_states
        self._evaluation: PolicyEvaluation | None = None

    @property
    def evaluation(self) -> PolicyEvaluation:
        """(I - gamma P_policy), factorised."""
        if self._evaluation is None:
            self._evaluation = PolicyEvaluation(self.graph, self.policy, self.gamma, self.reach, self.goal_states)
        return self._evaluation

    def push(self, columns: np.ndarray) -> np.ndarray:
        return self.evaluation.solve(sum_by_state(self.graph, self.policy[:, None] * columns))

    def pull(self, weights: np.ndarray) -> np.ndarray:
        adjoint = self.evaluation.solve(weights.T, transposed=True).T
        pulled: np.ndarray = self.policy * adjoint[:, self.graph.choice_state]
        return pulled


def sum_by_state(graph: Graph, columns: np.ndarray) -> np.ndarray:
    """Sum of the rows (M, K) of each state's choices, (S, K)."""
    out = np.zeros((graph.n_states, columns.shape[1]))
    filled = graph.choice_offsets[1:] > graph.choice_offsets[:-1]
    if filled.any():  # reduceat gives an empty piece the next one's first row
        out[filled] = np.add.reduceat(columns, graph.choice_offsets[:-1][filled].astype(np.int64), axis=0)
    return out


def check_columns(prepared: Prepared, columns: np.ndarray) -> None:
    """Columns (M, K) of this world: kernels do not test an index. Raises WorldError."""
    check_numbers("columns", columns, (prepared.mdp.n_choices, -1))


def check_weights(prepared: Prepared, weights: np.ndarray) -> None:
    """Weights (B, M) of this world. Raises WorldError."""
    check_numbers("weights", weights, (-1, prepared.mdp.n_choices))


def push_q(prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
    """dQ for reward directions ``columns`` (M, K): (M, K)."""
    check_columns(prepared, columns)
    graph, values = graph_of(prepared.mdp), solution.slope.push(columns)
    after = values[graph.successors] if graph.deterministic else graph.P @ values
    moved: np.ndarray = columns + prepared.gamma * after
    return moved


def push_log_policy(prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
    """d log pi = d log softmax(Q) for reward directions ``columns`` (M, K): (M, K), the adjoint of ``pull_values``."""
    out = push_q(prepared, solution, columns)
    kernels.center(graph_of(prepared.mdp).choice_offsets, solution.policy, out)
    return out


def pull_values(prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
    """``weights`` (B, M) on log pi = log softmax(Q) pulled back to the rewards, (B, M)."""
    graph = graph_of(prepared.mdp)
    check_weights(prepared, weights)
    on_q = weights - solution.policy * sum_by_state(graph, weights.T).T[:, graph.choice_state]
    return pull_q(prepared, solution, on_q, 0.0)


def pull_q(prepared: Prepared, solution: Solution, on_q: np.ndarray, on_values: np.ndarray | float) -> np.ndarray:
    """Weights on Q (B, M), and on V (B, S) beside, pulled back to the rewards, (B, M)."""
    back: np.ndarray = np.ascontiguousarray(prepared.gamma * (graph_of(prepared.mdp).P.T @ on_q.T).T + on_values)
    return on_q + solution.slope.pull(back)

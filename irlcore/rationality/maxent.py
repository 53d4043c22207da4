"""MaxEnt: the agent errs in this choice and knows that it will err in every later one.

pi = softmax(Q), Q = r + gamma P V, V = log sum exp Q: maximum causal entropy (Ziebart 2010) and, in a
deterministic world at gamma = 1, recursive logit (Fosgerau, Frejinger and Karlström 2013, equation 5).
There z = e^V solves (I - W) z = b, W[s, s'] = sum of e^r over the choices from s to s'. One sparse LU of I - W
serves all goals: with G = (I - W)^-1 and D the goal's states, z = G[:, D] G[D, D]^-1 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import SuperLU, splu

from irlcore.errors import Infeasible
from irlcore.planning.graph import Graph, graph_of, reach
from irlcore.planning.values import bellman_values, choice_values
from irlcore.rationality import kernels
from irlcore.rationality.base import Rationality
from irlcore.rationality.derivatives import pull_values, push_values, sum_by_state
from irlcore.rationality.solution import Prepared, Solution
from irlcore.worlds.mdp import MDP

SMALLEST = 1e-280  # below it e^V has lost digits to underflow; values are then solved in logarithms


@dataclass(frozen=True, slots=True)
class _Linear:
    """What one goal keeps of the shared system: its columns G[:, D] and the inverse of G[D, D]."""

    z: np.ndarray
    from_goal: np.ndarray
    core: np.ndarray


class MaxEnt(Rationality):
    """Softmax of the soft value."""

    name = "maxent"
    title = "MaxEnt: expects its own slips (recursive logit)"
    sentence = ("The agent slips in single choices and reckons with slipping later too, so it likes to keep "
                "several good ways open. The standard model of route choice.")

    def prepare(self, mdp: MDP, reward: np.ndarray, gamma: float = 1.0, own: np.ndarray | None = None,
                parts: np.ndarray | None = None) -> Prepared:
        reward = np.ascontiguousarray(reward, np.float64)
        graph = graph_of(mdp)
        if not np.isfinite(reward).all():
            raise Infeasible("A reward is not a finite number.", "Check the features' values.")
        linear = graph.deterministic and gamma == 1.0
        return Prepared(mdp, reward, gamma, shared=_factorise(graph, reward) if linear else None)

    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> Solution:
        graph = graph_of(prepared.mdp)
        if prepared.shared is not None:
            found = _solve_linear(graph, prepared, goal_states)
            if found is not None:
                return found
        values = bellman_values(graph, prepared.reward, prepared.gamma, goal_states, soft=True)
        return Solution(goal_states, values.value, values.q, values.log_policy,
                        {"policy": values.plan, "reach": values.reach})

    def jvp(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
        graph = graph_of(prepared.mdp)
        if "linear" in solution.cache:
            values = _push_linear(graph, prepared.shared, solution, columns)
        else:
            values = push_values(prepared, solution, columns)
        out = columns + prepared.gamma * (graph.P @ values)
        kernels.center(graph.choice_offsets, solution.policy, out)
        return out

    def vjp(self, prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
        if "linear" not in solution.cache:
            return pull_values(prepared, solution, weights)
        factors: SuperLU = prepared.shared

        def pull(graph: Graph, solved: Solution, weight: np.ndarray, out: np.ndarray) -> None:
            out += solved.policy * _pull_linear(factors, solved, weight)[:, graph.choice_state]

        return pull_values(prepared, solution, weights, pull)


def _factorise(graph: Graph, reward: np.ndarray) -> SuperLU:
    """LU of I - W with pivots kept on the diagonal: I - W is an M-matrix, so nothing cancels and even tiny
    entries of z keep their digits. x = (I - W)^-1 1 is positive if and only if the spectral radius of W is
    below 1 (Berman and Plemmons 1994, theorem 6.2.3)."""
    rows, columns = graph.choice_state.astype(np.int64), graph.successors.astype(np.int64)
    W = sp.csc_array((np.exp(np.minimum(reward, 300.0)), (rows, columns)), shape=(graph.n_states,) * 2)
    try:
        factors = splu(sp.csc_array(sp.eye_array(graph.n_states) - W), permc_spec="MMD_AT_PLUS_A",
                       diag_pivot_thresh=0.0, options={"SymmetricMode": True})
        certificate = factors.solve(np.ones(graph.n_states))
    except RuntimeError:
        certificate = np.array([-1.0])
    if not (np.isfinite(certificate).all() and certificate.min() > 0.0):
        raise Infeasible("Wandering is too cheap: the spectral radius of e^r is not below 1, so the soft value is "
                         "infinite.", "Raise the cost per step, or use gamma below 1.")
    return factors


def _solve_linear(graph: Graph, prepared: Prepared, goal_states: np.ndarray) -> Solution | None:
    """Values from the shared factors; None where e^V underflows and logarithms are needed."""
    unit = np.zeros((graph.n_states, len(goal_states)), order="F")
    unit[goal_states, np.arange(len(goal_states))] = 1.0
    to_goal = prepared.shared.solve(unit)
    core = np.linalg.inv(to_goal[goal_states])
    z = to_goal @ core.sum(axis=1)
    way = reach(graph, goal_states, 1.0)
    live = np.zeros(graph.n_states, np.bool_)
    live[way.order] = True
    z[goal_states] = 1.0
    if z[live].min() < SMALLEST:
        return None
    value = np.full(graph.n_states, -np.inf)
    value[live] = np.log(z[live])
    z[~live] = 1.0  # never used: keeps divisions clean
    q, log_policy = choice_values(graph, prepared.reward, 1.0, way.usable, value)
    return Solution(goal_states, value, q, log_policy, {"linear": _Linear(z, to_goal, core)})


def _push_linear(graph: Graph, factors: SuperLU, solution: Solution, columns: np.ndarray) -> np.ndarray:
    """dV (S, K): solve (I - W_d) x = z E_pi[columns], W_d = W without the goal's rows, through G alone."""
    part: _Linear = solution.cache["linear"]
    right = sum_by_state(graph, solution.policy[:, None] * columns) * part.z[:, None]
    x = factors.solve(np.asfortranarray(right))
    x -= part.from_goal @ (part.core @ x[solution.goal_states])
    return x / part.z[:, None]


def _pull_linear(factors: SuperLU, solution: Solution, weight: np.ndarray) -> np.ndarray:
    """Adjoint of ``_push_linear`` on weights (B, S) on V: expected visits, (B, S)."""
    part: _Linear = solution.cache["linear"]
    goal = solution.goal_states
    live = np.isfinite(solution.value)
    live[goal] = False
    scaled = np.where(live, weight / part.z, 0.0)
    inner = np.zeros_like(scaled.T, order="F")
    inner[:] = scaled.T
    inner[goal] -= (scaled @ part.from_goal @ part.core).T
    out = factors.solve(inner, "T").T * part.z
    out[:, ~live] = 0.0
    return out

"""States with errors of their own at every visit: choice probabilities and their derivative, forwards and backwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.planning.graph import graph_of
from irlcore.rationality.ahead import Ahead, Tree
from irlcore.rationality.noise import kernels
from irlcore.rationality.noise.draws import normal_draws
from irlcore.rationality.noise.factors import ErrorFactors
from irlcore.rationality.noise.size import by_sigma2, sigma_of
from irlcore.rationality.solution import Prepared

NARROW = 8  # choices of a state for which one table of draws serves all


@dataclass(frozen=True, slots=True)
class Fresh:
    """Of the n choices of the rows: log_pi (n,); slopes (n, K + 1), d log pi by weights and, last, by sigma^2; and of B rows of weights
    on log pi: on_q (B, n), on_value (B, S) and, of the first alone, on_X (n, F)."""

    log_pi: np.ndarray
    slopes: np.ndarray
    on_q: np.ndarray
    on_value: np.ndarray
    on_X: np.ndarray


def judge_states(prepared: Prepared, ahead: Ahead, kind: int, factors: ErrorFactors, draws: int, k: int,
                 weights: np.ndarray | None = None) -> Fresh:
    """Choices of the rows' states under the mean over ``draws``; derivatives by the first ``k`` columns that were looked ahead for."""
    graph, rows, n = graph_of(prepared.mdp), ahead.rows, len(ahead.rows.choices)
    weights = np.zeros((0, n)) if weights is None else np.ascontiguousarray(weights, np.float64)
    most = int(np.diff(rows.offsets).max(initial=1))
    tree = tree_behind(ahead)
    found = Fresh(np.empty(n), np.zeros((n, k + 1)), np.zeros_like(weights), np.zeros((len(weights), graph.n_states)),
                  np.zeros(factors.X.shape))
    kernels.fresh(rows.offsets, rows.choices, ahead.q, kind, graph.successor_offsets, graph.successors, graph.probabilities,
                  prepared.gamma, unsure_values(ahead, kind), tree.rank, tree.parent, tree.root, factors.X, sigma_of(prepared),
                  normal_draws(draws, max(NARROW, most), factors.used), factors.draws, np.ascontiguousarray(ahead.slopes[:, :k]),
                  np.ascontiguousarray(ahead.to_go[:, :k]), factors.slopes, found.log_pi, found.slopes, weights, found.on_q,
                  found.on_value, found.on_X)
    found.slopes[:, -1] *= by_sigma2(sigma_of(prepared))
    return found


def unsure_values(ahead: Ahead, kind: int) -> np.ndarray:
    """The values (S,); -inf at goals too where every state has an error of its own, since the goal has none."""
    if kind != kernels.INDEPENDENT:
        return ahead.value
    value = ahead.value.copy()
    value[ahead.goal_states] = -np.inf
    return value


def tree_behind(ahead: Ahead) -> Tree:
    """The tree of plans; where they are none, one that names the goal alone."""
    if ahead.tree is not None:
        return ahead.tree
    assert ahead.solution is not None
    nowhere = np.zeros(1, np.uint32)
    return Tree(nowhere, nowhere, int(ahead.solution.goal_states[0]))

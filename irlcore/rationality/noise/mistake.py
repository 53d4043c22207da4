"""One agent's own mistake: a draw of all errors at once, kept for a whole trip, and the choices it leads to."""

from __future__ import annotations

import numpy as np

from irlcore.planning.graph import graph_of
from irlcore.rationality import kernels
from irlcore.rationality.derivatives import push_values
from irlcore.rationality.noise.size import sigma_of
from irlcore.rationality.solution import Prepared, Solution


def mistaken_log_policy(prepared: Prepared, solution: Solution, covariance: str, rng: np.random.Generator) -> np.ndarray:
    """(M,) log choice probabilities of an agent whose errors on the value of what comes next are one draw of ``covariance``."""
    graph, eps = graph_of(prepared.mdp), np.zeros(prepared.mdp.n_states)
    if "path" in covariance:
        errors = np.sqrt(np.abs(prepared.reward)) * rng.standard_normal(graph.n_states)[graph.choice_state]
        eps += push_values(prepared, solution, errors[:, None])[:, 0]
    if "weights" in covariance:
        assert prepared.parts is not None
        eps += push_values(prepared, solution, np.ascontiguousarray(prepared.parts)) @ rng.standard_normal(prepared.parts.shape[1])
    if covariance == "independent":
        eps += rng.standard_normal(graph.n_states)
        eps[solution.goal_states] = 0.0
    log_pi = solution.q + sigma_of(prepared) * prepared.gamma * (graph.P @ eps)
    kernels.soft_rows(graph.choice_offsets, log_pi, np.zeros((graph.n_choices, 0)))
    return log_pi

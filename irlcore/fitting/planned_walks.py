"""What the best plan would bring over walks of given lengths, for agents without a destination.

The feature expectations of what was seen sum gamma^t phi over a track's own steps, since nothing is known of what came after. Those of
weights are then of walks as long: F_0 = 0, F_n = phi_pi + gamma P_pi F_n-1 under the plan pi that is best where nothing ends the walk.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from irlcore.engine import checkpoint
from irlcore.planning.graph import Graph
from irlcore.planning.values import single_best
from irlcore.rationality.derivatives import sum_by_state


def walks_under(graph: Graph, phi: np.ndarray, reward: np.ndarray, gamma: float, value: np.ndarray, starts: np.ndarray,
                lengths: np.ndarray) -> np.ndarray:
    """(K,) discounted features phi (M, K) summed over walks of ``lengths`` (n,) steps from ``starts`` (n,), each choice the best by
    ``reward`` (M,) and ``value`` (S,)."""
    chosen = single_best(graph, np.where(np.isfinite(value)[graph.choice_state], reward + gamma * (graph.P @ _finite(value)), -np.inf))
    rows = sp.csr_array((chosen, (graph.choice_state.astype(np.int64), np.arange(graph.n_choices))), shape=(graph.n_states, graph.n_choices))
    onward, here = gamma * (rows @ graph.P), sum_by_state(graph, chosen[:, None] * phi)
    order = np.argsort(lengths, kind="stable")
    ahead, total, done = np.zeros_like(here), np.zeros(phi.shape[1]), 0
    for n in range(1, int(lengths.max(initial=0)) + 1):
        checkpoint()
        ahead = here + onward @ ahead
        until = int(np.searchsorted(lengths[order], n, side="right"))
        total += ahead[starts[order[done:until]]].sum(axis=0)
        done = until
    return total


def _finite(value: np.ndarray) -> np.ndarray:
    """Values with a very low number for -inf, so that sums stay numbers."""
    return np.where(np.isfinite(value), value, -1e300)

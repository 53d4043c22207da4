"""What lies ahead of trips to one goal in a deterministic world at gamma = 1, found by a search that goes no farther than they need.

A goal costs what its search settles, in time and in memory, whatever the size of the world: the arrays by state are made once for each
worker and cleared by what was touched.
"""

from __future__ import annotations

import numpy as np

from irlcore.fitting.value_basis import kernels
from irlcore.planning.costs import FREE, on_circle
from irlcore.planning.graph import Graph
from irlcore.rationality.solution import Rows


class Workspace:
    """The arrays of one worker, (S,) and (M,): clean between two goals."""

    def __init__(self, graph: Graph) -> None:
        s, m = graph.n_states, graph.n_choices
        self.value = np.full(s, -np.inf)
        self.mark, self.row = np.zeros(s, np.uint8), np.zeros(s, np.uint32)
        self.planned, self.touched = np.empty(s, np.uint32), np.empty(s, np.uint32)
        self.stack, self.at = np.empty(s + 1, np.uint32), np.empty(s + 1, np.uint32)
        self.keys, self.items = np.empty(m + 1), np.empty(m + 1, np.uint32)


class BoundedSearch:
    """Searches to many goals under the same rewards (M,) of features ``phi`` (M, K); safe to call from several threads."""

    def __init__(self, graph: Graph, reward: np.ndarray, phi: np.ndarray) -> None:
        self.graph = graph
        self.reward, self.phi = np.ascontiguousarray(reward, np.float64), np.ascontiguousarray(phi, np.float64)
        self._free: list[Workspace] = []  # append and pop are atomic

    def rows(self, rows: Rows, goal_states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Q (n,) and psi (n, K) of the choices of ``rows`` towards one goal."""
        try:
            space = self._free.pop()
        except IndexError:
            space = Workspace(self.graph)
        graph, n = self.graph, len(rows.choices)
        q, psi = np.empty(n), np.empty((n, self.phi.shape[1]))
        kernels.rows_to_goal(graph.into_offsets, graph.into_choice, graph.into_state, graph.choice_offsets, graph.choice_state,
                             graph.successors, self.reward, self.phi, goal_states.astype(np.uint32), rows.targets, rows.choices,
                             space.value, space.planned, space.mark, space.row, space.touched, space.stack, space.at, space.keys,
                             space.items, q, psi)
        self._free.append(space)
        return q, psi


def costs_everywhere(graph: Graph, reward: np.ndarray) -> bool:
    """Whether no choice pays and no way round is free, wherever trips go: then the search may run. Sure where True; where not, a goal may
    still allow these rewards (``planning.costs.check_costs``)."""
    if not graph.deterministic or float(reward.max(initial=0.0)) > 0.0:
        return False
    free = (reward >= -FREE * max(-float(reward.min(initial=0.0)), 1e-300)) & graph.on_circle
    return not free.any() or not on_circle(graph, free).any()

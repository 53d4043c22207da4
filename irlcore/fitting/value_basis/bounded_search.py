"""What lies ahead of trips to one goal in a deterministic world at gamma = 1, found by a search that goes no farther than they need.

A goal costs what its search settles, in time and in memory, whatever the size of the world (``planning.nearby``).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from irlcore.fitting.value_basis import kernels
from irlcore.planning.costs import FREE, on_circle
from irlcore.planning.graph import Graph
from irlcore.planning.nearby import costs_of, searched
from irlcore.rationality.solution import Rows

MOST_ROUNDS = 200  # choices that pay, one after the other: more are hardly costs with a few that pay


class BoundedSearch:
    """Searches to many goals under the same rewards (M,) of features ``phi`` (M, K); safe to call from several threads."""

    def __init__(self, graph: Graph, reward: np.ndarray, phi: np.ndarray) -> None:
        self.graph = graph
        self.reward, self.phi = np.ascontiguousarray(reward, np.float64), np.ascontiguousarray(phi, np.float64)
        self.costs = costs_of(graph, self.reward)

    def __reduce__(self) -> tuple[Any, ...]:
        """Arrays that are being worked in stay here."""
        return BoundedSearch, (self.graph, self.reward, self.phi)

    def rows(self, rows: Rows, goal_states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Q (n,) and psi (n, K) of the choices of ``rows`` towards one goal."""
        graph, n = self.graph, len(rows.choices)
        q, psi = np.empty(n), np.empty((n, self.phi.shape[1]))
        with searched(graph, self.costs, goal_states, rows.targets) as (space, count):
            kernels.rows_ahead(graph.choice_offsets, graph.choice_state, graph.successors, self.reward, self.phi, rows.targets,
                               rows.choices, space.touched[:count], space.value, space.planned, space.mark, space.row, space.after,
                               space.before, q, psi)
        return q, psi


def searchable(graph: Graph, reward: np.ndarray) -> np.ndarray | None:
    """Rewards (M,) <= 0 under which the same ways are best wherever trips go, so that the search may run; None where it may not: by chance,
    or where some way round is free or pays (a goal may still allow that, ``planning.costs.check_costs``).

    Where some choice pays they are r - h(here) + h(next) with potentials h (Johnson 1977), which shifts all ways between two states alike.
    """
    if not graph.deterministic:
        return None
    if float(reward.max(initial=0.0)) > 0.0:
        potential = _potential(graph, reward)
        if potential is None:
            return None
        reward = np.minimum(reward - potential[graph.choice_state] + potential[graph.successors], 0.0)
    free = (reward >= -FREE * max(-float(reward.min(initial=0.0)), 1e-300)) & graph.on_circle
    return None if free.any() and on_circle(graph, free).any() else reward


def _potential(graph: Graph, reward: np.ndarray) -> np.ndarray | None:
    """h (S,) <= 0 with -r + h(here) - h(next) >= 0 at every choice: the cheapest way that ends in each state, 0 at most (Bellman 1958), in
    rounds over what changed; None where it does not end soon, as round a way that pays."""
    out, changed = np.zeros(graph.n_states), np.ones(graph.n_states, np.bool_)
    for _ in range(MOST_ROUNDS):
        steps = np.flatnonzero(changed[graph.choice_state])
        to = graph.successors[steps]
        found = out[graph.choice_state[steps]] - reward[steps]
        better = found < out[to] - FREE * (1.0 + np.abs(out[to]))
        if not better.any():
            return out
        changed[:] = False
        changed[to[better]] = True
        np.minimum.at(out, to[better], found[better])
    return None

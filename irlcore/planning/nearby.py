"""The best ways to a goal in a deterministic world at gamma = 1, as far as somebody needs them.

A search costs what it settles, whatever the size of the world: the arrays by state belong to one worker at a time, are kept with the graph
and cleared by what was touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from irlcore.planning import kernels
from irlcore.planning.costs import costs_everywhere, surely_costs
from irlcore.planning.graph import Graph
from irlcore.planning.values import Plan
from irlcore.worlds.limits import check_goal_states

SHARE = 0.5
"""A bucket's width as a share of the mean cost: wider ones are told more than once, narrower ones are empty."""
MOST_BUCKETS = 4096


@dataclass(frozen=True, slots=True)
class Costs:
    """Rewards (M,) made ready for searches to many goals.

    into_reward: (M,), those of ``Graph.into_choice``. pays: whether some choice has one above 0; then there is no such search. sure:
    whether every way round costs, whatever the goal (``planning.costs``). width: nats, of how many ``buckets``.
    """

    into_reward: np.ndarray
    pays: bool
    sure: bool
    width: float
    buckets: int


def costs_of(graph: Graph, reward: np.ndarray) -> Costs:
    """From rewards (M,), of which none is NaN; -inf stands for a choice that cannot be made."""
    cost = -reward[np.isfinite(reward)]
    dearest = max(float(cost.max(initial=0.0)), 1e-300)
    width = max(SHARE * float(np.maximum(cost, 0.0).mean()) if len(cost) else 0.0, dearest / (MOST_BUCKETS - 4))
    sure = surely_costs(graph, reward) or costs_everywhere(graph, reward)
    return Costs(reward[graph.into_choice], bool(cost.min(initial=0.0) < 0.0), sure, width,
                 1 << int(dearest / width + 3.0).bit_length())


class Space:
    """The arrays of one worker, (S,): value, mark and row are clean between two searches, the others hold anything."""

    def __init__(self, n_states: int) -> None:
        self.value, self.mark, self.row = np.full(n_states, -np.inf), np.zeros(n_states, np.uint8), np.zeros(n_states, np.uint32)
        self.planned, self.touched, self.after, self.before = (np.zeros(n_states, np.uint32) for _ in range(4))
        self.heads = np.zeros(0, np.uint32)


@contextmanager
def searched(graph: Graph, costs: Costs, goal_states: np.ndarray, targets: np.ndarray | None) -> Iterator[tuple[Space, int]]:
    """A search from one goal until all ``targets`` (T,) uint32 are found, or everywhere where None: the space in which ``value`` and
    ``planned`` stand, with ``mark`` of what was found, and how many states were touched. They hold within the block alone."""
    try:
        space = graph.spaces.pop()  # as append, atomic
    except IndexError:
        space = Space(graph.n_states)
    if len(space.heads) < costs.buckets:
        space.heads = np.full(costs.buckets, kernels.NONE, np.uint32)
    wanted = np.zeros(0, np.uint32) if targets is None else targets
    count = kernels.nearest(graph.into_offsets, graph.into_choice, graph.into_state, costs.into_reward, goal_states.astype(np.uint32),
                            wanted, targets is not None, costs.width, space.heads, space.value, space.planned, space.mark, space.touched,
                            space.after, space.before)
    yield space, count
    kernels.forget(space.touched[:count], wanted, space.value, space.mark)
    graph.spaces.append(space)


def nearby_plan(graph: Graph, costs: Costs, goal_states: np.ndarray, targets: np.ndarray | None = None) -> Plan:
    """Shortest paths to one goal, without an order: everywhere, or from ``targets`` (T,) uint32 and all that is worth as much as one of
    them; what is farther is left at -inf. No choice pays."""
    with searched(graph, costs, check_goal_states(goal_states, graph.n_states), targets) as (space, _):
        return Plan(space.value.copy(), space.planned.copy())

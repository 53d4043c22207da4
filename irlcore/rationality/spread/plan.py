"""The plan towards a goal where several ways are as good, or nearly: every such way has a part in it.

Where ways tie, which is the rule on grids, "the one best plan" is settled by the last bit of a sum, and so would be whatever is summed
along it. Here a state's steps share: *tie*, evenly among those that are equally good, for the slope of the value (any mean of the
slopes at a kink is a subgradient; this one does not depend on order); *weight*, e^(-loss / temperature) among those that come closer to
the goal (Dial, *A probabilistic multipath assignment model*, Transportation Research 5, 1971), for what is carried along the plan and
should not jump when another way becomes the best.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from irlcore.planning.costs import FREE
from irlcore.planning.graph import Graph
from irlcore.planning.values import Plan
from irlcore.rationality.spread import kernels


@dataclass(frozen=True, slots=True)
class SpreadPlan:
    """A deterministic world at gamma = 1. Rows are states in order, nearest first, from 1 on; row 0 is the goal.

    row: (S,) uint32, 0 also for states without a part. states: (rows,) uint32. offsets: (rows + 1,) uint32. choice: (E,) uint32.
    weight, tie: (E,) float64, summing to 1 over each row. temperature: nats, of ``weight``. value: (S,), reward: (M,), behind it.
    """

    graph: Graph
    row: np.ndarray
    states: np.ndarray
    offsets: np.ndarray
    choice: np.ndarray
    weight: np.ndarray
    tie: np.ndarray
    temperature: float
    value: np.ndarray
    reward: np.ndarray
    last: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list, repr=False, compare=False)

    def to_go(self, columns: np.ndarray) -> np.ndarray:
        """dV for reward directions ``columns`` (M, K): (rows, K). That of the last columns is kept, not to be written to."""
        if self.last and self.last[0][0] is columns:
            return self.last[0][1]
        out = np.zeros((len(self.states), columns.shape[1]))
        kernels.push(self.offsets, self.choice, self.tie, self.graph.successors, self.row, columns, out)
        self.last[:] = [(columns, out)]
        return out

    def push(self, columns: np.ndarray) -> np.ndarray:
        """dV for reward directions ``columns`` (M, K): (S, K)."""
        return self.to_go(columns)[self.row]

    def pull(self, weights: np.ndarray) -> np.ndarray:
        """Weights on V (B, S) pulled back to the rewards: (B, M)."""
        given = np.zeros((len(weights), len(self.states)))
        given[:, 1:] = weights[:, self.states[1:]]
        out = np.zeros((len(weights), self.graph.n_choices))
        kernels.pull(self.offsets, self.choice, self.tie, self.graph.successors, self.row, given, out)
        return out

    def weight_slopes(self, columns: np.ndarray, to_go: np.ndarray) -> np.ndarray:
        """d weight (E, K) by weights of features ``columns`` (M, K), from dV ``to_go`` (rows, K)."""
        out = np.zeros((len(self.choice), columns.shape[1]))
        kernels.weight_slopes(self.states, self.offsets, self.choice, self.weight, self.graph.successors, self.row, self.reward,
                              self.value, self.temperature, columns, to_go, out)
        return out

    def pull_weights(self, given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weights (E,) on ``weight`` pulled back to the rewards (M,) and to V (S,)."""
        on_reward, on_value = np.zeros(self.graph.n_choices), np.zeros(self.graph.n_states)
        kernels.pull_weights(self.states, self.offsets, self.choice, self.weight, self.graph.successors, self.reward, self.value,
                             self.temperature, given, on_reward, on_value)
        return on_reward, on_value


def some_pays(reward: np.ndarray) -> bool:
    """Whether some step pays, by more than rounding may leave of rewards (M,)."""
    return float(reward.max(initial=0.0)) > FREE * float(np.abs(reward).max(initial=0.0))


def single_plan(graph: Graph, reward: np.ndarray, plan: Plan, goal_states: np.ndarray) -> SpreadPlan:
    """The one plan that a search found, of several as good ones that which it met first: where a plan must be one way, not a mean."""
    states = plan.order[~np.isin(plan.order, goal_states)]
    n = len(states)
    row = np.zeros(graph.n_states, np.uint32)
    row[states] = np.arange(1, n + 1)
    offsets = np.concatenate(([0], np.arange(n + 1))).astype(np.uint32)
    return SpreadPlan(graph, row, np.append(np.uint32(goal_states[0]), states), offsets, plan.choice[states], np.ones(n), np.ones(n), 0.0,
                      plan.value, reward)


def spread_plan(graph: Graph, reward: np.ndarray, plan: Plan, goal_states: np.ndarray, targets: np.ndarray,
                temperature: float = 0.0, may_pay: bool = True) -> SpreadPlan:
    """The plan ahead of ``targets`` (T,) uint32, from shortest paths in a deterministic world at gamma = 1. may_pay: False where it is
    known that no step pays."""
    s, m = graph.n_states, graph.n_choices
    pays = may_pay and some_pays(reward)
    temperature = 0.0 if pays else temperature
    is_goal = np.zeros(s, np.bool_)
    is_goal[goal_states] = True
    row, states, offsets = np.zeros(s, np.uint32), np.empty(s + 1, np.uint32), np.empty(s + 2, np.uint32)
    choice, weight, tie = np.empty(m, np.uint32), np.empty(m), np.empty(m)
    n = kernels.spread_plan(targets, plan.value, plan.choice, reward, graph.choice_offsets, graph.successors, is_goal, pays,
                            temperature, row, states, offsets, choice, weight, tie)
    used = int(offsets[n])
    states[0] = goal_states[0]
    return SpreadPlan(graph, row, states[:n], offsets[:n + 1], choice[:used], weight[:used], tie[:used], temperature, plan.value, reward)

"""What an agent that knows the best way sees ahead of it: Q and its derivative at the states that matter, for one goal.

In a deterministic world at gamma = 1 a search backwards from the goal stops as soon as these states are settled, and features
are summed along the plan; elsewhere the Bellman equation is solved for all states.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.planning.costs import check_costs
from irlcore.planning.graph import Graph, graph_of
from irlcore.planning.values import Plan, settled_plan
from irlcore.rationality import kernels
from irlcore.rationality.derivatives import push_values
from irlcore.rationality.seen import seen_rows
from irlcore.rationality.solution import Group, Prepared, Solution, Trips, sum_trips
from irlcore.worlds.limits import check_numbers
from irlcore.worlds.mdp import MDP


@dataclass(frozen=True, slots=True)
class Rows:
    """The choices of some states: states (U,), offsets (U + 1,) and choices (n,) uint32, ascending.

    steps: (C,) int64, where the choices that were made stand among them. targets: (T,) uint32, the states they lead to from where
    something is left to choose, and the goal.
    """

    states: np.ndarray
    offsets: np.ndarray
    choices: np.ndarray
    steps: np.ndarray
    targets: np.ndarray


@dataclass(frozen=True, slots=True)
class Tree:
    """Shortest paths to a goal as a tree: parent (S,), rank (S,) uint32, which rises by every step away from the root, where known;
    root: the first goal state, of which all other goal states count as children."""

    parent: np.ndarray
    rank: np.ndarray
    root: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """goal_states: (g,) int64. q: (n,) float64 of the rows' choices. slopes: (n, K), dq by weights. value: (S,), known at the rows'
    targets. to_go: (S, K), dV. tree: where plans are one, else None. solution: where all states are solved, else None."""

    rows: Rows
    goal_states: np.ndarray
    q: np.ndarray
    slopes: np.ndarray
    value: np.ndarray
    to_go: np.ndarray
    tree: Tree | None
    solution: Solution | None


def is_tree(prepared: Prepared) -> bool:
    """Whether plans to a goal are shortest paths: a deterministic world at gamma = 1."""
    return prepared.mdp.deterministic and prepared.gamma == 1.0


def rows_of(mdp: MDP, group: Group) -> Rows:
    """The choices of all states that the group's trips made choices in. Kept with the group."""
    if "rows" not in group.cache:
        states = np.unique(mdp.choice_state[group.choices])
        counts = mdp.choice_offsets[states + 1] - mdp.choice_offsets[states]
        offsets = np.concatenate(([0], np.cumsum(counts)))
        choices = np.arange(offsets[-1]) + np.repeat(mdp.choice_offsets[states] - offsets[:-1], counts)
        after = np.unique(mdp.successors[choices]) if mdp.deterministic else np.zeros(0, np.int64)
        open_ended = mdp.choice_offsets[after + 1] > mdp.choice_offsets[after]
        targets = np.union1d(after[open_ended], group.goal_states)
        group.cache["rows"] = Rows(states, offsets.astype(np.uint32), choices.astype(np.uint32),
                                   np.searchsorted(choices, group.choices), targets.astype(np.uint32))
    rows: Rows = group.cache["rows"]
    return rows


def tree_of(graph: Graph, choice: np.ndarray, order: np.ndarray, goal_states: np.ndarray) -> Tree:
    """The tree of a plan: choice (S,), order (n,) of settled states, as ``shortest_plan`` gives them."""
    parent, rank = np.zeros(graph.n_states, np.uint32), np.zeros(graph.n_states, np.uint32)
    parent[order] = graph.successors[choice[order]]
    rank[order] = np.arange(len(order), dtype=np.uint32)
    root = int(order[0])
    parent[goal_states] = root
    return Tree(parent, rank, root)


def tree_ahead(prepared: Prepared, group: Group, columns: np.ndarray) -> Ahead:
    """Q and its derivative by the weights of ``columns`` (M, K) at the states of a group's trips, in a tree world."""
    graph, rows = graph_of(prepared.mdp), rows_of(prepared.mdp, group)
    check_costs(graph, prepared.reward, group.goal_states, prepared.within)
    plan = settled_plan(graph, prepared.reward, group.goal_states, group.cache, _into_reward(prepared), prepared.within)
    tree, to_go = walked(graph, plan, rows, group.goal_states, columns)
    q, slopes = np.empty(len(rows.choices)), np.empty((len(rows.choices), columns.shape[1]))
    kernels.look_ahead(rows.choices, graph.choice_state, graph.successors, group.goal_states.astype(np.uint32), prepared.reward,
                       plan.value, columns, to_go, q, slopes)
    return Ahead(rows, group.goal_states, q, slopes, plan.value, to_go, tree, None)


def _into_reward(prepared: Prepared) -> np.ndarray:
    """Rewards in the order of the choices that lead into each state, for all goals; of the last rewards asked for, in the MDP's cache."""
    kept = prepared.mdp.cache.get("into_reward")
    if kept is None or kept[0] is not prepared.reward:
        kept = prepared.reward, prepared.reward[graph_of(prepared.mdp).into_choice]
        prepared.mdp.cache["into_reward"] = kept
    ordered: np.ndarray = kept[1]
    return ordered


NOTHING = np.zeros(0)


def walked(graph: Graph, plan: Plan, rows: Rows, goal_states: np.ndarray, columns: np.ndarray, scale: np.ndarray = NOTHING,
           own: np.ndarray = NOTHING) -> tuple[Tree, np.ndarray]:
    """The plan's tree from the rows' targets to the goal, and features to go (S, K); with scale and own (M,), as misjudged rewards
    change with theirs, (S, K + 1)."""
    check_numbers("columns", columns, (graph.n_choices, -1))
    to_go = np.zeros((graph.n_states, columns.shape[1] + (len(scale) > 0)))
    rank, parent, goals = np.zeros(graph.n_states, np.uint32), np.zeros(graph.n_states, np.uint32), goal_states.astype(np.uint32)
    kernels.walk_plan(rows.targets, plan.choice, plan.value, graph.successors, goals, columns, scale, own, rank, parent, to_go)
    return Tree(parent, rank, int(goals[0])), to_go


def solved_ahead(prepared: Prepared, rows: Rows, solution: Solution, columns: np.ndarray) -> Ahead:
    """The same in any world, from hard values that are solved for all states."""
    graph, to_go, plan = graph_of(prepared.mdp), push_values(prepared, solution, columns), solution.cache.get("plan")
    after = to_go[graph.successors[rows.choices]] if graph.deterministic else graph.P[rows.choices.astype(np.int64)] @ to_go
    slopes = columns[rows.choices] + prepared.gamma * after
    tree = None if plan is None else tree_of(graph, plan.choice, plan.order, solution.goal_states)
    return Ahead(rows, solution.goal_states, solution.q[rows.choices], slopes, solution.value, to_go, tree, solution)


def all_rows(mdp: MDP) -> Rows:
    """The choices of all states."""
    states = np.arange(mdp.n_states)
    return Rows(states, graph_of(mdp).choice_offsets, np.arange(mdp.n_choices, dtype=np.uint32), np.zeros(0, np.int64),
                states.astype(np.uint32))


def trips_of_rows(prepared: Prepared, group: Group, rows: Rows, log_pi: np.ndarray, slopes: np.ndarray) -> Trips:
    """The group's trips from log choice probabilities (n,) of the rows and their derivative (n, K + P)."""
    log_q, slopes = seen_rows(prepared.mdp, rows.choices.astype(np.int64), log_pi, slopes)
    visits = np.bincount(np.searchsorted(rows.offsets, rows.steps, side="right") - 1, minlength=len(rows.states))
    weight = np.repeat(visits, np.diff(rows.offsets)) * np.exp(log_q)
    information = (slopes * weight[:, None]).T @ slopes
    return Trips(sum_trips(log_q[rows.steps], group.offsets), sum_trips(slopes[rows.steps], group.offsets), information)

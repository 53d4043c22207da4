"""What an agent that knows the best way sees ahead of it: Q and its derivative at the states that matter, for one goal.

In a deterministic world at gamma = 1 a search backwards from the goal stops as soon as these states are settled, and features
are summed along the plan; elsewhere the Bellman equation is solved for all states.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from irlcore.planning.costs import check_costs
from irlcore.planning.graph import graph_of
from irlcore.planning.nearby import Costs, costs_of, nearby_plan
from irlcore.planning.values import Plan, settled_plan
from irlcore.rationality import kernels
from irlcore.rationality.derivatives import push_q
from irlcore.rationality.seen import seen_rows
from irlcore.rationality.solution import Group, Prepared, Remembered, Rows, Solution, Trips, sum_trips
from irlcore.rationality.spread.plan import SpreadPlan, spread_plan
from irlcore.worlds.limits import check_aim, check_numbers
from irlcore.worlds.mdp import MDP


@dataclass(frozen=True, slots=True)
class Ahead:
    """goal_states: (g,) int64. q: (n,) float64 of the rows' choices. slopes: (n, K), dq by weights. plan: where a search found it, else
    None. solution: where all states are solved, else None."""

    rows: Rows
    goal_states: np.ndarray
    q: np.ndarray
    slopes: np.ndarray
    plan: SpreadPlan | None
    solution: Solution | None


def is_tree(prepared: Prepared) -> bool:
    """Whether plans to a goal are shortest paths: a deterministic world at gamma = 1."""
    return prepared.mdp.deterministic and prepared.gamma == 1.0


def rows_of(mdp: MDP, group: Group) -> Rows:
    """The choices of all states that the group's trips made choices in. Kept with the group."""
    return rows_of_all(mdp, [group])[0]


def rows_of_all(mdp: MDP, groups: list[Group]) -> list[Rows]:
    """The same of each of several groups, found side by side: most goals have few trips."""
    asked = [group for group in groups if group.remembered.rows is None]
    if asked:
        n = len(asked)
        owner = np.repeat(np.arange(n), [len(group.choices) for group in asked])
        taken = np.concatenate([group.choices for group in asked]).astype(np.int64)
        of_state, states = _each_once(owner, mdp.choice_state[taken], mdp.n_states)
        counts = mdp.choice_offsets[states + 1] - mdp.choice_offsets[states]
        offsets = np.concatenate(([0], np.cumsum(counts)))
        choices = np.arange(offsets[-1]) + np.repeat(mdp.choice_offsets[states] - offsets[:-1], counts)
        of_row = np.repeat(of_state, counts)
        steps = np.searchsorted(of_row * mdp.n_choices + choices, owner * mdp.n_choices + taken)
        of_target = np.repeat(np.arange(n), [len(group.goal_states) for group in asked])
        targets = np.concatenate([group.goal_states for group in asked]).astype(np.int64)
        if mdp.deterministic:
            after = mdp.successors[choices].astype(np.int64)
            open_ended = mdp.choice_offsets[after + 1] > mdp.choice_offsets[after]
            of_target, targets = np.append(of_target, of_row[open_ended]), np.append(targets, after[open_ended])
        of_target, targets = _each_once(of_target, targets, mdp.n_states)
        own_states, own_rows, own_targets, own_steps = (np.searchsorted(of, np.arange(n + 1))
                                                        for of in (of_state, of_row, of_target, owner))
        for k, group in enumerate(asked):
            mine, first = slice(own_states[k], own_states[k + 1]), own_rows[k]
            group.remembered.rows = Rows(
                states[mine], (offsets[own_states[k]:own_states[k + 1] + 1] - first).astype(np.uint32),
                choices[first:own_rows[k + 1]].astype(np.uint32), steps[own_steps[k]:own_steps[k + 1]] - first,
                targets[own_targets[k]:own_targets[k + 1]].astype(np.uint32))
    return [group.remembered.rows for group in groups if group.remembered.rows is not None]


def _each_once(owner: np.ndarray, states: np.ndarray, n_states: int) -> tuple[np.ndarray, np.ndarray]:
    """The states of each owner, ascending and each once: two arrays as long."""
    keys = np.unique(owner * n_states + states)
    return keys // n_states, keys % n_states


def choices_of(mdp: MDP, states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Offsets (U + 1,) uint32 and choices (n,) int64 of ``states`` (U,)."""
    counts = mdp.choice_offsets[states + 1] - mdp.choice_offsets[states]
    offsets = np.concatenate(([0], np.cumsum(counts)))
    return offsets.astype(np.uint32), np.arange(offsets[-1]) + np.repeat(mdp.choice_offsets[states] - offsets[:-1], counts)


def all_rows(mdp: MDP) -> Rows:
    """The choices of all states."""
    states = np.arange(mdp.n_states)
    return Rows(states, graph_of(mdp).choice_offsets, np.arange(mdp.n_choices, dtype=np.uint32), np.zeros(0, np.int64),
                states.astype(np.uint32))


def costs_in(prepared: Prepared) -> Costs:
    """Rewards of a tree world made ready for searches; ``Boltzmann.prepare`` keeps them for all goals."""
    return prepared.shared if isinstance(prepared.shared, Costs) else costs_of(graph_of(prepared.mdp), prepared.reward)


def best_ways(prepared: Prepared, goal_states: np.ndarray, remembered: Remembered | None = None,
              targets: np.ndarray | None = None) -> Plan:
    """The best ways to one goal in a tree world, from ``targets`` (T,) uint32 at least, or from everywhere where None. What the last
    search to this goal found out is in ``remembered``. Raises ``Infeasible``."""
    graph, costs = graph_of(prepared.mdp), costs_in(prepared)
    if not costs.sure:
        check_costs(graph, prepared.reward, goal_states, prepared.within)
    known = remembered or Remembered()
    if costs.pays:
        plan = settled_plan(graph, prepared.reward, goal_states, known.order, costs.into_reward, prepared.within)
        known.order = plan.order
        return plan
    wanted = targets if known.arriving is None else known.arriving
    plan = nearby_plan(graph, costs, goal_states, wanted)
    if wanted is not None and known.arriving is None:  # others are searched for in vain, through the whole world
        known.arriving = wanted[plan.value[wanted] > -np.inf]
    return plan


def plan_ahead(prepared: Prepared, group: Group, temperature: float) -> SpreadPlan:
    """The plan ahead of a group's trips in a tree world."""
    graph, rows = graph_of(prepared.mdp), rows_of(prepared.mdp, group)
    check_aim(group.goal_states, graph.n_states, prepared.gamma)
    plan = best_ways(prepared, group.goal_states, group.remembered, rows.targets)
    return spread_plan(graph, prepared.reward, plan, group.goal_states, rows.targets, temperature, costs_in(prepared).pays)


def tree_ahead(prepared: Prepared, group: Group, columns: np.ndarray, temperature: float = 0.0) -> Ahead:
    """Q and its derivative by the weights of ``columns`` (M, K) at the states of a group's trips, in a tree world."""
    check_numbers("columns", columns, (prepared.mdp.n_choices, -1))
    graph, rows = graph_of(prepared.mdp), rows_of(prepared.mdp, group)
    plan = plan_ahead(prepared, group, temperature)
    q, slopes = np.empty(len(rows.choices)), np.empty((len(rows.choices), columns.shape[1]))
    kernels.look_ahead(rows.choices, graph.choice_state, graph.successors, group.goal_states.astype(np.uint32), prepared.reward,
                       plan.value, columns, plan.to_go(columns), plan.row, q, slopes)
    return Ahead(rows, group.goal_states, q, slopes, plan, None)


def rows_towards(mdp: MDP, trips: Group, goal_states: np.ndarray) -> Remembered:
    """What the same trips have in common whatever their goal, to be remembered by a group of them to one goal."""
    rows = rows_of(mdp, trips)
    return Remembered(replace(rows, targets=np.union1d(rows.targets, goal_states).astype(np.uint32)), trips.remembered.visits)


def solved_ahead(prepared: Prepared, rows: Rows, solution: Solution, columns: np.ndarray) -> Ahead:
    """The same in any world, from hard values that are solved for all states."""
    slopes = push_q(prepared, solution, columns)[rows.choices]
    return Ahead(rows, solution.goal_states, solution.q[rows.choices], slopes, None, solution)


def trips_of_rows(prepared: Prepared, group: Group, rows: Rows, log_pi: np.ndarray, slopes: np.ndarray) -> Trips:
    """The group's trips from log choice probabilities (n,) of the rows and their derivative (n, K + P)."""
    log_q, slopes = seen_rows(prepared.mdp, rows.choices.astype(np.int64), log_pi, slopes)
    if group.apart or group.log_prior is not None:
        each = _information_of_each(group, rows, np.exp(log_q), slopes)
        return Trips(sum_trips(log_q[rows.steps], group.offsets), sum_trips(slopes[rows.steps], group.offsets), each.sum(axis=0), each=each)
    each_for = None if group.counts is None else np.repeat(group.counts, np.diff(group.offsets))
    visits = np.bincount(np.searchsorted(rows.offsets, rows.steps, side="right") - 1, each_for, len(rows.states))
    weight = np.repeat(visits, np.diff(rows.offsets)) * np.exp(log_q)
    information = (slopes * weight[:, None]).T @ slopes
    return Trips(sum_trips(log_q[rows.steps], group.offsets), sum_trips(slopes[rows.steps], group.offsets), information)


def visits_of(group: Group, rows: Rows) -> sp.csr_array:
    """(n, U): how often each of a group's trips made a choice in each of the states of the rows. Kept with the group."""
    if group.remembered.visits is None:
        owner = np.repeat(np.arange(len(group.index)), np.diff(group.offsets))
        at = np.searchsorted(rows.offsets, rows.steps, side="right") - 1
        group.remembered.visits = sp.csr_array((np.ones(len(at)), (owner, at)), shape=(len(group.index), len(rows.states)))
    return group.remembered.visits


def _information_of_each(group: Group, rows: Rows, chance: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """(n, K, K): the information of the choices at the states that each trip visited, from their chances (n,) and slopes (n, K)."""
    k, n, u, visits = slopes.shape[1], len(group.index), len(rows.states), visits_of(group, rows)
    by_state = sp.csr_array((chance, np.arange(len(chance)), rows.offsets.astype(np.int64)), shape=(u, len(chance)))
    return np.stack([visits @ (by_state @ (slopes * column[:, None])) for column in slopes.T], axis=1) if k else np.zeros((n, 0, 0))

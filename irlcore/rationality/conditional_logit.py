"""Conditional logit: what is done next hangs on what is known there and then, and nothing is planned.

pi(m | s) = softmax over the choices of s of Q(m), Q = phi theta (McFadden, *Conditional logit analysis of qualitative choice behavior*,
1974): the features of a choice stand for its whole value, the rest of the way included. So it needs no planner and no discount, and is
the model of worlds that nobody can plan in, such as event logs, where a state is what has happened so far.

The reward behind such a Q is known up to potential shaping alone: r = Q - gamma V', with V = log-sum-exp Q at the state that follows.
"""

from __future__ import annotations

import numpy as np

from irlcore.planning.graph import graph_of, reach
from irlcore.planning.values import choice_values
from irlcore.rationality import kernels
from irlcore.rationality.ahead import rows_of
from irlcore.rationality.base import Rationality
from irlcore.rationality.derivatives import pull_values, push_log_policy
from irlcore.rationality.solution import Group, Prepared, Rows, Solution, ValueSlope
from irlcore.worlds.limits import check_aim, check_gamma, check_numbers, check_reward
from irlcore.worlds.mdp import MDP


class NothingAhead(ValueSlope):
    """The slope of values that nobody looks ahead to: none."""

    def __init__(self, mdp: MDP) -> None:
        self.n_states, self.n_choices = mdp.n_states, mdp.n_choices

    def push(self, columns: np.ndarray) -> np.ndarray:
        return np.zeros((self.n_states, columns.shape[1]))

    def pull(self, weights: np.ndarray) -> np.ndarray:
        return np.zeros((len(weights), self.n_choices))


class ConditionalLogit(Rationality):
    """Softmax of the rewards of the choices at hand."""

    name = "conditional_logit"
    title = "Conditional logit: does next what suits what has happened, plans nothing"
    sentence = ("What happens next hangs on what happened before, and each event may differ from the usual one. Good for logs of events, "
                "where nobody knows what lies ahead.")
    plans = False

    def prepare(self, mdp: MDP, reward: np.ndarray, gamma: float = 1.0, own: np.ndarray | None = None,
                parts: np.ndarray | None = None) -> Prepared:
        check_gamma(gamma)
        return Prepared(mdp, np.array(check_reward(reward, mdp.n_choices)), gamma)

    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> Solution:
        """``value`` is the log-sum-exp of the choices at hand, 0 in a goal."""
        graph, goals = graph_of(prepared.mdp), check_aim(goal_states, prepared.mdp.n_states, prepared.gamma)
        usable = prepared.mdp.derived(_usable, tuple(goals.tolist()), prepared.gamma)
        q, log_policy = choice_values(graph, prepared.reward, 0.0, usable, np.zeros(graph.n_states))
        value = np.full(graph.n_states, -np.inf)
        value[graph.choice_state[usable]] = q[usable] - log_policy[usable]
        value[goals] = 0.0
        return Solution(goals, value, q, log_policy, NothingAhead(prepared.mdp))

    def jvp(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
        return push_log_policy(prepared, solution, columns)

    def vjp(self, prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
        return pull_values(prepared, solution, weights)

    def at_rows(self, prepared: Prepared, group: Group, columns: np.ndarray) -> tuple[Rows, np.ndarray, np.ndarray]:
        """Only the states that the trips made choices in are looked at."""
        check_numbers("columns", columns, (prepared.mdp.n_choices, -1))
        goals = check_aim(group.goal_states, prepared.mdp.n_states, prepared.gamma)
        usable, rows = prepared.mdp.derived(_usable, tuple(goals.tolist()), prepared.gamma), rows_of(prepared.mdp, group)
        log_pi = np.where(usable[rows.choices], prepared.reward[rows.choices], -np.inf)
        slopes = np.ascontiguousarray(columns[rows.choices], np.float64)
        kernels.soft_rows(rows.offsets, log_pi, slopes)
        return rows, log_pi, slopes


def _usable(mdp: MDP, goals: tuple[int, ...], gamma: float) -> np.ndarray:
    """(M,) bool: the choices that keep these goals within reach. Kept with the MDP."""
    return reach(graph_of(mdp), np.array(goals, np.int64), gamma).usable

"""Boltzmann: the agent knows the optimal value and errs in the choice at hand.

pi(m | s) = softmax over the choices of s of Q*(m), Q* = r + gamma P V*, V* = max Q* (Ramachandran and Amir,
*Bayesian inverse reinforcement learning*, IJCAI 2007, equation 3; their alpha is the scale of the weights). V* is
piecewise linear in r: its derivative is the expected use of each choice along the plan.
"""

from __future__ import annotations

import numpy as np

from irlcore.planning.costs import check_costs
from irlcore.planning.graph import graph_of
from irlcore.planning.values import bellman_values, choice_values, settled_plan
from irlcore.rationality import kernels
from irlcore.rationality.ahead import is_tree, tree_ahead, trips_of_rows
from irlcore.rationality.base import Rationality
from irlcore.rationality.derivatives import pull_values, push_values
from irlcore.rationality.solution import Group, Prepared, Solution, Trips
from irlcore.worlds.limits import check_gamma, check_goal_states, check_reward
from irlcore.worlds.mdp import MDP


class Boltzmann(Rationality):
    """Softmax of the hard value."""

    name = "boltzmann"
    title = "Boltzmann: knows the best way, slips in single choices"
    sentence = ("The agent knows what every way ahead costs and mostly takes the cheapest; each single choice may "
                "slip. Good where agents know the ground and plan well.")
    costs_only = True
    smooth = False

    def prepare(self, mdp: MDP, reward: np.ndarray, gamma: float = 1.0, own: np.ndarray | None = None,
                parts: np.ndarray | None = None) -> Prepared:
        check_gamma(gamma)
        # a copy: the caller's may change under what is kept of it
        return Prepared(mdp, np.array(check_reward(reward, mdp.n_choices)), gamma)

    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> Solution:
        graph, goal_states = graph_of(prepared.mdp), check_goal_states(goal_states, prepared.mdp.n_states)
        if prepared.gamma == 1.0:
            check_costs(graph, prepared.reward, goal_states, prepared.within)
        if not is_tree(prepared):
            found = bellman_values(graph, prepared.reward, prepared.gamma, goal_states, soft=False)
            return Solution(goal_states, found.value, found.q, found.log_policy,
                            {"policy": found.plan, "reach": found.reach})
        plan = settled_plan(graph, prepared.reward, goal_states, {}, None, prepared.within)  # ties as in ``trips``
        usable = np.ones(graph.n_choices, np.bool_)
        for g in goal_states:
            usable[graph.choice_offsets[g]:graph.choice_offsets[g + 1]] = False
        q, log_policy = choice_values(graph, prepared.reward, 1.0, usable, plan.value)
        return Solution(goal_states, plan.value, q, log_policy, {"plan": plan})

    def jvp(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
        graph = graph_of(prepared.mdp)
        values = push_values(prepared, solution, columns)
        out = columns + (values[graph.successors] if graph.deterministic else graph.P @ values) * prepared.gamma
        kernels.center(graph.choice_offsets, solution.policy, out)
        return out

    def trips(self, prepared: Prepared, group: Group, columns: np.ndarray) -> Trips:
        if not is_tree(prepared):
            return super().trips(prepared, group, columns)
        ahead = tree_ahead(prepared, group, columns)
        kernels.soft_rows(ahead.rows.offsets, ahead.q, ahead.slopes)
        return trips_of_rows(prepared, group, ahead.rows, ahead.q, ahead.slopes)

    def vjp(self, prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
        return pull_values(prepared, solution, weights)

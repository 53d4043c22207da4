"""Boltzmann: the agent knows the optimal value and errs in the choice at hand.

pi(m | s) = softmax over the choices of s of Q*(m), Q* = r + gamma P V*, V* = max Q* (Ramachandran and Amir,
*Bayesian inverse reinforcement learning*, IJCAI 2007, equation 3; their alpha is the scale of the weights). V* is
piecewise linear in r: its derivative is the expected use of each choice along the plan.
"""

from __future__ import annotations

import numpy as np

from irlcore.planning.costs import check_costs
from irlcore.planning.graph import graph_of
from irlcore.planning.nearby import costs_of
from irlcore.planning.values import bellman_values, choice_values
from irlcore.rationality import kernels
from irlcore.rationality.ahead import best_ways, costs_in, is_tree, tree_ahead
from irlcore.rationality.base import Rationality
from irlcore.rationality.derivatives import BellmanSlope, pull_values, push_log_policy
from irlcore.rationality.solution import Group, Prepared, Rows, Solution
from irlcore.rationality.spread.plan import spread_plan
from irlcore.worlds.limits import check_aim, check_gamma, check_reward
from irlcore.worlds.mdp import MDP


class Boltzmann(Rationality):
    """Softmax of the hard value."""

    name = "boltzmann"
    title = "Boltzmann: knows the best way, slips in single choices"
    sentence = ("The agent knows what every way ahead costs and mostly takes the cheapest; each single choice may "
                "slip. Good where agents know the ground and plan well.")
    costs_only = True
    smooth = False
    counts_alike = True

    def __init__(self, temperature: float = 0.0) -> None:
        """temperature: nats within which other ways than the best have a part in the plan, for models that carry errors along it."""
        self.temperature = temperature

    def prepare(self, mdp: MDP, reward: np.ndarray, gamma: float = 1.0, own: np.ndarray | None = None,
                parts: np.ndarray | None = None) -> Prepared:
        check_gamma(gamma)
        reward = np.array(check_reward(reward, mdp.n_choices))  # a copy: the caller's may change under what is kept of it
        return Prepared(mdp, reward, gamma, shared=costs_of(graph_of(mdp), reward) if mdp.deterministic and gamma == 1.0 else None)

    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> Solution:
        graph, goal_states = graph_of(prepared.mdp), check_aim(goal_states, prepared.mdp.n_states, prepared.gamma)
        if not is_tree(prepared):
            if prepared.gamma == 1.0:
                check_costs(graph, prepared.reward, goal_states, prepared.within)
            found = bellman_values(graph, prepared.reward, prepared.gamma, goal_states, soft=False)
            return Solution(goal_states, found.value, found.q, found.log_policy,
                            BellmanSlope(graph, found.behind, prepared.gamma, found.reach, goal_states))
        plan = best_ways(prepared, goal_states)
        usable = np.ones(graph.n_choices, np.bool_)
        for g in goal_states:
            usable[graph.choice_offsets[g]:graph.choice_offsets[g + 1]] = False
        q, log_policy = choice_values(graph, prepared.reward, 1.0, usable, plan.value)
        everywhere = np.arange(graph.n_states, dtype=np.uint32)
        return Solution(goal_states, plan.value, q, log_policy,
                        spread_plan(graph, prepared.reward, plan, goal_states, everywhere, self.temperature,
                                    costs_in(prepared).pays))

    def jvp(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
        return push_log_policy(prepared, solution, columns)

    def at_rows(self, prepared: Prepared, group: Group, columns: np.ndarray) -> tuple[Rows, np.ndarray, np.ndarray]:
        if not is_tree(prepared):
            return super().at_rows(prepared, group, columns)
        ahead = tree_ahead(prepared, group, columns)
        kernels.soft_rows(ahead.rows.offsets, ahead.q, ahead.slopes)
        return ahead.rows, ahead.q, ahead.slopes

    def log_steps(self, prepared: Prepared, group: Group) -> np.ndarray:
        return self.steps_at_rows(prepared, group) if is_tree(prepared) else super().log_steps(prepared, group)

    def vjp(self, prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
        return pull_values(prepared, solution, weights)

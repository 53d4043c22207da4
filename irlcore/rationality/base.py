"""The contract of a rationality model.

A model turns rewards r (M,) into log choice probabilities log pi (M,) for one goal at a time, and knows the
derivative of these in both directions: ``jvp`` pushes feature columns forward (scores, Fisher information),
``vjp`` pulls weights on the choices back to the rewards (gradients, the residual matrix of section 5 of the
design). Whatever the goals have in common is computed once, by ``prepare``.

A model may have parameters of its own (a noise level), which are estimated with the weights. Trips are judged by ``steps``,
``trips`` and ``residuals``: the implementations here suit every model whose steps are independent given the state; one that
keeps something for a whole trip, or has a faster way, fills them in itself.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import ClassVar

import numpy as np

from irlcore.planning.costs import paying_round
from irlcore.planning.graph import graph_of
from irlcore.rationality.ahead import rows_of, trips_of_rows
from irlcore.rationality.sampling import draw_path
from irlcore.rationality.seen import log_seen, pull_seen, seen_rows
from irlcore.rationality.solution import Group, Limit, ModelParameter, Prepared, Rows, Solution, Trips
from irlcore.worlds.limits import check_numbers
from irlcore.worlds.mdp import MDP


class Rationality(ABC):
    """One model of limited rationality."""

    name: str
    title: str
    sentence: str
    costs_only: ClassVar[bool] = False
    """At gamma = 1 no choice may have a reward above 0."""
    smooth: ClassVar[bool] = True
    """log pi has a continuous derivative by the rewards; where not, a likelihood may have a maximum in each of its pieces."""
    plans: ClassVar[bool] = True
    """Whether rewards are of steps, and what lies ahead is added up; where not, they are of all that a step leads to."""
    softmax: ClassVar[bool] = True
    """log pi is the log softmax of ``Solution.q``, whose slope is what choices bring and what lies ahead."""
    counts_alike: bool = False
    """Whether the information that ``trips`` gives heeds ``Group.counts``, so that trips which go the same way need be there but once."""
    parameters: tuple[ModelParameter, ...] = ()
    """The model's own parameters, estimated with the weights."""

    @abstractmethod
    def prepare(self, mdp: MDP, reward: np.ndarray, gamma: float = 1.0, own: np.ndarray | None = None,
                parts: np.ndarray | None = None) -> Prepared:
        """What all goals share. Raises ``Infeasible``.

        own: (P,) values of ``parameters``, their start where not given. parts: (M, K), the reward that each feature brings, for
        models of agents who are unsure of their own wants.
        """

    def confine(self, prepared: Prepared, within: np.ndarray, used: np.ndarray) -> Prepared:
        """The same where trips are known: ``within`` (S,) bool, the states that they can come to, and ``used`` (M,) bool, the choices
        that one of them may make (``planning.costs.matters``). At gamma = 1 ways round elsewhere do not matter. Raises ``Infeasible``."""
        return replace(prepared, within=within)

    def limit(self, mdp: MDP, reward: np.ndarray, gamma: float, columns: np.ndarray, room: float,
              used: np.ndarray) -> Limit | None:
        """The convex limit that rewards r (M,) of the weights of ``columns`` (M, K) must keep at the choices ``used`` (M,) bool, with its
        derivative; None where they keep it by ``room``, and for a model without one. ``prepare`` or ``solve`` refuses what is outside it.

        Here the rule of hard values at gamma = 1: that every way round must cost, seen where one does not."""
        graph = graph_of(mdp)
        if not self.costs_only or gamma < 1.0 or not graph.deterministic:
            return None
        circle = paying_round(graph, reward, used)
        return Limit(float(reward[circle].sum()), columns[circle].sum(axis=0)) if len(circle) else None

    @abstractmethod
    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> Solution:
        """Values and choice probabilities towards one goal. Raises ``Infeasible``."""

    @abstractmethod
    def jvp(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
        """d log pi / d r applied to ``columns`` (M, K): (M, K) float64, the derivative of log pi by weights."""

    def own_jvp(self, prepared: Prepared, solution: Solution) -> np.ndarray:
        """d log pi / d own parameters, (M, P) float64."""
        return np.zeros((prepared.mdp.n_choices, 0))

    @abstractmethod
    def vjp(self, prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
        """``weights`` (B, M) on log pi pulled back to the rewards: (B, M) float64."""

    def own_start(self, own: np.ndarray | None) -> np.ndarray:
        """``own``, or where each parameter starts, (P,) float64."""
        if own is None:
            return np.array([p.start for p in self.parameters])
        check_numbers("model's own parameters", np.asarray(own), (len(self.parameters),))
        return np.asarray(own, np.float64)

    def steps(self, prepared: Prepared, solution: Solution, group: Group) -> np.ndarray:
        """(C,) float64 nats: log chance of each step, as far as it can be seen, given the trip's steps before it; they sum to
        log P(trip | goal). -inf where the model cannot make a step."""
        taken: np.ndarray = log_seen(prepared, solution)[group.choices]
        return taken

    def log_steps(self, prepared: Prepared, group: Group) -> np.ndarray:
        """``steps`` of what this model finds towards the group's goal, which many find for the states of its trips alone."""
        return self.steps(prepared, self.solve(prepared, group.goal_states), group)

    def steps_at_rows(self, prepared: Prepared, group: Group) -> np.ndarray:
        """(C,) log chance of each step, of a model whose steps are independent given the state, from ``at_rows``."""
        rows, log_pi, nothing = self.at_rows(prepared, group, np.zeros((prepared.mdp.n_choices, 0)))
        taken: np.ndarray = seen_rows(prepared.mdp, rows.choices.astype(np.int64), log_pi, nothing)[0][rows.steps]
        return taken

    def log_kept(self, prepared: Prepared, solution: Solution) -> np.ndarray | None:
        """(M, R) log choice probabilities under each draw that a trip may keep throughout; None where steps are independent given the
        state."""
        return None

    def trips(self, prepared: Prepared, group: Group, columns: np.ndarray) -> Trips:
        """Log-likelihood of a group's trips with scores and information by the weights of ``columns`` (M, K) and by the own
        parameters. Where ``prepared.parts`` are told, column k is the feature behind part k."""
        return trips_of_rows(prepared, group, *self.at_rows(prepared, group, columns))

    def has_slope(self, mdp: MDP, gamma: float) -> bool:
        """Whether ``slope`` costs a fraction of ``trips``."""
        return False

    def slope(self, prepared: Prepared, group: Group, columns: np.ndarray) -> tuple[float, np.ndarray]:
        """Log-likelihood of a group's trips in total, nats, each counted as often as it stands for, and its derivative (K + P,) by the
        weights of ``columns`` (M, K) and the own parameters: what a step of a search needs where the information is known nearby."""
        found = self.trips(prepared, group, columns)
        counts = np.ones(len(found.loglik)) if group.counts is None else group.counts
        return float(counts @ found.loglik), np.asarray(counts @ found.scores)

    def side_by_side(self, prepared: Prepared, groups: list[Group]) -> list[list[int]]:
        """Numbers of the ``groups``, each once, in lists of those that ``trips_of_all`` had best judge together."""
        return [[k] for k in range(len(groups))]

    def trips_of_all(self, prepared: Prepared, groups: list[Group], columns: np.ndarray) -> list[Trips]:
        """``trips`` of each of some groups."""
        return [self.trips(prepared, group, columns) for group in groups]

    def at_rows(self, prepared: Prepared, group: Group, columns: np.ndarray) -> tuple[Rows, np.ndarray, np.ndarray]:
        """The choices of all states that the group's trips made choices in, with log pi (n,) and its derivative (n, K + P) by the weights
        of ``columns`` (M, K) and by the own parameters."""
        solution, rows = self.solve(prepared, group.goal_states), rows_of(prepared.mdp, group)
        slopes = np.column_stack((self.jvp(prepared, solution, columns), self.own_jvp(prepared, solution)))
        return rows, solution.log_policy[rows.choices], slopes[rows.choices]

    def residuals(self, prepared: Prepared, solution: Solution, group: Group) -> np.ndarray:
        """D, (n, M) float64: d log P(trip) / d r for each trip of the group."""
        return self.vjp(prepared, solution, pull_seen(prepared, solution, choice_counts(prepared.mdp, group)))

    def residual_sum(self, prepared: Prepared, solution: Solution, group: Group) -> np.ndarray:
        """Column sums (M,) of ``residuals``: one pull-back, since it is linear in the counts."""
        counts = np.bincount(group.choices, minlength=prepared.mdp.n_choices).astype(np.float64)
        pulled: np.ndarray = self.vjp(prepared, solution, pull_seen(prepared, solution, counts[None, :]))[0]
        return pulled

    def sample(self, prepared: Prepared, solution: Solution, start: int, rng: np.random.Generator, longest: int = 400) -> list[int]:
        """States of one trip drawn from the model, ``start`` and the goal included; empty where it takes more than ``longest``
        steps. Without a goal a walk of ``longest`` steps."""
        return draw_path(prepared.mdp, solution.policy, start, solution.goal_states, rng, longest)


def choice_counts(mdp: MDP, group: Group) -> np.ndarray:
    """(n, M) float64: how often each trip of the group made each choice."""
    counts = np.zeros((len(group.index), mdp.n_choices))
    np.add.at(counts, (np.repeat(np.arange(len(group.index)), np.diff(group.offsets)), group.choices), 1.0)
    return counts

"""MaxEnt: the agent errs in this choice and knows that it will err in every later one.

pi = softmax(Q), Q = r + gamma P V, V = log sum exp Q: maximum causal entropy (Ziebart 2010) and, in a
deterministic world at gamma = 1, recursive logit (Fosgerau, Frejinger and Karlström 2013, equation 5).
There e^V solves a linear system (``soft_linear``) and log P(trip) telescopes to the trip's reward less V at its start, so a
goal costs 2 + K solves: values, features to go for the scores, and expected visits. The likelihood is concave: minus its second
derivative is the covariance of the features met on the way, which the same solves give.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from irlcore.planning.graph import Graph, graph_of, reach
from irlcore.planning.values import bellman_values, choice_values
from irlcore.rationality.base import Rationality
from irlcore.rationality.derivatives import BellmanSlope, pull_values, push_log_policy
from irlcore.rationality.seen import told_apart
from irlcore.rationality.soft_linear import SoftSystem, log_radius
from irlcore.rationality.soft_shared import NEVER, SharedSystem, check_radius, goal_system, too_cheap
from irlcore.rationality.solution import Group, Limit, Prepared, Solution, Trips, ValueSlope, sum_trips
from irlcore.rationality.sweeps.near import near_goals
from irlcore.rationality.sweeps.outwards import Outwards, values_outwards
from irlcore.rationality.sweeps.visits.ahead import features_ahead
from irlcore.worlds.limits import check_aim, check_gamma, check_numbers, check_reward
from irlcore.worlds.mdp import MDP

DEAREST = 300.0  # nats that a choice may pay before e^r is left to logarithms
FEW = 4_000  # states: up to so many, elimination costs less than sweeps (towns of 440 to 8,000 links)


class MaxEnt(Rationality):
    """Softmax of the soft value."""

    name = "maxent"
    title = "MaxEnt: expects its own slips (recursive logit)"
    sentence = ("The agent slips in single choices and reckons with slipping later too, so it likes to keep "
                "several good ways open. The standard model of route choice.")
    counts_alike = True

    def prepare(self, mdp: MDP, reward: np.ndarray, gamma: float = 1.0, own: np.ndarray | None = None,
                parts: np.ndarray | None = None) -> Prepared:
        check_gamma(gamma)
        reward, graph = check_reward(reward, mdp.n_choices), graph_of(mdp)
        linear = graph.deterministic and gamma == 1.0
        if reward.max(initial=0.0) > DEAREST:  # e^r is left to logarithms
            linear = False
        return Prepared(mdp, reward, gamma, shared=SharedSystem(mdp, np.exp(reward)) if linear else None)

    def confine(self, prepared: Prepared, within: np.ndarray, used: np.ndarray) -> Prepared:
        shared = prepared.shared
        if shared is None:
            check_radius(prepared, used)
        if shared is None or shared.below_one:
            return replace(prepared, within=within)
        confined = SharedSystem(prepared.mdp, np.where(used, shared.weight, 0.0))
        if not confined.below_one:
            raise too_cheap(prepared, used)
        return replace(prepared, within=within, shared=confined)

    def limit(self, mdp: MDP, reward: np.ndarray, gamma: float, columns: np.ndarray, room: float,
              used: np.ndarray) -> Limit | None:
        """log rho(e^r), which is convex in the weights; only in a deterministic world at gamma = 1 are the values a linear system."""
        graph, reward = graph_of(mdp), np.where(used, reward, NEVER)
        if not graph.deterministic or gamma < 1.0 or not np.isfinite(reward).all():
            return None
        if reward.max(initial=0.0) < DEAREST and SharedSystem(mdp, np.exp(reward + room)).below_one:
            return None
        found = log_radius(mdp, reward)
        return None if found is None else Limit(found[0], found[1] @ columns)

    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> Solution:
        graph, goal_states = graph_of(prepared.mdp), check_aim(goal_states, prepared.mdp.n_states, prepared.gamma)
        if prepared.shared is not None:
            way = reach(graph, goal_states, 1.0)
            places, live = prepared.shared.pattern.place_of, way.order
            if prepared.within is not None:
                live = live[prepared.within[live] | np.isin(live, goal_states)]
            system = goal_system(prepared, goal_states, places[live])
            if system is not None:
                value = np.full(graph.n_states, -np.inf)
                value[live] = system.value(places[live])
                q, log_policy = choice_values(graph, prepared.reward, 1.0, way.usable, value)
                return Solution(goal_states, value, q, log_policy, SoftSlope(graph, system, value, np.exp(log_policy)))
        elif prepared.within is None:
            check_radius(prepared, reach(graph, goal_states, prepared.gamma).usable)
        values = bellman_values(graph, prepared.reward, prepared.gamma, goal_states, soft=True)
        return Solution(goal_states, values.value, values.q, values.log_policy,
                        BellmanSlope(graph, values.behind, prepared.gamma, values.reach, goal_states))

    def jvp(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
        return push_log_policy(prepared, solution, columns)

    def vjp(self, prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
        return pull_values(prepared, solution, weights)

    def trips(self, prepared: Prepared, group: Group, columns: np.ndarray) -> Trips:
        mdp = prepared.mdp
        # each of the trips that were cut off counts by how likely its goal is, which the sums of a goal do not tell
        if not self._telescopes(prepared) or group.log_prior is not None:
            return super().trips(prepared, group, columns)
        check_aim(group.goal_states, mdp.n_states, prepared.gamma)
        starts = prepared.shared.pattern.place_of[_starts(mdp, group)]
        system = goal_system(prepared, group.goal_states, starts) if _arrive(mdp, group) else None
        if system is None:  # a trip that is cut short, that never arrives, or whose value needs logarithms
            return super().trips(prepared, group, columns)
        check_numbers("columns", columns, (mdp.n_choices, -1))
        columns = np.ascontiguousarray(columns, np.float64)
        many = np.ones(len(starts)) if group.counts is None else group.counts.astype(np.float64)
        adjoint = system.pull(starts, many / system.z[starts])
        visited = system.visited(adjoint)
        x = system.push(columns, visited)
        to_go = x[starts, :columns.shape[1]] / system.z[starts, None]
        return _told(prepared, group, columns, system.value(starts), to_go,
                     system.second_moment(visited, x, adjoint, columns) - (to_go * many[:, None]).T @ to_go)

    def _telescopes(self, prepared: Prepared) -> bool:
        """Whether log P(trip) comes down to its reward and the value where it starts. A model made from this one may have parameters; of
        parallel choices it is not seen which was made."""
        return prepared.shared is not None and not self.parameters and told_apart(prepared.mdp)

    def _sweeps(self, prepared: Prepared) -> bool:
        return self._telescopes(prepared) and prepared.mdp.n_states > FEW

    def side_by_side(self, prepared: Prepared, groups: list[Group]) -> list[list[int]]:
        if not self._sweeps(prepared) or not all(len(group.goal_states) for group in groups):
            return super().side_by_side(prepared, groups)
        return near_goals(prepared.mdp, [group.goal_states for group in groups])

    def trips_of_all(self, prepared: Prepared, groups: list[Group], columns: np.ndarray) -> list[Trips]:
        """In a large world by sweeps (``sweeps.outwards``) where they settle, which they do the sooner the dearer wandering is; else by
        elimination. Groups come as ``side_by_side`` puts them."""
        if not self._sweeps(prepared) or any(group.log_prior is not None for group in groups):
            return super().trips_of_all(prepared, groups, columns)
        check_numbers("columns", columns, (prepared.mdp.n_choices, -1))
        told = swept_trips(prepared, groups, columns)
        if told is not None:
            told = [one or _alone(prepared, group, columns, len(groups) > 1) for one, group in zip(told, groups, strict=True)]
        told = told or [None] * len(groups)
        return [one or self.trips(prepared, group, columns) for one, group in zip(told, groups, strict=True)]


def _starts(mdp: MDP, group: Group) -> np.ndarray:
    return np.asarray(mdp.choice_state[group.choices[group.offsets[:-1]]])


def _arrive(mdp: MDP, group: Group) -> bool:
    return bool(np.isin(mdp.successors[group.choices[group.offsets[1:] - 1]], group.goal_states).all())


def _told(prepared: Prepared, group: Group, columns: np.ndarray, value: np.ndarray, to_go: np.ndarray, information: np.ndarray) -> Trips:
    """What trips to one goal are judged by, from values (n,) and features to go (n, K) at their starts: log P(trip) telescopes."""
    loglik = sum_trips(prepared.reward[group.choices], group.offsets) - value
    onward = sum_trips(np.isin(prepared.mdp.choice_state[group.choices], group.goal_states).astype(np.int64), group.offsets) > 0
    return Trips(np.where(onward, -np.inf, loglik), sum_trips(columns[group.choices], group.offsets) - to_go, information, exact=True)


def swept_trips(prepared: Prepared, groups: list[Group], columns: np.ndarray, whole: bool = False) -> list[Trips | None] | None:
    """The same by sweeps, of a few goals near each other; None where they do not settle, and for a goal that a trip does not come to, or
    that takes a sweep of the ``whole`` world for itself."""
    goals = [check_aim(group.goal_states, prepared.mdp.n_states, prepared.gamma) for group in groups]
    columns = np.ascontiguousarray(columns, np.float64)
    starts = None if whole else np.concatenate([_starts(prepared.mdp, group) for group in groups])
    found = values_outwards(graph_of(prepared.mdp), prepared.reward, goals, prepared.within, starts)
    return None if found is None else [_swept(prepared, group, columns, found, column) for column, group in enumerate(groups)]


def _alone(prepared: Prepared, group: Group, columns: np.ndarray, others: bool) -> Trips | None:
    """What sweeps say of a goal that they left out, by itself: with its own potential where there were ``others``, then with all states
    there."""
    for whole in (False, True) if others else (True,):
        found = swept_trips(prepared, [group], columns, whole)
        if found is None or found[0] is not None:
            return None if found is None else found[0]
    return None


def _swept(prepared: Prepared, group: Group, columns: np.ndarray, found: Outwards, column: int) -> Trips | None:
    starts = _starts(prepared.mdp, group)
    value = found.value(column, starts) if _arrive(prepared.mdp, group) else None
    ahead = None if value is None else features_ahead(found, column, starts, columns, group.counts)
    return None if value is None or ahead is None else _told(prepared, group, columns, value, ahead.to_go, ahead.information)


@dataclass(frozen=True, slots=True)
class SoftSlope(ValueSlope):
    """The slope of soft values that solve a linear system: value (S,) and policy (M,) towards its goal."""

    graph: Graph
    system: SoftSystem
    value: np.ndarray
    policy: np.ndarray

    def push(self, columns: np.ndarray) -> np.ndarray:
        system = self.system
        x = system.push(np.ascontiguousarray(columns, np.float64))[:, :columns.shape[1]]
        slopes = x * np.where(system.z > 0.0, 1.0 / np.where(system.z > 0.0, system.z, 1.0), 0.0)[:, None]
        return np.asarray(slopes[system.factors.pattern.place_of])

    def pull(self, weights: np.ndarray) -> np.ndarray:
        """Expected visits times the policy."""
        system, visits = self.system, np.zeros_like(weights)
        live = np.flatnonzero(np.isfinite(self.value))
        places = system.factors.pattern.place_of[live]
        for row, given in zip(visits, weights[:, live] / system.z[places], strict=True):
            used = np.flatnonzero(given)
            row[live] = (system.pull(places[used], given[used]) * system.z)[places]
        return np.asarray(self.policy * visits[:, self.graph.choice_state])

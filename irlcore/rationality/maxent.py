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

from irlcore.errors import Infeasible
from irlcore.linear.elimination import Factors, Pattern, eliminate
from irlcore.planning.costs import STAYING_FREE, staying
from irlcore.planning.graph import Graph, graph_of, reach
from irlcore.planning.values import bellman_values, choice_values
from irlcore.rationality.base import Rationality
from irlcore.rationality.derivatives import BellmanSlope, pull_values, push_log_policy
from irlcore.rationality.seen import told_apart
from irlcore.rationality.soft_linear import SoftSystem, far_system, log_radius, pattern_in, shared_system
from irlcore.rationality.solution import Group, Limit, Prepared, Solution, Trips, ValueSlope, sum_trips
from irlcore.worlds.limits import check_aim, check_gamma, check_numbers, check_reward
from irlcore.worlds.mdp import MDP

SMALLEST = 1e-280  # below it e^V has lost digits to underflow
LARGEST = 1e280  # beyond it e^V, and what it is multiplied with, leave floating point
DEAREST = 300.0  # nats that a choice may pay before e^r is left to logarithms
NEVER = -1e300


@dataclass(frozen=True, slots=True)
class _Shared:
    """What goals have in common: factors of I - W and weight (M,) = e^r. Factors are None where some way round, perhaps through a goal
    or where no trip comes, gives W a spectral radius of 1 or more: then each goal has its own."""

    pattern: Pattern
    weight: np.ndarray
    factors: Factors | None


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
        return Prepared(mdp, reward, gamma, shared=_factorise(mdp, reward) if linear else None)

    def confine(self, prepared: Prepared, within: np.ndarray, used: np.ndarray) -> Prepared:
        shared = prepared.shared
        if shared is None:
            _check_radius(prepared, used)
        if shared is None or shared.factors is not None:
            return replace(prepared, within=within)
        weight = np.where(used, shared.weight, 0.0)
        factors = eliminate(shared.pattern, weight)
        if factors is None:
            raise _too_cheap(prepared, used)
        return replace(prepared, within=within, shared=_Shared(shared.pattern, weight, factors))

    def limit(self, mdp: MDP, reward: np.ndarray, gamma: float, columns: np.ndarray, room: float,
              used: np.ndarray) -> Limit | None:
        """log rho(e^r), which is convex in the weights; only in a deterministic world at gamma = 1 are the values a linear system."""
        graph, reward = graph_of(mdp), np.where(used, reward, NEVER)
        if not graph.deterministic or gamma < 1.0 or not np.isfinite(reward).all():
            return None
        if reward.max(initial=0.0) < DEAREST and eliminate(pattern_in(mdp), np.exp(reward + room)) is not None:
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
            system = _system(prepared, goal_states, places[live])
            if system is not None:
                value = np.full(graph.n_states, -np.inf)
                value[live] = system.value(places[live])
                q, log_policy = choice_values(graph, prepared.reward, 1.0, way.usable, value)
                return Solution(goal_states, value, q, log_policy, SoftSlope(graph, system, value, np.exp(log_policy)))
        elif prepared.within is None:
            _check_radius(prepared, reach(graph, goal_states, prepared.gamma).usable)
        values = bellman_values(graph, prepared.reward, prepared.gamma, goal_states, soft=True)
        return Solution(goal_states, values.value, values.q, values.log_policy,
                        BellmanSlope(graph, values.behind, prepared.gamma, values.reach, goal_states))

    def jvp(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
        return push_log_policy(prepared, solution, columns)

    def vjp(self, prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
        return pull_values(prepared, solution, weights)

    def trips(self, prepared: Prepared, group: Group, columns: np.ndarray) -> Trips:
        mdp = prepared.mdp
        # a model made from this one may have parameters; parallel choices do not telescope, since which was made is not seen
        # and each of the trips that were cut off counts by how likely its goal is, which the sums of a goal do not tell
        if prepared.shared is None or self.parameters or not told_apart(mdp) or group.log_prior is not None:
            return super().trips(prepared, group, columns)
        check_aim(group.goal_states, mdp.n_states, prepared.gamma)
        at_goal = np.zeros(mdp.n_states, np.bool_)
        at_goal[group.goal_states] = True
        starts = prepared.shared.pattern.place_of[mdp.choice_state[group.choices[group.offsets[:-1]]]]
        arrive = at_goal[mdp.successors[group.choices[group.offsets[1:] - 1]]].all()
        system = _system(prepared, group.goal_states, starts) if arrive else None
        if system is None:  # a trip that is cut short, that never arrives, or whose value needs logarithms
            return super().trips(prepared, group, columns)
        check_numbers("columns", columns, (mdp.n_choices, -1))
        columns = np.ascontiguousarray(columns, np.float64)
        many = np.ones(len(starts)) if group.counts is None else group.counts.astype(np.float64)
        adjoint = system.pull(starts, many / system.z[starts])
        visited = system.visited(adjoint)
        x = system.push(columns, visited)
        to_go = x[starts, :columns.shape[1]] / system.z[starts, None]
        loglik = sum_trips(prepared.reward[group.choices], group.offsets) - system.value(starts)
        onward = sum_trips(at_goal[mdp.choice_state[group.choices]].astype(np.int64), group.offsets) > 0
        return Trips(np.where(onward, -np.inf, loglik), sum_trips(columns[group.choices], group.offsets) - to_go,
                     system.second_moment(visited, x, adjoint, columns) - (to_go * many[:, None]).T @ to_go, exact=True)


def _factorise(mdp: MDP, reward: np.ndarray) -> _Shared:
    weight, pattern = np.exp(reward), pattern_in(mdp)
    return _Shared(pattern, weight, eliminate(pattern, weight))


def _check_radius(prepared: Prepared, used: np.ndarray) -> None:
    """Refuse rewards that logarithms would never come to an end with, by the choices (M,) bool that can be made."""
    if prepared.gamma == 1.0 and len(_free_stays(prepared, used)):  # sweeps would take a very large value for a settled one
        raise _too_cheap(prepared, used)
    if prepared.mdp.deterministic and prepared.gamma == 1.0:
        radius = log_radius(prepared.mdp, np.where(used, prepared.reward, NEVER))
        if radius is not None and radius[0] >= 0.0:
            raise _too_cheap(prepared, used)


def _free_stays(prepared: Prepared, used: np.ndarray) -> np.ndarray:
    """(n,) int64: choices to stay that cost nothing, with which no soft value is finite."""
    return np.flatnonzero(used & (prepared.reward >= 0.0) & staying(graph_of(prepared.mdp)))


def _too_cheap(prepared: Prepared, used: np.ndarray) -> Infeasible:
    graph, stays = graph_of(prepared.mdp), _free_stays(prepared, used)
    if len(stays):
        return Infeasible(f"Staying is free in state {graph.choice_state[stays[0]]}, so the spectral radius of e^r is not below 1 and the "
                          "soft value is infinite.", STAYING_FREE)
    return Infeasible("Wandering is too cheap: the spectral radius of e^r is not below 1, so the soft value is "
                      "infinite.", "Raise the cost per step, or use gamma below 1.")


def _own_system(prepared: Prepared, goal_states: np.ndarray) -> SoftSystem:
    """One goal's system from factors of its own: choices that cannot be made on the way to it, or that no trip comes to, left out."""
    graph, shared = graph_of(prepared.mdp), prepared.shared
    usable = reach(graph, goal_states, 1.0).usable
    if prepared.within is not None:
        usable &= prepared.within[graph.choice_state]
    weight = np.where(usable, shared.weight, 0.0)
    factors = eliminate(shared.pattern, weight)
    if factors is None:
        raise _too_cheap(prepared, usable)
    goal, unit = shared.pattern.place_of[goal_states].astype(np.int64), np.zeros(graph.n_states)
    unit[goal] = 1.0
    return SoftSystem(factors, weight, goal, factors.solve_in_place(unit))


def _system(prepared: Prepared, goal_states: np.ndarray, places: np.ndarray) -> SoftSystem | None:
    """The system of one goal in which e^V keeps its digits at ``places``; None where there is none.

    What underflows farther from the goal than all of them is visited too seldom to matter to them.
    """
    graph, shared = graph_of(prepared.mdp), prepared.shared
    system = (_own_system(prepared, goal_states) if shared.factors is None
              else shared_system(graph, shared.factors, shared.weight, goal_states))
    if system is not None and _keeps_digits(system.z[places]):
        return system
    reward = prepared.reward
    if prepared.within is not None:  # other choices are as good as not there; finite, so that sums stay numbers
        reward = np.where(prepared.within[graph.choice_state], reward, NEVER)
    far = far_system(prepared.mdp, graph, shared.pattern, reward, goal_states)
    return far if far is not None and np.isfinite(far.z).all() and _keeps_digits(far.z[places]) else None


def _keeps_digits(z: np.ndarray) -> bool:
    return bool(z.min(initial=1.0) >= SMALLEST and z.max(initial=1.0) <= LARGEST)


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

"""MaxEnt: the agent errs in this choice and knows that it will err in every later one.

pi = softmax(Q), Q = r + gamma P V, V = log sum exp Q: maximum causal entropy (Ziebart 2010) and, in a
deterministic world at gamma = 1, recursive logit (Fosgerau, Frejinger and Karlström 2013, equation 5).
There e^V solves a linear system (``soft_linear``) and log P(trip) telescopes to the trip's reward less V at its start, so a
goal costs 2 + K solves: values, features to go for the scores, and expected visits. The likelihood is concave: minus its second
derivative is the covariance of the features met on the way, which the same solves give.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.errors import Infeasible
from irlcore.linear.elimination import Factors, eliminate
from irlcore.planning.graph import Graph, graph_of, reach
from irlcore.planning.values import bellman_values, choice_values
from irlcore.rationality import kernels
from irlcore.rationality.base import Rationality
from irlcore.rationality.derivatives import pull_values, push_values
from irlcore.rationality.soft_linear import SoftSystem, far_system, log_radius, pattern_in, shared_system
from irlcore.rationality.solution import Group, Limit, Prepared, Solution, Trips, sum_trips
from irlcore.worlds.mdp import MDP

SMALLEST = 1e-280  # below it e^V has lost digits to underflow
LARGEST = 1e280  # beyond it e^V, and what it is multiplied with, leave floating point
DEAREST = 300.0  # nats that a choice may pay before e^r is left to logarithms
TOO_CHEAP = Infeasible("Wandering is too cheap: the spectral radius of e^r is not below 1, so the soft value is infinite.",
                       "Raise the cost per step, or use gamma below 1.")


@dataclass(frozen=True, slots=True)
class _Shared:
    """What goals have in common: factors of I - W and weight (M,) = e^r."""

    factors: Factors
    weight: np.ndarray


class MaxEnt(Rationality):
    """Softmax of the soft value."""

    name = "maxent"
    title = "MaxEnt: expects its own slips (recursive logit)"
    sentence = ("The agent slips in single choices and reckons with slipping later too, so it likes to keep "
                "several good ways open. The standard model of route choice.")

    def prepare(self, mdp: MDP, reward: np.ndarray, gamma: float = 1.0, own: np.ndarray | None = None,
                parts: np.ndarray | None = None) -> Prepared:
        reward = np.ascontiguousarray(reward, np.float64)
        graph = graph_of(mdp)
        if not np.isfinite(reward).all():
            raise Infeasible("A reward is not a finite number.", "Check the features' values.")
        linear = graph.deterministic and gamma == 1.0
        if linear and reward.max(initial=0.0) > DEAREST:  # only where nobody goes round, or the way round is dear enough
            linear = False
            radius = log_radius(mdp, graph, reward)
            if radius is not None and radius[0] >= 0.0:
                raise Infeasible(TOO_CHEAP.what, TOO_CHEAP.fix)
        return Prepared(mdp, reward, gamma, shared=_factorise(mdp, graph, reward) if linear else None)

    def limit(self, mdp: MDP, reward: np.ndarray, gamma: float, columns: np.ndarray, room: float) -> Limit | None:
        """log rho(e^r), which is convex in the weights; only in a deterministic world at gamma = 1 are the values a linear system."""
        graph = graph_of(mdp)
        if not graph.deterministic or gamma < 1.0 or not np.isfinite(reward).all():
            return None
        if reward.max(initial=0.0) < DEAREST and eliminate(pattern_in(mdp, graph), np.exp(reward + room)) is not None:
            return None
        found = log_radius(mdp, graph, reward)
        return None if found is None else Limit(found[0], found[1] @ columns)

    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> Solution:
        graph = graph_of(prepared.mdp)
        if prepared.shared is not None:
            way = reach(graph, goal_states, 1.0)
            place_of = prepared.shared.factors.pattern.place_of
            system = _system(prepared, goal_states, place_of[way.order])
            if system is not None:
                value = np.full(graph.n_states, -np.inf)
                value[way.order] = system.value(place_of[way.order])
                q, log_policy = choice_values(graph, prepared.reward, 1.0, way.usable, value)
                return Solution(goal_states, value, q, log_policy, {"linear": system})
        values = bellman_values(graph, prepared.reward, prepared.gamma, goal_states, soft=True)
        return Solution(goal_states, values.value, values.q, values.log_policy,
                        {"policy": values.plan, "reach": values.reach})

    def jvp(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
        graph = graph_of(prepared.mdp)
        if "linear" in solution.cache:
            values = _push_linear(solution, columns)
        else:
            values = push_values(prepared, solution, columns)
        out = columns + prepared.gamma * (graph.P @ values)
        kernels.center(graph.choice_offsets, solution.policy, out)
        return out

    def vjp(self, prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
        if "linear" not in solution.cache:
            return pull_values(prepared, solution, weights)

        def pull(graph: Graph, solved: Solution, weight: np.ndarray, out: np.ndarray) -> None:
            out += solved.policy * _pull_linear(solved, weight)[:, graph.choice_state]

        return pull_values(prepared, solution, weights, pull)

    def trips(self, prepared: Prepared, group: Group, columns: np.ndarray) -> Trips:
        mdp = prepared.mdp
        if prepared.shared is None or self.parameters:  # a model made from this one may have parameters
            return super().trips(prepared, group, columns)
        at_goal = np.zeros(mdp.n_states, np.bool_)
        at_goal[group.goal_states] = True
        starts = prepared.shared.factors.pattern.place_of[mdp.choice_state[group.choices[group.offsets[:-1]]]]
        arrive = at_goal[mdp.successors[group.choices[group.offsets[1:] - 1]]].all()
        system = _system(prepared, group.goal_states, starts) if arrive else None
        if system is None:  # a trip that is cut short, that never arrives, or whose value needs logarithms
            return super().trips(prepared, group, columns)
        columns = np.ascontiguousarray(columns, np.float64)
        adjoint = system.pull(starts, 1.0 / system.z[starts])
        visited = system.visited(adjoint)
        x = system.push(columns, visited)
        to_go = x[starts, :columns.shape[1]] / system.z[starts, None]
        loglik = sum_trips(prepared.reward[group.choices], group.offsets) - system.value(starts)
        onward = sum_trips(at_goal[mdp.choice_state[group.choices]].astype(np.int64), group.offsets) > 0
        return Trips(np.where(onward, -np.inf, loglik), sum_trips(columns[group.choices], group.offsets) - to_go,
                     system.second_moment(visited, x, adjoint, columns) - to_go.T @ to_go, exact=True)


def _factorise(mdp: MDP, graph: Graph, reward: np.ndarray) -> _Shared:
    weight = np.exp(reward)
    factors = eliminate(pattern_in(mdp, graph), weight)
    if factors is None:
        raise Infeasible(TOO_CHEAP.what, TOO_CHEAP.fix)
    return _Shared(factors, weight)


def _system(prepared: Prepared, goal_states: np.ndarray, places: np.ndarray) -> SoftSystem | None:
    """The system of one goal in which e^V keeps its digits at ``places``; None where there is none.

    What underflows farther from the goal than all of them is visited too seldom to matter to them.
    """
    graph, shared = graph_of(prepared.mdp), prepared.shared
    system = shared_system(graph, shared.factors, shared.weight, goal_states)
    if system is not None and _keeps_digits(system.z[places]):
        return system
    far = far_system(prepared.mdp, graph, shared.factors.pattern, prepared.reward, goal_states)
    return far if far is not None and np.isfinite(far.z).all() and _keeps_digits(far.z[places]) else None


def _keeps_digits(z: np.ndarray) -> bool:
    return bool(z.min(initial=1.0) >= SMALLEST and z.max(initial=1.0) <= LARGEST)


def _push_linear(solution: Solution, columns: np.ndarray) -> np.ndarray:
    """dV, (S, K)."""
    system: SoftSystem = solution.cache["linear"]
    x = system.push(np.ascontiguousarray(columns, np.float64))[:, :columns.shape[1]]
    slopes = x * np.where(system.z > 0.0, 1.0 / np.where(system.z > 0.0, system.z, 1.0), 0.0)[:, None]
    return np.asarray(slopes[system.factors.pattern.place_of])


def _pull_linear(solution: Solution, weight: np.ndarray) -> np.ndarray:
    """Adjoint of ``_push_linear`` on weights (B, S) on V: expected visits, (B, S)."""
    system: SoftSystem = solution.cache["linear"]
    pattern, out = system.factors.pattern, np.zeros_like(weight)
    live = np.flatnonzero(np.isfinite(solution.value))
    places = pattern.place_of[live]
    for row, given in zip(out, weight[:, live] / system.z[places], strict=True):
        used = np.flatnonzero(given)
        row[live] = (system.pull(places[used], given[used]) * system.z)[places]
    return out

"""Planners: the hard value V* = max and the soft value V = log sum exp towards one goal.

Deterministic, gamma = 1, hard: Dijkstra. Other hard values: ``solver.py``, as far as rounding lets it go. Soft values, and the last digits
of hard ones: Gauss-Seidel sweeps of the Bellman equation, then Newton steps V <- V + (I - gamma P_pi)^-1 (T V - V), which are Howard's
policy iteration for the hard and its smooth counterpart for the soft equation (Puterman and Brumelle 1979); they stop when the Bellman
residual |T V - V| is below ``TOLERANCE`` of the values' size; near gamma = 1, where values may still be off by 1 / (1 - gamma) times that,
after one more Newton step."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import SuperLU, splu

from irlcore.engine import checkpoint
from irlcore.errors import Infeasible
from irlcore.planning import kernels
from irlcore.planning.graph import Graph, Reach, reach
from irlcore.planning.solver import solve_usable
from irlcore.worlds.limits import check_goal_states, check_numbers, check_reward

TOLERANCE = 1e-11
FARTHEST = 1e-9  # of the values' size: how far off they may be when sweeps have come to rest
TIE = 1e-9  # as in rationality.spread.kernels: share of a value within which two are equally good
SWEEPS_A_ROUND = 25
ROUNDS = 400
SMALL, MANY = 400, 16  # states whose system is inverted whole for many right sides, which cost SuperLU ten times as much
TINY = 50  # states whose inverse costs less than any other way
MOST_PASSES = 30  # over an old order, before a new search is cheaper


@dataclass(frozen=True, slots=True)
class Plan:
    """Shortest paths to one goal: value (S,), choice (S,) uint32 (of settled states that are not goals),
    order: (n,) uint32 settled states, nearest first; empty where the search had none."""

    value: np.ndarray
    choice: np.ndarray
    order: np.ndarray = field(default_factory=lambda: np.zeros(0, np.uint32))


def shortest_plan(graph: Graph, reward: np.ndarray, goal_states: np.ndarray) -> Plan:
    """Hard value of a deterministic world at gamma = 1 with no choice that pays (r <= 0; -inf for one that cannot be made)."""
    value = np.empty(graph.n_states)
    choice = np.zeros(graph.n_states, np.uint32)
    order = np.empty(graph.n_states, np.uint32)
    check_numbers("rewards", reward, (graph.n_choices,))
    count = kernels.shortest_paths(graph.into_offsets, graph.into_choice, graph.choice_state, np.ascontiguousarray(reward, np.float64),
                                   check_goal_states(goal_states, graph.n_states).astype(np.uint32), value, choice, order)
    return Plan(value, choice, order[:count])


def settled_plan(graph: Graph, reward: np.ndarray, goal_states: np.ndarray, order: np.ndarray | None = None,
                 into_reward: np.ndarray | None = None, within: np.ndarray | None = None) -> Plan:
    """The same plan from where a search for other rewards left off: passes over its ``order`` of states, which cost a fraction of a
    new search while rewards have not changed much. Its own order is that of the last search. into_reward: (M,)
    ``reward[graph.into_choice]``, where many goals share it.

    Passes need no costs, so choices may pay as long as no way round does; the search, which does, then only says where to begin.
    within: (S,) bool, states that matter; choices of others are left out where some choice pays. ``Infeasible`` where values rise
    without end.
    """
    value, choice = np.empty(graph.n_states), np.zeros(graph.n_states, np.uint32)
    goals = check_goal_states(goal_states, graph.n_states).astype(np.uint32)
    pays = bool((reward > 0.0).any())
    if pays:
        reward = _kept(graph, reward, goals, within)
    into_reward = reward[graph.into_choice] if into_reward is None or pays else into_reward
    while True:
        fresh = order is None
        if order is None:
            order = shortest_plan(graph, np.minimum(reward, 0.0) if pays else reward, goals).order
        if kernels.settle(graph.into_offsets, graph.into_choice, graph.into_state, into_reward, order, goals,
                          graph.n_states + 1 if fresh else MOST_PASSES, value, choice):
            return Plan(value, choice, _towards(graph, value, choice, goals) if pays else order)
        if fresh:
            raise Infeasible("Values rise without end: some way round pays.",
                             "With gamma = 1 every way round must cost: add a cost per step, or use gamma below 1.")
        order = None


def _kept(graph: Graph, reward: np.ndarray, goals: np.ndarray, within: np.ndarray | None) -> np.ndarray:
    """Rewards with -inf, which no pass takes, for the goals' own choices and those of states that do not matter."""
    out = np.array(reward)
    out[np.isin(graph.choice_state, goals)] = -np.inf
    if within is not None:
        out[~within[graph.choice_state]] = -np.inf
    return out


def _towards(graph: Graph, value: np.ndarray, choice: np.ndarray, goals: np.ndarray) -> np.ndarray:
    """(n,) uint32: states with a value by how many steps their plan takes, goals first, so that each comes after where it leads.
    Where choices pay, the order of values does not."""
    live = np.isfinite(value)
    after = np.arange(graph.n_states)
    chooses = live.copy()
    chooses[goals] = False
    after[chooses] = graph.successors[choice[chooses]]
    steps = chooses.astype(np.int64)
    while (steps[after] > 0).any() and steps.max() <= graph.n_states:  # each round doubles how far ahead is known
        steps, after = steps + steps[after], after[after]
    order = np.argsort(steps, kind="stable")
    return order[live[order]].astype(np.uint32)


@dataclass(frozen=True, slots=True)
class Values:
    """Solved Bellman equation: value (S,), q and log_policy (M,), the policy behind the value (M,), spread evenly over equally good
    choices where the value is hard, and the reach it was solved in."""

    value: np.ndarray
    q: np.ndarray
    log_policy: np.ndarray
    behind: np.ndarray
    reach: Reach


def bellman_values(graph: Graph, reward: np.ndarray, gamma: float, goal_states: np.ndarray, soft: bool) -> Values:
    """Solve V = T V in any world. Raises ``Infeasible`` where no finite fixed point is found."""
    goal_states, reward = check_goal_states(goal_states, graph.n_states, least=0), check_reward(reward, graph.n_choices)
    way = reach(graph, goal_states, gamma)
    value = np.full(graph.n_states, -np.inf)
    value[way.order] = 0.0
    order = way.order[~np.isin(way.order, goal_states)]
    if not soft:
        value = solve_usable(graph.outline, way.usable, np.isfinite(value), reward, gamma, goal_states, tolerance=0.0).value
    arrays = (graph.choice_offsets, graph.successor_offsets, graph.successors, graph.probabilities, reward, gamma,
              way.usable)
    best = np.inf
    for _ in range(ROUNDS):
        checkpoint()
        for _ in range(SWEEPS_A_ROUND):
            change = kernels.sweep(*arrays, order, soft, value)
            size = 1.0 + np.abs(value[order]).max(initial=0.0)
            if change <= TOLERANCE * size:
                if change > FARTHEST * size * (1.0 - gamma) and gamma < 1.0:
                    value = _newton(graph, reward, gamma, goal_states, way, value, soft)
                return _finish(graph, reward, gamma, way, value, soft)
        if not np.isfinite(change) or np.abs(value[order]).max(initial=0.0) > 1e12:
            break
        if gamma < 1.0 or change < 0.5 * best:
            best = change
            value = _newton(graph, reward, gamma, goal_states, way, value, soft, gamma < 1.0)
    raise Infeasible("The values of this world do not settle.",
                     "With gamma = 1 every cycle must cost enough: raise the cost per step, or use gamma below 1.")


def _newton(graph: Graph, reward: np.ndarray, gamma: float, goal_states: np.ndarray, way: Reach,
            value: np.ndarray, soft: bool, always: bool = False) -> np.ndarray:
    """One Newton step from ``value``, kept only where it makes the Bellman residual smaller, or ``always``: below gamma = 1 it is the value
    of the policy behind ``value``, and such values rise to the solution, though the first may have a larger residual."""
    now = _finish(graph, reward, gamma, way, value, soft)
    live, backup = way.order, _backup(graph, now, soft)
    residual = np.zeros(graph.n_states)
    residual[live] = backup[live] - value[live]
    residual[goal_states] = 0.0
    try:
        step = PolicyEvaluation(graph, now.behind, gamma, way, goal_states).solve(residual[:, None])[:, 0]
    except RuntimeError:  # a policy that never arrives: more sweeps will mend it
        return value
    new = value + step
    after = _finish(graph, reward, gamma, way, new, soft)
    left = np.abs(_backup(graph, after, soft)[live] - new[live])
    left[np.isin(live, goal_states)] = 0.0
    kept = np.isfinite(left).all() and (always or left.max(initial=0.0) < np.abs(residual).max(initial=0.0))
    return new if kept else value


def _backup(graph: Graph, values: Values, soft: bool) -> np.ndarray:
    """T V by state, (S,): the largest Q, or the log of the sum of exp Q."""
    out = np.full(graph.n_states, -np.inf)
    if soft:
        np.logaddexp.at(out, graph.choice_state, values.q)
    else:
        np.maximum.at(out, graph.choice_state, values.q)
    return out


def _finish(graph: Graph, reward: np.ndarray, gamma: float, way: Reach, value: np.ndarray, soft: bool) -> Values:
    q, log_policy = choice_values(graph, reward, gamma, way.usable, value)
    if soft:
        return Values(value, q, log_policy, np.exp(log_policy), way)
    return Values(value, q, log_policy, best_choices(graph, q), way)


def best_choices(graph: Graph, q: np.ndarray) -> np.ndarray:
    """(M,) the policy that takes each state's best choices, evenly where several are as good; 0 where nothing leads on.

    As good is what differs by less than ``TIE`` of itself: which of several ties comes out on top is rounding's doing.
    """
    best = np.full(graph.n_states, -np.inf)
    np.maximum.at(best, graph.choice_state, q)
    top = best[graph.choice_state]
    taken = np.isfinite(q) & (q >= top - TIE * (1.0 + np.abs(top)))
    count = np.bincount(graph.choice_state[taken], minlength=graph.n_states)[graph.choice_state]
    return np.where(taken, 1.0 / np.maximum(count, 1), 0.0)


def single_best(graph: Graph, q: np.ndarray) -> np.ndarray:
    """(M,) the policy that takes the first of each state's best choices, where a plan must be one and not a mean of several."""
    taken = np.flatnonzero(best_choices(graph, q))
    out = np.zeros(graph.n_choices)
    out[taken[np.unique(graph.choice_state[taken], return_index=True)[1]]] = 1.0
    return out


def choice_values(graph: Graph, reward: np.ndarray, gamma: float, usable: np.ndarray,
                  value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Q (M,) and log softmax(Q) (M,) under ``value``."""
    q, log_policy = np.empty(graph.n_choices), np.empty(graph.n_choices)
    kernels.choice_values(graph.choice_offsets, graph.successor_offsets, graph.successors, graph.probabilities,
                          reward, gamma, usable, value, q, log_policy)
    return q, log_policy


class PolicyEvaluation:
    """(I - gamma P_pi) of one policy, factorised once, solved either way round.

    policy: (M,) float64. Works on the states of ``way`` that are not goals; rows elsewhere are zero.
    """

    def __init__(self, graph: Graph, policy: np.ndarray, gamma: float, way: Reach, goal_states: np.ndarray) -> None:
        self.states = np.sort(way.order[~np.isin(way.order, goal_states)]).astype(np.int64)
        self.n_states = graph.n_states
        chosen = sp.csr_array((policy, (graph.choice_state.astype(np.int64), np.arange(graph.n_choices))),
                              shape=(graph.n_states, graph.n_choices))
        step = (chosen @ graph.P)[self.states][:, self.states]
        self.system = sp.csc_array(sp.eye_array(len(self.states)) - gamma * step)
        self.inverse: np.ndarray | None = None
        self.factors: SuperLU | None = None

    def solve(self, right: np.ndarray, transposed: bool = False) -> np.ndarray:
        """Solve for right sides (S, B): (S, B) float64. RuntimeError where the policy never arrives."""
        out = np.zeros((self.n_states, right.shape[1]))
        if not len(self.states) or not right.shape[1]:
            return out
        if len(self.states) <= (SMALL if right.shape[1] >= MANY else TINY):
            if self.inverse is None:
                try:
                    self.inverse = np.linalg.inv(self.system.toarray())
                except np.linalg.LinAlgError as error:
                    raise RuntimeError("The policy never arrives.") from error  # as splu says of a singular system
            out[self.states] = (self.inverse.T if transposed else self.inverse) @ right[self.states]
            return out
        if self.factors is None:
            self.factors = splu(self.system)
        out[self.states] = self.factors.solve(np.asfortranarray(right[self.states]), "T" if transposed else "N")
        return out

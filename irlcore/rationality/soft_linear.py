"""Soft values towards one goal as a linear system: z = e^(V - p) solves (I - W_D) z = e_D in a deterministic world at gamma = 1.

W[s, s'] = sum of e^(r + p[s'] - p[s]) over the choices from s to s', W_D the same without the rows of the goal's states D. p is
a potential: 0 as long as e^V stays within floating point, else the cheapest way to the goal, which leaves z near 1 however far
the goal. With p = 0 the factors of I - W serve all goals: G = (I - W)^-1 gives z = G[:, D] G[D, D]^-1 1 and, for a right side x
that is 0 in D, (I - W_D)^-1 x = G x - G[:, D] G[D, D]^-1 (G x)[D].

Derivatives in direction k, phi_k on the choices: x_k = (I - W_D)^-1 (phi_k * W) z, dV = x_k / z. All arrays over states are by
place (``linear.elimination``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.linear.elimination import Factors, Pattern, eliminate, pattern_of
from irlcore.linear.perron import perron_root
from irlcore.planning.graph import Graph, graph_of
from irlcore.planning.values import shortest_plan
from irlcore.rationality import kernels
from irlcore.worlds.mdp import MDP

MOST_SHARED = 16  # goal states; beyond, factors of the goal's own cost less than a column of G for each
SMALLEST_KEPT = 1e-290  # smaller ones are as good as 0, and denormal numbers are slow to reckon with
WIDE = 100.0  # nats between rewards, whose products along a cycle may underflow
BALANCINGS = 100
SELDOM = 1e-16  # expected visits, below rounding beside the trip that is sure to be made


@dataclass(frozen=True, slots=True)
class SoftSystem:
    """One goal's system.

    factors: of I - W, or of I - W_D where ``columns`` is None. weight: (M,) e^(r + p[next] - p[here]). goal: (n,) int64 places.
    z: (S,). potential: (S,) nats or None for 0. columns: (n, S), G[:, D] turned over. core: (n, n), G[D, D]^-1.
    """

    factors: Factors
    weight: np.ndarray
    goal: np.ndarray
    z: np.ndarray
    potential: np.ndarray | None = None
    columns: np.ndarray | None = None
    core: np.ndarray | None = None

    def value(self, places: np.ndarray) -> np.ndarray:
        """V (n,) of states by their places; -inf where z is 0."""
        with np.errstate(divide="ignore"):
            value: np.ndarray = np.log(self.z[places])
        return value if self.potential is None else value + self.potential[places]

    def push(self, features: np.ndarray, places: np.ndarray | None = None) -> np.ndarray:
        """z dV for ``features`` (M, K) on the rewards: x (S, K and up to 3 columns of zeros). ``places``: where features count."""
        pattern, k = self.factors.pattern, features.shape[1]
        right = np.zeros((len(self.z), -(-k // 4) * 4))
        kernels.spread_columns(pattern.places if places is None else places, pattern.choice_offsets, pattern.state_at, pattern.into,
                               self.weight, self.z, features, right)
        right[self.goal] = 0.0
        x = self.factors.solve_in_place(right)
        if self.columns is not None and self.core is not None:
            for column, amount in zip(self.columns, self.core @ x[self.goal], strict=True):
                kernels.take_out(column, amount, x)
        return x

    def pull(self, places: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Adjoint of (I - W_D)^-1 on weights (n,) on z at ``places`` (n,): (S,), 0 in the goal."""
        inner = np.zeros(len(self.z))
        np.add.at(inner, places, weights)
        inner[self.goal] = 0.0
        if self.columns is not None and self.core is not None:
            inner[self.goal] = -(self.columns[:, places] @ np.where(np.isin(places, self.goal), 0.0, weights)) @ self.core
        out = self.factors.solve_transposed(inner)
        out[self.goal] = 0.0
        return out

    def visited(self, adjoint: np.ndarray) -> np.ndarray:
        """Places (n,) uint32 with expected visits above ``SELDOM``, by the adjoint of 1 / z at the starts."""
        return np.flatnonzero(adjoint * self.z > SELDOM).astype(np.uint32)

    def second_moment(self, places: np.ndarray, x: np.ndarray, adjoint: np.ndarray, features: np.ndarray) -> np.ndarray:
        """Expected products (K, K) of the features met at ``places``, by x of ``push`` and the adjoint of 1 / z at the starts."""
        pattern, out = self.factors.pattern, np.zeros((features.shape[1],) * 2)
        kernels.second_moment(places, pattern.choice_offsets, pattern.state_at, pattern.into, self.weight, self.z, x, adjoint,
                              features, out)
        return 0.5 * (out + out.T)


def pattern_in(mdp: MDP) -> Pattern:
    """The pattern of a deterministic world, kept with the MDP."""
    return mdp.derived(_pattern)


def _pattern(mdp: MDP) -> Pattern:
    graph = graph_of(mdp)
    return pattern_of(graph.choice_offsets, graph.choice_state, graph.successors)


def shared_system(graph: Graph, factors: Factors, weight: np.ndarray, goal_states: np.ndarray) -> SoftSystem | None:
    """One goal's system from the factors that all goals share; p = 0. None where G leaves floating point."""
    goal = factors.pattern.place_of[goal_states].astype(np.int64)
    if len(goal) > MOST_SHARED:
        return _own(graph, factors.pattern, weight, goal_states, None) or SoftSystem(factors, weight, goal, np.zeros(graph.n_states))
    columns = _columns(factors, goal)
    columns[columns < SMALLEST_KEPT] = 0.0
    if not np.isfinite(columns).all():
        return None
    core = np.linalg.inv(columns[:, goal].T)
    z = core.sum(axis=1) @ columns
    z[goal] = 1.0
    return SoftSystem(factors, weight, goal, z, None, columns, core)


def _columns(factors: Factors, goal: np.ndarray) -> np.ndarray:
    """G[:, goal] turned over, (n, S). Four columns at once take less than two by themselves, and come out the same."""
    n, states = len(goal), len(factors.inverse)
    if n <= 2:
        columns = np.zeros((n, states))
        columns[np.arange(n), goal] = 1.0
        for column in columns:
            factors.solve_in_place(column)
        return columns
    sides = np.zeros((states, -(-n // 4) * 4))
    sides[goal, np.arange(n)] = 1.0
    return np.ascontiguousarray(factors.solve_in_place(sides)[:, :n].T)


def log_radius(mdp: MDP, reward: np.ndarray) -> tuple[float, np.ndarray] | None:
    """log rho of W = e^r and its derivative (M,) by r, however large rewards are; None where no choice lies on a cycle."""
    on_cycle = graph_of(mdp).on_circle
    if not on_cycle.any():
        return None
    balanced = reward + _balance(mdp, reward, on_cycle)
    top = float(balanced[on_cycle].max())
    root = perron_root(pattern_in(mdp), np.where(on_cycle, np.exp(np.minimum(balanced - top, 0.0)), 0.0))
    return None if root is None else (float(np.log(root.rho)) + top, root.use)


def _balance(mdp: MDP, reward: np.ndarray, on_cycle: np.ndarray) -> np.ndarray:
    """(M,) p[next] - p[here] that brings rewards on cycles, which go round with the same sum whatever p, nearer to each other: each
    state's largest one in to its largest one out (Osborne 1960, in the largest norm). 0 where e^r can carry them as they are."""
    if float(np.ptp(reward[on_cycle])) < WIDE:
        return np.zeros(len(reward))
    here, there = mdp.choice_state[on_cycle], mdp.successors[on_cycle]
    p = np.zeros(mdp.n_states)
    for _ in range(BALANCINGS):
        now = reward[on_cycle] + p[there] - p[here]
        out, into = np.full(mdp.n_states, -np.inf), np.full(mdp.n_states, -np.inf)
        np.maximum.at(out, here, now)
        np.maximum.at(into, there, now)
        live = np.isfinite(out)
        p[live] += 0.25 * (out[live] - into[live])  # a half where neighbours keep still, which they do not
    return np.asarray(p[mdp.successors] - p[mdp.choice_state])


def far_system(mdp: MDP, graph: Graph, pattern: Pattern, reward: np.ndarray, goal_states: np.ndarray) -> SoftSystem | None:
    """One goal's system around the cheapest way, for goals so far that e^V underflows; None where it overflows even so."""
    merged = np.minimum(_merged(mdp, reward), 0.0)
    potential = shortest_plan(graph, merged, goal_states).value
    live = np.isfinite(potential)
    potential[~live] = 0.0
    exponent = reward + potential[graph.successors] - potential[graph.choice_state]
    kept = live[graph.choice_state] & live[graph.successors]
    weight = np.where(kept, np.exp(np.where(kept, exponent, 0.0)), 0.0)
    return _own(graph, pattern, weight, goal_states, potential[pattern.state_at])


def _own(graph: Graph, pattern: Pattern, weight: np.ndarray, goal_states: np.ndarray,
         potential: np.ndarray | None) -> SoftSystem | None:
    weight = weight.copy()
    for g in goal_states:
        weight[graph.choice_offsets[g]:graph.choice_offsets[g + 1]] = 0.0
    factors = eliminate(pattern, weight)
    if factors is None:
        return None
    goal = pattern.place_of[goal_states].astype(np.int64)
    unit = np.zeros(graph.n_states)
    unit[goal] = 1.0
    return SoftSystem(factors, weight, goal, factors.solve_in_place(unit), potential)


def _beside(mdp: MDP) -> np.ndarray:
    """(M,) the same number for all choices that lead from one state to another."""
    return np.asarray(np.unique(mdp.choice_state * np.int64(mdp.n_states) + mdp.successors, return_inverse=True)[1])


def _merged(mdp: MDP, reward: np.ndarray) -> np.ndarray:
    """(M,) log of the sum of e^r over a choice and those beside it that lead from the same state to the same."""
    beside = mdp.derived(_beside)
    if len(beside) == 0 or beside.max() + 1 == len(beside):
        return reward
    top = np.full(int(beside.max()) + 1, -np.inf)
    np.maximum.at(top, beside, reward)
    total = np.bincount(beside, np.exp(reward - top[beside]))
    return np.asarray((top + np.log(total))[beside])

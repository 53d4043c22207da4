"""What rationality models take and give: rewards made ready, values and choices towards one goal, trips and their likelihood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from irlcore.tracks.tracks import take_flat
from irlcore.worlds.mdp import MDP, Paths


@dataclass(frozen=True, slots=True)
class ModelParameter:
    """A number of a model's own, estimated with the weights: its name, what people call it, what it says, where a fit starts, its
    limits."""

    name: str
    title: str
    sentence: str
    start: float
    lower: float = -np.inf
    upper: float = np.inf


@dataclass(frozen=True, slots=True)
class Prepared:
    """An MDP with rewards, ready to be solved for any goal.

    reward: (M,) float64. gamma: discount in (0, 1]. own: (P,) float64, values of the model's own parameters.
    parts: (M, K) float64, the reward that each feature brings, phi theta; None where not told.
    shared: what the model computed once for all goals.
    """

    mdp: MDP
    reward: np.ndarray
    gamma: float
    own: np.ndarray = field(default_factory=lambda: np.zeros(0))
    parts: np.ndarray | None = None
    shared: Any = None


@dataclass(frozen=True, slots=True)
class Solution:
    """The values and choices towards one goal.

    goal_states: (n,) int64, absorbing, value 0. value: (S,) float64, V; -inf where the goal is out of reach.
    q: (M,) float64, Q = r + gamma P V; -inf where a choice cannot lead to the goal or leaves it.
    log_policy: (M,) float64, log of the choice probability; -inf where q is.
    cache: what the model keeps for derivatives (plan, order, factors).
    """

    goal_states: np.ndarray
    value: np.ndarray
    q: np.ndarray
    log_policy: np.ndarray
    cache: dict[str, Any] = field(default_factory=dict)

    @property
    def policy(self) -> np.ndarray:
        """(M,) float64: choice probabilities; every state that can reach the goal sums to 1."""
        return np.exp(self.log_policy)


@dataclass(frozen=True, slots=True)
class Limit:
    """How far rewards are from where a model's values end being finite: value < 0 inside, convex in the weights; gradient (K,) by them."""

    value: float
    gradient: np.ndarray


@dataclass(frozen=True, slots=True)
class Group:
    """Trips to one goal: index (n,) into the paths, offsets (n + 1,) and choices (C,) of these trips alone.

    cache: what models derive from these and the world alone, whatever the weights, kept for the next evaluation.
    """

    goal_states: np.ndarray
    index: np.ndarray
    offsets: np.ndarray
    choices: np.ndarray
    cache: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def part(self, start: int, stop: int) -> Group:
        """The trips ``start:stop`` of the group."""
        first, last = self.offsets[start], self.offsets[stop]
        return Group(self.goal_states, self.index[start:stop], self.offsets[start:stop + 1] - first, self.choices[first:last])


def group_by_goal(paths: Paths) -> list[Group]:
    """Paths grouped by their goal, so that each distinct goal is solved once."""
    order = np.argsort(paths.goal, kind="stable")
    cuts = np.flatnonzero(np.diff(paths.goal[order])) + 1
    groups = []
    for index in np.split(order, cuts) if len(order) else []:
        offsets, flat = take_flat(paths.offsets, index)
        groups.append(Group(paths.goals.of(int(paths.goal[index[0]])), index, offsets, paths.choices[flat]))
    return groups


@dataclass(frozen=True, slots=True)
class Trips:
    """The likelihood of a group's trips and its derivatives by K weights and the model's P own parameters.

    loglik: (n,) float64, nats. scores: (n, K + P) float64. information: (K + P, K + P) float64, positive semi-definite: the
    Fisher information of the choices at the visited states, or the outer product of the scores where steps hang together.
    exact: whether the information is minus the second derivative of the log-likelihood.
    """

    loglik: np.ndarray
    scores: np.ndarray
    information: np.ndarray
    exact: bool = False


def sum_trips(rows: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Sum rows (C, ...) within each trip, (n, ...); every trip has at least one choice."""
    out: np.ndarray = np.add.reduceat(rows, offsets[:-1], axis=0)
    return out

"""What rationality models take and give: rewards made ready, values and choices towards one goal, trips and their likelihood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import scipy.sparse as sp

from irlcore.engine import kept
from irlcore.errors import WorldError
from irlcore.tracks.tracks import take_flat
from irlcore.worlds.limits import check_gamma, check_numbers, check_reward
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


@kept
@dataclass(frozen=True, slots=True, weakref_slot=True)
class Prepared:
    """An MDP with rewards, ready to be solved for any goal.

    reward: (M,) float64. gamma: discount in (0, 1]. own: (P,) float64, values of the model's own parameters.
    parts: (M, K) float64, the reward that each feature brings, phi theta; None where not told.
    shared: what the model computed once for all goals. within: (S,) bool, the states that trips can come to, where it is known where
    they are (``planning.graph.reached_by``): at gamma = 1 ways round elsewhere do not matter.
    """

    mdp: MDP
    reward: np.ndarray
    gamma: float
    own: np.ndarray = field(default_factory=lambda: np.zeros(0))
    parts: np.ndarray | None = None
    shared: Any = None
    within: np.ndarray | None = None

    def __post_init__(self) -> None:
        check_gamma(self.gamma)
        check_reward(self.reward, self.mdp.n_choices)
        if self.parts is not None:
            check_numbers("features' parts of the rewards", self.parts, (self.mdp.n_choices, -1))
        if self.within is not None:
            check_numbers("states that trips can come to", self.within, (self.mdp.n_states,))


class ValueSlope(Protocol):
    """How the values towards one goal move with the rewards, both ways round."""

    def push(self, columns: np.ndarray) -> np.ndarray:
        """dV for reward directions ``columns`` (M, K): (S, K), what lies ahead."""

    def pull(self, weights: np.ndarray) -> np.ndarray:
        """Weights on V (B, S) pulled back to the rewards: (B, M)."""


@dataclass(frozen=True, slots=True)
class Solution:
    """The values and choices towards one goal; models that keep more for themselves do so in a kind of their own.

    goal_states: (n,) int64, absorbing, value 0. value: (S,) float64, V; -inf where the goal is out of reach.
    q: (M,) float64, Q = r + gamma P V; -inf where a choice cannot lead to the goal or leaves it.
    log_policy: (M,) float64, log of the choice probability; -inf where q is. slope: of the value.
    """

    goal_states: np.ndarray
    value: np.ndarray
    q: np.ndarray
    log_policy: np.ndarray
    slope: ValueSlope

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
class Rows:
    """The choices of some states: states (U,), offsets (U + 1,) and choices (n,) uint32, ascending.

    steps: (C,) int64, where the choices that were made stand among them. targets: (T,) uint32, the states they lead to from where
    something is left to choose, and the goal.
    """

    states: np.ndarray
    offsets: np.ndarray
    choices: np.ndarray
    steps: np.ndarray
    targets: np.ndarray


@dataclass(frozen=True, slots=True)
class Block:
    """What one trip had to choose from: at (D,) int64 index into the rows, of all choices of its U distinct states.

    offsets: (U + 1,) uint32. counts: (D,) how often each was recorded. steps: (T,) int64, where each step of the trip stands in D, -1
    where there was nothing to choose. seen_offsets, seen, chance: CSR of the chance that choice ``seen`` is recorded as the row.
    possible: no step was one that cannot lead to the goal.
    """

    at: np.ndarray
    offsets: np.ndarray
    counts: np.ndarray
    steps: np.ndarray
    seen_offsets: np.ndarray
    seen: np.ndarray
    chance: np.ndarray
    possible: bool


@dataclass(slots=True)
class Remembered:
    """What models derive from a group's trips and the world alone, whatever the weights, kept for the next evaluation: the choices of all
    states they pass, how often each trip passed each of these (n, U), what each trip had to choose from, the order of states in the last
    search towards the goal, how many of them had to be looked at, and from which of the states asked for the goal can be reached."""

    rows: Rows | None = None
    visits: sp.csr_array | None = None
    blocks: list[Block] | None = None
    order: np.ndarray | None = None
    near: int = 0
    arriving: np.ndarray | None = None


@kept
@dataclass(frozen=True, slots=True, weakref_slot=True)
class Group:
    """Trips to one goal: index (n,) into the paths, offsets (n + 1,) and choices (C,) of these trips alone. log_prior: (n,) float64, nats,
    of this goal, where the trips were cut off and it is one of several that each may have had; None where it is known. apart: whether the
    information is asked for trip by trip. counts: (n,) int64, how many trips each one stands for in the information, by models that say
    they can (``Rationality.counts_alike``); None where each is one."""

    goal_states: np.ndarray
    index: np.ndarray
    offsets: np.ndarray
    choices: np.ndarray
    remembered: Remembered = field(default_factory=Remembered, repr=False, compare=False)
    log_prior: np.ndarray | None = None
    apart: bool = False
    counts: np.ndarray | None = None

    def part(self, start: int, stop: int) -> Group:
        """The trips ``start:stop`` of the group."""
        first, last = self.offsets[start], self.offsets[stop]
        return Group(self.goal_states, self.index[start:stop], self.offsets[start:stop + 1] - first, self.choices[first:last],
                     log_prior=None if self.log_prior is None else self.log_prior[start:stop],
                     counts=None if self.counts is None else self.counts[start:stop])

    def only(self, mine: np.ndarray) -> Group:
        """The trips of the group that ``mine`` (n,) bool marks."""
        offsets, flat = take_flat(self.offsets, np.flatnonzero(mine))
        return Group(self.goal_states, self.index[mine], offsets, self.choices[flat],
                     log_prior=None if self.log_prior is None else self.log_prior[mine],
                     counts=None if self.counts is None else self.counts[mine])


def group_by_goal(paths: Paths, numbers: np.ndarray | None = None) -> list[Group]:
    """Paths grouped by their goal, so that each distinct goal is solved once; ``index`` of the groups is into the paths, or what they have
    for ``numbers`` (N,) where they were taken from others. WorldError where one has no goal (``unfinished``)."""
    if (paths.goal < 0).any():
        raise WorldError(f"The goal of track {paths.ids[np.argmax(paths.goal < 0)]} is not known, since it was cut off.",
                         "Judge it under every goal that it may have had.")
    order = np.argsort(paths.goal, kind="stable")
    cuts = np.flatnonzero(np.diff(paths.goal[order])) + 1
    groups = []
    for index in np.split(order, cuts) if len(order) else []:
        offsets, flat = take_flat(paths.offsets, index)
        own = index if numbers is None else numbers[index]
        groups.append(Group(paths.goals.of(int(paths.goal[index[0]])), own, offsets, paths.choices[flat]))
    return groups


@dataclass(frozen=True, slots=True)
class Trips:
    """The likelihood of a group's trips and its derivatives by K weights and the model's P own parameters.

    loglik: (n,) float64, nats. scores: (n, K + P) float64. information: (K + P, K + P) float64, positive semi-definite: the
    Fisher information of the choices at the visited states, or the outer product of the scores where steps hang together.
    exact: whether the information is minus the second derivative of the log-likelihood. each: (n, K + P, K + P), the information trip by
    trip, of trips whose goal is one of several and where it was asked for; None where it is the outer product of a trip's scores, or exact.
    """

    loglik: np.ndarray
    scores: np.ndarray
    information: np.ndarray
    exact: bool = False
    each: np.ndarray | None = None


def sum_trips(rows: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Sum rows (C, ...) within each trip, (n, ...); every trip has at least one choice."""
    out: np.ndarray = np.add.reduceat(rows, offsets[:-1], axis=0)
    return out

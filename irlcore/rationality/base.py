"""The contract of a rationality model.

A model turns rewards r (M,) into log choice probabilities log pi (M,) for one goal at a time, and knows the
derivative of these in both directions: ``jvp`` pushes feature columns forward (scores, Fisher information),
``vjp`` pulls weights on the choices back to the rewards (gradients, the residual matrix of section 5 of the
design). Whatever the goals have in common is computed once, by ``prepare``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from irlcore.worlds.mdp import MDP


@dataclass(frozen=True, slots=True)
class Prepared:
    """An MDP with rewards, ready to be solved for any goal.

    reward: (M,) float64. gamma: discount in (0, 1]. shared: what the model computed once for all goals.
    """

    mdp: MDP
    reward: np.ndarray
    gamma: float
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


class Rationality(ABC):
    """One model of limited rationality."""

    name: ClassVar[str]
    title: ClassVar[str]
    sentence: ClassVar[str]
    costs_only: ClassVar[bool] = False
    """At gamma = 1 no choice may have a reward above 0."""
    smooth: ClassVar[bool] = True
    """log pi has a continuous derivative by the rewards; where not, a likelihood may have a maximum in each of its pieces."""

    @abstractmethod
    def prepare(self, mdp: MDP, reward: np.ndarray, gamma: float = 1.0) -> Prepared:
        """What all goals share. Raises ``Infeasible``."""

    @abstractmethod
    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> Solution:
        """Values and choice probabilities towards one goal. Raises ``Infeasible``."""

    @abstractmethod
    def jvp(self, prepared: Prepared, solution: Solution, columns: np.ndarray) -> np.ndarray:
        """d log pi / d r applied to ``columns`` (M, K): (M, K) float64, the derivative of log pi by weights."""

    @abstractmethod
    def vjp(self, prepared: Prepared, solution: Solution, weights: np.ndarray) -> np.ndarray:
        """``weights`` (B, M) on log pi pulled back to the rewards: (B, M) float64."""

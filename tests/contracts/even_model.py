"""A small sound model with a number of its own, for tests to break."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from irlcore.rationality.base import Rationality
from irlcore.rationality.conditional_logit import ConditionalLogit
from irlcore.rationality.solution import Group, ModelParameter, Prepared, Rows, Solution
from irlcore.worlds.mdp import MDP


class Few(ConditionalLogit):
    """Choices that lead to states of an even number have something more."""

    name = "few"
    title = "Few"
    sentence = "Likes even numbers."
    parameters = (ModelParameter("even", "Even", "How much even numbers are liked.", 0.0, -5.0, 5.0),)

    def prepare(self, mdp: MDP, reward: np.ndarray, gamma: float = 1.0, own: np.ndarray | None = None,
                parts: np.ndarray | None = None) -> Prepared:
        return replace(super().prepare(mdp, reward, gamma), own=self.own_start(own), parts=parts)

    def solve(self, prepared: Prepared, goal_states: np.ndarray) -> Solution:
        return super().solve(replace(prepared, reward=prepared.reward + prepared.own[0] * even(prepared.mdp)), goal_states)

    def at_rows(self, prepared: Prepared, group: Group, columns: np.ndarray) -> tuple[Rows, np.ndarray, np.ndarray]:
        return Rationality.at_rows(self, prepared, group, columns)

    def own_jvp(self, prepared: Prepared, solution: Solution) -> np.ndarray:
        return self.jvp(prepared, solution, even(prepared.mdp)[:, None])


def even(mdp: MDP) -> np.ndarray:
    """(M,) 1 where a choice leads to a state whose id is even."""
    return (mdp.ids[mdp.likeliest] % np.uint64(2) == 0).astype(float)

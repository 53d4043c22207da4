"""Errors on the value of what comes next that are known by their factors: X (n, F) of the choices in hand, so that a draw is X z.

*Weights*: every want is misjudged by a share of itself, theta_k (1 + sigma z_k), so eps(s) = sum over k of z_k times what
feature k brings from s to the goal. *Path* where plans are no tree (the world moves by chance, or gamma < 1): errors of cost
xi(s) = sqrt|r| z of the planned choice in each state, carried along the plan, eps = xi + gamma P_plan eps: one factorisation
serves all draws and, for the derivative, all features.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irlcore.planning.graph import graph_of
from irlcore.rationality.derivatives import evaluation_of
from irlcore.rationality.noise.draws import normal_draws
from irlcore.rationality.solution import Prepared, Solution

ROUNDING = 1e-6  # below this reward the root of |r| is rounded off, so that its slope stays finite


@dataclass(frozen=True, slots=True)
class ErrorFactors:
    """X: (n, F) float64. draws: (R, F), z of each. slopes: (n, F, K), dX by weights. used: dimensions of the fixed draws that are taken."""

    X: np.ndarray
    draws: np.ndarray
    slopes: np.ndarray
    used: int = 0


def no_factors(n: int, count: int, k: int) -> ErrorFactors:
    """No factor at all."""
    return ErrorFactors(np.zeros((n, 0)), np.zeros((count, 0)), np.zeros((n, 0, k)))


def beside_each_other(parts: list[ErrorFactors]) -> ErrorFactors:
    """Several kinds of error, one beside the other."""
    def beside(name: str) -> np.ndarray:
        return np.ascontiguousarray(np.concatenate([getattr(part, name) for part in parts], axis=1))

    return ErrorFactors(beside("X"), beside("draws"), beside("slopes"), sum(part.used for part in parts))


def weight_factors(parts_ahead: np.ndarray, slopes_ahead: np.ndarray, count: int) -> ErrorFactors:
    """parts_ahead (n, K): what each feature brings after each choice, gamma P dV; slopes_ahead (n, L) the same by unit of weight;
    L is K, or they are all 0 and the features of another matrix. count: R draws, in the first dimensions of the fixed ones."""
    slopes = np.zeros((*parts_ahead.shape, slopes_ahead.shape[1]))
    if slopes_ahead.any():
        each = np.arange(parts_ahead.shape[1])
        slopes[:, each, each] = slopes_ahead
    k = parts_ahead.shape[1]
    return ErrorFactors(parts_ahead, normal_draws(count, k), slopes, k)


@dataclass(frozen=True, slots=True)
class Fields:
    """Cost errors carried along the plan: ahead (S, H), one column a draw; the second half of the R = 2 H draws are opposites.

    planned: (S,) int64, the choice of the plan, -1 at goals and where there is none. z: (S, H).
    """

    ahead: np.ndarray
    planned: np.ndarray
    z: np.ndarray

    def factors(self, prepared: Prepared, solution: Solution, choices: np.ndarray, columns: np.ndarray) -> ErrorFactors:
        """X of ``choices``, and its slopes by the weights of ``columns`` (M, K)."""
        graph, half, k = graph_of(prepared.mdp), self.z.shape[1], columns.shape[1]
        after = prepared.gamma * graph.P[choices]
        slopes = np.zeros((after.shape[0], half * k))
        if k:
            live, turned = self.planned >= 0, np.zeros((graph.n_states, half * k))
            by_reward = self.z[live] * slope_of_root(prepared.reward[self.planned[live]])[:, None]
            turned[live] = (by_reward[:, :, None] * columns[self.planned[live]][:, None, :]).reshape(-1, half * k)
            slopes = after @ evaluation_of(prepared, solution).solve(turned)
        unit = np.eye(half)
        return ErrorFactors(after @ self.ahead, np.vstack((unit, -unit)), slopes.reshape(after.shape[0], half, k))

    def pull(self, prepared: Prepared, solution: Solution, on_X: np.ndarray) -> np.ndarray:
        """Weights on X (M, H) pulled back to the rewards, (M,)."""
        graph = graph_of(prepared.mdp)
        on_ahead = prepared.gamma * (graph.P.T @ on_X)
        adjoint = evaluation_of(prepared, solution).solve(on_ahead, transposed=True)
        out, live = np.zeros(graph.n_choices), self.planned >= 0
        planned = self.planned[live]
        out[planned] = (adjoint[live] * self.z[live]).sum(axis=1) * slope_of_root(prepared.reward[planned])
        return out


def fields_of(prepared: Prepared, solution: Solution, count: int, seed: int) -> Fields:
    """The fields of ``count`` draws towards one goal, made at first use and kept with the solution. Errors are drawn by state, not by
    choice, so that a change of plan where two choices tie leaves them as they are."""
    if "fields" not in solution.cache:
        mdp = prepared.mdp
        planned = np.full(mdp.n_states, -1)
        used = np.flatnonzero(solution.cache["policy"] > 0.5)
        planned[mdp.choice_state[used]] = used
        z = np.random.default_rng(seed).standard_normal((mdp.n_states, count // 2))
        xi = np.where(planned[:, None] >= 0, root_of(prepared.reward[planned])[:, None] * z, 0.0)
        solution.cache["fields"] = Fields(evaluation_of(prepared, solution).solve(xi), planned, z)
    fields: Fields = solution.cache["fields"]
    return fields


def root_of(reward: np.ndarray) -> np.ndarray:
    """sqrt|r|, rounded off below ``ROUNDING``."""
    rounded: np.ndarray = (reward**2 + ROUNDING**2) ** 0.25
    return rounded


def slope_of_root(reward: np.ndarray) -> np.ndarray:
    """d sqrt|r| / d r, of the rounded root."""
    slope: np.ndarray = 0.5 * reward * (reward**2 + ROUNDING**2) ** -0.75
    return slope

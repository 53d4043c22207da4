"""The rows of the solver benchmark, and values to measure errors against."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from irlcore.worlds.instances import garnet, shortest_path_grid, slippery_grid
from irlcore.worlds.mdp import MDP

TOLERANCE = 1e-6
"""Sup norm of the error asked of everyone."""
GAMMAS = {"grid50": 0.99, "grid200": 0.99, "grid500": 0.99, "garnet": 0.99, "det200": 0.999, "det500": 0.999}


def problem(row: str) -> tuple[MDP, np.ndarray, float]:
    """(world, reward (M,), gamma) of a row, the same each time."""
    rng = np.random.default_rng(0)
    if row == "garnet":
        return *garnet(10_000, 8, 10, rng), GAMMAS[row]
    if row.startswith("grid"):
        return *slippery_grid(int(row[4:]), 0.1, rng), GAMMAS[row]
    return *shortest_path_grid(int(row[3:]), rng), GAMMAS[row]


def reference(mdp: MDP, reward: np.ndarray, gamma: float) -> np.ndarray:
    """V* (S,) by plain value iteration, which shares no code with the solver, until MacQueen's bounds are 1e-10 apart or
    rounding keeps them from closing."""
    P = sp.csr_array((mdp.probabilities, mdp.successors.astype(np.int32), mdp.successor_offsets.astype(np.int32)),
                     shape=(mdp.n_choices, mdp.n_states))
    factor, value, rounding = gamma / (1.0 - gamma), np.zeros(mdp.n_states), 2.0**-50
    while True:
        new = np.maximum.reduceat(reward + gamma * (P @ value), mdp.choice_offsets[:-1])
        change, value = new - value, new
        if np.ptp(change) < max(1e-10 / factor, rounding * np.abs(value).max()):
            return np.asarray(value + factor * 0.5 * (change.min() + change.max()))

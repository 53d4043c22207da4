"""The grid worlds of the two papers on which estimators without a likelihood were first shown."""

from __future__ import annotations

import numpy as np

from irlcore.fitting.demonstrations import features_to_go
from irlcore.planning.graph import graph_of
from irlcore.planning.values import bellman_values
from irlcore.worlds.mdp import MDP

NOWHERE = np.empty(0, np.int64)


def noisy_grid(width: int, slip: float = 0.3, absorbing: int | None = None) -> MDP:
    """Four moves (east, west, north, south) from every cell of a square; with probability ``slip`` a move in a direction drawn
    evenly happens instead. A move off the grid stays where it is. Cell 0 is lower left."""
    cell = np.arange(width * width)
    x, y = cell % width, cell // width
    moves = np.array([(1, 0), (-1, 0), (0, 1), (0, -1)])
    after = np.clip(y[:, None] + moves[:, 1], 0, width - 1) * width + np.clip(x[:, None] + moves[:, 0], 0, width - 1)
    if absorbing is not None:
        after[absorbing] = absorbing
    chance = np.full((4, 4), slip / 4.0) + (1.0 - slip) * np.eye(4)
    m = 4 * len(cell)
    return MDP(np.arange(0, m + 1, 4), np.arange(0, 4 * m + 1, 4), np.repeat(after, 4, axis=0).ravel(),
               np.tile(chance, (len(cell), 1)).ravel(), np.repeat(cell, 4))


def best_choices(mdp: MDP, reward: np.ndarray, gamma: float) -> np.ndarray:
    """(S, 4) bool: which of the four choices are best under rewards of states (S,), ties within rounding included."""
    q = bellman_values(graph_of(mdp), reward[mdp.choice_state], gamma, NOWHERE, soft=False).q.reshape(-1, 4)
    return q >= q.max(axis=1, keepdims=True) - 1e-9 * np.abs(q).max()


def macrocells(width: int, side: int) -> np.ndarray:
    """(S, K): which square of side x side cells each cell lies in."""
    cell = np.arange(width * width)
    k = (cell // width // side) * (width // side) + cell % width // side
    return np.eye((width // side) ** 2)[k]


def sparse_rewards(k: int, rng: np.random.Generator) -> np.ndarray:
    """(K,) of Abbeel and Ng, section 5.1: 0 with probability .9, else uniform on [0, 1]; summing to 1."""
    while True:
        weights = np.where(rng.random(k) < 0.9, 0.0, rng.random(k))
        if np.count_nonzero(weights) > 1:
            return weights / weights.sum()


def expectations(mdp: MDP, features: np.ndarray, weights: np.ndarray, gamma: float) -> np.ndarray:
    """(K,): features (S, K) of states, expected under the best policy for ``weights``, from a start drawn evenly."""
    phi = features[mdp.choice_state]
    return np.asarray(features_to_go(graph_of(mdp), phi, phi @ weights, gamma, NOWHERE)[0].mean(axis=0))

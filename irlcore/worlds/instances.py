"""Random instances on which planners are measured and tested: grids, shortest paths, Garnets.

Each generator returns an ``MDP`` and a reward (M,) drawn from the ``rng`` passed, so a seed gives the same instance
again. A goal is built in as an absorbing state: one that can only stay, at no cost. The same arrays so suit a solver
that knows of no goals.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from irlcore.errors import WorldError
from irlcore.worlds.mdp import MDP

_MOVES = np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]])
"""(5, 2): stay, right, left, down, up."""


def slippery_grid(side: int, slip: float, rng: np.random.Generator) -> tuple[MDP, np.ndarray]:
    """``side`` x ``side`` cells; stay or move to one of four neighbours, at a cost drawn from U(0.5, 1.5) a cell.

    With probability ``slip`` one of the five moves, drawn evenly, happens instead of the chosen one; a move off the
    grid stays. The last cell is the absorbing goal. Reward (M,), M = 5 side^2 - 4.
    """
    _check_side(side)
    if not 0.0 <= slip < 1.0:
        raise WorldError(f"A slip of {slip} is not a probability.", "Choose a number from 0 up to, not including, 1.")
    n = side * side
    to = _neighbours(side)
    counts = np.full(n, 5)
    counts[-1] = 1
    state = np.repeat(np.arange(n), counts)
    chosen = np.arange(len(state)) - 5 * state
    rows = np.repeat(np.arange(len(state)), 5)
    chance = slip / 5.0 + (1.0 - slip) * (np.arange(5) == chosen[:, None])
    P = sp.csr_array((chance.ravel(), (rows, to[state].ravel())), shape=(len(state), n))
    P.sum_duplicates()
    P.eliminate_zeros()
    P = sp.csr_array(P[:-1]) if n > 1 else P[:0]
    P = sp.csr_array(sp.vstack([P, sp.csr_array(([1.0], ([0], [n - 1])), shape=(1, n))], format="csr"))
    reward = -rng.uniform(0.5, 1.5, n)[state]
    reward[-1] = 0.0
    return _mdp_of(counts, P), reward


def shortest_path_grid(side: int, rng: np.random.Generator) -> tuple[MDP, np.ndarray]:
    """``side`` x ``side`` cells; a move to one of up to four neighbours, at a cost drawn from U(0.5, 1.5) a move,
    always succeeds. The last cell is the absorbing goal. Reward (M,)."""
    _check_side(side)
    n = side * side
    state, move = np.nonzero(_neighbours(side)[:, 1:] != np.arange(n)[:, None])
    to = _neighbours(side)[state, 1 + move]
    leaves = state != n - 1
    state, to = np.append(state[leaves], n - 1), np.append(to[leaves], n - 1)
    P = sp.csr_array((np.ones(len(to)), to, np.arange(len(to) + 1)), shape=(len(to), n))
    reward = -rng.uniform(0.5, 1.5, len(to))
    reward[-1] = 0.0
    return _mdp_of(np.bincount(state, minlength=n), P), reward


def garnet(n_states: int, n_choices: int, branching: int, rng: np.random.Generator) -> tuple[MDP, np.ndarray]:
    """A Garnet: a random MDP with neither geometry nor goal (Archibald, McKinnon and Thomas, *On the generation of
    Markov decision processes*, J. Opl. Res. Soc. 46, 1995).

    Every state has ``n_choices``; each leads to ``branching`` different states drawn evenly, with the
    probabilities that ``branching - 1`` uniform cuts of [0, 1] make. Reward (M,) is uniform on [0, 1].
    """
    if n_states < 1 or n_choices < 1 or not 1 <= branching <= n_states:
        raise WorldError(f"A Garnet of {n_states} states, {n_choices} choices and branching {branching} does not exist.",
                         "Every size is at least 1, and branching at most the number of states.")
    m = n_states * n_choices
    to = rng.integers(0, n_states, (m, branching))
    while len(bad := np.flatnonzero((np.diff(np.sort(to, axis=1), axis=1) == 0).any(axis=1))):
        redrawn = rng.integers(0, n_states, (len(bad), branching)) if branching * branching <= n_states else \
            np.argsort(rng.random((len(bad), n_states)), axis=1)[:, :branching]
        to[bad] = redrawn
    cuts = np.sort(rng.random((m, branching - 1)), axis=1)
    chance = np.diff(np.concatenate((np.zeros((m, 1)), cuts, np.ones((m, 1))), axis=1), axis=1)
    P = sp.csr_array((chance.ravel(), np.sort(to, axis=1).ravel(), np.arange(m + 1) * branching), shape=(m, n_states))
    return _mdp_of(np.full(n_states, n_choices), P), rng.random(m)


def _check_side(side: int) -> None:
    if side < 1:
        raise WorldError(f"A grid of side {side} has no cell.", "Choose a side of at least 1.")


def _neighbours(side: int) -> np.ndarray:
    """(side^2, 5) int64: where each of the moves leads; one off the grid stays."""
    y, x = np.divmod(np.arange(side * side), side)
    at_x, at_y = x[:, None] + _MOVES[:, 0], y[:, None] + _MOVES[:, 1]
    inside = (at_x >= 0) & (at_x < side) & (at_y >= 0) & (at_y < side)
    return np.where(inside, at_y * side + at_x, np.arange(side * side)[:, None])


def _mdp_of(counts: np.ndarray, P: sp.csr_array) -> MDP:
    """The MDP with ``counts`` (S,) choices a state and transitions P (M, S)."""
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    P.sort_indices()
    return MDP(offsets, P.indptr.astype(np.int64), P.indices.astype(np.int64), P.data.astype(np.float64),
               np.repeat(np.arange(len(counts)), counts))

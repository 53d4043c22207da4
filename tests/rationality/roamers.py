"""Made-up agents without a destination, for tests: their walks, and what obvious, slow ways of reckoning make of them."""

from __future__ import annotations

import numpy as np

from irlcore.rationality.solution import Group
from irlcore.worlds.mdp import MDP, Paths, build_goals, build_mdp
from irlcore.worlds.slip import with_slip
from tests.rationality.worlds import grid_mdp, recorded

NO_GOAL = np.zeros(0, np.int64)


def heading_mdp(side: int, slip: float = 0.0) -> MDP:
    """A grid whose states are a cell and the last of four moves."""
    moves = ((1, 0), (0, 1), (-1, 0), (0, -1))
    state, after = [], []
    for cell in range(side * side):
        for last in range(4):
            for k, (dx, dy) in enumerate(moves):
                x, y = cell % side + dx, cell // side + dy
                if 0 <= x < side and 0 <= y < side:
                    state.append(cell * 4 + last)
                    after.append((y * side + x) * 4 + k)
    return with_slip(build_mdp(side * side * 4, np.array(state), np.array(after))[0], slip)


def network_mdp(rng: np.random.Generator, n: int = 12) -> MDP:
    """Links of which each leads on to two or three others."""
    state, after = np.repeat(np.arange(n), 3), np.concatenate([rng.permutation(n)[:3] for _ in range(n)])
    kept = np.arange(3 * n) % 9 != 0
    return build_mdp(n, state[kept], after[kept])[0]


SHAPES = {"grid": lambda: grid_mdp(4, 4), "slip": lambda: grid_mdp(4, 3, 0.2), "heading": lambda: heading_mdp(3),
          "heading and slip": lambda: heading_mdp(3, 0.1), "network": lambda: network_mdp(np.random.default_rng(8))}


def roam(mdp: MDP, log_pi: np.ndarray, starts: np.ndarray, lengths: np.ndarray, rng: np.random.Generator) -> Paths:
    """Walks of given lengths, drawn choice by choice; as they are recorded."""
    choices, last = [], []
    for start, n in zip(starts, lengths, strict=True):
        at = int(start)
        for _ in range(n):
            here = np.arange(mdp.choice_offsets[at], mdp.choice_offsets[at + 1])
            m = int(rng.choice(here, p=np.exp(log_pi[here])))
            ends = slice(mdp.successor_offsets[m], mdp.successor_offsets[m + 1])
            at = int(rng.choice(mdp.successors[ends], p=mdp.probabilities[ends]))
            choices.append(recorded(mdp, m, at))
        last.append(at)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    ids = np.array([f"r{i}" for i in range(len(starts))], object)
    return Paths(ids, offsets, np.array(choices), np.array(last), np.zeros(len(starts), np.int64), build_goals([NO_GOAL], ["nowhere"]))


def slow_values(mdp: MDP, reward: np.ndarray, gamma: float, soft: bool) -> np.ndarray:
    """V (S,) by value iteration until nothing moves."""
    P, value = mdp.transition_matrix().toarray(), np.zeros(mdp.n_states)
    for _ in range(100_000):
        q = reward + gamma * (P @ value)
        pieces = np.split(q, mdp.choice_offsets[1:-1])
        new = np.array([np.logaddexp.reduce(piece) if soft else piece.max() for piece in pieces])
        if np.abs(new - value).max() < 1e-13:
            return new
        value = new
    raise AssertionError("values did not settle")


def softmax_by_state(mdp: MDP, q: np.ndarray) -> np.ndarray:
    """log softmax (M,)."""
    return np.concatenate([piece - np.logaddexp.reduce(piece) for piece in np.split(q, mdp.choice_offsets[1:-1])])


def whole(paths: Paths) -> Group:
    """All paths as one group."""
    return Group(NO_GOAL, np.arange(len(paths)), paths.offsets, paths.choices)

"""Small worlds of every shape a solver meets, and a slow reference for their values."""

from __future__ import annotations

import numpy as np

from irlcore.worlds.instances import garnet, shortest_path_grid, slippery_grid
from irlcore.worlds.mdp import MDP, build_mdp

World = tuple[MDP, np.ndarray, float, np.ndarray | None]
"""(world, reward, gamma, goal states or None)."""


def shapes() -> dict[str, World]:
    """One world a shape, by name."""
    rng = np.random.default_rng(0)
    slip, slip_cost = slippery_grid(7, 0.1, rng)
    wild, wild_cost = slippery_grid(6, 0.7, rng)
    path, path_cost = shortest_path_grid(7, rng)
    mixed, mixed_reward = garnet(40, 4, 5, rng)
    thin, thin_reward = garnet(60, 3, 1, rng)
    goal = np.array([48])
    return {
        "slippery": (slip, slip_cost, 0.95, None),
        "slippery to a goal": (slip, slip_cost, 0.95, np.array([24])),
        "slippery, undiscounted": (slip, slip_cost, 1.0, goal),
        "slippery, pays everywhere": (slip, rng.uniform(0.0, 5.0, slip.n_choices), 0.99, None),
        "mostly slipping": (wild, wild_cost, 0.9, None),
        "mostly slipping, undiscounted": (wild, wild_cost, 1.0, np.array([35, 0])),
        "shortest path": (path, path_cost, 0.999, None),
        "shortest path to a goal": (path, path_cost, 0.9, goal),
        "shortest path, undiscounted": (path, path_cost, 1.0, goal),
        "deterministic without a goal": (thin, thin_reward, 0.97, None),
        "garnet": (mixed, mixed_reward, 0.9, None),
        "garnet, far-sighted": (mixed, mixed_reward - 0.5, 0.9999, None),
        "garnet to a goal": (mixed, -mixed_reward - 0.1, 1.0, np.array([3])),
        "myopic": (mixed, mixed_reward, 0.0, None),
        "one state": (build_mdp(1, np.array([0, 0]), np.array([0, 0]))[0], np.array([1.0, 2.0]), 0.5, None),
        "dead end": (build_mdp(4, np.array([0, 0, 2]), np.array([1, 2, 3]))[0], np.array([-1.0, 4.0, 1.0]), 0.5, np.array([1])),
    }


def exact_values(mdp: MDP, reward: np.ndarray, gamma: float, goals: np.ndarray | None) -> np.ndarray:
    """V* by Howard's policy iteration on dense matrices; -inf where the agent gets stuck."""
    n, P = mdp.n_states, mdp.transition_matrix().toarray()
    fixed = np.zeros(n, bool)
    fixed[[] if goals is None else goals] = True
    open_ = ~fixed[mdp.choice_state]
    alive = fixed.copy()
    while True:  # away from choices that may lead to where nothing can be chosen
        alive = fixed | (np.bincount(mdp.choice_state[open_], minlength=n) > 0)
        safe = open_ & ~(P[:, ~alive] > 0.0).any(axis=1)
        if (safe == open_).all():
            break
        open_ = safe
    states = np.flatnonzero(alive & ~fixed)
    value = np.where(alive, 0.0, -np.inf)
    if gamma == 1.0:  # from 0 down, until the greedy plan arrives
        for _ in range(300):
            value = _backup(mdp, P, reward, gamma, value, open_, states)[0]
    for _ in range(200):
        new, plan = _backup(mdp, P, reward, gamma, value, open_, states)
        step = P[plan][:, states]
        solved = np.linalg.solve(np.eye(len(states)) - gamma * step, reward[plan])
        if np.abs(solved - value[states]).max(initial=0.0) < 1e-12 * (1.0 + np.abs(solved).max(initial=0.0)):
            break
        value = new
        value[states] = solved
    return value


def _backup(mdp: MDP, P: np.ndarray, reward: np.ndarray, gamma: float, value: np.ndarray, open_: np.ndarray,
            states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    q = np.where(open_, reward + gamma * P @ np.where(np.isfinite(value), value, 0.0), -np.inf)
    plan = np.array([mdp.choice_offsets[s] + int(np.argmax(q[mdp.choice_offsets[s]:mdp.choice_offsets[s + 1]])) for s in states],
                    np.int64)
    new = value.copy()
    new[states] = q[plan]
    return new, plan

"""Made-up agents for the study of prices: each with weights of its own about its class's, in a town and on a grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.conditions import NAMES, THETA, build_town
from benchmarks.unfinished import grid
from irlcore.errors import Infeasible
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.solution import Solution
from irlcore.worlds.mdp import Paths, build_goals, choices_between

SPREAD = 0.15  # of each weight: standard deviation among agents
ACROSS, WIDTH, GOALS = 9, 8, 6
GRID_THETA = np.array([-2.2, -1.0, -0.6])


@dataclass(frozen=True, slots=True)
class Setting:
    """A world and a class in it: problem without trips of its own, the class's weights (K,), the one that is changed."""

    problem: Problem
    theta: np.ndarray
    changed: int
    goals: tuple[int, ...]


def setting(name: str, seed: int, model: Rationality | None = None) -> Setting:
    """The town of the study of rationality, of which the price of minor streets is changed, or a grid of cells, of which a feature's is.
    model: of its agents, MaxEnt where not given."""
    rng = np.random.default_rng(seed)
    if name == "town":
        made = build_town(ACROSS, rng)
        mdp, phi, theta, changed = made.mdp, made.phi, THETA, NAMES.index("minor")
    else:
        mdp = grid(WIDTH)
        phi = np.column_stack((np.ones(mdp.n_choices), rng.random((mdp.n_states, 2))[mdp.successors]))
        theta, changed = GRID_THETA, 1
    names = NAMES if name == "town" else ("step", "a", "b")
    goals = tuple(int(g) for g in rng.choice(mdp.n_states, GOALS, replace=False))
    nobody = Paths(np.array(["nobody"], object), np.array([0, 1]), np.zeros(1, np.int64), mdp.successors[:1], np.zeros(1, np.int64),
                   build_goals([np.array([g]) for g in goals], [str(g) for g in goals]))
    return Setting(Problem(mdp, phi, names, nobody, model or MaxEnt()), theta, changed, goals)


def agents(where: Setting, n: int, tracks: int, times: float, rng: np.random.Generator) -> tuple[Paths, np.ndarray]:
    """``tracks`` trips of each of ``n`` agents, one after the other, and their weights (n, K); times: what the changed weight is by."""
    problem = where.problem
    choices: list[np.ndarray] = []
    last: list[int] = []
    goal: list[int] = []
    weights: list[np.ndarray] = []
    while len(weights) < n:
        theta = where.theta * (1.0 + SPREAD * rng.standard_normal(len(where.theta)))
        theta[where.changed] *= times
        try:
            own = trips(where, theta, tracks, rng)
        except Infeasible:  # an agent to whom wandering costs nothing
            continue
        weights.append(theta)
        for one, end, g in own:
            choices.append(one)
            last.append(end)
            goal.append(g)
    offsets = np.concatenate(([0], np.cumsum([len(c) for c in choices]))).astype(np.int64)
    ids = np.array([f"{i}" for i in range(len(choices))], object)
    return Paths(ids, offsets, np.concatenate(choices), np.array(last), np.array(goal), problem.paths.goals), np.array(weights)


def trips(where: Setting, theta: np.ndarray, tracks: int, rng: np.random.Generator) -> list[tuple[np.ndarray, int, int]]:
    """Choices, last state and goal of each of an agent's trips, from anywhere to one of the goals."""
    problem = where.problem
    own: list[tuple[np.ndarray, int, int]] = []
    ways: dict[int, Solution] = {}
    prepared = problem.model.prepare(problem.mdp, problem.phi @ theta)
    while len(own) < tracks:
        g = int(rng.integers(len(where.goals)))
        if g not in ways:
            ways[g] = problem.model.solve(prepared, np.array([where.goals[g]]))
        states = np.array(problem.model.sample(prepared, ways[g], int(rng.integers(problem.mdp.n_states)), rng), np.int64)
        if len(states) > 1:
            own.append((choices_between(problem.mdp, states[:-1], states[1:]), int(states[-1]), g))
    return own

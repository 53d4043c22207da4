"""Ties: on a grid of equal costs most states have several best ways. No model's log-likelihood may move by more than rounding when
rewards move by a millionth of a millionth of themselves, as they do from one processor to the next."""

from __future__ import annotations

import numpy as np

from irlcore.fitting.likelihood import evaluate
from irlcore.fitting.problem import Problem
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.models import MODELS
from irlcore.rationality.sampling import draw_path
from irlcore.rationality.solution import group_by_goal
from irlcore.worlds.mdp import MDP, Paths, build_goals, build_mdp, choices_between

MOVED = 1e-12
SEEDS = 3
TRIPS = 150
WEIGHTS = np.array([-1.6, -0.6])


def grid(side: int) -> MDP:
    """Four moves on a square of cells."""
    cell = np.arange(side * side).reshape(side, side)
    pairs = [(cell[:, :-1], cell[:, 1:]), (cell[:-1], cell[1:])]
    here = np.concatenate([np.concatenate((a.ravel(), b.ravel())) for a, b in pairs])
    there = np.concatenate([np.concatenate((b.ravel(), a.ravel())) for a, b in pairs])
    return build_mdp(side * side, here, there)[0]


def trips(mdp: MDP, phi: np.ndarray, side: int) -> Paths:
    """Trips of agents that slip now and then, from anywhere to three corners."""
    rng, goals = np.random.default_rng(side), [side - 1, side * side - 1, side * (side - 1)]
    model = Boltzmann()
    prepared = model.prepare(mdp, phi @ WEIGHTS)
    policies = [model.solve(prepared, np.array([g])).policy for g in goals]
    ways: list[tuple[int, np.ndarray]] = []
    while len(ways) < TRIPS:
        g = int(rng.integers(3))
        states = np.array(draw_path(mdp, policies[g], int(rng.integers(side * side)), np.array([goals[g]]), rng))
        if len(states) > 1:
            ways.append((g, states))
    choices = [choices_between(mdp, way[:-1], way[1:]) for _, way in ways]
    return Paths(np.array([str(i) for i in range(TRIPS)], dtype=object), np.concatenate(([0], np.cumsum([len(c) for c in choices]))),
                 np.concatenate(choices), np.array([way[-1] for _, way in ways]), np.array([g for g, _ in ways]),
                 build_goals([np.array([g]) for g in goals], [str(g) for g in goals]))


def moved_by(side: int) -> dict[str, float]:
    """The most that each model's log-likelihood moves, in nats, on a grid of ``side`` x ``side`` cells."""
    mdp, rng = grid(side), np.random.default_rng(0)
    phi = np.column_stack((np.ones(mdp.n_choices), (rng.random(side * side) < 0.3)[mdp.successors].astype(float)))
    paths = trips(mdp, phi, side)
    out = {}
    for name, model in MODELS.items():
        problem = Problem(mdp, phi, ("step", "mud"), paths, model)
        own = np.array([0.3] * len(model.parameters))

        def loglik(factor: np.ndarray | float, problem: Problem = problem, own: np.ndarray = own) -> float:
            reward, parts = problem.phi @ WEIGHTS * factor, problem.phi * WEIGHTS
            prepared = problem.model.prepare(problem.mdp, reward, 1.0, own, parts)
            return float(evaluate(problem.model, prepared, problem.phi, problem.paths, group_by_goal(problem.paths)).loglik.sum())

        still = loglik(1.0)
        out[name] = max(abs(loglik(1.0 + MOVED * np.random.default_rng(s).uniform(-1.0, 1.0, mdp.n_choices)) - still)
                        for s in range(SEEDS))
    return out


def ties() -> dict[str, dict[str, float]]:
    """Nats by which each model moves on two grids."""
    return {"grid5": moved_by(5), "grid15": moved_by(15)}

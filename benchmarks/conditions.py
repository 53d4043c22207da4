"""The worlds and agents of the study of rationality: a made-up town, and trips of agents that know, slip, or are unsure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from irlcore.engine import run_all
from irlcore.fitting.likelihood import path_logliks
from irlcore.rationality.models import MODELS
from irlcore.rationality.solution import Prepared, Solution
from irlcore.simulation.beliefs import Uncertainty, UnsureAgents
from irlcore.worlds.mdp import MDP, Paths, build_goals, build_mdp, choices_between

NAMES = ("length", "minor", "zone", "signal")
THETA = np.array([-2.5, -0.8, -1.5, -0.8])
ACROSS = 3  # crossings: a neighbourhood is 3 x 3 of them, every third street is a main one
OWN_NOISE = 0.5  # sigma^2 of agents drawn from a model that has a noise of its own


@dataclass(frozen=True, slots=True)
class Town:
    """A square of ``across`` x ``across`` crossings with a street both ways between neighbours.

    phi: (M, 4) float64 features ``NAMES`` of every directed street: its length (0.6 to 1.4, in blocks), the part of it on a
    minor street, the part in the zone, and whether it ends at a signal. neighbourhood: (S,) int64.
    """

    mdp: MDP
    phi: np.ndarray
    across: int
    neighbourhood: np.ndarray


def build_town(across: int, rng: np.random.Generator) -> Town:
    """Every third street is a main one; the zone is a square of a third of the town's width, three crossings in ten have a signal."""
    x, y = np.tile(np.arange(across), across), np.repeat(np.arange(across), across)
    here = np.arange(across**2)
    one = np.concatenate((here[x < across - 1], here[y < across - 1]))
    two = np.concatenate((here[x < across - 1] + 1, here[y < across - 1] + across))
    length = rng.uniform(0.6, 1.4, len(one))
    minor = np.where(two - one == 1, y[one], x[one]) % ACROSS != 1
    wide = max(1, across // 3)
    left, low = rng.integers(0, across - wide + 1, 2)
    inside = (x >= left) & (x < left + wide) & (y >= low) & (y < low + wide)
    street = np.column_stack((length, length * minor, length * 0.5 * (inside[one].astype(float) + inside[two])))
    signal = rng.random(across**2) < 0.3
    state, after = np.concatenate((one, two)), np.concatenate((two, one))
    mdp, order = build_mdp(across**2, state, after)
    phi = np.column_stack((np.concatenate((street, street)), signal[after]))[order]
    return Town(mdp, phi, across, (y // ACROSS) * -(-across // ACROSS) + x // ACROSS)


Trip = Callable[[int, np.ndarray], list[int]]
"""Draws the states of one trip from a start to goal states; empty where it came to nothing."""


CERTAIN = Uncertainty(0.0)


@dataclass(frozen=True, slots=True)
class Condition:
    """Who drives: agents of a model of rationality, or (``model`` empty) agents that are unsure of costs.

    theta: (K,) the true weights, nats of the choice's Gumbel error; ``uncertainty`` is in the same unit.
    """

    name: str
    said: str
    model: str = ""
    uncertainty: Uncertainty = CERTAIN
    sharpness: float = 1.0

    @property
    def theta(self) -> np.ndarray:
        """(K,) true weights."""
        return self.sharpness * THETA

    def trips_in(self, town: Town, rng: np.random.Generator) -> Trip:
        """How one trip is drawn in a town."""
        if not self.model:
            agents = self._agents(town)
            return lambda start, goal: agents.sample(start, goal, rng)
        model, prepared = MODELS[self.model], self._prepared(town)
        solved: dict[int, Solution] = {}

        def draw(start: int, goal: np.ndarray) -> list[int]:
            if int(goal[0]) not in solved:
                solved[int(goal[0])] = model.solve(prepared, goal)
            return model.sample(prepared, solved[int(goal[0])], start, rng)

        return draw

    def own_logliks(self, town: Town, paths: Paths, particles: int, rng: np.random.Generator) -> np.ndarray:
        """(N,) nats: log-likelihood of trips under the law that they were drawn from, which no model can beat on average."""
        if self.model:
            return path_logliks(MODELS[self.model], self._prepared(town), paths)
        agents, draws = self._agents(town), rng.spawn(len(paths))
        few = particles if self.uncertainty.tau > 0.0 else 1

        def one(i: int) -> float:
            choices = paths.choices[paths.offsets[i]:paths.offsets[i + 1]]
            return agents.loglik(choices, paths.goals.of(int(paths.goal[i])), few, draws[i])

        return np.array(run_all(one, range(len(paths))))

    def _agents(self, town: Town) -> UnsureAgents:
        return UnsureAgents(town.mdp, -(town.phi @ self.theta), town.neighbourhood, self.uncertainty)

    def _prepared(self, town: Town) -> Prepared:
        model = MODELS[self.model]
        return model.prepare(town.mdp, town.phi @ self.theta, 1.0, np.full(len(model.parameters), OWN_NOISE), town.phi * self.theta)


def unsure(tau: float, look: float = 0.5, correlation: float = 0.0) -> Uncertainty:
    """Uncertainty tau; one look errs by ``look`` times as much as the prior, so at a half it leaves a fifth of the variance."""
    return Uncertainty(tau, look * tau, correlation)


CONDITIONS = (
    Condition("knows", "know every cost (tau = 0, which is Boltzmann)", uncertainty=CERTAIN),
    Condition("maxent", "are drawn from MaxEnt", model="maxent"),
    Condition("noisy_value", f"are drawn from NoisyValue, sigma^2 {OWN_NOISE}", model="noisy_value"),
    Condition("tau 0.25", "are unsure, tau = 0.25", uncertainty=unsure(0.25)),
    Condition("tau 0.5", "are unsure, tau = 0.5", uncertainty=unsure(0.5)),
    Condition("tau 1", "are unsure, tau = 1", uncertainty=unsure(1.0)),
    Condition("tau 0.5 near", "are unsure, tau = 0.5, errors correlate by 0.6 within a neighbourhood",
              uncertainty=unsure(0.5, correlation=0.6)),
    Condition("tau 0.5 blind", "are unsure, tau = 0.5, and never learn", uncertainty=unsure(0.5, look=np.inf)),
    # a Gumbel error of a third: in its unit costs are 3 times as large, and so is their variance 9 times: tau grows by root 3
    Condition("tau 0.5 sharp", "are unsure, tau = 0.5, and slip by a third as much", uncertainty=unsure(0.5 * 3.0**0.5), sharpness=3.0),
)


def draw_paths(town: Town, condition: Condition, n_goals: int, n: int, rng: np.random.Generator, longest: int = 200) -> Paths:
    """n trips to ``n_goals`` crossings, each from a crossing at least half the town's width away; those of more than ``longest``
    steps are drawn again."""
    places = np.sort(rng.choice(town.mdp.n_states, n_goals, replace=False))
    goals = build_goals([np.array([p]) for p in places], [str(p) for p in places])
    draw = condition.trips_in(town, rng)
    trips: list[list[int]] = []
    goal_of: list[int] = []
    while len(trips) < n:
        goal, start = int(rng.integers(n_goals)), int(rng.integers(town.mdp.n_states))
        if _blocks(town.across, start, int(places[goal])) < town.across // 2:
            continue
        states = draw(start, goals.of(goal))
        if 1 < len(states) <= longest + 1:
            trips.append(states)
            goal_of.append(goal)
    before = np.concatenate([t[:-1] for t in trips])
    after = np.concatenate([t[1:] for t in trips])
    offsets = np.concatenate(([0], np.cumsum([len(t) - 1 for t in trips]))).astype(np.int64)
    return Paths(np.array([str(i) for i in range(n)], dtype=object), offsets, choices_between(town.mdp, before, after),
                 np.array([t[-1] for t in trips]), np.array(goal_of), goals)


def _blocks(across: int, one: int, two: int) -> int:
    return abs(one % across - two % across) + abs(one // across - two // across)

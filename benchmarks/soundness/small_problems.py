"""Small made-up worlds with few trips, of every shape: where a search is most easily led astray."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.worlds.mdp import MDP, Paths, build_goals, build_mdp, choices_between
from irlcore.worlds.slip import with_slip

LONGEST = 200
AGENTS: tuple[Rationality, ...] = (Boltzmann(), MaxEnt(), NoisyValue(), Replanned(persistent=True, draws=8))


@dataclass(frozen=True, slots=True)
class SmallProblem:
    """What the world looks like, and the problem (its model to be replaced)."""

    name: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of world: pairs(rng) gives its number of states and links (M, 2); slip, gamma, number of trips and of goals."""

    name: str
    pairs: Callable[[np.random.Generator], tuple[int, np.ndarray]]
    trips: int
    goals: int = 2
    slip: float = 0.0
    gamma: float = 1.0
    even: bool = False


def grid(side: int) -> Callable[[np.random.Generator], tuple[int, np.ndarray]]:
    """Four moves on side x side cells."""
    cell = np.arange(side * side)
    east = np.stack((cell, cell + 1), axis=1)[cell % side < side - 1]
    north = np.stack((cell, cell + side), axis=1)[cell // side < side - 1]
    one_way = np.concatenate((east, north))
    return lambda rng: (side * side, np.concatenate((one_way, one_way[:, ::-1])))


def ring(n: int) -> Callable[[np.random.Generator], tuple[int, np.ndarray]]:
    """Both ways round, and a chord."""
    here = np.arange(n)
    round_about = np.stack((here, (here + 1) % n), axis=1)
    chord = np.array([[0, n // 2], [n // 2, 0]])
    return lambda rng: (n, np.concatenate((round_about, round_about[:, ::-1], chord)))


def network(n: int) -> Callable[[np.random.Generator], tuple[int, np.ndarray]]:
    """Two-way links between points in the plane and their three nearest, all on one ring as well."""
    def pairs(rng: np.random.Generator) -> tuple[int, np.ndarray]:
        at = rng.random((n, 2))
        near = np.argsort(((at[:, None] - at) ** 2).sum(axis=2), axis=1)[:, 1:4]
        links = np.column_stack((np.repeat(np.arange(n), 3), near.ravel()))
        links = np.concatenate((links, np.stack((np.arange(n), (np.arange(n) + 1) % n), axis=1)))
        return n, np.unique(np.concatenate((links, links[:, ::-1])), axis=0)
    return pairs


def three(rng: np.random.Generator) -> tuple[int, np.ndarray]:
    """Straight on, or by way of a third place."""
    return 3, np.array([[0, 2], [0, 1], [1, 2], [1, 0]])


SHAPES = (Shape("grid of 16", grid(4), 30), Shape("grid of 16, whole numbers", grid(4), 30, even=True), Shape("grid of 36", grid(6), 60),
          Shape("ring", ring(10), 40), Shape("network", network(25), 60, 3), Shape("grid, slip", grid(4), 40, slip=0.2),
          Shape("grid, gamma .9", grid(4), 40, gamma=0.9), Shape("network, gamma .99", network(15), 40, gamma=0.99),
          Shape("ring, slip, gamma .95", ring(8), 30, slip=0.1, gamma=0.95), Shape("three places, six trips", three, 6, 1))


def small_problems(seeds: int, shapes: tuple[Shape, ...] = SHAPES) -> list[SmallProblem]:
    """Every shape with ``seeds`` draws of features and trips, agents of one model after the other."""
    return [made_up(shape, seed) for shape in shapes for seed in range(seeds)]


def made_up(shape: Shape, seed: int) -> SmallProblem:
    """One world with its trips, drawn from a model of ``AGENTS``."""
    rng = np.random.default_rng([seed, sum(map(ord, shape.name))])
    agent = AGENTS[(seed + SHAPES.index(shape)) % len(AGENTS)]
    n, pairs = shape.pairs(rng)
    mdp = with_slip(build_mdp(n, pairs[:, 0], pairs[:, 1])[0], shape.slip)
    length = np.ones(mdp.n_choices) if shape.even else rng.uniform(0.5, 1.5, mdp.n_choices)
    mark = (rng.random(n) < 0.4)[mdp.likeliest].astype(np.float64)
    phi, wants = np.column_stack((length, mark)), np.array([-2.5, -1.0])
    places = rng.choice(n, shape.goals, replace=False) if n > 3 else np.array([2])
    paths = _drawn(mdp, agent, phi, wants, shape, places, rng)
    return SmallProblem(f"{shape.name}, seed {seed}, {agent.name}", Problem(mdp, phi, ("length", "mark"), paths, agent, shape.gamma))


def _drawn(mdp: MDP, agent: Rationality, phi: np.ndarray, wants: np.ndarray, shape: Shape, places: np.ndarray,
           rng: np.random.Generator) -> Paths:
    prepared = agent.prepare(mdp, phi @ wants, shape.gamma, np.full(len(agent.parameters), 0.5), phi * wants)
    solved = [agent.solve(prepared, np.array([place])) for place in places]
    trips: list[list[int]] = []
    goal_of: list[int] = []
    while len(trips) < shape.trips:
        goal, start = int(rng.integers(len(places))), int(rng.integers(mdp.n_states))
        if start == places[goal]:
            continue
        states = agent.sample(prepared, solved[goal], start, rng, LONGEST)
        if states:
            trips.append(states)
            goal_of.append(goal)
    before, after = np.concatenate([t[:-1] for t in trips]), np.concatenate([t[1:] for t in trips])
    choices = choices_between(mdp, before, after)
    offsets = np.concatenate(([0], np.cumsum([len(t) - 1 for t in trips])))
    goals = build_goals([np.array([place]) for place in places], [str(place) for place in places])
    return Paths(np.array([str(i) for i in range(len(trips))], dtype=object), offsets, choices, np.array([t[-1] for t in trips]),
                 np.array(goal_of), goals)

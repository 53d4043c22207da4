"""Trips on small made-up worlds, or on one that is given, drawn choice by choice: what models of rationality are judged by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from irlcore.errors import WorldError
from irlcore.fitting.problem import Problem
from irlcore.planning.graph import graph_of, reach
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.solution import Solution
from irlcore.worlds.mdp import MDP, Paths, build_goals, build_mdp
from irlcore.worlds.slip import with_slip
from irlcore.worlds.state_ids import ids_of

LONGEST = 20_000
MANY_STATES = 30
"""States that are looked at for one that most others lead to."""
NEAR = 20
"""Of the states nearest to it: where trips begin, so that they are short in a large world too."""


def grid_mdp(width: int, height: int, slip: float = 0.0) -> MDP:
    """Four moves on a rectangle of cells."""
    state, after = [], []
    for y in range(height):
        for x in range(width):
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                if 0 <= x + dx < width and 0 <= y + dy < height:
                    state.append(y * width + x)
                    after.append((y + dy) * width + x + dx)
    return with_slip(build_mdp(width * height, np.array(state), np.array(after))[0], slip)


def one_way_mdp(width: int, height: int, slip: float = 0.0) -> MDP:
    """Right or up only: no path can come back, so all of them can be listed."""
    state, after = [], []
    for y in range(height):
        for x in range(width):
            for dx, dy in ((1, 0), (0, 1)):
                if x + dx < width and y + dy < height:
                    state.append(y * width + x)
                    after.append((y + dy) * width + x + dx)
    return with_slip(build_mdp(width * height, np.array(state), np.array(after))[0], slip)


def recorded(mdp: MDP, choice: int, after: int) -> int:
    """The choice that a step to ``after`` is taken for: what was meant cannot be seen, only where it led."""
    state = mdp.choice_state[choice]
    here = range(mdp.choice_offsets[state], mdp.choice_offsets[state + 1])
    return choice if mdp.deterministic or mdp.choices_seen else next((c for c in here if mdp.likeliest[c] == after), choice)


def walk(mdp: MDP, log_policies: dict[int, np.ndarray], starts: np.ndarray, goals: np.ndarray, rng: np.random.Generator) -> Paths:
    """Paths drawn from one policy a goal, until the goal is reached."""
    names = sorted(log_policies)
    likeliest = mdp.likeliest
    choices, lengths = [], []
    for start, goal in zip(starts, goals, strict=True):
        at, count = int(start), 0
        while at != goal:
            first, last = mdp.choice_offsets[at], mdp.choice_offsets[at + 1]
            m = int(rng.choice(np.arange(first, last), p=np.exp(log_policies[int(goal)][first:last])))
            ends = slice(mdp.successor_offsets[m], mdp.successor_offsets[m + 1])
            at = int(rng.choice(mdp.successors[ends], p=mdp.probabilities[ends]))
            seen = m if mdp.deterministic or mdp.choices_seen else next((c for c in range(first, last) if likeliest[c] == at), m)
            choices.append(seen)
            count += 1
            if count > LONGEST:
                raise WorldError(f"A trip to state {goal} did not end in {LONGEST:,} steps.", "Give a world where places are nearer.")
        lengths.append(count)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    index = np.searchsorted(names, goals)
    ids = np.array([str(i) for i in range(len(starts))], dtype=object)
    return Paths(ids, offsets, np.array(choices), goals, index, build_goals([np.array([g]) for g in names], [str(g) for g in names]))


def all_paths(mdp: MDP, solution: Solution, start: int) -> Iterator[tuple[float, list[int]]]:
    """Every path from ``start`` to the goal as it can be seen, with its probability, by plain recursion; the world has no
    cycles on the way."""
    if start in solution.goal_states:
        yield 1.0, []
        return
    seen: dict[int, float] = {}
    for m in range(mdp.choice_offsets[start], mdp.choice_offsets[start + 1]):
        for k in range(mdp.successor_offsets[m], mdp.successor_offsets[m + 1]):
            step = m if mdp.deterministic else recorded(mdp, m, int(mdp.successors[k]))
            seen[step] = seen.get(step, 0.0) + float(solution.policy[m] * mdp.probabilities[k])
    for step, chance in seen.items():
        if chance > 0.0 and np.isfinite(solution.value[mdp.likeliest[step]]):
            for onward, rest in all_paths(mdp, solution, int(mdp.likeliest[step])):
                yield chance * onward, [step, *rest]


def make_paths(mdp: MDP, choices: list[list[int]], last: list[int]) -> Paths:
    """Paths given by their choices, each going to where it was last seen."""
    offsets = np.concatenate(([0], np.cumsum([len(c) for c in choices]))).astype(np.int64)
    ends = sorted(set(last))
    ids = np.array([f"track {i}" for i in range(len(choices))], dtype=object)
    return Paths(ids, offsets, np.concatenate([np.array(c, np.int64) for c in choices]), np.array(last),
                 np.searchsorted(ends, last), build_goals([np.array([e]) for e in ends], [f"place {e}" for e in ends]))


@dataclass(frozen=True, slots=True)
class Ground:
    """Where trips go: an MDP, states to start from and to end in (each of these within reach of each of those), the discount, the seed."""

    said: str
    mdp: MDP
    starts: tuple[int, ...]
    goals: tuple[int, ...]
    gamma: float
    seed: int = 4

    def __str__(self) -> str:
        return f"{self.said}, gamma {self.gamma:g}, seed {self.seed}"


def made_grounds(shapes: tuple[tuple[float, float], ...]) -> list[Ground]:
    """4 x 4 cells, one for each (slip, gamma)."""
    return [Ground(f"a made-up grid of 4 x 4 cells, slip {slip:g}", grid_mdp(4, 4, slip), (0, 4, 8), (3, 15), gamma)
            for slip, gamma in shapes]


def tied_ground(slip: float = 0.0, gamma: float = 1.0, side: int = 5) -> Ground:
    """Cells whose states are known by ids, of which trips begin in the first column."""
    ground = grid_mdp(side, side)
    mdp = with_slip(replace(ground, state_ids=ids_of(range(side * side))), slip)
    return Ground(f"a made-up grid of {side} x {side} cells, slip {slip:g}", mdp, tuple(side * k for k in range(side - 2)),
                  (side - 1, side * side - 1), gamma, 3)


def ground_in(mdp: MDP, said: str, gamma: float, seed: int = 4) -> Ground:
    """A goal that as many states lead to as to any that were looked at, a second one near it, and up to three states near both to start
    from, drawn by the seed. WorldError where no state is sure to lead to another."""
    rng, graph = np.random.default_rng(seed), graph_of(mdp)
    looked_at = rng.permutation(mdp.n_states)[:MANY_STATES]
    if mdp.n_states > MANY_STATES:  # where trips must end, as in a log, is seldom drawn
        looked_at = np.unique(np.append(looked_at, np.flatnonzero(np.diff(mdp.choice_offsets) == 0)[:3]))
    ways = {int(g): reach(graph, np.array([g]), 1.0).order.astype(np.int64) for g in looked_at}
    first = max(ways, key=lambda g: len(ways[g]), default=-1)
    if first < 0 or len(ways[first]) < 2:
        raise WorldError("In this world no place is sure to be reached from another, so no trips can be drawn in it.",
                         "Give one in which some choices lead on.")
    near = ways[first][1:NEAR + 1]  # the nearest first
    for second in rng.permutation(near).tolist():
        both = np.setdiff1d(np.intersect1d(near, reach(graph, np.array([second]), 1.0).order), [first, second])
        if len(both):
            return Ground(said, mdp, tuple(rng.permutation(both)[:3].tolist()), tuple(sorted((first, second))), gamma, seed)
    return Ground(said, mdp, tuple(rng.permutation(near)[:3].tolist()), (first,), gamma, seed)


def dearest_needed(mdp: MDP) -> float:
    """What every step must cost, nats, so that values are finite whoever wanders: a little over the log of the choices of a state."""
    return float(np.log(max(int(np.diff(mdp.choice_offsets).max(initial=1)), 1)) + 0.2)


def problem_of(model: Rationality, ground: Ground, n: int = 16) -> tuple[Problem, np.ndarray]:
    """Trips on a ground whose steps all differ, and a point (weights and own parameters) at which they are judged."""
    mdp, rng = ground.mdp, np.random.default_rng(ground.seed)
    phi = np.column_stack((rng.uniform(0.9, 1.1, mdp.n_choices), rng.uniform(0.0, 1.0, mdp.n_choices)))
    theta = np.array([-max(1.7, dearest_needed(mdp) / 0.9), -0.6])
    return _walked(model, ground, phi, ("step", "mud"), theta, n, rng, 0.4)


def tied_problem(model: Rationality, ground: Ground, n: int = 12) -> tuple[Problem, np.ndarray]:
    """Trips where every step costs the same, but for mud in a third of the states, so that many ways are equally good; and the point they
    are judged at."""
    mdp, rng = ground.mdp, np.random.default_rng(ground.seed)
    phi = np.column_stack((np.ones(mdp.n_choices), (rng.random(mdp.n_states) < 0.3)[mdp.likeliest].astype(float)))
    theta = np.array([-max(1.4, dearest_needed(mdp)), -0.7])
    return _walked(model, ground, phi, ("step", "mud"), theta, n, rng, 0.3)


def _walked(model: Rationality, ground: Ground, phi: np.ndarray, names: tuple[str, ...], theta: np.ndarray, n: int,
            rng: np.random.Generator, own: float) -> tuple[Problem, np.ndarray]:
    prepared = Boltzmann().prepare(ground.mdp, phi @ theta, ground.gamma)
    policies = {g: Boltzmann().solve(prepared, np.array([g])).log_policy for g in ground.goals}
    paths = walk(ground.mdp, policies, rng.choice(ground.starts, n), rng.choice(ground.goals, n), rng)
    point = np.append(theta, [min(max(own, p.lower), p.upper) for p in model.parameters])
    return Problem(ground.mdp, phi, names, paths, model, ground.gamma), point

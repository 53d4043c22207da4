"""Tracks that are cut off before they arrive: what fits make of them, and what it costs to judge each under every goal.

Trips of MaxEnt agents with known wants cross a grid to one of a few goals. Most are watched for a few steps only, whatever they do (as the
end of a day, or the edge of what is observed, has it), or half are cut at a step drawn evenly (which tells a little: who is nearly there is
cut more often). Fitted are the whole trips (what nothing could beat), the cut ones over all goals that they may have had, the cut ones as
if they had arrived where they were last seen, and the finished ones alone. With real trips, to as many goals as these have: seconds.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.shanghai import FEATURES, load
from irlcore.features.base import Context
from irlcore.features.feature_set import feature_matrix, suggest_features
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.review.scores import score_paths
from irlcore.simulation.cutting import cut_after, cut_at_random
from irlcore.worlds.goal_prior import unfinished
from irlcore.worlds.mdp import MDP, Paths, build_goals, build_mdp, choices_between

WIDTH, TRIPS, HELD_OUT, SEEDS = 8, 300, 300, 20
GOALS = (63, 56, 7, 28)
THETA = np.array([-1.2, -1.0, -0.6])
WATCHED, LONGEST = 0.7, 5  # share of the trips that are watched for at most so many steps
NAMES = ("step", "a", "b")


def grid(width: int) -> MDP:
    """Four moves on a square of cells."""
    cell = np.arange(width * width)
    x, y = cell % width, cell // width
    moves = [(cell[ok], cell[ok] + dx + dy * width) for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))
             for ok in ((x + dx >= 0) & (x + dx < width) & (y + dy >= 0) & (y + dy < width),)]
    return build_mdp(width * width, *(np.concatenate(part) for part in zip(*moves, strict=True)))[0]


def trips_of(problem: Problem, n: int, rng: np.random.Generator) -> Paths:
    """Whole trips of agents with the wants ``THETA``, to one of the goals drawn unevenly."""
    prepared, model = problem.model.prepare(problem.mdp, problem.phi @ THETA), problem.model
    ways = [model.solve(prepared, np.array([g])) for g in GOALS]
    choices: list[np.ndarray] = []
    last: list[int] = []
    goal: list[int] = []
    while len(choices) < n:
        g = int(rng.choice(len(GOALS), p=(0.4, 0.3, 0.2, 0.1)))
        start = int(rng.integers(problem.mdp.n_states))
        states = np.array(model.sample(prepared, ways[g], start, rng), np.int64)
        if len(states) > 1:
            choices.append(choices_between(problem.mdp, states[:-1], states[1:]))
            last.append(int(states[-1]))
            goal.append(g)
    return _paths(choices, last, np.array(goal), [np.array([g]) for g in GOALS])


def _paths(choices: list[np.ndarray], last: list[int], goal: np.ndarray, sets: list[np.ndarray]) -> Paths:
    offsets = np.concatenate(([0], np.cumsum([len(c) for c in choices]))).astype(np.int64)
    ids = np.array([str(i) for i in range(len(choices))], object)
    return Paths(ids, offsets, np.concatenate(choices), np.array(last), goal, build_goals(sets, [str(int(s[0])) for s in sets]))


def ends_for_goals(paths: Paths, mdp: MDP) -> Paths:
    """What was done before: each track has arrived where it was last seen, at the first time that it was there; one that ends where it
    starts is dropped."""
    choices, last = [], []
    for i in range(len(paths)):
        states, own = paths.states(mdp, i), paths.choices[paths.offsets[i]:paths.offsets[i + 1]]
        first = int(np.argmax(states == states[-1]))
        if first:
            choices.append(own[:first])
            last.append(int(states[-1]))
    ends = np.unique(last)
    return _paths(choices, last, np.searchsorted(ends, last), [np.array([e]) for e in ends])


def cut_off(paths: Paths, mdp: MDP, how: str, rng: np.random.Generator) -> Paths:
    """Trips cut off: "watched" for a few steps, or "drawn", half of them at a step drawn evenly."""
    if how == "drawn":
        return cut_at_random(paths, mdp, rng.random(len(paths)) < 0.5, rng)
    steps = rng.integers(1, LONGEST + 1, len(paths))
    return cut_after(paths, mdp, np.where(rng.random(len(paths)) < WATCHED, steps, paths.lengths))


def recovery(problem: Problem, how: str, seeds: int, trips: int = TRIPS) -> dict[str, dict[str, Any]]:
    """Each way to fit: mean weights, share of weights within two standard errors of the truth, nats a whole trip held out."""
    theta: dict[str, list[np.ndarray]] = {}
    within: dict[str, list[np.ndarray]] = {}
    held_out: dict[str, list[float]] = {}
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        whole, held = trips_of(problem, trips, rng), trips_of(problem, HELD_OUT, rng)
        cut = cut_off(whole, problem.mdp, how, rng)
        ways = {"whole": whole, "over_goals": cut, "ends_for_goals": ends_for_goals(cut, problem.mdp),
                "finished_alone": cut.take(np.flatnonzero(~unfinished(cut)))}
        for name, paths in ways.items():
            part = replace(problem, paths=paths)
            found = fit(part)
            theta.setdefault(name, []).append(found.theta)
            within.setdefault(name, []).append(np.abs(found.theta - THETA) <= 2.0 * found.se)
            held_out.setdefault(name, []).append(float(path_logliks(problem.model, part.prepare(found.theta), held).mean()))
    return {name: {"weights": np.round(np.mean(theta[name], axis=0), 3).tolist(),
                   "spread": np.round(np.std(theta[name], axis=0, ddof=1), 3).tolist() if seeds > 1 else [],
                   "within_two_errors": round(float(np.mean(within[name])), 3), "held_out": round(float(np.mean(held_out[name])), 4)}
            for name in theta}


def made_up() -> Problem:
    """The grid with a cost per step and two features of cells."""
    mdp = grid(WIDTH)
    rng = np.random.default_rng(12)
    of_cells = rng.random((mdp.n_states, 2))[mdp.successors]
    phi = np.column_stack((np.ones(mdp.n_choices), of_cells))
    one = _paths([np.zeros(1, np.int64)], [int(mdp.successors[0])], np.zeros(1, np.int64), [mdp.successors[:1]])
    return Problem(mdp, phi, NAMES, one, MaxEnt())


def real(folder: Path) -> dict[str, Any]:
    """1,000 real trips, half of them cut: seconds with and without, and how many goals each cut one is judged under."""
    world, parts = load(folder)
    specs = suggest_features(world)[:FEATURES]
    matrix, whole = feature_matrix(specs, world, Context()), parts["train1000"]
    rng = np.random.default_rng(0)
    cut = cut_at_random(whole, world.mdp, rng.random(len(whole)) < 0.5, rng)
    out: dict[str, Any] = {"tracks": len(cut), "cut": int(unfinished(cut).sum()), "goals": int(len(np.unique(cut.goal)) - 1)}
    for model in (MaxEnt(), Boltzmann()):
        theta = fit(Problem(world.mdp, matrix.values, matrix.names, whole, model), [s.sign for s in specs]).theta
        for name, paths in (("whole", whole), ("cut", cut)):
            problem = Problem(world.mdp, matrix.values, matrix.names, paths, model)
            groups = problem.groups()
            problem.evaluate(theta, groups)
            begun = time.perf_counter()
            problem.evaluate(theta, groups)
            evaluated = time.perf_counter()
            score_paths(model, problem.prepare(theta), paths)
            scored = time.perf_counter()
            found = fit(problem, [s.sign for s in specs], theta)
            out[f"{model.name}_{name}"] = {"evaluate_s": round(evaluated - begun, 2), "scores_s": round(scored - evaluated, 2),
                                           "fit_s": round(found.seconds, 2), "iterations": found.iterations,
                                           "evaluations": found.evaluations}
    return out


def run(folder: Path) -> dict[str, Any]:
    """Both parts; the second where the data is there."""
    found: dict[str, Any] = {"truth": THETA.tolist(), "seeds": SEEDS}
    for how in ("watched", "drawn"):
        found[how] = recovery(made_up(), how, SEEDS)
        print(f"{how:<18}{'weights (truth ' + ', '.join(map(str, THETA)) + ')':<38}{'within 2 errors':>16}{'held out':>10}")
        for name, one in found[how].items():
            print(f"{name:<18}{', '.join(map(str, one['weights'])):<38}{one['within_two_errors']:>16}{one['held_out']:>10}")
    if folder.is_dir():
        found["real"] = real(folder)
        for name, value in found["real"].items():
            print(f"{name}: {value}")
    return found

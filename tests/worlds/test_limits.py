"""Nothing that a compiled kernel cannot bear gets as far as one."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from irlcore.errors import Infeasible, MotiveError, WorldError
from irlcore.features.feature_set import PathFeatures
from irlcore.fitting.compare import compare_models
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.fitting.likelihood import evaluate, path_logliks, residual_map
from irlcore.fitting.linear_programme import state_rewards
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.intent.goals import goal_posteriors
from irlcore.planning.solver import solve_mdp
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.models import MODELS
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.routes import likeliest_path
from irlcore.rationality.solution import group_by_goal
from irlcore.review.scores import score_paths
from irlcore.worlds.mdp import MDP, Goals, Paths, build_goals, build_mdp
from irlcore.worlds.slip import with_slip
from tests.rationality.worlds import grid_mdp, walk

NO_GAMMA = (float("nan"), 1.5, -0.5, 0.0, float("inf"))
GRID = grid_mdp(3, 3)


def trips(mdp: MDP = GRID, n: int = 8) -> Paths:
    policy = MaxEnt().solve(MaxEnt().prepare(mdp, np.full(mdp.n_choices, -2.0)), np.array([8])).log_policy
    return walk(mdp, {8: policy}, np.arange(n) % 8, np.full(n, 8), np.random.default_rng(0))


@pytest.mark.parametrize("gamma", NO_GAMMA)
@pytest.mark.parametrize("model", MODELS)
def test_no_model_takes_what_is_no_discount(model: str, gamma: float) -> None:
    with pytest.raises(Infeasible, match="Gamma"):
        MODELS[model].prepare(GRID, -np.ones(GRID.n_choices), gamma)


@pytest.mark.parametrize("gamma", NO_GAMMA)
def test_no_fit_comparison_or_programme_takes_what_is_no_discount(gamma: float) -> None:
    problem = Problem(GRID, np.ones((GRID.n_choices, 1)), ("step",), trips(), MaxEnt())
    for estimator in ESTIMATORS.values():
        with pytest.raises(MotiveError, match=r"[Gg]amma"):
            estimator.fit(replace(problem, gamma=gamma), None, None, None, "")
    with pytest.raises(MotiveError, match=r"[Gg]amma"):
        compare_models(replace(problem, gamma=gamma), [MaxEnt()])
    with pytest.raises(MotiveError, match=r"[Gg]amma"):
        state_rewards(GRID, GRID.choice_offsets[:-1], gamma)


@pytest.mark.parametrize("gamma", [float("nan"), 1.5, -0.5])
def test_no_solver_takes_what_is_no_discount(gamma: float) -> None:
    with pytest.raises(Infeasible, match="Gamma"):
        solve_mdp(GRID, -np.ones(GRID.n_choices), gamma, np.array([8]))


def mdp(**parts: object) -> MDP:
    """0 -> 1 or 2, 1 -> 2, with the arrays of ``parts`` instead."""
    sound = {"choice_offsets": np.array([0, 2, 3, 3]), "successor_offsets": np.array([0, 1, 2, 4]), "successors": np.array([1, 2, 2, 1]),
             "probabilities": np.array([1.0, 1.0, 0.7, 0.3]), "choice_state": np.array([0, 0, 1])}
    return MDP(**{**sound, **parts})  # type: ignore[arg-type]


@pytest.mark.parametrize(("parts", "words"), [
    ({"choice_offsets": np.array([0, 3, 2, 3])}, "Entry 2 of the choice offsets is 2, after 3"),
    ({"choice_offsets": np.array([0, 2, 3, 9])}, "from 0 to 9"),
    ({"choice_offsets": np.array([1, 2, 3, 3])}, "from 1 to 3"),
    ({"choice_offsets": np.array([0.0, 2.0, 3.0, 3.0])}, "not a vector of integers"),
    ({"choice_offsets": np.zeros(0, np.int64)}, "not a vector of integers"),
    ({"successors": np.array([1, 7, 2, 1])}, "Entry 1 of the successors is 7, and there are 3 states"),
    ({"successors": np.array([1, 2, -1, 1])}, "Entry 2 of the successors is -1"),
    ({"successors": np.array([1.0, 2.0, 2.0, 1.0])}, "successors are not a vector of integers"),
    ({"successors": [1, 2, 2, 1]}, "go from 0 to 4, and there are 0"),
    ({"successors": np.array([1, 2, 2])}, "go from 0 to 4, and there are 3 successors"),
    ({"successor_offsets": np.array([0, 1, 1, 4])}, "Entry 2 of the successor offsets is 1"),
    ({"successor_offsets": np.array([0, 1, 4])}, "3 successor offsets for 3 choices"),
    ({"probabilities": np.array([1.0, 1.0, 0.7, 0.2])}, "probabilities of choice 2 sum to 0.9"),
    ({"probabilities": np.array([1.0, np.nan, 0.7, 0.3])}, "probability of choice 1 is nan"),
    ({"probabilities": np.array([1.0, 1.0, 1.3, -0.3])}, "probability of choice 2 is 1.3"),
    ({"probabilities": np.array([1.0, np.inf, 0.7, 0.3])}, "probability of choice 1 is inf"),
    ({"probabilities": np.ones(3)}, "have the shape"),
    ({"choice_state": np.array([0, 1, 1])}, "Choice 1 belongs to state 0"),
    ({"choice_state": np.array([0, 0, 5])}, "Entry 2 of the choices' states is 5"),
])
def test_arrays_that_make_no_world_are_named(parts: dict[str, object], words: str) -> None:
    mdp()
    with pytest.raises(WorldError, match=words):
        mdp(**parts)


@pytest.mark.parametrize(("make", "words"), [
    (lambda: build_mdp(2, np.array([0, 2]), np.array([1, 1])), "Entry 1 of the choices' states is 2"),
    (lambda: build_mdp(2, np.array([0]), np.array([-1])), "Entry 0 of the choices' successors is -1"),
    (lambda: build_mdp(2, np.array([0]), np.array([1, 1])), "1 states and 2 successors"),
    (lambda: build_mdp(2, np.array([0.5]), np.array([1])), "whole numbers"),
    (lambda: with_slip(with_slip(GRID, 0.1), 0.1), "moves by chance already"),
    (lambda: build_goals([np.array([-1])], ["a"]), "Entry 0 of the goals' states is -1"),
    (lambda: Goals(np.array([0, 1]), np.array([0]), np.array(["a", "b"], object)), "2 names for 1 goals"),
    (lambda: replace(trips(), goal=np.full(8, 1)), "Entry 0 of the paths' goals is 1"),
    (lambda: replace(trips(), choices=-trips().choices - 1), "paths' choices is -"),
    (lambda: replace(trips(), last_state=np.full(8, 8.0)), "not a vector of integers"),
    (lambda: replace(trips(), offsets=trips().offsets[:-1]), "paths' offsets"),
    (lambda: replace(trips(), times=np.zeros(3)), "paths' times have the shape"),
])
def test_what_is_made_of_arrays_is_looked_through(make: Callable[[], object], words: str) -> None:
    with pytest.raises(WorldError, match=words):
        make()


PHI = np.ones((GRID.n_choices, 1))
SMALL = build_mdp(3, np.array([0, 1]), np.array([1, 2]))[0]


@pytest.mark.parametrize("ask", [
    lambda paths: Problem(SMALL, np.ones((2, 1)), ("step",), paths, MaxEnt()),
    lambda paths: Problem(GRID, PHI[1:], ("step",), paths, MaxEnt()),
    lambda paths: Problem(GRID, PHI, ("step",), replace(paths, last_state=paths.last_state + 1), MaxEnt()),
    lambda paths: Problem(GRID, PHI, ("step",), paths, MaxEnt(), 1.0, (PathFeatures(np.array([8]), PHI),)),
    lambda paths: Problem(GRID, PHI, ("step",), paths, MaxEnt(), 1.0, (PathFeatures(np.array([0]), PHI[1:]),)),
    lambda paths: fit(Problem(GRID, PHI, ("step", "length"), paths, MaxEnt()))])
def test_a_problem_is_of_one_world(ask: Callable[[Paths], object]) -> None:
    with pytest.raises(WorldError):
        ask(trips())


@pytest.mark.parametrize("ask", [
    lambda model, here, other, paths: path_logliks(model, other, paths),
    lambda model, here, other, paths: score_paths(model, other, paths),
    lambda model, here, other, paths: residual_map(model, other, paths),
    lambda model, here, other, paths: goal_posteriors(model, other, paths, paths.goals, np.ones(1)),
    lambda model, here, other, paths: evaluate(model, other, np.ones((2, 1)), paths, group_by_goal(paths)),
    lambda model, here, other, paths: evaluate(model, here, PHI[:5], paths, group_by_goal(paths)),
    lambda model, here, other, paths: model.trips(here, group_by_goal(paths)[0], PHI[:5]),
    lambda model, here, other, paths: model.jvp(here, model.solve(here, np.array([8])), PHI[:5]),
    lambda model, here, other, paths: model.vjp(here, model.solve(here, np.array([8])), np.ones((1, 5))),
    lambda model, here, other, paths: model.prepare(GRID, -np.ones(3)),
    lambda model, here, other, paths: model.prepare(GRID, -PHI),
    lambda model, here, other, paths: model.solve(here, np.array([9])),
    lambda model, here, other, paths: model.solve(here, np.array([-1])),
    lambda model, here, other, paths: model.solve(here, np.array([], int)),
    lambda model, here, other, paths: model.solve(here, np.array([0.5])),
    lambda model, here, other, paths: likeliest_path(here, model.solve(here, np.array([8])), -3),
    lambda model, here, other, paths: model.sample(here, model.solve(here, np.array([8])), 9, np.random.default_rng(0)),
    lambda model, here, other, paths: solve_mdp(GRID, here.reward, 0.9, np.array([99])),
    lambda model, here, other, paths: solve_mdp(GRID, here.reward, 0.9, None, np.zeros(3))])
@pytest.mark.parametrize("model", [MaxEnt(), Boltzmann()], ids=lambda model: model.name)
def test_what_is_of_another_world_is_refused(model: Rationality, ask: Callable[..., object]) -> None:
    here, other = model.prepare(GRID, -2.0 * np.ones(GRID.n_choices)), model.prepare(SMALL, -np.ones(2))
    with pytest.raises(MotiveError):
        ask(model, here, other, trips())


def test_a_goal_state_named_twice_counts_once() -> None:
    for model in (MaxEnt(), Boltzmann(), NoisyValue(), Replanned(draws=4)):
        prepared = model.prepare(GRID, -2.0 * np.ones(GRID.n_choices))
        once, twice = (model.solve(prepared, np.array(goal)) for goal in ([8], [8, 8]))
        np.testing.assert_array_equal(once.value, twice.value)
        column = np.arange(GRID.n_choices, dtype=float)[:, None]
        np.testing.assert_array_equal(model.jvp(prepared, once, column), model.jvp(prepared, twice, column))


def broken(rng: np.random.Generator) -> None:
    """One world, its goals, paths and rewards, some entry of them out of its place; asked whatever kernels answer."""
    n = int(rng.integers(2, 6))
    m = int(rng.integers(1, 12))
    arrays = {"state": np.sort(rng.integers(0, n, m)), "successor": rng.integers(0, n, m), "reward": -rng.uniform(0.0, 3.0, m),
              "goal": rng.integers(0, n, int(rng.integers(1, 3))), "choices": rng.integers(0, m, 4), "last": rng.integers(0, n, 1),
              "offsets": np.array([0, 4])}
    far = [-1, n, m, 10**6, -(10**9), 2**31, 2**33, 2**62]
    for name in rng.choice(list(arrays), int(rng.integers(0, 3)), replace=False):
        if rng.random() < 0.25:
            arrays[name] = arrays[name][:-1]
        elif name == "reward":
            arrays[name][rng.integers(len(arrays[name]))] = rng.choice([np.nan, np.inf, -np.inf, 5.0, 0.0, -1e300, 1e300])
        else:
            arrays[name][rng.integers(len(arrays[name]))] = rng.choice(far)
    gamma = float(rng.choice([1.0, 1.0, 0.9, np.nan, 1.5, -0.5, 0.0]))
    try:
        counts = np.bincount(arrays["state"][(arrays["state"] >= 0) & (arrays["state"] < n)], minlength=n)
        world = MDP(np.concatenate(([0], np.cumsum(counts))), np.arange(len(arrays["successor"]) + 1), arrays["successor"],
                    np.ones(len(arrays["successor"])), arrays["state"])
        paths = Paths(np.array(["a"], object), arrays["offsets"], arrays["choices"], arrays["last"], np.array([0]),
                      build_goals([arrays["goal"]], ["g"]))
    except MotiveError:
        return
    if rng.random() < 0.3:
        world = with_slip(world, float(rng.uniform(0.05, 0.9)))
    model = [Boltzmann(), MaxEnt(), NoisyValue(draws=2), NoisyValue(persistent=True, draws=2), Replanned(draws=2)][rng.integers(5)]

    def ask(work: Callable[[], object]) -> object:
        try:
            return work()
        except MotiveError:
            return None

    problem = ask(lambda: Problem(world, arrays["reward"][:, None], ("cost",), paths, model, gamma))
    if isinstance(problem, Problem):
        ask(lambda: problem.evaluate(np.append(1.0, [0.3] * len(model.parameters)), problem.groups()))
        ask(lambda: fit(problem, quick=True))
    ask(lambda: solve_mdp(world, arrays["reward"], gamma, arrays["goal"]))
    prepared = ask(lambda: model.prepare(world, arrays["reward"], gamma))
    if prepared is not None:
        ask(lambda: path_logliks(model, prepared, paths))  # type: ignore[arg-type]
        solution = ask(lambda: model.solve(prepared, arrays["goal"]))  # type: ignore[arg-type]
        if solution is not None:
            ask(lambda: model.jvp(prepared, solution, arrays["reward"][:, None]))  # type: ignore[arg-type]
            ask(lambda: likeliest_path(prepared, solution, int(arrays["last"][0]) if len(arrays["last"]) else -1))  # type: ignore[arg-type]


def break_many(seeds: range) -> int:
    with np.errstate(all="ignore"):
        for seed in seeds:
            broken(np.random.default_rng(seed))
    return len(seeds)


def test_no_input_ends_the_process() -> None:
    """In a process of its own, whose end would be an error here."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        assert alone.submit(break_many, range(300)).result() == 300


def test_looking_through_a_million_choices_takes_milliseconds() -> None:
    """8 ms where this was written; the best of five."""
    n, m, rng = 250_000, 1_000_000, np.random.default_rng(0)
    made, _ = build_mdp(n, rng.integers(0, n, m), rng.integers(0, n, m))
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        MDP(made.choice_offsets, made.successor_offsets, made.successors, made.probabilities, made.choice_state)
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.2

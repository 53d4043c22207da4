"""One contract over every registered model of rationality and shape of world: probabilities, trips, derivatives, sampling."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from irlcore.fitting.likelihood import evaluate, path_logliks, residual_blocks, residual_map
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.models import MODELS
from irlcore.rationality.solution import group_by_goal
from tests.draws import counts_agree
from tests.rationality.worlds import grid_mdp, walk
from tests.review.worlds import all_paths, make_paths, one_way_mdp

SHAPES = [(0.0, 1.0), (0.0, 0.9), (0.2, 1.0), (0.2, 0.9)]
every_model = pytest.mark.parametrize("model", MODELS.values(), ids=lambda m: m.name)
every_shape = pytest.mark.parametrize(("slip", "gamma"), SHAPES)
STEP = 1e-6


def problem_of(model: Rationality, slip: float, gamma: float, n: int = 16) -> tuple[Problem, np.ndarray]:
    """Trips on a grid to two goals, and a point (weights and own parameters) at which they are judged."""
    mdp, rng = grid_mdp(4, 4, slip), np.random.default_rng(4)
    phi = np.column_stack((rng.uniform(0.9, 1.1, mdp.n_choices), rng.uniform(0.0, 1.0, mdp.n_choices)))
    theta = np.array([-1.7, -0.6])
    policies = {g: Boltzmann().solve(Boltzmann().prepare(mdp, phi @ theta, gamma), np.array([g])).log_policy for g in (3, 15)}
    paths = walk(mdp, policies, rng.choice([0, 4, 8], n), rng.choice([3, 15], n), rng)
    return Problem(mdp, phi, ("step", "mud"), paths, model, gamma), np.append(theta, [0.4] * len(model.parameters))


@every_model
@every_shape
def test_choice_probabilities_sum_to_one_wherever_the_goal_is_in_reach(model: Rationality, slip: float, gamma: float) -> None:
    problem, point = problem_of(model, slip, gamma)
    solution = model.solve(problem.prepare(point), np.array([3, 7]))
    sums = np.add.reduceat(solution.policy, problem.mdp.choice_offsets[:-1])
    np.testing.assert_allclose(np.delete(sums, [3, 7]), 1.0, atol=1e-12)
    assert (sums[[3, 7]] == 0.0).all()


@every_model
@every_shape
def test_trips_steps_and_scores_agree(model: Rationality, slip: float, gamma: float) -> None:
    """``trips`` may take another way than ``solve`` and ``steps``; scores are the derivative of both."""
    problem, point = problem_of(model, slip, gamma)
    found = evaluate(model, problem.prepare(point), problem.phi, problem.paths, group_by_goal(problem.paths))

    def at(x: np.ndarray) -> np.ndarray:
        return path_logliks(model, problem.prepare(x), problem.paths)

    np.testing.assert_allclose(found.loglik, at(point), atol=1e-10)
    for k, step in enumerate(np.eye(len(point)) * STEP):
        np.testing.assert_allclose(found.scores[:, k], (at(point + step) - at(point - step)) / (2 * STEP), atol=1e-6)
    values = np.linalg.eigvalsh(found.information)
    assert values.min() > -1e-9 * values.max()


@every_model
def test_trips_and_steps_agree_where_every_way_ties(model: Rationality) -> None:
    """On a grid of unit costs most states have several best choices: both ways of planning take the same one."""
    problem, point = problem_of(model, 0.0, 1.0)
    flat = Problem(problem.mdp, np.ones((problem.mdp.n_choices, 1)), ("step",), problem.paths, model)
    prepared = flat.prepare(np.append(-1.5, point[2:]))
    found = evaluate(model, prepared, flat.phi, flat.paths, group_by_goal(flat.paths))
    np.testing.assert_allclose(found.loglik, path_logliks(model, prepared, flat.paths), atol=1e-10)


@every_model
def test_rewards_may_change_after_they_were_used(model: Rationality) -> None:
    problem, point = problem_of(model, 0.0, 1.0)
    reward = problem.phi @ point[:2]
    evaluate(model, model.prepare(problem.mdp, reward), reward[:, None], problem.paths, group_by_goal(problem.paths))
    reward *= 1.3
    prepared = model.prepare(problem.mdp, reward, 1.0, None, reward[:, None])
    found = evaluate(model, prepared, reward[:, None], problem.paths, group_by_goal(problem.paths))
    np.testing.assert_allclose(found.loglik, path_logliks(model, prepared, problem.paths), atol=1e-10)


@every_model
@every_shape
def test_log_probabilities_have_their_derivatives_both_ways_round(model: Rationality, slip: float, gamma: float) -> None:
    problem, point = problem_of(model, slip, gamma)
    prepared, goal, rng = problem.prepare(point), np.array([15]), np.random.default_rng(1)
    columns, weights = rng.normal(size=(problem.mdp.n_choices, 2)), rng.normal(size=(2, problem.mdp.n_choices))
    solution = model.solve(prepared, goal)
    live = np.isfinite(solution.log_policy)
    weights[:, ~live] = 0.0
    forward = model.jvp(prepared, solution, columns)
    for k in range(2):
        up, down = (model.solve(model.prepare(problem.mdp, prepared.reward + s * columns[:, k], gamma, prepared.own, prepared.parts),
                                goal).log_policy[live] for s in (STEP, -STEP))
        np.testing.assert_allclose(forward[live, k], (up - down) / (2 * STEP), atol=2e-5)
    np.testing.assert_allclose(model.vjp(prepared, solution, weights) @ columns, weights[:, live] @ forward[live], atol=1e-9)
    own = model.own_jvp(prepared, solution)
    assert own.shape == (problem.mdp.n_choices, len(model.parameters))
    for k, step in enumerate(np.eye(len(model.parameters)) * STEP):
        up, down = (model.solve(model.prepare(problem.mdp, prepared.reward, gamma, prepared.own + s * step, prepared.parts),
                                goal).log_policy[live] for s in (1.0, -1.0))
        np.testing.assert_allclose(own[live, k], (up - down) / (2 * STEP), atol=2e-5)


@every_model
@every_shape
def test_residuals_are_the_slope_of_each_trip_by_every_reward(model: Rationality, slip: float, gamma: float) -> None:
    problem, point = problem_of(model, slip, gamma, n=6)
    prepared = problem.prepare(point)
    column = np.random.default_rng(2).normal(size=problem.mdp.n_choices)
    rows = np.zeros((6, problem.mdp.n_choices))
    for index, block in residual_blocks(model, prepared, problem.paths, block=4):
        rows[index] = block

    def at(step: float) -> np.ndarray:
        moved = model.prepare(problem.mdp, prepared.reward + step * column, gamma, prepared.own, prepared.parts)
        return path_logliks(model, moved, problem.paths)

    np.testing.assert_allclose(rows @ column, (at(STEP) - at(-STEP)) / (2 * STEP), atol=1e-5)
    np.testing.assert_allclose(residual_map(model, prepared, problem.paths), rows.sum(axis=0), atol=1e-10)


@every_model
def test_sampled_trips_are_as_frequent_as_they_are_likely(model: Rationality) -> None:
    mdp = one_way_mdp(3, 3)
    prepared = model.prepare(mdp, -np.random.default_rng(3).uniform(0.5, 1.5, mdp.n_choices))
    solution, rng, n = model.solve(prepared, np.array([8])), np.random.default_rng(0), 3000
    drawn = Counter(tuple(model.sample(prepared, solution, 0, rng)) for _ in range(n))
    ways = [way for _, way in all_paths(mdp, solution, 0)]
    paths = make_paths(mdp, ways, [8] * len(ways))
    chance = np.exp(path_logliks(model, prepared, paths))
    assert chance.sum() == pytest.approx(1.0, abs=1e-9)
    every = {tuple(paths.states(mdp, i).tolist()): float(p) for i, p in enumerate(chance)}
    # the fixed draws of models with errors stand for fresh ones up to a hundredth
    assert counts_agree(drawn, every, n, slack=0.01 if model.parameters else 0.0)


@every_model
def test_a_fit_s_numbers_are_the_same_to_the_last_bit_for_any_number_of_workers(model: Rationality,
                                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    problem, point = problem_of(model, 0.0, 1.0, n=40)
    found = []
    for count in ("1", "4"):
        monkeypatch.setenv("MOTIVE_WORKERS", count)
        found.append(evaluate(model, problem.prepare(point), problem.phi, problem.paths, group_by_goal(problem.paths)))
    for name in ("loglik", "scores", "information"):
        assert getattr(found[0], name).tobytes() == getattr(found[1], name).tobytes()

"""Agents without a destination: every model at gamma below 1, against value iteration and finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.errors import Infeasible
from irlcore.fitting.likelihood import evaluate, path_logliks, residual_blocks, residual_map
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.models import MODELS
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.solution import group_by_goal
from irlcore.worlds.mdp import MDP, Paths, build_goals
from tests.rationality.roamers import NO_GOAL, SHAPES, roam, slow_values, softmax_by_state, whole

every_model = pytest.mark.parametrize("model", MODELS.values(), ids=lambda m: m.name)
every_shape = pytest.mark.parametrize("shape", SHAPES)
GAMMA, STEP = 0.9, 1e-6
THETA = np.array([-0.73, 1.17])


def ground(shape: str) -> tuple[MDP, np.ndarray]:
    """A world and features of its choices, one of which pays: who roams is after something."""
    mdp, rng = SHAPES[shape](), np.random.default_rng(4)
    fish = rng.uniform(0.0, 1.0, mdp.n_states)
    return mdp, np.column_stack((rng.uniform(0.9, 1.1, mdp.n_choices), fish[mdp.likeliest]))


def problem_of(model: Rationality, shape: str, n: int = 8, gamma: float = GAMMA) -> tuple[Problem, np.ndarray]:
    mdp, phi = ground(shape)
    rng = np.random.default_rng(5)
    log_pi = softmax_by_state(mdp, phi @ THETA)
    paths = roam(mdp, log_pi, rng.integers(0, mdp.n_states, n), rng.integers(1, 12, n), rng)
    return Problem(mdp, phi, ("step", "fish"), paths, model, gamma), np.append(THETA, [0.4] * len(model.parameters))


@every_shape
@pytest.mark.parametrize("model", [Boltzmann(), MaxEnt()], ids=lambda m: m.name)
def test_values_and_choices_are_those_of_value_iteration(model: Rationality, shape: str) -> None:
    mdp, phi = ground(shape)
    found = model.solve(model.prepare(mdp, phi @ THETA, GAMMA), [])
    value = slow_values(mdp, phi @ THETA, GAMMA, soft=isinstance(model, MaxEnt))
    np.testing.assert_allclose(found.value, value, atol=1e-9)
    q = phi @ THETA + GAMMA * (mdp.transition_matrix() @ value)
    np.testing.assert_allclose(found.log_policy, softmax_by_state(mdp, q), atol=1e-9)


@every_shape
def test_errors_carried_along_the_plan_are_those_of_a_long_walk(shape: str) -> None:
    """eps = xi + gamma P_plan eps, summed term by term; sure agents are Boltzmann."""
    mdp, phi = ground(shape)
    model = NoisyValue("path", draws=4)
    solution = model.solve(model.prepare(mdp, phi @ THETA, GAMMA, np.array([0.5])), NO_GOAL)
    errors = solution.errors  # type: ignore[attr-defined]
    steps, carried = errors.costs
    weight, P = errors.carrier.weight, mdp.transition_matrix().toarray()
    total = np.zeros(carried.shape)
    for _ in range(400):
        ahead = weight[:, None] * (steps.xi + GAMMA * (P @ total))
        total = np.add.reduceat(ahead, mdp.choice_offsets[:-1], axis=0)
    np.testing.assert_allclose(carried, total, atol=1e-9)
    best = softmax_by_state(mdp, phi @ THETA + GAMMA * (P @ slow_values(mdp, phi @ THETA, GAMMA, soft=False)))
    sure = model.solve(model.prepare(mdp, phi @ THETA, GAMMA, np.array([0.0])), NO_GOAL)
    np.testing.assert_allclose(sure.log_policy, best, atol=1e-9)


@every_shape
def test_agents_who_replan_take_the_best_way_by_each_belief(shape: str) -> None:
    mdp, phi = ground(shape)
    model, reward = Replanned(draws=4), phi @ THETA
    prepared = model.prepare(mdp, reward, GAMMA, np.array([0.5]))
    chance = np.zeros(mdp.n_choices)
    for draw in range(4):
        believed, _, _ = prepared.shared.one(draw)
        ahead = GAMMA * (mdp.transition_matrix() @ slow_values(mdp, believed, GAMMA, soft=False))
        chance += np.exp(softmax_by_state(mdp, reward + ahead)) / 4
    np.testing.assert_allclose(model.solve(prepared, NO_GOAL).policy, chance, atol=1e-9)


@every_model
@every_shape
def test_the_likelihood_its_steps_and_its_scores_agree(model: Rationality, shape: str) -> None:
    problem, point = problem_of(model, shape)
    found = evaluate(model, problem.prepare(point), problem.phi, problem.paths, group_by_goal(problem.paths))

    def at(x: np.ndarray) -> np.ndarray:
        return path_logliks(model, problem.prepare(x), problem.paths)

    np.testing.assert_allclose(found.loglik, at(point), atol=1e-10)
    assert np.isfinite(found.loglik).all()
    for k, step in enumerate(np.eye(len(point)) * STEP):
        np.testing.assert_allclose(found.scores[:, k], (at(point + step) - at(point - step)) / (2 * STEP), atol=2e-6)
    values = np.linalg.eigvalsh(found.information)
    assert values.min() > -1e-9 * values.max()


@every_model
@pytest.mark.parametrize("shape", ["grid", "slip", "network"])
def test_residuals_bring_the_scores(model: Rationality, shape: str) -> None:
    problem, point = problem_of(model, shape, n=5)
    prepared = problem.prepare(point)
    found = evaluate(model, prepared, problem.phi, problem.paths, group_by_goal(problem.paths))
    matrix = np.concatenate([rows for _, rows in residual_blocks(model, prepared, problem.paths, block=2)])
    if "weights" not in model.name:  # there wants are misjudged by shares of themselves, so the reward is not all that counts
        np.testing.assert_allclose(matrix @ problem.phi, found.scores[:, :2], atol=1e-7)
    np.testing.assert_allclose(matrix.sum(axis=0), residual_map(model, prepared, problem.paths), atol=1e-9)


@every_model
def test_without_a_destination_gamma_must_be_below_one(model: Rationality) -> None:
    mdp, phi = ground("grid")
    cost = -phi[:, 0] * 2.0
    prepared = model.prepare(mdp, cost, 1.0, parts=np.column_stack((cost,)))
    paths = roam(mdp, softmax_by_state(mdp, cost), np.array([0]), np.array([3]), np.random.default_rng(0))
    for judge in (lambda: model.solve(prepared, NO_GOAL), lambda: model.trips(prepared, whole(paths), phi),
                  lambda: problem_of(model, "grid", gamma=1.0)[0].prepare(problem_of(model, "grid")[1])):
        with pytest.raises(Infeasible, match="without a destination need gamma below 1"):
            judge()


@every_model
@pytest.mark.parametrize("shape", ["grid", "slip"])
def test_some_go_somewhere_and_some_roam(model: Rationality, shape: str) -> None:
    """Each is judged as it would be alone."""
    problem, point = problem_of(model, shape)
    roaming, mdp = problem.paths, problem.mdp
    log_pi = softmax_by_state(mdp, problem.phi @ THETA)
    others = roam(mdp, log_pi, np.array([0, 1, 5]), np.array([3, 4, 2]), np.random.default_rng(2))
    goals = build_goals([np.array([g]) for g in range(mdp.n_states)] + [NO_GOAL], [*map(str, range(mdp.n_states)), "nowhere"])
    keep = [i for i in range(3) if others.last_state[i] not in mdp.choice_state[others.choices[others.offsets[i]:others.offsets[i + 1]]]]
    going = others.take(np.array(keep or [0]))
    both = Paths(np.append(roaming.ids, going.ids), np.append(roaming.offsets, roaming.offsets[-1] + going.offsets[1:]),
                 np.append(roaming.choices, going.choices), np.append(roaming.last_state, going.last_state),
                 np.append(np.full(len(roaming), mdp.n_states), going.last_state), goals)
    prepared = problem.prepare(point)
    together = path_logliks(model, prepared, both)
    np.testing.assert_allclose(together[:len(roaming)], path_logliks(model, prepared, roaming), atol=1e-12)
    for i, goal in enumerate(going.last_state):
        alone = model.solve(prepared, np.array([goal]))
        one = going.take(np.array([i]))
        steps = model.steps(prepared, alone, whole(one))
        assert together[len(roaming) + i] == pytest.approx(float(steps.sum()), abs=1e-9)


@every_model
def test_a_walk_that_is_drawn_has_as_many_steps_as_asked(model: Rationality) -> None:
    mdp, phi = ground("slip")
    prepared = model.prepare(mdp, phi @ THETA, GAMMA, parts=phi * THETA)
    states = model.sample(prepared, model.solve(prepared, NO_GOAL), 3, np.random.default_rng(1), 25)
    assert len(states) == 26 and states[0] == 3

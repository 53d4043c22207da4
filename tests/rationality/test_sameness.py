"""The same answer everywhere: no model's numbers hang on the last bit of a reward, on the order of states or choices, or on the unit of a
column. On a grid of equal costs most states have several best ways, which is where such things show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.fitting.likelihood import evaluate, path_logliks
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.models import MODELS
from irlcore.rationality.solution import group_by_goal
from irlcore.review.scores import score_paths
from irlcore.worlds.mdp import MDP, Goals, Paths, build_goals, build_mdp
from irlcore.worlds.slip import with_slip
from irlcore.worlds.state_ids import ids_of
from tests.rationality.worlds import grid_mdp, walk

every_model = pytest.mark.parametrize("model", MODELS.values(), ids=lambda m: m.name)
every_shape = pytest.mark.parametrize(("slip", "gamma"), [(0.0, 1.0), (0.0, 0.9), (0.2, 1.0)])
WEIGHTS = np.array([-1.4, -0.7])
RELATIVE = 1e-8


def problem_of(model: Rationality, slip: float, gamma: float, side: int = 5, n: int = 12) -> tuple[Problem, np.ndarray]:
    """Trips on a grid where every step costs the same, but for mud in a third of the cells; and the point they are judged at."""
    rng, ground = np.random.default_rng(3), grid_mdp(side, side)
    mdp = with_slip(replace(ground, state_ids=ids_of(range(side * side))), slip)
    phi = np.column_stack((np.ones(mdp.n_choices), (rng.random(side * side) < 0.3)[ground.successors].astype(float)))
    goals = (side - 1, side * side - 1)
    policies = {g: Boltzmann().solve(Boltzmann().prepare(mdp, phi @ WEIGHTS, gamma), np.array([g])).log_policy for g in goals}
    paths = walk(mdp, policies, rng.choice(side * (side - 2), n) // (side - 2) * side, rng.choice(goals, n), rng)
    return Problem(mdp, phi, ("step", "mud"), paths, model, gamma), np.append(WEIGHTS, [0.3] * len(model.parameters))


def numbers(problem: Problem, point: np.ndarray, nudge: np.ndarray | float = 1.0) -> dict[str, np.ndarray]:
    """Everything that is told of trips: log-likelihoods, scores by weights, step by step, policy, and the scores of a review."""
    model, k = problem.model, len(problem.names)
    prepared = model.prepare(problem.mdp, problem.phi @ point[:k] * nudge, problem.gamma, point[k:], problem.phi * point[:k])
    found = evaluate(model, prepared, problem.phi, problem.paths, group_by_goal(problem.paths))
    review = score_paths(model, prepared, problem.paths)
    return {"loglik": found.loglik, "scores": found.scores, "information": found.information,
            "steps": path_logliks(model, prepared, problem.paths), "surprise": review.surprise, "gap": review.utility_gap,
            "policy": np.exp(model.solve(prepared, problem.paths.goals.of(0)).log_policy)}


def agree(found: dict[str, np.ndarray], expected: dict[str, np.ndarray], what: tuple[str, ...] = ()) -> None:
    for name in what or tuple(expected):
        size = max(float(np.abs(expected[name]).max()), 1.0)
        np.testing.assert_allclose(found[name], expected[name], rtol=0.0, atol=RELATIVE * size, err_msg=name)


@every_model
@every_shape
def test_a_change_of_rewards_far_below_what_anyone_could_tell_changes_nothing(model: Rationality, slip: float, gamma: float) -> None:
    problem, point = problem_of(model, slip, gamma)
    expected = numbers(problem, point)
    for seed in range(3):
        agree(numbers(problem, point, 1.0 + 1e-12 * np.random.default_rng(seed).uniform(-1.0, 1.0, problem.mdp.n_choices)), expected)


@every_model
@every_shape
def test_another_processor_s_last_bits_change_nothing(model: Rationality, slip: float, gamma: float) -> None:
    """Fused multiply-add and another order of sums differ by a bit or two: imitated by as much, at random, in every reward."""
    problem, point = problem_of(model, slip, gamma)
    expected = numbers(problem, point)
    for seed in range(3):
        bits = np.random.default_rng(seed).integers(-2, 3, problem.mdp.n_choices)
        agree(numbers(problem, point, 1.0 + bits * np.finfo(float).eps), expected)


@every_model
def test_on_a_large_grid_too(model: Rationality) -> None:
    problem, point = problem_of(model, 0.0, 1.0, side=15, n=20)
    expected = numbers(problem, point)
    agree(numbers(problem, point, 1.0 + 1e-12 * np.random.default_rng(0).uniform(-1.0, 1.0, problem.mdp.n_choices)), expected)


def renumbered(problem: Problem, rng: np.random.Generator) -> tuple[Problem, np.ndarray, np.ndarray]:
    """The same problem with states and the choices of each state in another order; where each state went, and each new choice's old one."""
    mdp = problem.mdp
    new = rng.permutation(mdp.n_states)
    ids = np.empty_like(mdp.ids)
    ids[new] = mdp.ids
    shuffle = rng.permutation(mdp.n_choices)
    order = shuffle[np.argsort(new[mdp.choice_state[shuffle]], kind="stable")]
    if mdp.deterministic:
        other, same = build_mdp(mdp.n_states, new[mdp.choice_state[shuffle]], new[mdp.successors[shuffle]], ids)
        np.testing.assert_array_equal(shuffle[same], order)
    else:
        spans = [np.arange(mdp.successor_offsets[m], mdp.successor_offsets[m + 1]) for m in order]
        flat, counts = np.concatenate(spans), np.bincount(new[mdp.choice_state], minlength=mdp.n_states)
        other = MDP(np.concatenate(([0], np.cumsum(counts))), np.concatenate(([0], np.cumsum([len(s) for s in spans]))),
                    new[mdp.successors[flat]], mdp.probabilities[flat], new[mdp.choice_state[order]], ids)
    old, place = problem.paths, np.empty(mdp.n_choices, np.int64)
    place[order] = np.arange(mdp.n_choices)
    goals: Goals = build_goals([new[old.goals.of(g)] for g in range(len(old.goals))], list(old.goals.names))
    paths = Paths(old.ids, old.offsets, place[old.choices], new[old.last_state], old.goal, goals)
    return replace(problem, mdp=other, phi=problem.phi[order], paths=paths), new, order


@every_model
@every_shape
def test_states_and_choices_in_another_order_change_nothing(model: Rationality, slip: float, gamma: float) -> None:
    problem, point = problem_of(model, slip, gamma)
    expected = numbers(problem, point)
    for seed in range(2):
        other, _, order = renumbered(problem, np.random.default_rng(seed))
        found = numbers(other, point)
        found["policy"] = found["policy"][np.argsort(order)]
        agree(found, expected)


@every_model
@pytest.mark.parametrize("factor", [1e-6, 1e-3, 1e3, 1e6])
def test_another_unit_of_a_column_changes_nothing(model: Rationality, factor: float) -> None:
    problem, point = problem_of(model, 0.0, 1.0)
    expected = numbers(problem, point)
    unit = np.append([1.0, factor], np.ones(len(model.parameters)))
    found = numbers(replace(problem, phi=problem.phi * unit[:2]), point / unit)
    found["scores"] /= unit
    found["information"] /= np.outer(unit, unit)
    agree(found, expected)

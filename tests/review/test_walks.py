"""Scores and reasons of agents without a destination, against all walks of as many steps written out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from irlcore.elicitation.expected_use import expected_use
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.likely_walks import likeliest_walks
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.seen import log_seen
from irlcore.rationality.solution import Prepared, Solution
from irlcore.review.apart import compared, find
from irlcore.review.before_arrival import moments_before_arrival
from irlcore.review.reasons import explain_path, telling
from irlcore.review.scores import score_paths
from irlcore.review.uses import uses_to_goal
from irlcore.review.walks import walk_losses
from irlcore.worlds.mdp import MDP, Paths
from tests.rationality.roamers import NO_GOAL, SHAPES, roam, slow_values, softmax_by_state, whole
from tests.rationality.worlds import recorded
from tests.review.worlds import as_world

MODELS = [Boltzmann(), MaxEnt(), NoisyValue("path", draws=8)]
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
every_shape = pytest.mark.parametrize("shape", SHAPES)
GAMMA, THETA = 0.9, np.array([-0.73, 1.17])


def solved(model: Boltzmann | MaxEnt | NoisyValue, shape: str) -> tuple[MDP, np.ndarray, Prepared, Solution]:
    mdp, rng = SHAPES[shape](), np.random.default_rng(3)
    phi = np.column_stack((rng.uniform(0.9, 1.1, mdp.n_choices), rng.uniform(0.0, 1.0, mdp.n_states)[mdp.likeliest]))
    prepared = model.prepare(mdp, phi @ THETA, GAMMA, np.full(len(model.parameters), 0.4), phi * THETA)
    return mdp, phi, prepared, model.solve(prepared, NO_GOAL)


def all_walks(mdp: MDP, solution: Solution, start: int, steps: int) -> Iterator[tuple[float, list[int]]]:
    """Every walk of so many steps as it can be recorded, with its chance."""
    if not steps:
        yield 1.0, []
        return
    for m in range(mdp.choice_offsets[start], mdp.choice_offsets[start + 1]):
        for k in range(mdp.successor_offsets[m], mdp.successor_offsets[m + 1]):
            after = int(mdp.successors[k])
            for chance, rest in all_walks(mdp, solution, after, steps - 1):
                yield float(solution.policy[m] * mdp.probabilities[k]) * chance, [recorded(mdp, m, after), *rest]


def walks_of(mdp: MDP, phi: np.ndarray, lengths: list[int]) -> Paths:
    rng = np.random.default_rng(1)
    return roam(mdp, softmax_by_state(mdp, phi @ THETA), rng.integers(0, mdp.n_states, len(lengths)), np.array(lengths), rng)


@every_model
@every_shape
def test_what_is_expected_of_a_walk_is_the_mean_over_all_of_as_many_steps(model: Boltzmann | MaxEnt | NoisyValue, shape: str) -> None:
    mdp, phi, prepared, solution = solved(model, shape)
    lengths = [1, 3, 2, 3] if mdp.deterministic else [1, 2, 2]
    paths = walks_of(mdp, phi, lengths)
    scores = score_paths(model, prepared, paths)
    log_q, uses = log_seen(prepared, solution), np.zeros(mdp.n_choices)
    mean, variance = moments_before_arrival(mdp, solution, phi, paths.first_state(mdp), paths.lengths)
    for i, (start, n) in enumerate(zip(paths.first_state(mdp), lengths, strict=True)):
        chances, walks = zip(*all_walks(mdp, solution, int(start), n), strict=True)
        assert sum(chances) == pytest.approx(1.0)
        weights, surprise = np.array(chances), np.array([-log_q[walk].sum() for walk in walks])
        assert scores.expected[i] == pytest.approx(weights @ surprise, abs=1e-9)
        assert scores.deviation[i] ** 2 == pytest.approx(weights @ surprise**2 - (weights @ surprise) ** 2, abs=1e-9)
        totals = np.array([phi[walk].sum(axis=0) for walk in walks])
        np.testing.assert_allclose(mean[i], weights @ totals, atol=1e-9)
        np.testing.assert_allclose(variance[i], weights @ (totals - mean[i]) ** 2, atol=1e-9)
        for chance, walk in zip(chances, walks, strict=True):
            np.add.at(uses, walk, chance)
    np.testing.assert_allclose(expected_use(prepared, model, paths), uses, atol=1e-9)
    np.testing.assert_allclose(scores.surprise, (-scores.loglik - scores.expected) / scores.deviation, atol=1e-9)


@every_shape
def test_what_a_walk_lost_is_the_sum_of_what_its_choices_lost(shape: str) -> None:
    mdp, phi, prepared, _ = solved(Boltzmann(), shape)
    paths = walks_of(mdp, phi, [4, 7, 1])
    value = slow_values(mdp, phi @ THETA, GAMMA, soft=False)
    lost = value[mdp.choice_state] - (phi @ THETA + GAMMA * (mdp.transition_matrix() @ value))
    expected = np.add.reduceat(lost[paths.choices], paths.offsets[:-1])
    np.testing.assert_allclose(score_paths(Boltzmann(), prepared, paths).utility_gap, expected, atol=1e-8)


def test_towards_a_goal_at_gamma_one_that_is_the_usual_gap() -> None:
    mdp = SHAPES["grid"]()
    prepared = Boltzmann().prepare(mdp, -np.random.default_rng(0).uniform(0.5, 1.5, mdp.n_choices))
    paths = roam(mdp, softmax_by_state(mdp, np.zeros(mdp.n_choices)), np.array([5]), np.array([6]), np.random.default_rng(7))
    goal = np.array([paths.last_state[0]])
    end = int(np.flatnonzero(mdp.successors[paths.choices] == goal[0])[0]) + 1
    choices = paths.choices[:end]
    group = whole(Paths(paths.ids, np.array([0, end]), choices, goal, np.zeros(1, np.int64), paths.goals))
    value = Boltzmann().solve(prepared, goal).value
    usual = value[mdp.choice_state[choices[0]]] - prepared.reward[choices].sum()
    towards = type(group)(goal, group.index, group.offsets, group.choices)
    assert walk_losses(prepared, towards)[0] == pytest.approx(usual, abs=1e-9)


@pytest.mark.parametrize("shape", ["grid", "heading", "network"])
def test_the_likeliest_walk_is_the_likeliest_of_all(shape: str) -> None:
    mdp, phi, prepared, solution = solved(MaxEnt(), shape)
    paths = walks_of(mdp, phi, [5, 3, 4, 1])
    own = np.split(paths.choices, paths.offsets[1:-1])
    for walk, found in zip(own, likeliest_walks(prepared, solution, own), strict=True):
        best = max(all_walks(mdp, solution, int(mdp.choice_state[walk[0]]), len(walk)))
        assert len(found) == len(walk) and mdp.choice_state[found[0]] == mdp.choice_state[walk[0]]
        assert (mdp.successors[found[:-1]] == mdp.choice_state[found[1:]]).all()
        assert np.exp(solution.log_policy[found].sum()) == pytest.approx(best[0], rel=1e-9)


def test_where_all_is_as_likely_the_track_itself_is() -> None:
    mdp = SHAPES["grid"]()
    prepared = MaxEnt().prepare(mdp, np.zeros(mdp.n_choices), 0.5)
    solution = MaxEnt().solve(prepared, NO_GOAL)
    log_policy = np.full(mdp.n_choices, -1.0)
    level = Solution(solution.goal_states, solution.value, solution.q, log_policy, solution.slope)
    paths = roam(mdp, softmax_by_state(mdp, np.zeros(mdp.n_choices)), np.array([5, 2]), np.array([9, 4]), np.random.default_rng(7))
    own = np.split(paths.choices, paths.offsets[1:-1])
    for walk, found in zip(own, likeliest_walks(prepared, level, own), strict=True):
        np.testing.assert_array_equal(walk, found)


def test_a_feature_that_is_the_same_for_all_walks_leaves_no_room() -> None:
    mdp, phi, prepared, solution = solved(MaxEnt(), "grid")
    same = np.column_stack((np.full(mdp.n_choices, 12345.6), phi[:, 1]))
    paths = walks_of(mdp, phi, [300, 40])
    uses = uses_to_goal(prepared, solution, np.split(paths.choices, paths.offsets[1:-1]), ("same", "fish"), same)
    for one in uses:
        (level,) = (use for use in one if use.name == "same")
        assert np.isnan(level.z) and level.observed == pytest.approx(level.expected)


def test_reasons_name_no_goal() -> None:
    mdp, phi, prepared, _ = solved(MaxEnt(), "grid")
    world, paths = as_world(mdp), walks_of(mdp, phi, [12, 9, 20, 15, 8, 6])
    scores = score_paths(MaxEnt(), prepared, paths)
    told = telling(world, paths, np.arange(len(paths)))
    found = find(MaxEnt(), prepared, told.spots, paths, np.arange(6), ("step", "fish"), phi, told.known, told.said)
    told = type(told)(told.spots, told.said, told.known, told.yardstick, compared(found))
    for i in range(len(paths)):
        reasons = explain_path(MaxEnt(), prepared, paths, scores, i, ("step", "fish"), phi, told)
        text = " ".join(reasons.sentences)
        assert "goal" not in text and " to ." not in text and "ended" not in text
        assert "best that it could do at each step" in text and "likeliest walk of as many steps" in text
        assert len(reasons.alternative) == paths.lengths[i]

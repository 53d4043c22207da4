"""NoisyValue against the definition: shared costs summed link by link, plain Cholesky, plain means over the same draws."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import log_softmax, logsumexp

from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.noise.draws import QUASI, normal_draws
from irlcore.rationality.noise.mistake import mistaken_log_policy
from irlcore.rationality.noisy_value import UNSURE, Covariance, NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.solution import Prepared, group_by_goal
from irlcore.worlds.mdp import MDP, Paths, build_mdp, choices_between
from tests.rationality.test_contract import SHAPES, problem_of
from tests.rationality.worlds import grid_mdp, walk
from tests.review.worlds import make_paths

GOAL = 15


def plan_links(prepared: Prepared, state: int) -> list[int]:
    """The choices of the best way from a state to the goal, one after the other."""
    solution = Boltzmann().solve(prepared, np.array([GOAL]))
    out = []
    while state != GOAL:
        first, last = prepared.mdp.choice_offsets[state:state + 2]
        out.append(int(first + np.argmax(solution.q[first:last])))
        state = int(prepared.mdp.successors[out[-1]])
    return out


def shared_costs(prepared: Prepared, choices: np.ndarray) -> np.ndarray:
    """Covariance (n, n) of the errors behind ``choices``: the cost of the later links that two ways have in common."""
    ways = [set(plan_links(prepared, int(prepared.mdp.successors[m]))) for m in choices]
    return np.array([[-sum(prepared.reward[m] for m in a & b) for b in ways] for a in ways])


def factor(covariance: np.ndarray) -> np.ndarray:
    """Lower L with L L' = covariance, which may be singular, by its definition."""
    L = np.zeros_like(covariance)
    for j in range(len(L)):
        pivot = covariance[j, j] - L[j, :j] @ L[j, :j]
        if pivot > 1e-10 * covariance.diagonal().max():
            L[j:, j] = (covariance[j:, j] - L[j:, :j] @ L[j, :j]) / np.sqrt(pivot)
    return L


def random_world() -> tuple[Prepared, np.ndarray]:
    mdp = grid_mdp(4, 4)
    prepared = NoisyValue().prepare(mdp, -np.random.default_rng(7).uniform(0.5, 1.5, mdp.n_choices), own=np.array([0.36]))
    return prepared, Boltzmann().solve(prepared, np.array([GOAL])).q


def test_path_errors_are_shared_from_where_plans_merge() -> None:
    prepared, q = random_world()
    log_pi = NoisyValue().solve(prepared, np.array([GOAL])).log_policy
    draws = normal_draws(64, 8)
    for state in range(GOAL):
        here = np.arange(*prepared.mdp.choice_offsets[state:state + 2])
        errors = 0.6 * draws[:, :len(here)] @ factor(shared_costs(prepared, here)).T
        expected = logsumexp(log_softmax(q[here] + errors, axis=1), axis=0) - np.log(64)
        np.testing.assert_allclose(log_pi[here], expected, atol=1e-10)


def test_a_kept_draw_is_one_for_all_choices_of_a_trip() -> None:
    prepared, q = random_world()
    model = NoisyValue(persistent=True)
    ways = {GOAL: Boltzmann().solve(prepared, np.array([GOAL])).log_policy}
    paths = walk(prepared.mdp, ways, np.array([0, 4]), np.array([GOAL, GOAL]), np.random.default_rng(0))
    draws = normal_draws(512, QUASI)
    for i, loglik in enumerate(path_logliks(model, prepared, paths)):
        steps = paths.choices[paths.offsets[i]:paths.offsets[i + 1]]
        spans = [np.arange(*prepared.mdp.choice_offsets[s:s + 2]) for s in np.unique(prepared.mdp.choice_state[steps])]
        block = np.concatenate(spans)
        errors = 0.6 * draws[:, :len(block)] @ factor(shared_costs(prepared, block)).T
        log_q = np.full((512, prepared.mdp.n_choices), np.nan)
        for span in spans:
            log_q[:, span] = log_softmax(q[span] + errors[:, np.isin(block, span)], axis=1)
        assert loglik == pytest.approx(logsumexp(log_q[:, steps].sum(axis=1)) - np.log(512), abs=1e-9)


@pytest.mark.parametrize("covariance", UNSURE)
@pytest.mark.parametrize("persistent", [False, True])
@pytest.mark.parametrize(("slip", "gamma"), SHAPES)
def test_without_noise_it_is_boltzmann(covariance: Covariance, persistent: bool, slip: float, gamma: float) -> None:
    problem, point = problem_of(NoisyValue(covariance, persistent), slip, gamma)
    point[-1] = 0.0
    hard = Problem(problem.mdp, problem.phi, problem.names, problem.paths, Boltzmann(), gamma)
    expected = path_logliks(hard.model, hard.prepare(point[:-1]), hard.paths)
    np.testing.assert_allclose(path_logliks(problem.model, problem.prepare(point), problem.paths), expected, atol=1e-9)


@pytest.mark.parametrize("covariance", UNSURE)
@pytest.mark.parametrize(("slip", "gamma"), SHAPES)
def test_fixed_draws_stand_for_fresh_ones(covariance: Covariance, slip: float, gamma: float) -> None:
    """The mean over agents with a mistake each, drawn without any of the kernels, comes near the fixed draws' mean."""
    problem, point = problem_of(NoisyValue(covariance, draws=512), slip, gamma)
    point[-1] = 1.0
    prepared, rng = problem.prepare(point), np.random.default_rng(0)
    solution = problem.model.solve(prepared, np.array([GOAL]))
    policy = np.mean([np.exp(mistaken_log_policy(prepared, solution, covariance, rng)) for _ in range(4000)], axis=0)
    off = np.abs(policy - solution.policy).max()
    assert off < 0.04 and off < 0.5 * np.abs(policy - Boltzmann().solve(prepared, np.array([GOAL])).policy).max()


def test_steps_given_those_before_add_up_and_learn_from_them() -> None:
    problem, point = problem_of(NoisyValue("weights", persistent=True), 0.0, 1.0)
    prepared = problem.prepare(point)
    for group in group_by_goal(problem.paths):
        solution = problem.model.solve(prepared, group.goal_states)
        steps = problem.model.steps(prepared, solution, group)
        whole = path_logliks(problem.model, prepared, problem.paths)[group.index]
        np.testing.assert_allclose(np.add.reduceat(steps, group.offsets[:-1]), whole, atol=1e-10)
        first = group.offsets[:-1]
        np.testing.assert_allclose(steps[first], solution.log_policy[group.choices[first]], atol=0.02)
        assert np.abs(steps - solution.log_policy[group.choices]).max() > 0.02


def test_draws_are_fixed_even_and_of_unit_variance() -> None:
    for count, dims in ((64, 8), (512, QUASI), (64, QUASI + 100)):
        draws = normal_draws(count, dims)
        np.testing.assert_allclose(draws.mean(axis=0), 0.0, atol=1e-12)
        np.testing.assert_allclose(draws.var(axis=0), 1.0)
        np.testing.assert_array_equal(draws, normal_draws.__wrapped__(count, dims))
    np.testing.assert_array_equal(normal_draws(64, QUASI + 100)[:, 2:10], normal_draws(64, 8, skip=2))


@pytest.mark.parametrize("persistent", [False, True])
def test_weights_and_sigma_are_recovered(persistent: bool) -> None:
    mdp, rng = grid_mdp(5, 5), np.random.default_rng(11)
    phi = np.column_stack((np.ones(mdp.n_choices), (rng.random(25) < 0.3)[mdp.successors].astype(float)))
    truth, model = np.array([-1.8, -0.8, 0.5]), NoisyValue(persistent=persistent)
    prepared = model.prepare(mdp, phi @ truth[:2], 1.0, truth[2:], phi * truth[:2])
    solutions = {g: model.solve(prepared, np.array([g])) for g in (24, 4)}
    ends = zip(rng.choice([24, 4], 400), rng.choice(20, 400), strict=True)
    states = [(g, model.sample(prepared, solutions[g], int(s), rng)) for g, s in ends if s != g]
    paths = paths_of(mdp, states)
    found = fit(Problem(mdp, phi, ("step", "mud"), paths, model))
    assert (np.abs(found.theta - truth[:2]) < 4.0 * found.se_robust).all()
    assert abs(found.own[0] - truth[2]) < 4.0 * found.own_se[0]
    assert found.own_se[0] < 0.4 and found.own_names == ("sigma2",)
    blind = fit(Problem(mdp, phi, ("step", "mud"), paths, Boltzmann()))
    assert found.loglik > blind.loglik + 2.0


def paths_of(mdp: MDP, states: list[tuple[int, list[int]]]) -> Paths:
    """Paths from lists of states and their goals."""
    choices = [choices_between(mdp, np.array(way[:-1]), np.array(way[1:])).tolist() for _, way in states]
    return make_paths(mdp, choices, [goal for goal, _ in states])


def test_no_goal_state_has_an_error() -> None:
    """Both ways lead straight into the goal, whose states have no value to misjudge."""
    mdp, _ = build_mdp(3, np.array([0, 0]), np.array([1, 2]))
    reward = np.array([-1.0, -3.0])
    for goal in ([1, 2], [2, 1]):
        noisy = NoisyValue("independent")
        found = noisy.solve(noisy.prepare(mdp, reward, own=np.array([4.0])), np.array(goal)).policy
        np.testing.assert_allclose(found, Boltzmann().solve(Boltzmann().prepare(mdp, reward), np.array(goal)).policy, atol=1e-12)


@pytest.mark.parametrize("draws", [1, 65])
def test_an_odd_number_of_draws_is_refused(draws: int) -> None:
    for model in (NoisyValue, Replanned):
        with pytest.raises(ValueError, match="even"):
            model(draws=draws)

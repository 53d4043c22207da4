"""NoisyValue against the definition: shared costs summed link by link, plain Cholesky, plain means over the same draws."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.special import log_softmax, logsumexp

from irlcore.contracts.rationality import SHAPES
from irlcore.contracts.walks import Ground, problem_of
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.problem import Problem
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.noise.draws import state_errors, want_errors
from irlcore.rationality.noise.errors import TEMPERATURE
from irlcore.rationality.noise.errors_ahead import Covariance
from irlcore.rationality.noisy_value import UNSURE, NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.solution import Prepared, group_by_goal
from irlcore.worlds.mdp import build_mdp
from irlcore.worlds.state_ids import ids_of
from tests.rationality.worlds import grid_mdp, walk

GOAL = 15


def ground(slip: float, gamma: float) -> Ground:
    return Ground("4 x 4 cells", grid_mdp(4, 4, slip), (0, 4, 8), (3, 15), gamma)


def carried(prepared: Prepared, xi: np.ndarray) -> np.ndarray:
    """Errors (M, R) of steps carried to every state (S, R) along all ways that are nearly as good, state by state as it is defined."""
    solution, mdp = Boltzmann().solve(prepared, np.array([GOAL])), prepared.mdp

    @cache
    def at(state: int) -> np.ndarray:
        if state == GOAL:
            return np.zeros(xi.shape[1])
        parts = []
        for m in range(*mdp.choice_offsets[state:state + 2]):
            after, cost = int(mdp.successors[m]), -prepared.reward[m]
            gain, loss = solution.value[after] - solution.value[state], solution.value[state] - solution.q[m]
            if gain > 0.0:
                x = min(gain / cost, 1.0)
                parts.append((np.exp(-loss / TEMPERATURE) * x * x * (3.0 - 2.0 * x), m, after))
        total = sum(weight for weight, _, _ in parts)
        return np.sum([weight / total * (xi[m] + at(after)) for weight, m, after in parts], axis=0)

    return np.array([at(s) for s in range(mdp.n_states)])


def worlds() -> list[Prepared]:
    """A grid where every step costs something else, and one where all cost the same, so that most ways tie."""
    mdp = grid_mdp(4, 4)
    rewards = (-np.random.default_rng(7).uniform(0.5, 1.5, mdp.n_choices), np.full(mdp.n_choices, -1.0))
    return [NoisyValue().prepare(mdp, reward, own=np.array([0.36])) for reward in rewards]


def log_choices(prepared: Prepared, draws: int) -> np.ndarray:
    """log pi (M, R) by the definition: softmax of q and sigma times the error of what comes next, under each draw and its opposite."""
    mdp, q = prepared.mdp, Boltzmann().solve(prepared, np.array([GOAL])).q
    z = state_errors(mdp, draws // 2)
    eps = carried(prepared, np.sqrt(-prepared.reward)[:, None] * z[mdp.successors])[mdp.successors]
    out = np.full((mdp.n_choices, draws), -np.inf)
    for state in range(GOAL):
        here = np.arange(*mdp.choice_offsets[state:state + 2])
        out[here] = log_softmax(q[here, None] + 0.6 * np.hstack((eps[here], -eps[here])), axis=0)
    return out


@pytest.mark.parametrize("prepared", worlds(), ids=["random", "ties"])
def test_errors_are_shared_by_all_ways_that_pass_a_place(prepared: Prepared) -> None:
    log_pi = NoisyValue().solve(prepared, np.array([GOAL])).log_policy
    expected = logsumexp(log_choices(prepared, NoisyValue().draws), axis=1) - np.log(NoisyValue().draws)
    np.testing.assert_allclose(log_pi, expected, atol=1e-10)


@pytest.mark.parametrize("prepared", worlds(), ids=["random", "ties"])
def test_a_kept_draw_is_one_for_all_choices_of_a_trip(prepared: Prepared) -> None:
    model = NoisyValue(persistent=True)
    ways = {GOAL: Boltzmann().solve(prepared, np.array([GOAL])).log_policy}
    paths = walk(prepared.mdp, ways, np.array([0, 4]), np.array([GOAL, GOAL]), np.random.default_rng(0))
    log_pi = log_choices(prepared, model.draws)
    for i, loglik in enumerate(path_logliks(model, prepared, paths)):
        steps = paths.choices[paths.offsets[i]:paths.offsets[i + 1]]
        assert loglik == pytest.approx(logsumexp(log_pi[steps].sum(axis=0)) - np.log(model.draws), abs=1e-9)


@pytest.mark.parametrize("covariance", UNSURE)
@pytest.mark.parametrize("persistent", [False, True])
@pytest.mark.parametrize(("slip", "gamma"), SHAPES)
def test_without_noise_it_is_boltzmann(covariance: Covariance, persistent: bool, slip: float, gamma: float) -> None:
    problem, point = problem_of(NoisyValue(covariance, persistent), ground(slip, gamma))
    point[-1] = 0.0
    hard = Problem(problem.mdp, problem.phi, problem.names, problem.paths, Boltzmann(), gamma)
    expected = path_logliks(hard.model, hard.prepare(point[:-1]), hard.paths)
    np.testing.assert_allclose(path_logliks(problem.model, problem.prepare(point), problem.paths), expected, atol=1e-9)


@pytest.mark.parametrize("covariance", UNSURE)
@pytest.mark.parametrize(("slip", "gamma"), SHAPES)
def test_fixed_draws_stand_for_fresh_ones(covariance: Covariance, slip: float, gamma: float) -> None:
    """The mean over agents with a mistake each, drawn without any of the kernels, comes near the fixed draws' mean."""
    problem, point = problem_of(NoisyValue(covariance, draws=512), ground(slip, gamma))
    assert isinstance(problem.model, NoisyValue)
    point[-1] = 1.0
    prepared, rng = problem.prepare(point), np.random.default_rng(0)
    solution = problem.model.solve(prepared, np.array([GOAL]))
    policy = np.mean([np.exp(problem.model.mistaken(prepared, solution, rng)) for _ in range(4000)], axis=0)
    off = np.abs(policy - solution.policy).max()
    assert off < 0.04 and off < 0.5 * np.abs(policy - Boltzmann().solve(prepared, np.array([GOAL])).policy).max()


def test_steps_given_those_before_add_up_and_learn_from_them() -> None:
    problem, point = problem_of(NoisyValue("weights", persistent=True), ground(0.0, 1.0))
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
    for count, dims in ((64, 8), (512, 3)):
        draws = want_errors(count, dims)
        np.testing.assert_allclose(draws.mean(axis=1), 0.0, atol=1e-12)
        np.testing.assert_allclose(draws.var(axis=1), 1.0)
        np.testing.assert_array_equal(draws, want_errors.__wrapped__(count, dims))


def test_errors_of_states_are_normal_independent_and_known_by_what_the_state_is() -> None:
    """Of 2,000 states and 64 draws: mean square 1 in each by construction; the rest within 5.5 standard errors, which 4 numbers leave with
    a chance of 2e-7."""
    mdp, _ = build_mdp(2000, np.arange(1999), np.arange(1, 2000), ids_of(range(2000)))
    z = state_errors(mdp, 64)
    np.testing.assert_allclose((z**2).mean(axis=1), 1.0)
    n = z.size
    beside, along = (z[1:] * z[:-1]).mean(), (z[:, 1:] * z[:, :-1]).mean()
    for number, error in ((z.mean(), 1.0), ((z**3).mean(), np.sqrt(15.0)), (beside, 1.0), (along, 1.0)):
        assert abs(number) < 5.5 * error / np.sqrt(n)
    shuffle = np.random.default_rng(0).permutation(2000)
    other, _ = build_mdp(2000, shuffle[mdp.choice_state], shuffle[mdp.successors], mdp.ids[np.argsort(shuffle)])
    np.testing.assert_array_equal(state_errors(other, 64)[shuffle], z)


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

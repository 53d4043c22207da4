"""Rewards read off values, and settings chosen on held-out tracks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.engine import Control
from irlcore.errors import Cancelled, FitError
from irlcore.fitting.problem import Problem
from irlcore.fitting.value_basis.estimate import fit_value_basis
from irlcore.fitting.value_basis.held_out import choose_lam
from irlcore.fitting.value_basis.rewards import rewards_of
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.conditional_logit import ConditionalLogit
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.mdp import Paths, build_goals, build_mdp
from tests.fitting.value_basis.problems import GOALS, THETA, chances, problem_of, tree_problem

pytestmark = pytest.mark.kernels


def test_of_a_soft_optimal_agent_it_is_the_reward_itself() -> None:
    problem = problem_of(MaxEnt())
    for goal, state in enumerate(sorted(GOALS)):
        found = rewards_of(problem, THETA, goal)
        possible = np.isfinite(found)
        assert (problem.mdp.choice_state[~possible] == state).all()
        np.testing.assert_allclose(found[possible], (problem.phi @ THETA)[possible], atol=1e-9)


def test_rewards_of_a_simulated_soft_optimal_agent_are_recovered_up_to_shaping() -> None:
    """One weight a choice, no planner at all: what ways from one start to the goal cost beside each other is found. With 8,000 trips of
    which the rarest way has some 3 % the largest of five differences has a standard error of .08 nats: five are less than 1 in 1e5."""
    state, after = np.array([0, 0, 0, 1, 1, 2, 2, 3]), np.array([1, 2, 3, 3, 4, 4, 1, 4])
    mdp, _ = build_mdp(5, state, after)
    truth, rng = -np.array([1.0, 0.8, 3.2, 0.7, 2.0, 1.9, 0.4, 1.1]), np.random.default_rng(20121)
    ways = [[0, 3, 7], [0, 4], [1, 5], [1, 6, 4], [1, 6, 3, 7], [2, 7]]
    uses = np.array([np.bincount(way, minlength=8) for way in ways], float)
    n, cost = 8_000, uses @ truth
    drawn = rng.choice(len(ways), n, p=np.exp(cost) / np.exp(cost).sum())  # soft-optimal: a way is as likely as e^reward
    offsets = np.concatenate(([0], np.cumsum([len(ways[k]) for k in drawn]))).astype(np.int64)
    paths = Paths(np.arange(n).astype(str).astype(object), offsets, np.concatenate([ways[k] for k in drawn]), np.full(n, 4),
                  np.zeros(n, np.int64), build_goals([np.array([4])], ["end"]))
    problem = Problem(mdp, np.eye(8), tuple("abcdefgh"), paths, ConditionalLogit())
    assert np.ptp(cost) > 1.0
    for lam in (0.0, 1e-4):
        found = uses @ rewards_of(problem, fit_value_basis(problem, lam=lam).theta)
        np.testing.assert_allclose(found - found[0], cost - cost[0], atol=0.4)


def test_by_chance_too_and_below_gamma_1() -> None:
    problem = problem_of(MaxEnt(), slip=0.2, gamma=0.9)
    found = rewards_of(problem, THETA)
    possible = np.isfinite(found)
    np.testing.assert_allclose(found[possible], (problem.phi @ THETA)[possible], atol=1e-8)


def test_held_out_tracks_ask_for_no_term_where_the_model_is_right_and_many_tracks_tell() -> None:
    choice = choose_lam(problem_of(MaxEnt(), n=200), lams=(0.0, 0.3, 10.0))
    assert choice.lam == 0.0 and choice.gamma == 1.0
    assert choice.held_out.shape == (1, 3) and (np.diff(choice.held_out[0]) < 0.0).all()


def test_held_out_tracks_are_each_judged_once_by_weights_of_the_others() -> None:
    """As many folds as tracks, against fits one by one."""
    problem = tree_problem(("ab", "ac", "b"), (3, 2, 2))
    choice = choose_lam(problem, lams=(0.0,), folds=7, l2=0.05)
    slow = []
    for i in range(7):
        rest = replace(problem, paths=problem.paths.take(np.delete(np.arange(7), i)))
        slow.append(np.log(chances(problem, fit_value_basis(rest, l2=0.05).theta)[i]))
    assert choice.held_out[0, 0] == pytest.approx(np.mean(slow), abs=1e-4)


def test_the_discount_is_chosen_too() -> None:
    problem = problem_of(MaxEnt(), gamma=0.8, n=150)
    choice = choose_lam(problem, lams=(0.0,), gammas=(0.3, 0.8, 1.0))
    assert choice.gamma == 0.8 and np.isfinite(choice.held_out[:2]).all()


def test_nothing_to_choose_from_or_by_is_refused() -> None:
    problem = problem_of(Boltzmann())
    for wrong in ({"lams": ()}, {"gammas": ()}, {"lams": (-1.0,)}, {"folds": 1}):
        with pytest.raises(FitError):
            choose_lam(problem, **wrong)  # type: ignore[arg-type]
    with pytest.raises(FitError, match="1 independent track"):
        choose_lam(replace(problem, clusters=np.full(60, "one")))
    control = Control(lambda done, total, message: control.cancel.set())
    with pytest.raises(Cancelled):
        choose_lam(problem, control=control)

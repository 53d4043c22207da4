"""Parallel choices lead from one state to one other: they count together, whichever a path names and in whatever order they stand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irlcore.elicitation.expected_use import expected_use
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.fitting.likelihood import evaluate, path_logliks, residual_map
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.routes import likeliest_path
from irlcore.rationality.seen import confusion, first_alike, log_seen, told_apart
from irlcore.rationality.solution import group_by_goal
from irlcore.review.scores import score_paths
from irlcore.worlds.mdp import MDP, Paths, build_mdp
from irlcore.worlds.slip import with_slip
from tests.review.worlds import make_paths

EVERY: list[Rationality] = [Boltzmann(), MaxEnt(), NoisyValue(draws=16), NoisyValue("weights", draws=16),
                            NoisyValue(persistent=True, draws=16),
                            Replanned(draws=8), Replanned(persistent=True, draws=8)]
every = pytest.mark.parametrize("model", EVERY, ids=lambda model: model.name)
DRAWN_BY_PLACE = {"noisy_value", "noisy_value_persistent"}
"""Models whose errors are drawn for the choices of a state in the order in which these stand: what that moves is for the tests of noise."""

# 0 -> 1 three times, 0 -> 2, 1 -> 3, 2 -> 3 twice, 1 -> 2, 3 -> 0
BEFORE, AFTER = np.array([0, 0, 0, 0, 1, 2, 2, 1, 3]), np.array([1, 1, 2, 1, 3, 3, 3, 2, 0])
COST = np.array([1.0, 1.3, 1.2, 2.0, 1.1, 0.9, 1.4, 0.7, 1.0])
FEATURES = np.column_stack((COST, [0.0, 1.0, 0.5, 0.2, 0.0, 0.3, 0.9, 0.1, 0.0]))
THETA = np.array([-1.3, -0.4])


def street(order: np.ndarray) -> tuple[MDP, np.ndarray, np.ndarray]:
    """The world with its choices in another order, their features, and where each choice now stands."""
    mdp, sort = build_mdp(4, BEFORE[order], AFTER[order])
    return mdp, FEATURES[order][sort], np.argsort(order[sort])


def walked(mdp: MDP, place: np.ndarray, ways: list[list[int]]) -> Paths:
    return make_paths(mdp, [place[np.array(way)].tolist() for way in ways], [3] * len(ways))


def told(model: Rationality, mdp: MDP, phi: np.ndarray, paths: Paths, gamma: float) -> list[np.ndarray]:
    problem = Problem(mdp, phi, ("cost", "bad"), paths, model, gamma)
    prepared = problem.prepare(np.concatenate((THETA, 0.3 * np.ones(len(model.parameters)))))
    found = evaluate(model, prepared, phi, paths, group_by_goal(paths))
    return [found.loglik, found.scores, path_logliks(model, prepared, paths), score_paths(model, prepared, paths).surprise,
            residual_map(model, prepared, paths) @ phi]


@every
@pytest.mark.parametrize("gamma", [1.0, 0.9])
@pytest.mark.parametrize("slip", [0.0, 0.2])
def test_which_of_them_a_path_names_makes_no_difference(model: Rationality, gamma: float, slip: float) -> None:
    mdp, phi, place = street(np.arange(9))
    mdp = with_slip(mdp, slip)
    one = told(model, mdp, phi, walked(mdp, place, [[0, 4], [2, 5], [0, 7, 5]]), gamma)
    for ways in ([[1, 4], [2, 6], [3, 7, 6]], [[3, 4], [2, 6], [1, 7, 5]]):
        for a, b in zip(one, told(model, mdp, phi, walked(mdp, place, ways), gamma), strict=True):
            np.testing.assert_allclose(a, b, atol=1e-10)


@pytest.mark.parametrize("model", [m for m in EVERY if m.name not in DRAWN_BY_PLACE], ids=lambda model: model.name)
@pytest.mark.parametrize("gamma", [1.0, 0.9])
def test_the_order_of_choices_makes_no_difference(model: Rationality, gamma: float) -> None:
    ways = [[0, 4], [2, 5], [1, 7, 6]]
    mdp, phi, place = street(np.arange(9))
    one = told(model, mdp, phi, walked(mdp, place, ways), gamma)
    for seed in range(3):
        mdp, phi, place = street(np.random.default_rng(seed).permutation(9))
        for a, b in zip(one, told(model, mdp, phi, walked(mdp, place, ways), gamma), strict=True):
            np.testing.assert_allclose(a, b, atol=1e-9)


@every
@pytest.mark.parametrize("gamma", [1.0, 0.9])
def test_a_step_has_the_chance_of_all_of_them(model: Rationality, gamma: float) -> None:
    mdp, phi, place = street(np.arange(9))
    paths = walked(mdp, place, [[0, 4], [2, 5]])
    prepared = Problem(mdp, phi, ("cost", "bad"), paths, model, gamma).prepare(np.append(THETA, 0.3 * np.ones(len(model.parameters))))
    solution = model.solve(prepared, np.array([3]))
    assert not told_apart(mdp)
    seen, policy = np.exp(log_seen(prepared, solution)), solution.policy
    np.testing.assert_allclose(seen[place[[0, 1, 3]]], policy[place[[0, 1, 3]]].sum(), atol=1e-12)
    np.testing.assert_allclose(seen[place[[5, 6]]], policy[place[[5, 6]]].sum(), atol=1e-12)
    np.testing.assert_allclose(seen[place[[2, 4]]], policy[place[[2, 4]]], atol=1e-12)
    if not getattr(model, "persistent", False):
        loglik = np.log([seen[place[0]] * seen[place[4]], seen[place[2]]])
        np.testing.assert_allclose(path_logliks(model, prepared, paths), loglik, atol=1e-10)


@every
def test_scores_are_slopes_of_the_log_likelihood(model: Rationality) -> None:
    mdp, phi, place = street(np.arange(9))
    paths = walked(mdp, place, [[0, 4], [2, 5], [3, 7, 6]])
    problem = Problem(mdp, phi, ("cost", "bad"), paths, model)
    point, step = np.append(THETA, 0.3 * np.ones(len(model.parameters))), 1e-6
    found = problem.evaluate(point, problem.groups())
    for k, way in enumerate(np.eye(len(point))):
        up, down = (problem.evaluate(point + s * way, problem.groups()).loglik for s in (step, -step))
        np.testing.assert_allclose(found.scores[:, k], (up - down) / (2 * step), atol=1e-5)
    flat = residual_map(model, problem.prepare(point), paths)
    if "weights" not in getattr(model, "covariance", ""):  # whose errors hang on the parts as well
        np.testing.assert_allclose(phi.T @ flat, found.scores[:, :2].sum(axis=0), atol=1e-7)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_a_choice_split_in_two_is_the_same_choice_to_maxent(seed: int, discounted: bool) -> None:
    """Two copies of r - log 2 each: log (2 e^(r - log 2)) = r, so that nothing that is seen changes."""
    rng = np.random.default_rng(seed)
    before, after = np.repeat(np.arange(5), 2), rng.integers(0, 5, 10)
    pairs = np.unique(np.column_stack((np.append(before, np.arange(4)), np.append(after, np.arange(1, 5)))), axis=0)
    reward = -rng.uniform(2.0, 3.0, len(pairs))
    split = int(rng.integers(len(pairs)))
    gamma, model = (0.9, MaxEnt()) if discounted else (1.0, MaxEnt())
    logliks = []
    for pieces in (1, 2):
        again = np.append(np.arange(len(pairs)), np.full(pieces - 1, split))
        mdp, order = build_mdp(5, pairs[again, 0], pairs[again, 1])
        own = reward.copy()
        own[split] -= np.log(pieces)
        way = [int(np.flatnonzero((mdp.choice_state == s) & (mdp.successors == s + 1))[-1]) for s in range(4)]
        paths = make_paths(mdp, [way, way[2:]], [4, 4])
        prepared = model.prepare(mdp, own[again][order], gamma)
        logliks.append(np.append(path_logliks(model, prepared, paths),
                                 evaluate(model, prepared, np.ones((len(again), 1)), paths, group_by_goal(paths)).loglik))
    np.testing.assert_allclose(logliks[0], logliks[1], atol=1e-10)


def test_expected_use_counts_what_can_be_seen() -> None:
    mdp, phi, place = street(np.arange(9))
    paths = walked(mdp, place, [[0, 4], [1, 4], [2, 5], [3, 7, 6]])
    prepared = MaxEnt().prepare(mdp, phi @ THETA)
    found = expected_use(prepared, MaxEnt(), paths)
    seen = np.exp(log_seen(prepared, MaxEnt().solve(prepared, np.array([3]))))
    assert found[place[0]] == pytest.approx(4 * seen[place[0]])
    assert (found[place[[1, 3, 6]]] == 0.0).all()
    assert found.sum() == pytest.approx(2 * 4 + found[place[7]])  # two steps a trip, and one more by 1 -> 2


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_every_estimator_takes_them_for_one(estimator: str) -> None:
    """Also where it has no likelihood: the same weights whichever of them the trips name, and in any order of choices."""
    found = []
    for order, ways in ((np.arange(9), [[0, 4], [2, 5], [0, 4], [0, 7, 5]]), (np.arange(9), [[3, 4], [2, 6], [1, 4], [1, 7, 6]]),
                        (np.array([8, 3, 6, 1, 0, 7, 2, 5, 4]), [[0, 4], [2, 5], [3, 4], [1, 7, 5]])):
        mdp, phi, place = street(order)
        problem = Problem(mdp, phi, ("cost", "bad"), walked(mdp, place, ways), Boltzmann())
        found.append(ESTIMATORS[estimator].fit(problem, ["negative", "free"], None, None, "").theta)
    np.testing.assert_allclose(found[1], found[0], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found[2], found[0], rtol=1e-4, atol=1e-6)


def test_the_likeliest_way_names_the_likeliest_of_them() -> None:
    mdp, phi, place = street(np.arange(9))
    prepared = Boltzmann().prepare(mdp, phi @ THETA)
    way = likeliest_path(prepared, Boltzmann().solve(prepared, np.array([3])), 0)
    assert way.tolist() in (place[[0, 4]].tolist(), place[[2, 5]].tolist())
    dearer = replace(prepared, reward=np.where(np.arange(9) == place[0], -5.0, prepared.reward))
    way = likeliest_path(dearer, Boltzmann().solve(dearer, np.array([3])), 0)
    assert way[0] in (place[1], place[2])


def test_rows_of_the_confusion_are_those_of_the_first_alike() -> None:
    mdp, _, place = street(np.arange(9))
    assert first_alike(mdp)[place[[1, 3, 6]]].tolist() == place[[0, 0, 5]].tolist()
    B = confusion(mdp).toarray()
    np.testing.assert_array_equal(B[place[0]], B[place[3]])
    np.testing.assert_array_equal(B[place[0]], np.isin(np.arange(9), place[[0, 1, 3]]))

"""Tracks that were cut off: sums over the goals that they may have had, by brute force and by differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import logsumexp

from irlcore.errors import FitError, WorldError
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.fitting.likelihood import Evaluation, path_logliks, residual_blocks, residual_map, residual_matrix
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.solution import Group, group_by_goal
from irlcore.simulation.cutting import cut_at_random
from irlcore.worlds.goal_prior import unfinished, unfinished_prior, with_past
from irlcore.worlds.mdp import MDP, Paths, build_goals
from tests.rationality.worlds import grid_mdp, walk

MODELS = [MaxEnt(), Boltzmann(), NoisyValue(draws=4), NoisyValue(persistent=True, draws=8), Replanned(draws=4),
          Replanned(persistent=True, draws=4)]
GOALS = (24, 20, 4)


def features(mdp: MDP, rng: np.random.Generator) -> np.ndarray:
    """A cost per step and two others."""
    return np.column_stack((np.ones(mdp.n_choices), rng.random(mdp.n_choices), rng.random(mdp.n_choices)))


def trips(mdp: MDP, phi: np.ndarray, theta: np.ndarray, n: int, rng: np.random.Generator, goals: tuple[int, ...] = GOALS) -> Paths:
    """Trips drawn from MaxEnt from a few starts, to each goal about as often."""
    prepared = MaxEnt().prepare(mdp, phi @ theta)
    ways = {g: MaxEnt().solve(prepared, np.array([g])).log_policy for g in goals}
    ends = rng.choice(goals, n)
    starts = np.array([rng.choice([s for s in (0, 2, 11, 13, 22) if s != e]) for e in ends])
    return walk(mdp, ways, starts, ends, rng)


def made(model: Rationality, slip: float = 0.0, gamma: float = 1.0, seed: int = 0, n: int = 24) -> tuple[Problem, np.ndarray]:
    """A problem with some trips cut off, and a point to judge it at."""
    rng = np.random.default_rng(seed)
    mdp = grid_mdp(5, 5, slip)
    phi = features(mdp, rng)
    theta = np.array([-1.2, -0.8, -0.3])
    paths = cut_at_random(trips(mdp, phi, theta, n, rng), mdp, rng.random(n) < 0.5, rng)
    return Problem(mdp, phi, ("step", "a", "b"), paths, model, gamma), np.append(theta, model.own_start(None))


def brute(problem: Problem, point: np.ndarray) -> np.ndarray:
    """(N,) log-likelihoods, each unfinished track judged as a track to every goal, one at a time."""
    paths, out = problem.paths, np.zeros(len(problem.paths))
    prepared = problem.prepare(point)
    for i in range(len(paths)):
        choices = paths.choices[paths.offsets[i]:paths.offsets[i + 1]]
        goals, prior = (([int(paths.goal[i])], np.ones((1, 1))) if paths.goal[i] >= 0
                        else unfinished_prior(paths, problem.mdp, np.array([i])))
        found = []
        for goal, share in zip(goals, prior[0], strict=True):
            group = Group(paths.goals.of(int(goal)), np.zeros(1, np.int64), np.array([0, len(choices)]), choices)
            steps = problem.model.steps(prepared, problem.model.solve(prepared, group.goal_states), group)
            found.append(np.log(share) + np.where(np.isfinite(steps), steps, -np.inf).sum())
        out[i] = logsumexp(found)
    return out


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
@pytest.mark.parametrize(("slip", "gamma"), [(0.0, 1.0), (0.2, 0.95)])
def test_a_cut_track_has_the_chances_of_all_its_goals(model: Rationality, slip: float, gamma: float) -> None:
    problem, point = made(model, slip, gamma)
    want = brute(problem, point)
    found = problem.evaluate(point, problem.groups())
    assert unfinished(problem.paths).sum() >= 5 and np.isfinite(want).all()
    np.testing.assert_allclose(found.loglik, want, rtol=1e-9)
    np.testing.assert_allclose(path_logliks(model, problem.prepare(point), problem.paths), want, rtol=1e-9)
    step = 1e-6 * np.maximum(1.0, np.abs(point))
    for k in range(len(point)):  # the model's own parameters too
        moved = [problem.evaluate(point + side * step * (np.arange(len(point)) == k), problem.groups()).loglik for side in (1, -1)]
        np.testing.assert_allclose(found.scores[:, k], (moved[0] - moved[1]) / (2.0 * step[k]), rtol=2e-4, atol=2e-4)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_the_residuals_of_cut_tracks_are_derivatives_by_rewards(model: Rationality) -> None:
    problem, point = made(model, n=12)
    scores = problem.evaluate(point, problem.groups()).scores[:, :3]
    prepared, m = problem.prepare(point), problem.mdp.n_choices
    D = np.full((len(problem.paths), m), np.nan)
    residual_matrix(model, prepared, problem.paths, D, np.arange(len(D)), block=3)
    # features that scale a want's share (none of these) apart, d l / d theta = D phi
    np.testing.assert_allclose(D @ problem.phi, scores, rtol=1e-6, atol=1e-8)
    blocks = np.zeros_like(D)
    for index, rows in residual_blocks(model, prepared, problem.paths, block=3):
        blocks[index] = rows
    np.testing.assert_allclose(blocks, D, atol=1e-12)
    np.testing.assert_allclose(residual_map(model, prepared, problem.paths), D.sum(axis=0), atol=1e-10)


def test_the_information_that_is_left_is_the_curvature() -> None:
    """Under Boltzmann log pi bends as its information says, so Louis's formula is exact: against differences of the scores."""
    problem, point = made(Boltzmann(), n=100, seed=3)
    found = problem.evaluate(point, problem.groups())
    curvature = np.zeros((3, 3))
    for k in range(3):
        step = 1e-6 * (np.arange(3) == k)
        up, down = (problem.evaluate(point + side * step, problem.groups()).scores.sum(axis=0) for side in (1, -1))
        curvature[k] = (down - up) / 2e-6
    assert found.missing is not None and not found.exact
    np.testing.assert_allclose(found.observed, curvature, rtol=1e-4, atol=1e-3)
    assert np.linalg.eigvalsh(found.missing).min() > 0.03 * np.linalg.eigvalsh(found.information).min()


def test_nothing_changes_where_all_goals_are_known() -> None:
    problem, point = made(MaxEnt())
    whole = replace(problem, paths=problem.paths.take(np.flatnonzero(~unfinished(problem.paths))))
    found, alone = whole.evaluate(point, whole.groups()), problem.evaluate(point, problem.groups())
    assert found.exact and found.missing is None and found.observed is found.information
    known = ~unfinished(problem.paths)
    assert np.array_equal(alone.loglik[known], found.loglik) and np.array_equal(alone.scores[known], found.scores)


def test_a_track_that_passed_its_only_goals_has_no_chance_and_the_others_keep_theirs() -> None:
    problem, point = made(MaxEnt(), n=12)
    mdp = problem.mdp
    way = [c for a, b in ((3, 4), (4, 9)) for c in range(mdp.choice_offsets[a], mdp.choice_offsets[a + 1]) if mdp.successors[c] == b]
    goals = build_goals([np.array([4])], ["corner"])
    paths = Paths(np.array(["whole", "past", "near", "there"], object), np.array([0, 1, 3, 4, 5]),
                  np.array([way[0], *way, problem.paths.choices[0], way[0]]),
                  np.array([4, 9, int(mdp.successors[problem.paths.choices[0]]), 4]), np.array([0, -1, -1, -1]), goals)
    found = Problem(mdp, problem.phi, problem.names, paths, MaxEnt())
    judged = found.evaluate(point, found.groups())
    assert judged.loglik[1] == -np.inf and not judged.scores[1].any() and np.isfinite(judged.loglik[[0, 2, 3]]).all()
    assert judged.loglik[3] == pytest.approx(judged.loglik[0])  # last seen at the goal: it may have been about to end there
    assert path_logliks(MaxEnt(), found.prepare(point), paths)[1] == -np.inf
    with pytest.raises(FitError, match="past"):
        fit(found)


def test_a_group_by_goal_asks_for_goals() -> None:
    problem, _ = made(MaxEnt())
    with pytest.raises(WorldError, match="cut off"):
        group_by_goal(problem.paths)


def test_the_prior_counts_arrivals_and_leaves_no_goal_out() -> None:
    problem, _ = made(MaxEnt(), n=40)
    cut = np.flatnonzero(unfinished(problem.paths))
    goals, prior = unfinished_prior(problem.paths, problem.mdp, cut)
    assert np.array_equal(goals, [0, 1, 2]) and (prior > 0.0).all()
    np.testing.assert_allclose(prior.sum(axis=1), 1.0)
    alone = problem.paths.take(cut)  # nobody arrived: all goals alike
    np.testing.assert_allclose(unfinished_prior(alone, problem.mdp, np.arange(len(cut)))[1], 1.0 / 3.0)
    told = with_past(alone, problem.paths, problem.mdp)  # told by others, and taken apart: the same
    for i in range(3):
        np.testing.assert_allclose(unfinished_prior(told.take(np.array([i])), problem.mdp, np.zeros(1, np.int64))[1][0], prior[i])
    with pytest.raises(WorldError, match="Name the stops") as caught:
        unfinished_prior(replace(alone, goals=build_goals([], [])), problem.mdp, np.arange(len(cut)))
    assert "no destination" in str(caught.value.fix)


def test_estimators_without_a_likelihood_leave_cut_tracks_out_and_say_so() -> None:
    problem, _ = made(Boltzmann(), n=40)
    known = replace(problem, paths=problem.paths.take(np.flatnonzero(~unfinished(problem.paths))))
    one = ESTIMATORS["projection"]
    found, alone = one.fit(problem, None, None, None, ""), one.fit(known, None, None, None, "")
    assert any("left them out" in w.what for w in found.warnings) and not any("left them out" in w.what for w in alone.warnings)
    np.testing.assert_allclose(found.theta / np.linalg.norm(found.theta), alone.theta / np.linalg.norm(alone.theta), atol=1e-8)
    assert found.n_paths == len(problem.paths)
    none = replace(problem, paths=problem.paths.take(np.flatnonzero(unfinished(problem.paths))))
    with pytest.raises(FitError, match="cut off"):
        one.fit(none, None, None, None, "")


def test_evaluations_in_pieces_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, point = made(Boltzmann(), n=40)

    def judged() -> Evaluation:
        return problem.evaluate(point, problem.groups())

    whole = judged()
    monkeypatch.setattr("irlcore.fitting.mixed_goals.MOST_NUMBERS", 1)
    pieces = judged()
    assert np.array_equal(whole.loglik, pieces.loglik) and np.array_equal(whole.information, pieces.information)

"""Scores of tracks that were cut off: against all paths listed, and alike for finished and unfinished tracks of the model itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import logsumexp

from irlcore.fitting.likelihood import path_logliks
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.solution import Prepared
from irlcore.review.before_arrival import moments_before_arrival
from irlcore.review.calibration.p_values import conformal_p
from irlcore.review.scores import score_paths
from irlcore.review.unfinished import with_likeliest_goals
from irlcore.simulation.cutting import cut_after, cut_at_random
from irlcore.worlds.goal_prior import unfinished, unfinished_prior, with_past
from irlcore.worlds.mdp import MDP, Paths
from tests.rationality.worlds import grid_mdp, walk

GOALS = (24, 20, 4)


def world(slip: float = 0.0) -> tuple[MDP, np.ndarray]:
    """A grid of 5 x 5 cells and what each step costs."""
    mdp = grid_mdp(5, 5, slip)
    return mdp, -1.4 - 0.8 * np.random.default_rng(1).random(mdp.n_choices)


def trips(model: Rationality, prepared: Prepared, n: int, rng: np.random.Generator) -> Paths:
    """Whole trips drawn from a model."""
    ways = {g: model.solve(prepared, np.array([g])).log_policy for g in GOALS}
    ends = rng.choice(GOALS, n)
    starts = np.array([rng.choice([s for s in (0, 2, 11, 13, 22) if s != e]) for e in ends])
    return walk(prepared.mdp, ways, starts, ends, rng)


@pytest.mark.parametrize("slip", [0.0, 0.2])
def test_moments_before_arrival_are_those_of_all_walks_listed(slip: float) -> None:
    mdp, reward = world(slip)
    prepared = MaxEnt().prepare(mdp, reward)
    solution = MaxEnt().solve(prepared, np.array([4]))
    amounts = np.random.default_rng(2).random((mdp.n_choices, 2))
    walks = [(1.0, np.zeros(2), 2)]  # chance, totals, where it is; from state 2
    for _ in range(4):
        onward = []
        for chance, total, at in walks:
            for m in range(mdp.choice_offsets[at], mdp.choice_offsets[at + 1]) if at != 4 else ():
                for e in range(mdp.successor_offsets[m], mdp.successor_offsets[m + 1]):
                    here = range(mdp.choice_offsets[at], mdp.choice_offsets[at + 1])
                    seen = next(c for c in here if mdp.likeliest[c] == mdp.successors[e])
                    onward.append((chance * solution.policy[m] * mdp.probabilities[e], total + amounts[seen], int(mdp.successors[e])))
        walks = onward
    chance, totals = np.array([w[0] for w in walks]), np.array([w[1] for w in walks])
    mean = chance @ totals / chance.sum()
    variance = chance @ (totals - mean) ** 2 / chance.sum()
    found = moments_before_arrival(mdp, solution, amounts, np.array([2, 4, 2]), np.array([4, 3, 1]))
    np.testing.assert_allclose(found[0][0], mean, rtol=1e-10)
    np.testing.assert_allclose(found[1][0], variance, rtol=1e-10)
    assert np.isnan(found[0][1]).all()  # no trip from the goal is under way
    assert (found[0][2] < found[0][0]).all()


@pytest.mark.parametrize("model", [MaxEnt(), Boltzmann(), Replanned(persistent=True, draws=4)], ids=lambda model: model.name)
def test_scores_of_a_cut_track_by_hand(model: Rationality) -> None:
    rng = np.random.default_rng(5)
    mdp, reward = world()
    prepared = model.prepare(mdp, reward, 1.0, model.own_start(None), reward[:, None])
    whole = trips(MaxEnt(), MaxEnt().prepare(mdp, reward), 30, rng)
    paths = cut_at_random(whole, mdp, np.arange(30) < 15, rng)
    scores = score_paths(model, prepared, paths)
    np.testing.assert_allclose(scores.loglik, path_logliks(model, prepared, paths), rtol=1e-9)
    alone = score_paths(model, prepared, paths.take(np.flatnonzero(~unfinished(paths))))
    assert np.array_equal(scores.surprise[~unfinished(paths)], alone.surprise)
    for i in np.flatnonzero(unfinished(paths))[:4]:
        goals, prior = unfinished_prior(paths, mdp, np.array([i]))
        n, start = int(paths.lengths[i]), int(paths.first_state(mdp)[i])
        log_joint, excess, spread, gaps, prefixes = [], [], [], [], []
        for goal, share in zip(goals, prior[0], strict=True):
            to = replace(paths.take(np.array([i])), goal=np.array([goal]))
            log_p = path_logliks(model, prepared, to)[0]
            solution = model.solve(prepared, paths.goals.of(int(goal)))
            cost = np.where(np.isfinite(solution.log_policy), -solution.log_policy, 0.0)[:, None]
            mean, variance = moments_before_arrival(mdp, solution, cost, np.array([start]), np.array([n]))
            hard = Boltzmann().solve(Boltzmann().prepare(mdp, reward), paths.goals.of(int(goal))).value
            log_joint.append(np.log(share) + log_p)
            excess.append(-log_p - mean[0, 0])
            spread.append(variance[0, 0])
            gaps.append(hard[start] - reward[to.choices].sum() - hard[to.last_state[0]])
            prefixes.append([np.log(share) + path_logliks(model, prepared, cut_after(to, mdp, np.array([t])) if t < n else to)[0]
                             if t else np.log(share) for t in range(n + 1)] if np.isfinite(log_p) else [np.log(share), *[-np.inf] * n])
        possible = np.isfinite(log_joint)
        w = np.where(possible, np.exp(np.array(log_joint) - logsumexp(log_joint)), 0.0)
        with np.errstate(invalid="ignore"):
            of = [float(np.sum(np.where(possible, w * np.array(x), 0.0))) for x in (excess, spread, gaps)]
        np.testing.assert_allclose(scores.surprise[i], of[0] / np.sqrt(of[1]), rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(scores.utility_gap[i], of[2], rtol=1e-8, atol=1e-9)
        mine = scores.step_surprise[paths.offsets[i]:paths.offsets[i + 1]]
        assert (mine >= 0.0).all() and -mine.sum() == pytest.approx(scores.loglik[i])
        told, share = with_likeliest_goals(model, prepared, paths)
        assert told.goal[i] == goals[int(np.argmax(log_joint))] and share[i] == pytest.approx(w.max())


def test_a_cut_track_that_passed_every_goal_is_impossible_from_there_on() -> None:
    mdp, reward = world()
    prepared = MaxEnt().prepare(mdp, reward)
    rng = np.random.default_rng(6)
    whole = trips(MaxEnt(), prepared, 40, rng)
    to_corner = whole.take(np.flatnonzero(whole.goal == 0))  # goals stand by state: 4, 20, 24
    onward = [c for c in range(mdp.choice_offsets[4], mdp.choice_offsets[5]) if mdp.successors[c] == 9]
    first = to_corner.take(np.array([0]))
    n = int(first.lengths[0])
    past = replace(first, choices=np.append(first.choices, onward), offsets=np.array([0, n + 1]), last_state=np.array([9]),
                   goal=np.array([-1]))
    found = score_paths(MaxEnt(), prepared, with_past(past, to_corner, mdp))
    assert found.surprise[0] == np.inf and found.utility_gap[0] == np.inf and found.loglik[0] == -np.inf
    assert np.isfinite(found.step_surprise[:n]).all() and found.step_surprise[n] == np.inf
    told, share = with_likeliest_goals(MaxEnt(), prepared, with_past(past, to_corner, mdp))
    assert told.goal[0] == 0 and share[0] == 0.0


@pytest.mark.parametrize("model", [MaxEnt(), Boltzmann()], ids=lambda model: model.name)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_cut_and_finished_tracks_are_calibrated_together(model: Rationality, seed: int) -> None:
    """Half of the model's own trips are cut at a step drawn evenly. 600 of them, cut and finished, calibrate 600 others: the p-values of
    cut ones and of finished ones are each near uniform. Uniform ones lie within 0.138 of it but for 1 in 1,000 (300 against 600, Kolmogorov
    and Smirnov); what goals that are not known leave of it is bounded by 0.06 more. Of 300, 5 % are flagged: 0.10 or more, 1 in 10,000."""
    rng = np.random.default_rng(seed)
    mdp = grid_mdp(9, 9)
    prepared = model.prepare(mdp, -1.45 - np.random.default_rng(1).random(mdp.n_choices))
    ways = {g: model.solve(prepared, np.array([g])).log_policy for g in (80, 72, 8, 43)}
    ends = rng.choice(list(ways), 1500)
    starts = np.array([rng.choice([s for s in range(81) if s != e]) for e in ends])
    paths = cut_at_random(walk(mdp, ways, starts, ends, rng), mdp, rng.random(1500) < 0.5, rng)
    paths = with_past(paths, paths.take(np.arange(300)), mdp)
    surprise, cut = score_paths(model, prepared, paths.take(np.arange(300, 1500))).surprise, unfinished(paths)[900:]
    p = conformal_p(surprise[:600], surprise[600:])
    for which in (cut, ~cut):
        mine = np.sort(p[which])
        assert 250 < len(mine) < 350 and np.abs(mine - (np.arange(len(mine)) + 0.5) / len(mine)).max() < 0.2
        assert (mine <= 0.05).mean() < 0.1
        assert abs(surprise[600:][which].mean()) < 0.2 and 0.55 < surprise[600:][which].std() < 1.2

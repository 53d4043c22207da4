"""Moments of models that keep one draw for a whole trip: against the list of all paths, and trips drawn from the model itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from irlcore.rationality.base import Rationality
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.rationality.replanned import Replanned
from irlcore.rationality.solution import Solution
from irlcore.review.kept import moments
from irlcore.review.kept.moments import LARGEST_ERROR, kept_moments, trips_drawn
from irlcore.review.scores import score_paths, surprise_moments
from irlcore.worlds.mdp import MDP, build_mdp, choices_between
from tests.draws import SIGMAS, mean_agrees
from tests.rationality.worlds import grid_mdp
from tests.review.worlds import all_paths, make_paths, one_way_mdp

pytestmark = pytest.mark.kernels
MODELS: list[Rationality] = [Replanned(persistent=True, draws=16), NoisyValue("path", persistent=True, draws=16)]
OWN = np.array([1.5])


def solved(model: Rationality, mdp: MDP, goal: int, seed: int = 0) -> tuple[Solution, np.ndarray]:
    prepared = model.prepare(mdp, -np.random.default_rng(seed).uniform(0.5, 2.0, mdp.n_choices), 1.0, OWN)
    solution = model.solve(prepared, np.array([goal]))
    kept = model.log_kept(prepared, solution)
    assert kept is not None
    return solution, kept


def of_all_paths(mdp: MDP, solution: Solution, kept: np.ndarray, start: int) -> tuple[float, float]:
    """Mean and deviation of -log P over all paths, P the mean over the draws."""
    chance: dict[tuple[int, ...], float] = defaultdict(float)
    for log_pi in kept.T:
        for one, taken in all_paths(mdp, replace(solution, log_policy=log_pi), start):
            chance[tuple(int(c) for c in taken)] += one / kept.shape[1]
    p = np.array(list(chance.values()))
    assert p.sum() == pytest.approx(1.0)
    mean = float(-p @ np.log(p))
    return mean, float(np.sqrt(p @ (-np.log(p) - mean) ** 2))


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
@pytest.mark.parametrize("slip", [0.0, 0.3])
def test_moments_are_those_of_all_paths_to_the_stated_error(model: Rationality, slip: float) -> None:
    mdp = one_way_mdp(5, 4, slip)
    solution, kept = solved(model, mdp, 19)
    starts = np.array([0, 1, 6, 0])
    found = kept_moments(mdp, kept, solution.goal_states, starts)
    assert found.sure.all() and found.mean[0] == found.mean[3]
    for k, start in enumerate(starts):
        mean, deviation = of_all_paths(mdp, solution, kept, int(start))
        assert abs(found.mean[k] - mean) < SIGMAS * LARGEST_ERROR * deviation
        assert abs(found.deviation[k] / deviation - 1.0) < SIGMAS * moments.LARGEST_SPREAD_ERROR


def test_with_more_trips_the_truth_is_told_from_the_chain_of_mean_chances(monkeypatch: pytest.MonkeyPatch) -> None:
    """At a hundredth of a deviation: that chain expects .21 nats too much, the list of all paths says."""
    model, mdp = Replanned(persistent=True, draws=16), one_way_mdp(6, 5)
    prepared = model.prepare(mdp, -np.random.default_rng(0).uniform(1.0, 4.0, mdp.n_choices), 1.0, np.array([10.0]))
    solution = model.solve(prepared, np.array([29]))
    kept = model.log_kept(prepared, solution)
    assert kept is not None
    mean, deviation = of_all_paths(mdp, solution, kept, 0)
    monkeypatch.setattr(moments, "LARGEST_ERROR", 0.01)
    found, chain = kept_moments(mdp, kept, solution.goal_states, np.array([0])), surprise_moments(prepared, solution)
    assert abs(found.mean[0] - mean) < SIGMAS * 0.01 * deviation < 0.1 < chain[0][0] - mean
    assert abs(found.deviation[0] - deviation) < 0.1


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_trips_of_the_model_itself_are_no_surprise(model: Rationality) -> None:
    """Drawn under each of the draws that its chances are made of. The mean is off by up to the simulation's own error."""
    mdp = grid_mdp(4, 4)
    prepared = model.prepare(mdp, -np.random.default_rng(3).uniform(1.5, 2.5, mdp.n_choices), 1.0, OWN)
    solution, rng, n = model.solve(prepared, np.array([15])), np.random.default_rng(5), 4000
    kept = model.log_kept(prepared, solution)
    assert kept is not None
    ways, policy = [], np.exp(kept)
    for k in range(n):
        at, way = 0, []
        while at != 15:
            here = slice(mdp.choice_offsets[at], mdp.choice_offsets[at + 1])
            way.append(here.start + int(rng.choice(here.stop - here.start, p=policy[here, k % kept.shape[1]])))
            at = int(mdp.successors[way[-1]])
        ways.append(way)
    scores = score_paths(model, prepared, make_paths(mdp, ways, [15] * n))
    assert mean_agrees(scores.surprise, 0.0, slack=SIGMAS * LARGEST_ERROR)
    assert abs(float(scores.surprise.std()) - 1.0) < 0.5


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_nothing_hangs_on_how_states_are_numbered_or_what_else_is_judged(model: Rationality) -> None:
    mdp = grid_mdp(4, 4)
    _, kept = solved(model, mdp, 15)
    new = np.random.default_rng(2).permutation(mdp.n_states)  # state s is now number new[s]
    ids = np.empty(mdp.n_states, np.uint64)
    ids[new] = mdp.ids
    other, order = build_mdp(mdp.n_states, new[mdp.choice_state], new[mdp.successors], ids)
    one = kept_moments(mdp, kept, np.array([15]), np.array([0, 6]))
    same = kept_moments(other, np.ascontiguousarray(kept[order]), new[[15]], new[[6, 3, 0]])
    np.testing.assert_allclose(one.mean, same.mean[[2, 0]], rtol=1e-12)
    np.testing.assert_allclose(one.deviation, same.deviation[[2, 0]], rtol=1e-12)
    assert (choices_between(other, new[mdp.choice_state], new[mdp.successors]) >= 0).all()


def test_walks_of_so_many_steps_are_those_of_all_walks() -> None:
    """Without a goal: every walk of 1, 4 and 6 steps from a corner of a one-way lattice, listed."""
    mdp = grid_mdp(3, 3)
    rng = np.random.default_rng(1)
    kept = rng.normal(0.0, 1.5, (mdp.n_choices, 8))
    total = np.array([np.logaddexp.reduce(kept[a:b], axis=0) for a, b in zip(mdp.choice_offsets[:-1], mdp.choice_offsets[1:], strict=True)])
    kept -= total[mdp.choice_state]
    lengths = np.array([4, 1, 6, 4])
    found = kept_moments(mdp, kept, np.zeros(0, np.int64), np.zeros(4, np.int64), lengths)
    for k, steps in enumerate(lengths):
        logs = np.zeros((1, 8))
        at = np.zeros(1, np.int64)
        for _ in range(steps):
            grown = [(logs[i] + kept[m], mdp.successors[m]) for i, s in enumerate(at)
                     for m in range(mdp.choice_offsets[s], mdp.choice_offsets[s + 1])]
            logs, at = np.array([one for one, _ in grown]), np.array([s for _, s in grown])
        p = np.exp(logs).mean(axis=1)
        mean = float(-p @ np.log(p))
        deviation = float(np.sqrt(p @ (-np.log(p) - mean) ** 2))
        assert p.sum() == pytest.approx(1.0) and abs(found.mean[k] - mean) < SIGMAS * LARGEST_ERROR * deviation
        assert abs(found.deviation[k] / deviation - 1.0) < SIGMAS * moments.LARGEST_SPREAD_ERROR


def test_where_next_to_all_take_one_way_leaving_it_is_a_finite_surprise() -> None:
    """0 -> 3 by 1, or by 2 at 20 nats more: too rare to be drawn, so the chain's deviation stands in."""
    mdp, order = build_mdp(4, np.array([0, 0, 1, 2]), np.array([1, 2, 3, 3]))
    model = Replanned(persistent=True, draws=4)
    prepared = model.prepare(mdp, -np.array([1.0, 21.0, 1.0, 1.0])[order], 1.0, np.array([0.1]))
    scores = score_paths(model, prepared, make_paths(mdp, [[0, 2], [1, 3]], [3, 3]))
    exact = np.sqrt(surprise_moments(prepared, model.solve(prepared, np.array([3])))[1][0])
    assert scores.deviation[0] == pytest.approx(exact) and 1e-4 < exact < 1e-2
    assert abs(scores.surprise[0]) < 0.01 and 1e3 < scores.surprise[1] < 1e6


def test_every_draw_is_drawn_equally_often() -> None:
    for draws in (2, 16, 128, 512):
        assert trips_drawn(draws) % draws == 0 and trips_drawn(draws) >= LARGEST_ERROR**-2

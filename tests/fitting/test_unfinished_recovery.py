"""Weights of simulated agents whose trips were cut off: recovered over all goals, and bent where cut ends are taken for goals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.unfinished import THETA, cut_off, ends_for_goals, made_up, recovery, trips_of
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.result import Status
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.worlds.goal_prior import unfinished

SEEDS = 8


def test_weights_of_watched_trips_are_recovered_within_their_errors() -> None:
    """Of 24 weights within two standard errors each with a chance of 95 %, more than 5 fail once in 1,500 times. Cut ends taken for goals
    make every step look dearer than it is: their error is more than twice as large, and trips held out are explained worse."""
    found = recovery(made_up(), "watched", SEEDS, trips=200)
    over, ends = found["over_goals"], found["ends_for_goals"]
    assert over["within_two_errors"] >= 1.0 - 5.5 / 24.0
    error, bent = (abs(one["weights"][0] - THETA[0]) for one in (over, ends))
    assert error < 3.0 * over["spread"][0] / np.sqrt(SEEDS)  # unbiased: once in 300 times beyond
    assert bent > 2.0 * error and bent > 0.08
    assert over["held_out"] > ends["held_out"]


def test_a_model_that_knows_the_best_way_is_recovered_too_and_is_less_sure() -> None:
    """Four seeds, 12 weights: more than 3 beyond two standard errors once in 400 times. Cutting takes information away."""
    beyond = 0
    for seed in range(4):
        rng = np.random.default_rng(seed)
        problem = replace(made_up(), model=Boltzmann())
        whole = trips_of(problem, 200, rng)
        cut = replace(problem, paths=cut_off(whole, problem.mdp, "watched", rng))
        found, all_seen = fit(cut), fit(replace(problem, paths=whole))
        beyond += int((np.abs(found.theta - THETA) > 2.0 * found.se).sum())
        assert (found.se_hessian > all_seen.se_hessian).all()
    assert beyond <= 3


def test_trips_of_which_none_arrived_are_fitted_over_all_goals_alike() -> None:
    """A class that is never seen to arrive: costs are found to be costs, though who would have arrived soon is missing among its tracks."""
    problem = made_up()
    whole = trips_of(problem, 300, np.random.default_rng(3))
    cut = cut_off(whole, problem.mdp, "watched", np.random.default_rng(4))
    nobody = cut.take(np.flatnonzero(unfinished(cut)))
    found = fit(replace(problem, paths=nobody))
    assert found.status is Status.CONVERGED and (found.theta + 2.0 * found.se < 0.0).all()
    ended = ends_for_goals(nobody, problem.mdp)
    assert (ended.goal >= 0).all() and (ended.lengths <= nobody.lengths.max()).all()

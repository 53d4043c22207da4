"""What a preview promises of a strong feature is what a refit then finds, within a few evaluations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.elicitation.follow import MOST, follow, followed
from irlcore.elicitation.score_test import examine
from irlcore.elicitation.suggestions import suggestion
from irlcore.features.base import FeatureSpec
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from tests.elicitation.worlds import COST, drawn, grid

MODELS: list[Rationality] = [MaxEnt(), Boltzmann()]
by_name = pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)


def minded(weight: float, model: Rationality, unit: float = 1.0) -> tuple[Problem, Problem, np.ndarray]:
    """400 trips of a class that minds some places, a fit by length alone, and the places as a candidate."""
    world = grid(7)
    length = world.choice_length / 100.0
    places = (np.random.default_rng(2).random(world.mdp.n_states) < 0.3)[world.mdp.likeliest].astype(float)
    paths = drawn(world.mdp, COST * length + weight * places, 400, 6, model)
    problem = Problem(world.mdp, length[:, None], ("length",), paths, model)
    candidate = Problem(world.mdp, unit * places[:, None], ("places",), paths, model)
    return problem, candidate, fit(problem, quick=True).theta


def refit(problem: Problem, candidate: Problem) -> tuple[float, float]:
    """Weight and gain of the candidate where it is fitted with the rest."""
    phi = np.column_stack((problem.phi, candidate.phi))
    found = fit(replace(problem, phi=phi, names=("length", "places")), quick=True)
    return float(found.theta[1]), found.loglik - fit(problem, quick=True).loglik


@by_name
@pytest.mark.parametrize("true", [-0.25, -1.0, -2.0, -4.0])
def test_weight_and_gain_of_a_strong_feature_are_those_of_a_refit(model: Rationality, true: float) -> None:
    problem, candidate, point = minded(true, model)
    free = np.ones(1, bool)
    test = examine(problem, candidate, point, free)
    steps = follow(problem, candidate, point, free, test)
    weight, gain = refit(problem, candidate)
    assert steps.weight == pytest.approx(weight, rel=0.04, abs=0.01)
    assert steps.gain == pytest.approx(gain, rel=0.01, abs=0.1)
    assert steps.evaluations <= MOST + 3
    if true <= -2.0:  # where the first term of the series is far off
        assert test.gain[0] < 0.85 * gain and abs(test.weight[0]) < 0.75 * abs(weight)
    said = followed(suggestion(FeatureSpec("places", "step", {}), test, 0), steps)
    assert (said.weight, said.gain) == (steps.weight, steps.gain)
    assert said.gain - said.held_out == pytest.approx(float(test.gain[0] - test.held_out[0]))


@by_name
def test_the_old_weights_give_up_what_the_new_one_takes(model: Rationality) -> None:
    problem, candidate, point = minded(-2.0, model)
    steps = follow(problem, candidate, point, np.ones(1, bool), examine(problem, candidate, point, np.ones(1, bool)))
    both = problem.beside(candidate)
    gained = both.evaluate(steps.point, both.groups()).loglik.sum() - problem.evaluate(point, problem.groups()).loglik.sum()
    assert gained == pytest.approx(steps.gain, rel=0.01)
    refitted = fit(replace(problem, phi=np.column_stack((problem.phi, candidate.phi)), names=("length", "places")), quick=True)
    assert steps.point[0] == pytest.approx(refitted.theta[0], abs=0.02)


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_a_candidate_in_other_units_is_followed_to_the_same_place(unit: float) -> None:
    plain, other = (minded(-2.0, MaxEnt(), u) for u in (1.0, unit))
    one, two = (follow(p, c, at, np.ones(1, bool), examine(p, c, at, np.ones(1, bool))) for p, c, at in (plain, other))
    assert two.gain == pytest.approx(one.gain, rel=1e-6) and two.weight * unit == pytest.approx(one.weight, rel=1e-6)


def test_what_the_basis_says_already_is_not_followed() -> None:
    problem, candidate, point = minded(-1.0, MaxEnt())
    same = replace(candidate, phi=-3.0 * problem.phi)
    steps = follow(problem, same, point, np.ones(1, bool), examine(problem, same, point, np.ones(1, bool)))
    assert (steps.weight, steps.gain, steps.evaluations) == (0.0, 0.0, 0)


def test_a_step_beyond_the_edge_of_the_model_is_halved() -> None:
    """Places that are liked so much that a full step leaves no finite value."""
    problem, candidate, point = minded(0.45, MaxEnt())
    steps = follow(problem, candidate, point, np.ones(1, bool), examine(problem, candidate, point, np.ones(1, bool)))
    weight, gain = refit(problem, candidate)
    assert steps.gain == pytest.approx(gain, rel=0.05) and steps.weight == pytest.approx(weight, rel=0.1)

"""Fits of agents without a destination: weights come back, and estimators that look at whole tracks compare walks of as many steps."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.errors import FitError
from irlcore.fitting.demonstrations import demonstrations_of, planned_features
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue
from irlcore.worlds.mdp import MDP
from tests.rationality.roamers import NO_GOAL, SHAPES, roam

GAMMA, THETA = 0.9, np.array([1.3, -0.9])
WAYS = [name for name in ESTIMATORS if name != "maximum_likelihood"]


def problem_of(shape: str, n: int, steps: int, model: MaxEnt | Boltzmann | NoisyValue | None = None, seed: int = 0) -> Problem:
    """Walks of the model's own, by two features of the places they lead to."""
    mdp, rng, model = SHAPES[shape](), np.random.default_rng(seed), model or MaxEnt()
    phi = rng.uniform(0.0, 1.0, (mdp.n_states, 2))[mdp.likeliest]
    own = np.full(len(model.parameters), 0.3)
    log_pi = model.solve(model.prepare(mdp, phi @ THETA, GAMMA, own, phi * THETA), NO_GOAL).log_policy
    paths = roam(mdp, log_pi, rng.integers(0, mdp.n_states, n), rng.integers(steps // 2, steps, n), rng)
    return Problem(mdp, phi, ("fish", "mud"), paths, model, GAMMA)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("model", [MaxEnt(), Boltzmann()], ids=lambda m: m.name)
def test_weights_come_back(model: MaxEnt | Boltzmann, shape: str) -> None:
    """Within four standard errors each: over two weights and ten cases that fails once in a thousand."""
    found = fit(problem_of(shape, 60, 40, model))
    assert found.se_robust.max() < 0.5
    assert (np.abs(found.theta - THETA) < 4.0 * found.se_robust).all()


def slow_features(mdp: MDP, phi: np.ndarray, chosen: np.ndarray, start: int, steps: int) -> np.ndarray:
    """Discounted features of a plan, choice by choice (of one that has no chance in it)."""
    total, at = np.zeros(phi.shape[1]), start
    for t in range(steps):
        total += GAMMA**t * phi[chosen[at]]
        at = int(mdp.successors[chosen[at]])
    return total


@pytest.mark.parametrize("shape", ["grid", "heading", "network"])
def test_best_plans_are_followed_for_as_many_steps_as_were_seen(shape: str) -> None:
    problem = problem_of(shape, 5, 9)
    d, mdp = demonstrations_of(problem), problem.mdp
    weights = THETA * d.scale
    q = Boltzmann().solve(Boltzmann().prepare(mdp, d.phi @ weights, GAMMA), NO_GOAL).q
    chosen = np.array([a + int(np.argmax(q[a:b])) for a, b in zip(mdp.choice_offsets[:-1], mdp.choice_offsets[1:], strict=True)])
    paths = problem.paths
    wanted = sum(slow_features(mdp, d.phi, chosen, int(s), int(n)) for s, n in zip(paths.first_state(mdp), paths.lengths, strict=True))
    np.testing.assert_allclose(planned_features(d, weights), wanted / len(paths) / d.steps, atol=1e-9)


@pytest.mark.parametrize("name", WAYS)
def test_every_other_estimator_finds_the_direction_or_says_why_not(name: str) -> None:
    problem = problem_of("grid", 60, 40)
    if name == "linear_programme":
        with pytest.raises(FitError, match="never arrive"):
            ESTIMATORS[name].fit(problem, None, None, None, "")
        return
    theta = ESTIMATORS[name].fit(problem, None, None, None, "").theta
    assert theta @ THETA > 0.0


def test_every_registered_estimator_is_tried() -> None:
    assert len(WAYS) >= 4 and "linear_programme" in WAYS

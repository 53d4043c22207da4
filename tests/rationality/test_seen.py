"""What can be seen of a choice, against sums written out."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.seen import log_seen, pull_seen, recorded_choices, seen_rows
from tests.draws import errors_agree
from tests.rationality.worlds import grid_mdp, recorded, walk

MODELS: list[Rationality] = [Boltzmann(), MaxEnt()]


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_the_chance_of_a_step_sums_over_all_choices_that_may_have_led_there(model: Rationality) -> None:
    mdp = grid_mdp(4, 3, 0.3)
    prepared = model.prepare(mdp, -np.random.default_rng(0).uniform(1.0, 2.0, mdp.n_choices))
    solution = model.solve(prepared, np.array([11]))
    chance = np.zeros(mdp.n_choices)
    for m in range(mdp.n_choices):
        for k in range(mdp.successor_offsets[m], mdp.successor_offsets[m + 1]):
            step = recorded(mdp, m, int(mdp.successors[k]))
            assert recorded_choices(mdp)[k] == step
            chance[step] += solution.policy[m] * mdp.probabilities[k]
    np.testing.assert_allclose(np.exp(log_seen(prepared, solution)), chance, atol=1e-14)
    totals = np.bincount(mdp.choice_state, weights=chance, minlength=12)
    np.testing.assert_allclose(totals[:11], 1.0)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
@pytest.mark.parametrize("slip", [0.0, 0.3])
def test_pull_is_the_adjoint_of_push(model: Rationality, slip: float) -> None:
    mdp = grid_mdp(4, 3, slip)
    rng = np.random.default_rng(1)
    prepared = model.prepare(mdp, -rng.uniform(1.0, 2.0, mdp.n_choices))
    solution = model.solve(prepared, np.array([11]))
    gradient, weights = rng.normal(size=(mdp.n_choices, 3)), rng.normal(size=(2, mdp.n_choices))
    weights[:, ~np.isfinite(log_seen(prepared, solution))] = 0.0
    pulled = np.where(solution.policy > 0.0, pull_seen(prepared, solution, weights), 0.0)
    log_q, moved = seen_rows(mdp, np.arange(mdp.n_choices), solution.log_policy, gradient)
    np.testing.assert_allclose(log_q, log_seen(prepared, solution))
    pushed = np.where(weights.any(axis=0)[:, None], moved, 0.0)
    np.testing.assert_allclose(pulled @ gradient, weights @ pushed, atol=1e-12)


def test_a_deterministic_world_names_its_choices() -> None:
    mdp = grid_mdp(4, 3)
    prepared = MaxEnt().prepare(mdp, np.full(mdp.n_choices, -2.0))
    solution = MaxEnt().solve(prepared, np.array([11]))
    assert log_seen(prepared, solution) is solution.log_policy
    np.testing.assert_array_equal(recorded_choices(mdp), np.arange(mdp.n_choices))


@pytest.mark.parametrize("slip", [0.1, 0.3])
def test_slip_is_not_put_down_to_wants(slip: float) -> None:
    """Agents that slip have the same weights as those that do not."""
    mdp, truth, z = grid_mdp(6, 6, slip), np.array([-2.0, -1.0]), []
    phi = np.column_stack((np.ones(mdp.n_choices), (np.random.default_rng(5).random(36) < 0.3)[mdp.likeliest].astype(float)))
    prepared = MaxEnt().prepare(mdp, phi @ truth)
    policies = {35: MaxEnt().solve(prepared, np.array([35])).log_policy}
    for seed in range(8):
        rng = np.random.default_rng(seed)
        paths = walk(mdp, policies, rng.choice([0, 3, 12], 300), np.full(300, 35), rng)
        found = fit(Problem(mdp, phi, ("step", "mud"), paths, MaxEnt()))
        assert (found.se_robust < 0.5).all()
        z.append((found.theta - truth) / found.se_robust)
    assert errors_agree(np.array(z))

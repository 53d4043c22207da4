"""Rewards beyond what e^r can carry: in the log domain, or refused, never clipped."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.errors import Infeasible
from irlcore.fitting.likelihood import path_logliks
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.mdp import MDP, Paths, build_goals, build_mdp, choices_between

LAYERS, WIDE, TRACKS = 12, 3, 50


def layered(layers: int = LAYERS) -> tuple[MDP, Paths]:
    """Layers of ``WIDE`` states, each state with a way to all of the next layer; all end in the last state."""
    state = np.arange(layers * WIDE)
    before = np.repeat(state, WIDE)
    after = np.minimum((before // WIDE + 1) * WIDE + np.tile(np.arange(WIDE), len(state)), layers * WIDE)
    pairs = np.unique(np.column_stack((before, after)), axis=0)
    mdp, _ = build_mdp(layers * WIDE + 1, pairs[:, 0], pairs[:, 1])
    rng = np.random.default_rng(5)
    trips = [np.append(np.arange(layers) * WIDE + rng.integers(WIDE, size=layers), layers * WIDE) for _ in range(TRACKS)]
    choices = np.concatenate([choices_between(mdp, trip[:-1], trip[1:]) for trip in trips])
    goals = build_goals([np.array([layers * WIDE])], ["end"])
    paths = Paths(np.array([str(i) for i in range(TRACKS)], dtype=object), np.arange(TRACKS + 1) * layers, choices,
                  np.full(TRACKS, layers * WIDE), np.zeros(TRACKS, np.int64), goals)
    return mdp, paths


@pytest.mark.parametrize("layers", [2, LAYERS])
@pytest.mark.parametrize("size", [1.0, 30.0, 299.0, 301.0, 5e3, 1e6, 1e8])
def test_no_trip_is_likelier_than_certain(size: float, layers: int) -> None:
    mdp, paths = layered(layers)
    rng = np.random.default_rng(2)
    reward = size * rng.uniform(-1.0, 1.0, mdp.n_choices)
    loglik = path_logliks(MaxEnt(), MaxEnt().prepare(mdp, reward), paths)
    value = np.full(mdp.n_states, -np.inf)
    value[-1] = 0.0
    for s in range(mdp.n_states - 2, -1, -1):
        own = slice(mdp.choice_offsets[s], mdp.choice_offsets[s + 1])
        value[s] = np.logaddexp.reduce(reward[own] + value[mdp.successors[own]])
    told = np.add.reduceat(reward[paths.choices], paths.offsets[:-1]) - value[paths.first_state(mdp)]
    np.testing.assert_allclose(loglik, told, rtol=1e-9, atol=1e-9 * size)
    assert loglik.max() <= 1e-9 * size


def test_a_fit_on_a_feature_in_large_numbers_stays_below_certainty() -> None:
    mdp, paths = layered()
    rng = np.random.default_rng(3)
    phi = 1e6 * np.column_stack((rng.random(mdp.n_choices), rng.random(mdp.n_choices) < 0.3))
    found = fit(Problem(mdp, phi, ("size", "mark"), paths, MaxEnt()))
    alone = -TRACKS * (LAYERS - 1) * np.log(WIDE)
    assert alone - 1e-6 <= found.loglik <= 0.0
    assert (found.loglik_paths <= 0.0).all()
    far = fit(Problem(mdp, phi, ("size", "mark"), paths, MaxEnt()), start=np.array([1.0, 1.0]))
    assert far.loglik == pytest.approx(found.loglik, abs=1e-3)


def test_a_way_round_that_pays_is_refused_at_once() -> None:
    ring = build_mdp(4, np.array([0, 1, 2, 0]), np.array([1, 2, 0, 3]))[0]
    with pytest.raises(Infeasible, match="Wandering is too cheap"):
        MaxEnt().solve(MaxEnt().prepare(ring, np.array([400.0, -1.0, 2.0, -100.0])), np.array([3]))
    dear = MaxEnt().solve(MaxEnt().prepare(ring, np.array([400.0, -1.0, -500.0, -600.0])), np.array([3]))
    assert dear.value[:3] == pytest.approx([-1.0, -1101.0, -601.0], abs=1e-9)

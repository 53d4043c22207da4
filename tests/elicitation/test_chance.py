"""What chance alone makes of the test of candidates: where nothing is missed, nothing is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.elicitation.score_test import examine, screen
from irlcore.elicitation.suggestions import candidate_problem
from irlcore.features.base import FeatureSpec
from irlcore.features.checks import embedded
from irlcore.fitting.likelihood import residual_matrix
from irlcore.fitting.problem import Problem
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.mdp import build_mdp
from tests.elicitation.worlds import COST, LENGTH, context_with, drawn, grid
from tests.review.worlds import make_paths


def test_a_rare_way_that_nobody_took_is_no_wonder() -> None:
    """N trips, each with chance p of the second link, none by it: LM = (N p)^2 / (N p (1 - p)), not N, though all scores are equal."""
    mdp, _ = build_mdp(4, np.array([0, 0, 1, 2]), np.array([1, 2, 3, 3]))
    n, p = 100, 0.03
    paths = make_paths(mdp, [[0, 2]] * n, [3] * n)
    second = np.array([[0.0], [1.0], [0.0], [0.0]])
    problem = Problem(mdp, np.column_stack((np.ones(4), second)), ("step", "dear"), paths, MaxEnt())
    candidate = Problem(mdp, second, ("second",), paths, MaxEnt())
    found = examine(problem, candidate, np.array([-1.0, np.log(p / (1 - p))]), np.array([True, False]))
    assert found.efficient.sum() == pytest.approx(-n * p)
    assert found.lm[0] == pytest.approx(n * p / (1 - p))
    assert found.gain[0] == pytest.approx(found.lm[0] / 2)


def test_habits_that_are_chance_are_as_unlikely_as_they_are_said_to_be() -> None:
    """Of a class without habits each trip makes the habit that the others are judged by: pairs count twice, so LM would be twice too
    large."""
    world, lm = grid(5), []
    length = world.choice_length[:, None] / 100.0
    fit_ = {"features": [embedded(LENGTH)], "weights": [COST], "own": [], "model": "maxent", "gamma": 1.0}
    specs = [FeatureSpec(of, "habit", {"of": of, "fit": fit_}) for of in ("turn", "place")]
    for seed in range(40):
        context = context_with(drawn(world.mdp, COST * length[:, 0], 60, seed=seed))
        problem = Problem(world.mdp, length, ("length",), context.training, MaxEnt())
        lm.append(examine(problem, candidate_problem(problem, specs, world, context), np.array([COST]), np.array([True])).lm)
    mean = np.mean(lm, axis=0)
    assert (mean > 0.5).all() and (mean < 1.5).all()
    assert (np.array(lm) > 3.84).mean() < 0.1


def test_where_nothing_is_missed_chance_alone_is_promised() -> None:
    """Trips drawn from the fit: LM ~ chi^2_1, so half a nat is gained in sample, and 5/8 are lost on trips held out.

    Each fold (a share s = 1/5) is judged by the weight of the others, of variance 1 / (h (1 - s)): on average it loses
    h s / 2 times that, 1/8 a fold and 5/8 in all.
    """
    world, n, sets = grid(6), 150, 50
    length, rng = world.choice_length / 100.0, np.random.default_rng(3)
    paths = drawn(world.mdp, COST * length, n * sets, seed=8)
    whole = Problem(world.mdp, length[:, None], ("length",), paths, MaxEnt())
    residuals = np.zeros((len(paths), world.mdp.n_choices))
    residual_matrix(MaxEnt(), whole.prepare(np.array([COST])), paths, residuals, np.arange(len(paths)))
    lm, gain, held_out, p, close = [], [], [], [], []
    for k in range(sets):
        rows = slice(k * n, (k + 1) * n)
        places = rng.random((world.n_places, 4)) < 0.3
        phi = places[world.choice_place].astype(np.float64)
        found = screen(residuals[rows] @ whole.phi, residuals[rows] @ phi)
        lm.append(found.lm)
        p.append(found.p)
        gain.append(found.gain)
        held_out.append(found.held_out)
        if k < 5:
            mine = replace(whole, paths=paths.take(np.arange(n * sets)[rows]))
            candidates = replace(mine, phi=phi, names=("a", "b", "c", "d"))
            close.append(examine(mine, candidates, np.array([COST]), np.array([True])).gain - found.gain)
    assert np.mean(lm) == pytest.approx(1.0, abs=0.3)  # 3 standard errors of 200
    assert np.mean(gain) == pytest.approx(0.5, abs=0.15)
    assert 2 <= np.sum(np.array(p) < 0.05) <= 20  # of 200 with chance 1/20: outside once in 300 times
    assert np.mean(held_out) == pytest.approx(-0.625, abs=0.3)
    assert np.abs(close).max() < 0.5

"""What chance alone makes of the test of candidates: where nothing is missed, nothing is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom, chi2

from irlcore.elicitation.score_test import examine, screen
from irlcore.elicitation.suggestions import candidate_problem
from irlcore.features.base import FeatureSpec
from irlcore.features.checks import embedded
from irlcore.fitting.likelihood import residual_matrix
from irlcore.fitting.problem import Problem
from irlcore.rationality.maxent import MaxEnt
from irlcore.worlds.mdp import build_mdp
from tests.draws import LUCK
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
    large. Of independent classes LM ~ chi^2_1, so their sum stays within the quantiles of its law but for LUCK; twice as much would
    leave them 9 times of 10."""
    world, lm = grid(5), []
    length = world.choice_length[:, None] / 100.0
    fit_ = {"features": [embedded(LENGTH)], "weights": [COST], "own": [], "model": "maxent", "gamma": 1.0}
    specs = [FeatureSpec(of, "habit", {"of": of, "fit": fit_}) for of in ("turn", "place")]
    sets = 160
    for seed in range(sets):
        context = context_with(drawn(world.mdp, COST * length[:, 0], 60, seed=seed))
        problem = Problem(world.mdp, length, ("length",), context.training, MaxEnt())
        lm.append(examine(problem, candidate_problem(problem, specs, world, context), np.array([COST]), np.array([True])).lm)
    total = np.sum(lm, axis=0)
    assert (total > chi2.ppf(LUCK, sets)).all() and (total < chi2.isf(LUCK, sets)).all()
    assert ((np.array(lm) > chi2.isf(0.05, 1)).sum(axis=0) <= binom.isf(LUCK, sets, 0.05)).all()


def test_where_nothing_is_missed_chance_alone_is_promised() -> None:
    """Trips drawn from the fit: LM ~ chi^2_1, so half a nat is gained in sample, and 5/8 are lost on trips held out.

    Each fold (a share s = 1/5) is judged by the weight of the others, of variance 1 / (h (1 - s)): on average it loses
    h s / 2 times that, 1/8 a fold and 5/8 in all. The four candidates of a set share its trips: 100 sets count as some 270
    independent ones instead of 400 (their LM correlate by at most 0.15).
    """
    lm, held_out, p = (np.concatenate(each) for each in zip(*(of_chance(seed) for seed in (3, 30)), strict=True))
    sets, alone = len(lm), lm.size / 1.5
    assert chi2.ppf(LUCK, alone) / alone < lm.mean() < chi2.isf(LUCK, alone) / alone
    assert 0 < (p < 0.05).sum() <= 1.5 * binom.isf(LUCK, int(alone), 0.05)
    of_set = held_out.mean(axis=1)  # hardly skewed: off by 6.5 standard errors in 3e-9 of samples (Student's t of 99 degrees)
    assert abs(of_set.mean() + 0.625) < 6.5 * of_set.std(ddof=1) / np.sqrt(sets) + 0.05


def of_chance(seed: int, sets: int = 50, n: int = 150) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """LM, nats promised held out and p-values, (sets, 4) each: four sets of random places tried on n trips drawn from the fit."""
    world = grid(6)
    length, rng = world.choice_length / 100.0, np.random.default_rng(seed)
    paths = drawn(world.mdp, COST * length, n * sets, seed=seed + 5)
    whole = Problem(world.mdp, length[:, None], ("length",), paths, MaxEnt())
    residuals = np.zeros((len(paths), world.mdp.n_choices))
    residual_matrix(MaxEnt(), whole.prepare(np.array([COST])), paths, residuals, np.arange(len(paths)))
    found = []
    for k in range(sets):
        rows = slice(k * n, (k + 1) * n)
        places = rng.random((world.n_places, 4)) < 0.3
        phi = places[world.choice_place].astype(np.float64)
        found.append(screen(residuals[rows] @ whole.phi, residuals[rows] @ phi))
        np.testing.assert_allclose(found[-1].gain, found[-1].lm / 2.0)
        if k < 5:
            mine = replace(whole, paths=paths.take(np.arange(n * sets)[rows]))
            candidates = replace(mine, phi=phi, names=("a", "b", "c", "d"))
            exact = examine(mine, candidates, np.array([COST]), np.array([True])).gain
            np.testing.assert_allclose(found[-1].gain, exact, rtol=0.5, atol=0.5)  # the screen's outer products against the Hessian
    return np.array([f.lm for f in found]), np.array([f.held_out for f in found]), np.array([f.p for f in found])

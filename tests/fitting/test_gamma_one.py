"""Fits at gamma = 1 in worlds where only a part of the world matters: the one that trips can come to, on the way to their goals."""

from __future__ import annotations

import numpy as np
import pytest

from irlcore.errors import Infeasible
from irlcore.fitting.estimators import ESTIMATORS
from irlcore.fitting.likelihood import path_logliks, residual_map
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.trust_region import GAIN_TOLERANCE
from irlcore.planning.graph import reached_by
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.replanned import Replanned
from irlcore.review.scores import score_paths
from irlcore.worlds.mdp import build_mdp
from tests.planning.test_costs import HARD, world
from tests.review.worlds import make_paths

# 0 -> 1 -> 2 (the goal); 3 <-> 4 for nothing, from where one may come in at 1 but not go back to
SIDE = [(0, 1, -1.0), (0, 2, -1.5), (1, 2, -1.0), (3, 4, 0.0), (4, 3, 0.0), (3, 1, -1.0)]


@pytest.mark.parametrize("model", [*HARD, MaxEnt()], ids=lambda model: model.name)
@pytest.mark.parametrize("pays", [0.0, 1.0])
def test_ways_round_that_trips_cannot_come_to_do_not_matter(model: Rationality, pays: float) -> None:
    mdp, reward = world([*SIDE[:3], (3, 4, pays), *SIDE[4:]])
    paths = make_paths(mdp, [[0, 2], [1], [1]], [2, 2, 2])
    assert reached_by(mdp, paths).tolist() == [True, True, True, False, False]
    problem = Problem(mdp, -reward[:, None], ("cost",), paths, model)
    point = np.append(-1.0, 0.25 * np.ones(len(model.parameters)))
    loglik = problem.evaluate(point, problem.groups()).loglik
    alone, least = world(SIDE[:3])
    small = Problem(alone, -least[:, None], ("cost",), make_paths(alone, [[0, 2], [1], [1]], [2, 2, 2]), model)
    if not isinstance(model, Replanned):  # whose errors are numbered by state
        np.testing.assert_allclose(loglik, small.evaluate(point, small.groups()).loglik, atol=1e-12)
    np.testing.assert_allclose(path_logliks(model, problem.prepare(point), paths), loglik, atol=1e-9)
    assert np.isfinite(residual_map(model, problem.prepare(point), paths)).all()
    assert np.isfinite(score_paths(model, problem.prepare(point), paths).surprise).all()
    with pytest.raises(Infeasible):
        model.solve(model.prepare(mdp, reward), np.array([2]))
    elsewhere = make_paths(mdp, [[0, 2], [int(np.flatnonzero((mdp.choice_state == 3) & (mdp.successors == 1))[0]), 2]], [2, 2])
    with pytest.raises(Infeasible):  # these do come there
        path_logliks(model, problem.prepare(point), elsewhere)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_fit_is_not_held_back_by_what_does_not_matter(estimator: str) -> None:
    """A square whose far corner may be stayed in for nothing: 16 trips there, 10 of them by the south."""
    mdp, _ = build_mdp(4, np.array([0, 0, 1, 2, 1, 2, 3]), np.array([1, 2, 3, 3, 0, 0, 3]))
    phi = np.column_stack((mdp.choice_state < 3, (mdp.successors == 1))).astype(float)
    there = [int(np.flatnonzero((mdp.choice_state == a) & (mdp.successors == b))[0]) for a, b in ((0, 1), (1, 3), (0, 2), (2, 3))]
    paths = make_paths(mdp, [there[:2]] * 6 + [there[2:]] * 10, [3] * 16)
    result = ESTIMATORS[estimator].fit(Problem(mdp, phi, ("step", "north"), paths, Boltzmann()), None, None, None, "")
    assert np.isfinite(result.loglik) and result.theta[0] < 0.0


@pytest.mark.parametrize("model", [*HARD, MaxEnt()], ids=lambda model: model.name)
def test_trips_that_were_not_fitted_to_are_judged_by_where_they_begin(model: Rationality) -> None:
    """0 -> 1 -> 2, the goal, may be joined from 3, where the fitted trips never are; going round through the goal would pay."""
    mdp, reward = world([(0, 1, -1.0), (1, 2, -1.0), (3, 1, -1.5), (2, 0, 5.0)])
    fitted, held = make_paths(mdp, [[0, 1]], [2]), make_paths(mdp, [[3, 1]], [2])
    problem = Problem(mdp, -reward[:, None], ("cost",), fitted, model)
    prepared = problem.prepare(np.append(-1.0, 0.1 * np.ones(len(model.parameters))))
    np.testing.assert_allclose(path_logliks(model, prepared, held), [0.0], atol=1e-12)
    np.testing.assert_allclose(score_paths(model, prepared, held).improbability, [0.0], atol=1e-12)


@pytest.mark.parametrize("by_1", [103, 150, 188, 200, 230, 260, 291])
def test_a_weight_may_pay_where_nothing_leads_round(by_1: int) -> None:
    """0 -> 1 -> 3 and 0 -> 2 -> 3, of 300 trips ``by_1`` by the pleasant 1 beside a step that costs nothing: the weight is the log of
    odds, as near as the search promises: GAIN_TOLERANCE nats, by the curvature p (1 - p) a trip."""
    mdp, _ = build_mdp(4, np.array([0, 0, 1, 2]), np.array([1, 2, 3, 3]))
    paths = make_paths(mdp, [[0, 2]] * by_1 + [[1, 3]] * (300 - by_1), [3] * 300)
    found = fit(Problem(mdp, np.array([[1.0], [0.0], [0.0], [0.0]]), ("pleasant",), paths, Boltzmann()))
    odds, curvature = by_1 / (300.0 - by_1), by_1 * (300.0 - by_1) / 300.0
    assert found.theta[0] == pytest.approx(np.log(odds), abs=1.1 * np.sqrt(2.0 * GAIN_TOLERANCE / curvature))

"""At the edge of what MaxEnt allows a fit follows the edge to the best weights, from any start, and says where it ended."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.soundness.edge import STARTS, best_step, loglik_of
from benchmarks.soundness.edge_worlds import NAMES, build_edge_world
from benchmarks.soundness.small_problems import SHAPES, made_up
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import Status
from irlcore.rationality.maxent import MaxEnt


@pytest.fixture(scope="module")
def problem() -> Problem:
    world = build_edge_world(24, 4, 4, 12, seed=3)
    return Problem(world.mdp, world.phi, NAMES, world.paths, MaxEnt())


@pytest.mark.parametrize("start", range(len(STARTS)))
def test_no_feasible_step_gains_where_a_fit_ends(problem: Problem, start: int) -> None:
    found = fit(problem, start=STARTS[start])
    assert found.status is Status.AT_EDGE
    assert best_step(loglik_of(problem), found.theta, np.random.default_rng(start)) < found.loglik + 1e-2
    assert found.evaluations < 60


def test_all_starts_end_alike_and_have_no_intervals(problem: Problem) -> None:
    found = [fit(problem, start=start) for start in STARTS]
    assert np.ptp([one.loglik for one in found]) < 1e-3
    assert all(np.isnan(one.se_robust).all() and "too cheap" in one.warnings[0].details for one in found)
    limit = problem.limits(found[0].theta, 1.0)
    assert len(limit) == 1 and -1e-7 < limit[0].value < 0.0


def test_inside_the_edge_a_fit_converges() -> None:
    """The best weights of a small network lie well inside; a search that meets the edge on its way must not end there."""
    inner = replace(made_up(SHAPES[4], 1).problem, model=MaxEnt())
    for start in (None, np.array([-40.0, 30.0]), np.array([-300.0, -300.0])):
        found = fit(inner, start=start)
        assert found.status is Status.CONVERGED and np.isfinite(found.se_robust).all()
        assert not inner.limits(found.theta, 1e-2)
        assert best_step(loglik_of(inner), found.theta, np.random.default_rng(0)) < found.loglik + 1e-3

"""Borlänge's 1,832 real trips give the published weights. About 15 seconds; skipped where the data is not there."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from benchmarks.borlange import load
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.fitting.result import FitResult, Status
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.noisy_value import NoisyValue

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("MOTIVE_DATA", ROOT.parent / "shared" / "data")) / "borlange"
FILES = ("links.csv.gz", "transitions.csv.gz", "observations.csv.gz")
pytestmark = [
    pytest.mark.skipif(not all((FOLDER / name).is_file() for name in FILES),
                       reason=f"the Borlänge trips are not in {FOLDER}; say where they are in MOTIVE_DATA"),
    pytest.mark.timeout(900),
]
# Fosgerau, Frejinger and Karlström 2013: travel time, left turn, link constant, u-turn
PUBLISHED = np.array([-2.494, -0.933, -0.411, -4.459])
ROBUST_ERRORS = np.array([0.098, 0.030, 0.013, 0.114])


def fitted(model: Rationality) -> FitResult:
    problem, _ = load(FOLDER)
    return fit(Problem(problem.mdp, problem.phi, problem.names, problem.paths, model))


def test_every_trip_is_read() -> None:
    problem, _ = load(FOLDER)
    assert len(problem.paths) == 1832
    assert len(problem.paths.goals) == 466
    assert problem.mdp.n_choices == 21452
    assert problem.names == ("travel_time", "left_turn", "link_constant", "u_turn")


def test_recursive_logit_has_its_published_weights_and_robust_errors() -> None:
    found = fitted(MaxEnt())
    assert found.status is Status.CONVERGED
    np.testing.assert_allclose(found.theta, PUBLISHED, atol=0.002)
    np.testing.assert_allclose(found.se_robust, ROBUST_ERRORS, atol=0.003)
    assert found.loglik == pytest.approx(-6302.93, abs=0.1)


def test_boltzmann_explains_the_trips_better() -> None:
    found = fitted(Boltzmann())
    assert found.loglik >= -6144.5
    assert (found.theta < 0.0).all()


def test_noise_on_the_value_explains_the_trips_better_still() -> None:
    found = fitted(NoisyValue())
    assert found.loglik >= -6109.5
    assert 0.05 < found.own[0] < 0.2 and found.own_se[0] < 0.05
    assert (found.theta < 0.0).all()

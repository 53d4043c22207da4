"""Weights without a limit are named and have no interval, in every form of separation; those with a limit keep theirs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from irlcore.analysis.study import fit_record
from irlcore.errors import FitError
from irlcore.features.base import FeatureSpec
from irlcore.fitting.maximum_likelihood import fit
from irlcore.fitting.problem import Problem
from irlcore.project.loading import with_world
from irlcore.project.project import Project
from irlcore.rationality.base import Rationality
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.models import DEFAULT, MODELS
from irlcore.tracks.columns import guess_columns
from irlcore.tracks.read_paths import read_paths
from irlcore.tracks.readers import read_table
from irlcore.worlds.mdp import build_mdp
from irlcore.worlds.network import build_network
from tests.fitting.cases import CASES
from tests.fitting.test_maximum_likelihood import simulated
from tests.review.worlds import make_paths

SMOOTH: list[Rationality] = [MaxEnt(), Boltzmann()]
ALL: list[Rationality] = [*SMOOTH, MODELS[DEFAULT]]
by_name = pytest.mark.parametrize("model", ALL, ids=lambda m: m.name)


def loaded(case: str, *attributes: str) -> Project:
    """A case as the import page loads it, with its attributes as features."""
    table = read_table(CASES / case / "paths.csv")
    project = with_world(Project(), read_paths(table, guess_columns(table, "paths")), build_network(read_table(CASES / case / "links.csv")))
    return replace(project, features=(*project.features, *(FeatureSpec(a, "attribute", {"attribute": a}) for a in attributes)))


@by_name
@pytest.mark.parametrize(("case", "attribute"), [("q02_always_takes_the_toll", "toll"), ("q03_identical_tracks", "toll"),
                                                 ("q06_collinear", "b")])
def test_cases_that_set_no_limit_show_no_interval_and_name_the_features(case: str, attribute: str, model: Rationality) -> None:
    found = fit_record(loaded(case, *(("a", "b") if attribute == "b" else (attribute,))), model.name).result
    assert np.isinf(found.se).all() and np.isinf(found.interval()).all()
    said = " ".join(f"{w.what} {w.details}" for w in found.warnings)
    assert all(name in said for name in found.names) and "limit" in said


@by_name
def test_a_corridor_says_that_nothing_can_be_learned(model: Rationality) -> None:
    with pytest.raises(FitError, match="Nothing can be learned"):
        fit_record(loaded("q05_corridor_no_choice", "toll"), model.name)


def ring(n: int = 10, wrong: int = 0) -> Problem:
    """60 trips to one place of a ring, all by the shorter side but the first ``wrong`` ones that have a longer one."""
    at = np.arange(n)
    mdp, _ = build_mdp(n, np.tile(at, 2), np.concatenate(((at + 1) % n, (at - 1) % n)))
    choice = {(int(a), int(b)): m for m, (a, b) in enumerate(zip(mdp.choice_state, mdp.successors, strict=True))}
    trips = []
    for start in np.random.default_rng(0).integers(1, n, 60):
        here, side = int(start), -1 if start <= n // 2 else 1
        if start != n // 2 and wrong > 0:
            side, wrong = -side, wrong - 1
        trip = []
        while here != 0:
            trip.append(choice[here, (here + side) % n])
            here = (here + side) % n
        trips.append(trip)
    paths = make_paths(mdp, trips, [0] * len(trips))
    return Problem(mdp, np.ones((mdp.n_choices, 1)), ("length",), paths, MaxEnt())


@by_name
@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_sixty_trips_by_the_shorter_side_of_a_ring_set_no_limit_to_length(model: Rationality, unit: float) -> None:
    problem = ring()
    found = fit(replace(problem, model=model, phi=unit * problem.phi))
    assert np.isinf(found.se[0])
    [said] = [w for w in found.warnings if w.feature == "length"]
    assert "set no limit to the weight of length (downwards)" in said.details and said.fix


@by_name
def test_one_trip_the_other_way_sets_a_limit(model: Rationality) -> None:
    found = fit(replace(ring(wrong=1), model=model))
    assert np.isfinite(found.se[0]) and 0.0 < found.se[0] < abs(found.theta[0])
    assert not any("no limit" in w.details for w in found.warnings)
    low, high = found.interval()[0]
    assert high - low >= 2.0 * 1.95996 * found.se_hessian[0] * (1.0 - 1e-9)


@pytest.mark.parametrize("model", SMOOTH, ids=lambda m: m.name)
def test_what_one_feature_lacks_the_others_keep(model: Rationality) -> None:
    """Mud that none of these trips enters has no limit; what a step costs has."""
    problem = replace(simulated(MaxEnt(), n=900), model=model)
    mud = problem.phi[:, 1]
    clean = np.array([not mud[problem.paths.choices[a:b]].any() for a, b in zip(problem.paths.offsets, problem.paths.offsets[1:],
                                                                               strict=False)])
    found = fit(replace(problem, paths=problem.paths.take(np.flatnonzero(clean))))
    assert clean.sum() > 30
    assert np.isinf(found.se[1]) and np.isfinite(found.se[0]) and found.se[0] < 0.5
    assert any("No track ever has mud" in w.what for w in found.warnings)
    assert not any("weight of step" in w.details for w in found.warnings)


@by_name
@pytest.mark.parametrize("n", [30, 300])
def test_ordinary_agents_have_limits(model: Rationality, n: int) -> None:
    """Chance of a false failure: that 30 such trips are separated, far below 1e-6 (some hundred slips among as many decisions)."""
    found = fit(replace(simulated(MaxEnt(), n=n), model=model))
    assert np.isfinite(found.se).all()
    assert not any("limit" in w.details for w in found.warnings if w.feature)


def test_a_weight_held_by_its_sign_is_neither_flat_nor_rising() -> None:
    problem = ring()
    found = fit(replace(problem, phi=np.column_stack((problem.phi, (np.arange(20) % 3 == 0).astype(float))), names=("length", "odd")),
                signs=["negative", "positive"])
    held = found.theta == 0.0
    assert np.isnan(found.se[held]).all() and (np.isinf(found.se) | held).all()

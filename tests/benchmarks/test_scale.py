"""The benchmark of fits on a metro network, on small ones; its parts by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import scale
from benchmarks.__main__ import BENCHMARKS
from benchmarks.scale.million import read_trips, study_of, write_trips
from benchmarks.scale.piece import measured
from benchmarks.scale.problems import far_grid, metro
from irlcore.analysis.ranking import review_study
from irlcore.errors import MotiveError
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.review.calibration.controls import FalseAlarmControl
from irlcore.tracks.readers import read_table
from irlcore.worlds.network import build_network
from tests.benchmarks import write_shanghai

pytestmark = pytest.mark.kernels


def test_a_metro_network_has_trips_to_so_many_goals() -> None:
    problem = metro(400, 120, 9, Boltzmann())
    mdp, paths = problem.mdp, problem.paths
    assert problem.phi.shape[1] == len(problem.names) == 6 and len(paths) == 120
    assert set(paths.goals.of(int(g))[0] for g in paths.goal) == set(paths.last_state.tolist()) and len(paths.goals) <= 9
    chosen = paths.choices[paths.offsets[0]:paths.offsets[1]]
    assert (mdp.successors[chosen[:-1]] == mdp.choice_state[chosen[1:]]).all() and mdp.successors[chosen[-1]] == paths.last_state[0]


def test_a_grid_s_trips_arrive_wherever_they_begin() -> None:
    paths = far_grid(12, Boltzmann()).paths
    assert len(paths) == 200 and (paths.lengths > 0).all()
    np.testing.assert_array_equal(paths.last_state, paths.goals.states[paths.goal])


def test_parts_are_measured_by_name() -> None:
    found = scale.run(Path("nowhere"), ("small", "large", "maxent"), {"small": 60, "large": 200}, trips=30)
    assert set(found) == {"links", "exponents"} and set(found["links"]) == {"small", "large"}
    assert found["links"]["large"]["maxent"] > 0.0 and found["links"]["large"]["mb"] > 50.0 and np.isfinite(found["exponents"]["maxent"])
    with pytest.raises(MotiveError, match="elsewhere"):
        scale.run(Path("nowhere"), ("elsewhere",))
    assert BENCHMARKS["scale"].parts and measured("grid", "10", "boltzmann")["loglik_per_trip"] < 0.0


def test_a_file_of_many_trips_is_drawn_and_read(tmp_path: Path) -> None:
    folder = tmp_path / "shanghai"
    write_shanghai(folder)
    world = build_network(*(read_table(folder / f"{name}.csv") for name in ("links", "transitions", "nodes")))
    write_trips(read_table(folder / "paths.csv.gz"), 500, tmp_path / "trips.csv")
    tracks, paths = read_trips(world, tmp_path / "trips.csv")
    assert len(tracks) == len(paths) == 500
    review = review_study(study_of(world, tracks, paths), FalseAlarmControl("share_of_flags", 0.1))
    assert len(review.order) == 250 and {"usual_ways", "unshared_steps", "combined"} <= set(review.scored.table.names)

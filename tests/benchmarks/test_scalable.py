"""The benchmark of scale on a small town and on a made-up Shanghai."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import scalable, town
from benchmarks.__main__ import BENCHMARKS
from irlcore.fitting.value_basis.estimate import fit_value_basis
from tests.benchmarks import write_shanghai

pytestmark = pytest.mark.kernels


def test_a_town_is_a_network_whose_trips_arrive() -> None:
    problem = town.problem_of(400, 200)
    mdp, paths = problem.mdp, problem.paths
    assert mdp.n_states == 360 and len(paths) == 200
    assert (np.diff(mdp.choice_offsets) >= 2).all()
    turns = problem.phi[:, 2:]
    assert set(np.unique(turns)) == {0.0, 1.0} and (turns.sum(axis=1) <= 1.0).all()
    for i in range(len(paths)):
        chosen = paths.choices[paths.offsets[i]:paths.offsets[i + 1]]
        assert (mdp.successors[chosen[:-1]] == mdp.choice_state[chosen[1:]]).all()
        assert mdp.successors[chosen[-1]] == paths.last_state[i] == paths.goals.of(int(paths.goal[i]))[0]
        assert paths.last_state[i] not in mdp.choice_state[chosen]


def test_the_town_s_agents_are_told_by_what_they_were_made_with() -> None:
    found = fit_value_basis(town.problem_of(1_000, 1_500))
    assert (np.sign(found.theta) == np.sign(town.WEIGHTS)).all()
    assert found.loglik > found.loglik_start


def test_growth_is_told_by_size() -> None:
    found = scalable.growth((100, 400), (20, 60), 400, 60)
    assert set(found) == {"links_exponent", "trips_exponent", "100", "400", "trips"}
    assert found["400"]["seconds"] > 0.0 and found["400"]["mb"] > 50.0
    assert set(found["trips"]) == {"20", "60"} and np.isfinite([found["links_exponent"], found["trips_exponent"]]).all()


def test_shanghai_is_told_with_every_number_of_replannings(tmp_path: Path) -> None:
    write_shanghai(tmp_path / "shanghai")
    found = scalable.shanghai(tmp_path / "shanghai")
    for part in (found, found["turn_shares"]):
        for name in ("0", "1", "2", "maxent"):
            assert part[name]["loglik_per_trip"] < 0.0 < part[name]["seconds"]
            assert part["value_features"][name]["loglik_per_trip"] < 0.0 and "heading" in part["value_features"][name]["theta"]
    assert BENCHMARKS["scalable"].data == "shanghai"

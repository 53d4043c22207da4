"""Coverage, equal trips and bus engines, small; the full figures are ``python -m benchmarks soundness``."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom

from benchmarks.soundness.coverage import cluster_ratio, covered
from benchmarks.soundness.rust import FILE, GAMMA, MOVES, PUBLISHED, Buses, bus_problem, find_file, made_up_buses, read_buses, rust
from irlcore.errors import DataError
from irlcore.fitting.maximum_likelihood import fit


def test_intervals_of_ten_tracks_cover_the_truth() -> None:
    """Where the true share is .95 or more, fewer hits than this come up once in a million runs (two weights a run hang together, so
    the runs count once)."""
    runs = 60
    found = covered(10, runs)
    assert found.share >= binom.ppf(1e-6, runs, 0.95) / runs
    assert found.unlimited < 0.5


def test_named_drivers_with_equal_trips_have_errors_of_the_true_size() -> None:
    """The mean of 40 variances of 9 degrees of freedom, over a variance of 39: within a factor of 4 either way but for 8e-7 (F law)."""
    named, blind = cluster_ratio(40), cluster_ratio(40, named=False)
    assert 0.5 < named < 2.0
    assert blind < 0.4 * named


def written(buses: Buses, folder: Path) -> Path:
    """Buses as the table that econirl carries."""
    rows = [f"{bus},{month},0,{x},{int(replaced)},4" for month, (bus, x, replaced) in enumerate(
        zip(buses.bus, buses.state, buses.replaced, strict=True))]
    (folder / FILE).write_text("\n".join(["bus_id,period,mileage,mileage_bin,replaced,group", *rows]))
    return folder / FILE


def test_made_up_engines_give_their_weights_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sharper weights than Rust's, so that few buses will do. A true pair is further off than 6 standard errors in 4e-9 of samples."""
    monkeypatch.setattr(import_module("benchmarks.soundness.rust"), "DEFAULT", "boltzmann")  # beside it; the usual one takes a minute
    made = [made_up_buses(np.random.default_rng(seed), 6.0, 12.0, (0.3, 0.6, 0.1), 40, 400) for seed in range(3)]
    for buses in made:
        problem = bus_problem(read_buses(written(buses, tmp_path)))
        assert problem.gamma**2 == pytest.approx(GAMMA) and len(problem.paths) == 40
        found = fit(problem)
        assert (np.abs(found.theta - [6.0, 12.0]) < 6.0 * found.se_hessian).all() and (found.se_hessian < [0.6, 2.0]).all()
    said = rust(tmp_path)
    assert said["RC"] == pytest.approx(found.theta[0], abs=1e-4) and said["data"].startswith("Harold Zurcher's buses")


def test_where_the_buses_are_not_here_made_up_ones_are_measured_and_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                                               capsys: pytest.CaptureFixture[str]) -> None:
    """Fits spread by 2.2 and .78 and lie .6 and .2 too high on average (40 of them): the mean of six is further off than that and 6
    spreads of a mean in 2e-9 of samples."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr(import_module("benchmarks.soundness.rust"), "DEFAULT", "boltzmann")  # the quickest
    assert find_file(tmp_path) is None
    found = rust(tmp_path, replications=6)
    assert set(found) >= {"RC", "theta", "model", "data", "se", "published", "default"} and found["model"] == "maxent"
    assert found["RC"] == pytest.approx(PUBLISHED["RC"], abs=0.6 + 6.0 * 2.2 / np.sqrt(6.0))
    assert found["theta"] == pytest.approx(PUBLISHED["theta"], abs=0.2 + 6.0 * 0.78 / np.sqrt(6.0))
    assert found["data"].startswith("Made-up buses") and "econirl" in found["data"] and found["data"] in capsys.readouterr().out
    (tmp_path / FILE).write_text("a,b\n1,2")
    with pytest.raises(DataError, match="no column"):
        rust(tmp_path)


def test_made_up_buses_move_on_as_they_are_told() -> None:
    """Of 60,000 months or so; each share within 6 standard errors, which a true one leaves in 2e-9 of samples."""
    buses = made_up_buses(np.random.default_rng(1), buses=500)
    assert len(buses.state) == 500 * 117 and (buses.state[::117] == 0).all() and 100 < buses.replaced.sum() < 2500
    for share, chance in zip(buses.moves, MOVES, strict=True):
        assert abs(share - chance) < 6.0 * np.sqrt(chance * (1.0 - chance) / 57_000)


def test_the_published_bus_engines() -> None:
    """Table IX of Rust (1987), group 4: within a tenth of a standard error, and the likelihood within a fifth of a nat."""
    file = find_file(Path(__file__).resolve().parents[3] / "shared" / "data")
    if file is None:
        pytest.skip("needs econirl (requirements-bench.txt)")
    found = rust(file.parent)
    assert found["RC"] == pytest.approx(10.075, abs=0.16) and found["theta"] == pytest.approx(2.293, abs=0.064)
    assert found["loglik"] == pytest.approx(-163.584, abs=0.2) and found["status"] == "CONVERGED"

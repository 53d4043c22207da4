"""Coverage, equal trips and bus engines, small; the full figures are ``python -m benchmarks soundness``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom

from benchmarks.soundness.coverage import cluster_ratio, covered
from benchmarks.soundness.rust import FILE, GAMMA, STATES, Buses, bus_problem, find_file, read_buses, rust
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


def made_up(folder: Path, months: int = 400, buses: int = 40, seed: int = 0) -> Path:
    """Buses whose engines are replaced by the law that the benchmark fits, RC 6 and theta 12 (sharper than Rust's, so that few will do)."""
    problem = bus_problem(Buses(np.zeros(1, np.int64), np.zeros(1, bool), np.zeros(1, np.int64), np.array([0.3, 0.6, 0.1])))
    prepared = problem.prepare(np.array([6.0, 12.0]))
    chance = problem.model.solve(prepared, problem.paths.goals.of(0)).policy[1:2 * STATES:2]
    rng, rows = np.random.default_rng(seed), ["bus_id,period,mileage,mileage_bin,replaced,group"]
    for bus in range(buses):
        x = 0
        for month in range(months):
            replaced = rng.random() < chance[x]
            rows.append(f"{bus},{month},0,{x},{int(replaced)},4")
            x = min((0 if replaced else x) + int(rng.choice(3, p=[0.3, 0.6, 0.1])), STATES - 1)
    (folder / FILE).write_text("\n".join(rows))
    return folder / FILE


def test_made_up_engines_give_their_weights_back(tmp_path: Path) -> None:
    problem = bus_problem(read_buses(made_up(tmp_path)))
    assert problem.gamma**2 == pytest.approx(GAMMA) and len(problem.paths) == 40
    found = fit(problem)
    assert (np.abs(found.theta - [6.0, 12.0]) < 5.0 * found.se_hessian).all() and (found.se_hessian < [0.6, 2.0]).all()
    assert rust(tmp_path)["RC"] == pytest.approx(found.theta[0], abs=1e-4)


def test_where_the_buses_are_not_here_it_says_what_it_skips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                           capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert find_file(tmp_path) is None
    assert "econirl" in rust(tmp_path)["skipped"] and "--data" in capsys.readouterr().out
    (tmp_path / FILE).write_text("a,b\n1,2")
    with pytest.raises(DataError, match="no column"):
        rust(tmp_path)


def test_the_published_bus_engines() -> None:
    """Table IX of Rust (1987), group 4: within a tenth of a standard error, and the likelihood within a fifth of a nat."""
    file = find_file(Path(__file__).resolve().parents[3] / "shared" / "data")
    if file is None:
        pytest.skip("needs econirl (requirements-bench.txt)")
    found = rust(file.parent)
    assert found["RC"] == pytest.approx(10.075, abs=0.16) and found["theta"] == pytest.approx(2.293, abs=0.064)
    assert found["loglik"] == pytest.approx(-163.584, abs=0.2) and found["status"] == "CONVERGED"

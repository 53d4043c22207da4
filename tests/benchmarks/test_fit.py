"""The fit benchmark at a size that takes no time: its keys, its problem, and a peer that is not there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import fit
from benchmarks.fit_problem import START, WEIGHTS, held_out_per_step, load_problem, simulate
from benchmarks.fit_runs import RUNS

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"motive", "irl_maxent", "imitation", "econirl", "ratio_to_best_peer", "memory_mb", "heldout", "step_size", "why_null"}


def test_a_small_grid_without_peers_has_every_key(capsys: pytest.CaptureFixture[str]) -> None:
    found = fit.run(sizes=(5,), repeats=1)
    assert json.loads(json.dumps(found)) == found and set(found) == {"grid5"}
    grid = found["grid5"]
    assert set(grid) == KEYS
    assert grid["motive"] > 0.0
    assert grid["heldout"]["motive"] > held_out_per_step(simulate(5), START)
    assert all(grid[peer] is None and grid["why_null"][peer] for peer in fit.STEPS)
    assert set(fit.STEPS) | {"motive"} == set(RUNS)
    assert "5 x 5" in capsys.readouterr().out


def test_problems_are_drawn_alike_and_kept(tmp_path: Path) -> None:
    one, other = simulate(6, trips=20), simulate(6, trips=20)
    one.save(tmp_path / "grid.npz")
    for held in (other, load_problem(tmp_path / "grid.npz")):
        assert all(np.array_equal(getattr(one, name), getattr(held, name)) for name in ("after", "features", "train", "held_out"))
    assert len(np.unique(one.train[:, 0])) == len(np.unique(one.held_out[:, 0])) == 20
    assert not one.features[one.goal].any() and (one.features[:, 0].sum() == one.n_states - 1)
    assert held_out_per_step(one, WEIGHTS) > held_out_per_step(one, 2.0 * WEIGHTS)
    assert held_out_per_step(one, 0.0 * WEIGHTS) == -np.inf


def test_a_peer_that_is_not_installed_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "none" / "irl_maxent"
    empty.mkdir(parents=True)
    (empty / "__init__.py").write_text("raise ImportError('No module named irl_maxent')\n")
    monkeypatch.setenv("PYTHONPATH", str(empty.parent))
    problem = simulate(5, trips=20)
    problem.save(tmp_path / "grid.npz")
    found = fit.best_run("irl_maxent", problem, tmp_path / "grid.npz", 0.0, 5.0)
    assert found.seconds is None and "requirements-bench.txt" in found.why


def test_dense_arrays_beyond_memory_are_not_tried() -> None:
    found = fit.best_run("irl_maxent", simulate(100, trips=1), Path("nowhere"), 0.0, 1.0)
    assert found.seconds is None and "GB" in found.why


def test_no_data_is_needed(tmp_path: Path) -> None:
    said = subprocess.run([sys.executable, "-m", "benchmarks", "--help"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert "fit" in said.stdout and "--peers" in said.stdout and "--limit" in said.stdout

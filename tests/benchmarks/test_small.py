"""Both benchmarks on made-up files in the real formats, and the command that runs them."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import borlange, shanghai
from irlcore.errors import DataError
from irlcore.features.base import Context
from irlcore.features.feature_set import feature_matrix, suggest_features
from irlcore.fitting.likelihood import path_logliks
from irlcore.rationality.maxent import MaxEnt
from tests.benchmarks import BORLANGE_WEIGHTS, write_borlange, write_shanghai

ROOT = Path(__file__).resolve().parents[2]
MODELS = ("maxent", "boltzmann", "noisy_value")
FRACTIONS = ("25", "50", "75", "90")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_borlange(folder / "borlange")
    write_shanghai(folder / "shanghai")
    return folder


@pytest.fixture(scope="module")
def borlange_result(data: Path) -> dict[str, dict]:
    return borlange.run(data / "borlange")


@pytest.fixture(scope="module")
def shanghai_result(data: Path) -> dict[str, dict]:
    return shanghai.run(data / "shanghai")


def called(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["benchmarks", *arguments])
    return command.main()


def test_borlange_gives_weights_errors_likelihood_and_time_of_every_model(borlange_result: dict[str, dict]) -> None:
    assert set(borlange_result) == {*borlange.FITTED, "cv"}
    assert set(borlange_result["cv"]) == {*borlange.HELD_OUT, "difference_to_best", "folds"}
    assert all(borlange_result["cv"][name] < 0.0 for name in borlange.HELD_OUT)
    for name in borlange.FITTED:
        found = borlange_result[name]
        assert name.startswith("noisy_value") == ("sigma2" in found)
        assert {"theta", "se", "loglik", "seconds"} <= set(found)
        assert len(found["theta"]) == len(found["se"]) == 4
        assert found["loglik"] < 0.0 < found["seconds"]
        assert min(found["se"]) > 0.0


def test_borlange_finds_the_weights_the_trips_were_made_with(borlange_result: dict[str, dict]) -> None:
    found = borlange_result["maxent"]
    off = (np.array(found["theta"]) - BORLANGE_WEIGHTS) / found["se"]
    assert (np.abs(off) < 4.0).all(), off
    assert found["loglik"] > borlange_result["boltzmann"]["loglik"]


def test_borlange_reads_every_trip_and_charges_the_transition_s_own_attributes(data: Path, tmp_path: Path) -> None:
    problem, _ = borlange.load(data / "borlange")
    walked = write_borlange(tmp_path / "again")
    assert len(problem.paths) == len(walked) == 400
    assert len(problem.paths.goals) == 3
    assert problem.paths.lengths.tolist() == [len(states) - 1 for states in walked]
    last = problem.phi[problem.paths.choices[problem.paths.offsets[1:] - 1]]
    assert (last == 0.0).all()  # arriving at a dummy destination costs nothing
    used = problem.phi[problem.paths.choices[problem.paths.offsets[0]:problem.paths.offsets[1]]]
    assert used[:-1, 2].tolist() == [1.0] * (len(walked[0]) - 2)


def test_shanghai_gives_likelihood_routes_and_goals_of_every_model(shanghai_result: dict[str, dict]) -> None:
    models = {*MODELS, "noisy_value_replanned_persistent"}
    assert set(shanghai_result) == {*models, "counts"}
    for name in models:
        found = shanghai_result[name]
        assert {"loglik_per_trip", "edit", "bleu", "goal_top1", "goal_top5"} <= set(found)
        assert found["loglik_per_trip"] < 0.0
        assert 0.0 < found["edit"] < 1.0
        assert 0.0 < found["bleu"] < 1.0
    for found in shanghai_result.values():
        for top in ("goal_top1", "goal_top5"):
            assert tuple(found[top]) == FRACTIONS
            assert all(0.0 <= share <= 1.0 for share in found[top].values())
        assert all(found["goal_top1"][f] <= found["goal_top5"][f] for f in FRACTIONS)
        assert found["goal_top5"]["90"] > found["goal_top1"]["25"]


def test_shanghai_tests_on_trips_it_did_not_fit_to(data: Path, shanghai_result: dict[str, dict]) -> None:
    world, parts = shanghai.load(data / "shanghai")
    sizes = {name: len(paths) for name, paths in parts.items()}
    assert sizes == {"test": 20, "train100": 40, "train1000": 100, "train10000": 100}
    assert parts["test"].ids.tolist() == [str(i) for i in range(20)]
    assert not set(parts["test"].ids) & set(parts["train1000"].ids)
    matrix = feature_matrix(suggest_features(world)[:shanghai.FEATURES], world, Context())
    theta = np.array([shanghai_result["maxent"]["theta"][name] for name in matrix.names])
    logliks = path_logliks(MaxEnt(), MaxEnt().prepare(world.mdp, matrix.values @ theta), parts["test"])
    assert shanghai_result["maxent"]["loglik_per_trip"] == pytest.approx(logliks.mean(), abs=1e-3)


@pytest.mark.parametrize("name", ["borlange", "shanghai"])
def test_the_last_line_is_json_where_asked_for(name: str, data: Path, monkeypatch: pytest.MonkeyPatch,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    def no_constant(word: str) -> float:
        raise AssertionError(f"{word} is not JSON")

    assert called(monkeypatch, name, "--data", str(data), "--json") == 0
    lines = capsys.readouterr().out.splitlines()
    assert set(MODELS) <= set(json.loads(lines[-1], parse_constant=no_constant))
    assert len(lines) > 3


def test_without_json_people_get_their_table_alone(data: Path, monkeypatch: pytest.MonkeyPatch,
                                                   capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MOTIVE_DATA", str(data))
    assert called(monkeypatch, "borlange") == 0
    printed = capsys.readouterr().out
    assert "{" not in printed
    assert all(f"\n{model}" in printed for model in MODELS)


@pytest.mark.parametrize("name", ["borlange", "shanghai"])
def test_a_missing_folder_is_named_and_ends_with_2(name: str, tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-m", "benchmarks", name, "--data", str(tmp_path), "--json"], cwd=ROOT,
                           capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 2
    assert str(tmp_path / name) in ended.stderr
    assert "--data" in ended.stderr
    assert "MOTIVE_DATA" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


def test_a_missing_or_damaged_file_is_named_and_ends_with_1(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                            capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "borlange"
    folder.mkdir()
    assert called(monkeypatch, "borlange", "--data", str(tmp_path)) == 1
    assert "links.csv.gz" in capsys.readouterr().err
    for name in ("links", "transitions"):
        (folder / f"{name}.csv.gz").write_bytes((data / "borlange" / f"{name}.csv.gz").read_bytes())
    with gzip.open(folder / "observations.csv.gz", "wt") as file:
        file.write("obs_id,step,street\n1,0,1\n")
    assert called(monkeypatch, "borlange", "--data", str(tmp_path)) == 1
    assert "link" in capsys.readouterr().err
    with pytest.raises(DataError) as caught:
        borlange.run(folder)
    assert caught.value.fix


def test_an_unknown_benchmark_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        called(monkeypatch, "atlantis")
    assert ended.value.code == 2
    assert "borlange" in capsys.readouterr().err

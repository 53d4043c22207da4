"""The soundness benchmark has the keys it promises, on a small version of every part; full figures: ``python -m benchmarks soundness``."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from benchmarks import soundness
from benchmarks.soundness.small_problems import SHAPES, SmallProblem, made_up
from irlcore.rationality.boltzmann import Boltzmann
from irlcore.rationality.maxent import MaxEnt
from irlcore.rationality.models import MODELS
from irlcore.rationality.noisy_value import NoisyValue

# the package's functions of the same names hide them
coverage, edge, nested, rust, ties = (
    import_module(f"benchmarks.soundness.{name}") for name in ("coverage", "edge", "nested", "rust", "ties"))


def one_small_problem(seeds: int) -> list[SmallProblem]:
    return [made_up(SHAPES[0], 0)]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """One problem, world or sample of each part, and none of what is known to take minutes."""
    lasting = (NoisyValue(persistent=True, draws=8),) * 3
    monkeypatch.setattr(ties, "MODELS", {model.name: model for model in (NoisyValue(draws=16), MaxEnt(), Boltzmann())})
    monkeypatch.setattr(ties, "SEEDS", 1)
    monkeypatch.setattr(nested, "small_problems", one_small_problem)
    monkeypatch.setattr(soundness, "nested", lambda: nested.nested(1, ((NoisyValue(draws=16), lasting[0]),)))
    monkeypatch.setattr(soundness, "starts", lambda: nested.starts(1, lasting, 2))
    monkeypatch.setattr(edge, "STARTS", edge.STARTS[:2])
    monkeypatch.setattr(soundness, "measure", lambda: edge.measure(edge.SHAPES[:1], (1,)))
    monkeypatch.setattr(soundness, "coverage", lambda: coverage.coverage(4))
    monkeypatch.setattr(soundness, "cluster_ratio", lambda: coverage.cluster_ratio(6))
    monkeypatch.setattr(soundness, "rust", lambda folder: rust.rust(folder, 2))
    monkeypatch.setattr(rust, "DEFAULT", "boltzmann")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)


@pytest.mark.usefixtures("small")
def test_the_answer_has_the_keys_of_its_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found: dict[str, Any] = soundness.run(tmp_path)
    assert set(found) == {"ties", "nested", "starts", "edge", "coverage", "cluster_ratio", "rust"}
    assert set(found["ties"]) == {"grid5", "grid15"} and "noisy_value" in MODELS
    for moved in found["ties"].values():
        assert set(moved) == set(ties.MODELS) and max(moved.values()) <= 1e-6
    assert set(found["nested"]) == {"problems", "below", "worst"} and (found["nested"]["problems"], found["nested"]["below"]) == (2, 0)
    assert set(found["starts"]) == {"problems", "worse", "worst"} and found["starts"]["problems"] == 3
    assert set(found["edge"]) >= {"worlds", "stuck"} and (found["edge"]["worlds"], found["edge"]["stuck"]) == (2, 0)
    assert set(found["coverage"]) == {"5", "10", "40", "200"} and all(0.0 <= share <= 1.0 for share in found["coverage"].values())
    assert isinstance(found["cluster_ratio"], float) and found["cluster_ratio"] > 0.0
    assert set(found["rust"]) >= {"RC", "theta", "model", "data"} and found["rust"]["model"] == "maxent"
    said = capsys.readouterr().out
    for part in ("Ties", "Models within models", "Starts", "The edge", "Ten drivers", "Bus engines"):
        assert part in said

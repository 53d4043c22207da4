"""The study of prices in small: its keys, what it finds, and its bands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import prices
from benchmarks.prices_agents import agents, setting


@pytest.mark.kernels
def test_a_small_study_has_the_keys_that_are_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {"FITTED": 20, "CALIBRATION": 19, "NORMAL": 12, "CHANGED": 6, "DRAWN": 2, "DRAWS": 19, "MEASURED": 2, "SEEDS": 1,
                        "TRACKS": (1, 6), "WORLDS": ("grid",), "TOLD": (("grid", 6, 0),)}.items():
        monkeypatch.setattr(prices, name, value)
    monkeypatch.setattr(prices, "study", lambda name, tracks, of=prices.study: of(name, tracks, 1))
    found = prices.run(tmp_path / "nothing")
    assert {"level", "band", "power", "coverage", "coverage_band", "by_model", "agents", "settings"} <= set(found) and "real" not in found
    assert set(found["by_model"]) == set(prices.HOLD) and all("coverage" in one for one in found["by_model"].values())
    assert found["agents"] == 24 and set(found["power"]) == {"grid, 1 track", "grid, 6 tracks"}
    assert all(0.0 <= value <= 1.0 for one in found["power"].values() for value in one.values())


@pytest.mark.kernels
def test_agents_have_weights_of_their_own_and_as_many_trips_as_asked() -> None:
    where = setting("grid", 0)
    paths, weights = agents(where, 5, 3, 0.0, np.random.default_rng(1))
    assert len(paths) == 15 and weights.shape == (5, 3) and (weights[:, where.changed] == 0.0).all()
    assert len(np.unique(weights[:, 0])) == 5
    paths.check_within(where.problem.mdp)


def test_the_bands_hold_what_chance_gives() -> None:
    low, high = prices.band(6, 100)
    assert low < 0.05 < high
    alone = prices.binomial_band(600, 0.05)
    assert low < alone[0] and alone[1] < high, "agents that share those they are held against spread more"

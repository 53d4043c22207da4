"""The benchmark of calibration: what it measures on made-up scores, that it would notice, and the sample in full."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from benchmarks import calibration
from benchmarks.calibration import measures
from benchmarks.calibration.worlds import HeldOut, vehicles

ROOT = Path(__file__).resolve().parents[2]
VMT = Path(os.environ.get("MOTIVE_DATA", ROOT.parent / "shared" / "data")) / "vmt"


def world(seed: int = 0) -> HeldOut:
    rng = np.random.default_rng(seed)
    return HeldOut(rng.normal(size=600), 199, rng.normal(6.0, 1.0, 200))


@pytest.mark.kernels
def test_made_up_scores_keep_every_promise() -> None:
    found = measures.realised(world())
    assert all(one["inside"] for one in found.values()) and set(found) == {"0.01", "0.05", "0.1"}
    assert found["0.05"]["band"][0] < 0.05 < found["0.05"]["band"][1]
    worlds = {"one": world(), "other": HeldOut(np.round(world(1).normal), 60, np.zeros(0))}
    assert measures.any_cut(worlds)["covers"] >= 0.9 and measures.any_cut(worlds)["splits"] == 400
    assert measures.picked(worlds)["covers"] >= 0.9  # each fails by luck less than once in a thousand
    plain, spoilt = (measures.false_discoveries(world(), share, "") for share in (0.0, 0.05))
    assert 0.04 < plain["realised"] <= 0.1 and plain["caught"] > 0.4
    assert spoilt["realised"] < plain["realised"]
    many = measures.false_discoveries(world(), 0.05, "", measures.MANY_STRANGE)  # so many that something is flagged all the same
    assert 0.0 < many["realised"] <= 0.1 and many["caught"] > 0.2
    assert set(measures.false_discoveries(world(), 0.0, "contaminated")) == {"contaminated", "contaminated_largest", "contaminated_caught"}


@pytest.mark.kernels
def test_a_promise_that_is_broken_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    made = measures.conformal_p
    monkeypatch.setattr(measures, "conformal_p", lambda kept, asked: np.maximum(made(kept, asked) - 1.0 / (len(kept) + 1), 0.0))
    assert not measures.realised(world())["0.01"]["inside"]
    monkeypatch.setattr(measures, "highest_rate", lambda n: np.arange(n + 2) / (n + 1))
    monkeypatch.setattr(measures, "normal_at_most", lambda p, n, m: int(len(p) * 0.5))
    assert measures.any_cut({"one": world()})["covers"] < 0.5 and measures.picked({"one": world()})["covers"] < 0.5


@pytest.mark.kernels
def test_without_the_data_the_sample_is_measured_and_the_rest_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "SPLITS", 20)
    found = calibration.run(tmp_path)
    assert set(found) == {"sample", "any_cut", "picked", "seconds"} and set(found["sample"]) == {"0.01", "0.05", "0.1"}
    assert "shanghai, vmt" in capsys.readouterr().out


@pytest.mark.skipif(not (VMT / "points.csv.gz").is_file(), reason=f"the VMT tracks are not in {VMT}; say where they are in MOTIVE_DATA")
@pytest.mark.kernels
@pytest.mark.timeout(300)
def test_the_vehicles_are_read_and_split() -> None:
    found = vehicles(VMT)
    assert len(found.normal) > 1100 and found.calibration == len(found.normal) // 2 and np.isfinite(found.normal).all()

"""Borlänge's 1,832 real trips, read from their folder by one call, give the published weights. Skipped where the data is not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import irlcore as ir

FOLDER = Path(os.environ.get("MOTIVE_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")) / "borlange"
# Fosgerau, Frejinger and Karlström 2013
PUBLISHED = {"travel_time": (-2.494, 0.098), "left_turn": (-0.933, 0.030), "link_constant": (-0.411, 0.013), "u_turn": (-4.459, 0.114)}
pytestmark = [pytest.mark.kernels, pytest.mark.skipif(
    not (FOLDER / "observations.csv.gz").is_file(), reason=f"the Borlänge trips are not in {FOLDER}; say where they are in MOTIVE_DATA")]


def test_a_folder_of_real_trips_gives_the_published_weights_and_errors() -> None:
    study = ir.read(FOLDER)
    assert len(study.tracks) == 1832 and study.tracks["goal"].nunique() == 466
    found = ir.fit(study, features=[ir.feature("attribute", name, attribute=name) for name in PUBLISHED], model="maxent")
    table = found.to_frame()
    for name, (weight, error) in PUBLISHED.items():
        assert table.loc[name, "weight"] == pytest.approx(weight, abs=0.002)
        assert found.result.se_robust[found.result.names.index(name)] == pytest.approx(error, abs=0.003)
    assert found.result.loglik == pytest.approx(-6302.93, abs=0.1)
    assert found.score() == pytest.approx(found.result.loglik / 1832, rel=1e-9)  # of those fitted to: none are known as normal
    assert "-6,302.93" in found.summary()

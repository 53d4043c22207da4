"""The benchmark of labelled vehicles: its measures against their definitions, and its whole way on made-up vehicles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.vmt import labelled, measured, motive
from irlcore.review.separation import average_precision, precision_of_first

LANE_POINTS = 40


def made_up(folder: Path) -> None:
    """Sixty vehicles along two lanes, and three that wander between them."""
    rng, rows = np.random.default_rng(0), []
    for i in range(63):
        t = np.arange(LANE_POINTS)
        x, y = 4.0 * t, np.full(LANE_POINTS, 20.0 + 60.0 * (i % 2))
        if i >= 60:
            y = 50.0 + 35.0 * np.sin(0.4 * t + i)
        rows.append(pd.DataFrame({"traj_id": i, "t": t, "x": x + rng.normal(0.0, 0.5, len(t)), "y": y + rng.normal(0.0, 0.5, len(t))}))
    pd.concat(rows).to_csv(folder / "points.csv.gz", index=False)
    pd.DataFrame({"traj_id": np.arange(63), "anomaly": (np.arange(63) >= 60).astype(int)}).to_csv(folder / "tracks.csv", index=False)


@pytest.mark.kernels
def test_vehicles_that_wander_are_found_without_a_label(tmp_path: Path) -> None:
    made_up(tmp_path)
    tracks, strange = labelled(tmp_path)
    assert len(tracks) == 63 and strange.sum() == 3
    found = motive(tracks, strange)
    assert found["mapped"] == 63
    assert found["motive"]["auc"] > 0.95
    assert {"surprise", "worst_stretch"} <= set(found["scores"])


def test_average_precision_is_that_of_a_slow_count_and_ties_share_their_places() -> None:
    rng = np.random.default_rng(1)
    values, strange = rng.normal(size=200), rng.random(200) < 0.1
    order = np.argsort(-values)
    hits = strange[order]
    slow = np.mean([hits[:k + 1].mean() for k in np.flatnonzero(hits)])
    assert average_precision(values[~strange], values[strange]) == pytest.approx(slow)
    assert precision_of_first(values[~strange], values[strange], 30) == pytest.approx(hits[:30].mean())
    nothing = measured(np.zeros(200), strange)
    assert nothing["auc"] == 0.5 and nothing["ap"] == nothing["p30"] == pytest.approx(strange.mean(), abs=1e-3)

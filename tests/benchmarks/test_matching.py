"""The benchmark of map matching on a made-up town in the real format."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import matching

SIDE, CELL = 12, 0.001  # crossings a side, degrees apart: some 100 m


def write_lausanne(folder: Path, trips: int = 16, seed: int = 3) -> None:
    """A town of streets at right angles, both ways, and trips that go east and north in turns."""
    rng = np.random.default_rng(seed)
    node = np.arange(SIDE * SIDE)
    nodes = pd.DataFrame({"node": node, "lon": 6.6 + 1.4 * CELL * (node % SIDE), "lat": 46.5 + CELL * (node // SIDE)})
    pairs = [(a, a + 1) for a in node if a % SIDE < SIDE - 1] + [(a, a + SIDE) for a in node if a + SIDE < len(node)]
    pairs += [(b, a) for a, b in pairs]
    edges = pd.DataFrame(pairs, columns=["u", "v"])
    edges.insert(0, "edge", np.arange(len(edges)))
    edges["length_m"], edges["speed_kmh"] = 110.0, 50.0
    number = {pair: k for k, pair in enumerate(pairs)}
    paths = []
    for _ in range(trips):
        at, way = int(rng.integers(3)), []
        while at % SIDE < SIDE - 1 and at + SIDE < len(node):
            after = at + (1 if rng.random() < 0.5 else SIDE)
            way.append(str(number[at, after]))
            at = after
        paths.append("_".join(way))
    folder.mkdir(parents=True)
    nodes.to_csv(folder / "nodes.csv.gz", index=False)
    edges.to_csv(folder / "edges.csv.gz", index=False)
    pd.DataFrame({"trip": range(trips), "path": paths}).to_csv(folder / "paths.csv.gz", index=False)


def test_every_setting_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "installed", lambda: False)
    write_lausanne(tmp_path / "lausanne")
    found = matching.run(tmp_path / "lausanne")
    for name, (sigma, _) in matching.SETTINGS.items():
        assert 0.05 < found[name]["jaccard"] <= 1.0 and found[name]["points_per_s"] > 0.0 and 0.4 < found[name]["sigma"] / sigma < 1.7
    assert found["5_30"]["jaccard"] > 0.9 and found["15_30"]["jaccard"] > 0.9  # far apart, all ways of this town are as short as another
    for name in matching.SETTINGS:
        told = found[name]["calibration"]
        assert 0.0 <= told["error"] < 0.15 and -1.0 <= (told["rank"] or 0.0) <= 1.0 and sum(n for _, _, n in told["classes"]) > 20
    assert found["prepare_s"] < 10.0 and "fastmm" not in found
    assert all(0.05 < found[name]["again"]["jaccard"] <= 1.0 and found[name]["again"]["theta"] for name in matching.AGAIN)


def test_links_in_both_over_links_in_either() -> None:
    each = matching.jaccard([{1, 2, 3}, set()], [np.array([2, 3, 4]), np.array([1])])
    assert each.tolist() == [0.5, 0.0]


def test_what_is_told_is_compared_with_what_is_right() -> None:
    classes = matching._classes(np.array([0.72, 0.78, 1.0, 0.1]), np.array([1.0, 0.0, 1.0, 1.0]))
    assert classes == [(0.1, 1.0, 1), (0.75, 0.5, 2), (1.0, 1.0, 1)]
    assert matching._error(classes) == pytest.approx((0.9 + 2 * 0.25) / 4)


def test_points_stand_along_the_way_with_the_noise_asked_for(tmp_path: Path) -> None:
    write_lausanne(tmp_path / "lausanne")
    world, ways, ends = matching.lausanne(tmp_path / "lausanne")
    exact, noisy = (matching.tracks_of(world, ways, sigma, 30.0, 1) for sigma in (0.0, 8.0))
    steps = np.hypot(np.diff(exact.x), np.diff(exact.y))
    inner = np.ones(len(steps), bool)
    inner[exact.offsets[1:-1] - 1] = inner[exact.offsets[1:] - 2] = False
    assert (steps[inner] < 30.01).all() and steps[inner].max() > 29.9
    off = np.concatenate((noisy.x - exact.x, noisy.y - exact.y))
    assert abs(off.std() / 8.0 - 1.0) < 5.0 / np.sqrt(2 * len(off))  # five standard errors
    assert len(ends) == world.mdp.n_states
